"""Words: the languages, and texts made harmless for where they go."""
