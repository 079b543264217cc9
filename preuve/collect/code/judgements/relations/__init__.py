"""What stands beside a block: the blocks that name it, and those that it names."""
