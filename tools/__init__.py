"""What maintainers of a checkout run; no part of the wheel."""
