"""What is new, fixed or known between two runs."""
