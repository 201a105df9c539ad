# The API that the company runs, behind CloudFront's edge: everything goes to a
# backend.
resource "aws_api_gateway_rest_api" "live" {
  name                         = "orders"
  disable_execute_api_endpoint = true # else clients could go round the domain, and round the maintenance

  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "orders", version = "1.0" }
    paths = {
      "/" = {
        x-amazon-apigateway-any-method = {
          x-amazon-apigateway-integration = {
            type       = "http_proxy"
            httpMethod = "ANY"
            uri        = "${var.backend_url}/"
          }
        }
      }
      "/{proxy+}" = {
        x-amazon-apigateway-any-method = {
          parameters = [{ name = "proxy", in = "path", required = true, schema = { type = "string" } }]

          x-amazon-apigateway-integration = {
            type              = "http_proxy"
            httpMethod        = "ANY"
            uri               = "${var.backend_url}/{proxy}"
            requestParameters = { "integration.request.path.proxy" = "method.request.path.proxy" }
          }
        }
      }
    }
  })

  endpoint_configuration {
    types = ["EDGE"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_deployment" "live" {
  rest_api_id = aws_api_gateway_rest_api.live.id

  triggers = {
    content = sha256(jsonencode([aws_api_gateway_rest_api.live.body, aws_api_gateway_rest_api.live.disable_execute_api_endpoint]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.live.id
  deployment_id = aws_api_gateway_deployment.live.id
  stage_name    = "live"

  lifecycle {
    create_before_destroy = true
  }
}

# An EDGE domain takes its certificate from us-east-1, wherever its APIs are. It
# is made here unless one is given.
resource "aws_acm_certificate" "domain" {
  count    = var.certificate_arn == null ? 1 : 0
  provider = aws.us_east_1

  domain_name       = var.domain_name
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true # the domain needs one at all times
  }
}

resource "aws_route53_record" "validation" {
  for_each = merge([
    for certificate in aws_acm_certificate.domain : { for option in certificate.domain_validation_options : option.domain_name => option }
  ]...)

  zone_id         = var.zone_id
  name            = each.value.resource_record_name
  type            = each.value.resource_record_type
  records         = [each.value.resource_record_value]
  ttl             = 300
  allow_overwrite = true # two certificates of one name share their record
}

# Waits until ACM has seen the record and issued the certificate.
resource "aws_acm_certificate_validation" "domain" {
  count    = var.certificate_arn == null ? 1 : 0
  provider = aws.us_east_1

  certificate_arn         = aws_acm_certificate.domain[0].arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

# The mock beside it, which answers 503; of the same endpoint type.
module "maintenance_api" {
  source = "../../modules/maintenance-api"

  name          = "orders-maintenance"
  endpoint_type = "EDGE"
  message       = var.maintenance_message
  retry_after   = var.maintenance_retry_after
}

# The domain that points at one or the other.
module "domain" {
  source = "../../modules/custom-domain"

  domain_name     = var.domain_name
  endpoint_type   = "EDGE"
  certificate_arn = var.certificate_arn == null ? aws_acm_certificate_validation.domain[0].certificate_arn : var.certificate_arn
  zone_id         = var.zone_id

  mappings = {
    "/" = { api_id = aws_api_gateway_stage.live.rest_api_id, stage_name = aws_api_gateway_stage.live.stage_name }
  }

  maintenance_api  = module.maintenance_api
  maintenance_mode = var.maintenance_mode
}
