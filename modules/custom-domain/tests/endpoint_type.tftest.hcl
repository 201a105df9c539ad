# An existing domain cannot become the other type in place.

mock_provider "aws" {
  mock_resource "aws_api_gateway_domain_name" {
    defaults = {
      regional_domain_name   = "d-regional.execute-api.eu-west-1.amazonaws.com"
      cloudfront_domain_name = ""
    }
  }
}

variables {
  domain_name     = "api.example.com"
  certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b"
  mappings        = { "/" = { api_id = "live01", stage_name = "live" } }
  maintenance_api = { api_id = "mock01", stage_name = "maintenance" }
}

run "stands_as_a_regional_domain" {
  command = apply

  assert {
    condition     = output.target_domain_name == "d-regional.execute-api.eu-west-1.amazonaws.com"
    error_message = "The domain must be REGIONAL first."
  }
}

run "refuses_to_become_an_edge_domain" {
  command = plan

  variables {
    endpoint_type   = "EDGE"
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b"
  }

  expect_failures = [aws_api_gateway_base_path_mapping.this]
}
