"""Commands that examine."""
