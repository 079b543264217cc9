"""Commands about a push."""
