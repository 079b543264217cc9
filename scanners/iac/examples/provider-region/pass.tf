provider "aws" {
  region = "eu-west-3"
}

provider "aws" {
  alias  = "second_site"
  region = "eu-west-1"
}
