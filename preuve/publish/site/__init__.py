"""The pages of a bundle: their paths, their content, and how they are written."""
