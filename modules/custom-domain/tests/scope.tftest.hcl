# Where each base path points when maintenance takes out writes alone.

mock_provider "aws" {}

variables {
  domain_name       = "api.example.com"
  certificate_arn   = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b"
  maintenance_api   = { api_id = "mock01", stage_name = "maintenance" }
  maintenance_scope = "writes"

  mappings = {
    "/orders" = { api_id = "orders01", stage_name = "live", read_only = { api_id = "reads01", stage_name = "read-only" } }
    "/users"  = { api_id = "users01", stage_name = "v2" }
  }
}

run "is_live_whatever_the_scope" {
  command = plan

  assert {
    condition     = output.modes == { "/orders" = "live", "/users" = "live" } && aws_api_gateway_base_path_mapping.this["/orders"].api_id == "orders01"
    error_message = "Without maintenance the scope must change nothing."
  }
}

run "points_at_the_read_only_api_and_else_at_the_mock" {
  command = plan

  variables {
    maintenance_mode = true
  }

  assert {
    condition     = output.modes == { "/orders" = "read-only", "/users" = "maintenance" } && output.maintenance_scope == "writes"
    error_message = "A mapping with read_only must be read-only, and one without must not stay open to writes."
  }

  assert {
    condition     = aws_api_gateway_base_path_mapping.this["/orders"].api_id == "reads01" && aws_api_gateway_base_path_mapping.this["/orders"].stage_name == "read-only"
    error_message = "The mapping must point at the read-only API and its stage."
  }

  assert {
    condition     = aws_api_gateway_base_path_mapping.this["/users"].api_id == "mock01"
    error_message = "The mapping without read_only must point at the mock."
  }
}

run "leaves_what_has_no_read_only_api_live_if_told_to" {
  command = plan

  variables {
    maintenance_mode   = true
    read_only_fallback = "live"
  }

  assert {
    condition     = output.modes == { "/orders" = "read-only", "/users" = "live" } && aws_api_gateway_base_path_mapping.this["/users"].api_id == "users01"
    error_message = "With the fallback live the mapping must stay where it is."
  }

  assert {
    condition     = jsonencode(output.targets["/users"].read_only) == jsonencode({ api_id = "users01", stage_name = "v2" })
    error_message = "The guard must be told where the scope leads."
  }
}

run "points_everything_at_the_mock_with_the_scope_all" {
  command = plan

  variables {
    maintenance_mode  = true
    maintenance_scope = "all"
  }

  assert {
    condition     = output.modes == { "/orders" = "maintenance", "/users" = "maintenance" } && aws_api_gateway_base_path_mapping.this["/orders"].api_id == "mock01"
    error_message = "The scope all must take everything out of service."
  }
}

run "lets_a_mapping_have_a_scope_of_its_own" {
  command = plan

  variables {
    maintenance_mode  = true
    maintenance_scope = "all"
    mappings = {
      "/orders" = { api_id = "orders01", stage_name = "live", maintenance_scope = "writes", read_only = { api_id = "reads01", stage_name = "read-only" } }
      "/users"  = { api_id = "users01", stage_name = "v2", read_only = { api_id = "reads02", stage_name = "read-only" } }
    }
  }

  assert {
    condition     = output.modes == { "/orders" = "read-only", "/users" = "maintenance" }
    error_message = "A mapping's own scope must win."
  }
}

run "keeps_a_mapping_read_only_by_settings_of_its_own" {
  command = plan

  variables {
    mappings = {
      "/orders" = { api_id = "orders01", stage_name = "live", maintenance_mode = true, read_only = { api_id = "reads01", stage_name = "read-only" } }
      "/users"  = { api_id = "users01", stage_name = "v2", maintenance_mode = false }
    }
  }

  assert {
    condition     = output.modes == { "/orders" = "read-only", "/users" = "live" }
    error_message = "A mapping's own true must hold with the scope in effect."
  }
}

run "names_the_read_only_target_whatever_the_mode" {
  command = plan

  assert {
    condition     = jsonencode(output.targets["/orders"].read_only) == jsonencode({ api_id = "reads01", stage_name = "read-only" }) && output.targets["/users"].read_only == null
    error_message = "The guard needs the third target, and null where there is none."
  }
}

run "refuses_an_unknown_scope" {
  command = plan

  variables {
    maintenance_scope = "reads"
  }

  expect_failures = [var.maintenance_scope]
}

run "refuses_an_unknown_scope_of_a_mapping" {
  command = plan

  variables {
    mappings = {
      "/orders" = { api_id = "orders01", stage_name = "live", maintenance_scope = "some" }
    }
  }

  expect_failures = [var.mappings]
}

run "refuses_an_unknown_fallback" {
  command = plan

  variables {
    read_only_fallback = "read-only"
  }

  expect_failures = [var.read_only_fallback]
}

run "refuses_a_scope_that_takes_nothing_out" {
  command = plan

  variables {
    read_only_fallback = "live"
    mappings = {
      "/users" = { api_id = "users01", stage_name = "v2" }
    }
  }

  expect_failures = [var.maintenance_scope]
}
