# Records with routing policies, a zone of the same root, certificates in it,
# and a wildcard domain.

resource "aws_route53_zone" "own" {
  name    = "own.${var.domain_name}"
  comment = local.suffix
}

resource "aws_acm_certificate" "own" {
  domain_name               = aws_route53_zone.own.name
  subject_alternative_names = ["*.${aws_route53_zone.own.name}"]
  validation_method         = "DNS"
}

resource "aws_route53_record" "validation" {
  for_each = { for name in ["own.${var.domain_name}"] : name => one([for o in aws_acm_certificate.own.domain_validation_options : o if o.domain_name == name]) }

  zone_id         = aws_route53_zone.own.id
  name            = each.value.resource_record_name
  type            = each.value.resource_record_type
  records         = [each.value.resource_record_value]
  ttl             = 60
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "own" {
  certificate_arn         = aws_acm_certificate.own.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

resource "aws_api_gateway_domain_name" "tenants" {
  domain_name              = "*.${aws_route53_zone.own.name}"
  regional_certificate_arn = aws_acm_certificate_validation.own.certificate_arn
  security_policy          = "TLS_1_2"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_base_path_mapping" "tenants" {
  domain_name = aws_api_gateway_domain_name.tenants.domain_name
  api_id      = aws_api_gateway_rest_api.document.id
  stage_name  = aws_api_gateway_stage.document.stage_name
}

resource "aws_route53_record" "weighted" {
  for_each = { blue = var.later ? 0 : 100, green = 50 }

  zone_id        = aws_route53_zone.own.id
  name           = "weighted"
  type           = "A"
  set_identifier = each.key

  alias {
    name                   = aws_api_gateway_domain_name.tenants.regional_domain_name
    zone_id                = aws_api_gateway_domain_name.tenants.regional_zone_id
    evaluate_target_health = true
  }

  weighted_routing_policy {
    weight = each.value
  }
}

resource "aws_route53_record" "failover" {
  for_each = { PRIMARY = "192.0.2.1", SECONDARY = "192.0.2.2" }

  zone_id        = aws_route53_zone.own.id
  name           = "failover"
  type           = "A"
  ttl            = var.later ? 30 : 60
  records        = [each.value]
  set_identifier = lower(each.key)

  failover_routing_policy {
    type = each.key
  }
}

resource "aws_route53_record" "latency" {
  for_each = { "eu-west-1" = "192.0.2.1", "us-east-1" = "192.0.2.2" }

  zone_id        = aws_route53_zone.own.id
  name           = "latency"
  type           = "A"
  ttl            = 60
  records        = [each.value]
  set_identifier = each.key

  latency_routing_policy {
    region = each.key
  }
}
