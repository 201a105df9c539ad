# All that a domain needs is made by the same apply, name and zone included, and
# a second domain gets all that it needs from a sensitive variable.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {}

variable "settings" {
  description = "The second domain, as a root keeps it that takes all its settings from a vault."
  sensitive   = true

  type = object({
    domain_name     = string
    certificate_arn = string
    zone_id         = string
    truststore_uri  = string
    message         = string
    throttle        = object({ rate = number, burst = number })
  })
}

variable "maintenance_mode" {
  type     = bool
  default  = false
  nullable = false
}

resource "terraform_data" "subdomain" {
  input = "shop.example.com"
}

resource "aws_route53_zone" "shop" {
  name = terraform_data.subdomain.output
}

resource "aws_acm_certificate" "shop" {
  domain_name       = "api.${terraform_data.subdomain.output}"
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  zone_id = aws_route53_zone.shop.zone_id
  name    = one(aws_acm_certificate.shop.domain_validation_options).resource_record_name
  type    = one(aws_acm_certificate.shop.domain_validation_options).resource_record_type
  records = [one(aws_acm_certificate.shop.domain_validation_options).resource_record_value]
  ttl     = 300
}

resource "aws_acm_certificate_validation" "shop" {
  certificate_arn         = aws_acm_certificate.shop.arn
  validation_record_fqdns = [aws_route53_record.validation.fqdn]
}

resource "aws_api_gateway_rest_api" "live" {
  name = "shop"

  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "shop", version = "1.0" }
    paths = {
      "/" = {
        get = {
          responses = { "200" = { description = "OK" } }
          x-amazon-apigateway-integration = {
            type             = "mock"
            requestTemplates = { "application/json" = "{\"statusCode\": 200}" }
            responses        = { default = { statusCode = "200" } }
          }
        }
      }
    }
  })

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_deployment" "live" {
  rest_api_id = aws_api_gateway_rest_api.live.id
  triggers    = { content = sha256(aws_api_gateway_rest_api.live.body) }

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

# --- everything is known only after the apply ---

module "maintenance_api" {
  source = "../../../modules/maintenance-api"

  name    = "shop-maintenance"
  message = "We will be back. Ask ${aws_api_gateway_rest_api.live.id}."
  headers = { X-Api = aws_api_gateway_rest_api.live.id }
}

module "domain" {
  source = "../../../modules/custom-domain"

  domain_name     = aws_acm_certificate.shop.domain_name
  certificate_arn = aws_acm_certificate_validation.shop.certificate_arn
  zone_id         = aws_route53_zone.shop.zone_id

  mappings = {
    "/" = { api_id = aws_api_gateway_stage.live.rest_api_id, stage_name = aws_api_gateway_stage.live.stage_name }
  }

  maintenance_api  = module.maintenance_api
  maintenance_mode = var.maintenance_mode
}

# --- everything is sensitive ---

module "secret_maintenance_api" {
  source = "../../../modules/maintenance-api"

  name      = "secret-maintenance"
  message   = var.settings.message
  responses = { "application/xml" = "<down>${var.settings.message}</down>" }
  throttle  = var.settings.throttle
}

module "secret_domain" {
  source = "../../../modules/custom-domain"

  domain_name     = var.settings.domain_name
  certificate_arn = var.settings.certificate_arn
  zone_id         = var.settings.zone_id
  mutual_tls      = var.settings.truststore_uri == null ? null : { truststore_uri = var.settings.truststore_uri }

  mappings = sensitive({
    "/" = { api_id = aws_api_gateway_stage.live.rest_api_id, stage_name = aws_api_gateway_stage.live.stage_name }
  })

  maintenance_api  = module.secret_maintenance_api
  maintenance_mode = var.maintenance_mode
}

output "urls" {
  value = { shop = module.domain.urls, secret = module.secret_domain.urls }
}

output "modes" {
  sensitive = true
  value     = { shop = module.domain.modes, secret = module.secret_domain.modes }
}

output "targets" {
  sensitive = true
  value     = { shop = module.domain.targets, secret = module.secret_domain.targets }
}
