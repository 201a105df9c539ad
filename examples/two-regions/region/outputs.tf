output "urls" {
  description = "URL of each base path."
  value       = module.domain.urls
}

output "modes" {
  description = "live or maintenance, for each base path."
  value       = module.domain.modes
}

output "targets" {
  description = "API and stage of each base path, live and in maintenance."
  value       = module.domain.targets
}
