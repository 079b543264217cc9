resource "aws_transfer_server" "nothing" { # PASSED
  domain = "S3"
}
resource "aws_transfer_server" "both" { # FAILED
  protocols = ["SFTP", "FTP"]
}
resource "aws_transfer_server" "from_a_set" { # FAILED
  protocols = toset(["FTP"])
}
resource "aws_transfer_server" "right" { # PASSED
  protocols = ["SFTP", "FTPS"]
}
variable "protocols" {
  type = list(string)
}
resource "aws_transfer_server" "not_known" { # UNKNOWN
  protocols = var.protocols
}
resource "aws_ses_configuration_set" "nothing" { # FAILED
  name = "x"
}
resource "aws_sesv2_configuration_set" "nothing" { # FAILED
  configuration_set_name = "x"
}
resource "aws_sesv2_configuration_set" "optional" { # FAILED
  delivery_options {
    tls_policy = "OPTIONAL"
  }
}
resource "aws_sesv2_configuration_set" "right" { # PASSED
  delivery_options {
    tls_policy = "REQUIRE"
  }
}
resource "aws_sns_topic_subscription" "clear" { # FAILED
  protocol = "http"
}
resource "aws_sns_topic_subscription" "mail" { # NOTHING
  protocol = "email"
}
