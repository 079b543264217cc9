"""Findings that existed before a push and do not gate, because they are not new."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

ANY_POLICY = "*"  # for something that was not read: it counts for every policy


@dataclass(frozen=True, order=True)
class Mark:
    """The identity of a finding, which stays the same when its lines move."""

    source: str  # aws | iac
    policy: str  # a policy, or ANY_POLICY
    at: str  # `root:address` or `file:address` in code, `account/region/type/id` in the account
    unread: str = ""  # why it could not be read; "" for a failure


@dataclass(frozen=True)
class Baseline:
    """The findings that were there: the Checkov ids that failed, by mark (none in the account), what the failure rested
    on, hashed, where that is told, and the id of the key of the pseudonyms in the account's marks.
    """

    marks: Mapping[Mark, frozenset[str]] = field(default_factory=dict)
    grounds: Mapping[Mark, frozenset[str]] = field(default_factory=dict)
    key: str = ""

    def also(self, places: Mapping[Mark, Mark]) -> Baseline:
        """Return this baseline with further marks for other addresses: `places` has the earlier mark of each
        new one.
        """
        marks = {now: self.marks[then] for now, then in places.items()}
        grounds = {now: self.grounds[then] for now, then in places.items() if then in self.grounds}
        return replace(self, marks={**self.marks, **marks}, grounds={**self.grounds, **grounds})

    def without(self, left: Collection[Mark]) -> Baseline:
        """Return this baseline without some of its marks."""
        marks, grounds = ({mark: of[mark] for mark in of if mark not in left} for of in (self.marks, self.grounds))
        return replace(self, marks=marks, grounds=grounds)


@dataclass(frozen=True)
class Comparison:
    """What findings were compared with, and how many known ones are gone."""

    by: str = "nothing"  # baseline | base | nothing
    name: str = ""  # the file, or the commit
    gone: int = 0
    apart: bool = False  # the clone does not show where the push branched off
