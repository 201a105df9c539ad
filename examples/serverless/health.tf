# A second API, for the health check: the same function, by another base path. It
# stays live in maintenance, so that monitors keep quiet, and so that you see the
# version of new code before customers do.
resource "aws_api_gateway_rest_api" "health" {
  name                         = "orders-health"
  disable_execute_api_endpoint = true

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_method" "health" {
  rest_api_id   = aws_api_gateway_rest_api.health.id
  resource_id   = aws_api_gateway_rest_api.health.root_resource_id
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "health" {
  rest_api_id             = aws_api_gateway_rest_api.health.id
  resource_id             = aws_api_gateway_rest_api.health.root_resource_id
  http_method             = aws_api_gateway_method.health.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.orders.invoke_arn
}

resource "aws_api_gateway_deployment" "health" {
  rest_api_id = aws_api_gateway_rest_api.health.id

  triggers = {
    content = sha256(jsonencode([filesha256("${path.module}/health.tf"), aws_lambda_function.orders.invoke_arn]))
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [aws_api_gateway_integration.health, aws_lambda_permission.api]
}

resource "aws_api_gateway_stage" "health" {
  rest_api_id   = aws_api_gateway_rest_api.health.id
  deployment_id = aws_api_gateway_deployment.health.id
  stage_name    = "health" # by which the function knows what it is asked
}
