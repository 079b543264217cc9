"""What the commands do, without a terminal: prepare, collect, judge, write."""
