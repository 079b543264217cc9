resource "aws_transfer_server" "encrypted" {
  protocols = ["SFTP"]
}

resource "aws_ses_configuration_set" "encrypted" {
  name = "encrypted"

  delivery_options {
    tls_policy = "Require"
  }
}
