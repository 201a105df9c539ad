# Where each base path points. That a switch is in place and nothing else is
# tested with the real provider, in test/.

mock_provider "aws" {}

variables {
  domain_name     = "api.example.com"
  certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b"
  maintenance_api = { api_id = "mock01", stage_name = "maintenance" }

  mappings = {
    "/orders" = { api_id = "orders01", stage_name = "live" }
    "/users"  = { api_id = "users01", stage_name = "v2" }
  }
}

run "is_live_by_default" {
  command = plan

  assert {
    condition     = aws_api_gateway_base_path_mapping.this["/orders"].api_id == "orders01" && aws_api_gateway_base_path_mapping.this["/users"].stage_name == "v2"
    error_message = "Without maintenance each base path must point at its own API and stage."
  }

  assert {
    condition     = output.maintenance_mode == false && output.modes == { "/orders" = "live", "/users" = "live" }
    error_message = "The outputs must say live."
  }
}

run "points_every_base_path_at_the_mock_in_maintenance" {
  command = plan

  variables {
    maintenance_mode = true
  }

  assert {
    condition     = alltrue([for mapping in aws_api_gateway_base_path_mapping.this : mapping.api_id == "mock01" && mapping.stage_name == "maintenance"])
    error_message = "In maintenance each base path must point at the mock."
  }

  assert {
    condition     = output.maintenance_mode && output.modes == { "/orders" = "maintenance", "/users" = "maintenance" }
    error_message = "The outputs must say maintenance."
  }
}

run "keeps_an_exempt_base_path_live_in_maintenance" {
  command = plan

  variables {
    maintenance_mode = true
    mappings = {
      "/orders" = { api_id = "orders01", stage_name = "live" }
      "/health" = { api_id = "health01", stage_name = "live", maintenance_mode = false }
    }
  }

  assert {
    condition     = output.modes == { "/orders" = "maintenance", "/health" = "live" } && aws_api_gateway_base_path_mapping.this["/health"].api_id == "health01"
    error_message = "A mapping's own false must keep it in service."
  }
}

run "takes_one_base_path_out_while_the_rest_lives" {
  command = plan

  variables {
    mappings = {
      "/orders" = { api_id = "orders01", stage_name = "live", maintenance_mode = true }
      "/users"  = { api_id = "users01", stage_name = "live" }
    }
  }

  assert {
    condition     = output.modes == { "/orders" = "maintenance", "/users" = "live" } && output.maintenance_mode == false
    error_message = "A mapping's own true must take it alone out of service."
  }
}

run "names_all_targets_of_each_base_path_whatever_the_mode" {
  command = plan

  variables {
    maintenance_mode = true
  }

  assert {
    # As JSON: a null of type bool is not equal to a null of no type.
    condition = jsonencode(output.targets["/orders"]) == jsonencode({
      live              = { api_id = "orders01", stage_name = "live" }
      maintenance       = { api_id = "mock01", stage_name = "maintenance" }
      read_only         = null
      maintenance_mode  = null
      maintenance_scope = null
    })
    error_message = "The guard needs all targets, and whether the path follows."
  }
}

run "maps_the_root_without_a_base_path" {
  command = plan

  variables {
    mappings = { "/" = { api_id = "live01", stage_name = "live" } }
  }

  assert {
    condition     = aws_api_gateway_base_path_mapping.this["/"].base_path == null && output.urls == { "/" = "https://api.example.com/" }
    error_message = "The root must have no base path."
  }
}

run "opens_inside_the_window" {
  command = plan

  variables {
    maintenance_window = { start = "2020-01-01T00:00:00Z", end = "2999-01-01T00:00:00+02:00" }
  }

  assert {
    condition     = output.maintenance_mode && output.modes["/orders"] == "maintenance"
    error_message = "Inside the window maintenance must be on."
  }
}

run "is_live_before_the_window" {
  command = plan

  variables {
    maintenance_window = { start = "2998-01-01T00:00:00Z", end = "2999-01-01T00:00:00Z" }
  }

  assert {
    condition     = output.maintenance_mode == false
    error_message = "Before the window maintenance must be off."
  }
}

run "is_live_after_the_window" {
  command = plan

  variables {
    maintenance_window = { start = "2020-01-01T00:00:00Z", end = "2020-01-02T00:00:00Z" }
  }

  assert {
    condition     = output.maintenance_mode == false
    error_message = "After the window maintenance must be off."
  }
}

run "stays_live_inside_the_window_where_false_is_said" {
  command = plan

  variables {
    maintenance_mode   = false
    maintenance_window = { start = "2020-01-01T00:00:00Z", end = "2999-01-01T00:00:00Z" }
  }

  assert {
    condition     = output.maintenance_mode == false
    error_message = "False must win over the window."
  }
}

run "stays_in_maintenance_after_the_window_where_true_is_said" {
  command = plan

  variables {
    maintenance_mode   = true
    maintenance_window = { start = "2020-01-01T00:00:00Z", end = "2020-01-02T00:00:00Z" }
  }

  assert {
    condition     = output.maintenance_mode
    error_message = "True must win over the window."
  }
}

run "stays_live_though_the_told_moment_has_passed" {
  command = plan

  variables {
    maintenance_api = { api_id = "mock01", stage_name = "maintenance", retry_at = timeadd(timestamp(), "-10m") }
  }

  assert {
    condition     = aws_api_gateway_base_path_mapping.this["/orders"].api_id == "orders01"
    error_message = "Switching off late must not fail for want of a new time."
  }
}

run "refuses_to_tell_clients_a_moment_that_has_passed" {
  command = plan

  variables {
    maintenance_mode = true
    maintenance_api  = { api_id = "mock01", stage_name = "maintenance", retry_at = timeadd(timestamp(), "-10m") }
  }

  expect_failures = [var.maintenance_api]
}

run "tells_clients_a_moment_to_come" {
  command = plan

  variables {
    maintenance_mode = true
    maintenance_api  = { api_id = "mock01", stage_name = "maintenance", retry_at = timeadd(timestamp(), "10m") }
  }

  assert {
    condition     = aws_api_gateway_base_path_mapping.this["/orders"].api_id == "mock01"
    error_message = "A moment to come must do."
  }
}

run "leaves_the_stage_to_callers_where_none_is_named" {
  command = plan

  variables {
    mappings = { "/" = { api_id = "orders01", stage_name = null } }
  }

  assert {
    condition     = aws_api_gateway_base_path_mapping.this["/"].stage_name == null && output.targets["/"].live.stage_name == null
    error_message = "The mapping must name no stage."
  }
}

run "points_a_mapping_without_stage_at_the_mocks_own" {
  command = plan

  variables {
    mappings         = { "/" = { api_id = "orders01", stage_name = null } }
    maintenance_mode = true
  }

  assert {
    condition     = aws_api_gateway_base_path_mapping.this["/"].api_id == "mock01" && aws_api_gateway_base_path_mapping.this["/"].stage_name == "maintenance"
    error_message = "Whatever stage callers name, they must get the mock."
  }
}
