"""Expressions by themselves: neither names nor files around them are known, and little work is done for them."""

from __future__ import annotations

from collections.abc import Mapping

from preuve.collect.code.language.hcl.expressions import Environment, ExhaustedError, settled
from preuve.collect.code.language.hcl.functions import Host
from preuve.collect.code.language.hcl.syntax.nodes import Node
from preuve.collect.code.language.values.value import Unknown, Value

_MOST_WORK = 10_000  # steps of one expression: literals of a file have no more of them than it has characters


def alone(node: Node, most: int = _MOST_WORK) -> Value:
    """Return the value of an expression; unknown if it rests on something else, or takes too much work."""
    try:
        return settled(node, Environment(_Nothing(most)))
    except ExhaustedError as error:
        return Unknown((str(error),))


class _Nothing:
    """The scope of an expression by itself, with a bound of its work."""

    def __init__(self, most: int) -> None:
        self.host: Host = _NoFiles()
        self._left = most

    def root(self, name: str) -> Value:
        return Unknown((name,))

    def spend(self, work: int) -> None:
        self._left -= work
        if self._left < 0:
            raise ExhaustedError("an expression that takes too much work")


class _NoFiles:
    """What functions are told of files and templates: nothing."""

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
