# What roots of other people have beside what the kit makes: settings that the
# embedded AWS stores and need not enforce.

variable "zone_id" {
  type = string
}

variable "domain_name" {
  type = string
}

variable "certificate_arn" {
  type = string
}

variable "backend_url" {
  type = string
}

variable "later" {
  description = "Changes what can be changed in place."
  type        = bool
  default     = false
}

locals {
  suffix = var.later ? "later" : "first"
}

resource "aws_api_gateway_rest_api" "whole" {
  name                     = "whole-${local.suffix}"
  description              = "One resource each, ${local.suffix}"
  binary_media_types       = var.later ? ["image/png", "image/gif"] : ["image/png"]
  minimum_compression_size = var.later ? "0" : "1024"
  api_key_source           = "HEADER"

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  tags = { state = local.suffix }
}

data "aws_iam_policy_document" "office" {
  statement {
    actions   = ["execute-api:Invoke"]
    resources = ["${aws_api_gateway_rest_api.whole.execution_arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "IpAddress"
      variable = "aws:SourceIp"
      values   = [var.later ? "192.0.2.0/24" : "198.51.100.0/24"]
    }
  }
}

resource "aws_api_gateway_rest_api_policy" "office" {
  rest_api_id = aws_api_gateway_rest_api.whole.id
  policy      = data.aws_iam_policy_document.office.json
}

resource "aws_api_gateway_model" "pet" {
  rest_api_id  = aws_api_gateway_rest_api.whole.id
  name         = "Pet"
  description  = "A pet, ${local.suffix}"
  content_type = "application/json"

  schema = jsonencode({
    "$schema"  = "http://json-schema.org/draft-04/schema#"
    type       = "object"
    properties = { (local.suffix) = { type = "string" } }
  })
}

resource "aws_api_gateway_request_validator" "all" {
  rest_api_id                 = aws_api_gateway_rest_api.whole.id
  name                        = "all-${local.suffix}"
  validate_request_body       = true
  validate_request_parameters = var.later
}

resource "aws_api_gateway_resource" "pets" {
  rest_api_id = aws_api_gateway_rest_api.whole.id
  parent_id   = aws_api_gateway_rest_api.whole.root_resource_id
  path_part   = "pets"
}

resource "aws_api_gateway_method" "pets" {
  rest_api_id          = aws_api_gateway_rest_api.whole.id
  resource_id          = aws_api_gateway_resource.pets.id
  http_method          = "POST"
  authorization        = "NONE"
  api_key_required     = true
  operation_name       = "AddPet"
  request_validator_id = aws_api_gateway_request_validator.all.id
  request_models       = { "application/json" = aws_api_gateway_model.pet.name }
  request_parameters   = { "method.request.header.X-Trace" = var.later }
}

resource "aws_api_gateway_method_response" "pets" {
  rest_api_id         = aws_api_gateway_rest_api.whole.id
  resource_id         = aws_api_gateway_resource.pets.id
  http_method         = aws_api_gateway_method.pets.http_method
  status_code         = "200"
  response_models     = { "application/json" = "Empty" }
  response_parameters = { "method.response.header.X-State" = false }
}

resource "aws_api_gateway_integration" "pets" {
  rest_api_id             = aws_api_gateway_rest_api.whole.id
  resource_id             = aws_api_gateway_resource.pets.id
  http_method             = aws_api_gateway_method.pets.http_method
  type                    = "HTTP"
  integration_http_method = "POST"
  uri                     = "${var.backend_url}/pets"
  timeout_milliseconds    = var.later ? 5000 : 6000
  cache_key_parameters    = ["method.request.header.X-Trace"]
  request_parameters      = { "integration.request.header.X-Trace" = "method.request.header.X-Trace" }
}

resource "aws_api_gateway_integration_response" "pets" {
  rest_api_id         = aws_api_gateway_rest_api.whole.id
  resource_id         = aws_api_gateway_resource.pets.id
  http_method         = aws_api_gateway_method.pets.http_method
  status_code         = aws_api_gateway_method_response.pets.status_code
  response_parameters = { "method.response.header.X-State" = "'${local.suffix}'" }

  depends_on = [aws_api_gateway_integration.pets]
}

resource "aws_api_gateway_gateway_response" "down" {
  rest_api_id   = aws_api_gateway_rest_api.whole.id
  response_type = "DEFAULT_5XX"
  status_code   = var.later ? "503" : "502"

  response_templates = { "application/json" = "{\"message\":$context.error.messageString}" }
}

resource "aws_api_gateway_documentation_part" "api" {
  rest_api_id = aws_api_gateway_rest_api.whole.id
  properties  = jsonencode({ description = local.suffix })

  location {
    type = "API"
  }
}

resource "aws_api_gateway_documentation_part" "pets" {
  rest_api_id = aws_api_gateway_rest_api.whole.id
  properties  = jsonencode({ description = "Add a pet" })

  location {
    type   = "METHOD"
    path   = "/pets"
    method = "POST"
  }
}

resource "aws_api_gateway_documentation_version" "v1" {
  rest_api_id = aws_api_gateway_rest_api.whole.id
  version     = "v1"
  description = local.suffix

  depends_on = [aws_api_gateway_documentation_part.api, aws_api_gateway_documentation_part.pets]
}

resource "aws_api_gateway_deployment" "whole" {
  rest_api_id = aws_api_gateway_rest_api.whole.id
  variables   = { redeployed = local.suffix }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [aws_api_gateway_integration_response.pets, aws_api_gateway_rest_api_policy.office]
}

resource "aws_api_gateway_stage" "live" {
  rest_api_id           = aws_api_gateway_rest_api.whole.id
  deployment_id         = aws_api_gateway_deployment.whole.id
  stage_name            = "live"
  description           = local.suffix
  documentation_version = aws_api_gateway_documentation_version.v1.version
  cache_cluster_enabled = var.later
  cache_cluster_size    = "0.5"
  xray_tracing_enabled  = var.later
  variables             = { state = local.suffix }

  canary_settings {
    deployment_id            = aws_api_gateway_deployment.whole.id
    percent_traffic          = var.later ? 20 : 10
    stage_variable_overrides = { state = "canary" }
    use_stage_cache          = var.later
  }

  tags = { state = local.suffix }
}

resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.whole.id
  stage_name  = aws_api_gateway_stage.live.stage_name
  method_path = "*/*"

  settings {
    metrics_enabled      = true
    caching_enabled      = var.later
    cache_ttl_in_seconds = 60
    cache_data_encrypted = true
  }
}

resource "aws_api_gateway_api_key" "partner" {
  name        = "partner-${local.suffix}"
  description = "A partner, ${local.suffix}"
  enabled     = true
  tags        = { state = local.suffix }
}

resource "aws_api_gateway_usage_plan" "partners" {
  name         = "partners-${local.suffix}"
  description  = "What partners may do"
  product_code = "PRODUCT"

  api_stages {
    api_id = aws_api_gateway_rest_api.whole.id
    stage  = aws_api_gateway_stage.live.stage_name

    throttle {
      path        = "/pets/POST"
      burst_limit = 5
      rate_limit  = var.later ? 2 : 1
    }
  }

  quota_settings {
    limit  = var.later ? 2000 : 1000
    period = "MONTH"
  }

  throttle_settings {
    burst_limit = 10
    rate_limit  = 5.5
  }
}

resource "aws_api_gateway_usage_plan_key" "partner" {
  key_id        = aws_api_gateway_api_key.partner.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.partners.id
}

data "aws_api_gateway_rest_api" "whole" {
  name = aws_api_gateway_rest_api.whole.name
}

data "aws_api_gateway_api_key" "partner" {
  id = aws_api_gateway_api_key.partner.id
}

output "api_key" {
  value     = aws_api_gateway_api_key.partner.value
  sensitive = true
}

output "invoke_url" {
  value = aws_api_gateway_stage.live.invoke_url
}
