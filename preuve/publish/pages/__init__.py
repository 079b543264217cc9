"""The pages of a bundle: each module yields those of one part, in one language."""
