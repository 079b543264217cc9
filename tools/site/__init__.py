"""The documentation as a site: the texts of `docs/`, and a page for each policy, control, type and item of evidence."""
