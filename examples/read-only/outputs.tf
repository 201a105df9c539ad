output "urls" {
  description = "URL of each base path."
  value       = module.domain.urls
}

output "modes" {
  description = "live, maintenance or read-only for each base path."
  value       = module.domain.modes
}

output "targets" {
  description = "API and stage of each base path, live, in maintenance and read-only."
  value       = module.domain.targets
}

output "maintenance_mode" {
  description = "Whether maintenance is in effect."
  value       = module.domain.maintenance_mode
}

output "maintenance_scope" {
  description = "What maintenance takes out of service."
  value       = module.domain.maintenance_scope
}

output "closed" {
  description = "The methods that get the 503 while only writes are out, by path."
  value       = module.read_only_api.closed
}
