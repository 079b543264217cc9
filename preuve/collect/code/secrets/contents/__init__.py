"""Takes values apart to search them for secrets: pairs of names and values, encoded texts, values from elsewhere."""
