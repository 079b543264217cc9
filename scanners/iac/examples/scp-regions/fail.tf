resource "aws_organizations_policy" "regions" { # FAILED
  name = "regions"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      NotAction = ["iam:*", "organizations:*", "support:*"]
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = ["eu-west-3", "us-east-1"] } }
    }]
  })
}

resource "aws_organizations_policy" "if_exists" { # FAILED
  name = "if_exists"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { "ForAnyValue:StringNotEqualsIfExists" = { "AWS:requestedregion" = ["us-east-1"] } }
    }]
  })
}
