module "exact" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.8.1"
}

module "exact_with_a_sign" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "= 5.8.1"
}

module "one_of_a_range" {
  source  = "terraform-aws-modules/vpc/aws//modules/vpc-endpoints"
  version = ">= 5.0.0, 5.8.1"
}

module "private_registry" {
  source  = "app.terraform.io/techstart/network/aws"
  version = "2.0.0-rc.1"
}

module "a_commit" {
  source = "git::https://github.com/techstart-example/terraform-network.git?ref=8f14e45fceea167a5a36dedd4bea2543c1a2b3c4"
}

module "a_version_as_tag" {
  source = "git::ssh://git@github.com/techstart-example/terraform-network.git//modules/vpc?depth=1&ref=v1.2.3"
}

module "a_tag_of_one_module" {
  source = "github.com/techstart-example/terraform-modules?ref=network-v1.2.3"
}

module "an_archive_with_its_hash" {
  source = "https://modules.example.com/network.zip?checksum=sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}
