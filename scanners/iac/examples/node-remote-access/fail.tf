resource "aws_eks_node_group" "open" { # FAILED
  cluster_name  = "shop"
  node_role_arn = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids    = ["subnet-a"]

  remote_access {
    ec2_ssh_key = "operators"
  }
}
