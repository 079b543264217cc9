"""What an expression of Terraform can come to, as far as code alone decides it. Knows nothing of Checkov's classes.

Checkov's parser leaves out parentheses: `!(a && b)` and `!a && b` are one text to it. So every way to group a text is
tried; what Terraform would refuse for its types nobody has meant. What is not understood is UNKNOWN, never a guess.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

UNKNOWN: Final = object()
Outcomes = list[Any]  # all values that a text can come to: plain data, or UNKNOWN
Resolve = Callable[[str, str], Outcomes]  # of `var.name`, `local.name`, or of another pair, `ingress.value`

_REFUSED: Final = object()  # by Terraform
_MOST_TOKENS, _MOST_OUTCOMES = 40, 16
_MOST_SIZE = 1_000_000  # characters and items of a value
MOST_BITS = 10_000  # of a number: Python writes none of more than 4,300 digits
_OPERATOR = re.compile(r"&&|\|\||==|!=|<=|>=|[<>!?:+*/%-]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_STRING = re.compile(r""""[^"]*"|'[^']*'""")
_PART = re.compile(r"\$\{([^{}]*)\}")
_FIELD = re.compile(r"""([A-Za-z_][\w-]*|"[^"$]*"|'[^'$]*')\s*[:=](?!=)""")
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_STEP = re.compile(r"""\.([A-Za-z_][\w-]*)|\[["']([^"'\]]*)["']\]|\[(\d+)\]""")
_SPLAT = re.compile(r"\[\*\]")
_WORDS = {"True": True, "False": False, "None": None}  # how Checkov's parser writes true, false and null
_TRUTH = {"true": True, "false": False}


class _UnclearError(Exception):
    """A text that is not understood."""


class Open(dict[str, Any]):
    """An object that its type completes: what is not given is null, or has a default that is not read here."""

    def __init__(self, given: Mapping[str, Any], defaulted: frozenset[str]) -> None:
        super().__init__(given)
        self.defaulted = defaulted

    def at(self, key: str) -> Any:
        """An attribute; UNKNOWN where a default stands for it."""
        value = self.get(key)
        return UNKNOWN if value is None and key in self.defaulted else value


def outcomes(value: Any, resolve: Resolve) -> Outcomes:
    """All that a value of an attribute can come to, as the parser gives it: plain data in which texts are `${…}`."""
    if isinstance(value, dict):
        return [{key: _only(outcomes(item, resolve)) for key, item in value.items()}]
    if isinstance(value, list):
        return [[_only(outcomes(item, resolve)) for item in value]]
    if not isinstance(value, str) or not ("${" in value or "%{" in value):
        return [value]
    try:
        return _text(value, resolve)
    except (_UnclearError, RecursionError, ValueError, OverflowError):  # a number may be too long for Python
        return [UNKNOWN]


def small(found: Outcomes) -> Outcomes:
    """The outcomes, UNKNOWN where they are too large: a local that names another one twice, which does the same, and so
    on, doubles with each.
    """
    waiting, size = list(found), 0
    while waiting:
        value = waiting.pop()
        size += 1
        if isinstance(value, str):
            size += len(value)
        elif isinstance(value, list | dict):
            waiting += [*value, *value.values()] if isinstance(value, dict) else value
        if size > _MOST_SIZE:
            return [UNKNOWN]
    return found


def _text(value: str, resolve: Resolve) -> Outcomes:
    """What a text comes to: one expression, or expressions among other signs."""
    if any(sign in value for sign in ("$${", "%{", "\\")):
        return [UNKNOWN]
    if value.startswith("${") and value.endswith("}"):
        reader = _Reader(value[2:-1], resolve)
        found = _grouped(reader.tokens())
        if reader.at_end():
            return found
    parts = [_only(_text(f"${{{match[1]}}}", resolve)) for match in _PART.finditer(value)]
    if not parts or "${" in _PART.sub("", value) or not all(isinstance(part, str | int) for part in parts):
        return [UNKNOWN]
    written = iter(str(part).lower() if isinstance(part, bool) else str(part) for part in parts)
    return [_PART.sub(lambda _: next(written), value)]


def _only(found: Outcomes) -> Any:
    return found[0] if len(found) == 1 else UNKNOWN


# ---- reading ------------------------------------------------------------------------------------------------------


class _Reader:
    """Reads a text into operators and the outcomes of what stands between them."""

    def __init__(self, text: str, resolve: Resolve) -> None:
        self._text = text
        self._resolve = resolve
        self._at = 0

    def at_end(self) -> bool:
        return not self._text[self._at :].strip()

    def tokens(self) -> list[str | Outcomes]:
        """Up to the end, a comma or a closing bracket."""
        found: list[str | Outcomes] = []
        while self._peek() not in ("", ",", ")", "]", "}"):
            operator = self._take(_OPERATOR)
            found.append(operator if operator is not None else self._term())
        return found

    def _peek(self) -> str:
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1
        return self._text[self._at : self._at + 1]

    def _take(self, pattern: re.Pattern[str]) -> str | None:
        self._peek()
        match = pattern.match(self._text, self._at)
        if match is None:
            return None
        self._at = match.end()
        return match[0]

    def _term(self) -> Outcomes:
        if (number := self._take(_NUMBER)) is not None:
            return self._followed([float(number) if "." in number else int(number)])
        if (string := self._take(_STRING)) is not None:
            return self._followed(_text(string[1:-1], self._resolve) if "${" in string else [string[1:-1]])
        if self._peek() in ("[", "{"):
            return self._followed(self._container())
        if (name := self._take(_NAME)) is None:
            raise _UnclearError
        if self._peek() == "(":
            return self._followed(self._call(name))
        return self._followed([_WORDS[name]] if name in _WORDS else self._reference(name))

    def _followed(self, found: Outcomes) -> Outcomes:
        """A term with what is asked of it: `.a`, `["a"]`, `[0]`; UNKNOWN with anything else."""
        while self._peek() in (".", "["):
            match = _STEP.match(self._text, self._at)
            if match is not None:
                self._at = match.end()
                found = [_member(value, match) for value in found]
            elif self._take(_SPLAT) is not None:
                found = [_listed(value) for value in found]
            elif self._peek() == "[":
                self._skip()
                found = [UNKNOWN]
            else:
                raise _UnclearError
        return found

    def _reference(self, kind: str) -> Outcomes:
        match = _STEP.match(self._text, self._at)
        if match is None or match[1] is None:
            return [UNKNOWN]
        self._at = match.end()
        return self._resolve(kind, match[1])

    def _container(self) -> Outcomes:
        start = self._at
        self._skip()
        inner = self._text[start + 1 : self._at - 1].strip()
        if not inner:
            return [[] if self._text[start] == "[" else {}]
        if re.match(r"for\s", inner):
            return [UNKNOWN]
        end, self._at = self._at, start
        if self._text[start] == "[":
            return [[_only(item) for item in self._arguments()]]
        found = self._fields()
        self._at = end
        return found

    def _fields(self) -> Outcomes:
        """The fields of an object, whose names must be written out."""
        self._at += 1
        found: dict[str, Any] = {}
        while self._peek() not in ("", "}"):
            name = self._take(_FIELD)
            if name is None:
                return [UNKNOWN]
            found[name[:-1].strip().strip("\"'")] = _only(_grouped(self.tokens()))
            if self._peek() == ",":
                self._at += 1
        return [found]

    def _call(self, name: str) -> Outcomes:
        if name == "try":
            return self._try()
        if name not in _FUNCTIONS:
            self._skip()
            return [UNKNOWN]
        return _distinct([_FUNCTIONS[name]([_only(item) for item in self._arguments()])])

    def _try(self) -> Outcomes:
        """The first argument that Terraform does not refuse."""
        return next(filter(None, self._arguments(_ungrouped)), [UNKNOWN])

    def _arguments(self, grouped: Callable[[Sequence[str | Outcomes]], Outcomes] | None = None) -> list[Outcomes]:
        self._at += 1
        found = []
        while self._peek() not in ("", ")", "]"):
            before = self._at
            found.append((grouped or _grouped)(self.tokens()))
            if self._peek() == ",":
                self._at += 1
            if self._at == before:
                raise _UnclearError
        self._at += 1
        return found

    def _skip(self) -> None:
        """Over a pair of brackets and all in it."""
        depth = 0
        while self._at < len(self._text):
            if self._take(_STRING) is not None:
                continue
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(self._peek(), 0)
            self._at += 1
            if not depth:
                return
        raise _UnclearError


def _member(value: Any, step: re.Match[str]) -> Any:
    key = step[1] if step[1] is not None else step[2]
    if value is UNKNOWN or (isinstance(value, list) and key is not None):  # `list.name` is old for `list[*].name`
        return UNKNOWN
    if isinstance(value, Open) and key is not None:
        return value.at(key)
    if isinstance(value, dict) and key is not None:
        return value.get(key, _REFUSED)
    if isinstance(value, list) and int(step[3]) < len(value):
        return value[int(step[3])]
    return _REFUSED


def _listed(value: Any) -> Any:
    """`value[*]`."""
    return value if value is UNKNOWN or isinstance(value, list) else [] if value is None else [value]


# ---- evaluation ---------------------------------------------------------------------------------------------------


def _grouped(tokens: Sequence[str | Outcomes]) -> Outcomes:
    """What the tokens come to, whatever the parentheses were."""
    return _ungrouped(tokens) or [UNKNOWN]


def _ungrouped(tokens: Sequence[str | Outcomes]) -> Outcomes:
    """The same; nothing where Terraform refuses all of it."""
    if not 0 < len(tokens) <= _MOST_TOKENS:
        return [UNKNOWN]
    return _Groups(tokens).between(0, len(tokens))


class _Groups:
    """The outcomes of every part of a row of tokens, each found once."""

    def __init__(self, tokens: Sequence[str | Outcomes]) -> None:
        self._tokens = tokens
        self._known: dict[tuple[int, int], Outcomes] = {}

    def between(self, start: int, end: int) -> Outcomes:
        key = (start, end)
        if key not in self._known:
            self._known[key] = _distinct(self._found(start, end))
        return self._known[key]

    def _found(self, start: int, end: int) -> Iterator[Any]:
        first = self._tokens[start]
        if end - start == 1:
            yield from () if isinstance(first, str) else first
        elif first in ("!", "-"):
            yield from (_unary(first, value) for value in self.between(start + 1, end))
        for place in range(start + 1, end - 1):
            operator = self._tokens[place]
            if operator == "?":
                yield from self._conditional(start, place, end)
            elif isinstance(operator, str) and operator not in ("!", ":"):
                right = self.between(place + 1, end)
                yield from (_binary(operator, one, other) for one in self.between(start, place) for other in right)

    def _conditional(self, start: int, question: int, end: int) -> Iterator[Any]:
        conditions = [_truth(value) for value in self.between(start, question)]
        for colon in range(question + 2, end - 1):
            if self._tokens[colon] == ":":
                yes, no = self.between(question + 1, colon), self.between(colon + 1, end)
                for condition in conditions if yes and no else ():
                    yield from yes if condition in (True, UNKNOWN) else ()
                    yield from no if condition in (False, UNKNOWN) else ()


def _distinct(values: Iterable[Any]) -> Outcomes:
    found = list({repr(value): value for value in values if value is not _REFUSED}.values())
    return found if len(found) <= _MOST_OUTCOMES else [UNKNOWN]


def _truth(value: Any) -> Any:
    """As a condition: true, false, UNKNOWN; anything else is refused."""
    if isinstance(value, str):
        return _TRUTH.get(value, _REFUSED)
    return value if isinstance(value, bool) or value is UNKNOWN else _REFUSED


def _number(value: Any) -> Any:
    if isinstance(value, str) or value is UNKNOWN:
        return UNKNOWN
    return value if isinstance(value, int | float) and not isinstance(value, bool) else _REFUSED


def _unary(operator: Any, value: Any) -> Any:
    known = _truth(value) if operator == "!" else _number(value)
    if known is UNKNOWN or known is _REFUSED:
        return known
    return not known if operator == "!" else -known


def _binary(operator: str, one: Any, other: Any) -> Any:
    if operator in ("==", "!="):
        same = _equal(one, other)
        return same if same is UNKNOWN or operator == "==" else not same
    if operator in ("&&", "||"):
        return _both(_truth(one), _truth(other), decisive=operator == "||")
    left, right = _number(one), _number(other)
    if _REFUSED in (left, right):
        return _REFUSED
    if UNKNOWN in (left, right) or operator not in _ARITHMETIC:
        return UNKNOWN
    found = _ARITHMETIC[operator](left, right)
    return UNKNOWN if isinstance(found, int) and found.bit_length() > MOST_BITS else found


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
}


def _both(one: Any, other: Any, *, decisive: bool) -> Any:
    """`||`, where true decides whatever the other is, and `&&`, where false does."""
    if _REFUSED in (one, other):
        return _REFUSED
    if decisive in (one, other):
        return decisive
    return UNKNOWN if UNKNOWN in (one, other) else not decisive


def _equal(one: Any, other: Any) -> Any:
    """UNKNOWN between types: Terraform converts some, and Checkov's parser others."""
    if one is UNKNOWN or other is UNKNOWN:
        return UNKNOWN
    if one is None or other is None:
        return one is other
    if type(one) is type(other) and not isinstance(one, dict | list):
        return one == other
    return UNKNOWN


# ---- functions ----------------------------------------------------------------------------------------------------


def _length(arguments: list[Any]) -> Any:
    return len(arguments[0]) if len(arguments) == 1 and _is_whole(arguments[0]) else UNKNOWN


def _is_whole(value: Any) -> bool:
    return isinstance(value, dict | list) and not isinstance(value, Open)


def _converted(arguments: list[Any]) -> Any:
    return arguments[0] if len(arguments) == 1 and isinstance(arguments[0], dict | list) else UNKNOWN


def _concat(arguments: list[Any]) -> Any:
    if not all(isinstance(value, list) for value in arguments):
        return UNKNOWN
    return [item for value in arguments for item in value]


def _merge(arguments: list[Any]) -> Any:
    if not all(value is None or (_is_whole(value) and isinstance(value, dict)) for value in arguments):
        return UNKNOWN
    return {key: item for value in arguments if value is not None for key, item in value.items()}


def _contains(arguments: list[Any]) -> Any:
    if len(arguments) != 2 or not isinstance(arguments[0], list):
        return UNKNOWN
    answers = [_equal(item, arguments[1]) for item in arguments[0]]
    return True if True in answers else UNKNOWN if UNKNOWN in answers else False


def _coalesce(arguments: list[Any]) -> Any:
    return next((value for value in arguments if value is UNKNOWN or value not in (None, "")), _REFUSED)


def _lookup(arguments: list[Any]) -> Any:
    if len(arguments) != 3 or not isinstance(arguments[0], dict) or not isinstance(arguments[1], str):
        return UNKNOWN
    found, key, default = arguments
    return found.at(key) if isinstance(found, Open) else found.get(key, default)


def _keys(arguments: list[Any]) -> Any:
    whole = len(arguments) == 1 and _is_whole(arguments[0]) and isinstance(arguments[0], dict)
    return sorted(arguments[0]) if whole else UNKNOWN


def _flatten(arguments: list[Any]) -> Any:
    if len(arguments) != 1 or not isinstance(arguments[0], list) or UNKNOWN in arguments[0]:
        return UNKNOWN
    flat = [_flatten([item]) if isinstance(item, list) else [item] for item in arguments[0]]
    return UNKNOWN if UNKNOWN in flat else [item for items in flat for item in items]


def _compact(arguments: list[Any]) -> Any:
    if len(arguments) != 1 or not isinstance(arguments[0], list) or UNKNOWN in arguments[0]:
        return UNKNOWN
    return [item for item in arguments[0] if item not in (None, "")]


def _split(arguments: list[Any]) -> Any:
    plain = len(arguments) == 2 and all(isinstance(value, str) for value in arguments) and arguments[0]
    return arguments[1].split(arguments[0]) if plain else UNKNOWN


def _json_decode(arguments: list[Any]) -> Any:
    if len(arguments) != 1 or arguments[0] is UNKNOWN:
        return UNKNOWN
    try:
        return json.loads(arguments[0])
    except (ValueError, TypeError, RecursionError):
        return _REFUSED


def _to_bool(arguments: list[Any]) -> Any:
    return arguments[0] if len(arguments) == 1 and arguments[0] is None else _truth(arguments[0])


_FUNCTIONS: dict[str, Callable[[list[Any]], Any]] = {
    "coalesce": _coalesce,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "flatten": _flatten,
    "jsondecode": _json_decode,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "merge": _merge,
    "split": _split,
    "tobool": _to_bool,
    "tolist": _converted,
    "tomap": _converted,
    "toset": _converted,
}
