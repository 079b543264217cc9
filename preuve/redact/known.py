"""Names of people that a run found: they are replaced wherever they occur, and searched for before closing.

A name is known in any spelling: case, accents, kinds of space, hyphen and apostrophe, and first or last name first. Its
words stand next to each other with any signs but letters between them, or with nothing. Where letters run on, at either
end or between the words, a capital tells where a word begins (`ForZoeMartin`); without one, two words of four letters
or more are a name (`formargauxlefevre`), and shorter ones may be part of any word (`zoemartin`).

Both who replaces and who searches ask the same finder, so that nothing ends an audit that could not be replaced.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

from preuve.library.vocabulary import vocabulary
from preuve.redact.lists.harmless import WORDS
from preuve.redact.lists.machines import MACHINES, NOBODY, PARTICLES
from preuve.redact.redactor import settled
from preuve.redact.spelling import as_long, located, plain
from preuve.system.strict import TwiceError, loads, loads_apart

# A first and a last name, as in `jane.doe` or `Jane Doe`. A single word may be the name of anything (`backup`).
_TWO_PARTS = re.compile(r"[^\W\d_][\w'-]*(?:[. ][\w'-]+)+")
_WORD = re.compile(r"(?=[^\W\d_]['-]?[^\W\d_])[^\W\d_]+(?:['-][^\W\d_]+)*")  # a word of a name in any spelling
_LEAST = 6
_CUT = ',"'  # no name goes over it
_BREAK = r"\\[nrt]"  # of a line, in JSON
_BREAKS = (r"\n", r"\r", r"\t")
# Between two words: no letter, in whole escapes of JSON and of URLs. A quotation mark ends a value, unless it is the
# name of a tag and the next word its value.
_SIGN = r"(?:\\[nrtbf\\\"/]|\\(?![\\\"])|%[0-9a-f]{2}|[^\\\"%\w]|[%\d_])"
_PAIR = r"\"\s?:\s?\""
_BETWEEN = rf"((?:{_SIGN}){{0,5}}|{_PAIR})"
_LONG, _REACH = 4, 40  # letters of a word that is no part of another one; characters between two words, and more
_LEAST_LAST, _INITIALS = 3, 3  # letters of a last name, and initials
_SOMEBODY = "[removed: person]"
_WITHIN = r"[\s._'-]?"  # a name of two words
_ALONE = rf"(?:(?<![^\W\d_])|(?<={_BREAK}))(?:{{}})(?![^\W\d_])"
_EXACT = rf"(?:(?<![\w.-])|(?<={_BREAK}))(?:{{}})(?![\w-])(?!\.\w)"


@dataclass(frozen=True)
class _Known:
    """A person's name as it is searched for; `letters` stand in every text that has it, the longest first."""

    letters: tuple[str, ...]
    form: str
    pseudonyms: Mapping[str, str]  # by spelling
    other: str  # the pseudonym of any other spelling
    long: bool = False  # whether its words are a name even where letters run on
    capital: bool = False  # whether its first and its last word begin with capitals

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The form, compiled once the letters are found: few of many people are in a text."""
        return re.compile(self.form)

    def places(self, text: _Text) -> Iterator[re.Match[str]]:
        """Return where the name stands in a text."""
        read, reach, done = text.read, _REACH * (1 + self.pattern.groups), 0
        place = read.find(self.letters[0])
        while place >= 0:  # finds a word in a tenth of the time of a pattern
            start = max(done, place - reach)
            while (match := self.pattern.search(read, start, place + reach)) and match.start() <= place:
                if match.end() > place and self._is_name(match, text):
                    yield match
                    done = match.end()
                    break
                start = match.start() + 1
            place = read.find(self.letters[0], max(place + 1, done))

    def pseudonym(self, match: re.Match[str]) -> str:
        """Return what takes the place of the name; line breaks and the ends of JSON values in it stay."""
        name = self.pseudonyms.get(match[0], self.other)
        between = [gap for gap in match.groups() if gap is not None]
        if any('"' in gap and "\\" not in gap for gap in between):
            return name + name.join(['"' + gap.strip('"') + '"' if '"' in gap else " " for gap in between]) + name
        return name + "".join("\n" + gap.rpartition("\n")[2] for gap in between if "\n" in gap)

    def _is_name(self, match: re.Match[str], text: _Text) -> bool:
        """Return whether the words that were found are words of their own."""
        if self.capital:
            return text.is_capital(match.start()) and text.is_capital(match.start() + _last_word(match[0]))
        between = [match.span(number) for number in range(1, 1 + self.pattern.groups) if match[number] is not None]
        if not between:  # the pattern says so itself
            return True
        joined = [first for first, last in between if first == last]
        if joined and self.long:
            return True
        return text.begins(match.start()) and text.ends(match.end()) and all(text.turns(place) for place in joined)


class _Text:
    """A text as it is written, and as a search reads it."""

    def __init__(self, text: str, read: str = "") -> None:
        self.read = read or plain(text)
        self._text = text

    @cached_property
    def places(self) -> Sequence[int]:
        """The place in the text of each sign that a search reads, and of the end."""
        if as_long(self._text):
            return range(len(self._text) + 1)
        return located(self._text)[1]

    def begins(self, place: int) -> bool:
        """Return whether a word begins at a place of what is read."""
        if place == 0 or not self.read[place - 1].isalpha() or self.read[place - 2 : place] in _BREAKS:
            return True
        before, first, second = (self._sign(place + step) for step in (-1, 0, 1))
        return first.isupper() and (before.islower() or second.islower())

    def ends(self, place: int) -> bool:
        """Return whether a word ends before a place of what is read."""
        if place == len(self.read) or not self.read[place].isalpha():
            return True
        last, after, next_one = (self._sign(place + step) for step in (-1, 0, 1))
        return after.isupper() and (last.islower() or next_one.islower())

    def turns(self, place: int) -> bool:
        """Return whether small letters become capitals at a place, or the reverse."""
        last, first = self._sign(place - 1), self._sign(place)
        return (last.islower() and first.isupper()) or (last.isupper() and first.islower())

    def is_capital(self, place: int) -> bool:
        """Return whether the letter at a place is a capital."""
        return self._sign(place).isupper()

    def _sign(self, place: int) -> str:
        return self._text[self.places[place]] if 0 <= place < len(self.read) else ""


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
        told = {person: {name: spelt[name] for name in sorted(own)} for person, own in people.items()}
        self._known = [_known(person, own) for person, own in told.items()]
        self._known += _shortened({person: own for person, own in told.items() if len(person) > 1}, spelt)

    def replaced(self, text: str) -> str:
        """Return the text with pseudonyms for these names."""
        return self._without(text, self._likely(text))

    def _likely(self, text: str) -> list[_Known]:
        """Return the names whose letters stand in a text: to look for the places takes ten times as long."""
        if not self._known:
            return []
        # A snapshot says the same in many lines.
        return list(self._among(plain(_CUT.join(dict.fromkeys(text.split(_CUT))))))

    def _without(self, text: str, likely: Sequence[_Known]) -> str:
        # A name that shares a word with another one is found when that one is gone.
        while (among := list(self._among(plain(text), likely))) and (replaced := self._once(text, among)) != text:
            text = replaced
        return text

    def _once(self, text: str, likely: Sequence[_Known]) -> str:
        """Return the text without these names, the first ones where some overlap, and of them the longest."""
        seen = _Text(text)
        found = ((match.span(), known.pseudonym(match)) for known in likely for match in known.places(seen))
        parts, done, end = [], 0, 0
        for (first, last), name in sorted(found, key=_longest_first):
            if first >= end:
                parts += [text[done : seen.places[first]], name]
                done, end = seen.places[last], last
        return "".join([*parts, text[done:]])

    def _in_line(self, line: str, likely: Sequence[_Known]) -> str:
        """Return a line of a snapshot; two names of members that became one are told apart again."""
        kept = self._without(line, likely)
        if kept == line or not kept.startswith("{"):
            return kept
        try:
            loads(kept)
        except TwiceError:
            return json.dumps(loads_apart(kept), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return kept

    def renaming(self, path: Path) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
        """Return what gives a document of a file that was kept earlier, when fewer names were known, as a snapshot
        would hold it now. Few such files hold a new name: each is searched once, and not by document.
        """
        text = path.read_text(encoding="utf-8")
        seen = _Text(text)
        return partial(self._renamed, [known for known in self._likely(text) if any(True for _ in known.places(seen))])

    def _renamed(self, likely: Sequence[_Known], document: Mapping[str, Any]) -> Mapping[str, Any]:
        if not likely:
            return document
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        kept = self._in_line(text, likely)
        if kept == text:
            return document
        found: Mapping[str, Any] = json.loads(_settled_document(kept, None))
        return found

    def found(self, text: str) -> bool:
        """Return whether one of these names stands in a text."""
        return self.stand_in(text, plain(text))

    def stand_in(self, text: str, read: str) -> bool:
        """Return whether one of these names stands in a text, of which `plain` gave what is `read`."""
        seen = _Text(text, read)
        return any(True for known in self._among(read) for _ in known.places(seen))

    def _among(self, read: str, known: Sequence[_Known] | None = None) -> Iterator[_Known]:
        stands = cache(read.__contains__)  # people share words, and one is looked for in several forms
        return (one for one in (self._known if known is None else known) if all(map(stands, one.letters)))

    def replace_below(self, folder: Path) -> None:
        """Replace them in every file of a snapshot: a name is known only once the unit that lists people was read."""
        for path in sorted(folder.rglob("*.json*")):
            before = path.read_text(encoding="utf-8")
            likely = self._likely(before)
            # Values of JSON do not go over the end of a line, and few lines hold a name.
            after = "\n".join(self._in_line(line, likely) for line in before.split("\n")) if likely else before
            after = _settled_below(before, after) if after != before else after
            if after != before:
                path.write_text(after, encoding="utf-8", newline="\n")


def _longest_first(found: tuple[tuple[int, int], str]) -> tuple[int, int, str]:
    (first, last), name = found
    return first, -last, name


def _settled_below(before: str, after: str) -> str:
    """Return a file of a snapshot without what looks like a secret since names were replaced: two words became one."""
    if before.startswith("{\n"):  # one document on many lines
        return _settled_document(after, 1)
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    return "\n".join(new if new == old else _settled_document(new, None) for old, new in pairs)


def _settled_document(text: str, indent: int | None) -> str:
    data = json.loads(text)
    clean = _settled_in(data)
    if clean == data:
        return text
    separators = (",", ":") if indent is None else None
    end = "\n" if text.endswith("\n") else ""
    return json.dumps(clean, ensure_ascii=False, sort_keys=True, indent=indent, separators=separators) + end


def _settled_in(value: Any) -> Any:
    if isinstance(value, str):
        return settled(value)
    if isinstance(value, list):
        return [_settled_in(item) for item in value]
    return {settled(key): _settled_in(item) for key, item in value.items()} if isinstance(value, dict) else value


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


def _shortened(people: Mapping[tuple[str, ...], Mapping[str, str]], spelt: Mapping[str, str]) -> Iterator[_Known]:
    """Yield people by what is made of their names: `jdoe`, `j.doe`, `doe_j`, `J. Doe`, `Doe J.`.

    What may be made of the names of several people is nobody's in particular.
    """
    whose: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for person, own in people.items():
        for pair in (pair for name in own for pair in _pairs(name)):
            whose[pair].add(person)
    pairs: dict[tuple[tuple[str, ...], ...], list[tuple[str, str]]] = defaultdict(list)
    for pair, several in whose.items():
        pairs[tuple(sorted(several))].append(pair)
    for owners, made in pairs.items():
        other = next(iter(people[owners[0]].values())) if len(owners) == 1 else _SOMEBODY
        for last in sorted({last for _, last in made}):
            firsts = sorted({first for first, known in made if known == last}, key=len, reverse=True)
            letters = tuple(sorted(re.split(r"[ '-]", last), key=len, reverse=True))
            for capital, forms in ((False, _as_logins(firsts, last)), (True, _as_initials(firsts, last))):
                if forms:
                    yield _Known(letters, _ALONE.format("|".join(forms)), spelt, other, capital=capital)


def _pairs(name: str) -> Iterator[tuple[str, str]]:
    """Yield what stands for the first name and what for the last, as far as one can tell, where a name is cut short:
    initials or the first name, and the last name with and without its particle.
    """
    words = re.split(r"[\s._]+", name)
    cuts = [(words[:at], words[at:]) for at in range(1, len(words))]
    for given, family in (pair for first, second in cuts for pair in ((first, second), (second, first))):
        core = family[next((at for at, word in enumerate(family) if word not in PARTICLES), 0) :]
        initials = "".join(part[0] for word in given for part in word.split("-"))
        if (
            len(max(family, key=len)) >= _LEAST_LAST
            and given[0] not in PARTICLES
            and given[0][1:2] != "'"
            and MACHINES.isdisjoint(family)
        ):
            for last in {" ".join(family), " ".join(core), re.sub("^[dl]'", "", " ".join(core))}:
                yield from ((first, last) for first in {initials[0], initials, "".join(given)})


def _as_logins(firsts: Sequence[str], last: str) -> list[str]:
    """Return patterns of user names: with a sign between the two, or without one if that is no word of a language."""
    known, joined = _flexible(last), re.sub("[ '-]", "", last)
    said = "|".join(map(re.escape, firsts))
    run = [first for first in firsts if len(first + joined) >= _LEAST and first + joined not in _ordinary()]
    forms = [rf"(?:{said})[._-]{known}", rf"{known}[._-](?:{said})"]
    return [*forms, *([rf"(?:{'|'.join(map(re.escape, run))}){known}"] if run else [])]


def _as_initials(firsts: Sequence[str], last: str) -> list[str]:
    """Return patterns of a name in prose with its initials, unless the last name is a word of a language as well."""
    if last in _ordinary():
        return []
    known = _flexible(last)
    dotted = "|".join(r"\.[\s-]?".join(first) for first in firsts if len(first) <= _INITIALS)
    return [rf"(?:{dotted})\.\s?{known}", rf"{known},?\s(?:{dotted})\."] if dotted else []


def _last_word(text: str) -> int:
    """Return the place of the last word in a text."""
    return max(text.rfind(sign) for sign in " .,-'") + 1 if text[-1] != "." else _last_word(text[:-1])


@cache
def _ordinary() -> frozenset[str]:
    """Return words that are not taken for a user name, although somebody's name may make one."""
    return frozenset({*MACHINES, *WORDS, *NOBODY, *map(plain, vocabulary())})


def _known(person: tuple[str, ...], pseudonyms: Mapping[str, str]) -> _Known:
    if len(person) > 1:
        forms = [_BETWEEN.join(_flexible(word) for word in words) for words in _turned(list(person))]
        letters = {part for word in person for part in re.split("['-]", word)}
        pattern = "|".join(forms)
    else:
        letters = set(person)
        exact = not _person(person[0]) and ("." in person[0] or " " in person[0])
        pattern = (_EXACT if exact else _ALONE).format(re.escape(person[0]))
    ordered = tuple(sorted(letters, key=len, reverse=True))
    long = sum(len(word) >= _LONG for word in person) > 1
    return _Known(ordered, pattern, pseudonyms, next(iter(pseudonyms.values())), long)


def _flexible(word: str) -> str:
    return _WITHIN.join(re.escape(part) for part in re.split("[ '-]", word))
