resource "aws_lambda_function" "with_a_key" { # FAILED
  function_name = "with-a-key"
  role          = "arn:aws:iam::123456789012:role/lambda"

  environment {
    variables = {
      AWS_ACCESS_KEY_ID     = "AKIAIOSFODNN7QRSTUVW"
      AWS_SECRET_ACCESS_KEY = "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"
    }
  }
}

resource "aws_lambda_function" "with_a_password" { # FAILED
  function_name = "with-a-password"
  role          = "arn:aws:iam::123456789012:role/lambda"

  environment {
    variables = { DB_PASSWORD = "Sup3rS3cret2024!" }
  }
}

resource "aws_lambda_function" "with_the_default_of_a_variable" { # FAILED
  function_name = "with-the-default-of-a-variable"
  role          = "arn:aws:iam::123456789012:role/lambda"

  environment {
    variables = { DB_PASSWORD = var.password }
  }
}

variable "password" {
  default = "changeme"
}

resource "aws_lambda_function" "with_a_webhook" { # FAILED
  function_name = "with-a-webhook"
  role          = "arn:aws:iam::123456789012:role/lambda"

  environment {
    variables = { NOTIFY = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX" }
  }
}

resource "aws_instance" "with_a_key" { # FAILED
  ami           = "ami-00000000"
  instance_type = "t3.micro"
  user_data     = "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7QRSTUVW AWS_SECRET_ACCESS_KEY=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"
}

resource "aws_instance" "in_base64" { # FAILED
  ami              = "ami-00000000"
  instance_type    = "t3.micro"
  user_data_base64 = "IyEvYmluL3NoCmV4cG9ydCBEQl9QQVNTV09SRD1TdXAzclMzY3JldAo="
}

resource "aws_launch_template" "with_a_login" { # FAILED
  name      = "with-a-login"
  user_data = "IyEvYmluL3NoCmN1cmwgLXUgYWRtaW46U3VwM3JTM2NyZXQgaHR0cHM6Ly9hcnRpZmFjdHMuZXhhbXBsZS5jb20K"
}

resource "aws_ecs_task_definition" "with_a_connection" { # FAILED
  family = "with-a-connection"

  container_definitions = jsonencode([{
    name        = "shop"
    environment = [{ name = "DATABASE_URL", value = "postgres://app:hunter2@db.internal:5432/crm" }]
  }])
}

resource "aws_ecs_task_definition" "as_text" { # FAILED
  family                = "as-text"
  container_definitions = "[{\"name\": \"shop\", \"environment\": [{\"name\": \"API_TOKEN\", \"value\": \"3f2504e04f8911d39a0c\"}]}]"
}

resource "aws_codebuild_project" "with_a_token" { # FAILED
  name         = "with-a-token"
  service_role = "arn:aws:iam::123456789012:role/build"

  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/standard:7.0"
    type         = "LINUX_CONTAINER"

    environment_variable {
      name  = "NPM_TOKEN"
      value = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
    }
  }
}

resource "aws_batch_job_definition" "with_a_secret" { # FAILED
  name = "with-a-secret"
  type = "container"

  container_properties = jsonencode({
    image       = "busybox"
    environment = [{ name = "CLIENT_SECRET", value = "Sup3rS3cret2024!" }]
  })
}
