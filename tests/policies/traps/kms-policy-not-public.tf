resource "aws_iam_role" "app" { # NOTHING
  name = "app"
}
resource "aws_kms_grant" "role" { # PASSED
  key_id            = "1234"
  grantee_principal = aws_iam_role.app.arn
  operations        = ["Decrypt"]
}
resource "aws_kms_grant" "named" { # UNKNOWN
  key_id            = "1234"
  grantee_principal = "arn:aws:iam::999988887777:role/app"
  operations        = ["Decrypt"]
}
resource "aws_kms_grant" "anybody" { # FAILED
  key_id            = "1234"
  grantee_principal = "*"
  operations        = ["Decrypt"]
}
variable "partner" {}
data "aws_caller_identity" "own" {}
data "aws_ssm_parameter" "partner" {
  name = "partner"
}
resource "aws_kms_grant" "account_that_nobody_knows" { # UNKNOWN
  key_id            = "1234"
  grantee_principal = "arn:aws:iam::${var.partner}:role/app"
  operations        = ["Decrypt"]
}
resource "aws_kms_grant" "own_account" { # PASSED
  key_id            = "1234"
  grantee_principal = "arn:aws:iam::${data.aws_caller_identity.own.account_id}:role/${var.partner}"
  operations        = ["Decrypt"]
}
resource "aws_kms_key" "account_that_nobody_knows" { # UNKNOWN
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.own.account_id}:root" } },
      { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = "arn:aws:iam::${var.partner}:root" } },
    ]
  })
}
resource "aws_kms_key" "account_that_is_looked_up" { # UNKNOWN
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = "arn:aws:iam::${data.aws_ssm_parameter.partner.value}:role/app" } }]
  })
}
resource "aws_kms_key" "from_a_network_of_nobody_knows_whom" { # UNKNOWN
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = "*", Condition = { StringEquals = { "aws:SourceVpce" = "vpce-1a2b3c4d" } } }]
  })
}
resource "aws_kms_key" "from_its_own_network" { # PASSED
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = "*", Condition = { StringEquals = { "aws:SourceVpce" = aws_vpc_endpoint.keys.id } } }]
  })
}
resource "aws_vpc_endpoint" "keys" { # NOTHING
  vpc_id       = "vpc-1a2b3c4d"
  service_name = "com.amazonaws.eu-west-3.kms"
}
