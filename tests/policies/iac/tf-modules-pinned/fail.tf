module "network" { # FAILED
  source = "terraform-aws-modules/vpc/aws"
}
