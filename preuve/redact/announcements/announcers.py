"""Judges the text before a joint: whether a name or a phrase there announces a secret, and how surely."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from preuve.library.words import is_secret, tells_secret, without_which_one, words_of
from preuve.redact.announcements.value_bounds import HEADER
from preuve.redact.announcements.values import Proof
from preuve.redact.lists.harmless import ABOUT, OTHERS, PROGRAMS, SIGNING_IN
from preuve.redact.notations.names import tells

ASSIGNMENT, PHRASE = "assignment", "announced"  # a name in one word announces it; a phrase
REACH = 100  # characters of a name or of a phrase
_COMMAND = 200  # characters between a program and its option
_BETWEEN, _WORDS = 5, 12  # words between a phrase and a joint, and words of a sentence that are read

_PROGRAM = {
    letter: re.compile(rf"\b(?:{'|'.join(name.replace(' ', '[^|;]*[ ]') for name in names)})\b")
    for letter, names in PROGRAMS.items()
}
_SWITCH = re.compile(r"\S+[ \t]{1,2}/[A-Za-z]")
_SPLIT = re.compile(r"[\n|;&(`]")
# Read backwards, from a joint.
_IDENTIFIER = re.compile(r"[\w.-]+")
_LETTERS = re.compile(r"\w+")
CLAUSE = re.compile(r"[^\n.;:,()<>\"«»{}\[\]=|!?]*")
_ASIDE = re.compile(r"(?<=\w)[ \u00a0]{1,2}(?:\([^()\n]{1,60}\)|\[[^\[\]\n\"'`]{1,60})\Z")  # a joint begins with ]
_SETS = re.compile(r"\b(?:define|(?:set|put|add)\w{0,20}|getenv|environ\.get)\(\s{0,3}[\"'](?P<name>[\w.-]{1,80})\Z")
_USERS = re.compile(r"(?i:\b(?:alter|create)\s{1,4}(?:user|role|login)\b|\bgrant\s[^;]{1,80}\bto\b)")
_IDENTIFIED = re.compile(r"(?i)\bIDENTIFIED\s{1,4}BY\s{1,4}\S{1,80}\s{1,4}\Z")
_OTHER = re.compile(OTHERS)
_VAGUE = frozenset({"pass", "passes", "salt", "salts"})  # in a sentence: a statement about it, not a secret
_ASSIGNED = re.compile(r"[\w-]=\S{1,60} \Z")
_GOING = re.compile(r"[^\W\d_] \Z")
_OF = frozenset({"de", "du", "des", "d", "of", "for", "pour", "al", "del", "von"})
_PROPER = re.compile(r"(?<=[^\W\d_])[ \u00a0][A-Z][\w-]++(?:[ \u00a0][A-Z][\w-]++)?[ \u00a0]?\Z")  # a name at the end
_OF_WIFI = re.compile(r"(?i)\b(?:wi-?fi|wpa[23]?|ssid|wlan|hotspot)\b[^\n]*\b(?:cl[ée]|clef|key)\Z")
_VERBS = frozenset({"is", "was", "are", "est", "etait", "sera", "vaut"})


def judged(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Return how surely the text before a joint announces a secret in the value after it, and what announces it."""
    return _JOINTS[joint.lastgroup or ""](text, joint)


def _named(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge a one-word name before a joint, or a phrase."""
    before = _before(text, joint)
    name = _last(_IDENTIFIER, before)
    if _OTHER.fullmatch(name):
        return Proof.NONE, ASSIGNMENT
    proof = max(_of_name(name), _of_end(before) if name == "PIN" else Proof.NONE)
    if proof <= Proof.FAR and (phrase := _of_end(before)) >= proof:
        return phrase, PHRASE
    if name.lower() in _VAGUE and joint["equals"] and _ASSIGNED.search(before[: -len(name)]):
        return Proof.SURE, ASSIGNMENT
    if name.lower() in _VAGUE and _GOING.search(before[: -len(name)]):
        return Proof.WEAK, PHRASE
    if name.lower().endswith("authorization"):
        return (Proof.SURE if HEADER.match(text, joint.end()) else proof), PHRASE
    return (Proof.FAR if name == "PASS" and joint["colon"] else proof), ASSIGNMENT


def _before(text: str, joint: re.Match[str]) -> str:
    """Return the end of a text that lies before a joint."""
    return text[max(0, joint.start() - REACH) : joint.start()]


def _said(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    return _of_end(_before(text, joint)), PHRASE


def _of_end(before: str) -> Proof:
    """Judge the phrase at the end of a text; brackets after it, as in "Password (temporary)", make it less certain."""
    aside = _ASIDE.search(before) if before[-1:] == ")" or "[" in before else None
    if aside:
        return min(_of_phrase(_last(CLAUSE, before[: aside.start()])), Proof.WEAK)
    return max(_of_phrase(_last(CLAUSE, before)), Proof.FAR if _OF_WIFI.search(before) else Proof.NONE)


def _apart(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    return min(_said(text, joint)[0], Proof.FAR), PHRASE


def _in_row(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge the previous cell of a table row: in a header row, a plain word follows, which stays."""
    row = _before(text, joint).rpartition("\n")[2]
    sign = joint[0].strip()
    _, begins, name = row.rpartition(sign)
    is_row = row.lstrip().startswith("|") if sign == "|" else not begins
    tells = is_row and len(name.split()) <= _BETWEEN and is_secret(without_which_one(words_of(name)))
    return (Proof.WEAK if tells else Proof.NONE), ASSIGNMENT


def _tight(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge a colon without a blank, which also separates parts of ARNs, image tags and actions."""
    before = _before(text, joint)
    name = _last(_LETTERS, before)
    sign = before[: -len(name)][-1:]
    tells = sign not in ("-", ".") and ("_" in name or sign not in (":", "/")) and "arn:" not in before.split()[-1]
    return (Proof.SURE if tells else Proof.NONE), ASSIGNMENT


def _last(form: re.Pattern[str], before: str) -> str:
    """Return the match of a form at the end of a text."""
    found = form.match(before[::-1])
    return found[0][::-1] if found else ""


def _option(_text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    words = without_which_one(words_of(joint["optional"]))
    ends = is_secret(words[:-1] if words[-1:] == ["hash"] else words)
    return (Proof.SURE if ends else Proof.NONE), ASSIGNMENT


def _call(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge a call that sets a secret: `setPassword("…")`."""
    name = _last(_LETTERS, _before(text, joint))
    words = words_of(name)
    return (Proof.SURE if words[:1] == ["set"] and is_secret(words[1:]) else Proof.NONE), ASSIGNMENT


def _argument(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge a call that sets a name to a value: `define('DB_PASSWORD', '…')`."""
    named = _SETS.search(_before(text, joint))
    return (_of_name(named["name"]) if named else Proof.NONE), ASSIGNMENT


def _statement(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge an SQL statement about a user: `ALTER USER app PASSWORD '…'`."""
    before = _before(text, joint).rpartition(";")[2]
    return (Proof.SURE if _USERS.search(before) else Proof.NONE), PHRASE


def _replace(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge the old password after the new one: `IDENTIFIED BY … REPLACE …`."""
    before = _before(text, joint)
    return (Proof.SURE if _USERS.search(before) and _IDENTIFIED.search(before) else Proof.NONE), PHRASE


def _slash(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge the text after a user and a slash: without a blank, it may also be a path."""
    opens = "ccès" not in text[max(0, joint.start() - _BETWEEN) : joint.start()]
    return (Proof.NONE if joint["joined"] and not opens else Proof.FAR if joint["joined"] else Proof.WEAK), PHRASE


def _short(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    command = _SPLIT.split(text[max(0, joint.start() - _COMMAND) : joint.start()])[-1]
    return (Proof.SURE if _PROGRAM[joint["letter"]].search(command) else Proof.NONE), PHRASE


def _account(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge a user and a colon in a sentence about signing in: `connexion avec admin:…`."""
    clause = _last(CLAUSE, _before(text, joint))
    tells = not SIGNING_IN.isdisjoint(words_of(clause)[-_BETWEEN:])
    return (Proof.FAR if tells else Proof.NONE), PHRASE


def _windows(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge the text after a user or a share: in a command an option follows, in a sentence a word."""
    option = _SWITCH.match(text, joint.end(), joint.end() + REACH)
    return (Proof.SURE if option else Proof.WEAK), PHRASE


def _always(proof: Proof) -> Callable[[str, re.Match[str]], tuple[Proof, str]]:
    """Return the judge of a joint that is conclusive by itself."""
    return lambda _text, _joint: (proof, PHRASE)


_surely, _nothing = _always(Proof.SURE), _always(Proof.NONE)


@lru_cache(maxsize=1 << 13)
def _of_name(name: str) -> Proof:
    own = _OTHER.sub("", name)
    words = words_of(own)
    if words[-1:] == ["authorization"]:
        return Proof.WEAK
    if own == "PIN":  # in small letters it is the pin of a board, or a pinned version
        return Proof.WEAK
    if not tells_secret(own):
        return Proof.FAR if tells(own, free=True) else Proof.NONE
    return Proof.WEAK if words and words[-1] in ABOUT else Proof.SURE


@lru_cache(maxsize=1 << 13)
def _of_phrase(clause: str) -> Proof:
    """Judge the end of a sentence. Other words between a phrase and a joint make it less certain; not much, if they
    name the owner of the secret: `the password of the vault`, `recovery codes GitHub`.
    """
    words = words_of(clause)[-_WORDS:]
    while words and words[-1] in _VERBS:
        words.pop()
    if words and words[-1] in _VAGUE:
        return Proof.NONE
    if is_secret(without_which_one(words)):
        return Proof.SURE
    for number in range(1, min(_BETWEEN, len(words))):
        phrase = words[:-number]
        if is_secret(phrase) and phrase[-1] not in _VAGUE:
            owned = words[-number] in _OF or _PROPER.search(clause) is not None
            return Proof.WEAK if owned else Proof.FAR
    return Proof.NONE


@lru_cache(maxsize=1 << 13)
def begins_with_secret(clause: str) -> bool:
    """Return whether a clause begins with words for a secret, and not for a property of one."""
    words = words_of(clause)[:_WORDS]
    number = next((number for number in range(1, _BETWEEN + 1) if is_secret(words[:number])), 0)
    return number > 0 and ABOUT.isdisjoint(words[number : number + 1])


_JOINTS: Mapping[str, Callable[[str, re.Match[str]], tuple[Proof, str]]] = {
    "left": _nothing,  # left by an earlier redaction
    "pair": _named,
    "equals": _named,
    "colon": _named,
    "tight": _tight,
    "says": _said,
    "tag": lambda _, joint: (_of_name(joint["tagged"].rpartition(":")[2]), ASSIGNMENT),
    "option": _option,
    "short": _short,
    "export": lambda _, joint: (_of_name(joint["exported"]), ASSIGNMENT),
    "sql": _surely,
    "statement": _statement,
    "call": _call,
    "argument": _argument,
    "login": _surely,
    "account": _account,
    "windows": _windows,
    "openssl": _surely,
    "piped": _surely,
    "oracle": _surely,
    "slash": _slash,
    "beside": _surely,
    "replace": _replace,
    "cell": _in_row,
    "field": _in_row,
    "role": _nothing,
    "below": _apart,
    "apart": _apart,
    "bearer": _always(Proof.WEAK),
}
