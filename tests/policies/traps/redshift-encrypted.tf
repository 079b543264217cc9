resource "aws_redshift_cluster" "nothing" { # UNKNOWN
  node_type = "ra3.large"
}
resource "aws_redshift_cluster" "null" { # UNKNOWN
  encrypted = null
}
resource "aws_redshift_cluster" "text" { # PASSED
  encrypted = "true"
}
resource "aws_redshift_cluster" "empty" { # UNKNOWN
  encrypted = ""
}
resource "aws_redshift_cluster" "no" { # FAILED
  encrypted = false
}
resource "aws_redshift_cluster" "a_key_alone" { # UNKNOWN
  kms_key_id = "arn:aws:kms:eu-west-3:111122223333:key/0"
}
variable "encrypted" {
  type = bool
}
resource "aws_redshift_cluster" "variable" { # UNKNOWN
  encrypted = var.encrypted
}
