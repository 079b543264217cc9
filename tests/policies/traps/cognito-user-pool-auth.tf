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
