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
  description = "The API's domain name, such as api.example.com."
  type        = string
}

variable "region" {
  description = "The one region."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "other_region" {
  description = "The other region."
  type        = string
  default     = "eu-central-1"
  nullable    = false
}

variable "certificate_arn" {
  description = "ARN of an ACM certificate for it, in the one region."
  type        = string
}

variable "other_certificate_arn" {
  description = "ARN of an ACM certificate for it, in the other region."
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
