"""Literal secrets in a block: by their form, or by a name that announces a secret.

All values are searched, and what is packed in them: JSON, base64, gzip, and assignments in scripts. A value from
outside the code (a variable without a value, a resource, a data source) is not a secret in the code. A program that
was not seen (a file that is not read) is unknown. Values are never kept: only the place and the kind of secret.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from preuve.collect.code.judgements.bodies import PART, Body, argument, cause, leaves, not_known
from preuve.collect.code.secrets.contents.archives import LONGEST
from preuve.collect.code.secrets.contents.outside_references import (
    is_brought,
    is_outside,
    is_secret_itself,
    stands_in_clear,
)
from preuve.collect.code.secrets.contents.packed_texts import (
    inside_of,
    is_encoded_as_a_whole,
    is_packed,
    is_unexplained,
    settings_in,
)
from preuve.collect.code.secrets.contents.pairs import (
    EXAMPLES,
    PairName,
    as_written,
    describes_interface,
    is_elsewhere,
    is_encrypted,
    is_said_so,
    is_secret_of_kubernetes,
    is_value_of,
    keys_of_another,
    name_in,
    space_of,
    type_of,
)
from preuve.collect.code.secrets.forms import (
    NEAR_NAME,
    STAND_IN,
    UNOPENED,
    WORD,
    kinds,
    kinds_and_doubts,
    kinds_by_form,
)
from preuve.collect.code.secrets.places import (
    AWS,
    COMPUTING,
    DATA,
    OF_A_MANIFEST,
    PARAMETERS,
    POLICIES,
    PROVIDER,
    Role,
    calls_it,
    grants,
    is_for,
    is_of_code,
    is_of_tags,
    is_open,
    is_strict,
    is_taken_as_it_is,
    may_name_one,
    metas,
    says_a_variable,
    says_that_it_is_none,
    takes_password,
)
from preuve.collect.code.secrets.possible_texts import PossibleText, decoded_text
from preuve.collect.code.verdict.marks import (
    MADE,
    OPEN,
    PART_OF_A_SECRET,
    hides_secret,
    is_marked,
    is_opaque,
    unpacked,
)
from preuve.library.words import is_secret, without_which_one, words_of
from preuve.redact.notations.arguments import is_value, login_words, option_of
from preuve.redact.notations.assignments import with_assignments
from preuve.redact.notations.definition import (
    ENCRYPTED,
    FILLED_IN,
    MAY_BE_KEY,
    NAME_OF_ONE,
    NONE,
    SECRET,
    STANDS_IN,
    Column,
    ValuePlace,
    judged,
    may_be_one,
)
from preuve.redact.notations.handed_secrets import ARGUMENT
from preuve.redact.notations.names import (
    Telling,
    announces,
    ends_in_one,
    identifies,
    is_about,
    may_be_public,
    may_name_key,
    measures,
    tells,
)
from preuve.redact.notations.values import (
    HOLE,
    holds_key,
    is_a_token,
    is_beside_reference,
    is_key,
    is_key_of_cipher,
    is_literal,
    is_mask,
    is_set_later,
    is_stand_in,
    looks_secret,
)
from preuve.redact.notations.web_keys import WEB_KEY, private_parts, public_parts

NAMED = "telling_name"
CALLED = "__called__"  # in a body: the pattern of `named_secrets.py`
_ANNOUNCED = frozenset({NAMED, "assignment", ARGUMENT})  # kinds that the form of a value does not show
_REFERENCED = re.compile(r"parameter_?store|secrets_?manager", re.IGNORECASE)

_KEPT = frozenset({"secrets-manager", "parameter-store"})  # below these, a build names values that are stored elsewhere
_REFERRING = frozenset({"valuefrom", "credentialsparameter"})  # arguments that name the place where a secret is stored
_ANY_SECRET = "any-words"  # noqa: S105 - stands for a part of a text that is not known
_OTHER = "\ue002"  # stands for an unknown part of a name
_AN_EXAMPLE = "an example in an API description may be a secret"
_BELOW = "a value below a name that announces a secret may be one"
_A_WORD = "a word in data may be a secret: its name announces one"
_TOO_DEEP, _TOO_LONG = "too deep", "longer than"
_UNREAD = "the base64 content here is not text, and may contain a secret"
BESIDE_ONE = "a value that looks like a key, in a login, after an option or beside a word for a secret, may be one"
_DOUBTS = {STAND_IN: STANDS_IN, WORD: _A_WORD, NEAR_NAME: BESIDE_ONE, UNOPENED: _UNREAD}
_OF_A_HEADER = "the value that a header is compared with may be a secret"
_OF_UNKNOWN_NAME = "a value whose name or type is not known"
_MADE_OF_LITERALS = "the code contains a text that may be the value here, and may be a secret"

_DEEPEST = 40
_LEAST_NUMBER = 100_000  # smaller numbers are ports or seconds


@dataclass(frozen=True)
class Detection:
    """A secret that was found: where it is and how it was recognised, without its value."""

    path: str
    kind: str
    mark: str = ""  # hash of its text: tells two secrets of one kind apart


@dataclass(frozen=True)
class UnreturnedValue:
    """A value that an expression uses but does not return: only its form can show that it is a secret."""

    of: Any


class _Place(NamedTuple):
    """The place of a value: its path, its name, and how to read the name."""

    path: str = ""
    name: str = ""
    free: bool = False  # people chose the name
    strict: bool = False  # every value here is a secret
    weak: bool = False  # a value that looks like a secret is one: a parent is named like one
    most: Telling = Telling.SURELY  # the most that a name proves here
    vague: bool = False  # a parent in data has a name that may announce a secret
    shows: bool = False  # it describes an interface: examples are not values
    perhaps: bool = False  # may be one, depending on an unknown: a pair's name, a parameter's type
    open: bool = False  # its name says that it is no secret, in a store that encrypts everything
    routes: bool = False  # a value that looks like a secret may also route requests
    chosen: bool = False  # a variable of a program, whatever its name
    stored: bool = False  # may be the name under which a store keeps the secret
    clear: bool = False  # everyone who may view the program reads this value
    depth: int = 0

    def step(self, name: str, *, free: bool, strict: bool = False, weak: bool = False) -> _Place:
        path = f"{self.path}/{name}" if self.path else name
        inner = _Place(path, name, free, strict, weak, self.most, self.vague, self.shows)
        return inner._replace(clear=self.clear, depth=self.depth + 1)

    def below(self, name: str) -> str:
        """Return the path of a member by names alone, without list indexes."""
        return ".".join([*(step for step in self.path.split("/") if step and not step.startswith("[")), name])

    def at(self, number: int) -> _Place:
        return self._replace(path=f"{self.path}/[{number}]", depth=self.depth + 1)

    def telling(self) -> Telling:
        """Return how surely the name of this place announces a secret."""
        own = Telling.SURELY if self.strict else tells(self.name, free=self.free)
        return min(self.most, own or (Telling.PERHAPS if self.weak else Telling.NOTHING))


@dataclass
class _Search:
    kind: str
    later: frozenset[str] = frozenset()  # arguments whose changes are ignored
    runs: bool = False  # it configures a program
    found: dict[Detection, None] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)  # why there may be a secret, with the first place
    places: dict[str, None] = field(default_factory=dict)
    elsewhere: dict[str, None] = field(default_factory=dict)
    called: re.Pattern[str] | None = None  # literals that the code names as secrets elsewhere
    texts: set[str] = field(default_factory=set)
    searched: dict[tuple[int, _Place], Any] = field(default_factory=dict)  # by identity: data may repeat a part

    def value(self, value: Any, place: _Place) -> None:
        if place.depth > _DEEPEST:
            self.hide(_TOO_DEEP, place)
        elif isinstance(value, UnreturnedValue):
            self.value(value.of, place._replace(most=Telling.NOTHING, depth=place.depth + 1))
        elif isinstance(value, str):
            self.text(value, place)
        elif isinstance(value, Mapping | list | tuple):
            if self.kind or self.is_new(value, place):  # code does not repeat parts
                self.members(value, place) if isinstance(value, Mapping) else self.items(value, place)
        elif isinstance(value, int) and value >= _LEAST_NUMBER:
            self.named(str(value), place)

    def is_new(self, value: Any, place: _Place) -> bool:
        """Return whether this part of data was not yet searched under such a name, and remember it."""
        key = id(value), place._replace(path="", depth=min(place.depth, 1))
        new = key not in self.searched
        self.searched[key] = value  # kept alive, so that no other object gets its id
        return new

    def items(self, values: list[Any] | tuple[Any, ...], place: _Place) -> None:
        """Search the items of a list. A word that follows an option for a secret takes the option's name."""
        words = values if isinstance(values, list) and place.most is not Telling.NOTHING else []
        for number, item in enumerate(values):
            at = place if len(values) == 1 else place.at(number)
            option = option_of(words[number - 1]) if words and number else ""
            self.value(item, at._replace(name=option, free=True) if option and is_value(item) else at)
        for number in login_words(words):
            self.note(Detection(place.at(number).path, "argument"))

    def members(self, value: Body, place: _Place) -> None:
        """Search the members of a block or a map; the value of a pair is searched under the pair's name."""
        names = [str(name) for name in value if not str(name).startswith("__")]
        of_pair = name_in(value, names)
        if place.strict and any(announces(name) for name in names):
            place = place._replace(strict=False, weak=True)  # the document names its secret members itself
        place = place._replace(shows=place.shows or describes_interface(value))
        aside = set(keys_of_another(value, names)) | (metas(self.kind) if place.depth == 0 else set())
        manifest = is_secret_of_kubernetes(value)
        key = {name: argument(value, name) for name in names} if "kty" in value else {}
        private, public = private_parts(key), public_parts(key)
        for name in names:
            item = value[name]
            if name == OPEN:  # content from elsewhere
                self.hide(cause(item), place)
            elif form := next(kinds_by_form(name), ""):  # a name that is a secret is not shown either
                self.note(Detection(f"{place.path}/a name", form))
                self.value(item, self.member("a name", item, place))
            elif name in private:
                self.private(name, item, place)
            elif place.shows and name in EXAMPLES:
                self.example(item, self.member(name, item, place)._replace(name=place.name, weak=place.weak))
            elif (
                name in aside
                or name in public
                or is_encrypted(self.kind, name, item)
                or (not self.kind and len(names) == 1 and is_elsewhere(name, item))
            ):
                self.value(UnreturnedValue(item), place.step(name, free=False))
            elif of_pair is not None and is_value_of(name, of_pair):
                if not _REFERENCED.search(as_written(type_of(value))):
                    self.value(item, self.paired(of_pair, name, value, place))
            else:
                self.inside(name, item, place, strict=manifest and name in OF_A_MANIFEST)

    def example(self, item: Any, place: _Place) -> None:
        """Search the examples in a description of an interface: a value whose name announces a secret may be one."""
        beside = _Search(self.kind)
        beside.value(item, place._replace(most=min(place.most, Telling.PERHAPS)))
        for found in beside.found:
            if found.kind in _ANNOUNCED:
                self.hide(_AN_EXAMPLE, place)
            else:
                self.note(found)

    def private(self, name: str, item: Any, place: _Place) -> None:
        """Search the private part of a JSON Web Key: it is a secret whatever its name."""
        text, at = argument({name: item}, name), place.step(name, free=False, strict=True)
        if not isinstance(text, str) or not_known(text):
            self.value(item, at)
        elif is_literal(text, free=False) and not is_mask(text):
            self.note(Detection(at.path, WEB_KEY, _mark(text)))

    def inside(self, name: str, item: Any, place: _Place, *, strict: bool) -> None:
        """Search a member, or the blocks that a loop makes in its place."""
        made = list(_perhaps_made(item)) if name == "dynamic" else []
        for label, inner in made or [(name, item)]:
            at = self.member(label, inner, place)
            self.value(inner, at._replace(strict=True) if strict else at)

    def paired(self, of: PairName, member: str, pair: Body, place: _Place) -> _Place:
        """Return the place of the value of a pair, under the name that the pair gives it."""
        last = PART.sub(_OTHER, of.text).rsplit("/", 1)[-1]
        perhaps = not_known(of.text) and _OTHER in last
        told = "" if perhaps else last
        strict = place.strict or is_strict(self.kind, place.below(member))
        open_ = False
        if self.kind in PARAMETERS:
            strict = strict or type_of(pair) == "SecureString"
            open_ = says_that_it_is_none(last)
            perhaps = perhaps or is_opaque(type_of(pair))
        above = tells(place.name, free=place.free) is Telling.SURELY or (
            is_for(place.name, Role.HEADERS) and not of.compared
        )
        surely = place.weak or (above and place.depth > 0) or of.verifies or is_said_so(pair)
        weak = surely or of.in_header
        step = place.step(member if place.depth == 0 else told or member, free=True, strict=strict, weak=weak)
        clear = place.clear or says_a_variable(as_written(space_of(pair)))
        stored = is_marked(type_of(pair))
        return step._replace(name=told, perhaps=perhaps, open=open_, routes=not surely, clear=clear, stored=stored)

    def member(self, name: str, item: Any, place: _Place) -> _Place:
        open_ = is_open(name)
        above = tells(place.name, free=place.free) if place.depth > 0 else Telling.NOTHING
        most = Telling.NOTHING if grants(name, item) or name in _KEPT or measures(name) else place.most
        if place.depth == 0 and self.kind.startswith(DATA):  # it may name the secret that is looked up
            most = min(most, Telling.PERHAPS)
        return _Place(
            path=f"{place.path}/{name}" if place.path else name,
            name=name if self.kind else _key_of(place.name, name),
            free=not self.kind or (not isinstance(item, list) and place.depth > 0),
            strict=is_strict(self.kind, place.below(name)) or (place.strict and not open_),
            weak=not open_ and (place.weak or above >= Telling.SURELY) and (bool(self.kind) or not is_about(name)),
            vague=not self.kind and (place.vague or (bool(above) and ends_in_one(place.name))) and not is_about(name),
            shows=place.shows,
            most=Telling.SURELY if not self.kind and is_for(name, Role.ENVIRONMENT) else most,
            chosen=is_for(place.name, Role.CHOSEN),
            open=self.kind in PARAMETERS and not tells(name, free=True) and (place.open or says_that_it_is_none(name)),
            clear=place.clear or is_for(name, Role.CONTENT),
            depth=place.depth + 1,
        )

    def text(self, text: str, place: _Place) -> None:
        """Search a text and everything packed in it."""
        if len(text) > LONGEST:
            self.hide(f"{_TOO_LONG} {LONGEST} characters", place)
            return
        if isinstance(text, PossibleText):
            self.possible(text, place)
        inner = inside_of(place.name, unpacked(text))
        if inner is not None:
            self.value(decoded_text(inner, text), place._replace(depth=place.depth + 1))
            return
        text = unpacked(text)
        if place.strict and (settings := settings_in(text)):
            for kind in kinds_by_form(text):
                self.note(Detection(place.path, kind))
            self.value(settings, place._replace(strict=False, weak=True, depth=place.depth + 1))
            return
        if not_known(text):
            self.unknown(text, place)
            text = PART.sub(HOLE, text) if PART.search(text) else f"{HOLE} {text}"
        encoded = is_encoded_as_a_whole(place.name, text)
        by_form = place.most is Telling.NOTHING
        told = list(kinds_by_form(text) if by_form else kinds_and_doubts(text, all_of_it=encoded))
        for kind in told:
            self.told(kind, text, place)
        if self.called and place.most is not Telling.NOTHING and not self.is_called(place):
            self.note(*(Detection(place.path, NAMED, _mark(match[0])) for match in self.called.finditer(text)))
        if told in ([], [NEAR_NAME]) and HOLE not in text:
            self.named(with_assignments(text), place)

    def told(self, kind: str, text: str, place: _Place) -> None:
        """Note a secret of a kind that a text contains."""
        if kind in _DOUBTS:
            if self.kind or place.most is Telling.SURELY or kind == UNOPENED:  # otherwise it is only a word in data
                self.hide(_DOUBTS[kind], place)
        else:
            self.note(*(Detection(place.path, kind, _mark(part)) for part in _with_kind(text, kind)))

    def is_called(self, place: _Place) -> bool:
        """Return whether an argument is the name of a resource: names are public."""
        return place.depth == 1 and calls_it(self.kind, place.name)

    def possible(self, text: PossibleText, place: _Place) -> None:
        """Search the values that a text may have. One that is only an option, or only a part, is a doubt."""
        for option in text.options:
            self.value(option, place._replace(depth=place.depth + 1))
        if text.literals and (place.perhaps or place.telling() is Telling.SURELY):
            beside = _Search(self.kind, self.later, self.runs)
            for literal in sorted(text.literals):
                beside.named(literal, place)
            if beside.found or beside.hidden:
                self.hide(_MADE_OF_LITERALS, place)

    def unknown(self, text: str, place: _Place) -> None:
        """Note why a text that is unknown, in whole or in part, may hold a secret."""
        telling = place.telling() is Telling.SURELY
        if telling:
            self.elsewhere[place.path] = None
        outside = is_outside(text)
        beside = PART.sub("", text).strip()  # the literal part of a text that is partly unknown
        whole = not beside or not PART.search(text)
        open_ = not outside or len(beside) >= PART_OF_A_SECRET
        named = (telling or place.perhaps) and open_
        runs = self.runs and is_for(place.name, Role.CONTENT) and not place.chosen and not is_of_tags(place.path)
        content = runs and (whole or not outside or is_packed(beside))
        brought = self.runs and not place.chosen and whole and is_brought(text)
        refers = place.name.lower() in _REFERRING
        clear = self.runs and not refers and stands_in_clear(text, read=place.clear, telling=telling)
        sure = telling and place.clear and not (place.stored or place.open or may_be_public(place.name))
        if clear and sure and is_secret_itself(text):
            self.note(Detection(place.path, NAMED, _mark(text)))
            return
        given = self.runs and place.clear and not refers and is_opaque(text)
        shown = given and (telling or _would_be_one(text))
        if hides_secret(text) or named or content or brought or clear or shown:
            self.hide(cause(text), place)

    def named(self, text: str, place: _Place) -> None:
        """Judge a text by the name of its place."""
        if place.perhaps and not place.strict and is_literal(text, free=True):
            self.hide(_OF_UNKNOWN_NAME, place)
        telling, own = place.telling(), tells(place.name, free=place.free)
        if self.kind == AWS or not telling:
            if place.vague and looks_secret(text) and is_a_token(text) and "@" not in text:
                self.hide(_BELOW, place)
            elif self.names_key(place, text) and judged(text, self.at(text, place)) != NONE:
                self.hide(MAY_BE_KEY, place)
            return
        at = self.at(text, place)
        if telling is Telling.PERHAPS:
            self.perhaps(text, place, at, own)
            return
        self.places[place.path] = None
        later = "all" in self.later or place.path.split("/", 1)[0] in self.later
        if (later and is_set_later(text)) or (self.kind.startswith(PROVIDER) and is_stand_in(text)):
            return
        verdict = judged(text, at)
        if verdict == SECRET and place.open and (not looks_secret(text) or "@" in text):
            verdict = ENCRYPTED
        if verdict == SECRET:
            self.texts.add(text)
            self.note(Detection(place.path, NAMED, _mark(text)))
        elif verdict:
            self.hide(verdict, place)

    def names_key(self, place: _Place, text: str) -> bool:
        """Return whether a text may be a key, under a name that people chose: any name may be that of 32 bytes."""
        if not (place.free or is_of_code(self.kind)) or is_for(place.name, Role.NAME) or place.most is Telling.NOTHING:
            return False
        given = self.runs and place.clear and is_key_of_cipher(text) and not identifies(place.name)
        return given or (may_name_key(place.name) and is_key(text))

    def at(self, text: str, place: _Place) -> ValuePlace:
        """Return the place of a text, as far as it decides whether the text is a secret."""
        resolved = self.kind.startswith("AWS::") and is_beside_reference(text)  # by CloudFormation
        taken = (is_taken_as_it_is(self.kind) or (place.strict and bool(self.kind))) and not resolved
        password = taken and not place.free and takes_password(self.kind, place.name)
        column = Column.ARGUMENT if password else Column.CONTENT if place.strict else Column.NAME
        return ValuePlace(column, place.name, place.free and not place.strict, taken)

    def perhaps(self, text: str, place: _Place, at: ValuePlace, own: Telling) -> None:
        """Judge a text in a place that may hold a secret: note one that looks like a secret. It stays a doubt where the
        text may route requests or identify a user, or if it is base64 of unexplained bytes.
        """
        if not (may_be_one(text, taken=at.taken) and (self.kind or own or is_a_token(text))):
            if is_unexplained(text) and not may_be_public(place.name):
                self.hide(_UNREAD, place)
            elif (own or self.kind) and holds_key(text) and judged(text, at) != NONE:
                self.hide(MAY_BE_KEY, place)
        elif place.routes and not own:
            self.hide(_OF_A_HEADER, place)
        elif may_name_one(self.kind, place.name):
            self.hide(NAME_OF_ONE, place)
        else:
            self.note(Detection(place.path, NAMED, _mark(text)))

    def hide(self, why: str, place: _Place) -> None:
        """Note a reason why there may be a secret. The path goes last: a name and a colon look like a password."""
        self.hidden.setdefault(f"{why} ({place.path})" if place.path else why, place.path)

    def note(self, *found: Detection) -> None:
        self.found.update(dict.fromkeys(found))


@dataclass(frozen=True)
class Secrets:
    """The result of a search: the secrets in a block or a value, the reasons why there may be more (`hidden`), and the
    places that could hold one: those searched, those whose value is not in the code (`elsewhere`), those without a
    value (`unset`). `texts` are the secrets that a name surely announces; they serve to recognise them elsewhere and
    are never stored.
    """

    found: tuple[Detection, ...]
    hidden: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()
    texts: frozenset[str] = field(default=frozenset(), repr=False)
    hidden_at: str = ""  # the first place with a doubt


def secrets_of(kind: str, body: Body) -> Secrets:
    """Return the secrets in a block of a kind (a type of resource, or a kind of block)."""
    search = _Search(kind, frozenset(_ignored(body)), kind in COMPUTING, called=body.get(CALLED))
    search.value(body, _Place(most=Telling.NOTHING if kind in POLICIES else Telling.SURELY))
    return _told(search)


def secrets_in_data(value: Any, *, most: Telling = Telling.PERHAPS, called: str = "") -> Secrets:
    """Return the secrets in data of unknown purpose. `most` limits what names prove: with PERHAPS, a name counts only
    beside a value that looks like a secret. `called` is the name of the data.
    """
    search = _Search("")
    search.value(value, _Place(name=called, free=True, vague=is_secret(without_which_one(words_of(called))), most=most))
    return _told(search)


def secrets_under(name: str, value: Any, *, path: str, kind: str = "", weak: bool = False) -> Secrets:
    """Return the secrets in a value under a name that people chose. `kind` is the kind of block that gives the name,
    `weak` says that something else suggests a secret.
    """
    search = _Search(kind)
    most = Telling.NOTHING if measures(name) else Telling.SURELY
    search.value(value, _Place(path, name, free=True, weak=weak, most=most, depth=1))
    return _told(search)


def _key_of(above: str, name: str) -> str:
    """Return the name of a member of data; a key of what announces one has both names: the `key` of `jwt`."""
    both = f"{above}_{name}"
    return both if above and words_of(name) == ["key"] and tells(both, free=True) else name


def without_doubts(secrets: Secrets) -> Secrets:
    """Return secrets without the doubts about parts that were searched; doubts about parts that were not stay."""
    unread = tuple(why for why in secrets.hidden if why.startswith((_TOO_DEEP, _TOO_LONG, _UNREAD, _BELOW, BESIDE_ONE)))
    return replace(secrets, hidden=unread)


def about_forms(secrets: Secrets) -> tuple[str, ...]:
    """Return the doubts that the form of a value leaves: a tool fills it in or decrypts it, it is a path, or it is the
    secret.
    """
    return tuple(why for why in secrets.hidden if why.startswith((FILLED_IN, ENCRYPTED, MAY_BE_KEY)))


def with_default(secrets: Secrets, found: Iterable[Detection], *, is_set: bool) -> Secrets:
    """Return the secrets of a default value, joined with what was `found` about it. Of the doubts, only those about its
    form stay: the blocks that use the value report the others.
    """
    if not is_set:
        return Secrets(tuple(found), unset=secrets.places, texts=secrets.texts)
    doubts = about_forms(secrets)
    at = secrets.hidden_at if doubts else ""
    return Secrets(tuple(found), doubts, secrets.places, texts=secrets.texts, hidden_at=at)


def _told(search: _Search) -> Secrets:
    return Secrets(
        tuple(search.found),
        tuple(search.hidden),
        tuple(search.places),
        tuple(search.elsewhere),
        texts=frozenset(search.texts),
        hidden_at=next(iter(search.hidden.values()), ""),
    )


def _with_kind(text: str, kind: str) -> list[str]:
    """Return the lines of a text that contain a secret of a kind; the whole text if the secret spans several lines."""
    return [line for line in text.splitlines() if kind in kinds(line)] or [text]


def _mark(text: str) -> str:
    return hashlib.sha256(text.strip().encode("utf-8", "backslashreplace")).hexdigest()[:10]


def _would_be_one(text: str) -> bool:
    """Return whether a text contains a secret if its unknown part is one: `password=${var.x}`."""
    filled = PART.sub(lambda part: HOLE if part[0].startswith(MADE) else _ANY_SECRET, text)
    return filled != text and next(kinds(filled), None) is not None


def _ignored(body: Body) -> Iterator[str]:
    for block in leaves(body.get("lifecycle")):
        if isinstance(block, Mapping):
            yield from (
                re.split(r"[.\[]", str(name).strip("${}"), maxsplit=1)[0]
                for name in leaves(block.get("ignore_changes"))
            )


def _perhaps_made(loops: Any) -> Iterator[tuple[str, Any]]:
    """Yield the blocks that a loop may make, by name: literals in them are in the code, however often the loop runs."""
    for loop in leaves(loops):
        for label, made in loop.items() if isinstance(loop, Mapping) else ():
            if isinstance(made, Mapping):
                yield from ((str(label), made[part]) for part in ("for_each", "content") if part in made)
