provider "aws" {
  region = "eu-west-3"
}

provider "aws" { # FAILED
  alias  = "usa"
  region = "us-east-1"
}

# Not in the EU, whatever its name begins with.
provider "aws" { # FAILED
  alias  = "london"
  region = "eu-west-2"
}
