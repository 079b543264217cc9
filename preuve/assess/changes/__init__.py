"""Compares runs: new, fixed and known findings."""
