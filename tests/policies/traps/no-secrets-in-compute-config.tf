variable "password" {}
variable "address" {}
variable "token" {
  type      = string
  sensitive = true
}
resource "aws_lambda_function" "password_that_nothing_gives" { # UNKNOWN
  function_name = "a"
  role          = "arn:aws:iam::111122223333:role/a"
  environment {
    variables = { DB_PASSWORD = var.password }
  }
}
resource "aws_lambda_function" "sensitive" { # UNKNOWN
  function_name = "b"
  role          = "arn:aws:iam::111122223333:role/a"
  environment {
    variables = { API_TOKEN = var.token }
  }
}
resource "aws_lambda_function" "address_and_name" { # PASSED
  function_name = "c"
  role          = "arn:aws:iam::111122223333:role/a"
  environment {
    variables = { URL = var.address, SECRET_ARN = var.address, DB_SECRET = aws_secretsmanager_secret.made.arn }
  }
}
resource "aws_secretsmanager_secret" "made" { # NOTHING
  name = "made"
}
resource "aws_instance" "exports_what_nothing_gives" { # UNKNOWN
  ami       = "ami-00000000"
  user_data = "export DB_PASSWORD=${var.password}"
}
resource "aws_instance" "hands_over_what_nothing_gives" { # UNKNOWN
  ami       = "ami-00000000"
  user_data = "mysql --user app --password ${var.password} < schema.sql"
}
resource "aws_instance" "connects_with_what_nothing_gives" { # UNKNOWN
  ami       = "ami-00000000"
  user_data = "psql postgres://app:${var.password}@db.shop.internal/shop"
}
resource "aws_instance" "asks_a_store" { # PASSED
  ami       = "ami-00000000"
  user_data = "DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id ${var.address}) TOKEN_URL=${var.address}"
}
resource "aws_ecs_task_definition" "variable_of_its_environment" { # UNKNOWN
  family                = "a"
  container_definitions = jsonencode([{ name = "a", image = "a", environment = [{ name = "DB_PASSWORD", value = var.password }] }])
}
resource "aws_ecs_task_definition" "reference_to_a_store" { # PASSED
  family                = "b"
  container_definitions = jsonencode([{ name = "a", image = "a", secrets = [{ name = "DB_PASSWORD", valueFrom = var.address }] }])
}
resource "aws_codebuild_project" "in_clear" { # UNKNOWN
  name         = "a"
  service_role = "arn:aws:iam::111122223333:role/a"
  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/standard:7.0"
    type         = "LINUX_CONTAINER"
    environment_variable {
      name  = "NPM_TOKEN"
      value = var.token
    }
  }
}
