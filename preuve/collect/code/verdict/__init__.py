"""Weighs the results of checks: a verdict counts only if it depends on known values. Finds the values that decided."""
