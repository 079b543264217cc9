"""Policy documents in code: finds them in blocks and judges them with `preuve.documents`."""
