"""Judgements on what code runs: downloads in commands, steps of workflows, and the values that strangers give them."""
