resource "aws_vpc" "production" {
  cidr_block           = "10.10.0.0/16"
  enable_dns_hostnames = true
  tags                 = merge(local.production, { Name = "techstart-production" })
}

resource "aws_default_security_group" "production" {
  vpc_id = aws_vpc.production.id
}

resource "aws_subnet" "public" {
  for_each                = { a = "10.10.0.0/24", b = "10.10.1.0/24" }
  vpc_id                  = aws_vpc.production.id
  cidr_block              = each.value
  availability_zone       = "${var.region}${each.key}"
  map_public_ip_on_launch = false
  tags                    = { Name = "techstart-public-${each.key}" }
}

resource "aws_subnet" "prive" {
  for_each          = { a = "10.10.2.0/24", b = "10.10.3.0/24" }
  vpc_id            = aws_vpc.production.id
  cidr_block        = each.value
  availability_zone = "${var.region}${each.key}"
  tags              = { Name = "techstart-prive-${each.key}" }
}

resource "aws_flow_log" "production" {
  vpc_id          = aws_vpc.production.id
  traffic_type    = "ALL"
  log_destination = aws_cloudwatch_log_group.flux_vpc.arn
  iam_role_arn    = aws_iam_role.flux_vpc.arn
}

resource "aws_vpc" "ancien" {
  cidr_block = "10.20.0.0/16"
  tags       = { Name = "techstart-ancien" }
}

resource "aws_security_group" "repartiteur" {
  name        = "techstart-repartiteur"
  description = "Entrée publique du portail"
  vpc_id      = aws_vpc.production.id

  ingress {
    description = "HTTPS"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    description = "HTTP, redirigé"
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "application" {
  name        = "techstart-application"
  description = "Application du portail"
  vpc_id      = aws_vpc.production.id

  ingress {
    description     = "Depuis le répartiteur"
    from_port       = 8080
    to_port         = 8080
    protocol        = "tcp"
    security_groups = [aws_security_group.repartiteur.id]
  }
}

resource "aws_security_group" "base" {
  name        = "techstart-base"
  description = "Bases de données"
  vpc_id      = aws_vpc.production.id

  ingress {
    description     = "Depuis l'application"
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.application.id]
  }
}

# Drift: in the account port 22 was opened to the world one evening, and stayed open.
resource "aws_security_group" "rebond" {
  name        = "techstart-rebond"
  description = "Rebond d'administration"
  vpc_id      = aws_vpc.production.id

  ingress {
    description = "SSH depuis les bureaux"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [var.office_cidr]
  }
}

resource "aws_security_group" "tout_ouvert" {
  name   = "techstart-tout-ouvert"
  vpc_id = aws_vpc.ancien.id

  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
