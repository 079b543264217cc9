"""The rules of a policy: for resources, and for code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Annotated, Any

from preuve.model.content.text import Text
from preuve.model.errors import Position
from preuve.model.forms import ADDED, items, keywords, text, words

TYPE = "^(AWS|GitHub|Register)(::[A-Za-z0-9]+){1,2}$"
_MEMBER = {"pattern": "^[A-Za-z][A-Za-z0-9]*$"}


@dataclass(frozen=True)
class Absence:
    """What "not set" means for a member that a condition reads."""

    kind: str  # fail | not_applicable | pass | is
    value: Any = None


@dataclass(frozen=True)
class Places:
    """Where the parts of a combined text were written: for each line, the columns at which parts begin."""

    lines: tuple[tuple[tuple[int, Position], ...], ...]

    def at(self, line: int, column: int) -> Position:
        """Return the position in the file of a character of the text; line and column start at 1."""
        parts = self.lines[min(line, len(self.lines)) - 1]
        start, found = next((part for part in reversed(parts) if part[0] <= column), parts[0])
        return Position(found.file, found.line, found.column + max(column - start, 0))


@dataclass(frozen=True)
class AwsRule:
    """A CEL condition on one resource type."""

    resource: Annotated[
        str,
        text(
            "The resource type, named as in CloudFormation, or AWS::Account, AWS::Region, GitHub::<name>, "
            "Register::<name>.",
            pattern=TYPE,
        ),
    ]
    assert_: Annotated[
        str, text("CEL: true passes, false fails. Sees resource, account, region, params, org, reference and now.")
    ]
    position: Annotated[Position, ADDED]
    when: Annotated[str, text("CEL: outside it the finding is NOT_APPLICABLE.")] = ""
    when_position: Annotated[Position | None, ADDED] = None
    absent: Annotated[
        Mapping[str, Absence],
        keywords(
            "What it means that a member is not set. pass is allowed only for the sole member that the condition "
            "reads.",
            propertyNames=_MEMBER,
        ),
    ] = field(default_factory=dict)
    newer: Annotated[
        tuple[Annotated[str, text()], ...],
        items("Values in its condition that the models of an older, supported boto3 lack.", once=True),
    ] = ()
    within: Annotated[
        str,
        text(
            "The parameter (days) that says how far the condition looks back; NOT_EVALUATED if the "
            "collector's window is shorter."
        ),
    ] = ""
    breach_only: Annotated[
        Text | None,
        keywords(
            "Why a true condition proves nothing: the finding is then NOT_EVALUATED, and only a breach gives a verdict."
        ),
    ] = None
    asks: Annotated[
        Text | None,
        keywords(
            "What the condition requires, in a clause without a full stop. For a condition whose generated "
            "words are not clear."
        ),
    ] = None
    places: Annotated[Places | None, ADDED] = None  # places in `assert_`, if it names shared conditions
    when_places: Annotated[Places | None, ADDED] = None

    def place(self, line: int, column: int, *, of_when: bool = False) -> Position:
        """Return the place at which a character of `assert_`, or of `when`, was written."""
        places, at = (self.places, self.position)
        if of_when:
            places, at = (self.when_places, self.when_position or self.position)
        return places.at(line, column) if places else Position(at.file, at.line + line - 1, at.column + column - 1)


Tags = Annotated[Mapping[str, Annotated[tuple[str, ...], items()]], keywords(minProperties=1)]


@dataclass(frozen=True)
class IacRule:
    """Checkov ids that test the same thing in code."""

    checkov: Annotated[
        tuple[Annotated[str, text("a Checkov id such as CKV_AWS_19", pattern="^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$")], ...],
        items("Ids of checks; all of them count.", once=True),
    ]
    equivalence: Annotated[
        str, words("partial: a pass of Checkov is never a pass of the policy.", "same_intent", "partial")
    ]
    exact: Annotated[
        tuple[Annotated[str, text("a type of Terraform or CloudFormation")], ...],
        items(
            "With partial: types of blocks for which a pass of Checkov is a pass of the policy after all.", once=True
        ),
    ] = ()
    note: Annotated[Text | None, keywords("How the Checkov ids differ from the policy.")] = None
    tagged: Annotated[
        tuple[Tags, ...],
        items(
            "Only blocks with one of these sets of tags (tag: values, ignoring case); others are NOT_APPLICABLE. "
            "Values such as `!no` mean the opposite: alone, they admit any other value; beside values that are "
            "admitted, a value that is in neither list is NOT_EVALUATED."
        ),
    ] = ()
    untagged: Annotated[
        tuple[Tags, ...],
        items(
            "Blocks with one of these sets of tags are NOT_APPLICABLE. params.<id> stands for the values of a "
            "parameter."
        ),
    ] = ()
    one_suffices: Annotated[
        bool,
        keywords(
            "One block that passes is enough for its template, or in a root module for its account: the "
            "others there are NOT_APPLICABLE.",
            const=True,
        ),
    ] = False
    other_providers: Annotated[
        bool,
        keywords(
            "The policy also concerns resources outside of AWS (providers of "
            "scanners/types/other_providers.txt), which nothing examines: NOT_EVALUATED if a root has such "
            "resources.",
            const=True,
        ),
    ] = False
    frameworks: Annotated[frozenset[str], ADDED] = frozenset()  # kinds of code that the checks can judge
    positions: Annotated[tuple[Position, ...], ADDED] = ()  # positions of the checks, in their order

    @cached_property
    def whole(self) -> str:
        """All that it requires, as one text: each run judges by it more than once."""
        return json.dumps(asdict(self), default=str)

    @property
    def by_tags(self) -> bool:
        """Whether the tags of a block decide whether the policy is about it."""
        return bool(self.tagged or self.untagged)

    def placed(self, otherwise: Position) -> Iterator[tuple[str, Position]]:
        """Yield the checks, each with its position."""
        known = dict(zip(self.checkov, self.positions, strict=False))
        return ((check, known.get(check, otherwise)) for check in self.checkov)
