"""What is done with a workspace: set it up, examine it, declare and approve."""
