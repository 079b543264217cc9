"""Blocks that are surely not there: `count` comes to 0 or `for_each` to nothing, theirs or that of a module call above.

Checkov's own rendering is no proof of it: it takes `var.x == "prod" ? 1 : 0` for 0 where nothing gives `var.x` a value,
and `local.tags["env"] == "prod" ? 1 : 0` whatever the map holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable
from typing import Any

from preuve.collect.iac.expressions import UNKNOWN, Outcomes, outcomes

ZERO = ([0], 0, ["0"], "0")  # a `count` of none, in Checkov's words
_LOOPED = frozenset({"resource", "data", "module"})
_MISSING = object()


def present(blocks: Iterable[Any], root: str) -> list[Any]:
    """The blocks of a root module, as Checkov has parsed them, without those that are surely not there."""
    found = list(blocks)
    values = _Values(found, root)
    return [block for block in found if not values.outside(block.source_module_object) and not values.nothing(block)]


def calls(blocks: Iterable[Any]) -> set[tuple[str, int]]:
    """The module calls among some blocks, by file and line."""
    found = (block for block in blocks if block.block_type == "module")
    return {(str(block.path), int(_body(block).get("__start_line__", 0))) for block in found}


def judge_all(vertices: Iterable[Any], absent: Container[int]) -> None:
    """Make `count` 0 exactly where a block is known not to be there, by its `id`: Checkov passes over such blocks."""
    for vertex in vertices:
        if id(vertex) in absent:
            vertex.attributes["count"] = _body(vertex)["count"] = [0]
        elif vertex.block_type in _LOOPED and vertex.attributes.get("count") in ZERO:
            del vertex.attributes["count"]
            _body(vertex).pop("count", None)


def _body(vertex: Any) -> dict[str, Any]:
    body: dict[str, Any] = vertex.config
    for name in str(vertex.name).split(".", 1):
        body = body.get(name, {})
    return body


class _Values:
    """The values of variables and locals, each found once. A scope is Checkov's word for a module call, or None."""

    def __init__(self, blocks: Iterable[Any], root: str) -> None:
        self._root = root
        self._blocks: dict[tuple[Any, str, str], list[Any]] = defaultdict(list)
        for block in blocks:
            self._blocks[(block.source_module_object, block.block_type, block.name)].append(block)
        self._known: dict[tuple[Any, str, str], Outcomes] = {}
        self._outside: dict[Any, bool] = {None: False}

    def nothing(self, block: Any) -> bool:
        """Whether a block is made zero times."""
        if block.block_type not in _LOOPED:
            return False
        scope = block.source_module_object
        count = self._of(block, "count", scope)
        each = self._of(block, "for_each", scope)
        return _all(count, _is_number, (0, "0")) or _all(each, _is_collection, ({}, []))

    def outside(self, scope: Any) -> bool:
        """Whether a scope is that of a call, or below one, that is made zero times."""
        if scope not in self._outside:
            calls = self._calls(scope)
            gone = self.outside(scope.nested_tf_module) or (len(calls) == 1 and self.nothing(calls[0]))
            self._outside[scope] = gone
        return self._outside[scope]

    def _calls(self, scope: Any) -> list[Any]:
        index = scope.foreach_idx
        copy = "" if index is None else f'["{index}"]' if isinstance(index, str) else f"[{index}]"
        named = self._blocks.get((scope.nested_tf_module, "module", f"{scope.name}{copy}"), [])
        return [call for call in named if call.path == scope.path]

    def _of(self, block: Any, name: str, scope: Any) -> Outcomes:
        value = _argument(block, name)
        return [UNKNOWN] if value is _MISSING else outcomes(value, lambda kind, name: self._named(scope, kind, name))

    def _named(self, scope: Any, kind: str, name: str) -> Outcomes:
        key = (scope, kind, name)
        if key not in self._known:
            self._known[key] = [UNKNOWN]  # until it is found: a value may lead back to itself
            self._known[key] = self._local(scope, name) if kind == "local" else self._variable(scope, name)
        return self._known[key]

    def _local(self, scope: Any, name: str) -> Outcomes:
        found = self._blocks.get((scope, "locals", name), [])
        return self._of(found[0], name, scope) if len(found) == 1 else [UNKNOWN]

    def _variable(self, scope: Any, name: str) -> Outcomes:
        declared = self._blocks.get((scope, "variable", name), [])
        if len(declared) != 1:
            return [UNKNOWN]
        found = self._given(scope, name) or self._of(declared[0], "default", scope)
        return [UNKNOWN] if _completed(declared[0], found) else found

    def _given(self, scope: Any, name: str) -> Outcomes:
        """What a variable file or a call gives a variable; nothing where neither does."""
        if scope is None:
            files = self._blocks.get((None, "tfvar", name), ())
            return [value for file in files if file.attributes["load_dir"] == self._root for value in _written(file)]
        calls = self._calls(scope)
        if len(calls) != 1:
            return [UNKNOWN]
        given = name in calls[0].attributes
        return self._of(calls[0], name, scope.nested_tf_module) if given else []


def _argument(block: Any, name: str) -> Any:
    """The value of an argument; Checkov wraps all but maps into a list."""
    value = block.attributes.get(name, _MISSING)
    if isinstance(value, list):
        return value[0] if len(value) == 1 else _MISSING
    return value


def _written(file: Any) -> Outcomes:
    """The value in a variable file; Checkov wraps only those of files that Terraform finds by their ending."""
    value = _argument(file, "default") if str(file.path).endswith(".auto.tfvars") else file.attributes["default"]
    return outcomes(value, lambda *_: [UNKNOWN])


def _completed(variable: Any, found: Outcomes) -> bool:
    """Whether Terraform makes another value of it: null that stands for the default, `optional()` in an object."""
    never_null = _argument(variable, "nullable") is False and None in found
    return never_null or str(_argument(variable, "type")).startswith("${object(")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def _is_collection(value: Any) -> bool:
    return isinstance(value, dict | list)


def _all(found: Outcomes, taken: Callable[[Any], bool], wanted: Container[Any]) -> bool:
    """Whether every outcome is a wanted one, leaving out those that Terraform would not take."""
    left = [value for value in found if value is UNKNOWN or taken(value)]
    return bool(left) and all(value in wanted for value in left)
