variable "maintenance_mode" {
  description = "Take the API out of service: every request gets 503 and the maintenance message."
  type        = bool
  default     = false
  nullable    = false
}

variable "maintenance_message" {
  description = "What clients and people read while maintenance is on."
  type        = string
  default     = "We are down for maintenance and will be back soon."
  nullable    = false
}

variable "maintenance_retry_after" {
  description = "When to come back: seconds, or an RFC 3339 time. Null says nothing."
  type        = string
  default     = "120"
}

variable "domain_name" {
  description = "The domain name that exists, such as api.example.com."
  type        = string
}

variable "mappings" {
  description = "What each base path serves today: \"/\" for the root, else \"/\" and one segment."
  type = map(object({
    api_id           = string
    stage_name       = string
    maintenance_mode = optional(bool)
  }))
}
