# The same by an OpenAPI document, with models, a validator, documentation and a
# base path of its own.

resource "aws_api_gateway_rest_api" "document" {
  name              = "document-${local.suffix}"
  parameters        = { basepath = "prepend" }
  put_rest_api_mode = "overwrite"

  body = jsonencode({
    swagger  = "2.0"
    info     = { title = "document-${local.suffix}", version = "1" }
    basePath = "/shop/${local.suffix}"

    definitions = {
      Pet  = { type = "object", required = ["name"], properties = { name = { type = "string" } } }
      Pets = { type = "array", items = { "$ref" = "#/definitions/Pet" } }
    }

    "x-amazon-apigateway-request-validators" = { all = { validateRequestBody = true, validateRequestParameters = true } }
    "x-amazon-apigateway-request-validator"  = "all"
    "x-amazon-apigateway-documentation"      = { version = "1", documentationParts = [{ location = { type = "API" }, properties = { description = local.suffix } }] }

    paths = {
      "/pets" = {
        post = {
          consumes   = ["application/json"]
          produces   = ["application/json"]
          parameters = [{ in = "body", name = "Pet", required = true, schema = { "$ref" = "#/definitions/Pet" } }]
          responses  = { "200" = { description = "Pets", schema = { "$ref" = "#/definitions/Pets" } } }

          "x-amazon-apigateway-integration" = {
            type             = "mock"
            requestTemplates = { "application/json" = "{\"statusCode\": 200}" }
            responses        = { default = { statusCode = "200", responseTemplates = { "application/json" = "[]" } } }
          }
        }
      }
    }
  })

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" }]
  })

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_deployment" "document" {
  rest_api_id       = aws_api_gateway_rest_api.document.id
  stage_description = local.suffix
  triggers          = { body = sha1(aws_api_gateway_rest_api.document.body) }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "document" {
  rest_api_id   = aws_api_gateway_rest_api.document.id
  deployment_id = aws_api_gateway_deployment.document.id
  stage_name    = "live"
}

output "document_url" {
  value = "${aws_api_gateway_stage.document.invoke_url}/shop/${local.suffix}/pets"
}
