resource "aws_mq_broker" "private" {
  publicly_accessible = false
}

resource "aws_mq_broker" "says_nothing" {
  broker_name = "orders"
}

resource "aws_msk_cluster" "private" {
  broker_node_group_info {
    connectivity_info {
      public_access {
        type = "DISABLED"
      }
    }
  }
}
