"""One request of an AWS service: what it sends, and whether a policy allows it."""
