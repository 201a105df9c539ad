variable "domain_name" {
  description = "The custom domain name, such as api.example.com, or a wildcard such as *.example.com."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[[:ascii:]]*$", var.domain_name))
    error_message = "DNS knows names with other letters than a to z in another spelling: write \"bücher.example\" as \"xn--bcher-kva.example\". Convert ${var.domain_name} so, and take that for domain_name and for the certificate."
  }

  validation {
    condition     = var.domain_name == lower(var.domain_name)
    error_message = "API Gateway takes domain names in lower case only: write domain_name as \"${lower(var.domain_name)}\"."
  }

  validation {
    condition     = !endswith(var.domain_name, ".")
    error_message = "API Gateway takes domain names without the closing dot: write domain_name as \"${trimsuffix(var.domain_name, ".")}\"."
  }

  validation {
    condition = !can(regex("^[[:ascii:]]*$", var.domain_name)) || length(var.domain_name) <= 253 && can(
      regex("^([*][.])?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z]([a-z0-9-]{0,61}[a-z0-9])$", trimsuffix(lower(var.domain_name), "."))
    )
    error_message = "The domain_name must be a full host name, such as \"api.example.com\", or a wildcard for one label, such as \"*.example.com\": no scheme, port or path."
  }
}

variable "url_host" {
  description = "Host name in `urls`, so the one that `maintenance` asks: for a wildcard domain_name a name that it covers and that your DNS leads here. Null is the domain_name itself, and \"maintenance-probe\" in place of the asterisk."
  type        = string
  default     = null

  validation {
    condition     = var.url_host == null ? true : startswith(var.domain_name, "*.") || var.url_host == var.domain_name
    error_message = "A url_host other than the domain_name is for wildcard domains: leave it out."
  }

  validation {
    condition     = var.url_host == null || !startswith(var.domain_name, "*.") ? true : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", trimsuffix(var.url_host, trimprefix(var.domain_name, "*"))))
    error_message = "The url_host must be one label in place of the asterisk of ${var.domain_name}, such as \"shop${trimprefix(var.domain_name, "*")}\"."
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
    condition     = var.certificate_arn == null || var.endpoint_type != "EDGE" ? true : !can(regex("^arn:aws-(cn|us-gov):", var.certificate_arn))
    error_message = "The China and GovCloud regions have no EDGE domains: use endpoint_type REGIONAL there."
  }

  validation {
    condition     = var.certificate_arn == null || var.endpoint_type != "EDGE" ? true : can(regex("^arn:aws-(cn|us-gov):|^arn:[^:]+:acm:us-east-1:", var.certificate_arn))
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
  description = "TLS_1_2 or TLS_1_0. The enhanced policies (SecurityPolicy_*) need an argument that AWS provider 5 lacks."
  type        = string
  default     = "TLS_1_2"
  nullable    = false

  validation {
    condition     = !startswith(var.security_policy, "SecurityPolicy_")
    error_message = "AWS takes ${var.security_policy} only with an endpoint access mode, an argument that AWS provider 5 lacks, so this module cannot set it. Make the domain and its records yourself, and have the mappings managed here with create_domain_name = false."
  }

  validation {
    condition     = startswith(var.security_policy, "SecurityPolicy_") || contains(["TLS_1_0", "TLS_1_2"], var.security_policy)
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

variable "ownership_verification_certificate_arn" {
  description = "ARN of a public ACM certificate for the name, which proves that it is yours: for mutual TLS with an imported certificate or one of a private CA. On a domain that exists, apply this before mutual_tls."
  type        = string
  default     = null

  validation {
    condition     = var.ownership_verification_certificate_arn == null ? true : can(regex("^arn:[^:]+:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", var.ownership_verification_certificate_arn))
    error_message = "The ownership_verification_certificate_arn must be the ARN of an ACM certificate."
  }

  validation {
    condition     = var.ownership_verification_certificate_arn == null || var.endpoint_type == "REGIONAL"
    error_message = "The ownership of a name is proved for mutual TLS, which API Gateway offers on REGIONAL domains only: leave ownership_verification_certificate_arn out."
  }

  validation {
    condition     = var.create_domain_name || var.ownership_verification_certificate_arn == null
    error_message = "With create_domain_name = false the domain is managed elsewhere: leave ownership_verification_certificate_arn out."
  }
}

variable "zone_id" {
  description = "Id of your Route 53 hosted zone, for the alias records; it may be made in the same root. Left out or null where DNS is elsewhere: point it at target_domain_name."
  type        = any
  default     = []
  nullable    = false

  validation {
    condition     = length(flatten([var.zone_id])) == 0 || can(regex("^Z[A-Z0-9]+$", var.zone_id))
    error_message = "The zone_id must be a Route 53 hosted zone id, such as \"Z0123456789ABCDEFGHIJ\"."
  }

  validation {
    condition     = var.create_domain_name || length(flatten([var.zone_id])) == 0
    error_message = "With create_domain_name = false the domain is managed elsewhere, and so are its records: leave zone_id out."
  }
}

variable "evaluate_target_health" {
  description = "Whether the alias records evaluate the health of their target. Give what the records have that you adopt."
  type        = bool
  default     = false
  nullable    = false
}

variable "latency_region" {
  description = "This region's name where the same domain_name is a domain in several regions: the records become latency records, one set in each. Null: simple records."
  type        = string
  default     = null

  validation {
    condition     = var.latency_region == null ? true : can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]+$", var.latency_region))
    error_message = "The latency_region must be the name of an AWS region, such as \"eu-west-1\"."
  }

  validation {
    condition     = var.latency_region == null || length(flatten([var.zone_id])) == 1
    error_message = "A latency_region is for the records of a zone_id: give one, or leave latency_region out."
  }

  validation {
    condition     = var.latency_region == null || var.endpoint_type == "REGIONAL"
    error_message = "An EDGE domain is in all regions at once: leave latency_region out."
  }
}

variable "mappings" {
  description = "What each base path serves: \"/\" for the root, else \"/\" and one segment. A stage_name of null leaves it to callers to name the stage in the path. A mapping's own maintenance_mode wins over all: true keeps it out of service, false keeps it in; so does its own maintenance_scope. read_only is api_id and stage_name of its read-only-api module."
  type = map(object({
    api_id            = string
    stage_name        = string
    maintenance_mode  = optional(bool)
    maintenance_scope = optional(string)
    read_only = optional(object({
      api_id     = string
      stage_name = string
    }))
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
    error_message = "A base path in mappings must consist of letters, digits and $-_.+!*'() characters, 300 at most."
  }

  validation {
    condition = alltrue([
      for mapping in values(var.mappings) : mapping.read_only == null ? true : (mapping.stage_name == null) == (mapping.read_only.stage_name == null)
    ])
    error_message = "Where callers name the stage in the path (stage_name = null), they do so for read_only too: give both a stage_name, or neither."
  }

  validation {
    condition     = length(setintersection(keys(var.mappings), ["/ping", "/sping"])) == 0
    error_message = "API Gateway answers \"/ping\" and \"/sping\" of a custom domain itself, for its own health check: a mapping there serves nothing and cannot be put in maintenance."
  }

  validation {
    condition     = !contains(keys(var.mappings), "/(none)")
    error_message = "\"/(none)\" is what API Gateway calls the root: write it as \"/\" in mappings."
  }

  validation {
    condition     = length(setintersection(keys(var.mappings), ["/.", "/.."])) == 0
    error_message = "Clients resolve \"/.\" and \"/..\" before they send a request, so nobody can ask for such a base path."
  }

  validation {
    condition     = alltrue([for mapping in values(var.mappings) : mapping.maintenance_scope == null ? true : contains(["all", "writes"], mapping.maintenance_scope)])
    error_message = "The maintenance_scope of each of mappings must be \"all\" or \"writes\", or left out."
  }
}

variable "maintenance_scope" {
  description = "What maintenance takes out of service: \"all\", or \"writes\": then a mapping with read_only goes there, where reads are live and writes get the maintenance answer."
  type        = string
  default     = "all"
  nullable    = false

  validation {
    condition     = contains(["all", "writes"], var.maintenance_scope)
    error_message = "The maintenance_scope must be \"all\" or \"writes\"."
  }

  validation {
    condition     = var.maintenance_scope == "all" || var.read_only_fallback == "maintenance" || anytrue([for mapping in values(var.mappings) : mapping.read_only != null])
    error_message = "With maintenance_scope \"writes\" and read_only_fallback \"live\" at least one of mappings needs read_only: else maintenance would take nothing out of service."
  }
}

variable "read_only_fallback" {
  description = "Where maintenance_scope \"writes\" leaves a mapping without read_only: \"maintenance\" sends it to the mock, \"live\" leaves it as it is, open to writes."
  type        = string
  default     = "maintenance"
  nullable    = false

  validation {
    condition     = contains(["maintenance", "live"], var.read_only_fallback)
    error_message = "The read_only_fallback must be \"maintenance\" or \"live\"."
  }
}

variable "maintenance_api" {
  description = "The mock: api_id and stage_name of the maintenance-api module, and its retry_at, so that nobody is told to come back at a time that is past."
  type = object({
    api_id     = string
    stage_name = string
    retry_at   = optional(string)
  })
  nullable = false

  validation {
    condition     = var.maintenance_api.stage_name != null
    error_message = "The maintenance_api needs its stage_name: whatever stage callers name in the path, they get the one of the mock."
  }

  validation {
    condition     = !local.maintenance_mode || var.maintenance_api.retry_at == null ? true : timecmp(var.maintenance_api.retry_at, plantimestamp()) > 0
    error_message = "In maintenance clients would be told to come back at ${coalesce(var.maintenance_api.retry_at, "null")}, at least ${try(length([for minute in range(1, 1000) : minute if timecmp(timeadd(var.maintenance_api.retry_at, "${minute}m"), plantimestamp()) <= 0]), 0)} minutes ago: give maintenance-api a later retry_after, seconds or null."
  }
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
