"""Whether two names in a register may be one person's: who owns a risk or makes a statement does not approve it.

A register is written by hand: titles, functions, several people, addresses and user names stand in one cell. Two cells
may be one person's where one reading of them makes it so. They are two people's only where each gives a first and a
last name, and no reading makes them one: a function that is known, or initials, do not tell who it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import dropwhile, pairwise, product

from preuve.library.company.posts import (
    WORD,
    also_names,
    base_of,
    bases_of_words,
    folded,
    function_words,
    is_of_functions,
    known_words,
    ordinary_words,
    post_of,
    posts_by_words,
    spelling_of,
    words_in_text,
)

NOT_TWO = "nothing shows that owner and approver are two people"
AS_TWO = (
    "write each as First Last (CISO), the function in brackets, or as the address first.last@…; the owner cannot be the"
    " approver"
)
_DOMAIN = re.compile(r"(?<=\w)@[\w.-]*")
_INSIDE = re.compile(r"(?P<open>[(\[{<])|[)\]}>]")
_APART = re.compile(r"([^\w\s.'-]|\s-+\s|\s(?:et|and|ou|or)\s)")  # people, or a person and a function
_ALSO = frozenset({"et", "and", "&", "/", "+"})  # also between the subjects of one function
_LETTERS = re.compile(r"(?<![\w.])(?:[a-z]\.[\s-]?)+[a-z](?:\.|(?!\w))")  # `R.S.S.I.`, `P.-D.G.`
_ENDS = "e ee ne le te fe ve se ere ice ive rice trice euse iere elle enne ale eur teur if er"
_BEGINS = r"(?<![^\W\d_])"  # by words: a long word is examined once
_EITHER = re.compile(
    rf"{_BEGINS}([^\W\d_]{{3,}}+)(?:[·•⋅∙‧./-]|\s?[/(\[]-?)(?:{'|'.join(_ENDS.split())})s?(?:[·.]s)?[)\]]?(?!\w)"
)
_BOTH = re.compile(rf"{_BEGINS}([^\W\d_]{{3,}}+)(?:[/-]|\s?[/(\[]\s?|\s(?:ou|or)\s)([^\W\d_]++)[)\]]?(?!\w)")
# A name at birth or by marriage; one word in brackets may be one.
_FURTHER = re.compile(
    rf"{_BEGINS}([^\W\d_]++)(?:[^\w]++(?:nee?|born|epouse|ep|veuve|vve|alias|dite?)\b[\s.:]+([^()\[\]{{}}<>,;/]+)[)\]}}>]?"
    r"|\s*[(\[]\s*(?:ex[\s-]+)?([^\W\d_]{3,}+(?:-[^\W\d_]++)?)\s*[)\]])"
)
_BETWEEN = frozenset({"et", "and", "ou", "or"})
_LOOK_ALIKE = frozenset({"ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "GREEK", "LATIN"})  # scripts of like letters
_LOGIN = 4  # letters of a user name that tells
_MOST = 8  # words of a name, and of the initials written together
_TOGETHER = (2, 3)
_PEOPLE = 50  # in one cell
_LONGEST = 1_000  # characters of a cell that are read
_CLOSE = 0.8  # from which on two words may be one, written differently (`Dupont`, `Dupond`)
_ABBREVIATED = re.compile(r"[^\W_]+\.(?!\S)")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’.-]+[^\W\d_]+)*\.?")  # words as somebody writes them: `J.-M.`, `noor.benali`
_ACRONYM = 4  # letters at most
_RUN = re.compile(r"[^()\[\]{}<>,;:/&+|]+")
_MAILBOX = re.compile(r"([^\W\d_]{2,})[._-]([^\W\d_]{2,})@[\w.-]+")


@dataclass(frozen=True)
class _Part:
    """What stands between two signs: somebody's name, half of one, or a function."""

    words: tuple[str, ...]
    apart: tuple[str, ...]  # the same, double names as two words
    inside: bool  # brackets
    solid: bool  # no space in it, as in a user name

    @property
    def is_function(self) -> bool:
        """Whether it reads as a function where a name may stand behind it; one word may be a last name."""
        said = bool(self.apart) and all(map(is_of_functions, self.apart))
        return said and (len(self.apart) > 1 or self.has_function)

    @property
    def tells_function(self) -> bool:
        """Whether it follows a name to say what that person does."""
        return self.is_function or self.has_function or (self.inside and all(map(is_of_functions, self.apart)))

    @property
    def has_function(self) -> bool:
        """Whether one of its words is a word of functions."""
        return any(map(_is_function_word, self.apart))


@dataclass(frozen=True)
class _Name:
    """A name that a cell may hold. What stands behind the first may as well be a place, a company or a day."""

    words: tuple[str, ...]
    first: bool


@dataclass(frozen=True)
class _Cell:
    """A cell read: people, or functions that stand for them, and functions that are said of them."""

    people: tuple[_Part, ...]
    functions: tuple[_Part, ...]
    joined: bool  # double names read as one word

    @cached_property
    def _near(self) -> Sequence[tuple[_Part, _Part]]:
        """Parts that may be a last name and the first name behind a comma."""
        near = pairwise(self.people)
        return [pair for pair in near if min(len(part.words) for part in pair) == 1 or _are_halves(pair)]

    @cached_property
    def _whole(self) -> Sequence[_Part]:
        """People whose parts are not halves of one name."""
        halves = {part for pair in self._near if _are_halves(pair) for part in pair}
        return [part for part in self.people if part not in halves]

    @cached_property
    def names(self) -> Sequence[_Name]:
        """The parts that may be a person's name."""
        alone = [part for part in self._whole if len(part.words) > 1 or len(self.people) == 1]
        near = [_Name(one.words + other.words, self._is_first(one)) for one, other in self._near]
        return [*(_Name(part.words, self._is_first(part)) for part in alone), *near]

    @cached_property
    def stands_for(self) -> frozenset[tuple[str, ...]]:
        """What may be a function in place of a name, or a name that reads as a function."""
        alone = sum(not part.inside for part in (*self.people, *self.functions)) <= 1
        whole = (part.words for part in self._whole if self._is_first(part) and (alone or len(part.words) > 1))
        named = (name.words for name in self.names if name.first and len(name.words) > 1)
        return frozenset(tuple(sorted(words)) for words in (*whole, *named))

    @cached_property
    def said(self) -> frozenset[tuple[str, ...]]:
        """The text about the people: their functions, and everything after the first."""
        behind = (part for part in self._whole if not self._is_first(part))
        return frozenset(tuple(sorted(part.words)) for part in (*self.functions, *behind))

    def logins(self, *, joined: bool) -> Iterator[tuple[str, bool]]:
        """Yield what may be a user name, or part of one if the other name is read as `joined`: `martinroche` alone is
        made of two words, and is one in `noor.martinroche`. With it: whether it is of the first part.
        """
        for part in self.people:
            if part.solid and not self.joined and (joined or len(part.words) == 1):
                yield from ((word, self._is_first(part)) for word in part.words if len(word) >= _LOGIN)

    def _is_first(self, part: _Part) -> bool:
        return part == self.people[0]


def _are_halves(pair: Sequence[_Part]) -> bool:
    """Return whether two parts may be a last and a first name of which neither is a name alone: `Roche, Jean-Marc`."""
    return all(part.solid for part in pair)


def are_two(one: str, other: str) -> bool:
    """Return whether two cells certainly name two people: each begins with a full first and last name, in one script,
    and nothing in either makes them one person. A reviewer who cannot be told apart from the owner does not count.
    """
    (first, *more), (second, *others) = _full_names(one), _full_names(other)
    if not first or not second or len(set(map(_script, filter(str.isalpha, "".join(first + second))))) > 1:
        return False
    return not (
        same_person(one, other)
        or _may_be(frozenset(first), other)
        or _may_be(frozenset(second), one)
        or any(_alike(*pair) or _are_close(*map(frozenset, pair)) for pair in ((first, second), *product(more, others)))
    )


def _full_names(cell: str) -> Sequence[tuple[str, ...]]:
    """Return the words of the full name with which a cell begins, if it has a first and a last name, and those of
    further names. Functions around a name are removed; a function inside it leaves none.
    """
    if len(cell) > _LONGEST:
        return [()]
    if (mailbox := _MAILBOX.fullmatch(cell.strip().casefold())) and not _is_shared(*map(spelling_of, mailbox.groups())):
        return [tuple(map(spelling_of, mailbox.groups()))]  # so may somebody write whose name is a word of functions
    short = frozenset(map(spelling_of, (found.rstrip(".") for found in _ABBREVIATED.findall(cell))))
    text = _RUN.sub(_without_functions, _as_written(_without_acronyms(cell)))
    read = _read(text, joined=True, each=False)
    begins = next((name.words for name in read.names if name.first and _is_full(name.words, short)), ())
    more = (part.words for part in read.people if not part.inside and part.words != begins)
    return [begins, *(words for words in more if _is_full(words, short))]


def _is_full(words: Sequence[str], short: frozenset[str]) -> bool:
    """Return whether words are a first and a last name: two that are neither initials nor words of functions."""
    told = {word for word in words if word not in short and _is_whole(word) and not is_of_functions(word)}
    return len(told) > 1 and not any(map(_is_function_word, words))


def _is_whole(word: str) -> bool:
    """Return whether a word is no initial: `李` is a last name."""
    return _has_letter(word) and (len(word) > 1 or not word.islower())


def _is_shared(first: str, last: str) -> bool:
    """Return whether an address of two words is a function's (`service.achats@`, `acme.rssi@`), not `raf.simons@`."""
    is_post = frozenset({base_of(last)}) in posts_by_words()
    return is_post or (is_of_functions(first) and (first not in also_names() or is_of_functions(last)))


def _without_acronyms(cell: str) -> str:
    """Return a cell without initials, and without short words in capitals beside others that are not: `SOC`, `JM`."""
    every = all(word.isupper() for word in _TOKEN.findall(cell))

    def kept(found: re.Match[str]) -> str:
        letters = "".join(filter(str.isalpha, found[0]))
        initials = not found[0].endswith(".") and all(len(word) == 1 for word in WORD.findall(found[0]))
        short = letters.isupper() and len(letters) <= _ACRONYM and spelling_of(letters) not in also_names()
        cased = letters.lower() != letters.upper()
        return "" if cased and (initials or (short and not every)) else found[0]

    return _TOKEN.sub(kept, cell)


def _without_functions(found: re.Match[str]) -> str:
    """Return the text between two separators without functions at its beginning and end."""
    words = list(dropwhile(_tells_nobody, found[0].split()))
    return " ".join([*dropwhile(_tells_nobody, reversed(words))][::-1]).join("  ")


def _tells_nobody(text: str) -> bool:
    return text in _BETWEEN or all(map(is_of_functions, words_in_text(text, joined=False)))


def _may_be(name: frozenset[str], cell: str) -> bool:
    """Return whether two words of a name occur anywhere in a cell, whatever is between them (`Marie Petit`, and `Marie
    Durand (nom d'usage : Petit)`), or one alone: `Petit, Marie` is a name, and `Marie, Lyon` may be Marie Petit.
    """
    text = _as_written(cell)
    alone = (part.words[0] for part in _parts(text, joined=True) if len(part.words) == 1)
    said = words_in_text(text, joined=True) + words_in_text(text, joined=False)
    return len(name.intersection(said)) > 1 or not name.isdisjoint(alone)


def _are_close(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two names share a word and have another that may be equal: `Alex` and `Alexandre`."""
    apart = product(one - other, other - one)
    return not one.isdisjoint(other) and any(
        word.startswith(found) or found.startswith(word) or SequenceMatcher(None, word, found).ratio() > _CLOSE
        for word, found in apart
    )


def same_person(one: str, other: str) -> bool:
    """Return whether two cells may name one person in any spelling: case, accents, order, title, function, initials,
    further given names, address, user name, or one of several people.
    """
    if max(len(one), len(other)) > _LONGEST:
        return all(any(map(str.isalnum, cell)) for cell in (one, other))  # in so long a text, anybody
    first, second = list(_cells(one)), list(_cells(other))
    if not first[0].people or not second[0].people:
        return False
    if len(first[0].people) > _PEOPLE or len(second[0].people) > _PEOPLE:
        return True  # among so many, anybody
    if _is_mixed(one) or _is_mixed(other):
        return True  # look-alike letters hide who it is
    return any(_meet(*pair) or _meet(*reversed(pair)) for pair in product(first, second))


def _cells(cell: str) -> Iterator[_Cell]:
    """Yield a cell in each of its readings."""
    ways = product((False, True), repeat=2)
    yield from dict.fromkeys(
        _read(text, joined=joined, each=each) for text, (each, joined) in product(_readings(cell), ways)
    )


def is_ordinary(name: str) -> bool:
    """Return whether every word of a name is a word of functions or of our own texts."""
    words = _apart(name)
    return bool(words) and all(is_of_functions(word) or word in also_names() for word in words)


def tells_function(text: str) -> bool:
    """Return whether every word of a text is a word of functions or of our own texts, and no word is also a name."""
    words = _apart(text)
    return bool(words) and all(map(is_of_functions, words))


def is_function(name: str) -> bool:
    """Return whether a name is a function, not a person (`Directeur technique`): it contains a word of functions, and
    otherwise only their subjects. In doubt it is a person.
    """
    words = _apart(name)
    if not also_names().isdisjoint(words[1:] or words):  # `Head of Legal`, and not `Head` or `Mark Head`
        return False
    if len(words) == 1 and ordinary_words().isdisjoint((words[0], words[0].removesuffix("s"))):  # a part of a word
        return False
    known = all(base_of(word) in known_words() for word in words)
    return known and any(map(_is_function_word, words))


def _apart(text: str) -> list[str]:
    """Return the words of a text; none if it is too long for a name."""
    parts = _parts(_as_written(text), joined=False) if len(text) <= _LONGEST else ()
    return [word for part in parts for word in part.apart]


def _meet(one: _Cell, other: _Cell) -> bool:
    """Return whether two cells share a part that is the first of at least one: two people may share a place, a company
    or a function after their names.
    """
    names = ((name, found) for name, found in product(one.names, other.names) if name.first or found.first)
    spelt = (
        (login, name.words[:_MOST])
        for (login, first), name in product(one.logins(joined=other.joined), other.names)
        if (first or name.first) and login not in name.words
    )
    return (
        any(_alike(name.words, found.words) for name, found in names)
        or not one.stands_for.isdisjoint(other.said)
        or any(_spells(login, words) for login, words in spelt)
    )


def _is_mixed(cell: str) -> bool:
    """Return whether a part of a cell has letters of two scripts that look alike."""
    return any(len(_scripts(part)) > 1 for part in _APART.split(_INSIDE.sub(",", folded(cell))))


def _scripts(text: str) -> frozenset[str]:
    return _LOOK_ALIKE.intersection(map(_script, filter(str.isalpha, text)))


def _script(sign: str) -> str:
    return unicodedata.name(sign, "").partition(" ")[0]


def _read(cell: str, *, joined: bool, each: bool) -> _Cell:
    """Read a cell. `joined`: read a double name, or one with a particle, as a single word, as in a user name. `each`:
    read a function of several subjects as several functions.
    """
    known = [part for part in _parts(cell, joined=joined, each=each) if part.words]
    parts = [part for part in known if any(map(_has_letter, part.words))] or known
    names = [part for part in parts[1:] if not part.tells_function]
    if parts and not (parts[0].is_function and names):
        names = [parts[0], *names]
    return _Cell(tuple(names), tuple(part for part in parts if part not in names), joined)


def _readings(cell: str) -> Iterator[str]:
    """Yield the possible readings of a cell: with a further last name, without it, or with it in place of the first
    one.
    """
    text = _as_written(cell)
    yield text
    further = [found for found in _FURTHER.finditer(text) if found[2] or not is_of_functions(spelling_of(found[3]))]
    forms = ("{0} {1}", "{0}", "{1}") if any(found[2] for found in further) else ("{0} {1}", "{0}")
    for form in forms if further else ():
        read = text
        for found in reversed(further):
            name = form.format(found[1], found[2] or found[3])
            read = f"{read[: found.start()]}{name} {read[found.end() :]}"
        yield read


def _as_written(cell: str) -> str:
    """Return a cell folded, and a function in its first form: `Délégué·e`, `D.P.O.`, `Directeur ou directrice`."""
    text = _LETTERS.sub(_without_dots, _DOMAIN.sub("", folded(cell)))
    return _BOTH.sub(_first_form, _EITHER.sub(_first_form, text))


def _without_dots(found: re.Match[str]) -> str:
    letters = "".join(filter(str.isalpha, found[0]))
    return letters if letters in function_words() else found[0]


def _first_form(found: re.Match[str]) -> str:
    """Return the first of both forms of a function; any other text unchanged."""
    word, *others = found.groups()
    return (
        word
        if base_of(word) in known_words() and all(base_of(other) == base_of(word) for other in others)
        else found[0]
    )


def _parts(plain: str, *, joined: bool, each: bool = False) -> Iterator[_Part]:
    """Yield the parts of a cell as `_as_written`, without titles and particles."""
    inside, done = False, 0
    for sign in (*_INSIDE.finditer(plain), None):
        for text in _pieces(plain[done : sign.start() if sign else None], each=each):
            apart = tuple(words_in_text(text, joined=False))
            words = post_of(apart) or (tuple(words_in_text(text, joined=True)) if joined else apart)
            yield _Part(words, apart, inside, solid=len(text.split()) == 1)
        if sign:
            inside, done = bool(sign["open"]), sign.end()


def _pieces(text: str, *, each: bool) -> Iterator[str]:
    """Yield the parts of a cell between separators, but keep a function with several subjects together (`Directeur
    administratif et financier`); with `each`, yield it for each subject: `RSSI et qualité` is also the RSSI.
    """
    first, *rest = _APART.split(text)
    for sign, piece in zip(rest[::2], rest[1::2], strict=True):
        more = sign.strip() in _ALSO and _is_one_function(first, piece)
        if more and not each:
            first = f"{first} {piece}"
            continue
        yield first
        first = f"{_head(first, piece)} {piece}" if more else piece
    yield first


def _head(text: str, more: str) -> str:
    """Return the function that a following subject belongs to; none if that part has its own function."""
    told, own = (filter(_is_function_word, words_in_text(one, joined=False)) for one in (text, more))
    return "" if any(own) else next(told, "")


def _is_function_word(word: str) -> bool:
    return base_of(word) in function_words()


def _is_one_function(text: str, more: str) -> bool:
    """Return whether the text after a function is another subject of it, and no second function."""
    words, others = words_in_text(text, joined=False), words_in_text(more, joined=False)
    if not others or not all(base_of(word) in known_words() for word in (*words, *others)):
        return False
    fields = not any(map(_is_function_word, others))
    said = any(map(_is_function_word, words))
    return (said and fields) or frozenset(map(base_of, (*words, *others))) in posts_by_words()


def _has_letter(word: str) -> bool:
    return any(map(str.isalpha, word))


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether the words of one name are all in the other, also as initials."""
    fewer, more = sorted((sorted(one, key=len, reverse=True), sorted(other, key=len, reverse=True)), key=len)
    if fewer == more:
        return True
    if len(more) > _MOST or len(fewer[0]) == 1 == len(fewer) or _are_functions(fewer, more):
        return sorted(fewer) == sorted(more)
    within = _share_initials(fewer, more) or _within(fewer, more) or _within(_taken_apart(fewer), more)
    return within or _are_together(one, other) or _are_together(other, one)


def _share_initials(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two names share a word, and the other words of one match the initials of the other completely:
    `Jean Petit`, `JM Petit`.
    """
    same = {word for word in one if word in other and len(word) > 1}
    rest, initials = ([word for word in name if word not in same] for name in (one, other))
    whole = [word for word in initials if len(word) not in _TOGETHER]
    return bool(same) and len(one) == len(other) and _within(rest, _taken_apart(initials)) and _within(whole, rest)


def _are_together(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether a name is another one with two of its words joined (`Mc Donald`, `Xiao Ming`)."""
    places = range(len(one) - 1) if len(one) > 2 else ()
    return any(sorted([*one[:at], one[at] + one[at + 1], *one[at + 2 :]]) == sorted(other) for at in places)


def _are_functions(fewer: Sequence[str], more: Sequence[str]) -> bool:
    """Return whether two names are functions: a longer one is different (`direction`, `direction technique`)."""
    return bases_of_words().issuperset(fewer) and (len(fewer) == 1 or bases_of_words().issuperset(more))


def _within(fewer: Sequence[str], more: Sequence[str]) -> bool:
    if not fewer:
        return True
    word, *rest = fewer
    places = {item: place for place, item in enumerate(more) if _same_word(word, item)}
    return any(_within(rest, [*more[:place], *more[place + 1 :]]) for place in places.values())


def _same_word(one: str, other: str) -> bool:
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])


def _taken_apart(words: Sequence[str]) -> list[str]:
    """Return the words with joined initials (`JM`) separated."""
    return [part for word in words for part in (word if len(word) in _TOGETHER else [word])]


def _spells(login: str, words: Sequence[str], used: int = 0, *, whole: bool = False) -> bool:
    """Return whether a user name consists of words and initials of a name, with at least one whole word."""
    if not login:
        return whole and used > 1
    return any(
        _spells(login.removeprefix(part), [*words[:place], *words[place + 1 :]], used + 1, whole=whole or part == word)
        for place, word in enumerate(words)
        for part in (word, word[0])
        if login.startswith(part)
    )
