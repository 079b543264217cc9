"""Commands about an evidence bundle."""
