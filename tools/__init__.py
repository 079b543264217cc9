"""What is made from a checkout and is not part of the package."""
