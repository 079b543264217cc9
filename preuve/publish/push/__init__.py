"""The result of a push as people and forges read it: terminal, step summary, annotations, SARIF."""
