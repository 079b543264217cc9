"""What is a secret: the definition in code, which docs/adr/0017-what-is-a-secret.md says in words.

Where a credential belongs, a value that is written out is a secret, unless one of the grammars of the table is all of
it. Where one may belong, only what is built like a password or a key is one. Anywhere else, only a form that is
known is (`redact/forms.py`, `collect/code/secrets/forms.py`).
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
    may_hide_one,
    names_one,
    parts_of_one,
    says_nothing,
    says_which,
)


class Column(IntEnum):
    """Where a credential belongs."""

    ARGUMENT = 0  # an argument of AWS that takes a password: whatever stands there is the password
    CONTENT = 1  # what is a secret as a whole, whatever it is called
    NAME = 2  # under a name that surely tells of one, in what has names and values
    TEXT = 3  # beside such a name, in the text of a program or of its settings


class ValuePlace(NamedTuple):
    """The place of a value."""

    column: Column
    name: str = ""
    free: bool = True  # people chose its name
    taken: bool = False  # no program puts in anything else for what stands there


NONE, SECRET = "", "secret"
FILLED_IN = "what has the form of a place to be filled in may be the secret itself"
ENCRYPTED = "what is kept encrypted under such a name may be no secret"
STANDS_IN = "a word that stands in for a value"
NAME_OF_ONE = "what stands there may be the name of a secret"
MAY_BE_KEY = "a value that is built like a key may be a secret"
_PUBLIC = "the name may be that of a key that everybody may know"
_ID_OF_KEY = "what stands there may be the id of a key"
_SENTENCE = "a sentence, which may say something about a secret"
_NUMBER = "a number may be a password or a setting"
_INSIDE = "inside"  # what stands between the signs or in a step decides

Grammar = Callable[[str, ValuePlace], bool]


def _of(is_one: Callable[[str], bool]) -> Grammar:
    return lambda value, _: is_one(value)


def _under(is_one: Callable[[str, str], bool]) -> Grammar:
    return lambda value, at: is_one(at.name, value)


# The first grammar that a value is all of decides; what none of them is, is a secret. In an argument nobody but AWS
# reads the value: what a tool would put in, look up or decrypt is the password itself there.
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
    (_under(is_id_of_key),                              (SECRET,      SECRET,  _ID_OF_KEY,  SECRET)),
)  # fmt: skip


def judged(value: str, at: ValuePlace) -> str:
    """Return what a value is that is written out where a credential belongs: `SECRET`, `NONE`, or why that is not
    decided.
    """
    verdict = next((verdicts[at.column] for is_one, verdicts in _TABLE if is_one(value, at)), SECRET)
    if verdict == _INSIDE:
        verdict = _judged_inside(value.strip(), at) or (MAY_BE_KEY if holds_key(value) else NONE)
    return _PUBLIC if verdict == SECRET and at.column is Column.NAME and may_be_public(at.name) else verdict


def may_be_one(value: str, *, taken: bool) -> bool:
    """Return whether a value is built like a secret, where one may belong."""
    return looks_secret(value) or (taken and hides_one(value))


def _judged_inside(value: str, at: ValuePlace) -> str:
    """Judge what only has the form of a path, or of a place that something is put in or looked up by, for what stands
    in it.
    """
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
