"""Code in the shapes that Checkov's checks read."""
