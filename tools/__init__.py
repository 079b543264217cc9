"""Generators that need a checkout, and commands for maintainers; no part of the package."""
