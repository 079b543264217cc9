module "no_version" { # FAILED
  source = "terraform-aws-modules/vpc/aws"
}

module "a_range" { # FAILED
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 5.0"
}

module "no_upper_end" { # FAILED
  source  = "terraform-aws-modules/vpc/aws"
  version = ">= 5"
}

module "all_but_one" { # FAILED
  source  = "app.terraform.io/techstart/network/aws"
  version = "!= 5.1.0"
}

module "no_ref" { # FAILED
  source = "git::https://github.com/techstart-example/terraform-network.git"
}

module "a_branch" { # FAILED
  source = "git::https://github.com/techstart-example/terraform-network.git?ref=main"
}

module "a_branch_of_github" { # FAILED
  source = "github.com/techstart-example/terraform-network?ref=develop"
}

module "over_ssh" { # FAILED
  source = "git@github.com:techstart-example/terraform-network.git"
}

module "an_archive" { # FAILED
  source = "https://modules.example.com/network.zip"
}

module "a_bucket" { # FAILED
  source = "s3::https://s3-eu-west-3.amazonaws.com/modules/network.zip"
}
