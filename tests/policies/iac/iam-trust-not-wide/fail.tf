resource "aws_iam_role" "anybody" { # FAILED
  name = "anybody"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" } }]
  })
}

resource "aws_iam_role" "anybody_at_all" { # FAILED
  name = "anybody-at-all"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = "*"
    }]
  })
}

resource "aws_iam_role" "alone" { # FAILED
  name = "alone"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "*" }
    }
  })
}

resource "aws_iam_role" "anybody_but_one" { # FAILED
  name = "anybody-but-one"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect       = "Allow"
      Action       = "sts:AssumeRole"
      NotPrincipal = { AWS = "111111111111" }
    }]
  })
}

resource "aws_iam_role" "any_organisation" { # FAILED
  name = "any-organisation"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "*" }
      Condition = { StringLike = { "aws:PrincipalOrgID" = "o-*" } }
    }]
  })
}

resource "aws_iam_role" "if_it_exists" { # FAILED
  name = "if-it-exists"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "*" }
      Condition = { StringEqualsIfExists = { "aws:PrincipalOrgID" = "o-abcdefghij" } }
    }]
  })
}

resource "aws_iam_role" "all_paths_of_none" { # FAILED
  name = "all-paths-of-none"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "*" }
      Condition = { "ForAllValues:StringLike" = { "aws:PrincipalOrgPaths" = ["o-abcdefghij/*"] } }
    }]
  })
}

resource "aws_iam_role" "whatever_they_are_in" { # FAILED
  name = "whatever-they-are-in"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "*" }
      Condition = { StringEquals = { "aws:PrincipalOrgID" = "$${aws:PrincipalOrgID}" } }
    }]
  })
}

resource "aws_iam_role" "external_id" { # FAILED
  name = "external-id"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "*" }
      Condition = { StringEquals = { "sts:ExternalId" = "agreed" } }
    }]
  })
}
