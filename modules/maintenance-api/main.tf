# ---------------------------------------------------------------------------
# The API
# ---------------------------------------------------------------------------

# A provider that knows these settings would undo a change of them after the
# import: it puts back what it read before. A new API has nothing to put back.
resource "terraform_data" "tls" {
  input = { security_policy = var.security_policy, endpoint_access_mode = var.endpoint_access_mode }
}

# The whole mock is one OpenAPI document (document.tf), so it is created and
# changed in a handful of calls and never half-made.
resource "aws_api_gateway_rest_api" "this" {
  name        = var.name
  description = var.description
  body        = local.document

  endpoint_configuration {
    types = [var.endpoint_type]
  }

  tags = var.tags

  lifecycle {
    # A replacement must exist before the base path mappings move to it (fact E4).
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.tls]

    # Both limits are API Gateway's (facts A6, F1).
    precondition {
      condition     = local.largest_template_bytes <= 300 * 1024
      error_message = "API Gateway takes mapping templates of at most 300 KB, and the answer has ${local.largest_template_bytes} bytes. Shorten message or responses."
    }

    precondition {
      condition     = local.document_bytes <= 6 * 1024 * 1024
      error_message = "API Gateway takes API definitions of at most 6 MB, and this one has ${local.document_bytes} bytes. Shorten message or responses."
    }

    # Such a provider reads the access mode back, and as nothing sets its argument
    # it would plan to take the mode away again, in every run.
    postcondition {
      condition     = var.endpoint_access_mode == null || !contains(keys(self), "endpoint_access_mode")
      error_message = "This version of the AWS provider has endpoint_access_mode as an argument, which the module cannot set, since older ones lack it, and would plan to remove the mode in every run. Use security_policy TLS_1_2 without an access mode, or an AWS provider before the argument."
    }
  }
}

# ---------------------------------------------------------------------------
# What serves it
# ---------------------------------------------------------------------------

resource "aws_api_gateway_deployment" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id

  # The deployment is a snapshot, so it has to follow the document (facts B4, E3).
  # Inputs only: a hash of the API's attributes would redeploy on the next plan.
  triggers = {
    document = sha256(local.document)
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

  dynamic "access_log_settings" {
    for_each = nonsensitive(var.access_log == null) ? [] : [var.access_log]

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
  count = nonsensitive(var.throttle == null) ? 0 : 1

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
