"""The meaning of IAM and resource policy documents: one definition of each question, for account and code."""
