"""What blocks of code say of the names of the resources that they make: a line of the snapshot for each such block.

A name counts only where it is a known text. What is not known, in whole or in part, is no name: nothing may be found in
the account by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from preuve.collect.iac.job import Line
from preuve.collect.iac.marks import is_marked, shown
from preuve.redact.redactor import Redactor

_LONGEST = 2048  # characters of an ARN or URL
_REMOVED = "[removed:"  # what redaction leaves of a secret: two of them look alike and are not the same
_KEY = r'(?:\[(?:\d+|"[^"\]]*")\])?'
_BLOCK = re.compile(rf"(aws_[a-z0-9_]+\.[\w-]+{_KEY})\.[a-z_]+")
_REFERENCE = re.compile(r"(?:var|local|data|module|each|count|path|self|terraform|[a-z0-9]+_[a-z0-9_]+)\.[A-Za-z_].*")
_MADE = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\}")
_MODULES = re.compile(rf"(?:module\.[\w-]+{_KEY}\.)*")
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-[0-9]+")


@dataclass(frozen=True)
class Block:
    """A block of code as it was evaluated; what is not known in its attributes is a text with a mark."""

    address: str
    type: str
    file: str
    line: int
    end_line: int
    attributes: Mapping[str, Any]
    optional: bool = False  # a condition of its template may leave it out


def identity_lines(blocks: Iterable[Block], root: str, arguments: Mapping[str, str]) -> Iterator[Line]:
    """A line for each block of a type in `arguments`, which has the argument that names a block of the type, or "".

    Of a template every block has one: by all of them together its stacks are known.
    """
    for block in blocks if arguments else ():
        if block.type in arguments or _is_template(block):
            yield {
                "kind": "block",
                "root": root,
                "address": block.address,
                "type": block.type,
                "file": block.file,
                "line": block.line,
                "end_line": block.end_line,
                "identity": _identity(block, arguments.get(block.type, "")),
                **({"optional": True} if block.optional else {}),
            }


def _is_template(block: Block) -> bool:
    return "::" in block.type


def _identity(block: Block, argument: str) -> dict[str, str]:
    """What is known of `name`, `arn`, `region` and, of a part, `of`: the block that it belongs to."""
    value, region = _alone(block.attributes.get(argument)), _alone(block.attributes.get("region"))
    found = {"region": region} if isinstance(region, str) and _REGION.fullmatch(region) else {}
    if owner := _owner(block, value):
        return {**found, "of": owner}
    if not isinstance(value, str) or not value or not _is_name(value):
        return found
    return {**found, "arn" if value.startswith("arn:") else "name": value}


def _is_name(text: str) -> bool:
    """Whether a text is known, in all of it."""
    unknown = is_marked(text) or "${" in text or _REFERENCE.fullmatch(text)
    return not unknown and len(text) <= _LONGEST


def _owner(block: Block, value: Any) -> str:
    """The block that a value is an attribute of, and nothing else: its address, in a template its logical id."""
    if _is_template(block):
        return _referred(value)
    text = shown(value) if isinstance(value, str) else ""
    reference = _BLOCK.fullmatch(text.removeprefix("${").removesuffix("}"))
    return f"{_modules(block.address)}{reference[1]}" if reference else ""


def _referred(value: Any) -> str:
    """The logical id that `Ref` or `Fn::GetAtt` names, written out or marked."""
    if isinstance(value, Mapping) and len(value) == 1:
        named = value.get("Ref", value.get("Fn::GetAtt"))
        named = named[0] if isinstance(named, list) and named else named
        return named.partition(".")[0] if isinstance(named, str) else ""
    made = _MADE.fullmatch(shown(value)) if is_marked(value) else None
    return made[1] if made else ""


def _alone(value: Any) -> Any:
    """A value out of the list that the parser puts around it in some places."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _modules(address: str) -> str:
    """The part of an address that names the module of a block."""
    match = _MODULES.match(address)
    return match[0] if match else ""


# ---- redaction ----------------------------------------------------------------------------------------------------


def redaction(redactor: Redactor, personal: frozenset[str]) -> Callable[[Line], Line]:
    """A function that redacts the names in a line as those of the account's resources are, so that equal ones stay
    equal; `personal` are the types of blocks whose names are those of people.
    """

    def name(kind: str, value: str) -> str:
        kept = redactor.person(value) if kind in personal else redactor.text(value)
        return "" if _REMOVED in kept else kept

    def redacted(line: Line) -> Line:
        if line["kind"] == "block":
            identity = line["identity"]
            told = {key: name(line["type"], identity[key]) for key in ("name", "arn") if key in identity}
            return {**line, "identity": {key: value for key, value in {**identity, **told}.items() if value}}
        if line["kind"] == "state":
            made = [
                {**item, **{key: name(item["type"], item[key]) for key in ("id", "arn")}} for item in line["resources"]
            ]
            return {**line, "resources": made}
        return line

    return redacted
