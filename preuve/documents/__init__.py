"""What IAM and resource policy documents mean: one definition of each question, for the account and for code alike."""
