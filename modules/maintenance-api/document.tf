# The OpenAPI document of the mock: every method of every path, and gateway
# responses for what reaches no method.

# ---------------------------------------------------------------------------
# Text that no template acts on
# ---------------------------------------------------------------------------

# A message such as
#
#   Pay $5 for item #1 in \shop
#
# must reach clients as it is, though to a mapping template $ begins a reference
# and # a directive, and \ escapes either. So the document has, for each form,
#
#   JSON        "Pay \u00245 for item \u00231 in \\shop"
#   any other   ${E}Pay ${D}5 for item ${H}1 in ${B}shop${E}
#
# JSON's escapes mean nothing to templates and gateway responses, and parse back
# to the same text. D, H, B and E are set in templates/answer.vtl.tftpl to the
# three signs and to nothing; the last keeps a line break at either end, which a
# directive would take for its own.
locals {
  bodies = merge(
    {
      "application/json"         = jsonencode(local.problem)
      "application/problem+json" = jsonencode(local.problem)
      "text/html"                = local.page
      "text/plain"               = local.text
    },
    var.responses,
  )
  json_types = [for type in keys(local.bodies) : type if can(regex("[/+]json$", type))]
  text_types = setsubtract(keys(local.bodies), local.json_types)

  json_bodies = {
    for type in local.json_types : type => replace(replace(local.bodies[type], "$", "\\u0024"), "#", "\\u0023")
  }

  text_signs  = { for type in local.text_types : type => replace(replace(local.bodies[type], "$", "$${D}"), "#", "$${H}") }
  text_bodies = { for type, body in local.text_signs : type => "$${E}${replace(body, "\\", "$${B}")}$${E}" }

  # A problem document of ours also names its request.
  problem_types = setsubtract(["application/json", "application/problem+json"], keys(var.responses))
  problem_bodies = {
    for type in local.problem_types :
    type => "${trimsuffix(local.json_bodies[type], "}")},\"instance\":\"urn:uuid:$context.requestId\"}"
  }

  forms = merge(local.json_bodies, local.text_bodies, local.problem_bodies)
}

# ---------------------------------------------------------------------------
# Templates: what is decided for each request
# ---------------------------------------------------------------------------

locals {
  origins = local.cors_reflected ? local.cors.allow_origins : []

  # The form by Accept, and the origin to reflect.
  negotiation = templatefile("${path.module}/templates/answer.vtl.tftpl", {
    types   = sort(keys(local.forms))
    origins = local.origins
  })
  negotiated = [for type in sort(keys(local.forms)) : type if type != "application/json"]

  # Directives are put on one line, so that whether a template engine keeps their
  # line breaks makes no difference to the body.
  answer_template = join("", concat(
    [for line in split("\n", local.negotiation) : trimspace(line)],
    [for i, type in local.negotiated : "#${i == 0 ? "if" : "elseif"}($type == '${type}')${local.forms[type]}"],
    ["#else", "$${E}", local.forms["application/json"], "#end"],
  ))

  preflight_lines = templatefile("${path.module}/templates/preflight.vtl.tftpl", {
    origins    = local.origins
    any_header = local.cors_any_header
  })
  preflight_template = join("", [for line in split("\n", local.preflight_lines) : trimspace(line)])

  status_template = templatefile("${path.module}/templates/status.vtl.tftpl", { status_code = var.status_code })
}

# ---------------------------------------------------------------------------
# Methods
# ---------------------------------------------------------------------------

locals {
  # What clients really send. API Gateway compares the media type alone (fact A1);
  # any other gets the gateway response for UNSUPPORTED_MEDIA_TYPE (fact B5).
  request_types = [
    "application/cbor",
    "application/gzip",
    "application/graphql",
    "application/graphql-response+json",
    "application/hal+json",
    "application/javascript",
    "application/json",
    "application/json-patch+json",
    "application/ld+json",
    "application/merge-patch+json",
    "application/msgpack",
    "application/octet-stream",
    "application/pdf",
    "application/problem+json",
    "application/protobuf",
    "application/soap+xml",
    "application/vnd.api+json",
    "application/vnd.github+json",
    "application/x-amz-json-1.0",
    "application/x-amz-json-1.1",
    "application/x-ndjson",
    "application/x-protobuf",
    "application/x-www-form-urlencoded",
    "application/xml",
    "application/zip",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/svg+xml",
    "image/webp",
    "multipart/form-data",
    "text/csv",
    "text/html",
    "text/plain",
    "text/xml",
  ]

  answer = {
    statusCode         = tostring(var.status_code)
    responseParameters = { for name, value in local.method_headers : "method.response.header.${name}" => "'${value}'" }
    responseTemplates  = { "application/json" = local.answer_template }
  }

  preflight = {
    statusCode         = "204"
    responseParameters = { for name, value in local.preflight_headers : "method.response.header.${name}" => "'${value}'" }
    responseTemplates  = { "application/json" = local.preflight_template }
  }

  # A method response declares the headers that the answer may set.
  answer_declared = {
    description = local.title
    headers     = { for name in keys(local.method_headers) : name => { schema = { type = "string" } } }
  }
  preflight_declared = {
    description = "Preflight"
    headers     = { for name in keys(local.preflight_headers) : name => { schema = { type = "string" } } }
  }

  any_method = {
    responses = { (tostring(var.status_code)) = local.answer_declared }
    x-amazon-apigateway-integration = {
      type                = "mock"
      passthroughBehavior = "never"
      requestTemplates    = { for type in local.request_types : type => "{\"statusCode\": ${var.status_code}}" }
      responses           = { default = local.answer }
    }
  }

  # A preflight must succeed, or the browser keeps the answer from the page
  # (fact C3); any other OPTIONS is a request like all others.
  options_method = {
    responses = {
      "204"                       = local.preflight_declared
      (tostring(var.status_code)) = local.answer_declared
    }
    x-amazon-apigateway-integration = {
      type                = "mock"
      passthroughBehavior = "never"
      requestTemplates    = { for type in local.request_types : type => local.status_template }
      responses = {
        "204"   = local.preflight
        default = local.answer
      }
    }
  }

  methods = merge(
    { x-amazon-apigateway-any-method = local.any_method },
    local.cors == null ? {} : { options = local.options_method },
  )
}

# ---------------------------------------------------------------------------
# Gateway responses: what reaches no method
# ---------------------------------------------------------------------------

locals {
  # All types but REQUEST_TOO_LARGE, whose override API Gateway takes and ignores
  # (fact A10). Each is listed, since one that is customised elsewhere inherits
  # nothing from the two defaults (fact B3).
  gateway_response_types = [
    "ACCESS_DENIED",
    "API_CONFIGURATION_ERROR",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "AUTHORIZER_FAILURE",
    "BAD_REQUEST_BODY",
    "BAD_REQUEST_PARAMETERS",
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "EXPIRED_TOKEN",
    "INTEGRATION_FAILURE",
    "INTEGRATION_TIMEOUT",
    "INVALID_API_KEY",
    "INVALID_SIGNATURE",
    "MISSING_AUTHENTICATION_TOKEN",
    "QUOTA_EXCEEDED",
    "RESOURCE_NOT_FOUND",
    "THROTTLED",
    "UNAUTHORIZED",
    "UNSUPPORTED_MEDIA_TYPE",
    "WAF_FILTERED",
  ]

  gateway_response = {
    statusCode         = tostring(var.status_code)
    responseParameters = { for name, value in local.gateway_headers : "gatewayresponse.header.${name}" => "'${value}'" }
    responseTemplates  = { "application/json" = local.forms["application/json"] }
  }
}

# ---------------------------------------------------------------------------
# The document
# ---------------------------------------------------------------------------

locals {
  proxy_parameter = { name = "proxy", in = "path", required = true, schema = { type = "string" } }

  # As extensions, since AWS provider 5 has no arguments for them (fact J3).
  tls_extensions = {
    for name, value in { security-policy = var.security_policy, endpoint-access-mode = var.endpoint_access_mode } :
    "x-amazon-apigateway-${name}" => value if value != null
  }

  document = jsonencode(merge(local.tls_extensions, {
    openapi = "3.0.1"

    # With the description here too the provider has nothing to mend after the
    # import (fact J2).
    info = { title = var.name, description = var.description, version = "1.0" }

    # A path's parameter is declared in each method: AWS may drop those declared at
    # the path (fact J2).
    paths = {
      "/"         = local.methods
      "/{proxy+}" = { for key, method in local.methods : key => merge(method, { parameters = [local.proxy_parameter] }) }
    }

    x-amazon-apigateway-gateway-responses = { for type in local.gateway_response_types : type => local.gateway_response }
  }))

  # Terraform's length counts characters; base64 tells the bytes.
  document_bytes         = floor(length(base64encode(local.document)) * 3 / 4)
  largest_template_bytes = floor(length(base64encode(local.answer_template)) * 3 / 4)
}
