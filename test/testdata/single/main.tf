# A live API written as single resources, without an OpenAPI body.
resource "aws_api_gateway_rest_api" "live" {
  name                         = "single"
  disable_execute_api_endpoint = true

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "greeting" {
  rest_api_id = aws_api_gateway_rest_api.live.id
  parent_id   = aws_api_gateway_rest_api.live.root_resource_id
  path_part   = "greeting"
}

resource "aws_api_gateway_method" "greeting" {
  rest_api_id   = aws_api_gateway_rest_api.live.id
  resource_id   = aws_api_gateway_resource.greeting.id
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "greeting" {
  rest_api_id       = aws_api_gateway_rest_api.live.id
  resource_id       = aws_api_gateway_resource.greeting.id
  http_method       = aws_api_gateway_method.greeting.http_method
  type              = "MOCK"
  request_templates = { "application/json" = jsonencode({ statusCode = 200 }) }
}

resource "aws_api_gateway_method_response" "greeting" {
  rest_api_id         = aws_api_gateway_rest_api.live.id
  resource_id         = aws_api_gateway_resource.greeting.id
  http_method         = aws_api_gateway_method.greeting.http_method
  status_code         = "200"
  response_parameters = { "method.response.header.X-Greeting" = true }
}

resource "aws_api_gateway_integration_response" "greeting" {
  rest_api_id         = aws_api_gateway_rest_api.live.id
  resource_id         = aws_api_gateway_resource.greeting.id
  http_method         = aws_api_gateway_method.greeting.http_method
  status_code         = aws_api_gateway_method_response.greeting.status_code
  response_parameters = { "method.response.header.X-Greeting" = "'${var.greeting}'" }
  response_templates  = { "application/json" = jsonencode({ message = var.greeting }) }

  depends_on = [aws_api_gateway_integration.greeting]
}

resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.live.id
  parent_id   = aws_api_gateway_rest_api.live.root_resource_id
  path_part   = "orders"
}

resource "aws_api_gateway_resource" "order" {
  rest_api_id = aws_api_gateway_rest_api.live.id
  parent_id   = aws_api_gateway_resource.orders.id
  path_part   = "{id}"
}

resource "aws_api_gateway_method" "order" {
  rest_api_id        = aws_api_gateway_rest_api.live.id
  resource_id        = aws_api_gateway_resource.order.id
  http_method        = "ANY"
  authorization      = "NONE"
  request_parameters = { "method.request.path.id" = true }
}

resource "aws_api_gateway_integration" "order" {
  rest_api_id             = aws_api_gateway_rest_api.live.id
  resource_id             = aws_api_gateway_resource.order.id
  http_method             = aws_api_gateway_method.order.http_method
  type                    = "HTTP_PROXY"
  integration_http_method = "ANY"
  uri                     = "${var.backend_url}/orders/{id}"
  request_parameters      = { "integration.request.path.id" = "method.request.path.id" }
}

resource "aws_api_gateway_gateway_response" "unknown" {
  rest_api_id        = aws_api_gateway_rest_api.live.id
  response_type      = "MISSING_AUTHENTICATION_TOKEN"
  status_code        = "404"
  response_templates = { "application/json" = jsonencode({ message = "no such path: ${var.greeting}" }) }
}

resource "aws_api_gateway_deployment" "live" {
  rest_api_id = aws_api_gateway_rest_api.live.id
  triggers    = { revision = var.revision }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [
    aws_api_gateway_integration.order,
    aws_api_gateway_integration_response.greeting,
    aws_api_gateway_gateway_response.unknown,
  ]
}

resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.live.id
  deployment_id = aws_api_gateway_deployment.live.id
  stage_name    = "live"
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
    "/" = { api_id = aws_api_gateway_stage.live.rest_api_id, stage_name = aws_api_gateway_stage.live.stage_name }
  }

  maintenance_api  = module.maintenance_api
  maintenance_mode = var.maintenance_mode
}
