"""Address ranges, and what a web ACL blocks."""
