"""The texts about a condition for people."""
