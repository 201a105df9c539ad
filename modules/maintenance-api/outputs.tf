# From the stage, so that whoever uses them waits for a mock that answers.

output "api_id" {
  description = "Id of the maintenance REST API."
  value       = aws_api_gateway_stage.this.rest_api_id
}

output "stage_name" {
  description = "Name of its stage."
  value       = aws_api_gateway_stage.this.stage_name
}

output "stage_arn" {
  description = "ARN of its stage, for a WAF association."
  value       = aws_api_gateway_stage.this.arn
}

output "invoke_url" {
  description = "URL under execute-api that gives the maintenance answer at all times, switched or not."
  value       = aws_api_gateway_stage.this.invoke_url
}

output "execution_arn" {
  description = "Execution ARN of its stage."
  value       = aws_api_gateway_stage.this.execution_arn
}

output "status_code" {
  description = "Status of the maintenance answer."
  value       = var.status_code
}

output "retry_at" {
  description = "The moment of retry_after in UTC; null where it is seconds or left out. custom-domain refuses to switch on with one that is past."
  value       = var.retry_after == null || !local.retry_is_moment ? null : local.moments.retry
}

output "marker_header" {
  description = "Name of the header, with the value `on`, that only the maintenance answer bears."
  value       = "X-Maintenance-Mode"
}

output "answer" {
  description = "The answer in parts, for read-only-api: integration and declared headers of a closed method and of its OPTIONS (null without CORS), and the gateway response."
  value = {
    method = {
      headers     = { for status, response in local.any_method.responses : status => keys(response.headers) }
      integration = local.any_method.x-amazon-apigateway-integration
    }

    options = local.cors == null ? null : {
      headers     = { for status, response in local.options_method.responses : status => keys(response.headers) }
      integration = local.options_method.x-amazon-apigateway-integration
    }

    gateway_response = local.gateway_response
  }
}
