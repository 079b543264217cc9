"""Terraform's language: its syntax, expressions, modules and functions."""
