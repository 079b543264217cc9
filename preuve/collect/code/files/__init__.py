"""Which files are code, and what they hold: found without leaving the workspace. Knows nothing of Checkov."""
