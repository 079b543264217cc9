"""What is asked of the machine: git, folders that appear whole, the user's home."""
