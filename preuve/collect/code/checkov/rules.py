"""Rules of our own (`scanners/iac/`) as graph checks of Checkov, which parses them; nothing in them is code.

What is ours around Checkov's evaluation:

- a condition on a value that is not known is neither true nor false, whatever expression hides it (Checkov's own test
  knows some of them, and takes the others for text);
- `when`: blocks that it does not hold for get no result; `unseen`: where it holds, a pass is UNKNOWN;
- an UNKNOWN is always kept, with its cause: such a rule looks at no block that it does not apply to.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checkov.common.checks_infra.solvers import AndSolver
from checkov.common.checks_infra.solvers.attribute_solvers.base_attribute_solver import BaseAttributeSolver
from checkov.common.graph.checks_infra.base_check import BaseGraphCheck

from preuve.collect.code.checkov.graph_types import on_attributes
from preuve.collect.code.verdict.marks import OPEN, is_marked, is_opaque, shown
from preuve.collect.code.verdict.reads import read_of
from preuve.collect.code.verdict.verdict import FAILED, UNKNOWN, dynamic_blocks, told
from preuve.collect.code.verdict.verdict import unresolved as causes_of
from preuve.model.snapshot import NO_PROVIDER, UNDECLARED

Vertices = list[dict[str, Any]]

_PLAIN = re.compile(r"\w+(\.\w+)*")
_TAG = re.compile(r"tags\.[^.\[\]*/]+")
_SEARCH = re.compile(r"\$|[^?*\[]*[?*\[]")  # a JSONPath, also as Checkov's own checks write it, or a wildcard
_FROM_ONE = re.compile(r"\$\.[A-Za-z_]")  # a JSONPath that begins with a name
_WORD = re.compile(r"[A-Za-z_][\w-]*")


def parse(rule: Mapping[str, Any], parser: Any, *, exact: bool = True) -> BaseGraphCheck:
    """Make a graph check from a rule with Checkov's `parser`; `exact` if values may be expressions of Terraform.

    Raises ValueError for a rule without a definition.
    """
    check, when, unseen = (_part(rule, part, parser, exact=exact) for part in ("definition", "when", "unseen"))
    if check is None:
        raise ValueError(f"{rule['metadata']['id']} has no definition")
    return conditional(check, when, unseen)


def conditional(
    check: BaseGraphCheck, when: BaseGraphCheck | None = None, unseen: BaseGraphCheck | None = None
) -> BaseGraphCheck:
    """Return a graph check whose results depend on conditions, if there are any, and are settled as those of rules."""
    if not isinstance(check.solver, _ConditionalSolver):
        check.set_solver(_ConditionalSolver(check.solver, when, unseen))
    return check


def _part(rule: Mapping[str, Any], part: str, parser: Any, *, exact: bool) -> BaseGraphCheck | None:
    if not rule.get(part):
        return None
    check = parser.parse_raw_check({**rule, "definition": rule[part]})
    if exact:
        make_exact(check.solver)
    return check


def make_exact(solver: Any) -> None:
    """Make every condition on an attribute call preuve to find whether a value is known, and be false for blocks of
    other types.

    The number of items in a list is known whatever they are, except for a splat in a list, depending on how it was
    written.
    """
    for inner in getattr(solver, "solvers", None) or ():
        make_exact(inner)
    if isinstance(solver, BaseAttributeSolver):
        expected, holds, counts = solver.value, solver.get_operation, solver.operator.startswith("length_")
        path = str(solver.attribute or "")
        solver._is_variable_dependant = lambda value, _source: (
            value is not expected and not (counts and isinstance(value, list)) and unresolved(value) != ""
        )

        def operation(vertex: dict[str, Any]) -> bool | None:
            if not solver.resource_type_pred(vertex, solver.resource_types):
                return False
            if _hidden(vertex, path):
                return None
            found: bool | None = holds(vertex)
            return found

        solver.get_operation = operation


def _hidden(vertex: Mapping[str, Any], path: str) -> bool:
    """Return whether it is unknown if there is a value at a path: the value there, or one above it, may be null."""
    if path.startswith("$") or "*" in path:
        return False
    steps = path.split(".")
    above = (vertex.get(".".join(steps[:number])) for number in range(1, len(steps) + 1))
    # A part that is written out exists.
    return any(is_opaque(value) and not _INTERPOLATION.sub("", str(value)) for value in [*above, _beside(vertex, path)])


def _beside(attributes: Mapping[str, Any], path: str) -> Any:
    """Return what is unknown about the tags of a block that does not surely have the one at a path."""
    return attributes.get(f"tags.{OPEN}") if _TAG.fullmatch(path) and path not in attributes else None


_INTERPOLATION = re.compile(r"[\ue000\ue001]\$\{[^{}]*\}")


def unresolved(value: Any) -> str:
    """Return the causes of unknown parts of a text or of a list of texts; "" if all are known."""
    if isinstance(value, list):
        return next(filter(None, map(unresolved, value)), "")
    return shown(value) if is_marked(value) else ""


class _ConditionalSolver:
    """A solver behind the conditions `when` and `unseen`."""

    def __init__(self, solver: Any, when: BaseGraphCheck | None, unseen: BaseGraphCheck | None) -> None:
        self.solver = solver
        self.when = when
        self.unseen = unseen
        self.guards = tuple(part for part in (when, unseen) if part is not None)

    def run(self, graph_connector: Any) -> tuple[Vertices, Vertices, Vertices]:
        """Return the blocks that pass, fail and are unknown."""
        passed, failed, unknown = map(_once, self.solver.run(graph_connector))
        if self.when is not None:
            _, not_meant, unclear = self.when.run(graph_connector)
            hidden = [
                vertex for vertex in not_meant if not_seen(self.when, vertex) or _unread_inside(self.when, vertex)
            ]
            outside, doubtful = _ids(not_meant) - _ids(hidden), _ids([*unclear, *hidden])
            passed, failed, unknown = (_without(part, outside) for part in (passed, failed, unknown))
            unknown += _with(passed, doubtful) + _with(failed, doubtful)
            passed, failed = _without(passed, doubtful), _without(failed, doubtful)
        if self.unseen is not None:
            holds, _, may_hold = self.unseen.run(graph_connector)
            unknown += _with(passed, _ids([*holds, *may_hold]))
            passed = _without(passed, _ids([*holds, *may_hold]))
        return passed, failed, unknown


def _with(vertices: Vertices, ids: set[int]) -> Vertices:
    return [vertex for vertex in vertices if id(vertex) in ids]


def _without(vertices: Vertices, ids: set[int]) -> Vertices:
    return [vertex for vertex in vertices if id(vertex) not in ids]


def _ids(vertices: Vertices) -> set[int]:
    return {id(vertex) for vertex in vertices}


def _once(vertices: Vertices) -> Vertices:
    """Return each block once: a connection names it for every edge."""
    return list({id(vertex): vertex for vertex in vertices}.values())


# ---- what a result is worth ---------------------------------------------------------------------------------------


def settle_rule(check: Any, result: str, attributes: Mapping[str, Any]) -> tuple[str, str]:
    """Return the result of a rule on a block to report, with its detail."""
    if result == FAILED:  # a known violation stays one
        hidden = not_seen(check, attributes)
        return (UNKNOWN, told(hidden)) if hidden else (FAILED, "")
    paths = list(_paths(check))
    searched = list(filter(_SEARCH.match, paths))
    if result == UNKNOWN:
        paths += [path for guard in check.solver.guards for path in _paths(guard)]
        searched = paths
    names = _names(paths)
    hidden = dynamic_blocks(attributes, names) + _above(attributes, paths)
    hidden += _unknown_values(_at(attributes, searched), names)
    if result == UNKNOWN:
        return UNKNOWN, told(hidden) or _otherwise_unknown(check, attributes)
    return (UNKNOWN, told(hidden)) if hidden else (result, "")


def not_seen(check: Any, attributes: Mapping[str, Any]) -> list[str]:
    """Return why something that a block lacks may exist all the same.

    A `dynamic` block that Checkov expands has not the shape of a written block: its content is not seen either.
    """
    paths = list(_paths(check))
    searched = _at(attributes, filter(_SEARCH.match, paths))
    hidden = [cause for value in searched.values() for cause in causes_of(value)]
    others = _at(attributes, (path for path in paths if _SEARCH.match(path) and not path.startswith("$")))
    hidden += _unknown_values(others, _names(paths))
    return dynamic_blocks(attributes, _names(paths)) + hidden + _above(attributes, paths)


def _unread_inside(check: Any, attributes: Mapping[str, Any]) -> list[str]:
    """Return the causes of unknown values inside the value that a condition searches: the condition may hold for
    them.
    """
    paths = list(_paths(check))
    return _unknown_values(_at(attributes, filter(_SEARCH.match, paths)), _names(paths))


def _above(attributes: Mapping[str, Any], paths: Iterable[str]) -> list[str]:
    """Return the causes of unknown values above the paths of a rule: nothing below them is visible."""
    found: list[str] = []
    for path in paths:
        steps = [] if path.startswith("$") else path.split(".")
        for number in range(1, len(steps)):
            found += causes_of(attributes.get(".".join(steps[:number])))
        found += causes_of(_beside(attributes, path))
    return found


def _names(paths: Iterable[str]) -> frozenset[str]:
    return frozenset(name for path in paths for name in _WORD.findall(path))


def looks_at(check: Any, attributes: Mapping[str, Any], result: str) -> tuple[str, ...]:
    """Return the arguments and blocks of a block that a rule reads, and of its tags those that it requires; for a
    failure only those that violate it.

    If it has none of them, those that it might have.
    """
    paths = list(_own_paths(check, str(attributes.get("resource_type", ""))))
    if result == FAILED:
        wrong = {path for path, holds in _conditions(check.solver.solver, attributes) if not holds}
        paths = [path for path in paths if path in wrong] or paths
    tags = [path for path in paths if _TAG.fullmatch(path)]
    whole = isinstance(attributes.get("tags"), str)  # an expression
    found = [name for name in _at(attributes, paths) if whole or name != "tags"]
    missing = [path for path in paths if _PLAIN.fullmatch(path) and path not in tags] if not found else []
    return tuple(dict.fromkeys([*found, *tags, *missing]))


def _conditions(solver: Any, attributes: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield the attributes of a rule's conditions, and whether each condition must hold by itself."""
    if isinstance(solver, AndSolver):
        yield from (found for part in solver.solvers for found in _conditions(part, attributes))
    elif isinstance(solver, BaseAttributeSolver):
        yield str(solver.attribute), solver.get_operation(attributes) is True
    else:
        yield from ((path, False) for path in _attributes_of(solver))


def _attributes_of(solver: Any) -> Iterator[str]:
    """Yield the attributes that a condition is about."""
    for inner in getattr(solver, "solvers", None) or ():
        yield from _attributes_of(inner)
    if isinstance(solver, BaseAttributeSolver):
        yield str(solver.attribute)


def undecided_at(check: Any, attributes: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the arguments of a block that a rule reads and that are not known, including those of `when` and
    `unseen`.
    """
    kind = str(attributes.get("resource_type", ""))
    paths = [path for part in (check, *check.solver.guards) for path in _own_paths(part, kind)]
    plain = (path for path in paths if not path.startswith("$"))
    found = (path for path in plain if _hidden(attributes, path) or unresolved(attributes.get(path)))
    return tuple(dict.fromkeys(found))


def _at(attributes: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    heads = {head for path in paths for head in _heads(path)}
    return {head: attributes[head] for head in sorted(heads & set(attributes))}


def _heads(path: str) -> list[str]:
    """Return the arguments or blocks that a path may begin with: any of its words, if it searches from the top."""
    return _WORD.findall(path)[: None if path.startswith("$") and not _FROM_ONE.match(path) else 1]


def _unknown_values(read: Mapping[str, Any], names: frozenset[str]) -> list[str]:
    """Return the causes of unknown values under the names that a rule mentions. A JSONPath skips what it does not
    find.
    """
    return [
        cause
        for head, value in read.items()
        for path, leaf in sorted(read_of(value, (head,)).leaves)
        if path[-1] in names or path[-1] == OPEN
        for cause in causes_of(leaf)
    ]


def _paths(check: Any) -> Iterator[str]:
    """Yield the attributes that a rule reads."""
    return (str(one.attribute) for one in on_attributes(check))


def _own_paths(check: Any, kind: str) -> Iterator[str]:
    """Yield the attributes that a rule reads in blocks of this kind, not in neighbours."""
    for one in on_attributes(check):
        about = _without_data(tuple(one.resource_types or ()))
        if not kind or not about or kind in about:
            yield str(one.attribute)


@functools.lru_cache(maxsize=1 << 10)  # hundreds of types in a rule about tags, needed for each of its parts and blocks
def _without_data(types: tuple[Any, ...]) -> frozenset[str]:
    return frozenset(str(name).removeprefix("data.") for name in types)


def _otherwise_unknown(check: Any, attributes: Mapping[str, Any]) -> str:
    paths = sorted(set(_paths(check.solver.unseen))) if check.solver.unseen else []
    if paths and all(attributes.get(path) is not None for path in paths):
        return UNDECLARED + ", ".join(f"{_WORD.findall(path)[-1]} = {attributes[path]}" for path in paths)
    unseen = sorted({_WORD.findall(path)[-1] for path in paths})
    return f"{NO_PROVIDER}{', '.join(unseen)}" if unseen else "a value is not known"
