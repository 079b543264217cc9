resource "aws_iam_account_password_policy" "short_as_text" { # FAILED
  minimum_password_length      = "8"
  require_lowercase_characters = true
  require_numbers              = true
  require_symbols              = true
  require_uppercase_characters = true
}
resource "aws_iam_account_password_policy" "no_symbols" { # FAILED
  minimum_password_length      = 14
  require_lowercase_characters = "1"
  require_numbers              = "true"
  require_symbols              = "0"
  require_uppercase_characters = "1"
}
resource "aws_iam_account_password_policy" "null" { # FAILED
  minimum_password_length      = null
  require_lowercase_characters = true
  require_numbers              = true
  require_symbols              = true
  require_uppercase_characters = true
}
resource "aws_iam_account_password_policy" "right" { # PASSED
  minimum_password_length      = "14"
  require_lowercase_characters = "1"
  require_numbers              = "true"
  require_symbols              = "1"
  require_uppercase_characters = true
}
