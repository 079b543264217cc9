"""The shapes that all packages share: frozen dataclasses and the root error, no I/O."""
