resource "aws_lambda_function" "by_reference" {
  function_name = "by-reference"
  role          = "arn:aws:iam::123456789012:role/lambda"

  environment {
    variables = {
      SECRET_NAME     = "production/database"
      DB_SECRET_ARN   = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:prod/db-AbCdEf"
      DB_SECRET       = "${aws_secretsmanager_secret.database.name}"
      TOKEN_URL       = "https://login.example.com/oauth2/token"
      PASSWORD_LENGTH = "24"
      BUILD           = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
      COMMIT          = "8f14e45fceea167a5a36dedd4bea2543c1a2b3c4"
      IMAGE           = "shop@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
      CACHE_KEY       = "orders"
      KMS_KEY         = "alias/shop"
    }
  }
}

resource "aws_secretsmanager_secret" "database" {
  name = "production/database"
}

resource "aws_instance" "by_reference" {
  ami           = "ami-00000000"
  instance_type = "t3.micro"
  user_data     = "aws secretsmanager get-secret-value --secret-id production/database"

  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_instance" "asks_at_its_start" {
  ami           = "ami-00000000"
  instance_type = "t3.micro"
  user_data     = "DB_PASSWORD=$(aws ssm get-parameter --name /prod/db/password --with-decryption)"
}

resource "aws_ecs_task_definition" "by_reference" {
  family = "by-reference"

  container_definitions = jsonencode([{
    name        = "shop"
    environment = [{ name = "DB_HOST", value = "db.internal" }, { name = "DB_USER", value = "app" }]
    secrets     = [{ name = "DB_PASSWORD", valueFrom = "arn:aws:ssm:eu-west-3:123456789012:parameter/prod/db/password" }]
  }])
}

resource "aws_codebuild_project" "by_reference" {
  name         = "by-reference"
  service_role = "arn:aws:iam::123456789012:role/build"

  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/standard:7.0"
    type         = "LINUX_CONTAINER"

    environment_variable {
      name  = "NPM_TOKEN"
      value = "npm-token-of-the-shop"
      type  = "SECRETS_MANAGER"
    }
  }
}

resource "aws_codebuild_project" "asks_in_its_instructions" {
  name         = "asks-in-its-instructions"
  service_role = "arn:aws:iam::123456789012:role/build"

  source {
    type      = "NO_SOURCE"
    buildspec = "version: 0.2\nenv:\n  secrets-manager:\n    DB_PASSWORD: shop/database:password\nphases:\n  build:\n    commands:\n      - docker login -u AWS -p $(aws ecr get-login-password) 123456789012.dkr.ecr.eu-west-3.amazonaws.com\n"
  }
}

resource "aws_instance" "says_what_it_does" {
  ami           = "ami-00000000"
  instance_type = "t3.micro"
  user_data     = "#cloud-config\nchpasswd:\n  list: |\n    root:RANDOM\nruncmd:\n  - 'echo \"token: none\"'\n  - 'echo \"db_password: $DB_PASSWORD\" > /etc/shop.yml'\n"
}

resource "aws_lambda_function" "filled_in_before" {
  function_name = "filled-in-before"
  role          = "arn:aws:iam::123456789012:role/lambda"

  environment {
    variables = { DB_PASSWORD = "$DB_PASSWORD", API_TOKEN = "<token>", PARTITION_KEY = "customer_id" }
  }
}
