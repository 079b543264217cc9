resource "aws_kms_replica_key" "data" {
  region          = "eu-west-1"
  primary_key_arn = "arn:aws:kms:eu-west-3:111122223333:key/mrk-1"
}

resource "aws_kms_replica_external_key" "data" {
  region          = "eu-west-1"
  primary_key_arn = "arn:aws:kms:eu-west-3:111122223333:key/mrk-2"
}
