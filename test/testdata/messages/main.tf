# One mock for each message, so that many texts are served from one apply.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {}

variable "messages" {
  description = "The texts to serve."
  type        = list(string)
}

variable "responses" {
  description = "Bodies of every mock."
  type        = map(string)
  default     = {}
}

module "maintenance_api" {
  source   = "../../../modules/maintenance-api"
  for_each = { for i, message in var.messages : tostring(i) => message }

  name      = "messages-${each.key}"
  message   = each.value
  responses = { for type, body in var.responses : type => replace(body, "MESSAGE", each.value) }
}

output "invoke_urls" {
  description = "Where each message is served."
  value       = [for i in range(length(var.messages)) : module.maintenance_api[tostring(i)].invoke_url]
}
