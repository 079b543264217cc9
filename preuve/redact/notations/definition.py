"""The definition of a secret in code; docs/adr/0017-what-is-a-secret.md gives it in words.

Where a credential belongs, a literal value is a secret unless it matches one of the grammars of the table as a whole.
Where a credential may belong, only a value built like a password or a key is a secret. Anywhere else, only known forms
are (`redact/forms.py`, `collect/code/secrets/forms.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from preuve.library.words import words_of
from preuve.redact.notations.ciphertexts import is_ciphertext, may_be_ciphertext
from preuve.redact.notations.names import may_be_public
from preuve.redact.notations.values import (
    hides_one,
    holds_key,
    is_beside_reference,
    is_code,
    is_empty,
    is_for_everybody,
    is_hash_of_one,
    is_id_of_key,
    is_looked_up,
    is_mask,
    is_name_of_one,
    is_of_a_tool,
    is_path,
    is_place_of_one,
    is_program,
    is_sentence,
    is_setting,
    is_stand_in,
    is_truth_value,
    looks_secret,
    may_be_setting,
    may_hide_one,
    names_one,
    parts_of_one,
    says_nothing,
    says_which,
)


class Column(IntEnum):
    """The kinds of places where a credential belongs."""

    ARGUMENT = 0  # an argument of AWS that takes a password: its value is the password
    CONTENT = 1  # the whole content is a secret, whatever its name
    NAME = 2  # under a name that surely announces one, in data with names and values
    TEXT = 3  # beside such a name, in the text of a program or of its settings


class ValuePlace(NamedTuple):
    """The place of a value."""

    column: Column
    name: str = ""
    free: bool = True  # people chose the name
    taken: bool = False  # no program replaces placeholders there


NONE, SECRET = "", "secret"
FILLED_IN = "a value with the form of a placeholder may be the secret itself"
ENCRYPTED = "a value that is stored encrypted under such a name may not be a secret"
STANDS_IN = "a placeholder for a value"
NAME_OF_ONE = "this value may be the name of a secret"
MAY_BE_KEY = "a value that is built like a key may be a secret"
_PUBLIC = "this may be the name of a key that everybody can know"
_ID_OF_KEY = "this value may be the ID of a key"
_SENTENCE = "a sentence, which may say something about a secret"
_SETS = "a word or a schedule may be a password or a setting"
_NUMBER = "a number may be a password or a setting"
_INSIDE = "inside"  # the text inside a placeholder, or a part of a path, decides

Grammar = Callable[[str, ValuePlace], bool]


def _of(is_one: Callable[[str], bool]) -> Grammar:
    return lambda value, _: is_one(value)


def _under(is_one: Callable[[str, str], bool]) -> Grammar:
    return lambda value, at: is_one(at.name, value)


# The first grammar that matches the whole value decides; without a match, it is a secret. In an argument, only AWS
# reads the value: text that a tool would replace, look up or decrypt is the password itself there.
_TABLE: tuple[tuple[Grammar, tuple[str, str, str, str]], ...] = (
    #                                                    ARGUMENT     CONTENT  NAME         TEXT
    (_of(is_mask),                                      (NONE,        NONE,    NONE,        NONE)),
    (_of(is_truth_value),                               (NONE,        NONE,    NONE,        NONE)),
    (_of(is_empty),                                     (NONE,        NONE,    NONE,        NONE)),
    (_of(is_program),                                   (SECRET,      SECRET,  NONE,        NONE)),
    (_of(is_setting),                                   (SECRET,      NONE,    NONE,        NONE)),
    (_of(is_ciphertext),                                (SECRET,      NONE,    NONE,        NONE)),
    (_of(is_for_everybody),                             (SECRET,      NONE,    NONE,        NONE)),
    (_under(is_hash_of_one),                            (NONE,        NONE,    NONE,        NONE)),
    (lambda value, at: not at.taken and is_beside_reference(value), (NONE, NONE, NONE,      NONE)),
    (_of(is_looked_up),                                 (SECRET,      _INSIDE, _INSIDE,     _INSIDE)),
    (_of(is_of_a_tool),                                 (SECRET,      _INSIDE, _INSIDE,     _INSIDE)),
    (_of(is_place_of_one),                              (_INSIDE,     _INSIDE, _INSIDE,     _INSIDE)),
    (_of(is_code),                                      (SECRET,      SECRET,  _NUMBER,     NONE)),
    (lambda value, at: is_path(value, free=at.free),    (_INSIDE,     _INSIDE, _INSIDE,     _INSIDE)),
    (_of(is_sentence),                                  (_SENTENCE,   SECRET,  _SENTENCE,   NONE)),
    (_of(says_nothing),                                 (SECRET,      SECRET,  STANDS_IN,   STANDS_IN)),
    (_of(is_stand_in),                                  (STANDS_IN,   SECRET,  STANDS_IN,   STANDS_IN)),
    (_under(names_one),                                 (NAME_OF_ONE, SECRET,  NAME_OF_ONE, SECRET)),
    (_under(lambda name, value: may_be_ciphertext(words_of(name), value)), (SECRET, SECRET, ENCRYPTED, SECRET)),
    (_under(may_be_setting),                            (SECRET,      SECRET,  _SETS,       SECRET)),
    (_under(is_id_of_key),                              (SECRET,      SECRET,  _ID_OF_KEY,  SECRET)),
)  # fmt: skip


def judged(value: str, at: ValuePlace) -> str:
    """Return the judgement on a literal where a credential belongs: `SECRET`, `NONE`, or why it is undecided."""
    verdict = next((verdicts[at.column] for is_one, verdicts in _TABLE if is_one(value, at)), SECRET)
    if verdict == _INSIDE:
        verdict = _judged_inside(value.strip(), at) or (MAY_BE_KEY if holds_key(value) else NONE)
    return _PUBLIC if verdict == SECRET and at.column is Column.NAME and may_be_public(at.name) else verdict


def may_be_one(value: str, *, taken: bool) -> bool:
    """Return whether a value is built like a secret, for a place where a credential may belong."""
    return looks_secret(value) or (taken and hides_one(value))


def _judged_inside(value: str, at: ValuePlace) -> str:
    """Judge a value with the form of a path, a placeholder or a lookup by its parts."""
    if is_of_a_tool(value):
        if at.column is Column.CONTENT and at.taken:
            return SECRET
        if not is_looked_up(value) and not says_which(value):
            word = at.column is not Column.CONTENT and not any(map(looks_secret, parts_of_one(value)))
            return FILLED_IN if word else SECRET
    if at.column <= Column.CONTENT and at.taken and _is_only_path(value):
        return NAME_OF_ONE if at.column is Column.ARGUMENT and is_name_of_one(value) else SECRET
    if hides_one(value) and at.column is not Column.TEXT:  # a shell may call a variable so
        return SECRET if at.taken else FILLED_IN
    if at.column is Column.ARGUMENT and value.isalnum():  # with no sign that any program knows
        return STANDS_IN if is_stand_in(value) else SECRET
    return FILLED_IN if at.taken and may_hide_one(value, of_a_shell=at.column is Column.NAME) else NONE


def _is_only_path(value: str) -> bool:
    """Return whether a value has the form of a path, and no other form that a program knows."""
    return is_path(value, free=False) and not is_place_of_one(value) and not is_looked_up(value)
