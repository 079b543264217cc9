"""Commands that set up and keep a workspace."""
