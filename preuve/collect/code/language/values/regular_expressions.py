"""Regular expressions with Go's syntax and semantics, in time linear in the text.

Python's own would read some of them differently, and match others in unlimited time. A feature that is not implemented
is unsupported, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

_MOST_STEPS, _MOST_INSTRUCTIONS, _MOST_NESTING, _MOST_REPEAT = 60_000, 2_000, 50, 1_000
_MOST_GROUPS, _MOST_RANGES = 100, 50
_LAST = 0x10FFFF
_DIGIT, _SPACE = ((48, 57),), ((9, 10), (12, 13), (32, 32))
_WORD = ((48, 57), (65, 90), (95, 95), (97, 122))
_CLASSES = {"d": _DIGIT, "s": _SPACE, "w": _WORD}
_POSIX = {
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "alpha": ((65, 90), (97, 122)),
    "digit": _DIGIT,
    "lower": ((97, 122),),
    "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),),
    "word": _WORD,
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}
_CONTROLS = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_REPEAT = re.compile(r"\{([0-9]{1,4})(,([0-9]{0,4}))?\}", re.ASCII)
_HEXADECIMAL = re.compile(r"x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})", re.ASCII)
_GROUP = re.compile(r"\?(?:P?<([A-Za-z_][A-Za-z0-9_]*)>|([ims]*):|([ims]+)\))", re.ASCII)

Ranges = tuple[tuple[int, int], ...]


class UnsupportedError(Exception):
    """A pattern that is not supported, or a match that takes too long."""


@dataclass(frozen=True)
class Instruction:
    """One instruction. `step`, the next one, and `other` are positions in the program."""

    kind: str  # letter, split, save, assert, match, jump
    ranges: Ranges = ()
    step: int = 0
    other: int = 0
    what: str = ""


@dataclass(frozen=True)
class _Part:
    """A compiled part of a pattern. `nullable`: it may match the empty text."""

    kind: str  # nothing, letter, assert, both, either, group, many
    parts: tuple[_Part, ...] = ()
    ranges: Ranges = ()
    what: str = ""
    group: int = 0
    least: int = 0
    most: int | None = 0
    lazy: bool = False

    def nullable(self) -> bool:
        if self.kind == "letter":
            return False
        if self.kind == "many":
            return self.least == 0 or self.parts[0].nullable()
        inner = [part.nullable() for part in self.parts]
        return any(inner) if self.kind == "either" else all(inner)


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern: its program, and the names of its groups ("" for one without)."""

    program: tuple[Instruction, ...]
    names: tuple[str, ...]

    def search(self, text: str, start: int, budget: Budget) -> list[int] | None:
        """Return the bounds of the first match at or after `start`, and of its groups; -1 for a group that did not
        match.
        """
        return _Search(self, text, budget).run(start)


@dataclass
class Budget:
    """The steps that all searches of one call may take together."""

    left: int = _MOST_STEPS

    def take(self) -> None:
        """Take a step. Raises UnsupportedError when none is left."""
        self.left -= 1
        if self.left < 0:
            raise UnsupportedError("a regular expression that takes too long")


def compiled(pattern: str) -> Pattern:
    """Compile a pattern of Go's `regexp`. Raises UnsupportedError if it is invalid or uses a feature that is not
    implemented.
    """
    reader = _Reader(pattern)
    part = reader.whole()
    program: list[Instruction] = []
    _emit(_Part("group", (part,)), program)
    program.append(Instruction("match"))
    return Pattern(tuple(program), tuple(reader.names))


@dataclass
class _Reader:
    """Reads a pattern from left to right."""

    text: str
    place: int = 0
    depth: int = 0
    flags: frozenset[str] = frozenset()
    names: list[str] = field(default_factory=list)

    def whole(self) -> _Part:
        part = self.either()
        if self.place < len(self.text):
            raise UnsupportedError("a parenthesis that is not open")
        return part

    def either(self) -> _Part:
        self.depth += 1
        if self.depth > _MOST_NESTING:
            raise UnsupportedError("a pattern that is nested too deeply")
        flags = self.flags
        options = [self.both()]
        while self.ahead("|"):
            self.place += 1
            options.append(self.both())
        self.flags = flags
        self.depth -= 1
        return options[0] if len(options) == 1 else _Part("either", tuple(options))

    def both(self) -> _Part:
        parts: list[_Part] = []
        while self.place < len(self.text) and self.text[self.place] not in "|)":
            parts.append(self.repeated(self.one()))
        return _Part("both", tuple(parts))

    def ahead(self, letter: str) -> bool:
        return self.text.startswith(letter, self.place)

    def take(self) -> str:
        if self.place >= len(self.text):
            raise UnsupportedError("a pattern that ends too soon")
        self.place += 1
        return self.text[self.place - 1]

    def repeated(self, part: _Part) -> _Part:
        limits = self.limits()
        if limits is None:
            return part
        least, most = limits
        if part.kind == "flags" or least > _MOST_REPEAT or (most is not None and not least <= most <= _MOST_REPEAT):
            raise UnsupportedError("a repetition of nothing, or of too much")
        lazy = self.ahead("?")
        self.place += lazy
        if self.limits() is not None:
            raise UnsupportedError("a repetition of a repetition")
        return _Part("many", (part,), least=least, most=most, lazy=lazy)

    def limits(self) -> tuple[int, int | None] | None:
        """Parse the limits of a repetition; None if none follows."""
        letter = self.text[self.place : self.place + 1]
        if letter and letter in "*+?":
            self.place += 1
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[letter]
        found = _REPEAT.match(self.text, self.place)
        if not found:
            return None
        self.place = found.end()
        least = int(found[1])
        return least, (least if found[2] is None else int(found[3]) if found[3] else None)

    def one(self) -> _Part:
        letter = self.take()
        if letter == "(":
            return self.group()
        if letter == "[":
            return _Part("letter", ranges=self.bracket())
        if letter == "\\":
            return self.escape()
        if letter == ".":
            return _Part("letter", ranges=((0, _LAST),) if "s" in self.flags else ((0, 9), (11, _LAST)))
        if letter in "^$":
            return _Part("assert", what={"^": "begin", "$": "end"}[letter] + " line" * ("m" in self.flags))
        if letter in "*+?" or (letter == "{" and _REPEAT.match(self.text, self.place - 1)):
            raise UnsupportedError("a repetition of nothing")
        return self.letter(ord(letter))

    def letter(self, code: int) -> _Part:
        return _Part("letter", ranges=self.folded(((code, code),)))

    def folded(self, ranges: Ranges) -> Ranges:
        """Return the letters of either case, if the pattern ignores case. Raises UnsupportedError for other scripts."""
        if "i" not in self.flags:
            return ranges
        if any(last > 127 for _, last in ranges):
            raise UnsupportedError("letters of either case in other scripts")
        found = [code for first, last in ranges for code in range(first, last + 1)]
        either = {ord(change(chr(code))) for code in found for change in (str.lower, str.upper)}
        either |= {0x212A} if 107 in either else set()  # the kelvin sign and the long s
        either |= {0x17F} if 115 in either else set()
        return ranges + tuple((code, code) for code in sorted(either))

    def group(self) -> _Part:
        found = _GROUP.match(self.text, self.place) if self.ahead("?") else None
        if self.ahead("?") and not found:
            raise UnsupportedError("a group of another kind")
        number = 0
        before = self.flags
        if found:
            self.place = found.end()
            if found[3]:
                self.flags |= set(found[3])
                return _Part("flags")
            self.flags |= set(found[2] or "")
        if not found or found[1]:
            if found and found[1] in self.names:
                raise UnsupportedError("two groups of one name")
            if len(self.names) >= _MOST_GROUPS:
                raise UnsupportedError("a pattern of too many groups")
            self.names.append(found[1] if found else "")
            number = len(self.names)
        inner = self.either()
        if self.take() != ")":
            raise UnsupportedError("a group that is not closed")
        self.flags = before
        return _Part("group", (inner,), group=number) if number else inner

    def escape(self) -> _Part:
        letter = self.text[self.place : self.place + 1]
        if letter and letter in "bBAz":
            self.place += 1
            return _Part("assert", what={"b": "word", "B": "no word", "A": "begin", "z": "end"}[letter])
        if letter.lower() in _CLASSES:
            self.place += 1
            return _Part("letter", ranges=self.class_(letter))
        return self.letter(self.escaped())

    def class_(self, letter: str) -> Ranges:
        ranges = self.folded(_CLASSES[letter.lower()])
        return ranges if letter.islower() else _others(ranges)

    def escaped(self) -> int:
        """Return the letter of a backslash escape. Raises UnsupportedError."""
        found = _HEXADECIMAL.match(self.text, self.place)
        if found:
            self.place = found.end()
            code = int(found[1] or found[2], 16)
            if code > _LAST:
                raise UnsupportedError("a letter that there is not")
            return code
        letter = self.take()
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter.isalnum() or not letter.isascii():
            raise UnsupportedError(f"the escape \\{letter}")
        return ord(letter)

    def bracket(self) -> Ranges:
        inverted = self.ahead("^")
        self.place += inverted
        ranges: Ranges = ()
        first = True
        while first or not self.ahead("]"):
            ranges += self.member(first)
            first = False
        self.place += 1
        found = _others(ranges) if inverted else _others(_others(ranges))
        if len(found) > _MOST_RANGES:
            raise UnsupportedError("brackets of too many letters")
        return found

    def member(self, first: bool) -> Ranges:
        """Return one letter, range or class in brackets. Raises UnsupportedError."""
        if self.ahead("[:"):
            return self.posix()
        if self.ahead("-") and not first and not self.text.startswith("]", self.place + 1):
            raise UnsupportedError("a minus in brackets")
        letter = self.take()
        if letter == "\\":
            following = self.text[self.place : self.place + 1]
            if following.lower() in _CLASSES:
                self.place += 1
                return self.class_(following)
        low = self.escaped() if letter == "\\" else ord(letter)
        if not self.ahead("-") or self.text.startswith("-]", self.place):
            return self.folded(((low, low),))
        self.place += 1
        letter = self.take()
        high = self.escaped() if letter == "\\" else ord(letter)
        if high < low or letter == "[":
            raise UnsupportedError("a range of letters that is empty")
        return self.folded(((low, high),))

    def posix(self) -> Ranges:
        end = self.text.find(":]", self.place)
        name = self.text[self.place + 2 : end] if end >= 0 else ""
        ranges = _POSIX.get(name.removeprefix("^"))
        if ranges is None:
            raise UnsupportedError("a class that is not read here")
        self.place = end + 2
        ranges = self.folded(ranges)
        return _others(ranges) if name.startswith("^") else ranges


def _others(ranges: Ranges) -> Ranges:
    """Return all letters but these."""
    found, after = [], 0
    for first, last in sorted(ranges):
        if first > after:
            found.append((after, first - 1))
        after = max(after, last + 1)
    return (*found, (after, _LAST)) if after <= _LAST else tuple(found)


def _emit(part: _Part, program: list[Instruction]) -> None:
    """Write the instructions of a part; after its match, the next instructions follow."""
    if len(program) > _MOST_INSTRUCTIONS:
        raise UnsupportedError("a pattern that is too long")
    here = len(program)
    if part.kind == "group":
        program.append(Instruction("save", step=here + 1, other=2 * part.group))
        _emit(part.parts[0], program)
        program.append(Instruction("save", step=len(program) + 1, other=2 * part.group + 1))
    elif part.kind == "both":
        for inner in part.parts:
            _emit(inner, program)
    elif part.kind == "either":
        _emit_either(part, program)
    elif part.kind == "many":
        _emit_many(part, program)
    elif part.kind in ("letter", "assert"):
        program.append(Instruction(part.kind, part.ranges, here + 1, what=part.what))


def _emit_either(part: _Part, program: list[Instruction]) -> None:
    ends = []
    for option in part.parts[:-1]:
        split = len(program)
        program.append(Instruction("split"))
        _emit(option, program)
        ends.append(len(program))
        program.append(Instruction("jump"))
        program[split] = Instruction("split", step=split + 1, other=len(program))
    _emit(part.parts[-1], program)
    for end in ends:
        program[end] = Instruction("jump", step=len(program))


def _emit_many(part: _Part, program: list[Instruction]) -> None:
    inner = part.parts[0]
    if part.most is None and part.least == 0 and inner.nullable():  # as Go does, to keep the order of empty matches
        _emit_optional(replace(part, least=1), part.lazy, program)
        return
    for _ in range(part.least - (part.most is None and part.least > 0)):
        _emit(inner, program)
    if part.most is None:
        _emit_loop(part, program)
    elif part.most > part.least:
        rest = replace(part, least=0, most=part.most - part.least - 1)
        _emit_optional(_Part("both", (inner, rest) if rest.most else (inner,)), part.lazy, program)


def _emit_optional(part: _Part, lazy: bool, program: list[Instruction]) -> None:
    split = len(program)
    program.append(Instruction("split"))
    _emit(part, program)
    program[split] = _split(split + 1, len(program), lazy)


def _emit_loop(part: _Part, program: list[Instruction]) -> None:
    start = len(program)
    if part.least:
        _emit(part.parts[0], program)
        program.append(_split(start, len(program) + 1, part.lazy))
        return
    program.append(Instruction("split"))
    _emit(part.parts[0], program)
    program.append(Instruction("jump", step=start))
    program[start] = _split(start + 1, len(program), part.lazy)


def _split(again: int, beyond: int, lazy: bool) -> Instruction:
    return Instruction("split", step=beyond if lazy else again, other=again if lazy else beyond)


@dataclass
class _Search:
    """One search: all possible matches are followed at once, the preferred ones first."""

    pattern: Pattern
    text: str
    budget: Budget

    def run(self, start: int) -> list[int] | None:
        found: list[int] | None = None
        ways: list[tuple[int, list[int]]] = []
        for place in range(start, len(self.text) + 1):
            seen: set[int] = set()
            following: list[tuple[int, list[int]]] = []
            for code, saved in ways:
                self.follow(code, place, saved, seen, following)
            if found is None:
                self.follow(0, place, [-1] * (2 * len(self.pattern.names) + 2), seen, following)
            ways = []
            for code, saved in following:
                self.budget.take()
                instruction = self.pattern.program[code]
                if instruction.kind == "match":
                    found = saved
                    break
                if place < len(self.text) and is_in(ord(self.text[place]), instruction.ranges):
                    ways.append((instruction.step, saved))
            if not ways and found is not None:
                break
        return found

    def follow(
        self, code: int, place: int, saved: list[int], seen: set[int], following: list[tuple[int, list[int]]]
    ) -> None:
        """Add the letters, and the match, that an instruction leads to without reading on."""
        waiting = [(code, saved)]
        while waiting:
            code, saved = waiting.pop()
            if code in seen:
                continue
            seen.add(code)
            self.budget.take()
            instruction = self.pattern.program[code]
            if instruction.kind in ("letter", "match"):
                following.append((code, saved))
            elif instruction.kind == "split":
                waiting += [(instruction.other, saved), (instruction.step, saved)]
            elif instruction.kind == "save":
                kept = [*saved[: instruction.other], place, *saved[instruction.other + 1 :]]
                waiting.append((instruction.step, kept))
            elif instruction.kind == "jump" or self.holds(instruction.what, place):
                waiting.append((instruction.step, saved))

    def holds(self, what: str, place: int) -> bool:
        before, after = self.text[max(place - 1, 0) : place], self.text[place : place + 1]
        at_word = _is_word(before) != _is_word(after)
        return {
            "begin": not before,
            "end": not after,
            "begin line": before in ("", "\n"),
            "end line": after in ("", "\n"),
            "word": at_word,
            "no word": not at_word,
        }[what]


def is_in(code: int, ranges: Sequence[tuple[int, int]]) -> bool:
    """Return whether a letter is in one of some ranges."""
    return any(first <= code <= last for first, last in ranges)


def _is_word(letter: str) -> bool:
    return bool(letter) and is_in(ord(letter), _WORD)
