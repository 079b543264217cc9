"""The names of the variables that Terragrunt and Stacks set: `inputs = { name = value }`.

These tools compute the values, and also the names if the code does not spell them out: `inputs = local.env`, the
content of a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from preuve.collect.code.language.hcl.lone_expressions import lone_value
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.hcl.syntax.parser import parse_file

ANY = ""  # a computed name of an option or a variable: it may be any
HCL, HCL_IN_JSON = ".hcl", ".hcl.json"
_INPUTS, _LOCALS, _MERGE = "inputs", "locals", "merge"
_WORKED_OUT = ("${", "%{")
_DEEPEST = 20  # levels of names that lead to names


def inputs_in(text: str, ending: str) -> Iterator[str]:
    """Yield the names in a file, and `ANY` if it may set others."""
    if ending == HCL_IN_JSON:
        yield from _in_json(text)
        return
    try:
        body = parse_file(text)
    except (syntax.NotHclError, RecursionError):
        yield ANY
        return
    said = [block.body.arguments for block in body.blocks if block.kind == _LOCALS]
    read = _Reading({name: one.value for arguments in said for name, one in arguments.items()})
    for given in _given(body):
        yield from read.names(given, _DEEPEST)


def _given(body: syntax.Body) -> Iterator[syntax.Node]:
    """Yield the expressions of `inputs` in a body and its blocks."""
    if _INPUTS in body.arguments:
        yield body.arguments[_INPUTS].value
    for block in body.blocks:
        yield from _given(block.body)


@dataclass(frozen=True)
class _Reading:
    """The names in one file. Each local value is followed once: chains of locals that name another one twice would
    double.
    """

    locals: Mapping[str, syntax.Node]
    followed: dict[str, bool] = field(default_factory=dict)  # whether all names were found

    def names(self, node: syntax.Node, left: int) -> Iterator[str]:
        """Yield the names of the members of an object."""
        match node:
            case syntax.ObjectOf():
                for key, _ in node.items:
                    name = lone_value(key)
                    yield name if isinstance(name, str) else ANY
            case syntax.Interpolation():
                yield from self.names(node.of, left)
            case syntax.Call(name=name, spread=False) if name == _MERGE:
                for argument in node.arguments:
                    yield from self.names(argument, left)
            case syntax.Attribute(of=syntax.Name(name="local"), name=name) if self.followed.get(name):
                pass
            case syntax.Attribute(of=syntax.Name(name="local"), name=name) if (
                name in self.locals and name not in self.followed and left
            ):
                self.followed[name] = False
                yield from self.names(self.locals[name], left - 1)
                self.followed[name] = True
            case _:
                yield ANY


def _in_json(text: str) -> Iterator[str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        yield ANY
        return
    given: Any = found.get(_INPUTS) if isinstance(found, dict) else None
    for name in given if isinstance(given, dict) else () if given is None else (ANY,):
        yield ANY if any(sign in name for sign in _WORKED_OUT) else name
