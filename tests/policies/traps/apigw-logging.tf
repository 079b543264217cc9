resource "aws_api_gateway_stage" "nothing" { # FAILED
  stage_name = "live"
}
resource "aws_api_gateway_stage" "empty" { # FAILED
  access_log_settings {
    destination_arn = ""
    format          = "x"
  }
}
resource "aws_cloudwatch_log_group" "access" {
  name = "access"
}
resource "aws_api_gateway_stage" "logs" { # PASSED
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format          = "x"
  }
}
resource "aws_api_gateway_method_settings" "text_one" { # FAILED
  settings {
    data_trace_enabled = "1"
  }
}
resource "aws_api_gateway_method_settings" "text_true" { # FAILED
  settings {
    data_trace_enabled = "true"
  }
}
resource "aws_api_gateway_method_settings" "nothing" { # PASSED
  settings {
    metrics_enabled = true
  }
}
resource "aws_apigatewayv2_stage" "nothing" { # FAILED
  name = "$default"
}
resource "aws_apigatewayv2_stage" "traces" { # FAILED
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format          = "x"
  }
  default_route_settings {
    data_trace_enabled = true
  }
}
resource "aws_apigatewayv2_stage" "traces_one_route" { # FAILED
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format          = "x"
  }
  route_settings {
    route_key          = "GET /"
    data_trace_enabled = "true"
  }
}

resource "aws_appsync_graphql_api" "silent" { # FAILED
  name = "shop"
}

resource "aws_appsync_graphql_api" "told" { # PASSED
  log_config {
    cloudwatch_logs_role_arn = "arn:aws:iam::111122223333:role/logs"
  }
}

resource "aws_appsync_api" "quiet" { # FAILED
  name = "quiet"
  event_config {
    auth_provider {
      auth_type = "API_KEY"
    }
    connection_auth_mode {
      auth_type = "AWS_IAM"
    }
    default_publish_auth_mode {
      auth_type = "AWS_IAM"
    }
    default_subscribe_auth_mode {
      auth_type = "AWS_IAM"
    }
  }
}

resource "aws_appsync_api" "logged" { # PASSED
  name = "logged"
  event_config {
    auth_provider {
      auth_type = "API_KEY"
    }
    connection_auth_mode {
      auth_type = "AWS_IAM"
    }
    default_publish_auth_mode {
      auth_type = "AWS_IAM"
    }
    default_subscribe_auth_mode {
      auth_type = "AWS_IAM"
    }
    log_config {
      cloudwatch_logs_role_arn = "arn:aws:iam::123456789012:role/log"
      log_level                = "ERROR"
    }
  }
}

resource "aws_appsync_api" "takes_nothing" { # FAILED
  name = "takes_nothing"
  event_config {
    auth_provider {
      auth_type = "API_KEY"
    }
    connection_auth_mode {
      auth_type = "AWS_IAM"
    }
    default_publish_auth_mode {
      auth_type = "AWS_IAM"
    }
    default_subscribe_auth_mode {
      auth_type = "AWS_IAM"
    }
    log_config {
      cloudwatch_logs_role_arn = "arn:aws:iam::123456789012:role/log"
      log_level                = "NONE"
    }
  }
}
