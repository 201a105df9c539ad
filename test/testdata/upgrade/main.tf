# The root of ../original after the upgrade that docs/upgrade.md describes.

# The same REST API and stage as before, so that mappings stay as they are.
module "maintenance_api" {
  source = "../../../modules/maintenance-api"

  name        = "orders-maintenance"
  stage_name  = "prod"
  message     = var.maintenance_message
  retry_after = var.maintenance_retry_after
}

module "domain" {
  source = "../../../modules/custom-domain"

  domain_name     = var.domain_name
  certificate_arn = var.certificate_arn
  zone_id         = var.zone_id

  mappings = {
    "/" = { api_id = aws_api_gateway_stage.live.rest_api_id, stage_name = aws_api_gateway_stage.live.stage_name }
  }

  maintenance_api  = module.maintenance_api
  maintenance_mode = var.maintenance_mode
}
