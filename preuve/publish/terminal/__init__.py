"""The terminal output of commands."""
