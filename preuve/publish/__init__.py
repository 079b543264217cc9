"""Reads results and writes files for people and machines: JUnit, JSON lines, the terminal summary, the site."""
