resource "aws_elb" "encrypted" {
  name = "encrypted"

  listener {
    instance_port     = 80
    instance_protocol = "http"
    lb_port           = 443
    lb_protocol       = "https"
  }
}
