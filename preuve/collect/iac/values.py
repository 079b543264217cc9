"""What variables and locals of a root module and of the modules that it calls come to, as far as code alone tells."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from typing import Any

from preuve.collect.iac.expressions import UNKNOWN, Open, Outcomes, outcomes, small

LOOPED = frozenset({"resource", "data", "module"})
_MISSING = object()
_OPTIONAL = re.compile(r"([A-Za-z_][\w-]*)\W{1,12}optional\(")


class Values:
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
        if block.block_type not in LOOPED:
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
        return [UNKNOWN] if value is _MISSING else outcomes(value, lambda kind, name: self.named(scope, kind, name))

    def named(self, scope: Any, kind: str, name: str) -> Outcomes:
        """What `var.name` or `local.name` comes to in a scope."""
        if kind not in ("var", "local"):
            return [UNKNOWN]
        key = (scope, kind, name)
        if key not in self._known:
            self._known[key] = [UNKNOWN]  # until it is found: a value may lead back to itself
            self._known[key] = small(self._local(scope, name) if kind == "local" else self._variable(scope, name))
        return self._known[key]

    def origin(self, scope: Any, kind: str, name: str) -> list[dict[str, str]]:
        """Where a value comes from, as Checkov notes it: the farthest first."""
        here = {"type": "variable" if kind == "var" else "locals", "name": name}
        call = scope.name if kind == "var" and scope is not None and self._given(scope, name) else ""
        return [*([{"type": "module", "name": str(call)}] if call else []), here]

    def _local(self, scope: Any, name: str) -> Outcomes:
        found = self._blocks.get((scope, "locals", name), [])
        return self._of(found[0], name, scope) if len(found) == 1 else [UNKNOWN]

    def _variable(self, scope: Any, name: str) -> Outcomes:
        declared = self._blocks.get((scope, "variable", name), [])
        if len(declared) != 1:
            return [UNKNOWN]
        found = self._given(scope, name) or self._of(declared[0], "default", scope)
        if _argument(declared[0], "nullable") is False and None in found:
            return [UNKNOWN]  # null stands for the default
        return [_typed(value, str(_argument(declared[0], "type"))) for value in found]

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
    """The value of an argument; the parser wraps each into a list, and so Checkov does with all but maps."""
    body = block.config if block.block_type == "locals" else block.config.get(block.name)
    value = body[name] if isinstance(body, dict) and name in body else block.attributes.get(name, _MISSING)
    if isinstance(value, list):
        return value[0] if len(value) == 1 else _MISSING
    return value


def _written(file: Any) -> Outcomes:
    """The value in a variable file; Checkov wraps only those of files that Terraform finds by their ending."""
    value = _argument(file, "default") if str(file.path).endswith(".auto.tfvars") else file.attributes["default"]
    return outcomes(value, lambda *_: [UNKNOWN])


def _typed(value: Any, kind: str) -> Any:
    """A value as its type completes it: attributes of objects that are not given are null or have a default."""
    if "object(" not in kind:
        return value
    defaulted = frozenset(_defaulted(kind))
    if kind.startswith("${object("):
        return _open(value, defaulted)
    if isinstance(value, dict):
        return {key: _open(item, defaulted) for key, item in value.items()}
    return [_open(item, defaulted) for item in value] if isinstance(value, list) else value


def _open(value: Any, defaulted: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return Open({key: _open(item, defaulted) for key, item in value.items()}, defaulted)
    return [_open(item, defaulted) for item in value] if isinstance(value, list) else value


def _defaulted(kind: str) -> Iterator[str]:
    """The names of attributes that a type gives a default: `optional(bool, true)`."""
    for match in _OPTIONAL.finditer(kind):
        depth = 1
        for sign in kind[match.end() :]:
            depth += (sign in "([{") - (sign in ")]}")
            if not depth:
                break
            if depth == 1 and sign == ",":
                yield match[1]
                break


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def _is_collection(value: Any) -> bool:
    return isinstance(value, dict | list)


def _all(found: Outcomes, taken: Callable[[Any], bool], wanted: Container[Any]) -> bool:
    """Whether every outcome is a wanted one, leaving out those that Terraform would not take."""
    left = [value for value in found if value is UNKNOWN or taken(value)]
    return bool(left) and all(value in wanted and not isinstance(value, Open) for value in left)
