"""Registers: the meaning of their cells, and writing their files."""
