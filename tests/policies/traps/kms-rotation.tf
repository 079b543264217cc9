resource "aws_kms_key" "text_one" { # PASSED
  enable_key_rotation = "1"
}
resource "aws_kms_key" "nothing" { # FAILED
  description = "x"
}
resource "aws_kms_key" "null" { # FAILED
  enable_key_rotation = null
}
resource "aws_kms_key" "text_zero" { # FAILED
  enable_key_rotation = "0"
}
resource "aws_kms_key" "every_seven_years" { # FAILED
  enable_key_rotation     = true
  rotation_period_in_days = 2560
}
resource "aws_kms_key" "every_seven_years_as_text" { # FAILED
  enable_key_rotation     = true
  rotation_period_in_days = "2560"
}
resource "aws_kms_key" "twice_a_year" { # PASSED
  enable_key_rotation     = true
  rotation_period_in_days = "180"
}
resource "aws_kms_key" "asymmetric" { # NOTHING
  customer_master_key_spec = "RSA_4096"
}
resource "aws_kms_key" "symmetric_by_name" { # FAILED
  customer_master_key_spec = "SYMMETRIC_DEFAULT"
}
resource "aws_kms_key" "spec_null" { # FAILED
  customer_master_key_spec = null
}
resource "aws_kms_key" "own_store" { # NOTHING
  custom_key_store_id = "cks-1"
}
variable "spec" {}
resource "aws_kms_key" "spec_not_known" { # UNKNOWN
  customer_master_key_spec = var.spec
}
resource "aws_kms_key" "switched_off" { # NOTHING
  is_enabled = false
}
