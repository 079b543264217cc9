"""Findings on code, and the resources of the account that it makes."""
