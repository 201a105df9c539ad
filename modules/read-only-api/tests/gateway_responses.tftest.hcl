# The one gateway response that closed methods come to, among the document's own.

mock_provider "aws" {}

variables {
  answer = {
    method = {
      headers     = { "503" = ["Cache-Control"] }
      integration = { type = "mock", responses = { default = { statusCode = "503" } } }
    }
    gateway_response = { statusCode = "503" }
  }

  body = {
    openapi = "3.0.1"
    info    = { title = "orders", version = "1" }
    paths   = { "/" = { get = {}, post = {} } }

    x-amazon-apigateway-gateway-responses = { DEFAULT_4XX = { statusCode = "418" } }
  }
}

run "adds_the_mocks_to_the_documents" {
  command = plan

  assert {
    condition = jsonencode(jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses) == jsonencode({
      DEFAULT_4XX = { statusCode = "418" }, UNSUPPORTED_MEDIA_TYPE = { statusCode = "503" }
    })
    error_message = "The document's gateway responses must stay, and the mock's be added."
  }
}

run "leaves_the_documents_if_wanted" {
  command = plan

  variables {
    unsupported_media_type = "live"
  }

  assert {
    condition     = keys(jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses) == ["DEFAULT_4XX"]
    error_message = "With live the document's gateway responses must stay alone."
  }
}

run "refuses_to_hide_one_of_the_documents" {
  command = plan

  variables {
    body = {
      openapi = "3.0.1"
      info    = { title = "orders", version = "1" }
      paths   = { "/" = { get = {} } }

      x-amazon-apigateway-gateway-responses = { UNSUPPORTED_MEDIA_TYPE = { statusCode = "415" } }
    }
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "hides_one_of_the_documents_if_told_to" {
  command = plan

  variables {
    body = {
      openapi = "3.0.1"
      info    = { title = "orders", version = "1" }
      paths   = { "/" = { get = {} } }

      x-amazon-apigateway-gateway-responses = { UNSUPPORTED_MEDIA_TYPE = { statusCode = "415" } }
    }
    unsupported_media_type = "maintenance"
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.UNSUPPORTED_MEDIA_TYPE.statusCode == "503"
    error_message = "With maintenance the mock's answer must stand."
  }
}

run "refuses_to_change_the_415_of_an_open_method" {
  command = plan

  variables {
    body = {
      openapi = "3.0.1"
      info    = { title = "orders", version = "1" }
      paths   = { "/" = { get = { x-amazon-apigateway-integration = { type = "HTTP", passthroughBehavior = "NEVER" } } } }
    }
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "refuses_to_change_the_415_of_an_any_method" {
  command = plan

  variables {
    body = {
      openapi = "3.0.1"
      info    = { title = "orders", version = "1" }
      paths   = { "/" = { x-amazon-apigateway-any-method = { x-amazon-apigateway-integration = { type = "aws", passthroughBehavior = "when_no_templates", requestTemplates = { "text/xml" = "{}" } } } } }
    }
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "refuses_an_open_integration_behind_a_reference" {
  command = plan

  variables {
    body = {
      openapi = "3.0.1"
      info    = { title = "orders", version = "1" }
      paths   = { "/" = { get = { x-amazon-apigateway-integration = { "$ref" = "#/components/x-amazon-apigateway-integrations/orders" } } } }
    }
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "cares_for_no_415_of_a_closed_method" {
  command = plan

  variables {
    body = {
      openapi = "3.0.1"
      info    = { title = "orders", version = "1" }
      paths   = { "/" = { post = { x-amazon-apigateway-integration = { type = "http", passthroughBehavior = "never" } } } }
    }
  }

  assert {
    condition     = output.closed == { "/" = tolist(["POST"]) }
    error_message = "A method that closes has no answer of its own to keep."
  }
}
