# The domain name and its records.

mock_provider "aws" {
  mock_resource "aws_api_gateway_domain_name" {
    defaults = {
      regional_domain_name   = "d-regional.execute-api.eu-west-1.amazonaws.com"
      regional_zone_id       = "ZREGIONAL"
      cloudfront_domain_name = "dedge.cloudfront.net"
      cloudfront_zone_id     = "ZEDGE"
    }
  }
}

variables {
  domain_name     = "api.example.com"
  certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b"
  mappings        = { "/" = { api_id = "live01", stage_name = "live" } }
  maintenance_api = { api_id = "mock01", stage_name = "maintenance" }
}

run "makes_a_regional_domain_with_tls_1_2" {
  command = plan

  assert {
    condition = (
      aws_api_gateway_domain_name.this[0].regional_certificate_arn == var.certificate_arn &&
      aws_api_gateway_domain_name.this[0].endpoint_configuration[0].types == tolist(["REGIONAL"]) &&
      aws_api_gateway_domain_name.this[0].security_policy == "TLS_1_2"
    )
    error_message = "The domain must be REGIONAL with TLS 1.2 unless said otherwise."
  }
}

run "makes_no_record_without_a_zone" {
  command = plan

  assert {
    condition     = length(aws_route53_record.this) == 0
    error_message = "DNS that is elsewhere must be left alone."
  }
}

run "points_an_a_record_at_the_regional_name" {
  command = apply

  variables {
    zone_id = "Z0123456789"
  }

  assert {
    condition = (
      keys(aws_route53_record.this) == ["A"] &&
      aws_route53_record.this["A"].alias[0].name == "d-regional.execute-api.eu-west-1.amazonaws.com" &&
      aws_route53_record.this["A"].alias[0].zone_id == "ZREGIONAL"
    )
    error_message = "A REGIONAL domain's record must point at its regional name."
  }

  assert {
    condition     = output.target_domain_name == "d-regional.execute-api.eu-west-1.amazonaws.com" && output.target_zone_id == "ZREGIONAL"
    error_message = "The outputs must give the same target."
  }
}

run "adds_an_aaaa_record_for_a_dualstack_domain" {
  command = plan

  variables {
    zone_id         = "Z0123456789"
    ip_address_type = "dualstack"
  }

  assert {
    condition     = keys(aws_route53_record.this) == ["A", "AAAA"] && aws_api_gateway_domain_name.this[0].endpoint_configuration[0].ip_address_type == "dualstack"
    error_message = "A dualstack domain must have an AAAA record."
  }
}

run "points_the_record_of_an_edge_domain_at_its_distribution" {
  command = apply

  variables {
    endpoint_type   = "EDGE"
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b"
    zone_id         = "Z0123456789"
  }

  assert {
    condition = (
      aws_api_gateway_domain_name.this[0].certificate_arn == var.certificate_arn &&
      aws_route53_record.this["A"].alias[0].name == "dedge.cloudfront.net" &&
      aws_route53_record.this["A"].alias[0].zone_id == "ZEDGE"
    )
    error_message = "An EDGE domain's record must point at its distribution."
  }
}

run "asks_clients_for_certificates_where_a_truststore_is_given" {
  command = plan

  variables {
    mutual_tls = { truststore_uri = "s3://bucket/truststore.pem", truststore_version = "v1" }
  }

  assert {
    condition     = aws_api_gateway_domain_name.this[0].mutual_tls_authentication[0].truststore_uri == "s3://bucket/truststore.pem"
    error_message = "The truststore must reach the domain."
  }
}

run "manages_only_the_mappings_of_a_domain_managed_elsewhere" {
  command = plan

  variables {
    create_domain_name = false
    certificate_arn    = null
  }

  assert {
    condition = (
      length(aws_api_gateway_domain_name.this) == 0 && length(aws_route53_record.this) == 0 &&
      aws_api_gateway_base_path_mapping.this["/"].domain_name == "api.example.com" &&
      output.target_domain_name == null && output.target_zone_id == null
    )
    error_message = "A domain that is managed elsewhere must stay untouched."
  }
}

run "takes_a_wildcard_domain_and_names_a_host_to_ask" {
  command = plan

  variables {
    domain_name = "*.example.com"
    zone_id     = "Z0123456789"
  }

  assert {
    condition = (
      aws_api_gateway_domain_name.this[0].domain_name == "*.example.com" &&
      aws_route53_record.this["A"].name == "*.example.com" &&
      output.urls["/"] == "https://maintenance-probe.example.com/"
    )
    error_message = "Nobody can ask the asterisk, so urls must have a host that the domain covers."
  }
}

run "asks_a_wildcard_domain_at_the_host_that_is_given" {
  command = plan

  variables {
    domain_name = "*.example.com"
    url_host    = "shop.example.com"
  }

  assert {
    condition     = output.urls["/"] == "https://shop.example.com/"
    error_message = "The urls must have the given host."
  }
}

run "leaves_the_health_of_an_adopted_records_target_as_it_is" {
  command = plan

  variables {
    zone_id                = "Z0123456789"
    evaluate_target_health = true
  }

  assert {
    condition     = aws_route53_record.this["A"].alias[0].evaluate_target_health
    error_message = "The record must evaluate its target's health where that is said."
  }
}

run "proves_the_ownership_of_a_name_with_another_certificate" {
  command = plan

  variables {
    mutual_tls                             = { truststore_uri = "s3://bucket/truststore.pem" }
    ownership_verification_certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/public"
  }

  assert {
    condition     = aws_api_gateway_domain_name.this[0].ownership_verification_certificate_arn == var.ownership_verification_certificate_arn
    error_message = "The certificate must reach the domain."
  }
}

run "takes_every_character_of_a_base_path_that_api_gateway_takes" {
  command = plan

  variables {
    mappings = { "/aZ0$-_.+!*'()" = { api_id = "live01", stage_name = "live" }, "/pings" = { api_id = "live01", stage_name = "live" } }
  }

  assert {
    condition     = aws_api_gateway_base_path_mapping.this["/aZ0$-_.+!*'()"].base_path == "aZ0$-_.+!*'()"
    error_message = "The base path must reach the mapping as it is."
  }
}

run "takes_arns_of_every_partition" {
  command = plan

  variables {
    certificate_arn = "arn:aws-cn:acm:cn-north-1:123456789012:certificate/0a1b"
  }

  assert {
    condition     = aws_api_gateway_domain_name.this[0].regional_certificate_arn == var.certificate_arn
    error_message = "A certificate of another partition must do."
  }
}

run "makes_latency_records_where_the_name_is_a_domain_in_several_regions" {
  command = plan

  variables {
    zone_id        = "Z0123456789"
    latency_region = "eu-west-1"
  }

  assert {
    condition     = aws_route53_record.this["A"].set_identifier == "eu-west-1" && aws_route53_record.this["A"].latency_routing_policy[0].region == "eu-west-1"
    error_message = "Route 53 must be able to tell the regions' records apart."
  }
}

run "makes_simple_records_otherwise" {
  command = plan

  variables {
    zone_id = "Z0123456789"
  }

  assert {
    condition     = aws_route53_record.this["A"].set_identifier == null && length(aws_route53_record.this["A"].latency_routing_policy) == 0
    error_message = "A record of one region needs no routing."
  }
}
