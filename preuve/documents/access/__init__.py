"""Decides whether the policy of a resource allows the requests of a service or a person."""
