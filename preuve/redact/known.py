"""Names of people that a run found: they are replaced wherever they occur, and searched for before closing.

A name is known in any spelling: case, accents, kinds of space, hyphen and apostrophe, first or last name first, and
whatever stands beside it but a letter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from preuve.redact.lists.machines import MACHINES
from preuve.redact.spelling import located, plain

# A first and a last name, as in `jane.doe` or `Jane Doe`. A single word may be the name of anything (`backup`).
_TWO_PARTS = re.compile(r"[^\W\d_][\w'-]*(?:[. ][\w'-]+)+")
_WORD = re.compile(r"(?=[^\W\d_]['-]?[^\W\d_])[^\W\d_]+(?:['-][^\W\d_]+)*")  # a word of a name in any spelling
_LEAST = 6
_CUT = ',"'  # no name crosses these
_BREAK = r"\\[nrt]"  # a line break in JSON
_BETWEEN = rf"(?:,? ?{_BREAK}|, ?|[\s._-]{{1,3}})"
_WITHIN = r"[\s._'-]?"  # a name of two words
_ALONE = rf"(?:(?<![^\W\d_])|(?<={_BREAK}))(?:{{}})(?![^\W\d_])"
_EXACT = rf"(?:(?<![\w.-])|(?<={_BREAK}))(?:{{}})(?![\w-])(?!\.\w)"


@dataclass(frozen=True)
class _Known:
    """A person's name as it is searched for; `letters` stand in every text that has it."""

    letters: tuple[str, ...]
    pattern: re.Pattern[str]
    pseudonyms: Mapping[str, str]  # by spelling
    other: str  # the pseudonym of any other spelling


class KnownNames:
    """Names in clear that no file may contain."""

    def __init__(self, names: Mapping[str, str], spared: Iterable[str] = ()) -> None:
        """Prepare a search. `names`: pseudonym to name. `spared` identify no person, as the company's name."""
        apart = plain(" ".join(spared))
        spelt = {plain(name).strip(): pseudonym for pseudonym, name in sorted(names.items(), key=lambda item: item[1])}
        chosen = [name for name in spelt if len(name) >= _LEAST and _TWO_PARTS.fullmatch(name) and name not in apart]
        people: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name in chosen:
            people[_person(name) or (name,)].append(name)
        for name in set(spelt).difference(chosen):  # a login alone is no name, unless it consists of one
            if (person := _person(name)) in people:
                people[person].append(name)
        logins = {login for person in people for login in _logins(person)}
        for name in sorted(set(spelt).difference(*people.values())):
            if len(name) >= _LEAST and re.sub(r"[\d._-]", "", name) in logins:
                people[name,].append(name)
        # A login may consist of two plain words (`break.glass`): it is a name only in this spelling.
        for person, own in list(people.items()):
            if len(person) > 1 and not any(" " in name for name in own):
                del people[person]
                people |= {(name,): [name] for name in own}
        self._known = [_known(person, {name: spelt[name] for name in sorted(own)}) for person, own in people.items()]

    def replaced(self, text: str) -> str:
        """Return the text with pseudonyms in place of these names."""
        if not self._likely(_CUT.join(dict.fromkeys(text.split(_CUT)))):  # a snapshot repeats itself in many lines
            return text
        # No name crosses the end of a line, and few lines of a snapshot hold one.
        return "\n".join(map(self._in_line, text.split("\n")))

    def _in_line(self, line: str) -> str:
        for known in self._likely(line):
            line = _without(line, known)
        return line

    def found(self, text: str) -> bool:
        """Return whether one of these names stands in a text."""
        return self.stand_in(plain(text))

    def stand_in(self, read: str) -> bool:
        """Return whether one of these names stands in a text that `plain` has read."""
        return any(known.pattern.search(read) for known in self._among(read))

    def _likely(self, text: str) -> list[_Known]:
        """Return the names whose letters stand in a text: a pattern takes ten times as long to say that none do."""
        return list(self._among(plain(text))) if self._known else []

    def _among(self, read: str) -> Iterator[_Known]:
        return (known for known in self._known if all(letters in read for letters in known.letters))

    def replace_below(self, folder: Path) -> None:
        """Replace them in every file of a snapshot: a name is known only once the unit that lists people was read."""
        for path in sorted(folder.rglob("*.json*")):
            before = path.read_text(encoding="utf-8")
            after = self.replaced(before)
            if after != before:
                path.write_text(after, encoding="utf-8", newline="\n")


def _without(line: str, known: _Known) -> str:
    read, places = located(line)
    parts, done = [], 0
    for match in known.pattern.finditer(read):
        first, last = places[match.start()], places[match.end()]
        parts += [line[done:first], known.pseudonyms.get(match[0], known.other)]
        done = last
    return "".join([*parts, line[done:]])


def _person(name: str) -> tuple[str, ...]:
    """Return the words of a name in an order of their own; none if they are not all those of a person's name."""
    words = re.split(r"[\s._]+", name)
    words = name.split("-") if len(words) == 1 else words
    if len(words) < 2 or not all(map(_WORD.fullmatch, words)) or not MACHINES.isdisjoint(words):
        return ()
    return min(_turned(words))


def _turned(words: list[str]) -> list[tuple[str, ...]]:
    """Return the words first name first, and last name first, wherever one ends."""
    return [(*words[start:], *words[:start]) for start in range(len(words))]


def _logins(person: tuple[str, ...]) -> Iterator[str]:
    """Yield what companies make of a first and a last name."""
    for first, *rest in _turned(list(person)) if len(person) > 1 else ():
        initial, name, others = first[0], re.sub("['-]", "", first), re.sub("['-]", "", "".join(rest))
        yield from (initial + others, others + initial, name + others, name + others[0])


def _known(person: tuple[str, ...], pseudonyms: Mapping[str, str]) -> _Known:
    if len(person) > 1:
        forms = [_BETWEEN.join(_flexible(word) for word in words) for words in _turned(list(person))]
        letters = {part for word in person for part in re.split("['-]", word)}
        pattern = _ALONE.format("|".join(forms))
    else:
        letters = set(person)
        exact = not _person(person[0]) and ("." in person[0] or " " in person[0])
        pattern = (_EXACT if exact else _ALONE).format(re.escape(person[0]))
    ordered = tuple(sorted(letters, key=len, reverse=True))
    return _Known(ordered, re.compile(pattern), pseudonyms, next(iter(pseudonyms.values())))


def _flexible(word: str) -> str:
    return _WITHIN.join(re.escape(part) for part in re.split("['-]", word))
