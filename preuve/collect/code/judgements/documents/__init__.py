"""Policy documents in code: where a block holds them, and what `preuve.documents` is asked of them."""
