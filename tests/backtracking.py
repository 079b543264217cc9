r"""How often a regular expression may try one text: determined from its automaton, without running it.

A pattern backtracks exponentially if some text leads from a state back to that state in two ways (the automaton is
exponentially ambiguous), and at least quadratically if some text leads from p to p, from p to q and from q to q
(polynomially ambiguous). Weber and Seidl, "On the degree of ambiguity of finite automata" (1991); Weideman et al.,
"Analyzing matching time behavior of backtracking regular expression matchers by using ambiguity of NFA" (2016).
Assertions about the previous or next character (`\b`, `$`, `(?<![a-z])`) are exact; other look-ahead counts as text
that may follow; the match of an atomic group or a possessive repetition is never split in two ways.

Not found: a body that may be empty and is repeated a bounded number of times (`(?:a{0,30}){0,30}b`, `(?:a?){30}b`), and
a text that is divided into parts of a bounded length (`(?:\w{1,100}){4}b`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from re import _constants as sre
from re import _parser as parser
from typing import Any

Sign = int | None  # a class of characters; None at an end of the text
Guard = Callable[[Sign, Sign], bool]
_FEW = 3  # as many of what must stand there often
_MANY = 6  # repetitions that are as good as any number for what is repeated itself: each splits the text again
_LONG = 2500  # and beside another repetition: fewer take a bounded number of tries for each sign
_BYTES = [*map(chr, range(256))]
_SAMPLE = frozenset({*map(chr, range(128)), *"\x85\xa0«»²éÉßſKΩ中١", "\u2028", "\ue000", "\ue001", "\ue002"})
_IGNORECASE, _ASCII, _DOTALL = int(re.IGNORECASE), int(re.ASCII), int(re.DOTALL)
_MOST = 400_000  # states that are examined together: more are not proven harmless
_OF_SIGNS = (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY)
_CATEGORIES: dict[Any, tuple[Callable[[str], bool], bool]] = {
    sre.CATEGORY_DIGIT: (str.isdecimal, True),
    sre.CATEGORY_NOT_DIGIT: (str.isdecimal, False),
    sre.CATEGORY_SPACE: (str.isspace, True),
    sre.CATEGORY_NOT_SPACE: (str.isspace, False),
    sre.CATEGORY_WORD: (lambda sign: sign == "_" or sign.isalnum(), True),
    sre.CATEGORY_NOT_WORD: (lambda sign: sign == "_" or sign.isalnum(), False),
}


@dataclass(frozen=True)
class _Set:
    """The characters that a state accepts."""

    any: bool
    items: tuple[Any, ...]
    negated: bool
    ignorecase: bool
    ascii: bool
    dotall: bool


@dataclass(frozen=True)
class Step:
    """A state of a pattern that accepts one character."""

    signs: frozenset[int]
    to: int


@dataclass
class Automaton:
    """The states of a pattern, and the transitions between them."""

    classes: int = 0
    empty: list[list[tuple[int, Guard | None]]] = field(default_factory=list)
    takes: list[list[int]] = field(default_factory=list)
    inside: list[int] = field(default_factory=list)  # the atomic group of a node, 0 for none
    looks: set[int] = field(default_factory=set)  # nodes inside look-ahead
    steps: list[Step] = field(default_factory=list)
    short: set[int] = field(default_factory=set)  # steps in a part that is repeated only a few times
    guarded: bool = False
    end: int = 0

    def node(self, group: int, look: bool) -> int:
        self.empty.append([])
        self.takes.append([])
        self.inside.append(group)
        if look:
            self.looks.add(len(self.empty) - 1)
        return len(self.empty) - 1


class _Builder:
    def __init__(self, tree: Any, pattern: re.Pattern[Any]) -> None:
        self.bytes = isinstance(pattern.pattern, bytes)
        self.tree = tree
        self.flags = int(pattern.flags)
        self.groups: dict[int, Any] = {}
        self.automaton = Automaton()
        self.atomic = 0
        self.of_signs = self._classes()
        self.automaton.classes = len(self.of_signs)

    # ---- signs

    def _classes(self) -> list[str]:
        """Return one character of each class: no part of the pattern distinguishes those of one class."""
        sets: set[_Set] = set()
        more: set[str] = set()
        self._collect(self.tree, self.flags, sets, more)
        sample = sorted({*(_BYTES if self.bytes else _SAMPLE), *more})
        masks = [_matching(one) for one in sets]
        told: dict[tuple[bool, ...], str] = {}
        for sign in sample:
            own = [
                sign in mask if sign in _SAMPLE else _matches(one, sign) for one, mask in zip(sets, masks, strict=True)
            ]
            told.setdefault((*own, sign == "\n", self._word(sign)), sign)
        return list(told.values())

    def _word(self, sign: str) -> bool:
        return sign == "_" or (sign.isalnum() and (sign.isascii() or not self.bytes))

    def _collect(self, tree: Any, flags: int, sets: set[_Set], more: set[str]) -> None:
        for op, value in tree:
            if op in _OF_SIGNS:
                one = self._set(op, value, flags)
                sets.add(one)
                more.update(chr(item[1]) for item in one.items if item[0] is sre.LITERAL)
                more.update(chr(end) for item in one.items if item[0] is sre.RANGE for end in item[1])
            elif op is sre.SUBPATTERN:
                self._collect(value[3], (flags | value[1]) & ~value[2], sets, more)
            else:
                for part in _parts(op, value):
                    self._collect(part, flags, sets, more)

    def _set(self, op: Any, value: Any, flags: int) -> _Set:
        items = () if op is sre.ANY else ((sre.LITERAL, value),) if op is not sre.IN else tuple(value)
        negated = op is sre.NOT_LITERAL or (bool(items) and items[0][0] is sre.NEGATE)
        ascii_ = self.bytes or bool(flags & _ASCII)
        return _Set(op is sre.ANY, items, negated, bool(flags & _IGNORECASE), ascii_, bool(flags & _DOTALL))

    def _signs(self, op: Any, value: Any, flags: int) -> frozenset[int]:
        one = self._set(op, value, flags)
        return frozenset(number for number, sign in enumerate(self.of_signs) if _matches(one, sign))

    # ---- nodes

    def build(self) -> Automaton:
        start = self.automaton.node(0, False)
        self.automaton.end = self._sequence(self.tree, start, self.flags, 0, False)
        return self.automaton

    def _link(self, one: int, other: int, guard: Guard | None = None) -> None:
        self.automaton.guarded |= guard is not None
        self.automaton.empty[one].append((other, guard))

    def _sequence(self, tree: Any, at: int, flags: int, group: int, look: bool) -> int:
        for op, value in tree:
            at = self._one(op, value, at, flags, group, look)
        return at

    def _one(self, op: Any, value: Any, at: int, flags: int, group: int, look: bool) -> int:  # noqa: C901, PLR0911
        new = lambda: self.automaton.node(group, look)  # noqa: E731
        if op in _OF_SIGNS:
            to = new()
            self.automaton.steps.append(Step(self._signs(op, value, flags), to))
            self.automaton.takes[at].append(len(self.automaton.steps) - 1)
            return to
        if op is sre.SUBPATTERN:
            if value[0] is not None:
                self.groups[value[0]] = (value[3], (flags | value[1]) & ~value[2])
            return self._sequence(value[3], at, (flags | value[1]) & ~value[2], group, look)
        if op is sre.BRANCH:
            to = new()
            for branch in value[1]:
                begin = new()
                self._link(at, begin)
                self._link(self._sequence(branch, begin, flags, group, look), to)
            return to
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            return self._repeat(*value, at, flags, group, look)
        if op in (sre.ATOMIC_GROUP, sre.POSSESSIVE_REPEAT):
            self.atomic += 1
            inner = self.automaton.node(self.atomic, look)
            self._link(at, inner)
            body = value if op is sre.ATOMIC_GROUP else [(sre.MAX_REPEAT, value)]
            end = self._sequence(body, inner, flags, group or self.atomic, look)
            to = new()
            self._link(end, to)
            return to
        if op in (sre.ASSERT, sre.ASSERT_NOT):
            return self._look(op, value, at, flags, group, look)
        if op is sre.AT:
            to = new()
            self._link(at, to, self._at(value, flags))
            return to
        if op is sre.GROUPREF:
            body, inner_flags = self.groups.get(value, ([], flags))
            first = len(self.automaton.steps)
            to = self._sequence(body, at, inner_flags, group, look)
            self.automaton.short.update(range(first, len(self.automaton.steps)))  # it is one text
            return to
        if op is sre.GROUPREF_EXISTS:
            to = new()
            for branch in value[1:]:
                begin = new()
                self._link(at, begin)
                self._link(self._sequence(branch or [], begin, flags, group, look), to)
            return to
        raise NotImplementedError(str(op))

    def _repeat(self, low: int, high: int, body: Any, at: int, flags: int, group: int, look: bool) -> int:
        new = lambda: self.automaton.node(group, look)  # noqa: E731
        endless = high is sre.MAXREPEAT or high - low >= _MANY
        few = min(low, _FEW)
        for _ in range(few):
            at = self._sequence(body, at, flags, group, look)
        if endless:
            loop, to, first = new(), new(), len(self.automaton.steps)
            self._link(at, loop)
            self._link(self._sequence(body, loop, flags, group, look), loop)
            self._link(loop, to)
            if high is not sre.MAXREPEAT and high < _LONG:
                self.automaton.short.update(range(first, len(self.automaton.steps)))
            return to
        to = new()
        for _ in range(high - low):
            self._link(at, to)
            begin = new()
            self._link(at, begin)
            at = self._sequence(body, begin, flags, group, look)
        self._link(at, to)
        return to

    def _look(self, op: Any, value: Any, at: int, flags: int, group: int, look: bool) -> int:
        direction, body = value
        to = self.automaton.node(group, look)
        plain = _single(body)
        if plain is not None:
            signs = frozenset().union(*(self._signs(*one, flags) for one in plain))
            wanted = op is sre.ASSERT
            if direction < 0:
                self._link(at, to, lambda before, _: (before in signs) == wanted)
            else:
                self._link(at, to, lambda _, after: (after in signs) == wanted)
            return to
        self.automaton.empty[at].append((to, _perhaps))
        if direction > 0:
            self.atomic += 1
            begin = self.automaton.node(self.atomic, True)
            self._link(at, begin)
            self._sequence(body, begin, flags, self.atomic, True)
        return to

    def _at(self, value: Any, flags: int) -> Guard:
        line = self._number("\n")
        words = frozenset(number for number, sign in enumerate(self.of_signs) if self._word(sign))
        if value in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
            several = value is sre.AT_BEGINNING and flags & int(re.MULTILINE)
            return lambda before, _: before is None or bool(several and before == line)
        if value in (sre.AT_END, sre.AT_END_STRING):
            return lambda _, after: after is None or (value is sre.AT_END and after == line)
        wanted = value is sre.AT_BOUNDARY
        return lambda before, after: ((before in words) != (after in words)) == wanted

    def _number(self, sign: str) -> int:
        return next((number for number, one in enumerate(self.of_signs) if one == sign), -1)


def _perhaps(_before: Sign, _after: Sign) -> bool:
    return True


@cache
def _matching(one: _Set) -> frozenset[str]:
    return frozenset(sign for sign in _SAMPLE if _matches(one, sign))


@cache
def _matches(one: _Set, sign: str) -> bool:
    """Return whether a set of characters contains a character."""
    if one.any:
        return one.dotall or sign != "\n"
    cases = {sign, sign.lower(), sign.upper()} if one.ignorecase else {sign}
    return any(_is(item, case, one.ascii) for item in one.items for case in cases if len(case) == 1) != one.negated


def _is(item: Any, sign: str, ascii_: bool) -> bool:
    op, value = item
    if op is sre.LITERAL:
        return bool(ord(sign) == value)
    if op is sre.RANGE:
        return bool(value[0] <= ord(sign) <= value[1])
    if op is not sre.CATEGORY:
        return False
    test, wanted = _CATEGORIES[value]
    return (test(sign) and (sign.isascii() or not ascii_)) == wanted


def _parts(op: Any, value: Any) -> Iterator[Any]:
    if op is sre.BRANCH:
        yield from value[1]
    elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        yield value[2]
    elif op in (sre.ASSERT, sre.ASSERT_NOT):
        yield value[1]
    elif op is sre.ATOMIC_GROUP:
        yield value
    elif op is sre.GROUPREF_EXISTS:
        yield from (part for part in value[1:] if part)
    elif op is sre.SUBPATTERN:
        yield value[3]


def _single(tree: Any) -> list[tuple[Any, Any]] | None:
    """Return the characters of an assertion about one character; None for any other assertion."""
    items = list(tree)
    if len(items) != 1:
        return None
    op, value = items[0]
    if op in _OF_SIGNS:
        return [(op, value)]
    if op is sre.SUBPATTERN and not value[1] and not value[2]:
        return _single(value[3])
    if op is sre.BRANCH:
        found = [_single(part) for part in value[1]]
        return [one for part in found if part for one in part] if all(found) else None
    return None


@dataclass(frozen=True)
class _Way:
    """One way from a state to the next one that accepts a character."""

    nodes: tuple[int, ...]
    guards: tuple[Guard, ...]
    step: int


class Ambiguity:
    """The ways through a pattern that accept the same text."""

    def __init__(self, automaton: Automaton, *, whole: bool) -> None:
        self.of = automaton
        self.whole = whole
        self.ways = [list(self._ways(step.to)) for step in automaton.steps]
        self.ends = [self._ends(step.to) for step in automaton.steps]
        self.after = [
            sorted({way.step for way in ways if not self.ends[way.step]}) if not self.ends[number] else []
            for number, ways in enumerate(self.ways)
        ]
        self.reach = [self._reached(number) for number in range(len(self.after))]
        self.loops = {number for number, reached in enumerate(self.reach) if number in reached}
        self.component = [
            min((one for one in reached & self.loops if number in self.reach[one]), default=-1 - number)
            for number, reached in enumerate(self.reach)
        ]
        self.tables: dict[tuple[int, Sign], dict[int, list[_Way]]] = {}
        self.seen = 0
        self.text: list[int] = []  # the part that is matched again and again

    def _ways(self, node: int) -> Iterator[_Way]:
        visits: dict[int, int] = {}
        waiting: list[tuple[int, tuple[int, ...], tuple[Guard, ...]]] = [(node, (node,), ())]
        while waiting:
            at, path, guards = waiting.pop()
            if visits.get(at, 0) >= 3:
                continue
            visits[at] = visits.get(at, 0) + 1
            for step in self.of.takes[at]:
                yield _Way(path, guards, step)
            for to, guard in reversed(self.of.empty[at]):
                if to not in path:
                    waiting.append((to, (*path, to), (*guards, guard) if guard else guards))

    def _reached(self, number: int) -> set[int]:
        found: set[int] = set()
        waiting = [number]
        while waiting:
            for to in self.after[waiting.pop()]:
                if to not in found:
                    found.add(to)
                    waiting.append(to)
        return found

    def _ends(self, node: int) -> bool:
        """Return whether the pattern matches here whatever follows, so that nothing is tried again."""
        if node in self.of.looks:
            return False
        found = self._beside(node)
        if not self.whole:
            return self.of.end in found
        return any(self._takes_all(step, one) for one in found for step in self.of.takes[one])

    def _takes_all(self, number: int, node: int) -> bool:
        step = self.of.steps[number]
        after = self._beside(step.to)
        return len(step.signs) == self.of.classes and node in after and self.of.end in after

    def _beside(self, node: int) -> set[int]:
        found, waiting = {node}, [node]
        while waiting:
            for to, guard in self.of.empty[waiting.pop()]:
                if to not in found and guard is None:
                    found.add(to)
                    waiting.append(to)
        return found

    def _next(self, number: int, before: Sign) -> dict[int, list[_Way]]:
        """Return the ways from a state, by the character that they accept."""
        key = (number, before)
        if key not in self.tables:
            found: dict[int, list[_Way]] = {}
            for way in self.ways[number]:
                if not self.ends[way.step]:
                    for sign in self.of.steps[way.step].signs:
                        if all(guard(before, sign) for guard in way.guards):
                            found.setdefault(sign, []).append(way)
            self.tables[key] = found
        return self.tables[key]

    def _part(self, one: _Way, other: _Way) -> bool:
        """Return whether both of two ways from one state are tried: they diverge outside atomic groups."""
        last = -1
        for left, right in zip(one.nodes, other.nodes, strict=False):
            if left != right:
                break
            last = left
        return self.of.inside[last] == 0

    def _pairs(self, one: int, other: int, before: Sign) -> Iterator[tuple[int, int, int, bool]]:
        """Yield where one character leads from two states: the character, the states, and whether they were one and
        diverge.
        """
        left, right = self._next(one, before), self._next(other, before)
        for sign in left.keys() & right.keys():
            for number, first in enumerate(left[sign]):
                for place, second in enumerate(right[sign]):
                    parts = one == other and number != place
                    if not parts or self._part(first, second):
                        yield sign, first.step, second.step, parts

    def _befores(self, number: int) -> list[Sign]:
        return list(self.of.steps[number].signs) if self.of.guarded else [None]

    def exponential(self) -> bool:
        """Return whether some text leads back to a state in two ways."""
        return any(
            self._twice(start, begin)
            for start in sorted(self.loops)
            if self._splits(start)
            for begin in self._befores(start)
        )

    def _twice(self, start: int, begin: Sign) -> bool:
        home = self.component[start]
        state = (start, start, begin)
        came: dict[Any, tuple[Any, int]] = {}
        waiting = [state]
        while waiting:
            at = waiting.pop()
            for sign, left, right, parts in self._pairs(*at):
                if self.component[left] != home or self.component[right] != home or (at == state and not parts):
                    continue
                now = (left, right, sign if self.of.guarded else None)
                if now not in came:
                    self._note(came, now, at, sign)
                    waiting.append(now)
                if now == state:
                    self._keep(came, state)
                    return True
        return False

    def polynomial(self) -> bool:
        """Return whether some text can be divided anywhere between two states."""
        long = {number for number in self.loops if not self._is_short(number)}
        signs = {number: self._signs_around(number) for number in long}
        return any(
            self._divides(p, q, begin)
            for p in sorted(long)
            if self._splits(p)
            for q in sorted((self.reach[p] & long) - {p})
            if signs[p] & signs[q]
            for begin in self._befores(q)
        )

    def _splits(self, number: int) -> bool:
        """Return whether two ways for one character diverge here: if none do, no text is divided."""
        ways = [way for way in self.ways[number] if not self.ends[way.step]]
        steps = self.of.steps
        return any(
            steps[one.step].signs & steps[other.step].signs and self._part(one, other)
            for one, other in combinations(ways, 2)
        )

    def _is_short(self, number: int) -> bool:
        return all(one in self.of.short for one in self._around(number))

    def _around(self, number: int) -> list[int]:
        return [one for one in self.loops if self.component[one] == self.component[number]]

    def _signs_around(self, number: int) -> frozenset[int]:
        return frozenset().union(*(self.of.steps[one].signs for one in self._around(number)))

    def _divides(self, p: int, q: int, begin: Sign) -> bool:
        if self.of.guarded and begin not in self.of.steps[p].signs:
            return False
        first, goal = (p, p, q, begin), (p, q, q, begin)
        came: dict[Any, tuple[Any, int]] = {}
        waiting = [first]
        while waiting:
            at = waiting.pop()
            for now, sign in self._further(at, p, q, begins=at == first):
                if now not in came:
                    self._note(came, now, at, sign)
                    waiting.append(now)
                if now == goal:
                    self._keep(came, goal)
                    return True
        return False

    def _further(self, at: Any, p: int, q: int, *, begins: bool) -> Iterator[tuple[Any, int]]:
        """Yield where one character leads: around p, from p to q, and around q."""
        one, two, three, before = at
        last = self._next(three, before)
        for sign, left, middle, parts in self._pairs(one, two, before):
            if self.component[left] != self.component[p] or (begins and not parts) or sign not in last:
                continue
            if middle == q or q in self.reach[middle]:
                for end in {way.step for way in last[sign] if self.component[way.step] == self.component[q]}:
                    yield (left, middle, end, sign if self.of.guarded else None), sign

    def _note(self, came: dict[Any, tuple[Any, int]], now: Any, at: Any, sign: int) -> None:
        came[now] = (at, sign)
        self.seen += 1
        if self.seen > _MOST:
            raise OverflowError

    def _keep(self, came: dict[Any, tuple[Any, int]], last: Any) -> None:
        """Keep the text that leads to the last state."""
        self.text = []
        at = last
        while at in came and (at != last or not self.text):
            at, sign = came[at]
            self.text.insert(0, sign)


def verdict(pattern: re.Pattern[Any], *, whole: bool = True) -> str:
    """Return how a pattern may backtrack, and the text that causes it; "" if it does not. `whole` if it must match to
    the end of a text.
    """
    tree = parser.parse(pattern.pattern, int(pattern.flags))
    found = [_verdict(tree, pattern, whole=whole), *(_verdict(part, pattern, whole=False) for part in _atomic(tree))]
    return next(filter(None, found), "")


def _verdict(tree: Any, pattern: re.Pattern[Any], *, whole: bool) -> str:
    builder = _Builder(tree, pattern)
    ways = Ambiguity(builder.build(), whole=whole)
    try:
        told = "exponential" if ways.exponential() else "quadratic" if ways.polynomial() else ""
    except OverflowError:
        return "too large"
    return told and f"{told}: {''.join(builder.of_signs[sign] for sign in ways.text)!r}"


def _atomic(tree: Any) -> Iterator[Any]:
    """Yield the bodies of atomic groups, in which everything may be tried."""
    for op, value in tree:
        if op is sre.ATOMIC_GROUP:
            yield value
        elif op is sre.POSSESSIVE_REPEAT and _single(value[2]) is None:
            yield [(sre.MAX_REPEAT, value)]
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield value[1]
        for part in _parts(op, value):
            yield from _atomic(part)
