"""Translates errors into the language of a workspace. The English text is the key, as with gettext.

`reports/errors/<language>.yaml` has the common errors; an error without a translation stays in English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice

from preuve.library.yaml import documents
from preuve.library.yaml.place import content_root
from preuve.model.errors import QUOTED, ContentError, PreuveError
from preuve.publish.words.locale import Locale, typeset

FOLDER = "reports/errors"
_VALUE = re.compile(r"\{(\w+)\}")
_CATALOGUE = "fr"  # the language whose file has every message
_SYSTEM = "system_errors"
_DEEPEST = 4  # nested errors that are translated
_MOST_CUTS = 40  # of a line into a place, a message and a hint
UNTOLD = "…"


def shown(error: PreuveError, locale: Locale) -> tuple[str, str]:
    """Return the message of an error and what to do next; quotes of other programs stay unchanged."""
    if not isinstance(error, ContentError):
        return said(error.template, locale).replace(QUOTED, error.quoted), said(error.hint, locale)
    told = (replace(item, message=said(item.message, locale), hint=said(item.hint, locale)) for item in error.problems)
    return "\n".join(map(str, told)), ""


def defect(line: str, locale: Locale) -> str:
    """Return a defect of a workspace in the form that a run keeps: its place, what is wrong, and what would be
    right.
    """
    return _defect(line, locale, 0) or said(line, locale)


def _defect(line: str, locale: Locale, depth: int) -> str:
    """Return the translation of `str(Problem)`; "" if it is none. Names in it may have any characters: it is cut where
    both sides are messages of the catalogue.
    """
    for place, message, hint in islice(_cuts(line), _MOST_CUTS):
        if known(message) and (not hint or known(hint)):
            told = f"{place}: {said(message, locale, depth)}"
            return f"{told} ({said(hint, locale, depth)})" if hint else told
    return ""


def _cuts(line: str) -> Iterator[tuple[str, str, str]]:
    """Yield each place, message and hint that a line may consist of."""
    for colon in re.finditer(": ", line):
        place, rest = line[: colon.start()], line[colon.end() :]
        for bracket in re.finditer(r" \(", rest) if rest.endswith(")") else ():
            yield place, rest[: bracket.start()], rest[bracket.end() : -1]
        yield place, rest, ""


def said(text: str, locale: Locale, depth: int = 0) -> str:
    """Return a text of an error, or a message of the system in one, in a language; unchanged if it has no
    translation.
    """
    if depth == _DEEPEST or not text:
        return text
    system = locale.word(_SYSTEM, text)
    if system != text:  # before the messages: they have values, and one of them may be just as long
        return system
    for pattern, template, literals in _translations(locale.language):
        if (match := _matched(pattern, literals, text)) is not None:
            values = {name: said(value, locale, depth + 1) for name, value in match.groupdict().items()}
            return template.format_map(values)
    return _joined(text, locale, depth)


def _joined(text: str, locale: Locale, depth: int) -> str:
    """Return the text after a place: a reason of the system or, inside another message, a defect."""
    place, _, why = text.rpartition(": ")
    told = locale.word(_SYSTEM, why)
    if place and told != why:
        return f"{said(place, locale, depth + 1)}{locale('site.colon')} {told}"
    return (depth and _defect(text, locale, depth)) or text


def known(text: str) -> bool:
    """Return whether a text is a message of the catalogue, with any values."""
    return any(_matched(pattern, literals, text) for pattern, _, literals in _translations(_CATALOGUE))


def without_values(text: str, known: Callable[[str], bool], depth: int = 0) -> str:
    """Return a text of an error with `UNTOLD` for each value in it that is not `known`; the other words are
    preuve's.
    """
    if not text or known(text):
        return text
    if depth < _DEEPEST:
        for pattern, english in _ours():
            if match := pattern.fullmatch(text):
                values = match.groupdict().items()
                return english.format_map({name: without_values(value, known, depth + 1) for name, value in values})
    return UNTOLD


def texts(language: str, folder: str = FOLDER) -> Mapping[str, str]:
    """Return the translations of a folder into a language; none if it has no file for it, as for English."""
    path = content_root() / folder / f"{language}.yaml"
    return documents.load(path, f"{folder}/{path.name}") if path.is_file() else {}


@cache
def _ours() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return patterns of all errors that are translated, each with its English text."""
    every = {english for path in (content_root() / FOLDER).glob("*.yaml") for english in texts(path.stem)}
    return tuple((_pattern(english), english) for english in sorted(every, key=_literal_last))


def _literal_last(english: str) -> tuple[bool, int, str]:
    """Return the sort key of a pattern: one that begins with a value would match the beginning of another message."""
    return english.startswith("{"), -len(_VALUE.sub("", english)), english


@cache
def _translations(language: str) -> tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...]:
    """Return patterns of errors with their translations and literal parts. Those with more literal words come first."""
    found = sorted(texts(language).items(), key=lambda pair: _literal_last(pair[0]))
    return tuple(
        (_pattern(english), typeset(text, language), tuple(_VALUE.split(english)[::2])) for english, text in found
    )


def _matched(pattern: re.Pattern[str], literals: Sequence[str], text: str) -> re.Match[str] | None:
    """Return the match of a text. Several values take long to match: a text without a literal part is not tried."""
    return pattern.fullmatch(text) if all(part in text for part in literals) else None


def _pattern(english: str) -> re.Pattern[str]:
    parts = _VALUE.split(english)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)), re.DOTALL
    )
