"""The grounds of a failure in code. The kind of a ground says when a known failure is still the same failure. Each
ground belongs to one way in which the code is applied: a run of a root, a tool, values of a template's parameters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of grounds."""

    CAUSE = "cause"  # makes it fail
    PLACE = "place"  # where it is made, and what it is about
    RESTRAINT = "restraint"  # a protection that limits the failure
    NUMBER = "number"  # the expression that gives an unknown number of instances
    OPEN = "open"  # no value: in this way it is not decided
    ALSO = "also"  # no value: another name of this way


_Same = Callable[[Set[str], Set[str]], bool]
# For each kind, whether the grounds of now are those of then, or better.
_SAME: Mapping[str, _Same] = {
    Kind.CAUSE: Set.__le__,  # a ground that disappears is a fix
    Kind.PLACE: Set.__eq__,  # having no place now counts as another place
    Kind.RESTRAINT: Set.__ge__,  # a protection that disappears is a hole
    Kind.NUMBER: Set.__le__,  # a known number shows in the addresses
    Kind.OPEN: lambda _now, _then: True,
    Kind.ALSO: lambda _now, _then: True,
}

TOOLS = ("terraform", "opentofu")
_WAY, _TOOL, _KIND = "@", "+", "-"


@dataclass(frozen=True, order=True)
class Application:
    """A way in which code is applied: the hash of a run ("" if the code alone decides) by a tool ("" for both tools
    alike).
    """

    run: str = ""
    tool: str = ""

    def __str__(self) -> str:
        return (f"{_WAY}{self.run}" if self.run or self.tool else "") + (f"{_TOOL}{self.tool}" if self.tool else "")

    @staticmethod
    def parse(text: str) -> Application:
        """Return a way from its stored form."""
        run, _, tool = text.partition(_TOOL)
        return Application(run, tool)


def ground(kind: str, digest: str) -> str:
    """Return a ground in its stored form."""
    return f"{kind}{_KIND}{digest}"


def in_way(way: Application, grounds: Iterable[str]) -> tuple[str, ...]:
    """Return the grounds of a failure in one of several ways."""
    return tuple(f"{one}{way}" for one in grounds)


def is_known(now: Collection[str], then: Collection[str]) -> bool:
    """Return whether a failure was known, by its grounds in every way: in each way the same failure was there before,
    on the same grounds or worse ones.
    """
    before = _by_way(then)
    return all(_is_known_in(grounds, before, way) for way, grounds in _each_tool(_by_way(now)))


def is_elsewhere(now: Collection[str], then: Collection[str]) -> bool:
    """Return whether the failing object is another one in some way: by its name, its parent, or the place where it is
    made.
    """
    before = _by_way(then)
    none: Set[str] = frozenset()
    pairs = ((grounds, _in(before, way)) for way, grounds in _each_tool(_by_way(now)))
    return any(was and grounds.get(Kind.PLACE, none) != was.get(Kind.PLACE, none) for grounds, was in pairs)


def is_open_in_more(now: Iterable[str], then: Iterable[str]) -> bool:
    """Return whether something is undecided in a way in which it was decided before and did not fail."""
    before = _by_way(then)
    also = {name for kinds in before.values() for name in kinds.get(Kind.ALSO, ())}
    return any(_in(before, way) is None and way.run not in also for way in _by_way(now))


_OfKinds = Mapping[str, Set[str]]


def _by_way(grounds: Iterable[str]) -> dict[Application, dict[str, set[str]]]:
    found: dict[Application, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in grounds:
        what, _, way = one.partition(_WAY)
        kind, _, digest = what.rpartition(_KIND)
        found[Application.parse(way)][kind].add(digest)
    return found


def _each_tool(found: Mapping[Application, _OfKinds]) -> Iterator[tuple[Application, _OfKinds]]:
    """Yield the grounds of each way. What both tools do alike counts for each of them, also if there are no grounds."""
    for way, grounds in (found or {Application(): {}}).items():
        for tool in (way.tool,) if way.tool else TOOLS:
            yield Application(way.run, tool), grounds


def _is_known_in(now: _OfKinds, before: Mapping[Application, _OfKinds], way: Application) -> bool:
    then = _in(before, way) if before else {}
    none: Set[str] = frozenset()
    return then is not None and all(
        _SAME.get(kind, Set.__eq__)(now.get(kind, none), then.get(kind, none)) for kind in {*now, *then}
    )


def _in(before: Mapping[Application, _OfKinds], way: Application) -> _OfKinds | None:
    """Return the grounds from before for a way; else those that count for it too: of both tools alike, or of code
    without a run.
    """
    for one in (way, Application(way.run), Application("", way.tool), Application()):
        if one in before:
            return before[one]
    return None
