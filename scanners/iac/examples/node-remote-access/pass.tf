resource "aws_eks_node_group" "from_a_group" {
  cluster_name  = "shop"
  node_role_arn = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids    = ["subnet-a"]

  remote_access {
    ec2_ssh_key               = "operators"
    source_security_group_ids = ["sg-bastion"]
  }
}

resource "aws_eks_node_group" "without_a_key" {
  cluster_name  = "shop"
  node_role_arn = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids    = ["subnet-a"]
}
