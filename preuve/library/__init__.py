"""Loads and checks content. Only this package parses YAML and knows CEL."""
