"""What trails, metric filters and event rules take of what happens."""
