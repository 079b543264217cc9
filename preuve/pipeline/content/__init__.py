"""What is done with controls and policies: check, explain."""
