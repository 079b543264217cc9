resource "aws_cognito_user_pool" "nothing" { # FAILED
  name = "nothing"
}

resource "aws_cognito_user_pool" "left_to_the_user" { # FAILED
  name              = "left"
  mfa_configuration = "OPTIONAL"
  user_pool_add_ons {
    advanced_security_mode = "AUDIT"
  }
  password_policy {
    minimum_length = 20
  }
}

resource "aws_cognito_user_pool" "short" { # FAILED
  name              = "short"
  mfa_configuration = "ON"
  password_policy {
    minimum_length = 6
  }
}

resource "aws_cognito_identity_pool" "guests" { # FAILED
  identity_pool_name               = "guests"
  allow_unauthenticated_identities = true
}
