"""Finds everything in the code that an unknown value depends on."""
