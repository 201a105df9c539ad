# One run for each validation: what the module refuses at plan time.

mock_provider "aws" {}

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

run "refuses_a_status_code_below_400" {
  command = plan

  variables {
    status_code = 399
  }

  expect_failures = [var.status_code]
}

run "refuses_a_status_code_above_599" {
  command = plan

  variables {
    status_code = 600
  }

  expect_failures = [var.status_code]
}

run "refuses_a_status_code_that_is_not_whole" {
  command = plan

  variables {
    status_code = 503.5
  }

  expect_failures = [var.status_code]
}

run "refuses_an_empty_message" {
  command = plan

  variables {
    message = ""
  }

  expect_failures = [var.message]
}

run "refuses_a_blank_message" {
  command = plan

  variables {
    message = " \n"
  }

  expect_failures = [var.message]
}

run "refuses_a_retry_after_in_words" {
  command = plan

  variables {
    retry_after = "soon"
  }

  expect_failures = [var.retry_after]
}

run "refuses_a_negative_retry_after" {
  command = plan

  variables {
    retry_after = "-1"
  }

  expect_failures = [var.retry_after]
}

run "refuses_a_retry_after_without_offset" {
  command = plan

  variables {
    retry_after = "2027-01-31T04:00:00"
  }

  expect_failures = [var.retry_after]
}

run "refuses_a_retry_after_on_a_day_that_is_none" {
  command = plan

  variables {
    retry_after = "2027-02-31T04:00:00Z"
  }

  expect_failures = [var.retry_after]
}

run "refuses_a_response_whose_key_is_no_media_type" {
  command = plan

  variables {
    responses = { html = "x" }
  }

  expect_failures = [var.responses]
}

run "refuses_a_response_whose_media_type_has_parameters" {
  command = plan

  variables {
    responses = { "text/html; charset=utf-8" = "x" }
  }

  expect_failures = [var.responses]
}

run "refuses_a_json_response_that_does_not_parse" {
  command = plan

  variables {
    responses = { "application/json" = "{" }
  }

  expect_failures = [var.responses]
}

run "refuses_an_empty_response" {
  command = plan

  variables {
    responses = { "text/html" = "" }
  }

  expect_failures = [var.responses]
}

run "refuses_a_header_name_with_a_blank" {
  command = plan

  variables {
    headers = { "X Y" = "z" }
  }

  expect_failures = [var.headers]
}

run "refuses_headers_that_differ_in_case_only" {
  command = plan

  variables {
    headers = { X-Team = "a", x-team = "b" }
  }

  expect_failures = [var.headers]
}

run "refuses_a_header_value_with_an_apostrophe" {
  command = plan

  variables {
    headers = { X-Team = "it's" }
  }

  expect_failures = [var.headers]
}

run "refuses_a_header_value_beyond_ascii" {
  command = plan

  variables {
    headers = { X-Team = "é" }
  }

  expect_failures = [var.headers]
}

run "refuses_an_empty_header_value" {
  command = plan

  variables {
    headers = { X-Team = "" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_authorization_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { authorization = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_connection_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { connection = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_content_length_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { content-length = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_content_md5_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { content-md5 = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_date_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { date = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_expect_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { expect = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_host_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { host = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_max_forwards_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { max-forwards = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_proxy_authenticate_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { proxy-authenticate = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_server_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { server = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_trailer_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { trailer = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_transfer_encoding_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { transfer-encoding = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_upgrade_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { upgrade = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_user_agent_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { user-agent = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_www_authenticate_that_api_gateway_renames_or_drops" {
  command = plan

  variables {
    headers = { www-authenticate = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_cache_control_that_the_module_sets" {
  command = plan

  variables {
    headers = { Cache-Control = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_content_type_that_the_module_sets" {
  command = plan

  variables {
    headers = { Content-Type = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_retry_after_that_the_module_sets" {
  command = plan

  variables {
    headers = { RETRY-AFTER = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_vary_that_the_module_sets" {
  command = plan

  variables {
    headers = { vary = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_x_maintenance_mode_that_the_module_sets" {
  command = plan

  variables {
    headers = { X-Maintenance-Mode = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_access_control_allow_origin_that_the_module_sets" {
  command = plan

  variables {
    headers = { Access-Control-Allow-Origin = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_cors_without_origins" {
  command = plan

  variables {
    cors = { allow_origins = [] }
  }

  expect_failures = [var.cors]
}

run "refuses_a_cors_origin_with_a_path" {
  command = plan

  variables {
    cors = { allow_origins = ["https://app.example.com/"] }
  }

  expect_failures = [var.cors]
}

run "refuses_a_cors_origin_in_upper_case" {
  command = plan

  variables {
    cors = { allow_origins = ["https://App.example.com"] }
  }

  expect_failures = [var.cors]
}

run "refuses_any_origin_beside_a_listed_one" {
  command = plan

  variables {
    cors = { allow_origins = ["*", "https://app.example.com"] }
  }

  expect_failures = [var.cors]
}

run "refuses_any_origin_with_credentials" {
  command = plan

  variables {
    cors = { allow_credentials = true }
  }

  expect_failures = [var.cors]
}

run "refuses_an_odd_cors_header" {
  command = plan

  variables {
    cors = { allow_headers = ["X Y"] }
  }

  expect_failures = [var.cors]
}

run "refuses_cors_without_allowed_headers" {
  command = plan

  variables {
    cors = { allow_headers = [] }
  }

  expect_failures = [var.cors]
}

run "refuses_an_odd_exposed_header" {
  command = plan

  variables {
    cors = { expose_headers = ["X,Y"] }
  }

  expect_failures = [var.cors]
}

run "refuses_an_unknown_cors_method" {
  command = plan

  variables {
    cors = { allow_methods = ["TRACE"] }
  }

  expect_failures = [var.cors]
}

run "refuses_a_negative_cors_max_age" {
  command = plan

  variables {
    cors = { max_age = -1 }
  }

  expect_failures = [var.cors]
}

run "refuses_a_throttle_of_nothing" {
  command = plan

  variables {
    throttle = { rate = 0, burst = 1 }
  }

  expect_failures = [var.throttle]
}

run "refuses_a_throttle_burst_that_is_not_whole" {
  command = plan

  variables {
    throttle = { rate = 1, burst = 1.5 }
  }

  expect_failures = [var.throttle]
}

run "refuses_an_access_log_destination_that_is_no_log" {
  command = plan

  variables {
    access_log = { destination_arn = "arn:aws:s3:::bucket" }
  }

  expect_failures = [var.access_log]
}

run "refuses_an_access_log_format_without_request_id" {
  command = plan

  variables {
    access_log = { destination_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:x", format = "$context.status" }
  }

  expect_failures = [var.access_log]
}

run "refuses_an_answer_beyond_api_gateways_template_limit" {
  command = plan

  variables {
    responses = { "text/html" = format("%0310000d", 0) }
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "refuses_a_document_beyond_api_gateways_limit" {
  command = plan

  variables {
    responses = { "application/json" = jsonencode(format("%0290000d", 0)) }
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "refuses_a_retry_after_of_years_ago" {
  command = plan

  variables {
    retry_after = "2020-01-31T04:00:00+01:00"
  }

  expect_failures = [var.retry_after]
}

run "refuses_a_retry_after_of_the_day_before_yesterday" {
  command = plan

  variables {
    retry_after = timeadd(timestamp(), "-25h")
  }

  expect_failures = [var.retry_after]
}

run "refuses_the_header_http2_settings_of_a_single_connection" {
  command = plan

  variables {
    headers = { "http2-settings" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_keep_alive_of_a_single_connection" {
  command = plan

  variables {
    headers = { "keep-alive" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_proxy_authorization_of_a_single_connection" {
  command = plan

  variables {
    headers = { "proxy-authorization" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_proxy_connection_of_a_single_connection" {
  command = plan

  variables {
    headers = { "proxy-connection" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_te_of_a_single_connection" {
  command = plan

  variables {
    headers = { "te" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_accept_ranges_of_a_single_body" {
  command = plan

  variables {
    headers = { "Accept-Ranges" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_content_digest_of_a_single_body" {
  command = plan

  variables {
    headers = { "Content-Digest" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_content_encoding_of_a_single_body" {
  command = plan

  variables {
    headers = { "Content-Encoding" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_content_range_of_a_single_body" {
  command = plan

  variables {
    headers = { "Content-Range" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_digest_of_a_single_body" {
  command = plan

  variables {
    headers = { "Digest" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_etag_of_a_single_body" {
  command = plan

  variables {
    headers = { "Etag" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_last_modified_of_a_single_body" {
  command = plan

  variables {
    headers = { "Last-Modified" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_repr_digest_of_a_single_body" {
  command = plan

  variables {
    headers = { "Repr-Digest" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_x_amzn_requestid_that_others_set" {
  command = plan

  variables {
    headers = { "X-Amzn-Requestid" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_x_amz_apigw_id_that_others_set" {
  command = plan

  variables {
    headers = { "X-Amz-Apigw-Id" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_x_cache_that_others_set" {
  command = plan

  variables {
    headers = { "X-Cache" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_via_that_others_set" {
  command = plan

  variables {
    headers = { "Via" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_age_that_others_set" {
  command = plan

  variables {
    headers = { "Age" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_x_content_type_options_that_the_module_answers_for" {
  command = plan

  variables {
    headers = { "X-Content-Type-Options" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_expires_that_the_module_answers_for" {
  command = plan

  variables {
    headers = { "Expires" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_the_header_pragma_that_the_module_answers_for" {
  command = plan

  variables {
    headers = { "Pragma" = "x" }
  }

  expect_failures = [var.headers]
}

run "refuses_another_link_beside_the_status_page" {
  command = plan

  variables {
    status_url = "https://status.example.com"
    headers    = { link = "<https://example.com>; rel=\"help\"" }
  }

  expect_failures = [var.headers]
}

run "refuses_a_status_url_without_scheme" {
  command = plan

  variables {
    status_url = "status.example.com"
  }

  expect_failures = [var.status_url]
}

run "refuses_a_status_url_that_runs_a_script" {
  command = plan

  variables {
    status_url = "javascript:alert(1)"
  }

  expect_failures = [var.status_url]
}

run "refuses_a_status_url_with_an_apostrophe" {
  command = plan

  variables {
    status_url = "https://status.example.com/it's"
  }

  expect_failures = [var.status_url]
}

run "refuses_a_status_url_with_a_quote" {
  command = plan

  variables {
    status_url = "https://status.example.com/\">"
  }

  expect_failures = [var.status_url]
}

run "refuses_a_problem_type_that_is_no_uri" {
  command = plan

  variables {
    problem_type = "maintenance"
  }

  expect_failures = [var.problem_type]
}

run "refuses_a_window_that_is_no_time" {
  command = plan

  variables {
    maintenance_window = { start = "tonight", end = "2127-01-31T05:30:00Z" }
  }

  expect_failures = [var.maintenance_window]
}

run "refuses_a_window_that_ends_before_it_starts" {
  command = plan

  variables {
    maintenance_window = { start = "2127-01-31T05:30:00Z", end = "2127-01-31T04:00:00Z" }
  }

  expect_failures = [var.maintenance_window]
}

run "refuses_a_firehose_stream_whose_name_api_gateway_does_not_take" {
  command = plan

  variables {
    access_log = { destination_arn = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/maintenance" }
  }

  expect_failures = [var.access_log]
}

run "refuses_a_log_group_with_a_closing_star" {
  command = plan

  variables {
    access_log = { destination_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:x:*" }
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

run "refuses_an_edge_security_policy_on_a_regional_mock" {
  command = plan

  variables {
    security_policy      = "SecurityPolicy_TLS13_2025_EDGE"
    endpoint_access_mode = "BASIC"
  }

  expect_failures = [var.security_policy]
}

run "refuses_a_regional_security_policy_on_an_edge_mock" {
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
