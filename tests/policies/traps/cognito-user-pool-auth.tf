resource "aws_cognito_user_pool" "length_not_said" { # UNKNOWN
  mfa_configuration = "ON"
}
resource "aws_cognito_user_pool" "other_case" { # FAILED
  mfa_configuration = "on"
  password_policy {
    minimum_length = 20
  }
}
variable "mfa" {
  type = string
}
resource "aws_cognito_user_pool" "variable" { # UNKNOWN
  mfa_configuration = var.mfa
  password_policy {
    minimum_length = 20
  }
}
resource "aws_cognito_user_pool" "short_whatever_the_factor" { # FAILED
  mfa_configuration = var.mfa
  password_policy {
    minimum_length = 6
  }
}
resource "aws_cognito_identity_pool" "null" { # PASSED
  allow_unauthenticated_identities = null
}
resource "aws_cognito_user_pool" "no_answer_to_risk" { # FAILED
  mfa_configuration = "OPTIONAL"
  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
  password_policy {
    minimum_length = 20
  }
}
resource "aws_cognito_user_pool" "risk_does_nothing" { # FAILED
  mfa_configuration = "OPTIONAL"
  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
  password_policy {
    minimum_length = 20
  }
}
resource "aws_cognito_risk_configuration" "risk_does_nothing" {
  user_pool_id = aws_cognito_user_pool.risk_does_nothing.id
  account_takeover_risk_configuration {
    actions {
      medium_action {
        event_action = "NO_ACTION"
        notify       = false
      }
      high_action {
        event_action = "NO_ACTION"
        notify       = false
      }
    }
  }
}
resource "aws_cognito_user_pool" "only_high_risk" { # FAILED
  mfa_configuration = "OPTIONAL"
  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
  password_policy {
    minimum_length = 20
  }
}
resource "aws_cognito_risk_configuration" "only_high_risk" {
  user_pool_id = aws_cognito_user_pool.only_high_risk.id
  account_takeover_risk_configuration {
    actions {
      medium_action {
        event_action = "NO_ACTION"
        notify       = false
      }
      high_action {
        event_action = "BLOCK"
        notify       = false
      }
    }
  }
}
resource "aws_cognito_user_pool" "if_configured" { # FAILED
  mfa_configuration = "OPTIONAL"
  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
  password_policy {
    minimum_length = 20
  }
}
resource "aws_cognito_risk_configuration" "if_configured" {
  user_pool_id = aws_cognito_user_pool.if_configured.id
  account_takeover_risk_configuration {
    actions {
      medium_action {
        event_action = "MFA_IF_CONFIGURED"
        notify       = false
      }
      high_action {
        event_action = "BLOCK"
        notify       = false
      }
    }
  }
}
resource "aws_cognito_user_pool" "one_application" { # FAILED
  mfa_configuration = "OPTIONAL"
  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
  password_policy {
    minimum_length = 20
  }
}
resource "aws_cognito_risk_configuration" "one_application" {
  user_pool_id = aws_cognito_user_pool.one_application.id
  client_id    = "3n4b5urk1ft4fl3mg5e62d9ado"
  account_takeover_risk_configuration {
    actions {
      medium_action {
        event_action = "BLOCK"
        notify       = false
      }
      high_action {
        event_action = "BLOCK"
        notify       = false
      }
    }
  }
}
resource "aws_cognito_user_pool" "answer_by_a_variable" { # UNKNOWN
  mfa_configuration = "OPTIONAL"
  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
  password_policy {
    minimum_length = 20
  }
}
resource "aws_cognito_risk_configuration" "answer_by_a_variable" {
  user_pool_id = aws_cognito_user_pool.answer_by_a_variable.id
  account_takeover_risk_configuration {
    actions {
      medium_action {
        event_action = var.mfa
        notify       = false
      }
      high_action {
        event_action = "BLOCK"
        notify       = false
      }
    }
  }
}
resource "aws_cognito_user_pool" "risk_is_answered" { # PASSED
  mfa_configuration = "OPTIONAL"
  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
  password_policy {
    minimum_length = 20
  }
}
resource "aws_cognito_risk_configuration" "risk_is_answered" {
  user_pool_id = aws_cognito_user_pool.risk_is_answered.id
  account_takeover_risk_configuration {
    actions {
      medium_action {
        event_action = "MFA_REQUIRED"
        notify       = false
      }
      high_action {
        event_action = "BLOCK"
        notify       = false
      }
    }
  }
}
resource "aws_cognito_user_pool" "skips_the_internet" { # FAILED
  mfa_configuration = "OPTIONAL"
  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
  password_policy {
    minimum_length = 20
  }
}
resource "aws_cognito_risk_configuration" "skips_the_internet" {
  user_pool_id = aws_cognito_user_pool.skips_the_internet.id
  account_takeover_risk_configuration {
    actions {
      medium_action {
        event_action = "MFA_REQUIRED"
        notify       = false
      }
      high_action {
        event_action = "BLOCK"
        notify       = false
      }
    }
  }
  risk_exception_configuration {
    skipped_ip_range_list = ["0.0.0.0/1", "128.0.0.0/1"]
  }
}
resource "aws_cognito_user_pool" "skips_an_office" { # PASSED
  mfa_configuration = "OPTIONAL"
  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
  password_policy {
    minimum_length = 20
  }
}
resource "aws_cognito_risk_configuration" "skips_an_office" {
  user_pool_id = aws_cognito_user_pool.skips_an_office.id
  account_takeover_risk_configuration {
    actions {
      medium_action {
        event_action = "MFA_REQUIRED"
        notify       = false
      }
      high_action {
        event_action = "BLOCK"
        notify       = false
      }
    }
  }
  risk_exception_configuration {
    skipped_ip_range_list = ["203.0.113.0/24"]
  }
}
