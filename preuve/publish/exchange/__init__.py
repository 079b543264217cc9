"""The results of a bundle in the formats of other tools; nothing in them that the bundle does not say."""
