"""What the other packages talk about: frozen dataclasses and the root error, no I/O."""
