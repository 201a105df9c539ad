variable "maintenance_mode" {
  type    = bool
  default = false
}

variable "revision" {
  description = "Goes into the deployment's triggers: another value redeploys."
  type        = string
  default     = "1"
}

variable "greeting" {
  description = "What the mock integration and the gateway response say."
  type        = string
  default     = "hello"
}

variable "domain_name" {
  type = string
}

variable "certificate_arn" {
  type = string
}

variable "zone_id" {
  type = string
}

variable "backend_url" {
  type = string
}
