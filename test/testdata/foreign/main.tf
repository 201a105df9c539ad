# Somebody else's root: names, outputs and variable are not ours, the state is
# locked on the local disk, and it is deployed from a workspace.
terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }

  backend "local" {
    path = "deploy/terraform.tfstate"
  }
}

provider "aws" {}

variable "shop_closed" {
  type    = bool
  default = false
}

variable "certificate_arn" {
  type = string
}

variable "backend_url" {
  type = string
}

variable "api_token" {
  type      = string
  sensitive = true
}

variable "release" {
  type    = string
  default = "1"
}

variable "notice" {
  type    = string
  default = "Closed."
}

variable "maintenance_window" {
  type    = object({ start = string, end = string })
  default = null
}

resource "aws_api_gateway_rest_api" "shop" {
  name        = "shop"
  description = "release ${var.release}"

  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "shop", version = "1.0" }
    paths = {
      for path in ["/", "/{proxy+}"] : path => {
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
  variables     = { token = var.api_token }
}

module "closed_sign" {
  source = "../../modules/maintenance-api"

  name    = "shop-closed"
  message = var.notice
}

module "front_door" {
  source = "../../modules/custom-domain"

  domain_name     = "shop.example.com"
  certificate_arn = var.certificate_arn

  mappings = {
    "/cart"   = { api_id = aws_api_gateway_stage.shop.rest_api_id, stage_name = aws_api_gateway_stage.shop.stage_name }
    "/health" = { api_id = aws_api_gateway_stage.shop.rest_api_id, stage_name = aws_api_gateway_stage.shop.stage_name, maintenance_mode = false }
  }

  maintenance_api    = module.closed_sign
  maintenance_mode   = var.shop_closed
  maintenance_window = var.maintenance_window
}

output "front_door" {
  value = module.front_door
}
