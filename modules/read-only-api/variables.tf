variable "body" {
  description = "The live API's own document, as its aws_api_gateway_rest_api gets it: an object, or JSON or YAML text. Swagger 2.0 or OpenAPI 3.0."
  type        = any
  nullable    = false
}

variable "answer" {
  description = "What closed methods answer: `module.maintenance_api.answer`."
  type = object({
    method = object({
      headers     = map(list(string))
      integration = any
    })
    options = optional(object({
      headers     = map(list(string))
      integration = any
    }))
    gateway_response = any
  })
  nullable = false
}

variable "closed" {
  description = "Which methods close: \"writes\" (POST, PUT, PATCH, DELETE), or a map from a path of the document to the methods that close there, such as { \"/search\" = [], \"/export\" = [\"GET\", \"writes\"] }. \"ANY\" is all of them. Paths that the map leaves out close their writes."
  type        = any
  default     = "writes"
  nullable    = false

  validation {
    condition     = try(var.closed == "writes", false) || can({ for path, methods in var.closed : path => tolist(methods) })
    error_message = "The closed must be \"writes\", or a map from path to methods, such as { \"/search\" = [], \"/export\" = [\"GET\", \"writes\"] }."
  }

  validation {
    condition = alltrue([
      for method in try(flatten(values(var.closed)), []) :
      contains(["writes", "ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"], method)
    ])
    error_message = "A method in closed must be one of DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, or \"ANY\" for all of them, or \"writes\" for POST, PUT, PATCH and DELETE."
  }
}

variable "require_authorization" {
  description = "True keeps the live method's authorization on a closed one: a client without credentials gets its 401 or 403. False answers everybody."
  type        = bool
  default     = false
  nullable    = false
}

variable "unsupported_media_type" {
  description = "Whose answer a Content-Type gets that no template takes. API Gateway has one for the whole API: `maintenance`, that of closed methods, or `live`, the document's. Null is maintenance, unless that would change the answer of an open method: then it is refused, and yours to choose."
  type        = string
  default     = null

  validation {
    condition     = var.unsupported_media_type == null ? true : contains(["maintenance", "live"], var.unsupported_media_type)
    error_message = "The unsupported_media_type must be \"maintenance\" or \"live\", or left out."
  }
}

variable "name" {
  description = "Name of the read-only REST API."
  type        = string
  default     = "read-only"
  nullable    = false

  validation {
    condition     = trimspace(var.name) != "" && length(var.name) <= 1024
    error_message = "The name must have 1 to 1024 characters, not all of them blank."
  }
}

variable "description" {
  description = "Description of the read-only REST API and its stage."
  type        = string
  default     = "Answers reads as the live API does, and writes with the maintenance message."
  nullable    = false

  validation {
    condition     = length(var.description) <= 1024
    error_message = "The description must have at most 1024 characters."
  }
}

variable "stage_name" {
  description = "Name of the stage. Backends see it in the request context: give the live stage's name if they look at it."
  type        = string
  default     = "read-only"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.stage_name))
    error_message = "The stage_name must have 1 to 128 letters, digits, hyphens or underscores."
  }
}

variable "stage_variables" {
  description = "Variables of the stage: the same as the live stage's."
  type        = map(string)
  default     = {}
  nullable    = false
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
  description = "TLS policy: the same as the live API's, where that one has it as an argument and not in the document; in the handshake of a custom domain API Gateway applies the API's policy, not the domain's. A change makes a new API."
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

variable "disable_execute_api_endpoint" {
  description = "True leaves the custom domain as the only way in, and what guards it (mutual TLS, for one) in force. False opens invoke_url too."
  type        = bool
  default     = true
  nullable    = false
}

variable "parameters" {
  description = "Parameters of the import, such as basepath: the same as the live API's."
  type        = map(string)
  default     = null
}

variable "policy" {
  description = "Resource policy: the same as the live API's, where that one has it as an argument or a resource and not in the document. Without it this API would answer those whom the live one refuses."
  type        = string
  default     = null

  validation {
    condition     = var.policy == null ? true : can(jsondecode(var.policy).Statement)
    error_message = "The policy must be an IAM policy as JSON text."
  }
}

variable "binary_media_types" {
  description = "Binary media types: the same as the live API's, where that one has them as an argument and not in the document."
  type        = list(string)
  default     = null
}

variable "minimum_compression_size" {
  description = "Size in bytes from which answers are compressed: the same as the live API's, where that one has it as an argument and not in the document."
  type        = number
  default     = null
}

variable "api_key_source" {
  description = "HEADER or AUTHORIZER: the same as the live API's, where that one has it as an argument and not in the document."
  type        = string
  default     = null

  validation {
    condition     = var.api_key_source == null ? true : contains(["HEADER", "AUTHORIZER"], var.api_key_source)
    error_message = "The api_key_source must be HEADER or AUTHORIZER, or left out."
  }
}

variable "throttle" {
  description = "Requests a second and burst that this API answers: the same as the live stage's. Null: no limit of its own."
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
    format          = optional(string, "{\"requestId\":\"$context.requestId\",\"time\":\"$context.requestTime\",\"ip\":\"$context.identity.sourceIp\",\"method\":\"$context.httpMethod\",\"path\":\"$context.path\",\"domain\":\"$context.domainName\",\"status\":\"$context.status\",\"userAgent\":\"$context.identity.userAgent\"}")
  })
  default = null

  validation {
    condition     = var.access_log == null ? true : can(regex("^arn:[^:]+:(logs|firehose):", var.access_log.destination_arn))
    error_message = "The access_log.destination_arn must be the ARN of a CloudWatch log group or of a Firehose delivery stream."
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
