output "urls" {
  description = "URL of each base path, by region: the same in both, as clients know one name."
  value       = { region = module.region.urls, other_region = module.other_region.urls }
}

output "modes" {
  description = "live or maintenance for each base path, by region."
  value       = { region = module.region.modes, other_region = module.other_region.modes }
}

output "targets" {
  description = "By region: API and stage of each base path, live and in maintenance."
  value       = { region = module.region.targets, other_region = module.other_region.targets }
}

output "maintenance_mode" {
  description = "Whether maintenance is in effect, in both regions."
  value       = var.maintenance_mode
}
