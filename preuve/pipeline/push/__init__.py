"""What the gate of a push does."""
