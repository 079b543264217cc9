"""Detectors of secrets. Each has a name, so that a finding can say which one matched without the value.

What is a secret by its form, what a name announces and what a command is handed: code, the account and redaction ask
here. Code has more to go by, such as the type of a block and the name of an argument (`collect/code/secrets`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from preuve.library.words import tells_secret
from preuve.redact.announcements.secrets import announced
from preuve.redact.forms import SECRET, SHORT, formed, hides, is_reference
from preuve.redact.notations.assignments import with_assignments
from preuve.redact.notations.handed_secrets import ARGUMENT, handed
from preuve.redact.notations.web_keys import is_public_key


def holds_secret(text: str) -> bool:
    """Return whether a text holds a secret."""
    return next(formed(SECRET, text), None) is not None or next(_told(text), None) is not None


def without_secrets(text: str, replaced: Callable[[str, str], str]) -> str:
    """Replace the secrets in a text; `replaced` receives the name of the detector and the value."""
    text = SECRET.sub(lambda found: _unless_masked(found, replaced), text)
    parts, done = [], 0
    for start, end, kind in sorted(_told(text)):
        if start >= done:
            parts += [text[done:start], replaced(kind, text[start:end])]
            done = end
    return "".join([*parts, text[done:]])


def _unless_masked(found: re.Match[str], replaced: Callable[[str, str], str]) -> str:
    name = found.lastgroup or ""
    return found[0] if hides(name, found[0]) else replaced(name, found[0])


def _told(text: str, *, of_a_program: bool = False) -> Iterator[tuple[int, int, str]]:
    """Yield where the secrets stand that a name announces or a command is handed, and what tells."""
    return iter(_short(text, of_a_program)) if len(text) <= SHORT else _places(text, of_a_program)


@lru_cache(maxsize=1 << 13)  # those who look for secrets and those who remove them ask about the same texts
def _short(text: str, of_a_program: bool) -> tuple[tuple[int, int, str], ...]:
    return tuple(_places(text, of_a_program))


def _places(text: str, of_a_program: bool) -> Iterator[tuple[int, int, str]]:
    yield from ((found.start, found.end, found.kind) for found in announced(text))
    yield from ((start, end, ARGUMENT) for start, end in handed(text, of_a_program=of_a_program))


def detectors(text: str, *, of_a_program: bool = False) -> list[str]:
    """Return the names of the detectors that match a text, or what a program is or runs with, each once."""
    ask = _detectors if len(text) <= SHORT else _detectors.__wrapped__
    return list(ask(text, of_a_program=of_a_program))


@lru_cache(maxsize=1 << 13)  # accounts repeat each other
def _detectors(text: str, *, of_a_program: bool) -> tuple[str, ...]:
    by_form = {match.lastgroup or "" for match in formed(SECRET, text)}
    taken = dict.fromkeys((text, with_assignments(text, stand_ins=False))) if of_a_program else (text,)
    told = {kind for one in taken for _, _, kind in _told(one, of_a_program=of_a_program)}
    return tuple(sorted(by_form | told))


def in_text(text: str) -> list[dict[str, str]]:
    """Return secrets found in what a program is or runs with, as `{Key, Detector}` without the values."""
    return [{"Key": "", "Detector": name} for name in detectors(text, of_a_program=True)]


def in_map(values: Mapping[str, object], *, of_a_program: bool = False) -> list[dict[str, str]]:
    """Return secrets found in a map, such as environment variables: by value, or by a telling name of a literal one."""
    found = []
    for key, value in sorted(values.items()):
        text = str(value)
        names = detectors(text, of_a_program=of_a_program)
        if not names and text and tells_secret(key) and not (is_reference(text) or is_public_key(text)):
            names = ["telling_name"]
        found += [{"Key": key, "Detector": name} for name in names]
    return found
