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
    variables = { NOTIFY = "https://hooks.slack.com/services/T00000000/B00000000/0a1b0a1b0a1b0a1b0a1b0a1b" }
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

resource "aws_codebuild_project" "in_its_instructions" { # FAILED
  name         = "in-its-instructions"
  service_role = "arn:aws:iam::123456789012:role/build"

  source {
    type      = "NO_SOURCE"
    buildspec = "version: 0.2\nphases:\n  build:\n    commands:\n      - docker login -u ci -p Sup3rS3cret2024zz registry.example.com\n"
  }
}

resource "aws_codebuild_project" "in_a_variable_of_its_instructions" { # FAILED
  name         = "in-a-variable-of-its-instructions"
  service_role = "arn:aws:iam::123456789012:role/build"

  source {
    type      = "NO_SOURCE"
    buildspec = yamlencode({ version = 0.2, env = { variables = { DB_PASSWORD = "opensesame" } } })
  }
}

resource "aws_instance" "written_to_a_file" { # FAILED
  ami           = "ami-00000000"
  instance_type = "t3.micro"
  user_data     = "#!/bin/sh\necho \"db_password: opensesame\" > /etc/shop.yml\n"
}

resource "aws_instance" "written_by_cloud_init" { # FAILED
  ami           = "ami-00000000"
  instance_type = "t3.micro"
  user_data     = "#cloud-config\nwrite_files:\n  - path: /etc/shop.yml\n    content: \"password: Sup3rS3cret2024zz\"\n"
}

resource "aws_instance" "given_to_a_user" { # FAILED
  ami           = "ami-00000000"
  instance_type = "t3.micro"
  user_data     = "#cloud-config\nchpasswd:\n  expire: false\n  list: |\n    root:opensesame\n"
}

resource "aws_lambda_function" "with_a_sign_before_it" { # FAILED
  function_name = "with-a-sign-before-it"
  role          = "arn:aws:iam::123456789012:role/lambda"

  environment {
    variables = { DB_PASSWORD = "$uperS3cret2024" }
  }
}

resource "aws_lambda_function" "with_the_key_of_a_framework" { # FAILED
  function_name = "with-the-key-of-a-framework"
  role          = "arn:aws:iam::123456789012:role/lambda"

  environment {
    variables = { APP_KEY = "base64:Wblj06fduthWggmsT0cLVoIMOkeLbc2kVfMud77i/JY=" }
  }
}

resource "aws_lambda_function" "with_a_key_to_unseal" { # FAILED
  function_name = "with-a-key-to-unseal"
  role          = "arn:aws:iam::123456789012:role/lambda"

  environment {
    variables = { VAULT_UNSEAL_KEY = "x9Kd93mfkE22Qz" }
  }
}

resource "aws_lambda_function" "given_what_the_code_makes" { # FAILED
  function_name = "given-what-the-code-makes"
  role          = "arn:aws:iam::123456789012:role/lambda"

  environment {
    variables = { DB_PASSWORD = random_password.database.result }
  }
}

resource "random_password" "database" {
  length = 24
}
