"""Whether two names in a register may be one person's: who owns a risk or makes a statement does not approve it.

A register is written by hand: titles, functions, several people, addresses and user names stand in one cell. Two cells
are one person's where one reading of them makes it so. Who is refused wrongly writes the names in full.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import dropwhile, pairwise, product

from preuve.library.vocabulary import vocabulary

_DOMAIN = re.compile(r"(?<=\w)@[\w.-]*")
_INSIDE = re.compile(r"(?P<open>[(\[{<])|[)\]}>]")
_APART = re.compile(r"[^\w\s.'-]|\s-+\s|\s(?:et|and|ou|or)\s")  # people, or a person and a function
_WORD = re.compile(r"[^\W_]+")
_ELIDED = re.compile(r"\b[dl]'")
_SMALL = ("au", "aux", "de", "den", "der", "des", "du", "en", "la", "le", "les", "of", "the", "van", "von")
_JOINS = re.compile(rf"['-]|(\b(?:{'|'.join(_SMALL)}))\s+")
_APOSTROPHES = str.maketrans("’ʼ`´", "''''")
# How people write letters that a keyboard lacks: of two vowels the first may stand for both.
_OTHER_LETTERS = str.maketrans({"ø": "o", "œ": "oe", "æ": "ae", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th"})
_TWO_FOR_ONE = re.compile(r"(?<=[aou])e|(?<=a)a")
_TITLES = frozenset(
    """
    m mr mrs ms miss mme mlle mle monsieur madame mademoiselle me maitre dr docteur pr prof herr frau
    """.split()  # noqa: SIM905
)
# Of functions, the words that our own texts may lack.
_FUNCTIONS = frozenset(
    """
    achats administrateur administratrice adjoint adjointe architecte associe associee assistant assistante ceo cfo
    board chef cheffe chief cio ciso cofondateur comite committee comptable consultant consultante coo cto cso daf
    delegue deleguee department departement deputy developpeur developpeuse directeur direction director directrice dpd
    dpo drh dsi equipe executive fondateur fondatrice founder general gerant gerante head ingenieur ingenieure juriste
    lead management manager officer owner pdg president presidente purchasing referent referente responsable rh rssi
    secretaire service services stagiaire team tech technicien technicienne tresorier vice
    """.split()  # noqa: SIM905
)
_LOGIN = 4  # letters of a user name that tells
_MOST = 8  # words of a name, and of the initials written together
_TOGETHER = (2, 3)
_PEOPLE = 50  # in one cell


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
        return _ordinary().issuperset(self.apart) and (len(self.apart) > 1 or self.apart[0] in _FUNCTIONS)

    @property
    def tells_function(self) -> bool:
        """Whether it follows a name to say what that person does."""
        return (
            self.is_function
            or not _FUNCTIONS.isdisjoint(self.apart)
            or (self.inside and (len(self.apart) > 1 or _ordinary().issuperset(self.apart)))
        )


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
        """People who are no halves of one name."""
        halves = {part for pair in self._near if _are_halves(pair) for part in pair}
        return [part for part in self.people if part not in halves]

    @cached_property
    def names(self) -> Sequence[tuple[str, ...]]:
        """What may be one person's name."""
        alone = [part.words for part in self._whole if len(part.words) > 1 or len(self.people) == 1]
        return [*alone, *(one.words + other.words for one, other in self._near)]

    @cached_property
    def stands_for(self) -> frozenset[tuple[str, ...]]:
        """What may be a function in place of a name, or a name that reads as a function."""
        alone = sum(not part.inside for part in (*self.people, *self.functions)) <= 1
        whole = (part.words for part in self._whole if alone or len(part.words) > 1)
        return frozenset(tuple(sorted(words)) for words in (*whole, *(name for name in self.names if len(name) > 1)))

    @cached_property
    def said(self) -> frozenset[tuple[str, ...]]:
        """What is said of the people: their functions, and whatever follows the first."""
        return frozenset(tuple(sorted(part.words)) for part in (*self.functions, *self._whole[1:]))

    def logins(self, *, joined: bool) -> Iterator[str]:
        """Yield what may be a user name, or part of one if the other name is read as `joined`: `martinroche` alone is
        made of two words, and is one in `noor.martinroche`.
        """
        for part in self.people:
            if part.solid and not self.joined and (joined or len(part.words) == 1):
                yield from (name for word in part.words if len(name := word.rstrip("0123456789")) >= _LOGIN)


def _are_halves(pair: Sequence[_Part]) -> bool:
    """Return whether two parts may be a last and a first name of which neither is a name alone: `Roche, Jean-Marc`."""
    return all(part.solid for part in pair)


def same_person(one: str, other: str) -> bool:
    """Return whether two cells may name one person, however written: case, accents, order, title, function, initials,
    further given names, address, user name, or one of several people.
    """
    first, second = ((_read(cell), _read(cell, joined=True)) for cell in (one, other))
    if not first[0].people or not second[0].people:
        return False
    if len(first[0].people) > _PEOPLE or len(second[0].people) > _PEOPLE:
        return True  # among so many, anybody
    return any(_meet(*pair) or _meet(*reversed(pair)) for pair in product(first, second))


def is_ordinary(name: str) -> bool:
    """Return whether every word of a name is one of functions or of our own texts."""
    parts = [part for part in _parts(name, joined=False) if part.words]
    return bool(parts) and all(_ordinary().issuperset(part.words) for part in parts)


def is_function(name: str) -> bool:
    """Return whether a name is that of a function and no person's (`Directeur technique`)."""
    return is_ordinary(name) and any(not _FUNCTIONS.isdisjoint(part.words) for part in _parts(name, joined=False))


def _meet(one: _Cell, other: _Cell) -> bool:
    return (
        any(_alike(*pair) for pair in product(one.names, other.names))
        or not one.stands_for.isdisjoint(other.said)
        or any(_spells(login, name[:_MOST]) for login, name in product(one.logins(joined=other.joined), other.names))
    )


def _read(cell: str, *, joined: bool = False) -> _Cell:
    """Read a cell; `joined`: a double name and one with a particle as a single word, as in a user name."""
    parts = [part for part in _parts(cell, joined=joined) if part.words]
    names = [part for part in parts[1:] if not part.tells_function]
    if parts and not (parts[0].is_function and names):
        names = [parts[0], *names]
    return _Cell(tuple(names), tuple(part for part in parts if part not in names), joined)


def _parts(cell: str, *, joined: bool) -> Iterator[_Part]:
    """Yield the parts of a cell, without titles, particles and what follows the sign of an address."""
    plain, inside, done = _DOMAIN.sub("", _folded(cell)), False, 0
    for sign in (*_INSIDE.finditer(plain), None):
        for text in _APART.split(plain[done : sign.start() if sign else None]):
            apart = tuple(_words(text, joined=False))
            words = tuple(_words(text, joined=True)) if joined else apart
            yield _Part(words, apart, inside, solid=len(text.split()) == 1)
        if sign:
            inside, done = bool(sign["open"]), sign.end()


def _words(text: str, *, joined: bool) -> list[str]:
    known = _JOINS.sub(r"\1", text) if joined else _ELIDED.sub(" ", text).replace("'", "")
    words = [_TWO_FOR_ONE.sub("", word) for word in _WORD.findall(known) if word not in _SMALL]
    return list(dropwhile(_TITLES.__contains__, words))


def _folded(text: str) -> str:
    """Return a text in small letters without accents and without what nobody sees."""
    signs = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    seen = (sign for sign in signs if unicodedata.category(sign) not in ("Mn", "Cf"))
    return "".join(seen).translate(_OTHER_LETTERS)


@cache
def _ordinary() -> frozenset[str]:
    """Return the words of which functions are named."""
    return frozenset(_TWO_FOR_ONE.sub("", _folded(word)) for word in (*vocabulary(), *_FUNCTIONS))


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether the words of one name are all in the other, also as initials."""
    fewer, more = sorted((sorted(one, key=len, reverse=True), sorted(other, key=len, reverse=True)), key=len)
    if fewer == more:
        return True
    if len(more) > _MOST or len(fewer[0]) == 1 == len(fewer) or _are_functions(fewer, more):
        return sorted(fewer) == sorted(more)
    apart = len(fewer) == len(more) and _within(fewer, _taken_apart(more))
    return apart or _within(fewer, more) or _within(_taken_apart(fewer), more)


def _are_functions(fewer: Sequence[str], more: Sequence[str]) -> bool:
    """Return whether two names are functions: a longer one is another (`direction`, `direction technique`)."""
    return _ordinary().issuperset(fewer) and (len(fewer) == 1 or _ordinary().issuperset(more))


def _within(fewer: Sequence[str], more: Sequence[str]) -> bool:
    if not fewer:
        return True
    word, *rest = fewer
    places = {item: place for place, item in enumerate(more) if _same_word(word, item)}
    return any(_within(rest, [*more[:place], *more[place + 1 :]]) for place in places.values())


def _same_word(one: str, other: str) -> bool:
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])


def _taken_apart(words: Sequence[str]) -> list[str]:
    """Return the words with initials that were written together (`JM`) one by one."""
    return [part for word in words for part in (word if len(word) in _TOGETHER else [word])]


def _spells(login: str, words: Sequence[str], used: int = 0, *, whole: bool = False) -> bool:
    """Return whether a user name is made of words and initials of a name, of one whole word at least."""
    if not login:
        return whole and used > 1
    return any(
        _spells(login.removeprefix(part), [*words[:place], *words[place + 1 :]], used + 1, whole=whole or part == word)
        for place, word in enumerate(words)
        for part in (word, word[0])
        if login.startswith(part)
    )
