locals {
  # Each is an API of its own, and a folder of the backend.
  services = toset(["health", "orders", "users"])

  # Health checks get an answer of the live API at all times: a 503 would have
  # instances replaced and people called out of bed.
  always_live = ["/health"]
}

# The APIs that the company runs: everything goes to a backend.
resource "aws_api_gateway_rest_api" "live" {
  for_each = local.services

  name                         = each.key
  disable_execute_api_endpoint = true # else clients could go round the domain, and round the maintenance

  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = each.key, version = "1.0" }
    paths = {
      "/" = {
        x-amazon-apigateway-any-method = {
          x-amazon-apigateway-integration = {
            type       = "http_proxy"
            httpMethod = "ANY"
            uri        = "${var.backend_url}/${each.key}"
          }
        }
      }
      "/{proxy+}" = {
        x-amazon-apigateway-any-method = {
          parameters = [{ name = "proxy", in = "path", required = true, schema = { type = "string" } }]

          x-amazon-apigateway-integration = {
            type              = "http_proxy"
            httpMethod        = "ANY"
            uri               = "${var.backend_url}/${each.key}/{proxy}"
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
  for_each = local.services

  rest_api_id = aws_api_gateway_rest_api.live[each.key].id

  triggers = {
    content = sha256(jsonencode([aws_api_gateway_rest_api.live[each.key].body, aws_api_gateway_rest_api.live[each.key].disable_execute_api_endpoint]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "live" {
  for_each = local.services

  rest_api_id   = aws_api_gateway_rest_api.live[each.key].id
  deployment_id = aws_api_gateway_deployment.live[each.key].id
  stage_name    = "live"

  lifecycle {
    create_before_destroy = true
  }
}

# The mock beside them, which answers 503.
module "maintenance_api" {
  source = "../../modules/maintenance-api"

  name        = "maintenance"
  message     = var.maintenance_message
  retry_after = var.maintenance_retry_after
}

# One domain, one base path per API. A mapping's own maintenance_mode wins: false
# keeps it in, true keeps it out, null follows the variable for all.
module "domain" {
  source = "../../modules/custom-domain"

  domain_name     = var.domain_name
  certificate_arn = var.certificate_arn
  zone_id         = var.zone_id

  mappings = {
    for service, stage in aws_api_gateway_stage.live : "/${service}" => {
      api_id           = stage.rest_api_id
      stage_name       = stage.stage_name
      maintenance_mode = contains(local.always_live, "/${service}") ? false : contains(var.out_of_service, "/${service}") ? true : null
    }
  }

  maintenance_api  = module.maintenance_api
  maintenance_mode = var.maintenance_mode
}
