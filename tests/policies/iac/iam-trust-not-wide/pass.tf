resource "aws_iam_role" "service" {
  name = "service"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role" "organisation" {
  name = "organisation"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = "*"
      Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-abcdefghij" } }
    }]
  })
}

data "aws_organizations_organization" "own" {}

variable "organisation" {}

resource "aws_iam_role" "own_organisation" {
  name = "own-organisation"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "*" }
      Condition = { StringEquals = { "aws:PrincipalOrgID" = data.aws_organizations_organization.own.id } }
    }]
  })
}

resource "aws_iam_role" "unit" {
  name = "unit"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "*" }
      Condition = { "ForAnyValue:StringLike" = { "aws:PrincipalOrgPaths" = ["o-abcdefghij/*/ou-ab12-11111111/*"] } }
    }]
  })
}

data "aws_iam_policy_document" "unit" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "ForAnyValue:StringLike"
      variable = "aws:PrincipalOrgPaths"
      values   = ["${data.aws_organizations_organization.own.id}/*/${var.organisation}/*"]
    }
  }
}

resource "aws_iam_role" "of_a_document" {
  name               = "of-a-document"
  assume_role_policy = data.aws_iam_policy_document.unit.json
}
