"""Reports before audit day what would fail."""
