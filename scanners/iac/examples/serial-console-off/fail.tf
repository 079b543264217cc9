resource "aws_ec2_serial_console_access" "on" { # FAILED
  enabled = true
}

resource "aws_ec2_serial_console_access" "nothing_said" { # FAILED
}
