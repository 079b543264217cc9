"""Checkov: set up, patched, given its input and read. No other package of the engine imports it."""
