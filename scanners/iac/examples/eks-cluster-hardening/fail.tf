resource "aws_eks_cluster" "nothing" { # FAILED
  name = "nothing"
  vpc_config {
    subnet_ids = ["subnet-1", "subnet-2"]
  }
}

resource "aws_eks_cluster" "open" { # FAILED
  name                      = "open"
  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  vpc_config {
    subnet_ids          = ["subnet-1", "subnet-2"]
    public_access_cidrs = ["198.51.100.0/24", "0.0.0.0/0"]
  }
}

resource "aws_eks_cluster" "some_logs" { # FAILED
  name                      = "some-logs"
  enabled_cluster_log_types = ["api", "authenticator", "controllerManager", "scheduler"]
  vpc_config {
    subnet_ids             = ["subnet-1", "subnet-2"]
    endpoint_public_access = false
  }
}
