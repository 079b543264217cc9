"""What is made from a checkout, and what maintainers run in one; no part of the package."""
