"""Work on evidence bundles: seal, verify, re-perform, keep."""
