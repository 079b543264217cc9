"""YAML with positions, and validation against schemas."""
