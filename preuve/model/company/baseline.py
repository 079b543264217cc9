"""Findings that existed before a push and do not gate, because they are not new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ANY_POLICY = "*"  # for something that could not be read: counts for every policy


@dataclass(frozen=True, order=True)
class Mark:
    """The identity of a finding, which stays the same when its lines move."""

    source: str  # aws | iac
    policy: str  # a policy, or ANY_POLICY
    at: str  # `root:address` or `file:address` in code, `account/region/type/id` in the account
    unread: str = ""  # why it could not be read; "" for a failure


@dataclass(frozen=True)
class Baseline:
    """The findings that were there: the Checkov ids that failed, by mark (none in the account)."""

    marks: Mapping[Mark, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """What findings were compared with, and how many known ones are gone."""

    by: str = "nothing"  # baseline | base | nothing
    name: str = ""  # the file, or the commit
    gone: int = 0
    apart: bool = False  # the clone does not tell where the push left that commit
