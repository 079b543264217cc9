"""Reads the files of other tools for registers: no content of a file is trusted, and no row is skipped silently."""
