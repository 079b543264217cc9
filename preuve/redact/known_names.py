"""The names of people that a run found: replaced wherever they occur, and searched for before a bundle is closed.

A name is recognised in any spelling: case, accents, kinds of space, hyphen and apostrophe, first or last name first.
Between its words there may be any characters but letters, or none. Where letters adjoin it, at either end or between
its words, a capital marks the beginning of a word (`ForZoeMartin`); without one, two words of four letters or more are
a name (`formargauxlefevre`), and shorter ones may be part of any word (`zoemartin`).

Replacement and search use the same finder, so that no audit ends because of a name that could not be replaced.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import product, takewhile
from pathlib import Path
from typing import Any

from preuve.redact.lists.machines import PARTICLES
from preuve.redact.names.gaps import BETWEEN, REACH, brackets, is_gap, is_labelled, is_pair, is_particle
from preuve.redact.names.text import Text
from preuve.redact.names.variants import (
    LEAST,
    LETTERS,
    WORD,
    are_ordinary,
    as_initials,
    as_logins,
    cuts_of,
    flexible,
    is_full,
    is_own_phrase,
    last_word,
    logins_of,
    ordinary,
    own_words,
    spellings_of,
    turned,
    words_of,
)
from preuve.redact.redactor import settled
from preuve.redact.spelling import plain
from preuve.system.strict_json import loads_apart

# A first and a last name, as in `jane.doe` or `Jane Doe`. A single word may be the name of anything (`backup`).
_TWO_PARTS = re.compile(r"[^\W\d_][\w'-]*(?:[. ][\w'-]+)+")
_HALF = re.compile(rf"\[removed: (?!person\])\w+\](?:[^\w\"\\\[\]]{{1,5}}{WORD.pattern})++(?![^\W\d_])")
_CUT = ',"'  # no name goes over it
_BREAK = r"\\[nrt]"  # of a line, in JSON
_IDEOGRAPHS = 3  # of a name without spaces: two may be a word (安全, safety)
_LONG = 4  # letters of a word that is no part of another one
_SOMEBODY = "[removed: person]"
MASK = "[…]"
_ALONE = rf"(?:(?<![^\W\d_])|(?<={_BREAK}))(?:{{}})(?![^\W\d_])"
# A word may begin here with any letter, except the letter of an escape.
_MADE = rf"(?:(?<![^\W\d_])(?:(?<!\\)|(?<=\\\\)|(?![nrtbfu]))|(?<={_BREAK}))(?:{{}})(?![^\W\d_])"
_EXACT = rf"(?:(?<![\w.-])|(?<={_BREAK}))(?:{{}})(?![\w-])(?!\.\w)"


@dataclass(frozen=True)
class _Known:
    """A person's name as a search pattern; `letters` occur in every text that contains it, the longest first."""

    letters: tuple[str, ...]
    form: str
    pseudonyms: Mapping[str, str]  # by spelling
    other: str  # the pseudonym of any other spelling
    long: bool = False  # whether its words are a name even with adjoining letters
    capital: bool = False  # whether its first and its last word begin with capitals

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled once its letters are found: a text contains few of many people."""
        return re.compile(self.form)

    def places(self, text: Text) -> Iterator[re.Match[str]]:
        """Return the places of the name in a text."""
        read, reach, done = text.read, REACH * (1 + self.pattern.groups), 0
        place = read.find(self.letters[0])
        while place >= 0:  # finds a word ten times faster than a pattern
            start, stop = max(done, place - reach), place + reach
            near = all(read.find(letters, start, stop) >= 0 for letters in self.letters[1:])
            while near and (match := self.pattern.search(read, start, stop)) and match.start() <= place:
                if match.end() > place and self._is_name(match, text):
                    yield match
                    done = match.end()
                    break
                start = match.start() + 1
            place = read.find(self.letters[0], max(place + 1, done))

    def pseudonym(self, match: re.Match[str], text: Text) -> str:
        """Return the replacement of the name; line breaks, labels, the ends of JSON values and paired brackets stay."""
        name = self.pseudonyms.get(match[0], self.other)
        parts = [name]
        for number, gap in enumerate(match.groups(), 1):
            if gap is None:
                continue
            if is_pair(gap) or (is_labelled(gap) and not is_particle(gap)):
                parts += [text.written(*match.span(number)), name]
                continue
            closed, opened = brackets(gap)
            parts = [opened, *parts, closed]
            if "\n" in gap:
                parts.append("\n" + gap.rpartition("\n")[2])
        return "".join(parts)

    def _is_name(self, match: re.Match[str], text: Text) -> bool:
        """Return whether the matched words are whole words."""
        first, last = match.span()
        if text.is_code(first, last):
            return False
        if self.capital:
            return text.is_capital(first) and text.is_capital(first + last_word(match[0]))
        between = [match.span(number) for number in range(1, 1 + self.pattern.groups) if match[number] is not None]
        if not between:  # the pattern says so itself
            return last - first >= LEAST or text.is_one_case(first, last)
        formal = not text.is_small(first)
        if not all(is_gap(text, start, end, formal=formal) for start, end in between):
            return False
        joined = [start for start, end in between if start == end]
        if joined and (self.long or text.is_ideograph(first)):
            return self.long or last - first >= _IDEOGRAPHS
        return text.begins(first) and text.ends(last) and all(text.turns(place) for place in joined)


@dataclass(frozen=True)
class _Halves:
    """Names with one part replaced as a secret: the other part follows the mark."""

    words: frozenset[str]  # one of which is conclusive
    letters: tuple[str, ...] = ("[removed: ",)
    other: str = _SOMEBODY

    def places(self, text: Text) -> Iterator[re.Match[str]]:
        """Return the places of a mark followed by the rest of a name."""
        for found in _HALF.finditer(text.read):
            words = WORD.finditer(text.read, text.read.index("]", found.start()), found.end())
            left = list(takewhile(lambda word: word[0] in self.words or word[0] in PARTICLES, words))
            end = max((word.end() for word in left if word[0] not in PARTICLES), default=0)
            if match := _HALF.match(text.read, found.start(), end):
                yield match

    def pseudonym(self, match: re.Match[str], _text: Text) -> str:
        """Return the replacement of the mark and the rest: the mark."""
        return match[0][: match[0].index("]") + 1]


_Form = _Known | _Halves


class KnownNames:
    """Names that no file may contain in clear."""

    def __init__(self, names: Mapping[str, str], spared: Iterable[str] = ()) -> None:
        """Prepare a search. `names`: pseudonym to name. `spared` identify no person, as the company's name."""
        apart = " ".join(spelling for name in spared for spelling in spellings_of(name))
        told_of = sorted(names.items(), key=lambda item: item[1])
        spelt = {plain(name).strip(): pseudonym for pseudonym, name in told_of}
        for pseudonym, name in told_of:
            spelt = {spelling: pseudonym for spelling in spellings_of(name) if words_of(spelling)} | spelt
        chosen = [name for name in spelt if is_full(name) and _TWO_PARTS.fullmatch(name) and name not in apart]
        people: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name in chosen:
            people[words_of(name) or (name,)].append(name)
        for name in set(spelt).difference(chosen):  # a login is not a name, unless it consists of one
            if (person := words_of(name)) in people:
                people[person].append(name)
        logins = {login for person in people for login in logins_of(person)}
        for name in sorted(set(spelt).difference(*people.values())):
            if len(name) >= LEAST and re.sub(r"[\d._-]", "", name) in logins:
                people[name,].append(name)
        # A login may consist of two plain words (`break.glass`): it is a name only in this spelling.
        for person, own in list(people.items()):
            if len(person) > 1 and not any(" " in name for name in own):
                del people[person]
                people |= {(name,): [name] for name in own}
        told = {person: {name: spelt[name] for name in sorted(own)} for person, own in people.items()}
        self._known: list[_Form] = [_known(person, own) for person, own in told.items()]
        self._known += _shortened({person: own for person, own in told.items() if len(person) > 1}, spelt)
        telling = {word for person in people if len(person) > 1 for word in person} - PARTICLES
        self._known += [_Halves(frozenset(telling - ordinary()))] if telling else []

    def replaced(self, text: str) -> str:
        """Return the text with pseudonyms for these names."""
        return self._without(text, self._likely(text))

    def _likely(self, text: str) -> list[_Form]:
        """Return the names whose letters occur in a text: searching for their places takes ten times as long."""
        if not self._known:
            return []
        # Lines of a snapshot repeat each other.
        return list(self._among(plain(_CUT.join(dict.fromkeys(text.split(_CUT))))))

    def _without(self, text: str, likely: Sequence[_Form]) -> str:
        # A name that shares a word with another one is found after that one is replaced.
        while (among := list(self._among(plain(text), likely))) and (replaced := self._once(text, among)) != text:
            text = replaced
        return text

    def _once(self, text: str, likely: Sequence[_Form]) -> str:
        """Return the text without these names; of overlapping ones, the first and then the longest."""
        seen = Text(text)
        found = ((match.span(), known.pseudonym(match, seen)) for known in likely for match in known.places(seen))
        parts, done, end = [], 0, 0
        for (first, last), name in sorted(found, key=_longest_first):
            if first >= end:
                parts += [text[done : seen.places[first]], name]
                done, end = seen.places[last], last
        return "".join([*parts, text[done:]])

    def renaming(self, path: Path) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
        """Return a function that converts a document of a kept file to the form of this snapshot, which knows more
        names. Few such files contain a new name: each is searched once as a whole, not per document.
        """
        text = path.read_text(encoding="utf-8")
        seen = Text(text)
        return partial(self._renamed, [known for known in self._likely(text) if any(True for _ in known.places(seen))])

    def _renamed(self, likely: Sequence[_Form], document: Mapping[str, Any]) -> Mapping[str, Any]:
        if not likely:
            return document
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        kept = self._without(text, likely)
        if kept == text:
            return document
        found: Mapping[str, Any] = json.loads(_settled_document(kept, None))
        return found

    def masked(self, text: str) -> str:
        """Return the text with `MASK` in place of each name, so that it does not show whose name it is."""
        seen = Text(text)
        parts, done = [], 0
        for first, last in sorted(match.span() for known in self._among(seen.read) for match in known.places(seen)):
            start, end = seen.places[first], seen.places[last]
            parts += [text[done:start], MASK] if start >= done else []
            done = max(done, end)
        return "".join([*parts, text[done:]])

    def found(self, text: str) -> bool:
        """Return whether a text contains one of these names."""
        return self.stand_in(text, plain(text))

    def whose(self, text: str) -> frozenset[str]:
        """Return the people whose names a text contains, each by one pseudonym; empty if that is ambiguous."""
        seen = Text(text)
        found = {known.other for known in self._likely(text) if any(True for _ in known.places(seen))}
        return frozenset() if _SOMEBODY in found else frozenset(found)

    def stand_in(self, text: str, read: str) -> bool:
        """Return whether a text contains one of these names; `read` is the text as `plain` reads it."""
        return any(True for _ in self._places(Text(text, read)))

    def stand_in_ours(self, text: str, read: str) -> bool:
        """Return whether a text that is partly ours contains one of these names, except one-word names that are our
        words, and phrases of ours in the same spelling.
        """
        seen = Text(text, read)
        return not all(_is_ours(found, seen) for found in self._places(seen))

    def _places(self, seen: Text) -> Iterator[re.Match[str]]:
        return (match for known in self._among(seen.read) for match in known.places(seen))

    def _among(self, read: str, known: Sequence[_Form] | None = None) -> Iterator[_Form]:
        stands = cache(read.__contains__)  # people share words, and one is looked for in several forms
        return (one for one in (self._known if known is None else known) if all(map(stands, one.letters)))

    def replace_below(self, folder: Path) -> None:
        """Replace the names in every file of a snapshot: a name is known only after the unit that lists people."""
        for path in sorted(folder.rglob("*.json*")):
            before = path.read_text(encoding="utf-8")
            likely = self._likely(before)
            # JSON values do not cross lines, and few lines contain a name.
            after = "\n".join(self._without(line, likely) for line in before.split("\n")) if likely else before
            after = _settled_below(before, after) if after != before else after
            if after != before:
                path.write_text(after, encoding="utf-8", newline="\n")


def _is_ours(found: re.Match[str], text: Text) -> bool:
    """Return whether a match belongs to our own texts: one of our words, alone or with adjoining letters, or several
    words that are adjacent in one of our texts. Capitals must agree if all words have them: `le long` is ours, Le Long
    a name.
    """
    read, (first, last) = found.string, found.span()
    if not found[0].isalpha():
        named = all(text.is_capital(first + word.start()) for word in LETTERS.finditer(found[0]))
        said = text.written(first, last) if named else found[0]
        return is_own_phrase(" ".join(said.split()), spelt=named)
    while first and read[first - 1].isalpha():
        first -= 1
    while last < len(read) and read[last].isalpha():
        last += 1
    return not own_words().isdisjoint((found[0], read[first:last]))


def _longest_first(found: tuple[tuple[int, int], str]) -> tuple[int, int]:
    (first, last), _ = found
    return first, -last


def _settled_below(before: str, after: str) -> str:
    """Return a file of a snapshot without what looks like a secret only since names were replaced: two words became
    one.
    """
    if before.startswith("{\n"):  # one document on many lines
        return _settled_document(after, 1)
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    return "\n".join(new if new == old else _settled_document(new, None) for old, new in pairs)


def _settled_document(text: str, indent: int | None) -> str:
    """Return a document in the form in which snapshots are written; members whose names became equal get different
    names.
    """
    clean = _settled_in(loads_apart(text))
    separators = (",", ":") if indent is None else None
    end = "\n" if text.endswith("\n") else ""
    return json.dumps(clean, ensure_ascii=False, sort_keys=True, indent=indent, separators=separators) + end


def _settled_in(value: Any) -> Any:
    if isinstance(value, str):
        return settled(value)
    if isinstance(value, list):
        return [_settled_in(item) for item in value]
    return {settled(key): _settled_in(item) for key, item in value.items()} if isinstance(value, dict) else value


def _shortened(people: Mapping[tuple[str, ...], Mapping[str, str]], spelt: Mapping[str, str]) -> Iterator[_Known]:
    """Yield people by short forms of their names: `jdoe`, `j.doe`, `doe_j`, `J. Doe`, `Doe J`, or half a double name.

    A form that several people share stands for none of them in particular.
    """
    cuts = [(next(iter(own.values())), cut) for own in people.values() for name in own for cut in cuts_of(name)]
    whole: dict[tuple[str, ...], set[str]] = defaultdict(set)
    whose: dict[tuple[str, str], set[str]] = defaultdict(set)
    for whom, cut in cuts:
        for pair in product(cut.initials | cut.given, cut.family):
            whose[pair].add(whom)
            if pair[0] in cut.given and not are_ordinary(pair):
                whole[min(turned(list(pair)))].add(whom)
    yield from (_known(both, spelt, _only(owners)) for both, owners in sorted(whole.items()) if both not in people)
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for pair, owners in whose.items():
        exact = people.get(min(turned(list(pair))))  # whose name it is
        pairs[next(iter(exact.values())) if exact else _only(owners)].append(pair)
    for owner, made in pairs.items():
        yield from _made(made, spelt, owner)


def _made(pairs: Sequence[tuple[str, str]], spelt: Mapping[str, str], owner: str) -> Iterator[_Known]:
    """Yield one person by user names and initials."""
    for last in sorted({last for _, last in pairs}):
        firsts = sorted({first for first, known in pairs if known == last}, key=len, reverse=True)
        letters = tuple(sorted(re.split(r"[ '-]", last), key=len, reverse=True))
        for capital, forms in ((False, as_logins(firsts, last)), (True, as_initials(firsts, last))):
            if forms:
                yield _Known(letters, _MADE.format("|".join(forms)), spelt, owner, capital=capital)


def _only(owners: Collection[str]) -> str:
    """Return the only owner of a form, or a word in place of several."""
    return next(iter(owners)) if len(owners) == 1 else _SOMEBODY


def _known(person: tuple[str, ...], pseudonyms: Mapping[str, str], other: str = "") -> _Known:
    if len(person) > 1:
        forms = [BETWEEN.join(flexible(word) for word in words) for words in turned(list(person))]
        letters = {part for word in person for part in re.split("[ '-]", word)}
        pattern = "|".join(forms)
    else:
        letters = set(person)
        exact = not words_of(person[0]) and ("." in person[0] or " " in person[0])
        pattern = (_EXACT if exact else _ALONE).format(re.escape(person[0]))
    ordered = tuple(sorted(letters, key=len, reverse=True))
    long = sum(len(word) >= _LONG for word in person) > 1
    return _Known(ordered, pattern, pseudonyms, other or next(iter(pseudonyms.values())), long)
