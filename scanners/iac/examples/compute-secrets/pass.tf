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
