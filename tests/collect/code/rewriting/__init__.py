"""Rewrites Terraform so that it keeps its meaning, to see that a failure stays one.

It knows Terraform alone, and nothing of how preuve reads it. `python -m collect.code.rewriting --help`, from `tests/`,
shows what a rule makes of an example and what comes out.
"""
