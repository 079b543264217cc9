"""Secrets as people write them: names that announce one, values that are one, arguments of commands."""
