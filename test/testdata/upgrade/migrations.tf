# What stays keeps its state under a new address.

moved {
  from = aws_api_gateway_rest_api.maintenance_mode_api
  to   = module.maintenance_api.aws_api_gateway_rest_api.this
}

moved {
  from = aws_api_gateway_stage.maintenance_mode_stage
  to   = module.maintenance_api.aws_api_gateway_stage.this
}

moved {
  from = aws_api_gateway_domain_name.domain_name
  to   = module.domain.aws_api_gateway_domain_name.this[0]
}

moved {
  from = aws_api_gateway_base_path_mapping.base_mapping
  to   = module.domain.aws_api_gateway_base_path_mapping.this["/"]
}

moved {
  from = aws_route53_record.api_dns_record
  to   = module.domain.aws_route53_record.this["A"]
}

# What the module's OpenAPI document replaces is forgotten, not destroyed: the
# import of the document overwrites it. The old deployment serves until the stage
# takes the new one, and stays in the API's history.

removed {
  from = aws_api_gateway_deployment.maintenance_mode_deployment

  lifecycle {
    destroy = false
  }
}

removed {
  from = aws_api_gateway_resource.maintenance_mode_resource

  lifecycle {
    destroy = false
  }
}

removed {
  from = aws_api_gateway_method.maintenance_mode_method

  lifecycle {
    destroy = false
  }
}

removed {
  from = aws_api_gateway_integration.maintenance_mode_integration

  lifecycle {
    destroy = false
  }
}

removed {
  from = aws_api_gateway_method_response.maintenance_mode_response_503

  lifecycle {
    destroy = false
  }
}

removed {
  from = aws_api_gateway_integration_response.maintenance_mode_integration_response

  lifecycle {
    destroy = false
  }
}
