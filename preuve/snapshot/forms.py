"""The form of each line of a snapshot. A run writes by it, and existing lines are checked against it.

A text has a closed form (a word of preuve, an id, a time) wherever possible. The others come from AWS, GitHub or the
code: docs/evidence.md lists them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import MISSING, fields
from types import GenericAlias
from typing import Annotated, Any, Literal, get_type_hints

from msgspec import UNSET, Meta, Struct, UnsetType, defstruct, field

from preuve.model.snapshot import IacGap, IacRecord, IacScan, IacState, StateEntry

LONGEST_WORD = 120
WORD = rf"^[!-~]{{0,{LONGEST_WORD}}}\Z"  # one word of ASCII, or nothing
Type = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]+(::[A-Za-z0-9_-]+)+\Z")]
Account = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{0,39}\Z")]  # an account of AWS, or an organization on GitHub
Region = Annotated[str, Meta(pattern=r"^[A-Za-z]{0,12}(-[a-z]+)*(-[0-9]{1,2})?\Z")]
Arn = Annotated[str, Meta(pattern=r"^(arn:[a-z-]+:[a-z0-9-]*:[^\s:]*:[^\s:]*:.+|[!-~]*)\Z")]
CallId = Annotated[str, Meta(pattern=r"^([A-Za-z0-9._/-]+/[1-9][0-9]*)?\Z")]  # "" where nothing was sent
Cause = Annotated[str, Meta(pattern=r"^[a-z][a-z_]*\Z")]
Code = Annotated[str, Meta(pattern=rf"^(HTTP )?([0-9]{{3}} )?[!-~]{{0,{LONGEST_WORD}}}\Z")]
Action = Annotated[str, Meta(pattern=r"^([a-z0-9-]+:[A-Za-z0-9*]+|[A-Za-z_ -]{1,40}: (read|write))?\Z")]
Operation = Annotated[str, Meta(pattern=r"^(([a-z0-9-]+:)?[A-Za-z0-9]+|GET /[!-~]*)?\Z")]
Time = Annotated[str, Meta(pattern=r"^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z\Z")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
# The same, or "" for none.
AnySha256 = Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")]
AnyFingerprint = Annotated[str, Meta(pattern=r"^(SHA256:[A-Za-z0-9+/]{43})?\Z")]  # of a key
AnyAddress = Annotated[str, Meta(pattern=r"^(https?://[!-~]+)?\Z")]
Member = Annotated[str, Meta(pattern=r"^[\w-]*\Z")]  # of a resource; "" for its listing
Word = Annotated[str, Meta(pattern=WORD)]
Count = Annotated[int, Meta(ge=0)]
Framework = Annotated[str, Meta(pattern=r"^[a-z0-9_]*\Z")]
Check = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]*_[A-Za-z0-9_]+\Z")]
# Hashed: its kind, and the run and the tool in which it counts (`model/company/grounds.py`).
Ground = Annotated[
    str, Meta(pattern=r"^([a-z]{1,16}-[0-9a-f]{0,64}|[0-9a-f]{8,64})(@[0-9a-f]{0,64})?([+][a-z]{1,16})?\Z")
]


_GAP = re.compile(r"[^!-~]+")
_STATUS = re.compile(r"(HTTP )?([0-9]{3} )?")


def one_word(text: str) -> str:
    """Return a foreign text as one word, as a form requires it."""
    return _GAP.sub("_", text)[:LONGEST_WORD]


def as_code(text: str) -> str:
    """Return the code of an error as the schema requires it: the HTTP status, if any, then one word."""
    status = _STATUS.match(text)
    head = status[0] if status else ""
    return head + one_word(text.removeprefix(head))


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """An object with exactly these members."""


class _Line(Form, frozen=True, tag_field="kind"):
    """A line whose `kind` names its type."""


def form_of(of: type, /, *, tag: str = "", without: Collection[str] = (), **closed: Any) -> Any:
    """Return the form of a type of the model, with the members of the type and their defaults.

    `closed` has the forms of some members, and of further ones that only a snapshot has; the second element of a pair
    is the default for a member that an earlier version did not write. `without` are the members that no snapshot has; a
    `tag` makes the form a kind of line.
    """
    names = {one.name: one for one in fields(of) if one.name not in without}
    written = get_type_hints(of)
    members = []
    for name in dict.fromkeys((*names, *closed)):
        found = closed.get(name, written.get(name))
        form, *default = found if type(found) is tuple else (found, *_default(names.get(name)))
        members.append((name, form, *default))
    base = _Line if tag else Form
    return defstruct(f"{of.__name__}Form", members, bases=(base,), frozen=True, kw_only=True, tag=tag or None)


def list_form(form: Any) -> Any:
    """Return the form of a list of what has a form."""
    return GenericAlias(tuple, (form, ...))


def _default(member: Any) -> Sequence[Any]:
    if member is None or (member.default is MISSING and member.default_factory is MISSING):
        return ()
    return (member.default if member.default_factory is MISSING else field(default_factory=member.default_factory),)


class UnreadForm(Form, frozen=True):
    """Why something could not be read."""

    cause: Cause
    code: Code = ""
    message: str = ""
    action: Action = ""
    call: Operation = ""
    region: Region = ""
    quoted: bool = False


class CallLine(_Line, frozen=True, tag="call"):
    """One request, and how it was answered."""

    id: CallId
    service: Annotated[str, Meta(pattern=r"^[a-z0-9-]+\Z")]
    operation: Annotated[Operation, Meta(min_length=1)]
    region: Region
    status: Annotated[int, Meta(ge=0, le=599)]  # 0: nothing answered
    request_id: Word
    attempts: Count
    error: Code
    action: Action
    params: Mapping[Member, Any]
    time: Time
    message: str | UnsetType = UNSET
    commitment: Sha256 | UnsetType = UNSET


class ListingLine(_Line, frozen=True, tag="listing"):
    """One attempt to list a type in one place."""

    type: Type
    account: Account
    region: Region
    count: Count
    pagination: Literal["exhausted", "failed"] = "exhausted"
    calls: tuple[CallId, ...] = ()
    parent: str = ""
    unread: UnreadForm | None = None


class ResourceLine(_Line, frozen=True, tag="resource"):
    """One resource as it was read."""

    type: Type
    id: str
    account: Account
    region: Region
    arn: Arn
    data: Mapping[Member, Any]
    absent: tuple[Member, ...]
    unread: Mapping[Member, UnreadForm]
    calls: Mapping[Member, CallId | tuple[CallId, ...]]
    parent: str
    waivers: tuple[str, ...]


RecordLine = form_of(
    IacRecord,
    tag="record",
    without=("at",),
    line=Count,
    end_line=Count,
    check=Check,
    result=Literal["PASSED", "FAILED", "UNKNOWN", "SKIPPED"],
    called_from=tuple[tuple[str, str, Count], ...],
    decided_at=tuple[Count, Count] | None,
    grounds=tuple[Ground, ...],
)
GapLine = form_of(IacGap, tag="gap", line=Count, cause=Cause, framework=Framework, grounds=tuple[Ground, ...])
RootLine = form_of(
    IacScan,
    tag="root",
    framework=Framework,
    files=Count,
    resources=Count,
    types=Mapping[str, Count],
    unjudged=Mapping[str, tuple[Count, str, Count]],
)
EntryForm = form_of(StateEntry, arn=Arn)
StateLine = form_of(IacState, tag="state", resources=list_form(EntryForm))


class IdentityForm(Form, frozen=True):
    """The name of a block, as far as the code determines it."""

    name: str = ""
    arn: str = ""
    words: str = ""
    region: str = ""
    of: str = ""


class BlockLine(_Line, frozen=True, tag="block"):
    """One block of code."""

    root: str
    address: str
    type: str
    file: str
    line: Count
    end_line: Count
    identity: IdentityForm
    optional: bool = False


LIVE = CallLine | ListingLine | ResourceLine
CODE = RecordLine | GapLine | RootLine | BlockLine | StateLine
