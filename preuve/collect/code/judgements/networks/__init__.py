"""Which ports of groups and network ACLs are open to as much as the internet."""
