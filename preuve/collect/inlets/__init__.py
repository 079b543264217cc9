"""Reads the files of other tools for registers: nothing of a file is trusted, and no row is passed over in silence."""
