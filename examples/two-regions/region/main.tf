# The API that the company runs in this region: everything goes to a backend.
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

# The mock beside it, which answers 503.
module "maintenance_api" {
  source = "../../../modules/maintenance-api"

  name        = "orders-maintenance"
  message     = var.maintenance_message
  retry_after = var.maintenance_retry_after
}

# The domain of this region, and its records beside the other region's.
module "domain" {
  source = "../../../modules/custom-domain"

  domain_name     = var.domain_name
  certificate_arn = var.certificate_arn
  zone_id         = var.zone_id
  latency_region  = var.region

  mappings = {
    "/" = { api_id = aws_api_gateway_stage.live.rest_api_id, stage_name = aws_api_gateway_stage.live.stage_name }
  }

  maintenance_api  = module.maintenance_api
  maintenance_mode = var.maintenance_mode
}
