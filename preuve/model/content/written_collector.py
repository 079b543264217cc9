"""Files that say how resources are read where there is no model of AWS: of GitHub, and of the company's registers.

They are read into `ResourceType`; the types here hold what their files may contain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from msgspec import Struct

from preuve.model.content.collector import Relation
from preuve.model.forms import items, keywords, part, text, words

_PATH = r"^[A-Za-z0-9_.\[\]-]+$"
_GITHUB = "^GitHub::[A-Za-z0-9]+$"
_NAMES = {"pattern": "^[A-Z][A-Za-z]+$"}
_Path = Annotated[str, text("path of a member, Parent.<path>, or Account for the organization", pattern=_PATH)]


@dataclass(frozen=True)
class Refusal:
    """An answer of GitHub that means: not set."""

    code: Annotated[
        str,
        text(
            "A status. GitHub also answers 404 for something that the token may not see, so the message must tell.",
            pattern="^[45][0-9]{2}$",
        ),
    ]
    message: Annotated[str, text("A part of GitHub's message.", least=8)]


class GitHubCall(Struct, frozen=True, rename={"operation": "call", "with_": "with"}):
    """One operation of GitHub and what is taken from its answer."""

    operation: Annotated[
        str,
        text("The operation, as GitHub's description names it: GET /orgs/{org}/repos.", pattern="^GET /[a-z{}_/-]+$"),
    ]
    permission: Annotated[
        str,
        text(
            "The permission of a fine-grained token that GitHub requires; reading is enough.",
            pattern="^(organization|repository) [A-Za-z_ ]+$",
        ),
    ]
    with_: Annotated[Mapping[str, _Path], keywords("Parameters taken from members of the resource.")] = {}
    const: Annotated[Mapping[str, Any], keywords("Literal parameters.")] = {}
    take: Annotated[
        str,
        text(
            "The part of the answer to take: a path of members. Without it, the whole answer. If the path "
            "leads to nothing, the member is unread.",
            pattern=_PATH,
        ),
    ] = ""
    absent: Annotated[tuple[Refusal, ...], items("Refusals that mean: not set. Every other one is unread.")] = ()
    for_each: Annotated[str, text("The parent type: called once for each; the child sees Parent.", pattern=_GITHUB)] = (
        ""
    )
    name: Annotated[str, text("Member name for a list of plain strings.", pattern="^[A-Za-z][A-Za-z0-9_]*$")] = ""
    sum: Annotated[
        tuple[Annotated[str, text(pattern="^[a-z_]+$")], ...], items("Members of the answer that add up to it.")
    ] = ()
    counted: Annotated[
        Mapping[str, Any],
        part(
            "counted",
            "A call that says how many there are. If a listing has fewer, the rest is unread.",
            {"GitHubCall": ("call", "with", "permission", "sum")},
            ("call", "with", "permission", "sum"),
        ),
    ] = {}
    where: Annotated[
        Mapping[str, Annotated[tuple[Annotated[str, text()], ...], items("", least=1, once=True)]],
        keywords(
            "Members of the answer, and the values that each may have.",
            minProperties=1,
            propertyNames={"pattern": "^[a-z_]+$"},
        ),
    ] = {}
    proved: Annotated[
        Mapping[str, Any],
        part(
            "proved",
            "A call whose answer proves that a listing is complete. GitHub shortens it for some tokens "
            "without saying so; without the proof, whatever may be missing is unread.",
            {"GitHubCall": ("call", "with", "permission", "where")},
            ("call", "with", "permission", "where"),
        ),
    ] = {}


_READ = ("call", "with", "const", "permission", "take", "absent")
_NEEDS = ("call", "permission")
_LISTING = part(
    "listing",
    "A call that lists the resources.",
    {"GitHubCall": (*_READ, "for_each", "name", "counted", "proved")},
    _NEEDS,
    anyOf=[{"required": [name]} for name in ("counted", "proved", "for_each")],
)
_DETAIL = part(
    "detail", "A call that reads one member; made only if a selected policy reads it.", {"GitHubCall": _READ}, _NEEDS
)


_RELATED = "Resources of another type that belong to this one."
_RELATION = part("relation", _RELATED, {"Relation": ("type", "where", "one", "only")}, ("type",))
_OF_ENTRY = part("relation", _RELATED, {"Relation": ("type", "where", "only")}, ("type", "where"))


@dataclass(frozen=True)
class GitHubIdentity:
    """How the resource is named in reports."""

    id: Annotated[str, text("The member that names the resource.", pattern=_PATH)]
    arn: Annotated[str, text("Member that names it everywhere, such as its address.", pattern=_PATH)] = ""


@dataclass(frozen=True)
class GitHubResource:
    """How one resource type, or a singleton, is read."""

    list_: Annotated[
        tuple[Annotated[GitHubCall, _LISTING], ...],
        keywords(
            "How resources are listed; one: exactly one for the organization.", alone="only", instead={"const": "one"}
        ),
    ]
    members: Annotated[
        Mapping[str, Annotated[str, keywords(const="string")]],
        keywords("Of a singleton: Id, the name of the organization."),
    ] = field(default_factory=dict)
    identity: Annotated[GitHubIdentity | None, keywords("How the resource is named in reports.")] = None
    hydrate: Annotated[GitHubCall | None, _DETAIL] = None
    personal: Annotated[
        tuple[Annotated[str, text(pattern=_PATH)], ...], items("Paths whose values name a person.")
    ] = ()
    details: Annotated[
        Mapping[str, Annotated[GitHubCall, _DETAIL]],
        keywords("Members that need a call of their own.", minProperties=1, propertyNames=_NAMES),
    ] = field(default_factory=dict)
    relations: Annotated[
        Mapping[str, Annotated[Relation, _RELATION]],
        keywords("Members that are other resources.", minProperties=1, propertyNames=_NAMES),
    ] = field(default_factory=dict)


@dataclass(frozen=True)
class GitHubCollector:
    """How the resource types of GitHub are read. Calls, parameters and paths are checked against GitHub's description
    of its API by preuve lint.
    """

    service: Annotated[str, text("What is read together. A failure concerns only this part.", pattern="^[a-z-]+$")]
    resources: Annotated[
        Mapping[str, GitHubResource], keywords("Resource types.", minProperties=1, propertyNames={"pattern": _GITHUB})
    ]


@dataclass(frozen=True)
class RegisterMember:
    """A member of an entry."""

    column: Annotated[str, text("The column's name in the English template.")]
    type: Annotated[
        str,
        words(
            "boolean: yes or no, oui or non. timestamp: a day such as 2026-11-24. list<string>: texts with commas "
            "between them. none, no term, aucun, sans terme: a day that never comes, an empty list.",
            "string",
            "boolean",
            "timestamp",
            "list<string>",
        ),
    ]


@dataclass(frozen=True)
class RegisterEntry:
    """What is read of the rows of some registers. Only the named columns of an entry are read."""

    registers: Annotated[
        tuple[Annotated[str, text(pattern="^[a-z0-9-]+$")], ...],
        items(
            "Names of registers (registers/<name>.csv) whose rows are the entries. A register that the company does "
            "not keep has none. preuve keeps chain-of-runs itself.",
            once=True,
        ),
    ]
    members: Annotated[
        Mapping[str, RegisterMember],
        keywords("The columns that are read.", minProperties=1, propertyNames={"pattern": "^[A-Z][A-Za-z0-9]*$"}),
    ]
    identity: Annotated[str, keywords("The member that names an entry.")]
    beside: Annotated[
        tuple[Annotated[str, text()], ...],
        items("Members that tell two entries of one name apart, in reports too.", once=True),
    ] = ()
    personal: Annotated[
        tuple[Annotated[str, text()], ...],
        items(
            "Members whose values name a person (with [] where they are lists): pseudonymised as they are in the "
            "account.",
            once=True,
        ),
    ] = ()
    relations: Annotated[
        Mapping[str, Annotated[Relation, _OF_ENTRY]], keywords("Members that are other resources.")
    ] = field(default_factory=dict)


@dataclass(frozen=True)
class RegisterEntries:
    """What policies may read of the registers that a company keeps in registers/."""

    resources: Annotated[
        Mapping[str, RegisterEntry],
        keywords("Types of entries.", minProperties=1, propertyNames={"pattern": "^Register::[A-Za-z0-9]+$"}),
    ]
