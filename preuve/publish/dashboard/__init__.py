"""The management committee dashboard of a month: figures, findings, points to decide."""
