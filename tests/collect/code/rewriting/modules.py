"""Rules that put what an example has into modules of its own folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from collect.code.rewriting.project import Example, Project
from collect.code.rewriting.rule import Rule, anything, type_of
from collect.code.rewriting.syntax import (
    NULL,
    Attribute,
    Block,
    Expr,
    Object,
    Raw,
    Site,
    Text,
    changed,
    changed_value,
    otherwise,
    show,
    show_all,
)

_MOVED = frozenset({"resource", "data", "module"})


@dataclass(frozen=True)
class Parts:
    """An example in two parts: the root, and the module, whose values may be variables."""

    stays: tuple[Block, ...]
    inside: tuple[Block, ...]
    values: Mapping[str, Expr]  # of the variables of the module
    given: tuple[Attribute, ...]  # the arguments of every call: variables of the root, providers
    head: str  # declarations in the module

    def module(self, declaration: Callable[[str, Expr], str]) -> str:
        """The text of the module."""
        return (
            self.head + "".join(declaration(name, value) for name, value in self.values.items()) + show_all(self.inside)
        )

    def call(self, name: str, source: str, *items: Attribute) -> Block:
        """A call of the module."""
        return Block("module", (name,), (Attribute("source", Text(source)), *self.given, *items))

    def arguments(self, give: Callable[[str, Expr], Expr]) -> tuple[Attribute, ...]:
        """Return the arguments of the call."""
        return tuple(Attribute(name, give(name, value)) for name, value in self.values.items())


def _parts(example: Example, *, variables: bool) -> Parts | None:
    inside = tuple(replace(block, failed=False) for block in example.blocks if block.kind in _MOVED)
    stays = tuple(replace(block, failed=False) for block in example.blocks if block.kind not in _MOVED)
    if not inside:
        return None
    values: dict[str, Expr] = {}

    def take(value: Expr, site: Site) -> Expr | None:
        if not anything(value, site):
            return None
        values[f"v{len(values)}"] = value
        return Raw(f"var.v{len(values) - 1}")

    made = tuple(changed(block, take) for block in inside) if variables else inside
    if variables and not values:
        return None
    given, head = _given(stays, show_all(inside))
    return Parts(stays, made, values, given, head)


def _given(stays: tuple[Block, ...], inside: str) -> tuple[tuple[Attribute, ...], str]:
    names = [block.labels[0] for block in stays if block.kind == "variable" and f"var.{block.labels[0]}" in inside]
    given = [Attribute(name, Raw(f"var.{name}")) for name in names]
    head = "".join(f'variable "{name}" {{}}\n\n' for name in names)
    aliases = sorted(set(re.findall(r"provider = (aws\.\w+)", inside)))
    if aliases:
        given.append(Attribute("providers", Object(tuple((alias, Raw(alias)) for alias in ("aws", *aliases)))))
        known = f"configuration_aliases = [{', '.join(aliases)}]"
        head += (
            f'terraform {{\n  required_providers {{\n    aws = {{ source = "hashicorp/aws", {known} }}\n  }}\n}}\n\n'
        )
    return tuple(given), head


def _bare(name: str, value: Expr) -> str:
    return f'variable "{name}" {{}}\n\n'


def _typed(name: str, value: Expr) -> str:
    return f'variable "{name}" {{\n  type = {type_of(value)}\n}}\n\n'


def _default(name: str, value: Expr) -> str:
    return f'variable "{name}" {{\n  default = {show(value)}\n}}\n\n'


def _never_null(name: str, value: Expr) -> str:
    return f'variable "{name}" {{\n  type = {type_of(value)}\n  default = {show(value)}\n  nullable = false\n}}\n\n'


def _same(name: str, value: Expr) -> Expr:
    return value


def _other(name: str, value: Expr) -> Expr:
    return changed_value(value, otherwise, Site())


def _null(name: str, value: Expr) -> Expr:
    return NULL


def _moved(
    name: str,
    items: tuple[Attribute, ...] = (),
    *,
    source: str = "./m",
    root: str = "",
    extra: str = "",
    declaration: Callable[[str, Expr], str] | None = None,
    give: Callable[[str, Expr], Expr] | None = None,
    calls: tuple[str, ...] = ("m",),
    exact: bool = True,
    file: str = "main.tf",
) -> Rule:
    """All is in a module; with a `declaration`, its literals are variables, which the call may `give`."""

    def rewrite(example: Example) -> Iterator[Project]:
        parts = _parts(example, variables=declaration is not None)
        if parts is None:
            return
        arguments = parts.arguments(give) if give else ()
        blocks = (*parts.stays, *(parts.call(call, source, *items, *arguments) for call in calls))
        path = _normal(f"{root}/{source}/{file}")
        yield Project(blocks, extra, {path: parts.module(declaration or _bare)}, _normal(f"{root}/main.tf"), root)

    return Rule(name, rewrite, exact)


def _normal(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _raw(name: str, source: str) -> tuple[Attribute, ...]:
    return (Attribute(name, Raw(source)),)


def _two_deep(example: Example) -> Iterator[Project]:
    parts = _parts(example, variables=True)
    if parts is None:
        return
    passed = parts.arguments(lambda name, value: Raw(f"var.{name}"))
    middle = parts.head + "".join(_bare(name, value) for name, value in parts.values.items())
    yield Project(
        (*parts.stays, parts.call("outer", "./outer", *parts.arguments(_same))),
        files={
            "outer/main.tf": middle + show_all((parts.call("inner", "./inner", *passed),)),
            "outer/inner/main.tf": parts.module(_bare),
        },
    )


def _of_an_object(example: Example) -> Iterator[Project]:
    """Use one variable with optional attributes, none of which the call gives."""
    parts = _parts(example, variables=True)
    if parts is None:
        return
    fields = ", ".join(f"{name} = optional({type_of(value)}, {show(value)})" for name, value in parts.values.items())
    text = re.sub(r"\bvar\.(v\d+)\b", r"var.all.\1", show_all(parts.inside))
    variable = f'variable "all" {{\n  type = object({{ {fields} }})\n}}\n\n'
    call = parts.call("m", "./m", Attribute("all", Object(())))
    yield Project((*parts.stays, call), files={"m/main.tf": parts.head + variable + text})


def _each_value(example: Example) -> Iterator[Project]:
    """The values are those of the `for_each` of the call."""
    parts = _parts(example, variables=True)
    if parts is None:
        return
    every = Object((("a", Object(tuple(parts.values.items()))),))
    arguments = parts.arguments(lambda name, value: Raw(f"each.value.{name}"))
    call = parts.call("m", "./m", Attribute("for_each", every), *arguments)
    yield Project((*parts.stays, call), files={"m/main.tf": parts.module(_bare)})


def _twice_differently(example: Example) -> Iterator[Project]:
    """Add a call with other values before the original; the original must still fail."""
    parts = _parts(example, variables=True)
    if parts is None or not example.fails:
        return
    calls = (
        parts.call("first", "./m", *parts.arguments(_other)),
        parts.call("second", "./m", *parts.arguments(_same)),
    )
    moved = {block.address: (f"module.second.{block.address}",) for block in example.subjects if block.kind in _MOVED}
    yield Project((*parts.stays, *calls), files={"m/main.tf": parts.module(_bare)}, moved=moved)


def _off_by_default(example: Example) -> Iterator[Project]:
    variable = 'variable "on" {\n  default = false\n}\n'
    for made in _moved("", _raw("count", "var.on ? 1 : 0"), extra=variable).rewrite(example):
        yield made.adding(files={"prod.tfvars": "on = true\n"})


def _some_unknown(name: str, value: Expr) -> Expr:
    return Raw(f"var.on ? {show(value)} : null")


_ON = 'variable "on" {}\n'

MODULES: tuple[Rule, ...] = (
    _moved("module"),
    _moved("module-far-below", source="./modules/deep/m"),
    _moved("module-in-another-file", file="all.tf"),
    _moved("module-beside-the-root", source="../../modules/m", root="env/prod"),
    _moved("module-count", _raw("count", "1")),
    _moved("module-count-conditional", _raw("count", "var.n > 0 ? 1 : 0"), extra='variable "n" {\n  default = 1\n}\n'),
    _moved("module-for-each", _raw("for_each", 'toset(["a"])')),
    _moved("module-for-each-map", _raw("for_each", "{ a = {}, b = {} }")),
    _moved("module-twice", calls=("one", "two")),
    _moved("module-variables", declaration=_bare, give=_same),
    _moved("module-variables-typed", declaration=_typed, give=_same),
    _moved(
        "module-variables-conditional", declaration=_bare, give=lambda name, value: Raw(f"true ? {show(value)} : null")
    ),
    _moved("module-variables-counted", _raw("count", "1"), declaration=_typed, give=_same),
    _moved("module-defaults", declaration=_default),
    _moved("module-never-null", declaration=_never_null, give=_null),
    Rule("module-two-deep", _two_deep),
    Rule("module-optional-attributes", _of_an_object),
    Rule("module-each-value", _each_value),
    Rule("module-twice-differently", _twice_differently),
    Rule("unknown-module-off-by-default", _off_by_default, exact=False),
    _moved("unknown-module-count", _raw("count", "var.on ? 1 : 0"), extra=_ON, exact=False),
    _moved("unknown-module-for-each", _raw("for_each", "var.on"), extra=_ON, exact=False),
    _moved("unknown-module-variables", declaration=_bare, give=_some_unknown, extra=_ON, exact=False),
    _moved("unknown-module-unset-variables", declaration=_bare, exact=False),
)
