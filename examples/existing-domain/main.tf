# The domain, its certificate, its records and the live APIs are managed
# elsewhere. Of the domain, only the mappings listed here are managed.

# The mock beside the live APIs, which answers 503.
module "maintenance_api" {
  source = "../../modules/maintenance-api"

  name        = "orders-maintenance"
  message     = var.maintenance_message
  retry_after = var.maintenance_retry_after
}

module "domain" {
  source = "../../modules/custom-domain"

  domain_name        = var.domain_name
  create_domain_name = false

  mappings = var.mappings

  maintenance_api  = module.maintenance_api
  maintenance_mode = var.maintenance_mode
}

# Adopts each mapping as it is: the plan shows an import and no change while
# maintenance is off. Take this block away after the first apply.
import {
  for_each = var.mappings

  to = module.domain.aws_api_gateway_base_path_mapping.this[each.key]
  id = "${var.domain_name}${each.key}"
}
