resource "aws_s3_access_point" "three_said" { # PASSED
  public_access_block_configuration {
    block_public_acls   = true
    block_public_policy = true
    ignore_public_acls  = true
  }
}
variable "vpc" {
  type = string
}
resource "aws_s3_access_point" "perhaps_inside" { # UNKNOWN
  vpc_configuration {
    vpc_id = var.vpc
  }
  public_access_block_configuration {
    restrict_public_buckets = false
  }
}
resource "aws_s3_access_point" "inside" { # PASSED
  vpc_configuration {
    vpc_id = "vpc-1"
  }
  public_access_block_configuration {
    restrict_public_buckets = false
  }
}
variable "block" {
  type = bool
}
resource "aws_s3_access_point" "variable" { # UNKNOWN
  public_access_block_configuration {
    block_public_policy = var.block
  }
}
resource "aws_s3control_multi_region_access_point" "open" { # FAILED
  details {
    name = "open"
    public_access_block {
      block_public_policy = false
    }
    region { bucket = "documents" }
  }
}
resource "aws_s3control_multi_region_access_point" "silent" { # PASSED
  details {
    name = "silent"
    region { bucket = "documents" }
  }
}
