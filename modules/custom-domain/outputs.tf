output "domain_name" {
  description = "The custom domain name."
  value       = local.domain_name
}

output "target_domain_name" {
  description = "Host name that DNS must point the domain at. Null where the domain is managed elsewhere."
  value       = local.target_domain_name
}

output "target_zone_id" {
  description = "Hosted zone id of that host name, for an alias record. Null where the domain is managed elsewhere."
  value       = local.target_zone_id
}

output "urls" {
  description = "URL of each base path. Of a wildcard domain at url_host."
  value       = { for path in local.base_paths : path => "https://${local.url_host}${path}" }
}

output "modes" {
  description = "`live`, `maintenance` or `read-only` for each base path."
  value       = local.modes
}

output "targets" {
  description = "API and stage of each base path, live, in maintenance and read-only (null: the mock), and the path's own maintenance_mode and maintenance_scope. The guard checks a plan against them."
  value       = local.targets
}

output "maintenance_scope" {
  description = "What maintenance takes out of service, `all` or `writes`, for every mapping without a scope of its own."
  value       = var.maintenance_scope
}

output "maintenance_mode" {
  description = "Whether maintenance is in effect, for every mapping without a setting of its own."
  value       = local.maintenance_mode
}
