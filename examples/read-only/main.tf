locals {
  # The API that the company runs. Both REST APIs are made from this one document.
  orders = {
    openapi = "3.0.1"
    info    = { title = "orders", version = "1.0" }
    paths = {
      "/orders" = {
        get  = { x-amazon-apigateway-integration = merge(local.backend, { httpMethod = "GET", uri = "${var.backend_url}/orders" }) }
        post = { x-amazon-apigateway-integration = merge(local.backend, { httpMethod = "POST", uri = "${var.backend_url}/orders" }) }
      }
      "/orders/{id}" = {
        x-amazon-apigateway-any-method = {
          parameters = [{ name = "id", in = "path", required = true, schema = { type = "string" } }]

          x-amazon-apigateway-integration = merge(local.backend, {
            httpMethod        = "ANY"
            uri               = "${var.backend_url}/orders/{id}"
            requestParameters = { "integration.request.path.id" = "method.request.path.id" }
          })
        }
      }
      "/search" = {
        post = { x-amazon-apigateway-integration = merge(local.backend, { httpMethod = "POST", uri = "${var.backend_url}/search" }) }
      }
      "/export" = {
        get = { x-amazon-apigateway-integration = merge(local.backend, { httpMethod = "GET", uri = "${var.backend_url}/export" }) }
      }
    }
  }
  backend = { type = "http_proxy" }
}

resource "aws_api_gateway_rest_api" "live" {
  name                         = "orders"
  disable_execute_api_endpoint = true # else clients could go round the domain, and round the maintenance

  body = jsonencode(local.orders)

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

# The mock that answers 503.
module "maintenance_api" {
  source = "../../modules/maintenance-api"

  name        = "orders-maintenance"
  message     = var.maintenance_message
  retry_after = var.maintenance_retry_after
}

# The live API once more, with the mock's answer to writes.
module "read_only_api" {
  source = "../../modules/read-only-api"

  name   = "orders-read-only"
  body   = local.orders
  answer = module.maintenance_api.answer

  closed = {
    "/search" = []      # a POST that writes nothing
    "/export" = ["GET"] # a GET that locks tables
  }
}

# The domain that points at one of the three.
module "domain" {
  source = "../../modules/custom-domain"

  domain_name     = var.domain_name
  certificate_arn = var.certificate_arn
  zone_id         = var.zone_id

  mappings = {
    "/" = {
      api_id     = aws_api_gateway_stage.live.rest_api_id
      stage_name = aws_api_gateway_stage.live.stage_name
      read_only  = module.read_only_api
    }
  }

  maintenance_api   = module.maintenance_api
  maintenance_mode  = var.maintenance_mode
  maintenance_scope = var.maintenance_scope
}
