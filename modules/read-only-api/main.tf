# A provider that knows these settings would undo a change of them after the
# import: it puts back what it read before. A new API has nothing to put back.
resource "terraform_data" "tls" {
  input = { security_policy = var.security_policy, endpoint_access_mode = var.endpoint_access_mode }
}

# The read-only API is one OpenAPI document (document.tf), as the mock is. The
# live API is not touched.
resource "aws_api_gateway_rest_api" "this" {
  name        = var.name
  description = var.description
  body        = local.document

  parameters                   = var.parameters
  policy                       = var.policy
  binary_media_types           = var.binary_media_types
  minimum_compression_size     = var.minimum_compression_size
  api_key_source               = var.api_key_source
  disable_execute_api_endpoint = var.disable_execute_api_endpoint

  endpoint_configuration {
    types = [var.endpoint_type]
  }

  tags = var.tags

  lifecycle {
    # A replacement must exist before the base path mappings move to it (fact E4).
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.tls]

    precondition {
      condition     = local.swagger || can(regex("^3[.]0([.]|$)", local.source.openapi))
      error_message = "The body must be a Swagger 2.0 or OpenAPI 3.0 document, as an object or as JSON or YAML text: API Gateway takes no other."
    }

    precondition {
      condition     = length(local.paths) > 0
      error_message = "The body must have at least one path: without any there is nothing to read."
    }

    precondition {
      condition     = !contains(keys(local.paths), local.probe_path)
      error_message = "The body must not have the path ${local.probe_path}: there the read-only API tells probers that it is there."
    }

    precondition {
      condition     = length(local.by_reference) == 0
      error_message = "The body must write its path items out. These are references, behind which a write would stay open: ${join(", ", local.by_reference)}."
    }

    precondition {
      condition     = length(local.foreign) == 0
      error_message = "The closed names paths that the document does not have: ${join(", ", local.foreign)}. Spell them as the document does."
    }

    precondition {
      condition     = var.unsupported_media_type != null || length(local.hidden) == 0
      error_message = "API Gateway has one UNSUPPORTED_MEDIA_TYPE for the whole API, and that of closed methods would hide ${join(", ", local.hidden)}. Set unsupported_media_type to \"maintenance\" or \"live\"."
    }

    # API Gateway's limit (fact F1).
    precondition {
      condition     = local.document_bytes <= 6 * 1024 * 1024
      error_message = "API Gateway takes API definitions of at most 6 MB, and this one has ${local.document_bytes} bytes: each closed method holds the whole answer. Shorten the answer, or close fewer methods."
    }

    # Such a provider reads the access mode back, and as nothing sets its argument
    # it would plan to take the mode away again, in every run.
    postcondition {
      condition     = var.endpoint_access_mode == null || !contains(keys(self), "endpoint_access_mode")
      error_message = "This version of the AWS provider has endpoint_access_mode as an argument, which the module cannot set, since older ones lack it, and would plan to remove the mode in every run. Use security_policy TLS_1_2 without an access mode, or an AWS provider before the argument."
    }
  }
}

resource "aws_api_gateway_deployment" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id

  # The deployment is a snapshot, so it has to follow the document (facts B4, E3).
  # Inputs only: a hash of the API's attributes would redeploy on the next plan.
  triggers = {
    content = sha256(jsonencode([
      local.document, var.parameters, var.policy, var.binary_media_types, var.minimum_compression_size, var.api_key_source, var.disable_execute_api_endpoint,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "this" {
  rest_api_id   = aws_api_gateway_rest_api.this.id
  deployment_id = aws_api_gateway_deployment.this.id
  stage_name    = var.stage_name
  description   = var.description
  variables     = var.stage_variables

  dynamic "access_log_settings" {
    for_each = var.access_log == null ? [] : [var.access_log]

    content {
      destination_arn = access_log_settings.value.destination_arn
      format          = access_log_settings.value.format
    }
  }

  tags = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_method_settings" "throttle" {
  count = var.throttle == null ? 0 : 1

  rest_api_id = aws_api_gateway_stage.this.rest_api_id
  stage_name  = aws_api_gateway_stage.this.stage_name
  method_path = "*/*"

  settings {
    throttling_rate_limit  = var.throttle.rate
    throttling_burst_limit = var.throttle.burst
  }

  lifecycle {
    create_before_destroy = true
  }
}
