"""Work on a workspace: set it up, examine it, declare and approve."""
