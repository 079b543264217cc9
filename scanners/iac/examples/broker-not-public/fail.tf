resource "aws_mq_broker" "public" { # FAILED
  publicly_accessible = true
}

resource "aws_msk_cluster" "public" { # FAILED
  broker_node_group_info {
    connectivity_info {
      public_access {
        type = "SERVICE_PROVIDED_EIPS"
      }
    }
  }
}
