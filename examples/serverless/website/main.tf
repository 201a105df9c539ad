# The pages: a private bucket that CloudFront alone reads.
resource "aws_s3_bucket" "pages" {
  bucket = var.bucket_name
}

resource "aws_s3_bucket_public_access_block" "pages" {
  bucket                  = aws_s3_bucket.pages.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "pages" {
  bucket = aws_s3_bucket.pages.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.pages.arn}/*"
      Principal = { Service = "cloudfront.amazonaws.com" }
      Condition = { StringEquals = { "AWS:SourceArn" = aws_cloudfront_distribution.website.arn } }
    }]
  })
}

# The files of web/, with the API's URL in the page. Browsers ask again each time,
# and get the whole file only if it changed.
resource "aws_s3_object" "page" {
  for_each = local.types

  bucket        = aws_s3_bucket.pages.id
  key           = each.key
  content       = replace(file("${path.module}/../web/${each.key}"), "https://api.example.com/orders", trimsuffix(var.api_url, "/"))
  content_type  = each.value
  cache_control = "no-cache"
}

locals {
  types = {
    "index.html"     = "text/html; charset=utf-8"
    "app.css"        = "text/css; charset=utf-8"
    "app.js"         = "text/javascript; charset=utf-8"
    "maintenance.js" = "text/javascript; charset=utf-8"
  }
}

resource "aws_cloudfront_origin_access_control" "pages" {
  name                              = var.bucket_name
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

data "aws_cloudfront_cache_policy" "optimized" {
  name = "Managed-CachingOptimized"
}

resource "aws_cloudfront_distribution" "website" {
  enabled             = true
  aliases             = [var.domain_name]
  default_root_object = "index.html"

  origin {
    origin_id                = "pages"
    domain_name              = aws_s3_bucket.pages.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.pages.id
  }

  default_cache_behavior {
    target_origin_id       = "pages"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    viewer_protocol_policy = "redirect-to-https"
    cache_policy_id        = data.aws_cloudfront_cache_policy.optimized.id
    compress               = true
  }

  # CloudFront keeps errors for 10 s unless told otherwise. If you route the API
  # through it too, a 503 that is kept would outlive the maintenance.
  custom_error_response {
    error_code            = 503
    error_caching_min_ttl = 0
  }

  viewer_certificate {
    acm_certificate_arn      = var.certificate_arn
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
}

resource "aws_route53_record" "website" {
  for_each = toset(["A", "AAAA"])

  zone_id = var.zone_id
  name    = var.domain_name
  type    = each.key

  alias {
    name                   = aws_cloudfront_distribution.website.domain_name
    zone_id                = aws_cloudfront_distribution.website.hosted_zone_id
    evaluate_target_health = false
  }
}
