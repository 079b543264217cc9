resource "aws_s3_bucket" "nothing" { # FAILED
  bucket = "nothing"
}
resource "aws_s3_bucket" "suspended" { # FAILED
  bucket = "suspended"
}
resource "aws_s3_bucket_versioning" "suspended" {
  bucket = aws_s3_bucket.suspended.id
  versioning_configuration {
    status = "Suspended"
  }
}
resource "aws_s3_bucket" "enabled" { # PASSED
  bucket = "enabled"
}
resource "aws_s3_bucket_versioning" "enabled" {
  bucket = aws_s3_bucket.enabled.bucket
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "by_its_name" { # PASSED
  bucket = "by-its-name"
}
resource "aws_s3_bucket_versioning" "by_its_name" {
  bucket = "by-its-name"
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "inline" { # PASSED
  versioning {
    enabled = "1"
  }
}
resource "aws_s3_bucket" "inline_off" { # FAILED
  versioning {
    enabled = "false"
  }
}
variable "on" {
  type = bool
}
resource "aws_s3_bucket" "perhaps" { # UNKNOWN
  bucket = "perhaps"
}
resource "aws_s3_bucket_versioning" "perhaps" {
  count  = var.on ? 1 : 0
  bucket = aws_s3_bucket.perhaps.id
  versioning_configuration {
    status = "Enabled"
  }
}
variable "status" {}
resource "aws_s3_bucket" "status_not_known" { # UNKNOWN
  bucket = "status-not-known"
}
resource "aws_s3_bucket_versioning" "status_not_known" {
  bucket = aws_s3_bucket.status_not_known.id
  versioning_configuration {
    status = var.status
  }
}
locals {
  buckets = toset(["a", "b"])
}
resource "aws_s3_bucket" "each" { # PASSED
  for_each = local.buckets
  bucket   = each.key
}
resource "aws_s3_bucket_versioning" "each" {
  for_each = aws_s3_bucket.each
  bucket   = each.value.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "twice" { # UNKNOWN
  bucket = "twice"
}
resource "aws_s3_bucket_versioning" "twice_on" {
  bucket = aws_s3_bucket.twice.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_versioning" "twice_off" {
  bucket = aws_s3_bucket.twice.id
  versioning_configuration {
    status = "Suspended"
  }
}
resource "aws_s3_bucket" "inline_off_and_beside_on" { # FAILED
  versioning {
    enabled = false
  }
}
resource "aws_s3_bucket_versioning" "inline_off_and_beside_on" {
  bucket = aws_s3_bucket.inline_off_and_beside_on.id
  versioning_configuration {
    status = "Enabled"
  }
}
variable "names" {
  type = set(string)
}
variable "others" {
  type = set(string)
}
variable "number" {
  type = number
}
resource "aws_s3_bucket" "one_of_many" { # UNKNOWN
  count = var.number
  bucket_prefix = "a"
}
resource "aws_s3_bucket_versioning" "one_of_many" {
  bucket = aws_s3_bucket.one_of_many[0].id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "one_key" { # UNKNOWN
  for_each = var.names
  bucket_prefix = "a"
}
resource "aws_s3_bucket_versioning" "one_key" {
  bucket = aws_s3_bucket.one_key["x"].id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "too_many" { # UNKNOWN
  count = 1001
  bucket_prefix = "a"
}
resource "aws_s3_bucket_versioning" "too_many" {
  bucket = aws_s3_bucket.too_many[0].id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "other_loop" { # UNKNOWN
  for_each = var.names
  bucket_prefix = "a"
}
resource "aws_s3_bucket_versioning" "other_loop" {
  for_each = var.others
  bucket = aws_s3_bucket.other_loop[each.key].id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "its_other_key" { # UNKNOWN
  count = var.number
  bucket_prefix = "a"
}
resource "aws_s3_bucket_versioning" "its_other_key" {
  count = var.number
  bucket = aws_s3_bucket.its_other_key[0].id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "all_by_key" { # PASSED
  for_each = var.names
  bucket_prefix = "a"
}
resource "aws_s3_bucket_versioning" "all_by_key" {
  for_each = var.names
  bucket = aws_s3_bucket.all_by_key[each.key].id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "all_by_value" { # PASSED
  for_each = toset(var.others)
  bucket_prefix = "a"
}
resource "aws_s3_bucket_versioning" "all_by_value" {
  for_each = toset(var.others)
  bucket = aws_s3_bucket.all_by_value[each.value].id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "all_by_place" { # PASSED
  count = var.number
  bucket_prefix = "a"
}
resource "aws_s3_bucket_versioning" "all_by_place" {
  count = var.number
  bucket = aws_s3_bucket.all_by_place[count.index].id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "all_too_many" { # PASSED
  count = 1001
  bucket_prefix = "a"
}
resource "aws_s3_bucket_versioning" "all_too_many" {
  count = 1001
  bucket = aws_s3_bucket.all_too_many[count.index].id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "through_itself" { # PASSED
  for_each = var.names
  bucket_prefix = "a"
}
resource "aws_s3_bucket_versioning" "through_itself" {
  for_each = aws_s3_bucket.through_itself
  bucket = each.value.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "by_its_length" { # PASSED
  count = var.number
  bucket_prefix = "a"
}
resource "aws_s3_bucket_versioning" "by_its_length" {
  count = length(aws_s3_bucket.by_its_length)
  bucket = aws_s3_bucket.by_its_length[count.index].id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "one_or_none" { # PASSED
  count = var.on ? 1 : 0
  bucket_prefix = "a"
}
resource "aws_s3_bucket_versioning" "one_or_none" {
  count = var.on ? 1 : 0
  bucket = aws_s3_bucket.one_or_none[0].id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "with_object_lock" { # PASSED
  object_lock_enabled = true
}
resource "aws_s3_bucket" "without_object_lock" { # FAILED
  object_lock_enabled = false
}
