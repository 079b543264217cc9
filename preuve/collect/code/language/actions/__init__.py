"""The expressions of GitHub Actions."""
