"""The texts of the reports in each language: a language has every text that English has, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from preuve.library.suggestion import suggest
from preuve.library.yaml.documents import Document, Path_, load_document
from preuve.library.yaml.place import LOCALES, languages
from preuve.model.errors import ContentError, Problem

FIRST = "en"
_VALUE = re.compile(r"\{(\w+)\}")
_SHOWN = 60


def problems(root: Path) -> Iterator[Problem]:
    """Yield the differences of each language's files from English: missing and additional texts."""
    read = {language: _read(root, language) for language in languages(root)}
    english = read.pop(FIRST, None)
    if isinstance(english, Document):
        read = {language: _compared(english, found) for language, found in read.items()}
    for found in (english, *read.values()):
        yield from found if isinstance(found, list) else ()


def _read(root: Path, language: str) -> Document | list[Problem]:
    name = f"{LOCALES}/{language}.yaml"
    try:
        return load_document(root / name, name)
    except ContentError as error:
        return list(error.problems)


def _compared(english: Document, other: Document | list[Problem]) -> list[Problem]:
    return list(_differences(english.data, other.data, (), other)) if isinstance(other, Document) else other


def _differences(english: Any, other: Any, path: Path_, document: Document) -> Iterator[Problem]:
    """Yield the differences of one part; a missing part is reported once."""
    name = ".".join(map(str, path))
    if isinstance(english, Mapping) != isinstance(other, Mapping):
        kind = "keys" if isinstance(english, Mapping) else "a text"
        yield Problem(document.position(*path), f"{name}: must be {kind}", f"see {LOCALES}/{FIRST}.yaml")
    elif not isinstance(english, Mapping):
        if unknown := sorted(set(_VALUE.findall(str(other))) - set(_VALUE.findall(str(english)))):
            said = f"{name}: nothing is put in for {{{unknown[0]}}}"
            yield Problem(document.position(*path), said, _original(english))
    else:
        yield from _keys(english, other, path, document)


def _keys(english: Mapping[str, Any], other: Mapping[str, Any], path: Path_, document: Document) -> Iterator[Problem]:
    for key, value in english.items():
        at = (*path, key)
        if key in other:
            yield from _differences(value, other[key], at, document)
        else:
            yield Problem(document.position(*path), f"{'.'.join(map(str, at))} is missing", _original(value))
    for key in other:
        if key not in english:
            said = f"nothing asks for {'.'.join(map(str, (*path, key)))}"
            yield Problem(document.key_position(*path, key), said, suggest(key, english, "remove it"))


def _original(value: Any) -> str:
    """Return the English text that has no translation."""
    if isinstance(value, Mapping):
        return f"copy it from {LOCALES}/{FIRST}.yaml and translate it"
    text = str(value)
    return f"in English: {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}"
