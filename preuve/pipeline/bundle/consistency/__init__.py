"""Whether a snapshot is consistent with the content and with itself, line by line."""
