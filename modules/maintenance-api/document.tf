# The OpenAPI document of the mock: every method of every path, and gateway
# responses for what reaches no method.

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

  # In JSON, $ and # are spelled as escapes: inert in templates and in gateway
  # responses, and parsed back to the same text.
  json_bodies = {
    for type, body in local.bodies : type => replace(replace(body, "$", "\\u0024"), "#", "\\u0023")
    if can(regex("[/+]json$", type))
  }

  # Elsewhere the two and the backslash, which a template takes as their escape,
  # get names. The empty reference at either end keeps a line break there from
  # being taken for the directive's own.
  text_bodies = {
    for type, body in local.bodies : type => "$${E}${replace(replace(replace(body, "$", "$${D}"), "#", "$${H}"), "\\", "$${B}")}$${E}"
    if !can(regex("[/+]json$", type))
  }

  # A problem document of ours also names its request.
  problem_bodies = {
    for type in ["application/json", "application/problem+json"] :
    type => "${trimsuffix(local.json_bodies[type], "}")},\"instance\":\"urn:uuid:$context.requestId\"}"
    if !contains(keys(var.responses), type)
  }

  forms = merge(local.json_bodies, local.text_bodies, local.problem_bodies)
}

locals {
  origins = local.cors_reflected ? local.cors.allow_origins : []

  # Directives are put on one line, so that whether a template engine keeps their
  # line breaks makes no difference to the body.
  negotiation = join("", [
    for line in split("\n", templatefile("${path.module}/templates/answer.vtl.tftpl", {
      types   = sort(keys(local.forms))
      origins = local.origins
    })) : trimspace(line)
  ])

  answer_template = join("", concat(
    [local.negotiation],
    [for i, type in local.negotiated : "#${i == 0 ? "if" : "elseif"}($type == '${type}')${local.forms[type]}"],
    ["#else", "$${E}", local.forms["application/json"], "#end"],
  ))
  negotiated = [for type in sort(keys(local.forms)) : type if type != "application/json"]

  preflight_template = join("", [
    for line in split("\n", templatefile("${path.module}/templates/preflight.vtl.tftpl", {
      origins    = local.origins
      any_header = local.cors == null ? false : contains(local.cors.allow_headers, "*")
    })) : trimspace(line)
  ])

  status_template = templatefile("${path.module}/templates/status.vtl.tftpl", { status_code = var.status_code })
}

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
  answer_declared    = { description = local.title, headers = { for name in keys(local.method_headers) : name => { schema = { type = "string" } } } }
  preflight_declared = { description = "Preflight", headers = { for name in keys(local.preflight_headers) : name => { schema = { type = "string" } } } }

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

locals {
  proxy_parameter = { name = "proxy", in = "path", required = true, schema = { type = "string" } }

  document = jsonencode({
    openapi = "3.0.1"
    # With the description here too, the provider has nothing to mend after the import (fact J2).
    info = { title = var.name, description = var.description, version = "1.0" }

    # A path's parameter is declared in each method, since AWS may drop those
    # declared at the path (fact J2).
    paths = {
      "/"         = local.methods
      "/{proxy+}" = { for key, method in local.methods : key => merge(method, { parameters = [local.proxy_parameter] }) }
    }

    x-amazon-apigateway-gateway-responses = { for type in local.gateway_response_types : type => local.gateway_response }
  })

  # Terraform's length counts characters; base64 tells the bytes.
  document_bytes         = floor(length(base64encode(local.document)) * 3 / 4)
  largest_template_bytes = floor(length(base64encode(local.answer_template)) * 3 / 4)
}
