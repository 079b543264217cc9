"""Evidence records: one policy or attestation in one run, with its population, its result and its sources."""
