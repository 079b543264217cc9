resource "aws_vpc_dhcp_options" "pool" { # FAILED
  domain_name_servers = ["AmazonProvidedDNS"]
  ntp_servers         = ["169.254.169.123", "198.51.100.7"]
}
