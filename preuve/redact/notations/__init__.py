"""Secrets as people write them: names that announce one, values that are one, what commands are handed."""
