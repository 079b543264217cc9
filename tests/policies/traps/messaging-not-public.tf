resource "aws_mq_broker" "public" { # FAILED
  publicly_accessible = true
}

resource "aws_msk_cluster" "says_nothing" { # PASSED
  cluster_name = "events"
}
