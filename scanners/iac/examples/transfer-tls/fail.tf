resource "aws_transfer_server" "plain" { # FAILED
  protocols = ["FTP"]
}

resource "aws_ses_configuration_set" "may_be_plain" { # FAILED
  name = "may-be-plain"

  delivery_options {
    tls_policy = "Optional"
  }
}
