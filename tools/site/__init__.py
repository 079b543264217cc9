"""The documentation as a site: the texts of `docs/`, and a page for each policy, control, collector and evidence item."""
