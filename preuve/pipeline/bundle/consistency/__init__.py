"""Whether a snapshot follows from the content and from itself, line by line."""
