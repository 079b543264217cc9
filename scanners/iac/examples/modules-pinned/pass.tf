module "exact" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.8.1"
}

module "a_commit" {
  source = "git::https://github.com/example-org/terraform-network.git?ref=8f14e45fceea167a5a36dedd4bea2543c1a2b3c4"
}

module "a_version_as_tag" {
  source = "git::ssh://git@github.com/example-org/terraform-network.git//modules/vpc?depth=1&ref=v1.2.3"
}
