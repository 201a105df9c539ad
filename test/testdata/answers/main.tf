# One mock for each way to say when maintenance ends.

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

locals {
  window = { start = "2127-01-31T04:00:00+01:00", end = "2127-01-31T05:30:00+01:00" }

  mocks = {
    plain   = { retry_after = null, window = null, status_url = null, status_code = 503 }
    seconds = { retry_after = "120", window = null, status_url = null, status_code = 599 }
    moment  = { retry_after = "2127-01-31T05:00:00-03:30", window = null, status_url = null, status_code = 503 }
    window  = { retry_after = null, window = local.window, status_url = "https://status.example.com/?team=orders&lang=en", status_code = 503 }
  }
}

module "maintenance_api" {
  source   = "../../../modules/maintenance-api"
  for_each = local.mocks

  name        = "answers-${each.key}"
  message     = "Back \"soon\" & for $0 #1."
  retry_after = each.value.retry_after
  status_url  = each.value.status_url
  status_code = each.value.status_code

  maintenance_window = each.value.window
}

output "invoke_urls" {
  description = "Where each answer is served."
  value       = { for name, mock in module.maintenance_api : name => mock.invoke_url }
}
