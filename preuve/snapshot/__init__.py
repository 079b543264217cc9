"""What one run read, as files: writer and reader."""
