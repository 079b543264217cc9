"""Tells before audit day what would fail."""
