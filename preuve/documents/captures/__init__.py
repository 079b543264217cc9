"""Decides which events trails, metric filters and event rules capture."""
