output "urls" {
  description = "URL of each base path."
  value       = module.domain.urls
}

output "modes" {
  description = "live or maintenance for each base path."
  value       = module.domain.modes
}

output "targets" {
  description = "API and stage of each base path, live and in maintenance."
  value       = module.domain.targets
}

output "maintenance_mode" {
  description = "Whether maintenance is in effect for the orders API."
  value       = module.domain.maintenance_mode
}

output "expected_answers" {
  description = "A line for each base path, what clients must get and its URL: read by verify.sh."
  value       = join("\n", [for path, url in module.domain.urls : "${module.domain.modes[path]} ${url}"])
}
