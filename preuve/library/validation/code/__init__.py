"""Content about code: our own rules, which block creates which resource, fixes."""
