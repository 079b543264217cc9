"""Finds the value of a secret by the name next to it: the name, the sign that joins both, the value."""
