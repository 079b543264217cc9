"""Reads the account and the code into a snapshot. Nothing here judges."""
