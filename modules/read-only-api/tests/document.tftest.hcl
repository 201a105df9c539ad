# Which methods close, and what stays as it is. How the document answers is
# tested over HTTP, in test/.

mock_provider "aws" {
  mock_resource "aws_api_gateway_rest_api" {
    defaults = { id = "ro0001" }
  }

  mock_resource "aws_api_gateway_deployment" {
    defaults = { id = "dep001" }
  }
}

variables {
  answer = {
    method = {
      headers = { "503" = ["Cache-Control", "X-Maintenance-Mode"] }
      integration = {
        type                = "mock"
        passthroughBehavior = "never"
        requestTemplates    = { "application/json" = "{\"statusCode\": 503}" }
        responses           = { default = { statusCode = "503", responseTemplates = { "application/json" = "back soon" } } }
      }
    }
    options = {
      headers = { "204" = ["Access-Control-Allow-Methods"], "503" = ["Cache-Control"] }
      integration = {
        type      = "mock"
        responses = { "204" = { statusCode = "204" }, default = { statusCode = "503" } }
      }
    }
    gateway_response = { statusCode = "503", responseTemplates = { "application/json" = "back soon" } }
  }

  body = {
    openapi = "3.0.1"
    info    = { title = "orders", version = "7" }
    paths = {
      "/" = {
        get  = { operationId = "welcome", x-amazon-apigateway-integration = { type = "http_proxy", httpMethod = "GET", uri = "https://orders.example.com/" } }
        post = { operationId = "create", security = [{ key = [] }], x-amazon-apigateway-integration = { type = "http_proxy", httpMethod = "POST", uri = "https://orders.example.com/" } }
      }
      "/search" = {
        post = { operationId = "search", x-amazon-apigateway-integration = { type = "http_proxy", httpMethod = "POST", uri = "https://orders.example.com/search" } }
      }
      "/export" = {
        get     = { operationId = "export" }
        options = { operationId = "preflight" }
        PUT     = { operationId = "shouted" }
      }
      "/files/{proxy+}" = {
        parameters = [{ name = "proxy", in = "path", required = true, schema = { type = "string" } }]
        x-amazon-apigateway-any-method = {
          security                        = [{ sigv4 = [] }]
          x-amazon-apigateway-integration = { type = "http_proxy", httpMethod = "ANY", uri = "https://orders.example.com/{proxy}" }
        }
      }
    }
    x-amazon-apigateway-binary-media-types = ["image/png"]
  }
}

run "closes_writes_and_leaves_reads" {
  command = plan

  assert {
    condition = output.closed == {
      "/"               = tolist(["POST"])
      "/search"         = tolist(["POST"])
      "/export"         = tolist(["PUT"])
      "/files/{proxy+}" = tolist(["DELETE", "PATCH", "POST", "PUT"])
    }
    error_message = "POST, PUT, PATCH and DELETE must close where the document has them, and nothing else."
  }

  assert {
    condition     = jsonencode(jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].get) == jsonencode(var.body.paths["/"].get)
    error_message = "An open method must stay as it is."
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].post.x-amazon-apigateway-integration.type == "mock"
    error_message = "A closed method must answer as the mock does."
  }
}

run "splits_the_any_method" {
  command = plan

  assert {
    condition = toset(keys(jsondecode(aws_api_gateway_rest_api.this.body).paths["/files/{proxy+}"])) == toset([
      "parameters", "x-amazon-apigateway-any-method", "delete", "patch", "post", "put",
    ])
    error_message = "The writes must stand beside the any-method, which API Gateway asks last."
  }

  assert {
    condition = jsonencode(jsondecode(aws_api_gateway_rest_api.this.body).paths["/files/{proxy+}"].x-amazon-apigateway-any-method) == jsonencode(
      var.body.paths["/files/{proxy+}"].x-amazon-apigateway-any-method
    )
    error_message = "The any-method must keep its integration for what stays open."
  }
}

run "closes_a_method_in_capitals_too" {
  command = plan

  assert {
    condition     = toset(keys(jsondecode(aws_api_gateway_rest_api.this.body).paths["/export"])) == toset(["get", "options", "PUT"])
    error_message = "A write must not stay open beside its closed twin for being spelled in capitals."
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).paths["/export"].PUT.x-amazon-apigateway-integration.type == "mock"
    error_message = "A write in capitals must close."
  }
}

run "keeps_the_rest_of_the_document" {
  command = plan

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-binary-media-types == ["image/png"]
    error_message = "The document's own extensions must stay."
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).info == { title = "read-only", description = var.description, version = "7" }
    error_message = "Title and description must be the arguments', and the version the document's."
  }
}

run "says_that_the_answer_is_text" {
  command = plan

  assert {
    condition = (
      jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].post.x-amazon-apigateway-integration.contentHandling == "CONVERT_TO_TEXT" &&
      jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].post.x-amazon-apigateway-integration.responses.default.contentHandling == "CONVERT_TO_TEXT"
    )
    error_message = "With binary media types an answer that does not say so fails with a 500."
  }
}

run "asks_nobody_for_authorization_at_a_closed_method" {
  command = plan

  assert {
    condition = (
      jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].post.security == [] &&
      jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].post.x-amazon-apigateway-auth.type == "NONE"
    )
    error_message = "A client without credentials must get the maintenance answer."
  }
}

run "asks_for_authorization_at_a_closed_method_if_wanted" {
  command = plan

  variables {
    require_authorization = true
  }

  assert {
    condition = (
      jsonencode(jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].post.security) == jsonencode([{ key = [] }]) &&
      !can(jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].post.x-amazon-apigateway-auth)
    )
    error_message = "A closed method must keep what the live one demands."
  }

  assert {
    condition     = jsonencode(jsondecode(aws_api_gateway_rest_api.this.body).paths["/files/{proxy+}"].put.security) == jsonencode([{ sigv4 = [] }])
    error_message = "A method split off the any-method must keep what that one demands."
  }
}

run "leaves_a_write_open_where_the_map_says_so" {
  command = plan

  variables {
    closed = { "/search" = [] }
  }

  assert {
    condition     = !contains(keys(output.closed), "/search") && output.closed["/"] == tolist(["POST"])
    error_message = "A path of the map closes what the map says, and all others close their writes."
  }
}

run "closes_a_read_where_the_map_says_so" {
  command = plan

  variables {
    closed = { "/export" = ["GET", "writes"] }
  }

  assert {
    condition     = output.closed["/export"] == tolist(["GET", "PUT"])
    error_message = "A named method must close, beside what the word writes stands for."
  }
}

run "closes_a_named_method_that_the_path_lacks" {
  command = plan

  variables {
    closed = { "/search" = ["DELETE"] }
  }

  assert {
    condition     = toset(keys(jsondecode(aws_api_gateway_rest_api.this.body).paths["/search"])) == toset(["delete", "post"]) && output.closed["/search"] == tolist(["DELETE"])
    error_message = "A method that is named must close, wherever the document would route it."
  }
}

run "closes_a_whole_path" {
  command = plan

  variables {
    closed = { "/export" = ["ANY"], "/files/{proxy+}" = ["ANY"] }
  }

  assert {
    condition = (
      output.closed["/export"] == tolist(["GET", "OPTIONS", "PUT"]) &&
      output.closed["/files/{proxy+}"] == tolist(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])
    )
    error_message = "The word ANY must close what the document has at the path."
  }

  assert {
    condition     = toset(keys(jsondecode(aws_api_gateway_rest_api.this.body).paths["/export"].options.responses)) == toset(["204", "503"])
    error_message = "A closed OPTIONS must still let a preflight pass."
  }
}

run "declares_headers_as_openapi_3_does" {
  command = plan

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].post.responses["503"].headers.Cache-Control == { schema = { type = "string" } }
    error_message = "OpenAPI 3 puts a header's type into a schema."
  }
}

run "declares_headers_as_swagger_2_does" {
  command = plan

  variables {
    body = {
      swagger = "2.0"
      info    = { title = "orders", version = "7" }
      paths   = { "/" = { post = {} } }
    }
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].post.responses["503"].headers.Cache-Control == { type = "string" }
    error_message = "Swagger 2 has a header's type beside it."
  }
}

run "takes_json_text" {
  command = plan

  variables {
    body = "{\"openapi\": \"3.0.1\", \"info\": {\"title\": \"x\", \"version\": \"1\"}, \"paths\": {\"/\": {\"get\": {}, \"post\": {}}}}"
  }

  assert {
    condition     = output.closed == { "/" = tolist(["POST"]) }
    error_message = "The body must be taken as JSON text."
  }
}

run "takes_yaml_text" {
  command = plan

  variables {
    body = <<-EOT
      openapi: "3.0.1"
      info: { title: x, version: "1" }
      paths:
        /:
          get:
            responses: { 200: { description: OK } }
          put: {}
    EOT
  }

  assert {
    condition     = output.closed == { "/" = tolist(["PUT"]) } && can(jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].get.responses["200"])
    error_message = "The body must be taken as YAML text, with numbers as keys."
  }
}

run "lets_no_validator_look_at_a_closed_method" {
  command = plan

  variables {
    body = {
      openapi                                = "3.0.1"
      info                                   = { title = "x", version = "1" }
      paths                                  = { "/" = { get = {}, post = {} } }
      x-amazon-apigateway-request-validators = { all = { validateRequestBody = true, validateRequestParameters = true } }
      x-amazon-apigateway-request-validator  = "all"
    }
  }

  assert {
    condition = jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-request-validators[
      jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].post.x-amazon-apigateway-request-validator
    ] == { validateRequestBody = false, validateRequestParameters = false }
    error_message = "A closed method must not be validated by what holds for all methods."
  }

  assert {
    condition = (
      !can(jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].get.x-amazon-apigateway-request-validator) &&
      jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-request-validators.all.validateRequestBody
    )
    error_message = "Open methods must be validated as before."
  }
}

run "has_the_security_policy_of_the_live_api" {
  command = plan

  variables {
    security_policy      = "SecurityPolicy_TLS13_1_3_2025_09"
    endpoint_access_mode = "STRICT"
  }

  assert {
    condition = (
      jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-security-policy == "SecurityPolicy_TLS13_1_3_2025_09" &&
      jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-endpoint-access-mode == "STRICT"
    )
    error_message = "The document must say both, since AWS provider 5 has no arguments for them."
  }
}

run "answers_probers_at_a_path_of_its_own" {
  command = plan

  variables {
    require_authorization = true
  }

  assert {
    condition = (
      jsondecode(aws_api_gateway_rest_api.this.body).paths["/maintenance-probe"].get.x-amazon-apigateway-integration.type == "mock" &&
      jsondecode(aws_api_gateway_rest_api.this.body).paths["/maintenance-probe"].get.x-amazon-apigateway-auth.type == "NONE"
    )
    error_message = "A GET that needs no credentials must tell that this is the read-only API."
  }
}
