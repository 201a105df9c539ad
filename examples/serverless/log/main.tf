# A log group, and the role with which API Gateway writes to the log groups of this
# region. The account has one such role for each region.
resource "aws_cloudwatch_log_group" "this" {
  name              = "orders-maintenance"
  retention_in_days = 30
}

resource "aws_iam_role" "this" {
  name = "apigateway-logs"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "apigateway.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

resource "aws_api_gateway_account" "this" {
  cloudwatch_role_arn = aws_iam_role.this.arn

  depends_on = [aws_iam_role_policy_attachment.this]
}

output "destination_arn" {
  description = "ARN of the log group, known once API Gateway may write to it."
  value       = aws_cloudwatch_log_group.this.arn
  depends_on  = [aws_api_gateway_account.this]
}
