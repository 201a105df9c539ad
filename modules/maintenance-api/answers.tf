# What the answers say: one body a media type, and the headers that every
# answer bears.

locals {
  # Seconds stay seconds. A moment is given in any offset but sent in GMT:
  # Terraform has no conversion, so the offset is taken off by hand.
  retry_is_moment = var.retry_after == null ? false : !can(regex("^[0-9]+$", var.retry_after))
  retry_parts     = local.retry_is_moment ? regex("^(?P<clock>.{19})(?:[.][0-9]+)?(?:[Zz]|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2}))$", var.retry_after) : null
  retry_moment = !local.retry_is_moment ? null : local.retry_parts.sign == null ? "${upper(local.retry_parts.clock)}Z" : timeadd(
    "${upper(local.retry_parts.clock)}Z",
    "${local.retry_parts.sign == "+" ? "-" : ""}${tonumber(local.retry_parts.hours)}h${tonumber(local.retry_parts.minutes)}m",
  )
  retry_header = local.retry_is_moment ? formatdate("EEE, DD MMM YYYY hh:mm:ss 'GMT'", local.retry_moment) : var.retry_after
}

locals {
  title = var.status_code == 503 ? "Service Unavailable" : "Under Maintenance"

  # RFC 9457, with `message` beside `detail` for clients that read API
  # Gateway's own errors. Its `instance` is added where the request is known.
  problem = merge(
    {
      type    = "about:blank"
      title   = local.title
      status  = var.status_code
      detail  = var.message
      message = var.message
    },
    var.retry_after == null ? {} : local.retry_is_moment ? { retry_at = local.retry_moment } : { retry_after = tonumber(var.retry_after) },
  )

  page = templatefile("${path.module}/templates/page.html.tftpl", {
    title         = local.title
    message       = local.message_html
    retry_moment  = local.retry_moment
    retry_text    = local.retry_is_moment ? formatdate("D MMMM YYYY, hh:mm 'UTC'", local.retry_moment) : null
    retry_seconds = var.retry_after == null || local.retry_is_moment ? null : tonumber(var.retry_after)
  })
  message_html = replace(replace(replace(replace(replace(var.message, "&", "&amp;"), "<", "&lt;"), ">", "&gt;"), "\"", "&quot;"), "'", "&#39;")

  text = join("\n", compact([
    var.message,
    local.retry_is_moment ? "Back at ${local.retry_moment}." : null,
  ]))
}

locals {
  cors = var.cors

  # One origin, or any: then the header needs no look at the request.
  cors_any       = local.cors == null ? false : contains(local.cors.allow_origins, "*")
  cors_reflected = local.cors == null ? false : !local.cors_any

  cors_expose = local.cors == null ? [] : distinct(concat(["Retry-After", "X-Maintenance-Mode", "x-amzn-RequestId"], local.cors.expose_headers))

  # What a browser must find on an answer to let a page read it.
  cors_readable = local.cors == null ? {} : merge(
    { Access-Control-Expose-Headers = join(", ", local.cors_expose) },
    local.cors.allow_credentials ? { Access-Control-Allow-Credentials = "true" } : {},
  )

  headers = merge(
    var.headers,
    {
      Cache-Control      = "no-store"
      X-Maintenance-Mode = "on"
    },
    local.retry_header == null ? {} : { Retry-After = local.retry_header },
  )

  # Method answers reflect a listed origin in their template; the rest is fixed.
  method_headers = merge(
    local.headers,
    local.cors_readable,
    local.cors_any ? { Access-Control-Allow-Origin = "*" } : {},
    local.cors_reflected ? { Vary = "Origin" } : {},
  )

  # Gateway responses have no template language (fact B4), hence no reflection:
  # with several origins they let any origin read, without credentials.
  gateway_headers = merge(
    local.headers,
    local.cors == null ? {} : length(local.cors.allow_origins) == 1 ? merge(
      local.cors_readable,
      { Access-Control-Allow-Origin = one(local.cors.allow_origins) },
      local.cors_reflected ? { Vary = "Origin" } : {},
      ) : {
      Access-Control-Allow-Origin   = "*"
      Access-Control-Expose-Headers = join(", ", local.cors_expose)
    },
  )

  preflight_headers = local.cors == null ? {} : merge(
    {
      Access-Control-Allow-Methods = join(", ", local.cors.allow_methods)
      Access-Control-Max-Age       = tostring(local.cors.max_age)
      Cache-Control                = "no-store"
      X-Maintenance-Mode           = "on"
    },
    local.cors_any ? { Access-Control-Allow-Origin = "*" } : { Vary = "Origin" },
    local.cors.allow_credentials ? { Access-Control-Allow-Credentials = "true" } : {},
    contains(local.cors.allow_headers, "*") ? {} : { Access-Control-Allow-Headers = join(", ", local.cors.allow_headers) },
  )
}
