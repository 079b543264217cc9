"""Access to the machine: git, folders that appear complete, the user's home."""
