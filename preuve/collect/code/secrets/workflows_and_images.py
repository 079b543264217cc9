"""Finds literal secrets in workflows and Dockerfiles: in values, commands, arguments and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from preuve.collect.code.language.templates.source import Block, Items, TemplateError, line_of, parse, place_of
from preuve.collect.code.secrets.search import Secrets, UnreturnedValue, secrets_of
from preuve.collect.code.secrets.terraform_files import Lines, Piece
from preuve.redact.notations.assignments import Assignments
from preuve.redact.notations.values import is_name_of_key

# A variable that a Dockerfile sets: `NAME=value`, or the older form for one name.
_PAIR = re.compile(r"""([\w.-]+)=("(?:[^"\\]|\\.)*"|'[^']*'|(?:\\.|[^\s\\])*)""")
_OLDER = re.compile(r"\s*([\w.-]+)\s+([^=\s].*)", re.DOTALL)
# The member of a matrix, or the input, that selects a secret of the repository: `secrets[matrix.env.secret]`.
_LOOKED_UP = re.compile(r"\bsecrets\[\s*(?:matrix|inputs)(?:\.[\w-]+)*?\.([\w-]+)\s*\]")
_SETTING = frozenset({"ENV", "ARG", "LABEL"})


def of_workflow(text: str, file: str) -> Iterator[Piece]:
    """Yield the parts of a workflow: its top level, each job, each step."""
    try:
        workflow = parse(text)
    except TemplateError:  # a gap says so
        return
    if not isinstance(workflow, Block):
        return
    yield _part(workflow, (), f"{file}:workflow", "workflow", "jobs")
    for name, job in _entries(workflow.get("jobs")):
        at, address = ("jobs", name), f"{file}:jobs.{name}"
        yield _part(workflow, at, address, "jobs", "steps")
        steps = job.get("steps") if isinstance(job, Block) else None
        for number, _ in enumerate(steps if isinstance(steps, Items) else ()):
            yield _part(workflow, (*at, "steps", number), f"{address}.steps[{number + 1}]", "steps", "")


def _entries(value: Any) -> Iterator[tuple[str, Any]]:
    return iter(value.items()) if isinstance(value, Block) else iter(())


def _part(workflow: Block, at: tuple[str | int, ...], address: str, type_: str, without: str) -> Piece:
    """Return a part of a workflow, without the member that makes up further parts."""
    value: Any = workflow
    for step in at:
        value = value[step]
    body = {name: item for name, item in value.items() if name != without} if isinstance(value, Block) else {"": value}
    first = line_of(workflow, at) or 1
    last = max(first, getattr(value, "end", first))
    if type_ == "jobs":
        body = _without_names(body, frozenset(_LOOKED_UP.findall(str(workflow))))
    secrets = secrets_of(type_, body)
    if not at:  # the file was searched
        secrets = replace(secrets, places=secrets.places or ("env",))
    return Piece(address, type_, (first, last if at else first), secrets, partial(place_of, workflow, at))


def _without_names(value: Any, members: frozenset[str], name: str = "") -> Any:
    """Return a part of a workflow in which the names of GitHub's stored secrets, given by a matrix, count only by their
    form.
    """
    if not members:
        return value
    if isinstance(value, Mapping):
        return {key: _without_names(item, members, str(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_names(item, members, name) for item in value]
    return UnreturnedValue(value) if name in members and is_name_of_key(str(value)) else value


def of_dockerfile(text: str, file: str, instructions: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    """Yield the parts of a Dockerfile; the whole file, without a finding, if there is none."""
    pieces = list(_instructions(text, file, instructions))
    yield from pieces
    if not any(piece.secrets.found for piece in pieces):
        place = (1, text.count("\n") + 1)
        yield Piece(file, "Dockerfile", place, Secrets((), places=("ENV",)), partial(_same, place))


def _instructions(text: str, file: str, instructions: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    """Yield the instructions, each with the texts that belong to it."""
    lines = text.split("\n")
    starts = [int(item["startline"]) for item in instructions]
    numbers: dict[str, int] = {}
    taken = Assignments()
    for item, start, end in zip(instructions, starts, [*starts[1:], len(lines)], strict=True):
        kind = str(item["instruction"])
        numbers[kind] = numbers.get(kind, 0) + 1
        if kind == "COMMENT":
            continue
        whole = "\n".join(line for line in lines[start:end] if not line.lstrip().startswith("#"))
        place = (start + 1, max(start + 1, len("\n".join(lines[:end]).rstrip().split("\n"))))
        secrets = _of_instruction(kind, str(item["value"]), whole, taken)
        yield Piece(f"{file}.{kind}[{numbers[kind]}]", kind, place, secrets, partial(_same, place))


def _of_instruction(kind: str, value: str, whole: str, taken: Assignments) -> Secrets:
    """Return the secrets in an instruction, with the values that earlier instructions set."""
    body: dict[str, Any] = {"text": tuple(dict.fromkeys((whole, taken.of(whole))))}
    if kind in _SETTING:
        pairs = {name: taken.of(given.strip("\"'")) for name, given in _PAIR.findall(value)}
        older = _OLDER.fullmatch(value) if kind != "ARG" and not pairs else None
        body["set"] = {older[1]: taken.of(older[2].strip("\"'"))} if older else pairs
        for name, given in body["set"].items() if kind != "LABEL" else ():
            taken.set(name, given)
    return secrets_of(kind, body)


def _same(lines: Lines, _steps: tuple[str, ...]) -> Lines:
    return lines
