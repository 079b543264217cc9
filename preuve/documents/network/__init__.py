"""Address ranges: which are public and how wide they are; and what a web ACL blocks."""
