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

data "aws_iam_policy_document" "service" {
  for_each = toset(["ec2", "vpc-flow-logs", "lambda", "monitoring.rds"])

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["${each.value}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "application" {
  name               = "techstart-application"
  assume_role_policy = data.aws_iam_policy_document.service["ec2"].json
}

resource "aws_iam_role" "flux_vpc" {
  name               = "techstart-flux-vpc"
  assume_role_policy = data.aws_iam_policy_document.service["vpc-flow-logs"].json
}

resource "aws_iam_role" "fonctions" {
  name               = "techstart-fonctions"
  assume_role_policy = data.aws_iam_policy_document.service["lambda"].json
}

resource "aws_iam_role" "surveillance_base" {
  name               = "techstart-surveillance-base"
  assume_role_policy = data.aws_iam_policy_document.service["monitoring.rds"].json
}

resource "aws_iam_role_policy_attachment" "application" {
  role       = aws_iam_role.application.name
  policy_arn = aws_iam_policy.lecture_clients.arn
}

resource "aws_iam_instance_profile" "application" {
  name = "techstart-application"
  role = aws_iam_role.application.name
}
