"""The evidence folder: its name, its birth beside and its renaming, what it keeps of the content that judged."""
