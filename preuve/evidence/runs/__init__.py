"""The chain of runs, and where it lives."""
