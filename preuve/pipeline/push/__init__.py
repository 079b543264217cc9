"""The gate of a push."""
