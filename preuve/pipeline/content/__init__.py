"""Work on controls and policies: check, explain."""
