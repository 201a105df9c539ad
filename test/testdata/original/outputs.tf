output "urls" {
  description = "URL of each base path."
  value       = { "/" = "https://${var.domain_name}/" }
}

output "modes" {
  description = "live or maintenance for each base path."
  value       = { "/" = var.maintenance_mode ? "maintenance" : "live" }
}
