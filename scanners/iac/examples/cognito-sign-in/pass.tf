resource "aws_cognito_user_pool" "customers" {
  name              = "customers"
  mfa_configuration = "ON"
  password_policy {
    minimum_length = 20
  }
}

resource "aws_cognito_user_pool" "when_risky" {
  name              = "risky"
  mfa_configuration = "OPTIONAL"
  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
  password_policy {
    minimum_length = 20
  }
}

resource "aws_cognito_risk_configuration" "when_risky" {
  user_pool_id = aws_cognito_user_pool.when_risky.id
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

resource "aws_cognito_identity_pool" "customers" {
  identity_pool_name = "customers"
}
