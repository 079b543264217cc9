"""Reads an organization on GitHub."""
