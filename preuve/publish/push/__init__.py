"""The result of a push for people and forges: terminal, step summary, annotations, SARIF."""
