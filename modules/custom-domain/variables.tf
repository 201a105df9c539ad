variable "domain_name" {
  description = "The custom domain name, such as api.example.com."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z]([a-z0-9-]{0,61}[a-z0-9])$", var.domain_name)) && length(var.domain_name) <= 253
    error_message = "The domain_name must be a full host name in lower case, such as \"api.example.com\"."
  }
}

variable "create_domain_name" {
  description = "False where the domain is managed elsewhere: then only its mappings are managed here, and the inputs that describe the domain must be left out."
  type        = bool
  default     = true
  nullable    = false
}

variable "certificate_arn" {
  description = "ARN of the ACM certificate: of the same region for REGIONAL, of us-east-1 for EDGE."
  type        = string
  default     = null

  validation {
    condition     = var.certificate_arn == null ? true : can(regex("^arn:[^:]+:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", var.certificate_arn))
    error_message = "The certificate_arn must be the ARN of an ACM certificate."
  }

  validation {
    condition     = !var.create_domain_name || var.certificate_arn != null
    error_message = "A domain needs a certificate: set certificate_arn, or create_domain_name = false for a domain that is managed elsewhere."
  }

  validation {
    condition     = var.create_domain_name || var.certificate_arn == null
    error_message = "With create_domain_name = false the domain is managed elsewhere: leave certificate_arn out."
  }

  validation {
    condition     = var.certificate_arn == null || var.endpoint_type != "EDGE" ? true : can(regex("^arn:[^:]+:acm:us-east-1:", var.certificate_arn))
    error_message = "An EDGE domain takes its certificate from us-east-1: request or import it there, and give that ARN as certificate_arn."
  }
}

variable "endpoint_type" {
  description = "REGIONAL or EDGE."
  type        = string
  default     = "REGIONAL"
  nullable    = false

  validation {
    condition     = contains(["REGIONAL", "EDGE"], var.endpoint_type)
    error_message = "The endpoint_type must be REGIONAL or EDGE. PRIVATE domains are not supported."
  }

  validation {
    condition     = var.create_domain_name || var.endpoint_type == "REGIONAL"
    error_message = "With create_domain_name = false the domain is managed elsewhere: leave endpoint_type out."
  }
}

variable "security_policy" {
  description = "TLS_1_2 or TLS_1_0."
  type        = string
  default     = "TLS_1_2"
  nullable    = false

  validation {
    condition     = contains(["TLS_1_0", "TLS_1_2"], var.security_policy)
    error_message = "The security_policy must be TLS_1_2 or TLS_1_0."
  }

  validation {
    condition     = var.create_domain_name || var.security_policy == "TLS_1_2"
    error_message = "With create_domain_name = false the domain is managed elsewhere: leave security_policy out."
  }
}

variable "ip_address_type" {
  description = "ipv4 or dualstack. With dualstack and a zone_id there is an AAAA record too."
  type        = string
  default     = "ipv4"
  nullable    = false

  validation {
    condition     = contains(["ipv4", "dualstack"], var.ip_address_type)
    error_message = "The ip_address_type must be ipv4 or dualstack."
  }

  validation {
    condition     = var.create_domain_name || var.ip_address_type == "ipv4"
    error_message = "With create_domain_name = false the domain is managed elsewhere: leave ip_address_type out."
  }
}

variable "mutual_tls" {
  description = "Truststore of a mutual-TLS domain. Clients need their certificate in maintenance too."
  type = object({
    truststore_uri     = string
    truststore_version = optional(string)
  })
  default = null

  validation {
    condition     = var.mutual_tls == null ? true : can(regex("^s3://[^/]+/.+$", var.mutual_tls.truststore_uri))
    error_message = "The mutual_tls.truststore_uri must be an S3 URI, such as \"s3://bucket/truststore.pem\"."
  }

  validation {
    condition     = var.mutual_tls == null || (var.endpoint_type == "REGIONAL" && var.security_policy == "TLS_1_2")
    error_message = "API Gateway offers mutual TLS on REGIONAL domains with security_policy TLS_1_2 only."
  }

  validation {
    condition     = var.create_domain_name || var.mutual_tls == null
    error_message = "With create_domain_name = false the domain is managed elsewhere: leave mutual_tls out."
  }
}

variable "zone_id" {
  description = "Id of your Route 53 hosted zone, for the alias records. Null where DNS is elsewhere: point it at target_domain_name."
  type        = string
  default     = null

  validation {
    condition     = var.zone_id == null ? true : can(regex("^Z[A-Z0-9]+$", var.zone_id))
    error_message = "The zone_id must be a Route 53 hosted zone id, such as \"Z0123456789ABCDEFGHIJ\"."
  }

  validation {
    condition     = var.create_domain_name || var.zone_id == null
    error_message = "With create_domain_name = false the domain is managed elsewhere, and so are its records: leave zone_id out."
  }
}

variable "mappings" {
  description = "What each base path serves: \"/\" for the root, else \"/\" and one segment. A mapping's own maintenance_mode wins over all: true keeps it out of service, false keeps it in."
  type = map(object({
    api_id           = string
    stage_name       = string
    maintenance_mode = optional(bool)
  }))
  nullable = false

  validation {
    condition     = length(var.mappings) > 0
    error_message = "At least one of mappings is needed: without any, nothing of the domain is served or switched."
  }

  validation {
    condition     = alltrue([for path in keys(var.mappings) : startswith(path, "/")])
    error_message = "Each key of mappings must begin with \"/\": \"/\" for the root, \"/orders\" for a base path."
  }

  validation {
    condition     = alltrue([for path in keys(var.mappings) : length(split("/", trimprefix(path, "/"))) == 1])
    error_message = "A base path in mappings must have one segment, such as \"/orders\": several segments need another kind of mapping, which cannot be switched without a gap."
  }

  validation {
    condition     = alltrue([for path in keys(var.mappings) : path == "/" || can(regex("^/[^/]*/|^[^/]|^/[A-Za-z0-9$_.+!*'()-]{1,300}$", path))])
    error_message = "A base path in mappings must consist of letters, digits and $-_.+!*'() characters."
  }
}

variable "maintenance_api" {
  description = "The mock: api_id and stage_name of the maintenance-api module."
  type = object({
    api_id     = string
    stage_name = string
  })
  nullable = false
}

variable "maintenance_mode" {
  description = "True or false switches; null follows maintenance_window, and means false without one."
  type        = bool
  default     = null
}

variable "maintenance_window" {
  description = "Start and end of an announced window in RFC 3339. It opens and closes at the first apply after either time."
  type = object({
    start = string
    end   = string
  })
  default = null

  validation {
    condition     = var.maintenance_window == null ? true : can(timeadd(var.maintenance_window.start, "0s")) && can(timeadd(var.maintenance_window.end, "0s"))
    error_message = "The start and end of maintenance_window must be RFC 3339 times, such as \"2027-01-31T04:00:00+01:00\"."
  }

  validation {
    condition     = var.maintenance_window == null ? true : try(timecmp(var.maintenance_window.start, var.maintenance_window.end) < 0, true)
    error_message = "The maintenance_window must start before it ends."
  }
}

variable "tags" {
  description = "Tags of the domain name."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = var.create_domain_name || length(var.tags) == 0
    error_message = "With create_domain_name = false the domain is managed elsewhere: leave tags out."
  }
}
