# What the OpenAPI document says. How it answers is tested over HTTP, in test/.

mock_provider "aws" {
  mock_resource "aws_api_gateway_rest_api" {
    defaults = { id = "mock01" }
  }

  mock_resource "aws_api_gateway_deployment" {
    defaults = { id = "dep001" }
  }
}

variables {
  message = "Back soon"
}

run "answers_every_method_of_every_path" {
  command = plan

  assert {
    condition     = toset(keys(jsondecode(aws_api_gateway_rest_api.this.body).paths)) == toset(["/", "/{proxy+}"])
    error_message = "The document must have the root and the greedy path, and no other."
  }

  assert {
    condition = alltrue([
      for path in values(jsondecode(aws_api_gateway_rest_api.this.body).paths) :
      path.x-amazon-apigateway-any-method.x-amazon-apigateway-integration.type == "mock"
    ])
    error_message = "Each path must have the ANY method with a mock integration."
  }
}

run "declares_the_path_parameter_in_each_method_and_not_at_the_path" {
  command = plan

  assert {
    condition = alltrue([
      for path, methods in jsondecode(aws_api_gateway_rest_api.this.body).paths : !contains(keys(methods), "parameters")
    ])
    error_message = "AWS may drop parameters that are declared at a path."
  }

  assert {
    condition = alltrue([
      for method in values(jsondecode(aws_api_gateway_rest_api.this.body).paths["/{proxy+}"]) :
      [for parameter in method.parameters : parameter.name] == ["proxy"]
    ])
    error_message = "Each method of the greedy path must declare its parameter."
  }
}

run "says_in_the_document_all_that_the_arguments_say" {
  command = plan

  variables {
    name        = "orders-maintenance"
    description = "Down for a while."
  }

  assert {
    condition = (
      jsondecode(aws_api_gateway_rest_api.this.body).info.title == aws_api_gateway_rest_api.this.name &&
      jsondecode(aws_api_gateway_rest_api.this.body).info.description == aws_api_gateway_rest_api.this.description
    )
    error_message = "What the import resets, the provider has to set again by a third call."
  }
}

run "has_one_answer_without_a_selection_pattern" {
  command = plan

  assert {
    condition = alltrue([
      for path in values(jsondecode(aws_api_gateway_rest_api.this.body).paths) :
      keys(path.x-amazon-apigateway-any-method.x-amazon-apigateway-integration.responses) == ["default"] &&
      path.x-amazon-apigateway-any-method.x-amazon-apigateway-integration.responses.default.statusCode == "503"
    ])
    error_message = "ANY must have the default response alone, so that no request can select another."
  }
}

run "refuses_content_types_it_has_no_template_for_so_that_the_net_catches_them" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for path in values(jsondecode(aws_api_gateway_rest_api.this.body).paths) : [
        for method in [path.x-amazon-apigateway-any-method, path.options] : method.x-amazon-apigateway-integration.passthroughBehavior == "never"
      ]
    ]))
    error_message = "passthroughBehavior must be never: anything else lets a client's body drive the mock."
  }
}

run "catches_all_that_reaches_no_method_with_the_same_status_and_headers" {
  command = plan

  assert {
    condition     = length(jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses) == 20
    error_message = "All 21 gateway response types but REQUEST_TOO_LARGE must be listed."
  }

  assert {
    condition = alltrue([
      for response in values(jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses) :
      response.statusCode == "503" &&
      response.responseParameters["gatewayresponse.header.X-Maintenance-Mode"] == "'on'" &&
      response.responseParameters["gatewayresponse.header.Cache-Control"] == "'no-store'"
    ])
    error_message = "Each gateway response must have the status, the marker and no-store."
  }
}

run "keeps_user_text_inert_where_templates_act_on_it" {
  command = plan

  variables {
    message = "$input #set($x = 1) \\$context.requestId"
  }

  assert {
    condition = !strcontains(
      jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseTemplates["application/json"],
      "$input",
    )
    error_message = "A gateway response must not hold the user's dollar sign."
  }

  assert {
    condition     = !strcontains(aws_api_gateway_rest_api.this.body, "#set($x")
    error_message = "A template must not hold the user's number sign."
  }
}

run "gives_retry_after_in_seconds" {
  command = plan

  variables {
    retry_after = "120"
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseParameters["gatewayresponse.header.Retry-After"] == "'120'"
    error_message = "Seconds must stay seconds."
  }
}

run "gives_retry_after_as_a_date_in_gmt_whatever_the_offset" {
  command = plan

  variables {
    retry_after = "2127-01-31T00:30:00.25+05:45"
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseParameters["gatewayresponse.header.Retry-After"] == "'Thu, 30 Jan 2127 18:45:00 GMT'"
    error_message = "A time must become an HTTP-date in GMT."
  }
}

run "gives_retry_after_of_a_negative_offset_in_gmt" {
  command = plan

  variables {
    retry_after = "2127-01-31T22:30:00-03:30"
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseParameters["gatewayresponse.header.Retry-After"] == "'Sat, 01 Feb 2127 02:00:00 GMT'"
    error_message = "A time must become an HTTP-date in GMT."
  }
}

run "leaves_retry_after_out_where_none_is_given" {
  command = plan

  assert {
    condition     = !strcontains(aws_api_gateway_rest_api.this.body, "Retry-After\":\"'")
    error_message = "Without retry_after there must be no Retry-After."
  }
}

run "gives_gateway_responses_the_one_origin_with_credentials" {
  command = plan

  variables {
    cors = { allow_origins = ["https://app.example.com"], allow_credentials = true }
  }

  assert {
    condition = (
      jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseParameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'https://app.example.com'" &&
      jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseParameters["gatewayresponse.header.Access-Control-Allow-Credentials"] == "'true'"
    )
    error_message = "With one origin gateway responses must name it."
  }
}

run "gives_gateway_responses_any_origin_without_credentials_where_several_are_listed" {
  command = plan

  variables {
    cors = { allow_origins = ["https://app.example.com", "https://admin.example.com"], allow_credentials = true }
  }

  assert {
    condition = (
      jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseParameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'" &&
      !contains(keys(jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseParameters), "gatewayresponse.header.Access-Control-Allow-Credentials")
    )
    error_message = "Browsers refuse credentials with any origin."
  }
}

run "has_no_preflight_without_cors" {
  command = plan

  variables {
    cors = null
  }

  assert {
    condition     = !strcontains(aws_api_gateway_rest_api.this.body, "Access-Control-") && !can(jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].options)
    error_message = "cors = null must turn all of it off."
  }
}

run "deploys_again_when_the_text_changes" {
  command = plan

  variables {
    message = "Another"
  }

  assert {
    condition     = aws_api_gateway_deployment.this.triggers.document == sha256(aws_api_gateway_rest_api.this.body)
    error_message = "The deployment must be triggered by the document."
  }
}

run "limits_its_own_stage_only_where_asked" {
  command = plan

  assert {
    condition     = length(aws_api_gateway_method_settings.throttle) == 0
    error_message = "Without throttle there must be no method settings."
  }
}

run "limits_every_method_of_its_stage" {
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
    error_message = "The throttle must hold for all methods."
  }
}

run "gives_what_the_domain_needs" {
  command = apply

  assert {
    condition     = output.api_id == "mock01" && output.stage_name == "maintenance" && output.status_code == 503 && output.marker_header == "X-Maintenance-Mode"
    error_message = "The outputs must name the mock."
  }
}

run "names_maintenance_by_a_type_of_its_own" {
  command = plan

  assert {
    condition     = strcontains(aws_api_gateway_rest_api.this.body, "urn:apigateway-maintenance:maintenance")
    error_message = "Clients must be able to tell maintenance from an outage."
  }
}

run "names_maintenance_by_another_type_where_one_is_given" {
  command = plan

  variables {
    problem_type = "https://example.com/problems/maintenance"
  }

  assert {
    condition     = strcontains(aws_api_gateway_rest_api.this.body, "https://example.com/problems/maintenance") && !strcontains(aws_api_gateway_rest_api.this.body, "urn:apigateway-maintenance")
    error_message = "The given type must stand for the built-in one."
  }
}

run "tells_the_window_and_to_come_back_at_its_end" {
  command = plan

  variables {
    maintenance_window = { start = "2127-01-31T04:00:00+01:00", end = "2127-01-31T05:30:00+01:00" }
  }

  assert {
    condition = (
      jsondecode(jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseTemplates["application/json"]).starts == "2127-01-31T03:00:00Z" &&
      jsondecode(jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseTemplates["application/json"]).ends == "2127-01-31T04:30:00Z" &&
      jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseParameters["gatewayresponse.header.Retry-After"] == "'Fri, 31 Jan 2127 04:30:00 GMT'"
    )
    error_message = "The answer must tell start and end of the window in UTC."
  }
}

run "takes_a_window_that_is_over" {
  command = plan

  variables {
    maintenance_window = { start = "2020-01-31T04:00:00Z", end = "2020-01-31T05:30:00Z" }
  }

  assert {
    condition     = output.retry_at == null
    error_message = "A window that has passed must not stand in the way of the next deploy."
  }
}

run "names_the_moment_of_retry_after_in_utc" {
  command = plan

  variables {
    retry_after = "2127-01-31T04:00:00+01:00"
  }

  assert {
    condition     = output.retry_at == "2127-01-31T03:00:00Z"
    error_message = "custom-domain compares it with the clock."
  }
}

run "says_retry_after_in_place_of_the_windows_end_where_one_is_given" {
  command = plan

  variables {
    retry_after        = "600"
    maintenance_window = { start = "2127-01-31T04:00:00Z", end = "2127-01-31T05:30:00Z" }
  }

  assert {
    condition = (
      jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseParameters["gatewayresponse.header.Retry-After"] == "'600'" &&
      output.retry_at == null
    )
    error_message = "An explicit retry_after wins."
  }
}

run "takes_a_moment_that_has_just_passed" {
  command = plan

  variables {
    retry_after = timeadd(timestamp(), "-23h")
  }

  assert {
    condition     = strcontains(aws_api_gateway_rest_api.this.body, "Retry-After")
    error_message = "Switching off late must not fail for want of a new time."
  }
}

run "links_the_status_page_in_every_form" {
  command = plan

  variables {
    status_url = "https://status.example.com/?team=orders&lang=en"
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseParameters["gatewayresponse.header.Link"] == "'<https://status.example.com/?team=orders&lang=en>; rel=\"status\"'"
    error_message = "The Link header must have the relation of RFC 8631."
  }

  assert {
    condition = alltrue([
      for text in ["<a href=\"https://status.example.com/?team=orders&amp;lang=en\">", "Status: https://status.example.com/?team=orders&lang=en"] :
      strcontains(jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].x-amazon-apigateway-any-method.x-amazon-apigateway-integration.responses.default.responseTemplates["application/json"], text)
    ])
    error_message = "The page and the plain text must link it."
  }

  assert {
    condition     = strcontains(jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseParameters["gatewayresponse.header.Access-Control-Expose-Headers"], "Link")
    error_message = "A page must be able to read the header."
  }
}

run "varies_by_what_the_answer_depends_on" {
  command = plan

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].x-amazon-apigateway-any-method.x-amazon-apigateway-integration.responses.default.responseParameters["method.response.header.Vary"] == "'Accept'"
    error_message = "The form depends on Accept."
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].options.x-amazon-apigateway-integration.responses["204"].responseParameters["method.response.header.Vary"] == "'Access-Control-Request-Method, Access-Control-Request-Headers'"
    error_message = "A preflight depends on what it asks for."
  }
}

run "varies_by_the_origin_too_where_it_is_reflected" {
  command = plan

  variables {
    cors = { allow_origins = ["https://app.example.com", "https://admin.example.com"] }
  }

  assert {
    condition = alltrue([
      jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].x-amazon-apigateway-any-method.x-amazon-apigateway-integration.responses.default.responseParameters["method.response.header.Vary"] == "'Accept, Origin'",
      endswith(jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].options.x-amazon-apigateway-integration.responses["204"].responseParameters["method.response.header.Vary"], ", Origin'"),
    ])
    error_message = "A reflected origin depends on Origin."
  }
}

run "keeps_browsers_from_guessing_a_type" {
  command = plan

  assert {
    condition = alltrue([
      for answers in [
        jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].x-amazon-apigateway-any-method.x-amazon-apigateway-integration.responses.default.responseParameters["method.response.header.X-Content-Type-Options"],
        jsondecode(aws_api_gateway_rest_api.this.body).paths["/"].options.x-amazon-apigateway-integration.responses["204"].responseParameters["method.response.header.X-Content-Type-Options"],
        jsondecode(aws_api_gateway_rest_api.this.body).x-amazon-apigateway-gateway-responses.DEFAULT_5XX.responseParameters["gatewayresponse.header.X-Content-Type-Options"],
      ] : answers == "'nosniff'"
    ])
    error_message = "Every answer must say nosniff."
  }
}

run "logs_the_request_by_both_ids_and_the_base_path" {
  command = plan

  variables {
    access_log = { destination_arn = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/amazon-apigateway-maintenance" }
  }

  assert {
    condition = alltrue([
      for name in ["requestId", "extendedRequestId", "customDomain.basePathMatched"] :
      strcontains(aws_api_gateway_stage.this.access_log_settings[0].format, "$context.${name}")
    ])
    error_message = "A caller can choose the request id, and the path alone does not say which mapping it was."
  }
}

run "leaves_the_security_policy_to_aws_where_none_is_given" {
  command = plan

  assert {
    condition     = !strcontains(aws_api_gateway_rest_api.this.body, "security-policy") && !strcontains(aws_api_gateway_rest_api.this.body, "endpoint-access-mode")
    error_message = "What is not said must not be sent."
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
