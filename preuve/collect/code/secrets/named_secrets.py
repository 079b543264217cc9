"""Literals that the code names as a secret in one place are secrets wherever else the code uses them.

A name on the way of a value counts as much as the last name: a local, a variable, a parameter, an argument of another
block. A known value keeps no trace of its origin, so it is recognised again by its text. This excludes texts that may
occur by chance, such as words, and values whose names only may announce a secret.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from preuve.collect.code.language.hcl.blocks import BlockInstance
from preuve.collect.code.language.hcl.code import Code
from preuve.collect.code.language.hcl.module import Module
from preuve.collect.code.language.hcl.syntax.nodes import Literal, Name, ObjectOf, all_in
from preuve.collect.code.language.values.value import RefusedError
from preuve.collect.code.secrets.places import PARAMETERS, is_strict
from preuve.collect.code.secrets.search import secrets_of, secrets_under
from preuve.collect.code.verdict.marks import given
from preuve.library.json_data import maps
from preuve.redact.notations.names import announces
from preuve.redact.notations.values import looks_secret


def pattern_of(texts: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern that finds any of some texts, plain or in base64; None without texts."""
    alone = {text.strip() for text in texts if looks_secret(text)}
    packed = {base64.b64encode(text.encode("utf-8", "replace")).decode().rstrip("=") for text in alone}
    # The longest first: one text may be the beginning of another.
    told = sorted(alone | packed, key=lambda text: (-len(text), text))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, told))})(?![A-Za-z0-9])") if told else None


def named_secrets(blocks: Iterable[BlockInstance], bodies: Iterable[Mapping[str, Any]]) -> re.Pattern[str] | None:
    """Return a pattern that finds the literals that locals, variables and arguments of a root name as secrets; None
    without any.
    """
    texts: set[str] = set()
    modules: dict[int, Module] = {}
    for made, body in zip(blocks, bodies, strict=True):
        modules.update((id(one), one) for one in (made.module, *(call.module for call in made.module.callers())))
        kind = made.type or made.kind
        if made.kind == "resource" and (
            kind in PARAMETERS or any(_tells(kind, str(name)) for one in maps(body) for name in one)
        ):
            texts |= secrets_of(kind, body).texts
    named: dict[int, list[tuple[str, str]]] = {}
    for module in modules.values():
        if id(module.code) not in named:
            named[id(module.code)] = list(_telling(module.code))
        for kind, name in named[id(module.code)]:
            texts |= _texts(module, kind, name)
    return pattern_of(texts)


@lru_cache(maxsize=1 << 13)  # the same few arguments recur
def _tells(kind: str, name: str) -> bool:
    return is_strict(kind, name) or announces(name)


def _telling(code: Code) -> Iterator[tuple[str, str]]:
    """Yield the locals and variables whose name, or the name of a member written in them, announces a secret."""
    for name, (argument, _) in code.locals.items():
        if _may_be_called(name, argument.value):
            yield "local", name
    for written in code.all_of("variable"):
        name, default = written.block.labels[0], written.body.arguments.get("default")
        if _may_be_called(name, default.value if default else None):
            yield "variable", name


def _may_be_called(name: str, node: object) -> bool:
    keys = (key for part in all_in(node) if isinstance(part, ObjectOf) for key, _ in part.items) if node else ()
    return any(announces(one) for one in (name, *map(_key, keys)))


def _key(key: object) -> str:
    return str(key.value) if isinstance(key, Literal) else key.name if isinstance(key, Name) else ""


def _texts(module: Module, kind: str, name: str) -> frozenset[str]:
    try:
        value = module.local(name) if kind == "local" else module.variable(name)
    except RefusedError:
        return frozenset()
    return secrets_under(name, given(value), path=name, kind=kind).texts
