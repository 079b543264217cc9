"""Finds the secrets that a text passes to a program or a server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from preuve.redact.notations.arguments import handed_over
from preuve.redact.notations.commands import given_as_words, given_to_commands
from preuve.redact.notations.values import is_literal, is_whole

ARGUMENT = "argument"
_LEAST = 8  # characters of an option and a value
# Most texts are a name, an id or an ARN. What hands over has a blank, an escape, a quote or a sign that opens or sets,
# but for sed, for options of Windows and for a file of PostgreSQL.
_MAY = re.compile(r"[\s\\\"'`<(|=]|(?i:/pass)|(?<!\w)s[/|#,@~:!]|:(?:\d{2,5}|\*):")


def handed(text: str, *, of_a_program: bool) -> Iterator[tuple[int, int]]:
    """Yield the places of the literal secrets that a text passes. Outside of a program, words after one that announces
    a secret may be a sentence.
    """
    if len(text) < _LEAST or not _MAY.search(text):
        return
    words = given_as_words(text) if of_a_program else ()
    for start, end in chain(handed_over(text), given_to_commands(text), words):
        value = text[start:end]
        if is_whole(value) and value[:1] != "{" and is_literal(value, free=True):
            yield start, end
