"""YAML with positions, and the schemas that it is held against."""
