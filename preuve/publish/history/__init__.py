"""The runs of a workspace over time, read from the closed bundles themselves."""
