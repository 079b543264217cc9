"""What a failure in code rests on. Each ground has a kind, which says when a known failure is still the same one, and
belongs to a way in which the code is applied: a run of a root, a tool, values of a template's parameters.
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
    RESTRAINT = "restraint"  # holds back what the failure lets through
    NUMBER = "number"  # what an unknown number of instances rests on
    OPEN = "open"  # nothing: in this way it is not decided
    ALSO = "also"  # nothing: another name of this way


_Same = Callable[[Set[str], Set[str]], bool]
# Whether the grounds of a kind are those that were known, or better: now, then.
_SAME: Mapping[str, _Same] = {
    Kind.CAUSE: Set.__le__,  # one that goes is a fix
    Kind.PLACE: Set.__eq__,  # no place is another place
    Kind.RESTRAINT: Set.__ge__,  # one that goes is a hole
    Kind.NUMBER: Set.__le__,  # a number that is known is seen in the addresses
    Kind.OPEN: lambda _now, _then: True,
    Kind.ALSO: lambda _now, _then: True,
}

TOOLS = ("terraform", "opentofu")
_WAY, _TOOL, _KIND = "@", "+", "-"


@dataclass(frozen=True, order=True)
class Application:
    """A way in which code is applied: the hash of a run ("": the code says all) by a tool ("": by both alike)."""

    run: str = ""
    tool: str = ""

    def __str__(self) -> str:
        return (f"{_WAY}{self.run}" if self.run or self.tool else "") + (f"{_TOOL}{self.tool}" if self.tool else "")

    @staticmethod
    def parse(text: str) -> Application:
        """Return a way as it is written."""
        run, _, tool = text.partition(_TOOL)
        return Application(run, tool)


def ground(kind: str, digest: str) -> str:
    """Return a ground as it is kept."""
    return f"{kind}{_KIND}{digest}"


def in_way(way: Application, grounds: Iterable[str]) -> tuple[str, ...]:
    """Return the grounds of a failure in one of several ways."""
    return tuple(f"{one}{way}" for one in grounds)


def is_known(now: Collection[str], then: Collection[str]) -> bool:
    """Return whether a failure is one that was known, by its grounds in every way: in each it failed before, and for
    the same, or for less.
    """
    before = _by_way(then)
    return all(_is_known_in(grounds, before, way) for way, grounds in _each_tool(_by_way(now)))


def is_elsewhere(now: Collection[str], then: Collection[str]) -> bool:
    """Return whether what failed is another object in some way: by its name, by what it belongs to, or by where it is
    made.
    """
    before = _by_way(then)
    none: Set[str] = frozenset()
    pairs = ((grounds, _in(before, way)) for way, grounds in _each_tool(_by_way(now)))
    return any(was and grounds.get(Kind.PLACE, none) != was.get(Kind.PLACE, none) for grounds, was in pairs)


def is_open_in_more(now: Iterable[str], then: Iterable[str]) -> bool:
    """Return whether something is undecided in a way in which it was decided, and did not fail."""
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
    """Yield the grounds of each way; what both tools do alike counts for each of them. Where there are none, that
    counts too.
    """
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
    """Return what failed in a way: by both tools alike, or where nothing said yet in which runs the code is applied."""
    for one in (way, Application(way.run), Application("", way.tool), Application()):
        if one in before:
            return before[one]
    return None
