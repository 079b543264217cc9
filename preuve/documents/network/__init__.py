"""Ranges of addresses, and what a web ACL blocks."""
