# What the answers say: one body a media type, and the headers of every answer.

# ---------------------------------------------------------------------------
# Moments
# ---------------------------------------------------------------------------

locals {
  # Where nothing else is said, clients are to come back when the window ends.
  window_end  = var.maintenance_window == null ? null : var.maintenance_window.end
  retry_after = var.retry_after == null ? local.window_end : var.retry_after

  retry_is_moment = local.retry_after == null ? false : !can(regex("^[0-9]+$", local.retry_after))

  # Moments are given in any offset but sent in GMT. Terraform has no conversion,
  # so the offset is taken off by hand.
  given_moments = {
    retry  = local.retry_is_moment ? local.retry_after : null
    starts = var.maintenance_window == null ? null : var.maintenance_window.start
    ends   = local.window_end
  }
  parts = {
    for name, given in local.given_moments : name =>
    regex("^(?P<clock>.{19})(?:[.][0-9]+)?(?:[Zz]|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2}))$", given)
    if given != null
  }
  moments = {
    for name, part in local.parts : name => part.sign == null ? "${upper(part.clock)}Z" : timeadd(
      "${upper(part.clock)}Z",
      "${part.sign == "+" ? "-" : ""}${tonumber(part.hours)}h${tonumber(part.minutes)}m",
    )
  }

  # Seconds stay seconds.
  retry_header = local.retry_is_moment ? formatdate("EEE, DD MMM YYYY hh:mm:ss 'GMT'", local.moments.retry) : local.retry_after
}

# ---------------------------------------------------------------------------
# Bodies
# ---------------------------------------------------------------------------

locals {
  title = var.status_code == 503 ? "Service Unavailable" : "Under Maintenance"

  # RFC 9457, with `message` beside `detail` for clients that read API
  # Gateway's own errors. Its `instance` is added where the request is known.
  problem = merge(
    {
      type    = var.problem_type
      title   = local.title
      status  = var.status_code
      detail  = var.message
      message = var.message
    },
    local.retry_after == null ? {} : local.retry_is_moment ? { retry_at = local.moments.retry } : { retry_after = tonumber(local.retry_after) },
    var.maintenance_window == null ? {} : { starts = local.moments.starts, ends = local.moments.ends },
  )

  # To a person a moment reads "31 January 2027, 05:00 UTC".
  spoken_moments = { for name, moment in local.moments : name => formatdate("D MMMM YYYY, hh:mm 'UTC'", moment) }

  message_tags = replace(replace(replace(var.message, "&", "&amp;"), "<", "&lt;"), ">", "&gt;")
  message_html = replace(replace(local.message_tags, "\"", "&quot;"), "'", "&#39;")

  page = templatefile("${path.module}/templates/page.html.tftpl", {
    title         = local.title
    message       = local.message_html
    moments       = local.moments
    spoken        = local.spoken_moments
    retry_seconds = local.retry_after == null || local.retry_is_moment ? null : tonumber(local.retry_after)
    status_url    = var.status_url == null ? null : replace(var.status_url, "&", "&amp;")
  })

  text = join("\n", compact([
    var.message,
    local.retry_is_moment ? "Back at ${local.moments.retry}." : null,
    var.status_url == null ? null : "Status: ${var.status_url}",
  ]))
}

# ---------------------------------------------------------------------------
# Headers
# ---------------------------------------------------------------------------

locals {
  # What every answer bears, a preflight's too.
  common_headers = {
    Cache-Control          = "no-store"
    X-Content-Type-Options = "nosniff"
    X-Maintenance-Mode     = "on"
  }

  headers = merge(
    var.headers,
    local.common_headers,
    local.retry_header == null ? {} : { Retry-After = local.retry_header },
    var.status_url == null ? {} : { Link = "<${var.status_url}>; rel=\"status\"" }, # RFC 8631
  )

  # The form depends on Accept, and a reflected origin on Origin.
  vary = local.cors_reflected ? "Accept, Origin" : "Accept"

  # Method answers reflect a listed origin in their template; the rest is fixed.
  method_headers = merge(
    local.headers,
    local.cors_readable,
    { Vary = local.vary },
    local.cors_any ? { Access-Control-Allow-Origin = "*" } : {},
  )

  # Gateway responses have no template language (fact B4), hence no reflection:
  # with several origins they let any origin read, without credentials.
  gateway_headers = merge(
    local.headers,
    { Vary = local.vary },
    local.cors == null ? {} : length(local.cors.allow_origins) == 1 ? merge(
      local.cors_readable,
      { Access-Control-Allow-Origin = one(local.cors.allow_origins) },
      ) : {
      Access-Control-Allow-Origin   = "*"
      Access-Control-Expose-Headers = local.cors_expose
    },
  )
}

# ---------------------------------------------------------------------------
# CORS
# ---------------------------------------------------------------------------

locals {
  cors = var.cors

  # One origin, or any: then the header needs no look at the request.
  cors_any       = local.cors == null ? false : contains(local.cors.allow_origins, "*")
  cors_reflected = local.cors == null ? false : !local.cors_any

  # What a browser must find on an answer to let a page read it.
  own_exposed = concat(["Retry-After", "X-Maintenance-Mode", "x-amzn-RequestId"], var.status_url == null ? [] : ["Link"])
  cors_expose = join(", ", distinct(concat(local.own_exposed, local.cors == null ? [] : local.cors.expose_headers)))
  cors_readable = local.cors == null ? {} : merge(
    { Access-Control-Expose-Headers = local.cors_expose },
    local.cors.allow_credentials ? { Access-Control-Allow-Credentials = "true" } : {},
  )

  # An OPTIONS request is a preflight or not by the one header, and the answer to
  # one repeats the other and the origin.
  preflight_vary = join(", ", concat(
    ["Access-Control-Request-Method"],
    local.cors_any_header ? ["Access-Control-Request-Headers"] : [],
    local.cors_reflected ? ["Origin"] : [],
  ))
  cors_any_header = local.cors == null ? false : contains(local.cors.allow_headers, "*")

  preflight_headers = local.cors == null ? {} : merge(
    local.common_headers,
    {
      Access-Control-Allow-Methods = join(", ", local.cors.allow_methods)
      Access-Control-Max-Age       = tostring(local.cors.max_age)
      Vary                         = local.preflight_vary
    },
    local.cors_any ? { Access-Control-Allow-Origin = "*" } : {},
    local.cors.allow_credentials ? { Access-Control-Allow-Credentials = "true" } : {},
    local.cors_any_header ? {} : { Access-Control-Allow-Headers = join(", ", local.cors.allow_headers) },
  )
}
