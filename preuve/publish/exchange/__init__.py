"""The results of a bundle in the formats of other tools; they contain nothing that the bundle does not."""
