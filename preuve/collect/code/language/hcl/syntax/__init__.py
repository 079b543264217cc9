"""HCL's native syntax: the tree, and its parser. It imports nothing of the engine but values."""
