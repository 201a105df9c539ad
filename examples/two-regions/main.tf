# The API, its mock and its domain, once in each region, and one variable for both.

module "region" {
  source = "./region"

  region                  = var.region
  domain_name             = var.domain_name
  certificate_arn         = var.certificate_arn
  zone_id                 = var.zone_id
  backend_url             = var.backend_url
  maintenance_mode        = var.maintenance_mode
  maintenance_message     = var.maintenance_message
  maintenance_retry_after = var.maintenance_retry_after
}

module "other_region" {
  source    = "./region"
  providers = { aws = aws.other }

  region                  = var.other_region
  domain_name             = var.domain_name
  certificate_arn         = var.other_certificate_arn
  zone_id                 = var.zone_id
  backend_url             = var.backend_url
  maintenance_mode        = var.maintenance_mode
  maintenance_message     = var.maintenance_message
  maintenance_retry_after = var.maintenance_retry_after
}
