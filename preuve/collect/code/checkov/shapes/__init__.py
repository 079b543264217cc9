"""Code in the shapes in which Checkov's checks look at it."""
