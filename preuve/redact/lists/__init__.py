"""What secrets are called, and the forms of those of one service each."""
