"""HCL's native syntax: the tree, and its parser."""
