"""What one run read, as files: written, and read back."""
