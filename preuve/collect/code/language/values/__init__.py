"""Values and their types, as Terraform's language has them."""
