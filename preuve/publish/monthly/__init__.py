"""The committee's page of a month: figures, findings, what to decide."""
