"""How resources are read, and how code names the resources that it creates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any

from msgspec import Struct

from preuve.model.content.rule import TYPE
from preuve.model.errors import Position
from preuve.model.forms import ADDED, items, keywords, number, part, text, words

AWS, GITHUB = "aws", "github"  # who holds what is collected
WORKSPACE = "workspace"  # the scope of registers, which belong to no account


_PATH = r"^[A-Za-z0-9_.\[\]-]+$"
_MEMBER = "^[A-Za-z][A-Za-z0-9_-]*$"
_TYPE = "^(AWS|Register)(::[A-Za-z0-9]+){1,2}$"
_SERVICE = "^[a-z0-9-]+$"
_MEMBERS = {"pattern": _MEMBER}
_NEWER_MEMBERS = {"pattern": r"^[A-Za-z][A-Za-z0-9_-]*((\[\])?\.[A-Za-z][A-Za-z0-9_-]*)*$"}
_Path = Annotated[str, text("path of a member, Parent.<path>, Account, Region or Partition", pattern=_PATH)]
_Member = Annotated[str, text("member", pattern=_PATH)]
_Kind = Annotated[
    str,
    text(
        "string, boolean, integer, double, timestamp, list<…> or map<…>",
        pattern="^((list|map)<)*(string|boolean|integer|double|timestamp)>*$",
    ),
]
_Action = Annotated[str, text("an action such as s3:GetEncryptionConfiguration", pattern="^[a-z0-9-]+:[A-Za-z0-9]+$")]
_Transform = Annotated[Any, keywords(**{"$ref": "#/$defs/Transform"})]
_DAYS = keywords("days such as 31d", spelled="string", pattern="^[1-9][0-9]*d$")


def _filled(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _filled(item, places) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, places) for item in value]
    return places.get(value, value) if isinstance(value, str) else value


@dataclass(frozen=True)
class AbsentError:
    """An API error that means "not set"; `message` is a part of AWS's message where the code alone is ambiguous."""

    code: str
    message: str = ""


class Call(Struct, frozen=True, rename={"operation": "call", "with_": "with", "transform": "as", "batch_size": "size"}):
    """One API operation and what is taken from its answer. Paths are botocore member names, `[]` opens a list."""

    service: Annotated[str, text("The botocore service, if it is not that of the file.", pattern=_SERVICE)]
    operation: Annotated[
        str, text("The API operation, as botocore names it: GetBucketPolicy.", pattern="^[A-Z][A-Za-z0-9]+$")
    ]
    position: Annotated[Position, ADDED]
    take: Annotated[
        str,
        text(
            "The part of the answer to take: a path of members, [] opens a list. Without it, the whole answer.",
            pattern=_PATH,
        ),
    ] = ""
    always: Annotated[
        bool,
        keywords(
            "AWS sends the list at the beginning of take even if it is empty: an answer without it is incomplete."
        ),
    ] = False
    with_: Annotated[Mapping[str, _Path], keywords("Parameters taken from members of the resource.")] = {}
    const: Annotated[
        Mapping[str, Any],
        keywords("Literal parameters; in them `{account}` and `{region}` stand for the place of the call."),
    ] = {}
    newer_const: Annotated[Mapping[str, Any], keywords(_NEWER_CONST)] = {}
    newer: Annotated[Mapping[str, _Kind], keywords(_NEWER_TAKEN, propertyNames=_NEWER_MEMBERS)] = {}
    failures: Annotated[Failures | None, _FAILURES] = None
    # Kept as days.
    ago: Annotated[Mapping[str, Annotated[int, _DAYS]], keywords("Parameters that are a time this long ago.")] = {}
    transform: Annotated[_Transform, keywords("Transforms of the value before it is stored.")] = None
    absent: Annotated[tuple[AbsentError, ...], items("Errors that mean: not set. Every other error is unread.")] = ()
    iam: Annotated[tuple[_Action, ...], items("The IAM actions, if the action is not service:Call.")] = ()
    for_each: Annotated[str, text("The parent type: called once for each; the child sees Parent.", pattern=_TYPE)] = ""
    name: Annotated[str, text("Member name for a list of plain strings.", pattern=_MEMBER)] = ""
    only_in: Annotated[str, text("Called in this region only.", pattern="^[a-z]{2,}(-[a-z]+)+-[0-9]+$")] = ""
    needs: Annotated[
        str,
        text(
            "A member read before, without which this one cannot be set: if it is not set, no call is made.",
            pattern=r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$",
        ),
    ] = ""
    known: Annotated[Known | None, _KNOWN] = None
    batch: Annotated[
        Mapping[str, _Member],
        keywords(
            "Parameter that takes a list of ids, and the member that is the id.", minProperties=1, maxProperties=1
        ),
    ] = {}
    batch_size: Annotated[int, number("How many ids a call takes.", 1, 1000)] = 0
    match: Annotated[
        Mapping[str, _Member],
        keywords("Member of the answer and member of the listing that are equal.", minProperties=1, maxProperties=1),
    ] = {}
    prepare: Annotated[Prepare | None, _PREPARE] = None
    counted: Annotated[CountCall | None, ADDED] = None
    proved: Annotated[ProofCall | None, ADDED] = None

    def const_in(self, account: str, region: str) -> Mapping[str, Any]:
        """Return the literal parameters of a call in a place, which `{account}` and `{region}` stand for."""
        filled: Mapping[str, Any] = _filled(self.const, {"{account}": account, "{region}": region})
        return filled


_ASKED = ("service", "call", "with", "const", "iam")
_READ = (*_ASKED, "newer_const", "take", "always", "as", "absent", "failures")
_NEWER_CONST = (
    "Literal parameters that the models of a supported, older boto3 lack. With such a boto3, the call is made "
    "without them: a listing is then incomplete, and a detail is unread unless the listing lacked the same "
    "ones."
)
_NEWER_TAKEN = (
    "What the models of a supported, older boto3 lack: members of the part that is taken (or a path to them), "
    "the member that take begins with, or a parameter that the answer repeats. With such a boto3, the detail "
    "is unread."
)
_FAILURES = part(
    "failures",
    "The list in which a successful answer says what it could not give. These are unread, or not set if "
    "absent names the code.",
    {"Failures": ("take", "code", "gone", "message", "id")},
    ("take",),
)
_PREPARE = part(
    "prepare",
    "A call that starts a job, repeated until it is done.",
    {"Call": _ASKED, "Prepare": ("until", "at_most")},
    ("call", "until", "at_most"),
)
_KNOWN = part(
    "known",
    "A value that the provider documents for certain values of a member read before: for these, no call is made.",
    {"Known": ("where", "value")},
    ("where", "value"),
)
_LISTING = part(
    "listing",
    "A call that lists the resources.",
    {"Call": (*_READ, "ago", "for_each", "name", "only_in", "prepare")},
    ("call",),
)
_DETAIL = part(
    "detail",
    "A call that reads one member; made only if a selected policy reads it.",
    {"Call": (*_READ, "newer", "ago", "known", "needs", "only_in", "prepare")},
    ("call",),
)
_HYDRATE = part(
    "hydrate",
    "Completes resources if the listing gives only their ids.",
    {"Call": (*(name for name in _READ if name != "newer_const"), "batch", "size", "match")},
    ("call",),
    dependentRequired={"batch": ["size", "match"], "size": ["batch"], "match": ["batch"]},
)


@dataclass(frozen=True)
class Failures:
    """Where a successful answer says what it could not give."""

    take: Annotated[str, text("The list, such as failures[].", pattern=_PATH)]
    code: Annotated[
        str, text("The member of each that says why. Without it, everything in the list is gone.", pattern=_MEMBER)
    ] = ""
    gone: Annotated[tuple[str, ...], items("The codes that mean that the listed resource is gone.")] = ()
    message: Annotated[str, text("The member of each with AWS's message.", pattern=_MEMBER)] = ""
    id: Annotated[str, text("Of a batch: the member of each that names what could not be given.", pattern=_MEMBER)] = ""


@dataclass(frozen=True)
class CountCall:
    """A call that says how many a listing must have, where one leaves out what the caller may not see."""

    call: Call
    sum: tuple[str, ...]  # members of its answer


@dataclass(frozen=True)
class ProofCall:
    """A call whose answer proves that the caller is shown a whole listing."""

    call: Call
    where: Mapping[str, tuple[str, ...]]  # members of its answer, and the values that each may have


@dataclass(frozen=True)
class Prepare:
    """A call that starts a job, repeated until its answer holds `until`, for `at_most` seconds."""

    call: Annotated[Call, ADDED]
    until: Annotated[
        Mapping[str, str], keywords("Members of the answer, and the values that mean that the job is done.")
    ]
    at_most: Annotated[int, keywords("How long to wait, such as 60s.", spelled="string", pattern="^[1-9][0-9]*s$")]


@dataclass(frozen=True)
class Known:
    """The value of a member wherever other members, read before, have these values."""

    where: Annotated[
        Mapping[str, str], keywords("Paths of members read before, and the text that each must have.", minProperties=1)
    ]
    value: Annotated[Any, keywords("The value; {Member} stands for a member read before.")]


@dataclass(frozen=True)
class Relation:
    """Resources of another type that belong to this one."""

    type: Annotated[str, text("The other resource type.", pattern=TYPE)]
    where: Annotated[
        Mapping[str, Annotated[str, text("path on this type", pattern=_PATH)]],
        keywords("Path on the other type, and path on this type with the same value. Without it: all of that type."),
    ] = field(default_factory=dict)
    one: Annotated[bool, keywords("At most one resource: a member, not a list.")] = False
    across: Annotated[str, words("How far to look; region if left out.", "region", "account", "organization")] = (
        "region"
    )
    only: Annotated[
        Mapping[str, Any],
        keywords(
            "Paths on the other type, and the value that each must have.",
            additionalProperties={"type": ["string", "boolean", "integer"]},
        ),
    ] = field(default_factory=dict)
    in_account: Annotated[
        str,
        text(
            "The member that names the account that decides for this one. The relation looks in that account, "
            "or in this one if the member is not set.",
            pattern=_PATH,
        ),
    ] = ""
    distinct: Annotated[
        bool,
        keywords(
            "One resource for each value of the join is enough. For conditions that read nothing else of "
            "these resources."
        ),
    ] = False

    @property
    def own_paths(self) -> tuple[str, ...]:
        """The paths on this side."""
        return (*self.where.values(), *filter(None, [self.in_account]))


_EXACT = "It counts the resources of the list and no others: if it counts more, the list is incomplete."


@dataclass(frozen=True)
class SecondCount:
    """A second source that counts the resources of a type: a number that another resource of the account has."""

    type: Annotated[str, text("The other type.")]
    path: Annotated[str, text("Its detail, and the number in it.", pattern="^[A-Za-z0-9]+[.][A-Za-z0-9.]+$")]
    exact: Annotated[bool, keywords(_EXACT)] = False


_COUNTED = "A number in a detail of another type, one per account or region, that counts these resources too."
_NEWER = (
    "Members of the listing (or a path to them) that the models of a supported, older boto3 lack. With such a boto3 "
    "they are unread, or the whole listing if its call is as new."
)


class ResourceType(Struct, frozen=True, rename={"declared": "members", "transforms": "as"}):
    """How one resource type, or a singleton of ours, is read."""

    name: Annotated[str, ADDED]
    service: Annotated[str, ADDED]
    position: Annotated[Position, ADDED]
    scope: Annotated[  # or workspace: read once, from the registers that a company keeps
        str, words("global: read once per account. region if left out.", "region", "global")
    ] = "region"
    singleton: Annotated[bool, ADDED] = False
    declared: Annotated[  # types of registers, too
        Mapping[str, _Kind], keywords("Declared members of a singleton.", propertyNames=_MEMBERS)
    ] = {}
    newer: Annotated[Mapping[str, _Kind], keywords(_NEWER, propertyNames=_NEWER_MEMBERS)] = {}
    registers: Annotated[tuple[str, ...], ADDED] = ()  # names of the registers whose entries are the resources
    columns: Annotated[Mapping[str, str], ADDED] = {}  # member of a register's entry -> column (English template)
    lists: Annotated[tuple[Call, ...], ADDED] = ()
    hydrate: Annotated[Call | None, _HYDRATE] = None
    transforms: Annotated[
        Mapping[str, _Transform],
        keywords("Transforms of members of the listing, by path.", propertyNames={"pattern": _PATH}),
    ] = {}
    identity: Annotated[str, ADDED] = ""  # member that names the resource
    beside: Annotated[tuple[str, ...] | None, ADDED] = None  # what tells two of one name apart; None: it is not said
    arn: Annotated[str, ADDED] = ""  # member, or template with {partition} {region} {account} and members
    in_region: Annotated[
        str, text("The member that says which region the resource is in; details are called there.", pattern=_MEMBER)
    ] = ""
    fallback: Annotated[
        Mapping[str, Annotated[Call, _DETAIL]],
        keywords("Calls for members that the listing left out.", propertyNames=_MEMBERS),
    ] = {}
    details: Annotated[
        Mapping[str, Annotated[Call, _DETAIL]],
        keywords("Members that need a call of their own.", propertyNames=_MEMBERS),
    ] = {}
    relations: Annotated[
        Mapping[str, Relation], keywords("Members that are other resources.", propertyNames=_MEMBERS)
    ] = {}
    personal: Annotated[
        tuple[Annotated[str, text(pattern=_PATH)], ...],
        items("Paths whose values name a person: they become pseudonyms.", least=0, once=True),
    ] = ()
    counted_by: Annotated[SecondCount | None, keywords(_COUNTED)] = None
    digest: Annotated[str, ADDED] = ""  # the hash of this declaration

    @property
    def named_once(self) -> bool:
        """Whether its identity alone names one resource of a place: people may write a row of a register twice."""
        return not (self.beside or self.registers or any(call.for_each for call in self.lists))

    @property
    def provider(self) -> str:
        """The provider: aws, github, or register for the company's own tables."""
        return self.name.partition("::")[0].lower()


@dataclass(frozen=True)
class Identity:
    """How the resource is named in reports."""

    id: Annotated[str, text("The member that names the resource.", pattern=_MEMBER)] = ""
    arn: Annotated[str, text("A member, or a template with {partition}, {region}, {account} and members.")] = ""
    beside: Annotated[
        tuple[Annotated[str, text(pattern=_PATH)], ...],
        items(
            "Members that tell two resources of one name apart, in reports too; also Parent.X. Required for a "
            "type without an ARN. An empty list says that no two have the same name.",
            least=0,
            once=True,
        ),
    ] = ()


@dataclass(frozen=True)
class ResourceParts:
    """The parts of a resource type that are written differently in a collector's file."""

    list_: Annotated[
        tuple[Annotated[Call, _LISTING], ...],
        keywords(
            "How resources are listed; one: exactly one per account or region.", alone=True, instead={"const": "one"}
        ),
    ]
    identity: Annotated[Identity, keywords("How the resource is named in reports.")] = field(default_factory=Identity)


@dataclass(frozen=True)
class AwsCollector:
    """How the resource types of one AWS service are read. Calls, parameters and paths are checked against botocore's
    models by preuve lint.
    """

    service: Annotated[str, text("The botocore service name.", pattern=_SERVICE)]
    resources: Annotated[
        Mapping[str, ResourceType],
        keywords("Resource types, named as in CloudFormation.", minProperties=1, propertyNames={"pattern": _TYPE}),
    ]


@dataclass(frozen=True)
class Naming:
    """Which resource of the account a type of block creates, and the argument that names it."""

    block: str  # type in code
    resource: str  # type in the account
    position: Position
    argument: str = ""  # the argument of the block with the name; "" if none has it
    part: bool = False  # it configures another block's resource, which the argument names
    last: bool = False  # the account's id is an ARN or URL that ends in the name


@dataclass(frozen=True)
class Namings:
    """How code names the resources that it creates; `resources` are the account's types that the table covers."""

    entries: tuple[Naming, ...] = ()
    resources: frozenset[str] = frozenset()
    people: Mapping[str, str] = field(default_factory=dict)  # blocks that no policy judges -> argument with a name

    @cached_property
    def standing(self) -> frozenset[str]:
        """The types of blocks that are no part of another one."""
        return frozenset(naming.block for naming in self.entries if not naming.part)

    @cached_property
    def of(self) -> Mapping[str, Naming]:
        """The naming of each type of block."""
        return {naming.block: naming for naming in self.entries}
