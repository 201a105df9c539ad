# ---------------------------------------------------------------------------
# What is in effect
# ---------------------------------------------------------------------------

locals {
  # An explicit true or false wins; null follows the window.
  window_open = var.maintenance_window == null ? false : (
    timecmp(plantimestamp(), var.maintenance_window.start) >= 0 && timecmp(plantimestamp(), var.maintenance_window.end) < 0
  )
  maintenance_mode = var.maintenance_mode == null ? local.window_open : var.maintenance_mode

  # A mapping's own settings win over all.
  in_maintenance = {
    for path, mapping in var.mappings : path => mapping.maintenance_mode == null ? local.maintenance_mode : mapping.maintenance_mode
  }
  scopes = {
    for path, mapping in var.mappings : path => mapping.maintenance_scope == null ? var.maintenance_scope : mapping.maintenance_scope
  }

  # The fallback is spelled as the mode that it is.
  modes = {
    for path, mapping in var.mappings : path => (
      !local.in_maintenance[path] ? "live" : local.scopes[path] == "all" ? "maintenance" : mapping.read_only == null ? var.read_only_fallback : "read-only"
    )
  }

  live = { for path, mapping in var.mappings : path => { api_id = mapping.api_id, stage_name = mapping.stage_name } }
  targets = {
    for path, mapping in var.mappings : path => {
      live        = local.live[path]
      maintenance = { api_id = var.maintenance_api.api_id, stage_name = var.maintenance_api.stage_name }

      # Where the scope "writes" leads; null is the mock.
      read_only = mapping.read_only != null ? mapping.read_only : var.read_only_fallback == "live" ? local.live[path] : null

      # The guard tells by them a path that was exempt from one that follows.
      maintenance_mode  = mapping.maintenance_mode
      maintenance_scope = mapping.maintenance_scope
    }
  }
  pointed_at = {
    for path, mode in local.modes : path => local.targets[path][replace(mode, "-", "_")]
  }
}

# ---------------------------------------------------------------------------
# What exists, whatever is unknown or sensitive
# ---------------------------------------------------------------------------

# Terraform has to know while planning what there will be, and must be allowed
# to show it. So only names decide it, and those are no secrets.
locals {
  domain_name = nonsensitive(var.domain_name)
  url_host    = nonsensitive(coalesce(var.url_host, replace(var.domain_name, "/^[*]/", "maintenance-probe")))
  base_paths  = nonsensitive(toset(keys(var.mappings)))

  # An id is a string and the default a list, so whether there is one is known
  # even where the zone is made by the same apply.
  has_zone = length(flatten([var.zone_id])) == 1
}

# ---------------------------------------------------------------------------
# The domain
# ---------------------------------------------------------------------------

resource "aws_api_gateway_domain_name" "this" {
  count = var.create_domain_name ? 1 : 0

  domain_name              = local.domain_name
  certificate_arn          = var.endpoint_type == "EDGE" ? var.certificate_arn : null
  regional_certificate_arn = var.endpoint_type == "REGIONAL" ? var.certificate_arn : null
  security_policy          = var.security_policy

  ownership_verification_certificate_arn = var.ownership_verification_certificate_arn

  endpoint_configuration {
    types           = [var.endpoint_type]
    ip_address_type = var.ip_address_type
  }

  dynamic "mutual_tls_authentication" {
    for_each = nonsensitive(var.mutual_tls == null) ? [] : [var.mutual_tls]

    content {
      truststore_uri     = mutual_tls_authentication.value.truststore_uri
      truststore_version = mutual_tls_authentication.value.truststore_version
    }
  }

  tags = var.tags
}

locals {
  target_domain_name = !var.create_domain_name ? null : (
    var.endpoint_type == "EDGE" ? aws_api_gateway_domain_name.this[0].cloudfront_domain_name : aws_api_gateway_domain_name.this[0].regional_domain_name
  )
  target_zone_id = !var.create_domain_name ? null : (
    var.endpoint_type == "EDGE" ? aws_api_gateway_domain_name.this[0].cloudfront_zone_id : aws_api_gateway_domain_name.this[0].regional_zone_id
  )
}

# ---------------------------------------------------------------------------
# The switch
# ---------------------------------------------------------------------------

# An in-place update of api_id and stage_name, one call per mapping (facts D1,
# E1). Nothing here touches the domain in a switch, since an update of a domain
# is slow (fact E7).
resource "aws_api_gateway_base_path_mapping" "this" {
  for_each = local.base_paths

  domain_name = var.create_domain_name ? aws_api_gateway_domain_name.this[0].domain_name : local.domain_name
  base_path   = each.key == "/" ? null : trimprefix(each.key, "/")
  api_id      = local.pointed_at[each.key].api_id
  stage_name  = local.pointed_at[each.key].stage_name

  lifecycle {
    # A domain that exists as the other type has no target of this one yet.
    precondition {
      condition     = local.target_domain_name != ""
      error_message = "The domain ${local.domain_name} exists with another endpoint type, and its DNS records would be left without a target. Migrate it first as AWS describes (\"Migrate a custom domain name to a different API endpoint type\"), then run terraform apply -refresh-only and apply again."
    }
  }
}

# ---------------------------------------------------------------------------
# DNS: it points at the domain, not at an API, so a switch never touches it
# ---------------------------------------------------------------------------

resource "aws_route53_record" "this" {
  for_each = toset(!local.has_zone ? [] : var.ip_address_type == "dualstack" ? ["A", "AAAA"] : ["A"])

  zone_id        = var.zone_id
  name           = local.domain_name
  type           = each.key
  set_identifier = var.latency_region

  dynamic "latency_routing_policy" {
    for_each = nonsensitive(var.latency_region == null) ? [] : [var.latency_region]

    content {
      region = latency_routing_policy.value
    }
  }

  alias {
    name                   = local.target_domain_name
    zone_id                = local.target_zone_id
    evaluate_target_health = var.evaluate_target_health
  }
}
