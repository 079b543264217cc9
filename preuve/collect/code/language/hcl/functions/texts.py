"""Functions of texts. A character is what Terraform counts as one: a cluster of code points."""

from __future__ import annotations

import re
from collections.abc import Callable

from preuve.collect.code.language.hcl.functions.signature import (
    MOST_CHARACTERS,
    NUMERAL,
    TEXT,
    TEXTS,
    Function,
    Parameter,
    too_much,
    whole,
)
from preuve.collect.code.language.values.json_text import text_parts
from preuve.collect.code.language.values.type import STRING
from preuve.collect.code.language.values.value import (
    PartText,
    RefusedError,
    Unknown,
    Value,
    composed,
    sources_of,
    unknown,
)

_CLUSTER = re.compile("\r\n|.", re.DOTALL)
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_FIRST_COMBINING = "\u0300"  # no smaller code point combines with another, except in CR LF
# Letters whose case Python and Go may convert differently.
_UNLIKE = frozenset("\u00b5\u00df\u0130\u0131\u0149\u017f\u01f0")


def clusters(text: str) -> list[str] | Unknown:
    """Return the characters of a text."""
    if any(letter >= _FIRST_COMBINING for letter in text):
        return unknown(why="the characters of a text in a script that is not counted here")
    return _CLUSTER.findall(text)


def joined_text(parts: list[Value]) -> Value:
    """Return the text of known and unknown parts in their order."""
    flat: list[str | Unknown] = []
    for part in parts:
        for piece in text_parts(part):
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] = flat[-1] + piece
            elif piece != "":
                flat.append(piece)
    if all(isinstance(piece, str) for piece in flat):
        return composed("".join(map(str, flat)))
    if sum(len(piece) for piece in flat if isinstance(piece, str)) > MOST_CHARACTERS:
        return unknown(*flat, why="a text that is too long")
    found = unknown(*flat)
    return PartText(found.causes, sources=sources_of(parts), parts=tuple(flat))


def _join(separator: str, *lists: list[Value]) -> Value:
    if not lists:
        raise RefusedError("join wants a list")
    members = [member for members in lists for member in members]
    if None in members:
        raise RefusedError("join of a null")
    parts = [part for member in members for part in (separator, member)][1:]
    length = sum(len(part) for part in parts if isinstance(part, str))
    return too_much("join()") if length > MOST_CHARACTERS else joined_text(parts)


def _split(separator: str, text: str) -> Value:
    return text.split(separator) if separator else list(text)


def replaced_text(text: str, old: str, new: str) -> Value:
    """Replace each occurrence of `old` in a text; an empty `old` matches between all characters."""
    found = text.count(old)
    if len(text) + found * (len(new) - len(old)) > MOST_CHARACTERS:
        return too_much("replace()")
    return composed(text.replace(old, new))


def _substr(text: str, offset: Value, length: Value) -> Value:
    first, wanted = whole(offset, "an offset"), whole(length, "a length")
    found = clusters(text)
    if isinstance(found, Unknown):
        return found
    if first < 0:
        first = max(first + len(found), 0)
    elif wanted == 0:
        return ""
    # Counting from the end, Terraform takes a length of zero for everything that remains.
    return "".join(found[first : first + wanted] if wanted > 0 else found[first:])


def _strrev(text: str) -> Value:
    found = clusters(text)
    return found if isinstance(found, Unknown) else composed("".join(reversed(found)))


def _indent(spaces: Value, text: str) -> Value:
    width = whole(spaces, "an indent")
    if width < 0:
        raise RefusedError("an indent must not be negative")
    lines = text.count("\n")
    if lines * width > MOST_CHARACTERS:
        return too_much("indent()")
    return text.replace("\n", "\n" + " " * width) if lines else text


def _cased(change: Callable[[str], str]) -> Callable[[str], Value]:
    def run(text: str) -> Value:
        if any(letter >= _FIRST_COMBINING or letter in _UNLIKE for letter in text):
            return unknown(why="upper and lower case in a script that is not changed here")
        return change(text)

    return run


def _title(text: str) -> str:
    return re.sub(r"(?:^|(?<=\W))\w", lambda letter: letter[0].upper(), text)


def _startswith(text: Value, prefix: str) -> Value:
    if isinstance(text, PartText) and isinstance(text.parts[0], str):
        known = text.parts[0]
        if known.startswith(prefix) or not prefix.startswith(known):
            return known.startswith(prefix)
    return unknown(text) if isinstance(text, Unknown) else text.startswith(prefix)


FUNCTIONS = {
    "chomp": Function(lambda text: text.rstrip("\r\n"), (TEXT,)),
    "endswith": Function(str.endswith, (TEXT, TEXT)),
    "indent": Function(_indent, (NUMERAL, TEXT)),
    "join": Function(_join, (TEXT,), rest=TEXTS),
    "lower": Function(_cased(str.lower), (TEXT,)),
    "split": Function(_split, (TEXT, TEXT)),
    "startswith": Function(_startswith, (Parameter(STRING, unknown=True), TEXT)),
    "strcontains": Function(str.__contains__, (TEXT, TEXT)),
    "strrev": Function(_strrev, (TEXT,)),
    "substr": Function(_substr, (TEXT, NUMERAL, NUMERAL)),
    "title": Function(_cased(_title), (TEXT,)),
    "trim": Function(str.strip, (TEXT, TEXT)),
    "trimprefix": Function(str.removeprefix, (TEXT, TEXT)),
    "trimspace": Function(lambda text: text.strip(_SPACE), (TEXT,)),
    "trimsuffix": Function(str.removesuffix, (TEXT, TEXT)),
    "upper": Function(_cased(str.upper), (TEXT,)),
}
