"""Writes and reads the files of a snapshot: everything that one run read."""
