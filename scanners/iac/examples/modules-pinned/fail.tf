module "no_version" { # FAILED
  source = "terraform-aws-modules/vpc/aws"
}

module "a_range" { # FAILED
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 5.0"
}

module "a_branch" { # FAILED
  source = "git::https://github.com/example-org/terraform-network.git?ref=main"
}
