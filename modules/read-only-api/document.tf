# The live document once more, with the closed methods answered by the mock.
# What stays open is passed on as it stands.

# ---------------------------------------------------------------------------
# The live document
# ---------------------------------------------------------------------------

locals {
  # YAML in the end contains JSON, but the JSON decoder is the stricter one.
  source  = try(jsondecode(var.body), yamldecode(var.body), var.body)
  swagger = try(local.source.swagger == "2.0", false)
  paths   = try({ for path, item in local.source.paths : path => item if startswith(path, "/") && can(keys(item)) }, {})

  all_methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
  writes      = ["DELETE", "PATCH", "POST", "PUT"]
  any_key     = "x-amazon-apigateway-any-method"

  # By path, the key under which the document has each method. Case is overlooked
  # here, so that no method stays open for being spelled in capitals.
  keys = {
    for path, item in local.paths : path => { for key in keys(item) : upper(key) => key if contains(local.all_methods, upper(key)) }
  }
}

# ---------------------------------------------------------------------------
# Which methods close
# ---------------------------------------------------------------------------

locals {
  listed = { for path in keys(local.paths) : path => try(tolist(var.closed[path]), ["writes"]) }

  # The words stand for what the document routes at the path; a method that is
  # named closes whether the document has it there or not.
  words = {
    for path, list in local.listed : path => setunion(
      contains(list, "writes") ? local.writes : [],
      contains(list, "ANY") ? local.all_methods : [],
    )
  }
  closed = {
    for path, list in local.listed : path => sort(setunion(
      [for method in list : method if contains(local.all_methods, method)],
      [for method in local.words[path] : method if contains(keys(local.keys[path]), method) || contains(keys(local.paths[path]), local.any_key)],
    ))
  }
}

# ---------------------------------------------------------------------------
# What closed methods answer
# ---------------------------------------------------------------------------

locals {
  # Headers are declared in the document's own version.
  header = { for key, value in { type = "string", schema = { type = "string" } } : key => value if(key == "type") == local.swagger }

  # OPTIONS has an answer of its own, which lets a preflight pass.
  answers = merge(
    { for method in local.all_methods : method => var.answer.method },
    { for method in ["OPTIONS"] : method => var.answer.options if var.answer.options != null },
  )

  # Where the API has binary media types, text must say that it is text (fact A8).
  as_text = { contentHandling = "CONVERT_TO_TEXT" }

  # The document's validator for all methods would look at parameters that a path
  # declares for all of its methods.
  validator = "maintenance-validates-nothing"
  validated = can(local.source["x-amazon-apigateway-request-validator"])

  closed_methods = {
    for method, answer in local.answers : method => merge(
      {
        responses = {
          for status, names in answer.headers : status => { description = "Maintenance", headers = { for name in names : name => local.header } }
        }
        x-amazon-apigateway-integration = merge(answer.integration, local.as_text, {
          responses = { for pattern, response in answer.integration.responses : pattern => merge(response, local.as_text) }
        })
      },
      { for key in ["x-amazon-apigateway-request-validator"] : key => local.validator if local.validated },
    )
  }

  # Said twice: the extension for API Gateway, the empty list for the standard.
  nobody = { security = [], x-amazon-apigateway-auth = { type = "NONE" } }
}

locals {
  # By path and method, what the live method demands of its callers.
  demands = {
    for path, item in local.paths : path => {
      for method in local.closed[path] : method => try({
        for key, value in item[lookup(local.keys[path], method, local.any_key)] : key => value if contains(keys(local.nobody), key)
      }, {})
    }
  }

  # A GET that is answered by this API and not by the live one: a prober can tell by
  # it which of the two a domain points at, without a write that might succeed.
  probe_path = "/maintenance-probe"
  probe      = { get = merge(local.closed_methods["GET"], local.nobody) }

  read_only_paths = {
    for path, item in local.paths : path => merge(item, {
      for method in local.closed[path] : lookup(local.keys[path], method, lower(method)) => merge(
        local.closed_methods[method],
        { for key, value in local.nobody : key => value if !var.require_authorization },
        { for key, value in local.demands[path][method] : key => value if var.require_authorization },
      )
    })
  }
}

# ---------------------------------------------------------------------------
# Gateway responses
# ---------------------------------------------------------------------------

locals {
  # A closed method comes to one of them only, for a Content-Type that none of its
  # templates takes (fact B5).
  unsupported            = "UNSUPPORTED_MEDIA_TYPE"
  live_gateway_responses = try(local.source["x-amazon-apigateway-gateway-responses"], {})

  # Open methods that come to it as well. An integration behind a reference may.
  open_integrations = merge([
    for path, item in local.paths : {
      for key, operation in item : "${key == local.any_key ? "ANY" : upper(key)} ${path}" => operation["x-amazon-apigateway-integration"]
      if can(operation["x-amazon-apigateway-integration"]) && !contains(local.closed[path], upper(key)) && length(local.closed[path]) < length(local.all_methods)
    }
  ]...)
  strict = [
    for name, integration in local.open_integrations : name
    if can(integration["$ref"]) || contains(["aws", "http", "mock"], try(lower(integration.type), "")) && (
      try(lower(integration.passthroughBehavior), "") == "never" ||
      try(lower(integration.passthroughBehavior), "") == "when_no_templates" && can(keys(integration.requestTemplates)[0])
    )
  ]
  hidden = concat(
    [for type in keys(local.live_gateway_responses) : "the document's ${type}" if type == local.unsupported],
    [for name in local.strict : "the 415 of ${name}"],
  )

  gateway_responses = merge(
    local.live_gateway_responses,
    { for type in [local.unsupported] : type => var.answer.gateway_response if var.unsupported_media_type != "live" },
  )
}

# ---------------------------------------------------------------------------
# The document
# ---------------------------------------------------------------------------

locals {
  # As extensions, since AWS provider 5 has no arguments for them (fact J3).
  tls_extensions = {
    for name, value in { security-policy = var.security_policy, endpoint-access-mode = var.endpoint_access_mode } :
    "x-amazon-apigateway-${name}" => value if value != null
  }

  document = jsonencode(merge(
    try({ for key, value in local.source : key => value }, {}),
    local.tls_extensions,
    {
      # With the description here too the provider has nothing to mend after the import.
      info  = merge(try(local.source.info, {}), { title = var.name, description = var.description })
      paths = merge(try(local.source.paths, {}), local.read_only_paths, { (local.probe_path) = local.probe })

      x-amazon-apigateway-gateway-responses = local.gateway_responses
    },
    {
      for key in ["x-amazon-apigateway-request-validators"] : key => merge(try(local.source[key], {}), {
        (local.validator) = { validateRequestBody = false, validateRequestParameters = false }
      }) if local.validated
    },
  ))

  # Terraform's length counts characters; base64 tells the bytes.
  document_bytes = floor(length(base64encode(local.document)) * 3 / 4)

  by_reference = [for path, item in local.paths : path if can(item["$ref"])]
  foreign      = try([for path in keys(var.closed) : path if !contains(keys(local.paths), path)], [])
}
