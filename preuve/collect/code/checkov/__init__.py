"""Checkov: setting it up, patching it, giving it its input and reading its results. No other package of the engine
imports it.
"""
