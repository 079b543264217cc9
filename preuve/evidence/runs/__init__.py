"""The chain of runs, and the places that store it."""
