"""Finds secrets that are written out in code."""
