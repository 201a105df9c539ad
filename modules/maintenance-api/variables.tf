variable "name" {
  description = "Name of the maintenance REST API."
  type        = string
  default     = "maintenance"
  nullable    = false

  validation {
    condition     = trimspace(var.name) != "" && length(var.name) <= 1024
    error_message = "The name must have 1 to 1024 characters, not all of them blank."
  }
}

variable "description" {
  description = "Description of the maintenance REST API and its stage."
  type        = string
  default     = "Answers every request with the maintenance message."
  nullable    = false

  validation {
    condition     = length(var.description) <= 1024
    error_message = "The description must have at most 1024 characters."
  }
}

variable "stage_name" {
  description = "Name of the stage."
  type        = string
  default     = "maintenance"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.stage_name))
    error_message = "The stage_name must have 1 to 128 letters, digits, hyphens or underscores."
  }
}

variable "endpoint_type" {
  description = "REGIONAL or EDGE: the same as the custom domain's."
  type        = string
  default     = "REGIONAL"
  nullable    = false

  validation {
    condition     = contains(["REGIONAL", "EDGE"], var.endpoint_type)
    error_message = "The endpoint_type must be REGIONAL or EDGE."
  }
}

variable "security_policy" {
  description = "TLS policy of the mock. Give the live API's own: in the handshake of a custom domain API Gateway applies the API's policy, not the domain's. Null is AWS's default, TLS_1_0. A change makes a new API."
  type        = string
  default     = null

  validation {
    condition = var.security_policy == null ? true : contains(["TLS_1_0", "TLS_1_2"], var.security_policy) || can(
      regex("^SecurityPolicy_[A-Za-z0-9_]+$", var.security_policy)
    )
    error_message = "The security_policy must be TLS_1_0, TLS_1_2 or one of those that begin with SecurityPolicy_."
  }

  validation {
    condition     = var.security_policy == null ? true : !startswith(var.security_policy, "SecurityPolicy_") || endswith(var.security_policy, "_EDGE") == (var.endpoint_type == "EDGE")
    error_message = "The security policies of EDGE endpoints end in _EDGE, and those of REGIONAL ones do not: ${coalesce(var.security_policy, "null")} is not for ${var.endpoint_type}."
  }
}

variable "endpoint_access_mode" {
  description = "BASIC or STRICT: AWS wants it with a security_policy that begins with SecurityPolicy_, and not with the others."
  type        = string
  default     = null

  validation {
    condition     = var.endpoint_access_mode == null ? true : contains(["BASIC", "STRICT"], var.endpoint_access_mode)
    error_message = "The endpoint_access_mode must be BASIC or STRICT."
  }

  validation {
    condition     = (var.endpoint_access_mode != null) == (var.security_policy == null ? false : startswith(var.security_policy, "SecurityPolicy_"))
    error_message = "A security_policy that begins with SecurityPolicy_ needs an endpoint_access_mode, BASIC or STRICT; the others must not have one."
  }
}

variable "status_code" {
  description = "HTTP status of the maintenance answer."
  type        = number
  default     = 503
  nullable    = false

  validation {
    condition     = var.status_code >= 400 && var.status_code <= 599 && floor(var.status_code) == var.status_code
    error_message = "The status_code must be a whole number from 400 to 599."
  }
}

variable "message" {
  description = "The sentence that people and clients read. Any text: it is served exactly as written."
  type        = string
  default     = "We are down for maintenance and will be back soon."
  nullable    = false

  validation {
    condition     = trimspace(var.message) != ""
    error_message = "The message must not be empty: it is what people and clients read."
  }
}

variable "retry_after" {
  description = "When to come back: seconds (\"120\"), or an RFC 3339 time in any offset (\"2027-01-31T04:00:00+01:00\"). Null is the end of maintenance_window, and leaves Retry-After out where there is none."
  type        = string
  default     = null

  validation {
    condition = var.retry_after == null || can(regex("^[0-9]{1,9}$", var.retry_after)) || (
      can(regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$", var.retry_after)) &&
      can(timeadd(upper(var.retry_after), "0s"))
    )
    error_message = "The retry_after must be whole seconds, such as \"120\", or an RFC 3339 time, such as \"2027-01-31T04:00:00Z\"."
  }

  # A day of grace: switching off late must not fail for want of a new time.
  # While maintenance is on, custom-domain grants none.
  validation {
    condition     = var.retry_after == null ? true : try(timecmp(timeadd(upper(var.retry_after), "24h"), plantimestamp()) > 0, true)
    error_message = "The retry_after ${coalesce(var.retry_after, "null")} is at least ${try(length([for day in range(1, 1000) : day if timecmp(timeadd(upper(var.retry_after), "${24 * day}h"), plantimestamp()) <= 0]), 1)} days past: give a later time, seconds or null."
  }
}

variable "maintenance_window" {
  description = "Start and end of an announced window in RFC 3339, as custom-domain has it: the answers tell both, and to come back at its end."
  type = object({
    start = string
    end   = string
  })
  default = null

  validation {
    condition = var.maintenance_window == null ? true : alltrue([
      for moment in [var.maintenance_window.start, var.maintenance_window.end] :
      can(regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$", moment)) && can(timeadd(upper(moment), "0s"))
    ])
    error_message = "The start and end of maintenance_window must be RFC 3339 times, such as \"2027-01-31T04:00:00+01:00\"."
  }

  validation {
    condition     = var.maintenance_window == null ? true : try(timecmp(var.maintenance_window.start, var.maintenance_window.end) < 0, true)
    error_message = "The maintenance_window must start before it ends."
  }
}

variable "status_url" {
  description = "URL of your status page: a Link header with rel=\"status\" (RFC 8631), a link on the page and a line of the plain text."
  type        = string
  default     = null

  validation {
    condition     = var.status_url == null ? true : can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#][A-Za-z0-9._~:/?#@!$&()*+,;=%-]*)?$", var.status_url))
    error_message = "The status_url must be an http or https URL in ASCII without apostrophes, such as \"https://status.example.com/\"."
  }
}

variable "problem_type" {
  description = "The `type` of the problem document (RFC 9457), by which clients tell maintenance from an outage."
  type        = string
  default     = "urn:apigateway-maintenance:maintenance"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+$", var.problem_type))
    error_message = "The problem_type must be an absolute URI, such as \"urn:example:maintenance\" or \"https://example.com/problems/maintenance\"."
  }
}

variable "responses" {
  description = "Bodies by media type, over the built-in ones for application/json, application/problem+json, text/html and text/plain. Served exactly as written; an application/json body is also the gateway responses'."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for type in keys(var.responses) : can(regex("^[a-z0-9][a-z0-9.+_-]*/[a-z0-9][a-z0-9.+_-]*$", type))])
    error_message = "Each key of responses must be a media type in lower case without parameters, such as \"application/xml\"."
  }

  validation {
    condition     = alltrue([for type, body in var.responses : can(jsondecode(body)) if can(regex("[/+]json$", type))])
    error_message = "A body in responses for a JSON media type must be valid JSON."
  }

  validation {
    condition     = alltrue([for body in values(var.responses) : trimspace(body) != ""])
    error_message = "A body in responses must not be empty."
  }
}

variable "headers" {
  description = "Further static headers of every maintenance answer."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.headers) : can(regex("^[A-Za-z0-9_-]+$", name))])
    error_message = "A name in headers must consist of letters, digits, hyphens and underscores."
  }

  # Fact C1.
  validation {
    condition = length(setintersection([for name in keys(var.headers) : lower(name)], [
      "authorization", "connection", "content-length", "content-md5", "date", "expect", "host", "max-forwards",
      "proxy-authenticate", "server", "trailer", "transfer-encoding", "upgrade", "user-agent", "www-authenticate",
    ])) == 0
    error_message = "API Gateway renames or drops these headers, so headers must not have them: Authorization, Connection, Content-Length, Content-MD5, Date, Expect, Host, Max-Forwards, Proxy-Authenticate, Server, Trailer, Transfer-Encoding, Upgrade, User-Agent, WWW-Authenticate."
  }

  validation {
    condition = length(setintersection([for name in keys(var.headers) : lower(name)], [
      "http2-settings", "keep-alive", "proxy-authorization", "proxy-connection", "te",
    ])) == 0
    error_message = "These headers belong to a single connection and break answers over HTTP/2, so headers must not have them: HTTP2-Settings, Keep-Alive, Proxy-Authorization, Proxy-Connection, TE."
  }

  validation {
    condition = length(setintersection([for name in keys(var.headers) : lower(name)], [
      "accept-ranges", "content-digest", "content-encoding", "content-range", "digest", "etag", "last-modified", "repr-digest",
    ])) == 0
    error_message = "These headers describe one body, and the answer has a form for each client, so headers must not have them: Accept-Ranges, Content-Digest, Content-Encoding, Content-Range, Digest, ETag, Last-Modified, Repr-Digest."
  }

  validation {
    condition     = length([for name in keys(var.headers) : name if can(regex("^x-amzn?-|^x-cache$|^via$|^age$", lower(name)))]) == 0
    error_message = "API Gateway, its distribution and caches set X-Amz-*, X-Amzn-*, X-Cache, Via and Age: leave them out of headers."
  }

  validation {
    condition = alltrue([
      for name in keys(var.headers) :
      !contains(["cache-control", "content-type", "expires", "pragma", "retry-after", "vary", "x-content-type-options", "x-maintenance-mode"], lower(name)) && !startswith(lower(name), "access-control-")
    ])
    error_message = "The module sets Cache-Control, Content-Type, Retry-After, Vary, X-Content-Type-Options, X-Maintenance-Mode and Access-Control-* itself, and Expires and Pragma would contradict it: use retry_after and cors, and leave them out of headers."
  }

  validation {
    condition     = var.status_url == null || !contains([for name in keys(var.headers) : lower(name)], "link")
    error_message = "With status_url the module sets Link itself: leave it out of headers."
  }

  validation {
    condition     = length(distinct([for name in keys(var.headers) : lower(name)])) == length(var.headers)
    error_message = "Two names in headers differ only in case: keep one."
  }

  validation {
    condition     = alltrue([for value in values(var.headers) : can(regex("^[ -&(-~]+$", value))])
    error_message = "A value in headers must be printable ASCII without an apostrophe, and not empty: API Gateway quotes it with apostrophes."
  }
}

variable "cors" {
  description = "What browsers may do with the answer. allow_origins are reflected (or \"*\"); allow_headers [\"*\"] grants what the preflight asks for; max_age is in seconds. Null turns CORS off."
  type = object({
    allow_origins     = optional(list(string), ["*"])
    allow_headers     = optional(list(string), ["*"])
    allow_methods     = optional(list(string), ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])
    expose_headers    = optional(list(string), [])
    allow_credentials = optional(bool, false)
    max_age           = optional(number, 60)
  })
  default = {}

  validation {
    condition     = var.cors == null ? true : length(var.cors.allow_origins) > 0 && alltrue([for origin in var.cors.allow_origins : origin == "*" || can(regex("^[a-z][a-z0-9+.-]*://[a-z0-9.-]+(:[0-9]{1,5})?$", origin))])
    error_message = "Each of cors.allow_origins must be \"*\" or an origin as browsers send it, such as \"https://app.example.com\": scheme and host in lower case, an optional port, no path. At least one is needed; cors = null turns CORS off."
  }

  validation {
    condition     = var.cors == null ? true : !contains(var.cors.allow_origins, "*") || length(var.cors.allow_origins) == 1
    error_message = "In cors.allow_origins, \"*\" must stand alone: it includes all others."
  }

  validation {
    condition     = var.cors == null ? true : !(contains(var.cors.allow_origins, "*") && var.cors.allow_credentials)
    error_message = "Browsers refuse credentials with any origin: list the origins in cors.allow_origins, or leave cors.allow_credentials false."
  }

  validation {
    condition     = var.cors == null ? true : alltrue([for name in concat(var.cors.allow_headers, var.cors.expose_headers) : name == "*" || can(regex("^[A-Za-z0-9_-]+$", name))]) && length(var.cors.allow_headers) > 0
    error_message = "cors.allow_headers and cors.expose_headers must hold header names (letters, digits, hyphens, underscores) or \"*\", and cors.allow_headers must not be empty."
  }

  validation {
    condition     = var.cors == null ? true : length(var.cors.allow_methods) > 0 && alltrue([for method in var.cors.allow_methods : contains(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"], method)])
    error_message = "cors.allow_methods must list some of DELETE, GET, HEAD, OPTIONS, PATCH, POST and PUT."
  }

  validation {
    condition     = var.cors == null ? true : var.cors.max_age >= 0 && var.cors.max_age <= 86400 && floor(var.cors.max_age) == var.cors.max_age
    error_message = "cors.max_age must be whole seconds from 0 to 86400."
  }
}

variable "throttle" {
  description = "Requests a second and burst that the mock answers, so that it leaves the account's quota to live APIs; what exceeds them gets the same answer as a gateway response. Null: no limit of its own."
  type = object({
    rate  = number
    burst = number
  })
  default = null

  validation {
    condition     = var.throttle == null ? true : var.throttle.rate > 0 && var.throttle.burst >= 1 && floor(var.throttle.burst) == var.throttle.burst
    error_message = "The throttle must have a rate above 0 (requests a second) and a burst of 1 or more whole requests."
  }
}

variable "access_log" {
  description = "CloudWatch log group (or Firehose) ARN and format of the stage's access log. The account's CloudWatch role for API Gateway must exist. Null: no log."
  type = object({
    destination_arn = string
    format          = optional(string, "{\"requestId\":\"$context.requestId\",\"extendedRequestId\":\"$context.extendedRequestId\",\"time\":\"$context.requestTime\",\"ip\":\"$context.identity.sourceIp\",\"method\":\"$context.httpMethod\",\"domain\":\"$context.domainName\",\"basePath\":\"$context.customDomain.basePathMatched\",\"path\":\"$context.path\",\"status\":\"$context.status\",\"userAgent\":\"$context.identity.userAgent\"}")
  })
  default = null

  validation {
    condition     = var.access_log == null ? true : can(regex("^arn:[^:]+:logs:[^:]+:[0-9]{12}:log-group:[A-Za-z0-9_/.#-]+$|^arn:[^:]+:firehose:[^:]+:[0-9]{12}:deliverystream/.+$", var.access_log.destination_arn))
    error_message = "The access_log.destination_arn must be the ARN of a CloudWatch log group, without a closing \":*\", or of a Firehose delivery stream."
  }

  validation {
    condition     = var.access_log == null ? true : !can(regex("^arn:[^:]+:firehose:", var.access_log.destination_arn)) || can(regex(":deliverystream/amazon-apigateway-", var.access_log.destination_arn))
    error_message = "API Gateway writes only to Firehose delivery streams whose name begins with \"amazon-apigateway-\"."
  }

  validation {
    condition     = var.access_log == null ? true : strcontains(var.access_log.format, "$context.requestId") || strcontains(var.access_log.format, "$context.extendedRequestId")
    error_message = "The access_log.format must have $context.requestId or $context.extendedRequestId: API Gateway demands one."
  }
}

variable "tags" {
  description = "Tags of the REST API and its stage."
  type        = map(string)
  default     = {}
  nullable    = false
}
