variable "maintenance_mode" {
  description = "Take all APIs out of service, but for /health."
  type        = bool
  default     = false
  nullable    = false
}

variable "out_of_service" {
  description = "Base paths to take out of service while the others live, such as [\"/orders\"]."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setsubtract(var.out_of_service, ["/orders", "/users"])) == 0
    error_message = "Only \"/orders\" and \"/users\" can be taken out of service: /health stays live, and nothing else is served."
  }
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
  description = "The APIs' domain name, such as api.example.com."
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
  description = "URL of the backend that the live APIs proxy to, without a slash at the end."
  type        = string

  validation {
    condition     = can(regex("^https?://[^/]+(/.*[^/])?$", var.backend_url))
    error_message = "The backend_url must begin with http:// or https:// and have no slash at the end."
  }
}
