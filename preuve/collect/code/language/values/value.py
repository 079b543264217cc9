"""Values of Terraform's language, known or not.

| Terraform | here |
| --- | --- |
| null, bool, string | None, bool, str |
| number | int, or Decimal where it is not whole; never float |
| tuple, object | tuple, dict |
| list, map, set | list, `Map`, `Set` |
| anything not known | `Unknown`, alone or inside a tuple, an object, a list, a map or a set |
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from unicodedata import normalize

Value = Any

MOST_CAUSES = 5
GAP = "…"  # in a text that is kept: a part that is not known
_MOST_OF_ONE = 2_000  # members and characters
_MOST_OF_DOCUMENT = 20_000  # the same, of what is no object: AWS takes no policy that is longer
_MOST_OPTIONS = 100  # that a value is told to be, if not all of them is known
MOST_FORMS = 8  # of a block, and values of a part of it: three optional parts, with and without each


class RefusedError(Exception):
    """Terraform refuses this expression: a wrong type, a missing attribute, an index out of range. `written` is the
    expression, where a name led to it.
    """

    written = ""


class Map(dict[str, Any]):
    """A map: all its members have one type. A plain dict is an object."""


@dataclass(frozen=True)
class Set:
    """A set: no member twice, in the order in which Terraform goes through it (texts by their code points)."""

    members: tuple[Value, ...] = ()


class Sign(str):
    """A key of an object that no code writes: it says something of the object."""


class NamedText(str):
    """A known text that is an argument of resources, such as `aws_s3_bucket.logs.bucket`: it joins two blocks."""

    sources: frozenset[str]  # addresses of resources
    owner: str  # see `Unknown`

    def __new__(cls, text: str, sources: frozenset[str], owner: str = "") -> NamedText:
        """Make the text, and note where it comes from."""
        made = super().__new__(cls, text)
        made.sources = sources
        made.owner = owner
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return NamedText, (str(self), self.sources, self.owner)


@dataclass(frozen=True)
class Unknown:
    """A value that the code does not determine.

    `causes` are the unknown inputs, as code names them: `var.region`, `data.aws_vpc.main.cidr_block`. `made`: the
    value is a name that a provider assigns to something that the code creates or looks up (`aws_kms_key.main.arn`);
    it is never null, empty, a wildcard or a range of addresses. `sources` are the addresses of the resources that it
    comes from. `owner` is the resource of which it is an unchanged attribute; a value computed from one has no
    owner.
    """

    causes: tuple[str, ...]
    made: bool = False
    sources: frozenset[str] = frozenset()
    computed: bool = False  # computed from its causes by an expression: parts of it may be literal
    owner: str = ""
    written: frozenset[str] = field(default=frozenset(), compare=False)  # the texts that went into that expression


@dataclass(frozen=True)
class ProviderValue(Unknown):
    """What a resource has at an argument that its code does not set: what the provider assigns, or null."""


@dataclass(frozen=True)
class IgnoredValue(Unknown):
    """What a block leaves to others at an argument, once it is `made_with` a value."""

    made_with: Value = field(default=None, compare=False, repr=False)


def is_assigned(value: Unknown) -> bool:
    """Return whether a value is one that a provider assigns in any case: it is never null."""
    return value.made and not isinstance(value, ProviderValue)


@dataclass(frozen=True)
class Loop:
    """A loop with unknown elements: its module, and the collection that it iterates over."""

    module: str
    node: Any
    single: bool = field(default=False, compare=False)  # it has one element at most


@dataclass(frozen=True)
class LoopKey(Unknown):
    """`each.key` or `count.index` in a loop whose elements are not known."""

    loop: Loop | None = field(default=None, compare=False)


@dataclass(frozen=True)
class PartText(Unknown):
    """A partly known text: `arn:aws:s3:::${var.name}/*`. It is never null."""

    parts: tuple[str | Unknown, ...] = ()


class PartKey(Sign):
    """A key of an object that is a partly known text. Its own text says nothing of what is not known."""

    text: PartText

    def __new__(cls, text: PartText) -> PartKey:
        """Make the key; two of the same text are one."""
        made = super().__new__(cls, repr(text))
        made.text = text
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return PartKey, (self.text,)


@dataclass(frozen=True)
class JsonText(Unknown):
    """The JSON of a partly unknown value, as `jsonencode` makes it. It is never null."""

    value: Value = None


@dataclass(frozen=True)
class JsonPart(Unknown):
    """A part of a text that is the JSON of one value, whichever: a text in quotes, a number, a list."""


@dataclass(frozen=True)
class Base64Text(Unknown):
    """The base64 of a partly known text. It is never null; what of the text is known is seen, its base64 is not."""

    value: Value = None


@dataclass(frozen=True)
class PartialList(Unknown):
    """A list or a set of texts that surely holds these ones. What else it holds, and in which order, is not known."""

    held: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartialMap(Unknown):
    """What `merge` makes of maps of which some are not known: surely these members, and others of the `maps`."""

    members: tuple[tuple[str, Value], ...] = ()
    maps: tuple[Value, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class OneOf(Unknown):
    """A value that is one of a few, whichever: each is known, or a text or a document of which a part is not."""

    values: tuple[Value, ...] = field(default=(), hash=False)


@dataclass(frozen=True)
class Alternatives(Unknown):
    """A value that is one of some, or made of one, of which not all is known: only their texts count."""

    values: tuple[Value, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class FilteredValue(Unknown):
    """What a loop takes of an object or a tuple by conditions that are not known: none but these members."""

    value: Value = None


def items_of(value: Value) -> Collection[Value]:
    """Return the values in a collection; none in any other value."""
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, list | tuple):
        return value
    return value.members if isinstance(value, Set) else ()


def listed(value: Value) -> Sequence[Value]:
    """Return the members of a list, a tuple or a set; any other value as the only one."""
    return value.members if isinstance(value, Set) else value if isinstance(value, list | tuple) else (value,)


def parts_of(value: Value) -> Collection[Value]:
    """Return the values in a collection, or in a partly known text or document; none in any other value."""
    if isinstance(value, PartText):
        return value.parts
    if isinstance(value, PartialMap):
        return [member for _, member in value.members]
    return (value.value,) if isinstance(value, JsonText | Base64Text | FilteredValue) else items_of(value)


def unknowns(value: Value) -> Iterator[Unknown]:
    """Yield every unknown in a value."""
    if isinstance(value, Unknown):
        yield value
    for item in items_of(value):
        yield from unknowns(item)


def is_known(value: Value) -> bool:
    """Return whether a value is known, with all that is in it."""
    return next(unknowns(value), None) is None


def unknown(*values: Value, why: str = "") -> Unknown:
    """Return the unknown result of an operation: it has the causes of all these values."""
    found = [item for value in values for item in unknowns(value)]
    causes = dict.fromkeys([cause for item in found for cause in item.causes] + ([why] if why else []))
    return Unknown(tuple(causes)[:MOST_CAUSES], sources=sources_of(values), computed=True, written=_written(values))


def made_of(made: Unknown, *values: Value) -> Unknown:
    """Return what is not known of a result in which no text is but those of some values: the others only choose."""
    return replace(made, written=_written(values))


def holding(made: Unknown, texts: Iterable[str]) -> Unknown:
    """Return what is not known of a list or a set, with the texts that it surely holds."""
    held = tuple(dict.fromkeys(filter(None, texts)))
    return PartialList(made.causes, False, made.sources, True, "", made.written, held) if held else made


def merged(made: Unknown, members: Mapping[str, Value], of: Iterable[Value]) -> Unknown:
    """Return what is not known of a map that is made of several, with the members that it surely has: texts and the
    like, nothing nested.
    """
    kept = tuple((name, value) for name, value in members.items() if isinstance(value, str | bool | PartText))
    given = _each_once(of)
    if not any(isinstance(one, dict) and one for one in given) and not kept:
        return made
    maps = given if len(given) <= _MOST_OPTIONS else ()
    return PartialMap(made.causes, False, made.sources, True, "", made.written, kept, maps)


def one_of_values(made: Unknown, values: Iterable[Value]) -> Unknown:
    """Return what is not known of one of some values, whichever: no text is in it but those of one of them."""
    may_be = _each_once(values)
    made = made_of(made, *may_be)
    deep = any(isinstance(value, dict | list | tuple | FilteredValue | OneOf) for value in may_be)
    if not (deep and made.written) or len(may_be) > _MOST_OPTIONS:
        return made
    return Alternatives(made.causes, made.made, made.sources, made.computed, made.owner, made.written, may_be)


def _each_once(values: Iterable[Value]) -> tuple[Value, ...]:
    """Return values, and in the place of what is made of others these, each once: names of names would double them."""
    found: dict[int, Value] = {}
    for value in values:
        of = value.maps if isinstance(value, PartialMap) else value.values if isinstance(value, Alternatives) else ()
        found |= {id(one): one for one in of or (value,)}
    return tuple(found.values())


def one_of_few(made: Unknown, values: Iterable[Value]) -> Unknown:
    """Return what is not known of a value, with the few texts, numbers, booleans and nulls that it may be; of a text,
    or of the JSON of a document, a part may not be known.
    """
    few: list[Value] = []
    for option in (each for value in values for each in (value.values if isinstance(value, OneOf) else (value,))):
        one = _as_text(option)
        if not _is_plain(one):
            return made
        if any(type(known) is type(one) and known == one for known in few):
            continue
        if len(few) == MOST_FORMS:
            return made
        few.append(one)
    return OneOf(made.causes, False, made.sources, True, "", made.written, tuple(few)) if few else made


def _as_text(value: Value) -> Value:
    """Return the name of one thing that a provider assigns as the text that it is; any other value as it stands."""
    name = value.causes[0] if type(value) is Unknown and is_assigned(value) and len(value.causes) == 1 else ""
    if not name.endswith(_OF_ONE):
        return value
    return PartText(value.causes, sources=value.sources, owner=value.owner, parts=(value,))


_OF_ONE = (".arn", ".id", ".name", ".bucket")  # no list of names


def may_be_null(value: Value) -> bool:
    """Return whether a value is null, or is not known and may turn out to be."""
    if isinstance(value, OneOf):
        return None in value.values
    never = PartText | JsonText | Base64Text | PartialList | PartialMap | FilteredValue
    return value is None or (isinstance(value, Unknown) and not (is_assigned(value) or isinstance(value, never)))


def with_default(value: Value, default: Value) -> Value:
    """Return a value with a default in the place of null, wherever it is null or may be."""
    if isinstance(value, OneOf):
        either = unknown(value, default)
        return one_of_few(either, [default if one is None else one for one in value.values])
    if isinstance(value, Alternatives):
        return one_of_values(unknown(value, default), [value, default])
    if value is None or not may_be_null(value):
        return default if value is None else value
    return unknown(value, default) if value.made else replace(value, written=_written([value, default]))


def _is_plain(value: Value) -> bool:
    """Return whether a value is a text, a number, a boolean or null, or a small object of what is known."""
    if isinstance(value, dict):
        return is_known(value) and is_small(value, _MOST_OF_ONE)
    if isinstance(value, PartText | JsonText):
        return is_small(value, _MOST_OF_DOCUMENT)
    return value is None or isinstance(value, str | int | Decimal)


def texts_held(value: Value) -> Iterator[str]:
    """Yield the texts that a list, a tuple or a set surely holds."""
    members = value.held if isinstance(value, PartialList) else () if isinstance(value, dict) else items_of(value)
    yield from (member for member in members if isinstance(member, str))


def _written(values: Iterable[Value]) -> frozenset[str]:
    """Return the texts in some values, and those that went into what is not known of them."""
    found: set[str] = set()
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        waiting += parts_of(value)
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, Unknown) and not isinstance(value, PartText | JsonText):
            found |= value.written
    return frozenset(found)


def worked_out(value: Value) -> Iterator[Unknown]:
    """Yield all in a value that an expression made of what is not known."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        waiting += parts_of(item)
        if isinstance(item, Unknown) and item.computed:
            yield item


def is_small(value: Value, most: int) -> bool:
    """Return whether a value has at most so many members and characters, in all that it holds. What names another thing
    twice, which does the same, and so on, doubles with each name.
    """
    waiting, size = [value], 0
    while waiting:
        item = waiting.pop()
        size += 1 + (len(item) if isinstance(item, str) else 0)
        waiting += parts_of(item)
        if size + len(waiting) > most:
            return False
    return True


def sources_of(values: Iterable[Value]) -> frozenset[str]:
    """Return the addresses of the resources that texts and unknowns in some values come from."""
    found: set[str] = set()
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        waiting += items_of(value)
        if isinstance(value, Unknown | NamedText):
            found |= value.sources
    return frozenset(found)


def composed(text: str) -> str:
    """Return a text as Terraform keeps it: letters and accents composed."""
    return text if text.isascii() else normalize("NFC", text)


_STREAMS = ":*"  # optional at the end of a log group's ARN


def owner_of(value: Value) -> str:
    """Return the address of the resource if the value is an unchanged attribute of it; "" otherwise.

    The ARN of a log group stays its own with all of its streams: `"${aws_cloudwatch_log_group.x.arn}:*"`.
    """
    if isinstance(value, PartText) and len(value.parts) == 1 and not value.owner:
        return owner_of(value.parts[0])
    if isinstance(value, PartText) and len(value.parts) == 2 and value.parts[1] == _STREAMS:
        owner = owner_of(value.parts[0])
        return owner if isinstance(value.parts[0], Unknown) and value.parts[0].causes == (f"{owner}.arn",) else ""
    return value.owner if isinstance(value, Unknown | NamedText) else ""


def number(value: int | float | Decimal) -> int | Decimal:
    """Return a number as it is kept here: an int if it is whole."""
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    return int(exact) if exact == int(exact) else exact


def number_text(value: int | Decimal) -> str:
    """Return a number as Terraform writes it into a text."""
    text = str(value) if isinstance(value, int) else format(value, "f")  # exact: `normalize` keeps 28 digits
    return text.rstrip("0").rstrip(".") if "." in text else text
