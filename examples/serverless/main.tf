# The domain that points at the live API or at the mock; the health check stays live.
module "domain" {
  source = "../../modules/custom-domain"

  domain_name     = var.domain_name
  certificate_arn = var.certificate_arn
  zone_id         = var.zone_id

  mappings = {
    "/orders" = { api_id = aws_api_gateway_stage.orders.rest_api_id, stage_name = aws_api_gateway_stage.orders.stage_name }
    "/health" = { api_id = aws_api_gateway_stage.health.rest_api_id, stage_name = aws_api_gateway_stage.health.stage_name, maintenance_mode = false }
  }

  maintenance_api  = module.maintenance_api
  maintenance_mode = var.maintenance_mode
}

# The mock, which answers 503, to the website's pages too.
module "maintenance_api" {
  source = "../../modules/maintenance-api"

  name        = "orders-maintenance"
  message     = var.maintenance_message
  retry_after = var.maintenance_retry_after
  cors        = { allow_origins = [var.website_origin] }
  access_log  = one(module.maintenance_log[*])
}

# The mock's access log. It needs a role that API Gateway has for the whole region,
# which you may have set elsewhere: hence it is off by default.
module "maintenance_log" {
  source = "./log"
  count  = var.log_maintenance ? 1 : 0
}

# The website, on S3 and CloudFront.
module "website" {
  source = "./website"
  count  = var.create_website ? 1 : 0

  bucket_name     = var.website_bucket_name
  domain_name     = trimprefix(var.website_origin, "https://")
  certificate_arn = var.website_certificate_arn
  zone_id         = var.zone_id
  api_url         = module.domain.urls["/orders"]
}
