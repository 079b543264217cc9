resource "aws_lambda_function" "with_a_password" { # FAILED
  function_name = "with-a-password"
  role          = "arn:aws:iam::123456789012:role/lambda"

  environment {
    variables = { DB_PASSWORD = "Sup3rS3cret2024!" }
  }
}

resource "aws_instance" "in_base64" { # FAILED
  ami              = "ami-00000000"
  instance_type    = "t3.micro"
  user_data_base64 = "IyEvYmluL3NoCmV4cG9ydCBEQl9QQVNTV09SRD1TdXAzclMzY3JldAo="
}

resource "aws_ecs_task_definition" "with_a_connection" { # FAILED
  family = "with-a-connection"

  container_definitions = jsonencode([{
    name        = "shop"
    environment = [{ name = "DATABASE_URL", value = "postgres://app:hunter2@db.internal:5432/crm" }]
  }])
}
