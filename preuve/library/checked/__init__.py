"""Content held against AWS's models and against itself."""
