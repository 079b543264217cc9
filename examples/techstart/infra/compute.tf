resource "aws_instance" "portail" {
  for_each               = { "1" = aws_subnet.prive["a"].id, "2" = aws_subnet.prive["b"].id }
  ami                    = "ami-0techstartdebian12"
  instance_type          = "t3.small"
  subnet_id              = each.value
  vpc_security_group_ids = [aws_security_group.application.id]
  iam_instance_profile   = aws_iam_instance_profile.application.name
  monitoring             = true
  ebs_optimized          = true
  tags                   = merge(local.clients, { Name = "techstart-portail-${each.key}" })

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    encrypted = true
  }
}

resource "aws_instance" "rebond" {
  ami                         = "ami-0techstartdebian12"
  instance_type               = "t3.small"
  subnet_id                   = aws_subnet.public["a"].id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.rebond.id]
  tags                        = { Name = "techstart-rebond" }
}

resource "aws_ebs_encryption_by_default" "paris" {
  enabled = true
}

resource "aws_ebs_volume" "donnees" {
  availability_zone = "${var.region}a"
  size              = 50
  type              = "gp3"
  encrypted         = true
  kms_key_id        = aws_kms_key.donnees.arn
  tags              = merge(local.production, { DataClassification = "confidential" })
}

resource "aws_ebs_volume" "orphelin" {
  availability_zone = "${var.region}a"
  size              = 20
  encrypted         = false
}

resource "aws_lb" "portail" {
  name                       = "techstart-portail"
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.repartiteur.id]
  subnets                    = [for subnet in aws_subnet.public : subnet.id]
  drop_invalid_header_fields = true
  enable_deletion_protection = true
  tags                       = local.production

  access_logs {
    bucket  = module.journaux.id
    enabled = true
  }
}

resource "aws_lb_target_group" "portail" {
  name     = "techstart-portail"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.production.id
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.portail.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.portail.arn
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.portail.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
