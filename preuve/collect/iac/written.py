"""Writes into blocks what their expressions surely come to, before Checkov renders them.

Checkov's rendering drops the parentheses of `a ? (b ? "x" : "y") : "z"`, takes null for a value, and leaves most
`dynamic` blocks as they stand. What is known here needs no rendering; all else is left as it was. Names alone
(`var.x`) are left to Checkov too, which notes where their values come from, unless they come to null.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from preuve.collect.iac.expressions import UNKNOWN, Open, Resolve, outcomes
from preuve.collect.iac.values import Values

Definitions = Mapping[Any, Mapping[str, Any]]  # what Checkov parsed, by file and module call

_UNTOUCHED = frozenset({"connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"})
_REFERENCE = re.compile(r"(?<![\w.])(var|local)\.([A-Za-z_][\w-]*)")
_NAME = re.compile(r"\$\{(?:var|local)\.[A-Za-z_][\w-]*\}")
_NOT_KNOWN = "expression()"  # of a part of a value: a call is what every check takes for unresolved
_MOST = 100  # blocks that one `dynamic` makes


@dataclass(frozen=True)
class Place:
    """A block of a root module: the file, the call that leads to it, and its name."""

    file: str
    scope: Any
    name: str


Origins = dict[Place, dict[str, list[dict[str, str]]]]  # of what was written, by argument: as Checkov notes them


def write_out(definitions: Definitions, values: Values) -> Origins:
    """Change the definitions of a root module and of what it calls, and tell where what is new comes from."""
    origins: Origins = {}
    for file, found in definitions.items():
        scope = file.tf_source_modules
        for name, body, is_resource in _bodies(found):
            before = {key: str(value) for key, value in body.items() if "${" in str(value)}
            if _Writer(_resolver(values, scope), keep_null=not is_resource).body(body):
                new = {key: text for key, text in before.items() if str(body.get(key)) != text}
                origins[Place(str(file.file_path), scope, name)] = {
                    key: values.origin(scope, match[1], match[2])
                    for key, text in new.items()
                    if (match := _REFERENCE.search(text))
                }
    return origins


def note_origins(vertices: Iterable[Any], origins: Origins) -> None:
    """Note where what was written comes from, where Checkov notes it for what it renders."""
    for vertex in vertices:
        file = getattr(vertex.path, "file_path", vertex.path)
        found = origins.get(Place(str(file), vertex.source_module_object, str(vertex.name)), {})
        for key, steps in found.items():
            vertex.breadcrumbs.setdefault(key, steps)


def _resolver(values: Values, scope: Any) -> Resolve:
    return lambda kind, name: values.named(scope, kind, name)


def _bodies(found: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """The bodies of resources and data sources, and those of locals and calls, in which null is a value."""
    for kind in ("resource", "data"):
        for types in found.get(kind) or ():
            for type_, named in types.items():
                yield from ((f"{type_}.{name}", body, True) for name, body in _maps(named))
    for call in found.get("module") or ():
        yield from ((name, body, False) for name, body in _maps(call))
    for body in found.get("locals") or ():
        yield "", body, False


def _maps(named: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, body in named.items() if isinstance(named, dict) else ():
        if isinstance(body, dict):
            yield str(name), body


class _Writer:
    """Writes into the body of one block. In what a `dynamic` block makes, all names are written out."""

    def __init__(self, resolve: Resolve, *, keep_null: bool = False, iterator: str = "") -> None:
        self._resolve = resolve
        self._keep_null = keep_null
        self._iterator = iterator

    def body(self, body: dict[str, Any]) -> bool:
        """Whether anything has changed."""
        changed = self._dynamic(body)
        for key in [key for key in body if not key.startswith("__") and key not in _UNTOUCHED and key != "dynamic"]:
            value = body[key]
            if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
                changed |= self._argument(body, key, value[0])
            else:
                changed |= self._inner(body, key)
        return changed

    def _argument(self, body: dict[str, Any], key: str, text: str) -> bool:
        value = self._value(text)
        if value is None and not self._keep_null:
            del body[key]
            return True
        plain = UNKNOWN if value is None else _plain(value, partly=key == "tags" or bool(self._iterator))
        return self._put(body, key, text, plain, lambda written: [written])

    def _inner(self, holder: Any, key: Any) -> bool:
        """Write into what a list or a map holds: blocks, and texts, each of which stays there."""
        value = holder[key]
        if isinstance(value, dict):
            return self.body(value)
        if isinstance(value, list):
            return True in [self._inner(value, place) for place in range(len(value))]  # each of them, not the first
        if not isinstance(value, str):
            return False
        found = self._value(value)
        plain = UNKNOWN if found is None else _plain(found, partly=bool(self._iterator))
        return self._put(holder, key, value, plain, lambda written: written)

    def _value(self, text: str) -> Any:
        found = outcomes(text, self._resolve) if "${" in text else [UNKNOWN]
        return found[0] if len(found) == 1 else UNKNOWN

    def _put(self, holder: Any, key: Any, text: str, plain: Any, wrapped: Callable[[Any], Any]) -> bool:
        if plain is UNKNOWN and self._iterator and re.search(rf"\b{re.escape(self._iterator)}\.", text):
            plain = _NOT_KNOWN
        if plain is UNKNOWN or (_NAME.fullmatch(text) and not self._iterator):
            return False
        holder[key] = wrapped(plain)
        return True

    # ---- dynamic blocks -------------------------------------------------------------------------------------------

    def _dynamic(self, body: dict[str, Any]) -> bool:
        left, changed = [], False
        for dynamic in body.get("dynamic") or ():
            made = dict(self._made(dynamic)) if isinstance(dynamic, dict) else {}
            for label, blocks in made.items():
                body[label] = [*_listed(body.get(label)), *blocks]
                changed = True
            if rest := {label: block for label, block in dict(dynamic).items() if label not in made}:
                left.append(rest)
        if changed:
            body["dynamic"] = left
            for name in ("dynamic", *(label for label in body if body[label] == [])):
                if not body.get(name):
                    body.pop(name, None)
        return changed

    def _made(self, dynamic: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """The blocks that each `dynamic` block makes, where what it goes through is known."""
        for label, block in dynamic.items():
            items = self._items(block)
            content = next(iter(_listed(block.get("content"))), None) if items is not None else None
            if items is not None and isinstance(content, dict):
                iterator = str(next(iter(_listed(block.get("iterator"))), label)).strip("${}")
                yield label, [self._block(content, iterator, key, item) for key, item in items]

    def _items(self, block: Any) -> list[tuple[Any, Any]] | None:
        each = _listed(block.get("for_each")) if isinstance(block, dict) else []
        found = outcomes(each[0], self._resolve) if len(each) == 1 else [UNKNOWN]
        items = found[0] if len(found) == 1 else UNKNOWN
        if isinstance(items, Open) or not isinstance(items, dict | list) or len(items) > _MOST:
            return None
        return list(items.items()) if isinstance(items, dict) else list(enumerate(items))

    def _block(self, content: Mapping[str, Any], iterator: str, key: Any, item: Any) -> dict[str, Any]:
        def resolve(kind: str, name: str) -> list[Any]:
            if kind != iterator or name not in ("key", "value"):
                return self._resolve(kind, name)
            return [item if name == "value" else key]

        made = copy.deepcopy(dict(content))
        _Writer(resolve, iterator=iterator).body(made)
        return made


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _plain(value: Any, *, partly: bool) -> Any:
    """A value as the parser would have read it; UNKNOWN where some of it is not known, or partly so if wanted."""
    if value is UNKNOWN or isinstance(value, Open):
        return UNKNOWN
    if not isinstance(value, dict | list):
        return value
    parts = list(_parts(value, partly=partly))
    if any(part is UNKNOWN for _, part in parts):
        if not partly:
            return UNKNOWN
        parts = [(name, _NOT_KNOWN if part is UNKNOWN else part) for name, part in parts]
    return dict(parts) if isinstance(value, dict) else [part for _, part in parts]


def _parts(value: Any, *, partly: bool) -> Iterable[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return ((name, _plain(item, partly=partly)) for name, item in items)
