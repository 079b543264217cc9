# Reads each account of an organization in a task of its own (AWS Fargate), then judges all of them in one.
#   terraform apply -var-file=fleet.tfvars
#   aws stepfunctions start-execution --state-machine-arn "$(terraform output -raw state_machine)" --input "$(preuve accounts --json)"
# The tasks assume the roles of preuve.yaml (scope.organization.accounts.role_arn): these trust this account, with an
# external id (preuve permissions --as stackset).

terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "image" {
  description = "The image that ci/templates/fleet/Dockerfile makes, by its digest"
  type        = string
}

variable "parts_bucket" {
  description = "Bucket for the parts, in which objects end after some days"
  type        = string
}

variable "evidence" {
  description = "Where bundles are published, such as s3://techstart-preuves/audits: a bucket with Object Lock"
  type        = string
}

variable "publish_policy" {
  description = "JSON that preuve permissions --for publish prints for that bucket"
  type        = string
}

variable "read_roles" {
  description = "ARNs of the roles that read accounts, such as arn:aws:iam::*:role/preuve-scan"
  type        = list(string)
}

variable "pseudonym_key" {
  description = "ARN of the secret that holds the pseudonym key: 64 hex digits, the same in every task"
  type        = string
}

variable "signing_key" {
  description = "ARN of the secret that holds the key that signs bundles (evidence.signing); the audit alone gets it"
  type        = string
}

variable "git_token" {
  description = "ARN of the secret that holds a token that may push to the branch evidence-log of the workspace's remote"
  type        = string
}

variable "vpc" {
  type = string
}

variable "subnets" {
  description = "Private subnets with a way out to AWS"
  type        = list(string)
}

variable "logs_key" {
  description = "ARN of the KMS key of the logs"
  type        = string
}

variable "at_once" {
  description = "Accounts that are read at a time"
  type        = number
  default     = 20
}

data "aws_partition" "this" {}
data "aws_region" "this" {}

locals {
  parts = "s3://${var.parts_bucket}/preuve"
  tasks = toset(["collect", "audit"])
  secrets = {
    collect = { PREUVE_PSEUDONYM_KEY = var.pseudonym_key }
    audit = {
      PREUVE_PSEUDONYM_KEY = var.pseudonym_key
      PREUVE_SIGNING_KEY   = var.signing_key
      PREUVE_GIT_TOKEN     = var.git_token
    }
  }
}

resource "aws_cloudwatch_log_group" "preuve" {
  name              = "preuve-fleet"
  retention_in_days = 365
  kms_key_id        = var.logs_key
}

resource "aws_ecs_cluster" "preuve" {
  name = "preuve-fleet"
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_security_group" "preuve" {
  name        = "preuve-fleet"
  description = "Tasks of preuve: HTTPS out, nothing in"
  vpc_id      = var.vpc
  egress {
    description = "The API of AWS"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

# Starts the tasks: the image, the secrets, the logs.
resource "aws_iam_role" "start" {
  name               = "preuve-fleet-start"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

resource "aws_iam_role_policy_attachment" "start" {
  role       = aws_iam_role.start.name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role_policy" "secrets" {
  name = "secrets"
  role = aws_iam_role.start.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = values(local.secrets["audit"]) }]
  })
}

# What the tasks may do. Only the audit reads all parts, and publishes.
resource "aws_iam_role" "task" {
  for_each           = local.tasks
  name               = "preuve-fleet-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

resource "aws_iam_role_policy" "task" {
  for_each = local.tasks
  name     = "preuve"
  role     = aws_iam_role.task[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["sts:AssumeRole", "sts:TagSession"], Resource = var.read_roles }, # tags: session_tags
      {
        Effect   = "Allow"
        Action   = each.key == "collect" ? ["s3:GetObject", "s3:PutObject"] : ["s3:GetObject"]
        Resource = "arn:${data.aws_partition.this.partition}:s3:::${var.parts_bucket}/preuve/*"
      },
      {
        Effect   = "Allow"
        Action   = "s3:ListBucket" # else what is not there looks like what is forbidden
        Resource = "arn:${data.aws_partition.this.partition}:s3:::${var.parts_bucket}"
      },
    ]
  })
}

resource "aws_iam_role_policy" "publish" {
  name   = "publish"
  role   = aws_iam_role.task["audit"].id
  policy = var.publish_policy
}

resource "aws_ecs_task_definition" "preuve" {
  for_each                 = local.tasks
  family                   = "preuve-fleet-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = each.key == "collect" ? 2048 : 4096
  execution_role_arn       = aws_iam_role.start.arn
  task_role_arn            = aws_iam_role.task[each.key].arn
  # The root file system is not read-only: the bundle, the key and the cache lie on the disk of the task.
  container_definitions = jsonencode([{
    name      = "preuve"
    image     = var.image
    essential = true
    secrets   = [for name, secret in local.secrets[each.key] : { name = name, valueFrom = secret }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.preuve.name
        awslogs-region        = data.aws_region.this.name
        awslogs-stream-prefix = each.key
      }
    }
  }])
}

data "aws_iam_policy_document" "states" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["states.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "states" {
  name               = "preuve-fleet-states"
  assume_role_policy = data.aws_iam_policy_document.states.json
}

resource "aws_iam_role_policy" "states" {
  name = "run"
  role = aws_iam_role.states.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "ecs:RunTask"
        Resource = [for task in aws_ecs_task_definition.preuve : task.arn]
      },
      {
        Effect    = "Allow"
        Action    = ["ecs:StopTask", "ecs:DescribeTasks"]
        Resource  = "*"
        Condition = { ArnEquals = { "ecs:cluster" = aws_ecs_cluster.preuve.arn } }
      },
      {
        Effect   = "Allow"
        Action   = "iam:PassRole"
        Resource = concat([aws_iam_role.start.arn], [for role in aws_iam_role.task : role.arn])
      },
      {
        Effect   = "Allow"
        Action   = ["events:PutTargets", "events:PutRule", "events:DescribeRule"]
        Resource = "arn:${data.aws_partition.this.partition}:events:*:*:rule/StepFunctionsGetEventsForECSTaskRule"
      },
      {
        Effect   = "Allow"
        Action   = ["states:StartExecution", "states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"]
        Resource = "arn:${data.aws_partition.this.partition}:states:*:*:*:preuve-fleet*"
      },
      {
        Effect = "Allow"
        Action = [
          "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
          "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
        ]
        Resource = "*"
      },
    ]
  })
}

resource "aws_sfn_state_machine" "preuve" {
  name     = "preuve-fleet"
  role_arn = aws_iam_role.states.arn
  definition = templatefile("${path.module}/state-machine.asl.json", {
    partition      = data.aws_partition.this.partition
    cluster        = aws_ecs_cluster.preuve.arn
    collect        = aws_ecs_task_definition.preuve["collect"].arn
    audit          = aws_ecs_task_definition.preuve["audit"].arn
    subnets        = jsonencode(var.subnets)
    security_group = aws_security_group.preuve.id
    parts          = local.parts
    evidence       = var.evidence
    at_once        = var.at_once
  })
  logging_configuration {
    log_destination        = "${aws_cloudwatch_log_group.preuve.arn}:*"
    include_execution_data = true
    level                  = "ALL"
  }
  tracing_configuration {
    enabled = true
  }
}

output "state_machine" {
  value = aws_sfn_state_machine.preuve.arn
}
