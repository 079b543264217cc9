"""The management committee dashboard of a month: figures, findings, what to decide."""
