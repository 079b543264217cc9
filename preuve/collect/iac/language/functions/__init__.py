"""Terraform's functions: what each makes of its arguments, known or not.

A module holds those of one subject and says in a `FUNCTIONS` what each takes; `table` calls them. None reads a file,
the clock or the network: what is outside of the code comes from a `Host`. Whoever writes code chooses the arguments,
so that what a function makes is bounded, and beyond it unknown.
"""

from preuve.collect.iac.language.functions.signature import Host
from preuve.collect.iac.language.functions.table import call

__all__ = ["Host", "call"]
