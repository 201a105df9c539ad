# The API that the company runs. It is the same before and after the upgrade.
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
    types = ["REGIONAL"]
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

