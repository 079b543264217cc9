"""Words: the languages, and texts made harmless for their output format."""
