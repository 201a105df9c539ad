# One run for each validation: what the module refuses at plan time.

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
  }
}

run "refuses_a_document_without_paths" {
  command = plan

  variables {
    body = { openapi = "3.0.1", info = { title = "x", version = "1" } }
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "refuses_a_document_with_empty_paths" {
  command = plan

  variables {
    body = { openapi = "3.0.1", info = { title = "x", version = "1" }, paths = {} }
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "refuses_a_text_that_is_no_document" {
  command = plan

  variables {
    body = "orders.json"
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "refuses_openapi_3_1" {
  command = plan

  variables {
    body = { openapi = "3.1.0", info = { title = "x", version = "1" }, paths = { "/" = { get = {} } } }
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "refuses_a_path_behind_a_reference" {
  command = plan

  variables {
    body = { openapi = "3.0.1", info = { title = "x", version = "1" }, paths = { "/" = { get = {} }, "/a" = { "$ref" = "#/components/pathItems/a" } } }
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "refuses_a_document_over_the_limit" {
  command = plan

  variables {
    body = { openapi = "3.0.1", info = { title = "x", version = "1" }, paths = { "/" = { get = { description = format("%06300000d", 0) } } } }
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "refuses_a_closed_path_that_the_document_lacks" {
  command = plan

  variables {
    closed = { "/nowhere" = ["POST"] }
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "refuses_a_closed_method_that_is_none" {
  command = plan

  variables {
    closed = { "/" = ["FETCH"] }
  }

  expect_failures = [var.closed]
}

run "refuses_a_closed_that_is_neither_word_nor_map" {
  command = plan

  variables {
    closed = "reads"
  }

  expect_failures = [var.closed]
}

run "refuses_a_closed_path_without_a_list" {
  command = plan

  variables {
    closed = { "/" = 5 }
  }

  expect_failures = [var.closed]
}

run "refuses_an_unknown_owner_of_the_415" {
  command = plan

  variables {
    unsupported_media_type = "both"
  }

  expect_failures = [var.unsupported_media_type]
}

run "refuses_a_blank_name" {
  command = plan

  variables {
    name = " "
  }

  expect_failures = [var.name]
}

run "refuses_a_description_beyond_the_limit" {
  command = plan

  variables {
    description = format("%01025d", 0)
  }

  expect_failures = [var.description]
}

run "refuses_a_stage_name_with_a_slash" {
  command = plan

  variables {
    stage_name = "a/b"
  }

  expect_failures = [var.stage_name]
}

run "refuses_an_unknown_endpoint_type" {
  command = plan

  variables {
    endpoint_type = "PRIVATE"
  }

  expect_failures = [var.endpoint_type]
}

run "refuses_a_policy_that_is_none" {
  command = plan

  variables {
    policy = "{}"
  }

  expect_failures = [var.policy]
}

run "refuses_an_unknown_api_key_source" {
  command = plan

  variables {
    api_key_source = "QUERY"
  }

  expect_failures = [var.api_key_source]
}

run "refuses_a_throttle_without_a_burst" {
  command = plan

  variables {
    throttle = { rate = 1, burst = 0 }
  }

  expect_failures = [var.throttle]
}

run "refuses_an_access_log_to_nowhere" {
  command = plan

  variables {
    access_log = { destination_arn = "orders" }
  }

  expect_failures = [var.access_log]
}

run "refuses_an_access_log_without_a_request_id" {
  command = plan

  variables {
    access_log = { destination_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:orders", format = "$context.path" }
  }

  expect_failures = [var.access_log]
}

run "refuses_an_unknown_security_policy" {
  command = plan

  variables {
    security_policy = "TLS_1_3"
  }

  expect_failures = [var.security_policy]
}

run "refuses_an_edge_security_policy_on_a_regional_api" {
  command = plan

  variables {
    security_policy      = "SecurityPolicy_TLS13_2025_EDGE"
    endpoint_access_mode = "BASIC"
  }

  expect_failures = [var.security_policy]
}

run "refuses_a_regional_security_policy_on_an_edge_api" {
  command = plan

  variables {
    endpoint_type        = "EDGE"
    security_policy      = "SecurityPolicy_TLS13_1_3_2025_09"
    endpoint_access_mode = "BASIC"
  }

  expect_failures = [var.security_policy]
}

run "refuses_an_enhanced_security_policy_without_access_mode" {
  command = plan

  variables {
    security_policy = "SecurityPolicy_TLS13_1_3_2025_09"
  }

  expect_failures = [var.endpoint_access_mode]
}

run "refuses_an_access_mode_with_a_legacy_security_policy" {
  command = plan

  variables {
    security_policy      = "TLS_1_2"
    endpoint_access_mode = "STRICT"
  }

  expect_failures = [var.endpoint_access_mode]
}

run "refuses_an_access_mode_without_security_policy" {
  command = plan

  variables {
    endpoint_access_mode = "BASIC"
  }

  expect_failures = [var.endpoint_access_mode]
}

run "refuses_an_unknown_access_mode" {
  command = plan

  variables {
    security_policy      = "SecurityPolicy_TLS13_1_3_2025_09"
    endpoint_access_mode = "LAX"
  }

  expect_failures = [var.endpoint_access_mode]
}

run "refuses_a_document_with_the_probers_path" {
  command = plan

  variables {
    body = { openapi = "3.0.1", info = { title = "x", version = "1" }, paths = { "/maintenance-probe" = { get = {} } } }
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}
