output "urls" {
  description = "URL of each base path, by domain name and base path."
  value       = merge([for name, domain in module.domain : { for path, url in domain.urls : "${name}${path}" => url }]...)
}

output "modes" {
  description = "live or maintenance, by domain name and base path."
  value       = merge([for name, domain in module.domain : { for path, mode in domain.modes : "${name}${path}" => mode }]...)
}

output "targets" {
  description = "By domain name: API and stage of each base path, live and in maintenance."
  value       = { for name, domain in module.domain : name => domain.targets }
}

output "maintenance_mode" {
  description = "Whether maintenance is in effect, on both domains."
  value       = alltrue([for domain in module.domain : domain.maintenance_mode])
}
