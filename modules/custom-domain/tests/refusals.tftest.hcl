# One run for each validation: what the module refuses at plan time.

mock_provider "aws" {}

variables {
  domain_name     = "api.example.com"
  certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b"
  mappings        = { "/" = { api_id = "live01", stage_name = "live" } }
  maintenance_api = { api_id = "mock01", stage_name = "maintenance" }
}

run "refuses_a_domain_name_without_dot" {
  command = plan

  variables {
    domain_name = "api"
  }

  expect_failures = [var.domain_name]
}

run "refuses_a_domain_name_with_a_scheme" {
  command = plan

  variables {
    domain_name = "https://api.example.com"
  }

  expect_failures = [var.domain_name]
}

run "refuses_a_domain_name_in_upper_case" {
  command = plan

  variables {
    domain_name = "API.example.com"
  }

  expect_failures = [var.domain_name]
}

run "refuses_a_domain_name_with_a_closing_dot" {
  command = plan

  variables {
    domain_name = "api.example.com."
  }

  expect_failures = [var.domain_name]
}

run "refuses_a_certificate_that_is_no_acm_arn" {
  command = plan

  variables {
    certificate_arn = "arn:aws:iam::123456789012:server-certificate/x"
  }

  expect_failures = [var.certificate_arn]
}

run "refuses_a_domain_without_certificate" {
  command = plan

  variables {
    certificate_arn = null
  }

  expect_failures = [var.certificate_arn]
}

run "refuses_an_edge_domain_with_a_certificate_of_another_region" {
  command = plan

  variables {
    endpoint_type = "EDGE"
  }

  expect_failures = [var.certificate_arn]
}

run "refuses_a_private_domain" {
  command = plan

  variables {
    endpoint_type = "PRIVATE"
  }

  expect_failures = [var.endpoint_type]
}

run "refuses_an_unknown_security_policy" {
  command = plan

  variables {
    security_policy = "TLS_1_3"
  }

  expect_failures = [var.security_policy]
}

run "refuses_an_unknown_ip_address_type" {
  command = plan

  variables {
    ip_address_type = "ipv6"
  }

  expect_failures = [var.ip_address_type]
}

run "refuses_a_truststore_that_is_no_s3_uri" {
  command = plan

  variables {
    mutual_tls = { truststore_uri = "https://bucket/truststore.pem" }
  }

  expect_failures = [var.mutual_tls]
}

run "refuses_mutual_tls_on_an_edge_domain" {
  command = plan

  variables {
    endpoint_type   = "EDGE"
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/x"
    mutual_tls      = { truststore_uri = "s3://bucket/truststore.pem" }
  }

  expect_failures = [var.mutual_tls]
}

run "refuses_mutual_tls_with_tls_1_0" {
  command = plan

  variables {
    security_policy = "TLS_1_0"
    mutual_tls      = { truststore_uri = "s3://bucket/truststore.pem" }
  }

  expect_failures = [var.mutual_tls]
}

run "refuses_a_zone_name_as_zone_id" {
  command = plan

  variables {
    zone_id = "example.com"
  }

  expect_failures = [var.zone_id]
}

run "refuses_no_mappings" {
  command = plan

  variables {
    mappings = {}
  }

  expect_failures = [var.mappings]
}

run "refuses_a_base_path_without_slash" {
  command = plan

  variables {
    mappings = { orders = { api_id = "live01", stage_name = "live" } }
  }

  expect_failures = [var.mappings]
}

run "refuses_a_base_path_of_several_segments" {
  command = plan

  variables {
    mappings = { "/orders/v1" = { api_id = "live01", stage_name = "live" } }
  }

  expect_failures = [var.mappings]
}

run "refuses_a_base_path_with_a_closing_slash" {
  command = plan

  variables {
    mappings = { "/orders/" = { api_id = "live01", stage_name = "live" } }
  }

  expect_failures = [var.mappings]
}

run "refuses_a_base_path_with_an_odd_character" {
  command = plan

  variables {
    mappings = { "/or ders" = { api_id = "live01", stage_name = "live" } }
  }

  expect_failures = [var.mappings]
}

run "refuses_a_base_path_with_a_percent_sign" {
  command = plan

  variables {
    mappings = { "/or%2Fders" = { api_id = "live01", stage_name = "live" } }
  }

  expect_failures = [var.mappings]
}

run "refuses_a_window_start_that_is_no_time" {
  command = plan

  variables {
    maintenance_window = { start = "tomorrow", end = "2027-01-31T04:00:00Z" }
  }

  expect_failures = [var.maintenance_window]
}

run "refuses_a_window_end_without_offset" {
  command = plan

  variables {
    maintenance_window = { start = "2027-01-31T02:00:00Z", end = "2027-01-31T04:00:00" }
  }

  expect_failures = [var.maintenance_window]
}

run "refuses_a_window_that_ends_before_it_starts" {
  command = plan

  variables {
    maintenance_window = { start = "2027-01-31T04:00:00+00:00", end = "2027-01-31T04:30:00+01:00" }
  }

  expect_failures = [var.maintenance_window]
}

run "refuses_a_window_of_no_length" {
  command = plan

  variables {
    maintenance_window = { start = "2027-01-31T04:00:00Z", end = "2027-01-31T05:00:00+01:00" }
  }

  expect_failures = [var.maintenance_window]
}

run "refuses_a_certificate_for_a_domain_managed_elsewhere" {
  command = plan

  variables {
    create_domain_name = false
  }

  expect_failures = [var.certificate_arn]
}

run "refuses_an_endpoint_type_for_a_domain_managed_elsewhere" {
  command = plan

  variables {
    create_domain_name = false
    certificate_arn    = null
    endpoint_type      = "EDGE"
  }

  expect_failures = [var.endpoint_type]
}

run "refuses_a_security_policy_for_a_domain_managed_elsewhere" {
  command = plan

  variables {
    create_domain_name = false
    certificate_arn    = null
    security_policy    = "TLS_1_0"
  }

  expect_failures = [var.security_policy]
}

run "refuses_an_ip_address_type_for_a_domain_managed_elsewhere" {
  command = plan

  variables {
    create_domain_name = false
    certificate_arn    = null
    ip_address_type    = "dualstack"
  }

  expect_failures = [var.ip_address_type]
}

run "refuses_mutual_tls_for_a_domain_managed_elsewhere" {
  command = plan

  variables {
    create_domain_name = false
    certificate_arn    = null
    mutual_tls         = { truststore_uri = "s3://bucket/truststore.pem" }
  }

  expect_failures = [var.mutual_tls]
}

run "refuses_a_zone_for_a_domain_managed_elsewhere" {
  command = plan

  variables {
    create_domain_name = false
    certificate_arn    = null
    zone_id            = "Z0123456789"
  }

  expect_failures = [var.zone_id]
}

run "refuses_tags_for_a_domain_managed_elsewhere" {
  command = plan

  variables {
    create_domain_name = false
    certificate_arn    = null
    tags               = { team = "orders" }
  }

  expect_failures = [var.tags]
}

run "refuses_a_domain_name_beyond_ascii" {
  command = plan

  variables {
    domain_name = "bücher.example"
  }

  expect_failures = [var.domain_name]
}

run "refuses_an_asterisk_that_is_not_the_first_label" {
  command = plan

  variables {
    domain_name = "api.*.example.com"
  }

  expect_failures = [var.domain_name]
}

run "refuses_a_wildcard_of_a_top_level_domain" {
  command = plan

  variables {
    domain_name = "*.com"
  }

  expect_failures = [var.domain_name]
}

run "refuses_a_url_host_that_the_wildcard_does_not_cover" {
  command = plan

  variables {
    domain_name = "*.example.com"
    url_host    = "a.shop.example.com"
  }

  expect_failures = [var.url_host]
}

run "refuses_another_url_host_for_a_plain_domain" {
  command = plan

  variables {
    url_host = "shop.example.com"
  }

  expect_failures = [var.url_host]
}

run "refuses_an_edge_domain_in_china" {
  command = plan

  variables {
    endpoint_type   = "EDGE"
    certificate_arn = "arn:aws-cn:acm:cn-north-1:123456789012:certificate/0a1b"
  }

  expect_failures = [var.certificate_arn]
}

run "refuses_an_enhanced_security_policy_for_want_of_its_access_mode" {
  command = plan

  variables {
    security_policy = "SecurityPolicy_TLS13_1_3_2025_09"
  }

  expect_failures = [var.security_policy]
}

run "refuses_a_certificate_of_ownership_that_is_no_acm_arn" {
  command = plan

  variables {
    ownership_verification_certificate_arn = "public"
  }

  expect_failures = [var.ownership_verification_certificate_arn]
}

run "refuses_a_certificate_of_ownership_on_an_edge_domain" {
  command = plan

  variables {
    endpoint_type                          = "EDGE"
    certificate_arn                        = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b"
    ownership_verification_certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/public"
  }

  expect_failures = [var.ownership_verification_certificate_arn]
}

run "refuses_a_certificate_of_ownership_for_a_domain_managed_elsewhere" {
  command = plan

  variables {
    create_domain_name                     = false
    certificate_arn                        = null
    ownership_verification_certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/public"
  }

  expect_failures = [var.ownership_verification_certificate_arn]
}

run "refuses_the_health_check_ping" {
  command = plan

  variables {
    mappings = { "/ping" = { api_id = "live01", stage_name = "live" } }
  }

  expect_failures = [var.mappings]
}

run "refuses_the_health_check_sping" {
  command = plan

  variables {
    mappings = { "/sping" = { api_id = "live01", stage_name = "live" } }
  }

  expect_failures = [var.mappings]
}

run "refuses_the_root_by_api_gateways_name" {
  command = plan

  variables {
    mappings = { "/(none)" = { api_id = "live01", stage_name = "live" } }
  }

  expect_failures = [var.mappings]
}

run "refuses_a_base_path_that_clients_resolve_away" {
  command = plan

  variables {
    mappings = { "/.." = { api_id = "live01", stage_name = "live" } }
  }

  expect_failures = [var.mappings]
}

run "refuses_a_base_path_of_more_than_300_characters" {
  command = plan

  variables {
    mappings = { "/${join("", [for i in range(301) : "a"])}" = { api_id = "live01", stage_name = "live" } }
  }

  expect_failures = [var.mappings]
}

run "refuses_a_latency_region_that_is_none" {
  command = plan

  variables {
    zone_id        = "Z0123456789"
    latency_region = "Ireland"
  }

  expect_failures = [var.latency_region]
}

run "refuses_a_latency_region_without_records" {
  command = plan

  variables {
    latency_region = "eu-west-1"
  }

  expect_failures = [var.latency_region]
}

run "refuses_a_latency_region_for_an_edge_domain" {
  command = plan

  variables {
    zone_id         = "Z0123456789"
    endpoint_type   = "EDGE"
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b"
    latency_region  = "eu-west-1"
  }

  expect_failures = [var.latency_region]
}

run "refuses_a_stage_for_reads_alone" {
  command = plan

  variables {
    mappings = { "/" = { api_id = "live01", stage_name = null, read_only = { api_id = "reads01", stage_name = "live" } } }
  }

  expect_failures = [var.mappings]
}

run "refuses_a_mock_without_stage" {
  command = plan

  variables {
    maintenance_api = { api_id = "mock01", stage_name = null }
  }

  expect_failures = [var.maintenance_api]
}
