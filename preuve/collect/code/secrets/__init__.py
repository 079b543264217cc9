"""Secrets that are written out in code."""
