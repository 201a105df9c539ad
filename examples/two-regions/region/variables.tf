variable "region" {
  description = "Name of this region."
  type        = string
}

variable "maintenance_mode" {
  description = "Take the API out of service in this region."
  type        = bool
}

variable "maintenance_message" {
  description = "What clients and people read while maintenance is on."
  type        = string
}

variable "maintenance_retry_after" {
  description = "When to come back: seconds, or an RFC 3339 time. Null says nothing."
  type        = string
}

variable "domain_name" {
  description = "The API's domain name, the same in every region."
  type        = string
}

variable "certificate_arn" {
  description = "ARN of an ACM certificate for it, in this region."
  type        = string
}

variable "zone_id" {
  description = "Id of the Route 53 hosted zone that holds it."
  type        = string
}

variable "backend_url" {
  description = "URL of the backend that the live API proxies to, without a slash at the end."
  type        = string
}
