"""Loads and checks content: the only place that parses YAML and the only one that knows CEL."""
