"""Registers: what their cells say, and their files as they are written."""
