"""The names of the resources that blocks create: a line of the snapshot for each block.

Only a completely known text counts as a name: a name that is known in part matches nothing in the account.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from preuve.collect.code.job import Line
from preuve.collect.code.language.values.value import PartText, Unknown, Value, listed, owner_of

_LONGEST = 2048  # characters of an ARN or URL
_ROLE = re.compile(r"arn:[a-z-]+:iam::([0-9]{12}):role/")
_OWN = ("account_id", "account_ids")  # arguments of what is for a whole account: which one
_CALLER = ".aws_caller_identity."  # the account of the provider, whichever it is
_INPUTS = ("var.", "module.", "Ref ")  # `module.` is also an output of a module that is not installed
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-[0-9]+")


@dataclass(frozen=True)
class Block:
    """A block that creates a resource or a part of one, with the name that it gives (`identity`)."""

    address: str
    type: str
    file: str
    line: int
    end_line: int
    identity: Mapping[str, str]
    optional: bool = False  # a condition of its template may leave it out
    unsure: bool = False  # it is not known whether the block will exist
    signs_in: str = ""  # a hash of how its provider signs in; "" with what everybody else uses
    accounts: tuple[tuple[str, ...], ...] = ()  # in one of which it is: for each run, or each that it names itself
    tools: tuple[str, ...] = ()  # Terraform and OpenTofu, where they see different code
    seen_by: tuple[str, ...] = ()  # those of them that see it
    people: tuple[str, ...] = ()  # whom its arguments name: they are redacted, and not stored


def identity(value: Value, region: Value = None) -> dict[str, str]:
    """Return the facts in a naming argument: `name` or `arn` if known, with the `region`; or `of`, the address of the
    resource that a part belongs to, or the input that names it: the same one for all blocks of a root that read it.
    """
    found = {"region": str(region)} if isinstance(region, str) and _REGION.fullmatch(region) else {}
    if isinstance(value, str) and 0 < len(value) <= _LONGEST:
        found["arn" if value.startswith("arn:") else "name"] = str(value)
    owner = owner_of(value) or _input_in(value)
    return {**found, "of": owner} if owner else found


def _input_in(value: Value) -> str:
    """Return the input that a value is, unchanged; "" if it is none."""
    if isinstance(value, PartText) and len(value.parts) == 1:
        return _input_in(value.parts[0])
    if type(value) is not Unknown or value.computed or value.sources or len(value.causes) != 1:
        return ""
    return value.causes[0] if value.causes[0].startswith(_INPUTS) else ""


def accounts_said(arguments: Mapping[str, Value]) -> tuple[tuple[str, ...], ...] | None:
    """Return the accounts that a block itself states; None if it leaves that to its provider."""
    said = [one for name in _OWN if arguments.get(name) is not None for one in listed(arguments[name])]
    if all(isinstance(one, Unknown) and all(_CALLER in cause for cause in one.causes) for one in said):
        return None
    return tuple((one,) for one in sorted(set(_texts(said))))


def _texts(values: Sequence[Value]) -> tuple[str, ...]:
    """Return some texts; none if one is not known."""
    return tuple(map(str, values)) if all(isinstance(one, str) for one in values) else ()


def accounts_in(allowed: Value, roles: Iterable[Value]) -> tuple[tuple[str, ...], ...]:
    """Return the accounts in one of which a provider creates its resources: those that it allows, or that of the last
    role that it assumes; none if it states neither.
    """
    found = _texts(listed(allowed))
    last = next(iter([*roles][-1:]), None)
    named = _ROLE.match(last) if isinstance(last, str) and not found else None
    found = (named[1],) if named else found
    return (tuple(sorted(found)),) if found else ()


def agreed(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield each block once, with the facts on which all runs of a root agree."""
    found: dict[tuple[str, str], Block] = {}
    for block in blocks:
        key = (block.file, block.address)
        found[key] = _alike(found[key], block) if key in found else block
    yield from found.values()


def _alike(one: Block, other: Block) -> Block:
    both = one.identity.items() & other.identity.items()
    identity = {name: value for name, value in one.identity.items() if (name, value) in both}
    accounts = tuple(sorted({*one.accounts, *other.accounts}))
    people = tuple(dict.fromkeys((*one.people, *other.people)))
    return replace(one, identity=identity, accounts=accounts, unsure=one.unsure or other.unsure, people=people)


def block_lines(blocks: Iterable[Block], root: str) -> Iterator[Line]:
    """Yield the lines of the snapshot for some blocks of a root."""
    for block in blocks:
        yield {
            "kind": "block",
            "root": root,
            "address": block.address,
            "type": block.type,
            "file": block.file,
            "line": block.line,
            "end_line": block.end_line,
            "identity": dict(block.identity),
            **({"optional": True} if block.optional else {}),
            **({"unsure": True} if block.unsure else {}),
            **({"signs_in": block.signs_in} if block.signs_in else {}),
            **({"people": list(block.people)} if block.people else {}),
            **({"accounts": [list(one) for one in block.accounts]} if block.accounts else {}),
            **({"tools": list(block.tools), "seen_by": list(block.seen_by)} if block.tools else {}),
        }
