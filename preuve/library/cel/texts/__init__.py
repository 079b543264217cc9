"""What is said of a condition to people."""
