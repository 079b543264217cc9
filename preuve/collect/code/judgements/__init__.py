"""Judgements of our own on one block, where no check of Checkov asks what a policy asks."""
