"""Our own judgements on one block, for policies that no check of Checkov tests."""
