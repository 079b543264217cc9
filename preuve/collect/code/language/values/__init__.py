"""Values and types of Terraform's language."""
