# As many base paths as asked for, on one domain: what a switch costs.

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

variable "paths" {
  description = "How many base paths."
  type        = number
}

variable "exempt" {
  description = "Base paths that stay live."
  type        = set(string)
  default     = []
}

variable "out_of_service" {
  description = "Base paths that are out whatever the mode."
  type        = set(string)
  default     = []
}

variable "maintenance_mode" {
  type     = bool
  default  = false
  nullable = false
}

variable "domain_name" {
  type = string
}

variable "certificate_arn" {
  type = string
}

variable "zone_id" {
  type = string
}

variable "backend_url" {
  type = string
}

resource "aws_api_gateway_rest_api" "live" {
  name = "many"

  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "many", version = "1.0" }
    paths = {
      for path, uri in { "/" = "${var.backend_url}/", "/{proxy+}" = "${var.backend_url}/{proxy}" } : path => {
        x-amazon-apigateway-any-method = {
          parameters = path == "/" ? [] : [{ name = "proxy", in = "path", required = true, schema = { type = "string" } }]
          x-amazon-apigateway-integration = {
            type              = "http_proxy"
            httpMethod        = "ANY"
            uri               = uri
            requestParameters = path == "/" ? {} : { "integration.request.path.proxy" = "method.request.path.proxy" }
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

module "maintenance_api" {
  source = "../../../modules/maintenance-api"
}

module "domain" {
  source = "../../../modules/custom-domain"

  domain_name     = var.domain_name
  certificate_arn = var.certificate_arn
  zone_id         = var.zone_id

  mappings = {
    for path in [for i in range(var.paths) : "/path${i}"] : path => {
      api_id           = aws_api_gateway_stage.live.rest_api_id
      stage_name       = aws_api_gateway_stage.live.stage_name
      maintenance_mode = contains(var.exempt, path) ? false : contains(var.out_of_service, path) ? true : null
    }
  }

  maintenance_api  = module.maintenance_api
  maintenance_mode = var.maintenance_mode
}

output "urls" {
  value = module.domain.urls
}

output "modes" {
  value = module.domain.modes
}

output "targets" {
  value = module.domain.targets
}
