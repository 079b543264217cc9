"""The work of the commands, without a terminal: prepare, collect, judge, write."""
