resource "aws_ec2_serial_console_access" "null" { # FAILED
  enabled = null
}
variable "on" {
  type    = bool
}
resource "aws_ec2_serial_console_access" "variable" { # UNKNOWN
  enabled = var.on
}
resource "aws_ec2_serial_console_access" "worked_out" { # PASSED
  enabled = 1 == 2
}
