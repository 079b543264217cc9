"""Reads the files of other tools for registers: nothing in a file is trusted, and no row is skipped silently."""
