"""Finds the files that are code and reads them, without leaving the workspace."""
