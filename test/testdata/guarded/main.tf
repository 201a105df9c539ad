# A root to plan switches of, and switches with something else beside them. Its
# plans are also what the guard's own tests are drawn from.
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

variable "maintenance_mode" {
  type    = bool
  default = false
}

variable "message" {
  type    = string
  default = "Closed."
}

variable "certificate_arn" {
  type = string
}

variable "zone_id" {
  type = string
}

variable "backend_url" {
  type    = string
  default = "https://shop.example.net"
}

resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"

  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "shop", version = "1.0" }
    paths = {
      "/" = {
        x-amazon-apigateway-any-method = {
          x-amazon-apigateway-integration = { type = "http_proxy", httpMethod = "ANY", uri = "${var.backend_url}/" }
        }
      }
    }
  })
}

resource "aws_api_gateway_deployment" "shop" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
}

resource "aws_api_gateway_stage" "shop" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  deployment_id = aws_api_gateway_deployment.shop.id
  stage_name    = "v1"
}

module "mock" {
  source = "../../../modules/maintenance-api"

  name      = "shop-closed"
  message   = var.message
  responses = { "text/html" = "<p>Closed.</p>" } # the built-in page is long
}

module "domain" {
  source = "../../../modules/custom-domain"

  domain_name     = "api.example.com"
  certificate_arn = var.certificate_arn
  zone_id         = var.zone_id

  mappings = {
    "/orders" = { api_id = aws_api_gateway_stage.shop.rest_api_id, stage_name = aws_api_gateway_stage.shop.stage_name }
    "/health" = { api_id = aws_api_gateway_stage.shop.rest_api_id, stage_name = aws_api_gateway_stage.shop.stage_name, maintenance_mode = false }
  }

  maintenance_api  = module.mock
  maintenance_mode = var.maintenance_mode
}

output "targets" {
  value = module.domain.targets
}

output "modes" {
  value = module.domain.modes
}

output "urls" {
  value = module.domain.urls
}

output "banner" {
  value = module.domain.maintenance_mode ? "closed" : "open"
}

output "release" {
  value = "1"
}
