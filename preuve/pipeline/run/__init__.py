"""What a scan and an audit do: prepare, collect, judge, write."""
