resource "aws_iam_account_password_policy" "weak" { # FAILED
  minimum_password_length      = 8
  require_lowercase_characters = false
  require_uppercase_characters = false
  require_numbers              = false
  require_symbols              = false
}
