resource "aws_iam_account_password_policy" "compte" {
  minimum_password_length        = 8
  require_numbers                = true
  require_lowercase_characters   = true
  allow_users_to_change_password = true
}

resource "aws_iam_policy" "tout_autorise" {
  name = "techstart-tout-autorise"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

resource "aws_iam_policy" "lecture_clients" {
  name = "techstart-lecture-clients"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = "${module.clients_documents.arn}/*"
    }]
  })
}

resource "aws_iam_role" "application" {
  name = "techstart-application"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role" "flux_vpc" {
  name = "techstart-flux-vpc"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role" "fonctions" {
  name = "techstart-fonctions"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role" "surveillance_base" {
  name = "techstart-surveillance-base"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "monitoring.rds.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "application" {
  role       = aws_iam_role.application.name
  policy_arn = aws_iam_policy.lecture_clients.arn
}

resource "aws_iam_instance_profile" "application" {
  name = "techstart-application"
  role = aws_iam_role.application.name
}
