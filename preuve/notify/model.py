"""Everything that may leave the machine: a message consists of these fields and of words of the locales, and each field
is checked.

No ARN, name, address, observed value or account id has a field here; an account is a pseudonym.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from preuve.model.content import Severity
from preuve.model.errors import PreuveError
from preuve.model.results import FindingStatus
from preuve.notify.places import placeless
from preuve.publish.words.text import one_line
from preuve.redact.identifiers.numbers import without_numbers
from preuve.redact.redactor import nameless

MAX_TITLE = 200
CODE = "code"
COMPANY = "company"  # in place of an account, for resources without one, such as a register
_FORMS = {
    "policy": re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"),
    "control": re.compile(
        r"[A-Za-z][A-Za-z0-9._-]{0,63}|([A-Z]{2,8},? [Aa]rt\. |clause |article )[0-9][0-9a-z.()]{0,20}"
    ),
    "evidence": re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}"),
    "where": re.compile(rf"account-[a-z2-7]{{12}}|{CODE}|{COMPANY}"),
    "run": re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,79}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    "moment": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    "day": re.compile(r"\d{4}-\d\d-\d\d"),
    "page": re.compile(r"(data/[A-Za-z0-9/._+-]{1,150})?"),
}


def has_form(kind: str, value: str) -> bool:
    """Return whether a value has the form of its `kind`."""
    return _FORMS[kind].fullmatch(value) is not None


def checked(kind: str, value: str) -> str:
    """Return the value. Raises PreuveError, which does not repeat the value, if it has not the form of its `kind`."""
    if not has_form(kind, value):
        raise PreuveError(
            f"the result contains a value that does not look like a {kind}: it is not sent", "audit again"
        )
    return value


def cleaned(title: str) -> str:
    """Return a title on one line, without what looks like a person, a secret, a personal number, or a place.

    A company writes its own titles, and a name in plain words looks like any other word.
    """
    return one_line(placeless(without_numbers(nameless(one_line(title)), _removed)), MAX_TITLE)


def _removed(_: str, kind: str) -> str:
    return f"[removed: {kind}]"


class Verdict(StrEnum):
    """The verdict of a run on a policy in one place, over all its resources."""

    FAILING = "failing"
    PASSING = "passing"  # every resource passes, in listings read to their end
    WAIVED = "waived"  # every failure is waived
    EMPTY = "empty"  # no resource there that the policy is about
    OPEN = "open"  # something was not evaluated: no conclusion


@dataclass(frozen=True)
class Item:
    """A policy in one place, and the number of its resources."""

    policy: str
    title: str
    severity: Severity
    where: str
    count: int
    controls: tuple[str, ...] = ()  # as readers cite them
    page: str = ""  # of the policy, from the root of the bundle
    days: int = 0  # days since which the oldest is open

    def __post_init__(self) -> None:
        checked("policy", self.policy)
        checked("where", self.where)
        checked("page", self.page)
        for control in self.controls:
            checked("control", control)
        object.__setattr__(self, "title", cleaned(self.title))


@dataclass(frozen=True)
class Subject:
    """An item that may have a ticket; `rule` and `places` show whether two runs tested the same rule on the same
    places.
    """

    item: Item
    label: str  # of its ticket
    verdict: Verdict
    resources: int
    rule: str
    places: tuple[str, ...]
    left_out: tuple[str, ...] = ()  # places that were left out
    held: tuple[str, ...] = ()  # failing resources, else all, if something is left out


@dataclass(frozen=True)
class EndingWaiver:
    """A waiver that ends soon: its policy, and its last day."""

    policy: str
    title: str
    day: str

    def __post_init__(self) -> None:
        checked("policy", self.policy)
        checked("day", self.day)
        object.__setattr__(self, "title", cleaned(self.title))


@dataclass(frozen=True)
class StaleEvidence:
    """An item of manual evidence that is out of date."""

    id: str
    title: str

    def __post_init__(self) -> None:
        checked("evidence", self.id)
        object.__setattr__(self, "title", cleaned(self.title))


@dataclass(frozen=True)
class NoticeRun:
    """The run of a notice; `key` distinguishes keys of pseudonyms and reveals nothing about them."""

    run: str
    now: str
    key: str

    def __post_init__(self) -> None:
        checked("run", self.run)
        checked("moment", self.now)


@dataclass(frozen=True)
class Digest:
    """A run in short; an unknown number is None, never zero."""

    told: NoticeRun
    counts: Mapping[FindingStatus, int]
    failing: Mapping[Severity, int]
    incomplete: int
    new: tuple[Item, ...] | None = None  # None: there is no earlier run to compare with
    fixed: tuple[Item, ...] | None = None
    apart: int = 0  # failures that cannot be compared with the run before: rule or scope changed
    params: int = 0  # parameters that differ from the run before
    overdue: tuple[Item, ...] | None = None  # None: it is not known since when they fail
    waivers: tuple[EndingWaiver, ...] = ()
    stale: tuple[StaleEvidence, ...] = ()
    missing: int = 0  # missing items of manual evidence
    left: Mapping[Severity, int] = field(default_factory=dict)  # failures of the run before that this one does not see
    removed: Mapping[Severity, int] = field(default_factory=dict)  # those whose block left the code
    subjects: tuple[Subject, ...] = field(default=(), repr=False)
