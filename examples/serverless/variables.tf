variable "maintenance_mode" {
  description = "Take the orders API out of service: every request gets 503 and the maintenance message."
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

variable "log_maintenance" {
  description = "Log what the mock answers, by a role that API Gateway then has for the whole region."
  type        = bool
  default     = false
  nullable    = false
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

variable "package" {
  description = "The function's zip, as a path from this folder; the README says how to build it."
  type        = string
  default     = ".build/orders.zip"
  nullable    = false
}

variable "architecture" {
  description = "What the function was built for: arm64 or x86_64."
  type        = string
  default     = "arm64"
  nullable    = false
}

variable "website_origin" {
  description = "Where the website is: its pages, and no others, may call the API from a browser."
  type        = string
  default     = "https://app.example.com"
  nullable    = false

  validation {
    condition     = can(regex("^https://[a-z0-9.-]+$", var.website_origin))
    error_message = "The website_origin must be https:// and a domain name in lower case, without a path."
  }
}

variable "create_website" {
  description = "Serve the website from S3 and CloudFront."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.create_website || var.website_bucket_name != null && var.website_certificate_arn != null
    error_message = "With create_website, set website_bucket_name and website_certificate_arn too."
  }
}

variable "website_bucket_name" {
  description = "Name of a bucket to make for the website's pages."
  type        = string
  default     = null
}

variable "website_certificate_arn" {
  description = "ARN of an ACM certificate for the website, in us-east-1."
  type        = string
  default     = null
}
