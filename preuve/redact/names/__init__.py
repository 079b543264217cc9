"""The forms that people's names take."""
