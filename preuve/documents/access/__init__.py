"""Requests of a service or a person to one resource, and whether a policy allows them."""
