"""Checks content against AWS's models and for consistency."""
