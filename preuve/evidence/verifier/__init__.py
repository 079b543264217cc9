"""Verifies a bundle with the standard library alone: each bundle carries a copy of these modules, to run anywhere.

Nothing here imports the rest of preuve, and everything it reads is hostile.
"""
