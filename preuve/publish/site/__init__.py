"""The pages of a bundle: where each lies, what they say, how they are written."""
