"""Checks machine, workspace, keys and accounts, and reports what would make an audit fail."""
