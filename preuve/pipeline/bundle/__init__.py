"""What is done with an evidence bundle: seal, verify, re-perform, keep."""
