"""The evidence folder: its name, its creation under a temporary name, and the content that it keeps."""
