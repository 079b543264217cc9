"""Finds literal secrets in Terraform files: in blocks that create nothing, in files of variables, in comments. Blocks
that create something are judged by their evaluated values (`judgements.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from preuve.collect.code.job import Line
from preuve.collect.code.judgements.answer import Ruling
from preuve.collect.code.judgements.judgements import secrets_judged
from preuve.collect.code.language.hcl.blocks import BlockInstance, lines_inside
from preuve.collect.code.language.hcl.code import Code
from preuve.collect.code.language.hcl.syntax.nodes import Argument, Attribute, Block, Body, Index, Literal, Name, Node
from preuve.collect.code.secrets.forms import places_by_form
from preuve.collect.code.secrets.places import COMPUTING, DATA, PROVIDER, is_strict, names_resource, takes_password
from preuve.collect.code.secrets.search import (
    Detection,
    Secrets,
    UnreturnedValue,
    about_forms,
    secrets_of,
    secrets_under,
    with_default,
)
from preuve.collect.code.secrets.terraform_literals import of_body, of_node
from preuve.collect.code.verdict.addresses import MODULES
from preuve.collect.code.verdict.comments import comments_in, reason
from preuve.collect.code.verdict.grounds import hashed
from preuve.collect.code.verdict.verdict import FAILED, UNKNOWN
from preuve.redact.notations.names import announces

Lines = tuple[int, int]
_COMPUTING, _OTHERS = "computing", "others"
_DEEPEST = 20  # levels of locals that name locals
_UNSET = ""  # path of a place without a value
_OF_A_RESOURCE = 2  # names after the type: of the resource, and of an attribute
_OF_TERRAFORM = frozenset({"action", "check", "ephemeral", "import", "module", "moved", "removed", "terraform"})
_LABELS = {"variable": "var", "output": "output"}


@dataclass(frozen=True)
class SecretRules:
    """The rules about secrets, by the code that they examine."""

    rules: Mapping[str, tuple[str, ...]]

    @classmethod
    def by(cls, rules: Iterable[Mapping[str, Any]], checks: frozenset[str], kind: str = "") -> SecretRules:
        """Select the rules among `checks` that examine a `kind` of code other than Terraform; every rule if no kind is
        given.
        """
        found: dict[str, tuple[str, ...]] = {}
        for rule in rules:
            asked, id_ = rule.get("judgement") or {}, rule["metadata"]["id"]
            wanted = asked.get("ask") == "literal_secrets" and id_ in checks
            if wanted and (not kind or kind in (rule.get("also") or ())):
                found[asked["of"]] = (*found.get(asked["of"], ()), id_)
        return cls(found)

    @property
    def all(self) -> frozenset[str]:
        """Every one of them."""
        return frozenset(check for checks in self.rules.values() for check in checks)

    def of(self, type_: str) -> tuple[str, ...]:
        """Return the rules that apply to a type of block."""
        return self.rules.get(_COMPUTING if type_ in COMPUTING else _OTHERS, ())


@dataclass(frozen=True)
class Piece:
    """A part of a file that is judged on its own, with the function that locates a path in it."""

    address: str
    type: str
    lines: Lines
    secrets: Secrets
    line: Callable[[tuple[str, ...]], Lines]


def of_file(body: Body) -> Iterator[Piece]:
    """Yield the parts of a Terraform file."""
    for block in body.blocks:
        if block.kind == "locals":
            yield from (_argument(f"local.{name}", "local", found) for name, found in block.body.arguments.items())
        elif block.kind == "variable" and block.labels:
            yield from _variable(block)
        elif block.kind == "output" and block.labels:
            yield _named(block, "value", weak=False)
        else:
            yield _block(block)


def of_variables(arguments: Mapping[str, Argument]) -> Iterator[Piece]:
    """Return the parts of a file of variables."""
    return (_argument(f"var.{name}", "variable", found) for name, found in arguments.items())


def _argument(address: str, type_: str, found: Argument) -> Piece:
    lines = (found.line, found.end_line)
    secrets = secrets_under(found.name, of_node(found.value), path=found.name, kind=type_)
    return Piece(address, type_, lines, secrets, lambda steps: lines_inside(found.value, steps[1:], lines))


def _variable(block: Block) -> Iterator[Piece]:
    sensitive = block.body.arguments.get("sensitive")
    yield _named(block, "default", weak=sensitive is not None and sensitive.value == Literal(True))


def _named(block: Block, of: str, *, weak: bool) -> Piece:
    """Return a block that gives a value a name; its other arguments describe that value."""
    arguments = block.body.arguments
    rest = Body({key: found for key, found in arguments.items() if key != of}, block.body.blocks)
    about = secrets_of(block.kind, {of: UnreturnedValue(of_body(rest))})
    is_set = of in arguments
    value = of_node(arguments[of].value) if is_set else _UNSET
    secrets = secrets_under(block.labels[0], value, path=of, kind=block.kind, weak=weak)
    both = with_default(secrets, (*secrets.found, *about.found), is_set=is_set)
    lines = (block.line, block.end_line)
    address = f"{_LABELS[block.kind]}.{block.labels[0]}"
    return Piece(address, block.kind, lines, both, lambda steps: _line(block.body, steps) or lines)


def _block(block: Block) -> Piece:
    kind = block.kind
    if kind in ("resource", "data") and block.labels:
        type_, of = block.labels[0], f"{DATA if kind == 'data' else ''}{block.labels[0]}"
        address = ".".join((*(("data",) if kind == "data" else ()), *block.labels))
    elif kind == "provider" and block.labels:
        type_, of = kind, f"{PROVIDER}{block.labels[0]}"
        alias = block.body.arguments.get("alias")
        given = alias.value.value if alias and isinstance(alias.value, Literal) else "default"
        address = f"{block.labels[0]}.{given}"
    else:
        type_, of = kind, kind if kind in _OF_TERRAFORM else ""  # of another tool: data
        address = ".".join((kind, *block.labels))
    lines = (block.line, block.end_line)
    secrets = secrets_of(of, of_body(block.body))
    return Piece(address, type_, lines, secrets, lambda steps: _line(block.body, steps) or lines)


def _line(body: Body, steps: tuple[str, ...]) -> Lines | None:
    """Return the lines of the argument, or the part of an argument, at a path."""
    if not steps:
        return None
    name, rest = steps[0], steps[1:]
    if name in body.arguments:
        argument = body.arguments[name]
        return lines_inside(argument.value, rest, (argument.line, argument.end_line))
    blocks = [block for block in body.blocks if name in (block.kind, *block.labels[-1:])]
    place = int(rest[0]) if rest and rest[0].isdecimal() else 0
    if place >= len(blocks):
        return None
    found = blocks[place]
    rest = rest[1:] if rest and rest[0].isdecimal() else rest
    return _line(found.body, rest) or (found.line, found.end_line)


def is_told_elsewhere(made: BlockInstance, paths: Iterable[str]) -> bool:
    """Return whether a block only passes on a value that is public or is reported where it is defined. For a resource,
    that is the name or address of another resource; for any other block, a variable or a local that announces a secret.

    A resource is reported even if a variable gives it the secret.
    """
    arguments = made.content.body.arguments
    names = [path.split("/", 1)[0] for path in paths]
    if made.kind == "resource":
        kind = made.type
        return not any(is_strict(kind, name) or takes_password(kind, name) for name in names) and all(
            name in arguments and _is_name_of_a_resource(arguments[name].value) for name in names
        )
    return all(name in arguments and _is_told(arguments[name].value, made.module.code, _DEEPEST) for name in names)


def _is_name_of_a_resource(node: Node) -> bool:
    """Return whether an expression is an attribute that names or locates an AWS resource."""
    steps: list[str] = []
    while isinstance(node, Attribute | Index):
        if isinstance(node, Attribute):
            steps.append(node.name)
        node = node.of
    return isinstance(node, Name) and len(steps) == _OF_A_RESOURCE and names_resource(node.name, steps[0])


def _is_told(node: Node, code: Code, left: int) -> bool:
    """Return whether an expression is a variable or a local that announces a secret and is reported there. A local is
    if it holds the secret or refers to such a name; the sources of variables are searched separately.
    """
    if not (isinstance(node, Attribute) and isinstance(node.of, Name) and node.of.name in ("var", "local")):
        return False
    if not announces(node.name):
        return False
    if node.of.name == "var":
        return True
    found, _ = code.locals.get(node.name, (None, None))
    if found is None or not left:
        return False
    return bool(_argument("", "local", found).secrets.found) or _is_told(found.value, code, left - 1)


# ---- as lines of the snapshot ---------------------------------------------------------------------------------------


def lines_of(
    asked: SecretRules,
    root: str,
    file: str,
    text: str,
    pieces: Iterable[Piece],
    whole: str = "file",
    *,
    doubts: bool = True,
) -> Iterator[Line]:
    """Yield the results of the rules on each part of a file, and on secrets elsewhere in the file that are recognised
    by form; for these, the file counts as a block of type `whole`. Without `doubts`, doubts are left to the blocks that
    use the values, except those about the form of a value that may be used nowhere.
    """
    comments = comments_in(text)
    seen: list[Lines] = []
    for piece in pieces:
        judged = secrets_judged(piece.secrets, speaks=False)
        if judged is None or (judged.result == UNKNOWN and not doubts and not about_forms(piece.secrets)):
            continue
        for check in asked.of(piece.type):
            line = _record(root, file, piece, check, judged)
            found = reason(comments, check, *piece.lines)
            yield line | ({"suppressed": found} if found else {})
        if judged.result == FAILED:
            seen.append(piece.lines)
    for piece in _beside(file, text, seen, whole):
        judged = secrets_judged(piece.secrets, speaks=False)
        if judged is not None:
            yield from (_record(root, file, piece, check, judged) for check in asked.of(whole))


_INSTANCE = re.compile(r"\[[^\[]*\]$")
_TAKEN = ("result", "keys", "detail", "values", "decided_at", "grounds")


def with_secrets(records: Iterable[Line], written: Iterable[Line]) -> list[Line]:
    """Return records joined with the results on written code: every instance of a block fails if its code does."""
    found = {_which(line): line for line in written}
    told: list[Line] = []
    for record in records:
        line = found.get(_which(record))
        if line is not None and line["result"] == FAILED and record["result"] != FAILED:
            rest = {name: value for name, value in record.items() if name != "decided_in"}  # the line has its own file
            told.append({**rest, **{name: line[name] for name in _TAKEN}})
        else:
            told.append(record)
    known = set(map(_which, told))
    overridden = {(one["decided_in"], *_what(one)) for one in told if one["result"] == FAILED and "decided_in" in one}
    more = (line for key, line in found.items() if key not in known)
    return told + [line for line in more if (line["file"], *_what(line)) not in overridden]


def _which(line: Line) -> tuple[Any, ...]:
    """Return the key of a line's subject: the same for all instances of a block and all calls of its module."""
    return line["file"], line["line"], *_what(line)


def _what(line: Line) -> tuple[str, str]:
    return line["check"], _INSTANCE.sub("", MODULES.sub("", line["address"]))


def _record(root: str, file: str, piece: Piece, check: str, judged: Ruling) -> Line:
    line: Line = {
        "kind": "record",
        "root": root,
        "address": piece.address,
        "type": piece.type,
        "file": file,
        "line": piece.lines[0],
        "end_line": piece.lines[1],
        "check": check,
        "result": judged.result,
        "keys": list(judged.keys),
        "detail": judged.detail,
        "tags": {},
    }
    if judged.result == FAILED:
        line |= {"values": dict(judged.values or {}), "decided_at": list(piece.line(_steps(judged.keys[0])))}
        line["grounds"] = list(hashed(judged.grounds))
    elif judged.result == UNKNOWN:
        line["decided_at"] = list(piece.line(_steps(piece.secrets.hidden_at)))
    elif judged.values:
        line["values"] = dict(judged.values)
    return line


def _steps(path: str) -> tuple[str, ...]:
    return tuple(step.strip("[]") for step in path.split("/"))


def _same(lines: Lines, _steps: tuple[str, ...]) -> Lines:
    return lines


def _beside(file: str, text: str, seen: list[Lines], whole: str) -> Iterator[Piece]:
    """Yield the secrets in a file that lie in none of its parts, for example in a comment."""
    found = ((kind, text.count("\n", 0, start) + 1) for kind, start in places_by_form(text))
    lines = {line: kind for kind, line in found if not any(first <= line <= last for first, last in seen)}
    for line, kind in sorted(lines.items()):
        at = (line, line)
        yield Piece(f"{file}:{line}", whole, at, Secrets((Detection("text", kind),)), partial(_same, at))
