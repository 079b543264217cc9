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

resource "aws_cognito_identity_pool" "customers" {
  identity_pool_name = "customers"
}
