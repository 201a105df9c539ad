variable "maintenance_mode" {
  description = "True or false switches at once and wins over the window; null leaves it to the window."
  type        = bool
  default     = null
}

variable "maintenance_window_start" {
  description = "Start of the announced window in RFC 3339, such as 2027-01-31T04:00:00+01:00. Null: no window."
  type        = string
  default     = null
}

variable "maintenance_window_end" {
  description = "End of the announced window in RFC 3339. Null: no window."
  type        = string
  default     = null

  validation {
    condition     = (var.maintenance_window_start == null) == (var.maintenance_window_end == null)
    error_message = "Give both maintenance_window_start and maintenance_window_end, or neither."
  }
}

variable "maintenance_message" {
  description = "What clients and people read while maintenance is on."
  type        = string
  default     = "We are down for maintenance and will be back soon."
  nullable    = false
}

variable "maintenance_retry_after" {
  description = "When to come back: seconds, or an RFC 3339 time. Null says the window's end."
  type        = string
  default     = null
}

variable "domain_name" {
  description = "The API's domain name, such as api.example.com."
  type        = string
}

variable "certificate_arn" {
  description = "ARN of an ACM certificate for it, in the same region."
  type        = string
}

variable "zone_id" {
  description = "Id of the Route 53 hosted zone that holds it."
  type        = string
}

variable "backend_url" {
  description = "URL of the backend that the live API proxies to, without a slash at the end."
  type        = string

  validation {
    condition     = can(regex("^https?://[^/]+(/.*[^/])?$", var.backend_url))
    error_message = "The backend_url must begin with http:// or https:// and have no slash at the end."
  }
}
