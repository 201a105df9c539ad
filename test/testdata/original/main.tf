# The technique of the 2020 template, written anew: a mock from single resources
# that catches {proxy+} only, reads JSON requests only, and has no gateway
# responses. It is here to be measured and to be upgraded from, faults included.
resource "aws_api_gateway_rest_api" "maintenance_mode_api" {
  name        = "orders-maintenance"
  description = "Answers 503 while the orders API is out of service."

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "maintenance_mode_resource" {
  rest_api_id = aws_api_gateway_rest_api.maintenance_mode_api.id
  parent_id   = aws_api_gateway_rest_api.maintenance_mode_api.root_resource_id
  path_part   = "{proxy+}"
}

resource "aws_api_gateway_method" "maintenance_mode_method" {
  rest_api_id   = aws_api_gateway_rest_api.maintenance_mode_api.id
  resource_id   = aws_api_gateway_resource.maintenance_mode_resource.id
  http_method   = "ANY"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "maintenance_mode_integration" {
  rest_api_id          = aws_api_gateway_rest_api.maintenance_mode_api.id
  resource_id          = aws_api_gateway_resource.maintenance_mode_resource.id
  http_method          = aws_api_gateway_method.maintenance_mode_method.http_method
  type                 = "MOCK"
  passthrough_behavior = "WHEN_NO_MATCH"
  request_templates    = { "application/json" = jsonencode({ statusCode = 503 }) }
}

resource "aws_api_gateway_method_response" "maintenance_mode_response_503" {
  rest_api_id = aws_api_gateway_rest_api.maintenance_mode_api.id
  resource_id = aws_api_gateway_resource.maintenance_mode_resource.id
  http_method = aws_api_gateway_method.maintenance_mode_method.http_method
  status_code = "503"
}

resource "aws_api_gateway_integration_response" "maintenance_mode_integration_response" {
  rest_api_id        = aws_api_gateway_rest_api.maintenance_mode_api.id
  resource_id        = aws_api_gateway_resource.maintenance_mode_resource.id
  http_method        = aws_api_gateway_method.maintenance_mode_method.http_method
  status_code        = aws_api_gateway_method_response.maintenance_mode_response_503.status_code
  response_templates = { "application/json" = jsonencode({ message = var.maintenance_message }) }

  depends_on = [aws_api_gateway_integration.maintenance_mode_integration]
}

# No triggers: a changed message is never served. The template let the deployment
# make its stage (stage_name); provider 6 has no such argument, hence the stage.
resource "aws_api_gateway_deployment" "maintenance_mode_deployment" {
  rest_api_id = aws_api_gateway_rest_api.maintenance_mode_api.id

  depends_on = [aws_api_gateway_integration_response.maintenance_mode_integration_response]
}

resource "aws_api_gateway_stage" "maintenance_mode_stage" {
  rest_api_id   = aws_api_gateway_rest_api.maintenance_mode_api.id
  deployment_id = aws_api_gateway_deployment.maintenance_mode_deployment.id
  stage_name    = "prod"
}

# REGIONAL, as its DNS record assumed. The template left the type out, which makes
# an EDGE domain.
resource "aws_api_gateway_domain_name" "domain_name" {
  domain_name              = var.domain_name
  regional_certificate_arn = var.certificate_arn

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

# Without base_path, which for the root must be left out.
resource "aws_api_gateway_base_path_mapping" "base_mapping" {
  domain_name = aws_api_gateway_domain_name.domain_name.domain_name
  api_id      = var.maintenance_mode ? aws_api_gateway_stage.maintenance_mode_stage.rest_api_id : aws_api_gateway_stage.live.rest_api_id
  stage_name  = var.maintenance_mode ? aws_api_gateway_stage.maintenance_mode_stage.stage_name : aws_api_gateway_stage.live.stage_name
}

resource "aws_route53_record" "api_dns_record" {
  zone_id = var.zone_id
  name    = var.domain_name
  type    = "A"

  alias {
    name                   = aws_api_gateway_domain_name.domain_name.regional_domain_name
    zone_id                = aws_api_gateway_domain_name.domain_name.regional_zone_id
    evaluate_target_health = false
  }
}
