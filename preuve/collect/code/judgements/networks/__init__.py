"""Finds the ports of security groups and network ACLs that are open to the internet."""
