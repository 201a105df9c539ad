# Many read-only APIs in one plan, for the property test over drawn documents.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {}

variable "documents" {
  description = "By name: the live document as JSON, and what closes in it."
  type        = any
}

variable "maintenance_message" {
  type = string
}

module "maintenance_api" {
  source = "../../../modules/maintenance-api"

  message     = var.maintenance_message
  retry_after = "120"
}

module "read_only" {
  source   = "../../../modules/read-only-api"
  for_each = var.documents

  name                   = each.key
  body                   = each.value.body
  answer                 = module.maintenance_api.answer
  closed                 = each.value.closed
  require_authorization  = each.value.require_authorization
  unsupported_media_type = each.value.unsupported_media_type
}
