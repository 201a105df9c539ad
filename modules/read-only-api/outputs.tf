# From the stage, so that whoever uses them waits for an API that answers.

output "api_id" {
  description = "Id of the read-only REST API."
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
  description = "URL of its stage under execute-api; answers only if disable_execute_api_endpoint is false."
  value       = aws_api_gateway_stage.this.invoke_url
}

output "execution_arn" {
  description = "Execution ARN of its stage. A Lambda behind the API needs a permission for it, as for the live API."
  value       = aws_api_gateway_stage.this.execution_arn
}

output "closed" {
  description = "The methods that get the maintenance answer, by path."
  value       = { for path, methods in local.closed : path => methods if length(methods) > 0 }
}
