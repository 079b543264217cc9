resource "aws_ecr_replication_configuration" "this" { # FAILED
  replication_configuration {
    rule {
      destination {
        region      = "eu-central-1"
        registry_id = "111122223333"
      }
      destination {
        region      = "us-east-1"
        registry_id = "111122223333"
      }
    }
  }
}
