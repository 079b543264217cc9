"""IAM: which actions calls need, and the policies and roles that allow them."""
