# The orders service: a Go program as a Lambda function.
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  description   = "Lists, takes and finds orders."
  role          = aws_iam_role.orders.arn

  filename         = local.package
  source_code_hash = filebase64sha256(local.package)
  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]
  timeout          = 10 # seconds; API Gateway waits for 29

  environment {
    variables = { ALLOWED_ORIGIN = var.website_origin }
  }

  depends_on = [aws_cloudwatch_log_group.orders, aws_iam_role_policy_attachment.orders]
}

locals {
  package = "${path.module}/${var.package}"
}

resource "aws_cloudwatch_log_group" "orders" {
  name              = "/aws/lambda/orders"
  retention_in_days = 30
}

# What the function may do: write its log.
resource "aws_iam_role" "orders" {
  name = "orders"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "orders" {
  role       = aws_iam_role.orders.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

# Who may call it: the two APIs.
resource "aws_lambda_permission" "api" {
  for_each = {
    orders = aws_api_gateway_rest_api.orders.execution_arn
    health = aws_api_gateway_rest_api.health.execution_arn
  }

  statement_id  = each.key
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${each.value}/*"
}
