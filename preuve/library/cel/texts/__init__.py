"""Writes what a condition requires, and why it failed, in English and French."""
