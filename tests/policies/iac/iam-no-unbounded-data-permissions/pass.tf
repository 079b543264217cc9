data "aws_iam_policy_document" "bounded" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::documents/*"]
  }
}

resource "aws_iam_policy" "bounded" {
  name = "bounded"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::documents/*" }]
  })
}

resource "aws_iam_role_policy_attachment" "auditor" {
  role       = "auditor"
  policy_arn = "arn:aws:iam::aws:policy/SecurityAudit"
}

data "aws_iam_policy" "auditor" {
  name = "SecurityAudit"
}

variable "deployment" {}

resource "aws_iam_policy" "below_a_path_of_each_deployment" {
  name = "below-a-path-of-each-deployment"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "ssm:GetParameter", Resource = "arn:aws:ssm:*:*:parameter/${var.deployment}/frontend/*" },
      { Effect = "Allow", Action = "ecs:RunTask", Resource = replace(aws_ecs_task_definition.shop.arn, "/:\\d+$/", ":*") },
    ]
  })
}

resource "aws_ecs_task_definition" "shop" {
  family = "shop"
}
