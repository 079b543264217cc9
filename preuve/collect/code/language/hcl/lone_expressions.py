"""Evaluates an expression alone: without the names and files around it, and with a small budget of work."""

from __future__ import annotations

from collections.abc import Mapping

from preuve.collect.code.language.hcl.code import Code
from preuve.collect.code.language.hcl.expressions import Environment, ExhaustedError, settled
from preuve.collect.code.language.hcl.functions import Host
from preuve.collect.code.language.hcl.syntax.nodes import Literal, Node
from preuve.collect.code.language.values.value import RefusedError, Unknown, Value, is_known

_DEEPEST = 20  # levels of locals that name locals
_MOST_WORK = 10_000  # steps of one expression: a file's literals have no more steps than it has characters


def source_of(code: Code, node: Node) -> str:
    """Return the source of a module call as OpenTofu computes it, from literal locals and the folder of the module; ""
    if it rests on anything else.
    """
    if isinstance(node, Literal):
        return node.value if isinstance(node.value, str) else ""
    own: dict[str, Value] = {}
    names: dict[str, Value] = {"local": own, "path": {"module": "."}}
    for _ in range(_DEEPEST):
        left = {name: argument.value for name, (argument, _) in code.locals.items() if name not in own}
        found = {name: value for name, written in left.items() if is_known(value := _by(written, names))}
        own |= found
        if not found:
            break
    text = _by(node, names)
    return str(text) if isinstance(text, str) else ""


def _by(node: Node, names: Mapping[str, Value]) -> Value:
    try:
        return lone_value(node, names=names)
    except RefusedError:
        return Unknown(("what cannot be worked out",))


def lone_value(node: Node, most: int = _MOST_WORK, names: Mapping[str, Value] | None = None) -> Value:
    """Return the value of an expression; an unknown if it rests on more than `names`, or exceeds the budget."""
    try:
        return settled(node, Environment(_Nothing(most, names or {})))
    except ExhaustedError as error:
        return Unknown((str(error),))


class _Nothing:
    """The scope of a lone expression, with its budget of work."""

    def __init__(self, most: int, names: Mapping[str, Value]) -> None:
        self.host: Host = _NoFiles()
        self._names = names
        self._left = most

    def root(self, name: str) -> Value:
        return self._names.get(name, Unknown((name,)))

    def spend(self, work: int) -> None:
        self._left -= work
        if self._left < 0:
            raise ExhaustedError("an expression that takes too much work to evaluate")


class _NoFiles:
    """A host without files and templates."""

    def read(self, path: str) -> bytes | Unknown:
        return Unknown((f"content of {path}",))

    def exists(self, path: str) -> bool | Unknown:
        return Unknown((f"whether {path} is there",))

    def names(self, path: str, pattern: str) -> tuple[str, ...] | Unknown:
        return Unknown((f"fileset({path}, {pattern})",))

    def held(self, path: str) -> str:
        return ""

    def render(self, template: str, variables: Mapping[str, Value]) -> Value:
        return Unknown(("a template",))
