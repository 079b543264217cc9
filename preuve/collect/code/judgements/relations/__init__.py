"""Finds the blocks that refer to a block, and those that it refers to."""
