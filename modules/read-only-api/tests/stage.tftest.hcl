# The resources around the document.

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
      headers     = { "503" = ["Cache-Control"] }
      integration = { type = "mock", responses = { default = { statusCode = "503" } } }
    }
    gateway_response = { statusCode = "503" }
  }

  body = {
    openapi = "3.0.1"
    info    = { title = "orders", version = "1" }
    paths   = { "/" = { get = {}, post = {} } }
  }
}

run "hands_its_stage_on" {
  assert {
    condition     = output.api_id == "ro0001" && output.stage_name == "read-only"
    error_message = "The outputs must name the API and stage that mappings point at."
  }
}

run "gives_the_stage_its_variables" {
  command = plan

  variables {
    stage_name      = "live"
    stage_variables = { backend = "orders.example.com" }
  }

  assert {
    condition     = aws_api_gateway_stage.this.stage_name == "live" && aws_api_gateway_stage.this.variables == tomap({ backend = "orders.example.com" })
    error_message = "The stage must have the name and the variables that are given."
  }
}

run "keeps_the_execute_api_address_closed" {
  command = plan

  assert {
    condition     = aws_api_gateway_rest_api.this.disable_execute_api_endpoint
    error_message = "The custom domain must be the only way in."
  }
}

run "has_the_live_apis_policy" {
  command = plan

  variables {
    policy = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  }

  assert {
    condition     = aws_api_gateway_rest_api.this.policy == var.policy
    error_message = "The policy must be the one that is given."
  }
}

run "throttles_all_methods" {
  command = plan

  variables {
    throttle = { rate = 100, burst = 50 }
  }

  assert {
    condition = (
      aws_api_gateway_method_settings.throttle[0].method_path == "*/*" &&
      aws_api_gateway_method_settings.throttle[0].settings[0].throttling_rate_limit == 100 &&
      aws_api_gateway_method_settings.throttle[0].settings[0].throttling_burst_limit == 50
    )
    error_message = "The limit must hold for all methods."
  }
}
