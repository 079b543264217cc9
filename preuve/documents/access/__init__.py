"""Requests to one resource: what a service or a person sends, and whether a policy allows it."""
