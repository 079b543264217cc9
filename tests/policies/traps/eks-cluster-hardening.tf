resource "aws_eks_cluster" "null" { # FAILED
  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  vpc_config {
    endpoint_public_access = null
  }
}
resource "aws_eks_cluster" "two_halves" { # FAILED
  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  vpc_config {
    public_access_cidrs = ["0.0.0.0/1", "128.0.0.0/1"]
  }
}
resource "aws_eks_cluster" "large_ranges" { # FAILED
  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  vpc_config {
    public_access_cidrs = ["52.0.0.0/9", "52.128.0.0/9"]
  }
}
resource "aws_eks_cluster" "as_wide_as_the_internet" { # FAILED
  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  vpc_config {
    public_access_cidrs = ["52.0.0.0/8"]
  }
}
resource "aws_eks_cluster" "no_ranges" { # FAILED
  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  vpc_config {
    public_access_cidrs = []
  }
}
resource "aws_eks_cluster" "everybody_on_the_other_net" { # FAILED
  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  vpc_config {
    public_access_cidrs = ["198.51.100.0/24", "::/0"]
  }
}
variable "cidrs" {
  type = list(string)
}
resource "aws_eks_cluster" "variable" { # UNKNOWN
  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  vpc_config {
    public_access_cidrs = var.cidrs
  }
}
resource "aws_eks_cluster" "closed_whatever_the_ranges" { # PASSED
  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  vpc_config {
    endpoint_public_access = false
    public_access_cidrs    = var.cidrs
  }
}
resource "aws_eks_cluster" "other_case" { # FAILED
  enabled_cluster_log_types = ["API", "Audit", "authenticator", "controllerManager", "scheduler"]
  vpc_config {
    endpoint_public_access = false
  }
}
resource "aws_eks_cluster" "logs_not_known" { # UNKNOWN
  enabled_cluster_log_types = var.logs
  vpc_config {
    endpoint_public_access = false
  }
}
variable "logs" {
  type = list(string)
}
