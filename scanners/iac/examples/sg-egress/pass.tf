resource "aws_security_group" "closed" {
  tags = { DataClassification = "secret" }
}

resource "aws_security_group" "https" {
  tags = { DataClassification = "secret" }
  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "inside" {
  tags = { DataClassification = "secret" }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }
}
