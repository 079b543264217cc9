"""Parses shell scripts as far as it is known which commands can end them: simple commands, one per line, joined by
`&&`, `||` or `|`. A script with anything else (loops, functions, here-documents, …) is not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from preuve.collect.code.language.actions.contexts import EXPRESSION
from preuve.library.yaml.word_lists import words_in

_COMPOUND = words_in("commands", "compound")
_JOINS = ("&&", "||", "|")
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)\+?=")
# Expansions: `${{ … }}` by GitHub before the shell reads the script; the others by the shell.
_EXPANDED = rf"{EXPRESSION}|\$\{{[^{{}}]*+\}}|\$[A-Za-z_]\w*+|\$[0-9@*#?$!-]"
_SEVERAL = ("${{", "$@", "${@")  # even in quotes, these may become several words
_DOLLAR = r"\$(?![({'\"])"  # the end of a command in a command is not known
_PIECE = re.compile(
    rf"""\\\n|\\(?P<escaped>.)|'(?P<single>[^']*+)'|"(?P<double>(?:[^"\\$`]|\\.|{_EXPANDED}|{_DOLLAR})*+)"
    |(?P<expanded>{_EXPANDED})|(?P<plain>{_DOLLAR}|[^\s\\'"$;&|<>()`])""",
    re.DOTALL | re.VERBOSE,
)
_WORD = re.sub(r"\?P<\w+>", "?:", _PIECE.pattern)
_TOKEN = re.compile(
    rf"""[ \t]++|\\\n|\#[^\n]*+
    |[0-9]*+(?:&>>?|>[>&|]?|<[>&]?)(?![<(])(?:[ \t]|\\\n)*+(?:{_WORD})++
    |(?P<sign>&&|\|\||;(?!;)|\|(?!&)|&|\n)|(?P<word>(?:{_WORD})++)""",
    re.DOTALL | re.VERBOSE,
)
_LAST = re.compile(r"[ \t]*+(?:#[^\n]*+)?\n")
_IN_QUOTES = re.compile(rf"\\(?P<escaped>.)|(?P<expanded>{_EXPANDED})", re.DOTALL)
_PATTERN = frozenset("*?[{")
_COMMENT = re.compile(r"(?m)(?:^|(?<=\s))#.*$")


@dataclass(frozen=True)
class Word:
    """A word of a command as written, without its quotes."""

    text: str
    fixed: bool = True  # nothing in it is expanded
    whole: bool = True  # expanded or not, it stays one word


@dataclass(frozen=True)
class Command:
    """A simple command: its words, and the names of the variables that it sets before them."""

    words: tuple[Word, ...] = ()
    sets: tuple[str, ...] = ()
    negated: bool = False

    @property
    def name(self) -> str:
        """The name of the program or builtin, without its folder; "" where it is not known."""
        return self.words[0].text.rsplit("/", 1)[-1] if self.words and self.words[0].fixed else ""


@dataclass(frozen=True)
class Statement:
    """Commands in a row, and the operator between each and its predecessor (`&&`, `||`, `|`)."""

    commands: tuple[Command, ...]
    joins: tuple[str, ...]
    ends: str = "\n"  # or ";" and "&"


def without_comments(script: str) -> str:
    """Return a script without anything that may be a comment."""
    return _COMMENT.sub("", script)


def statements(script: str) -> tuple[Statement, ...] | None:
    """Return the statements of a script; None for a script that is not read."""
    found: list[Statement] = []
    commands: list[Command] = []
    joins: list[str] = []
    words: list[Word] = []
    text, at = script.replace("\r\n", "\n") + "\n", 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return None
        at, sign = token.end(), token["sign"]
        if token["word"]:
            words.append(_word(token["word"]))
        elif sign and words:
            command, words = _command(words), []
            if command is None:
                return None
            commands.append(command)
            if sign in _JOINS:
                joins.append(sign)
            else:
                ends = "\n" if sign == ";" and _LAST.match(text, at) else sign
                found.append(Statement(tuple(commands), tuple(joins), ends))
                commands, joins = [], []
        elif sign and (sign != "\n" or len(joins) < len(commands)):
            return None  # no command, and neither an empty line nor a line break after a joining sign
    return None if commands or words else tuple(found)


def _word(written: str) -> Word:
    text, fixed, whole = "", True, True
    for piece in _PIECE.finditer(written):
        if (quoted := piece["double"]) is not None:
            text += _IN_QUOTES.sub(lambda found: found["escaped"] or found["expanded"], quoted)
            expanded = [found["expanded"] for found in _IN_QUOTES.finditer(quoted) if found["expanded"]]
            fixed, whole = fixed and not expanded, whole and not any(one.startswith(_SEVERAL) for one in expanded)
        else:
            text += next((part for part in piece.groups() if part is not None), "")
            if piece["expanded"] or piece["plain"] in _PATTERN:
                fixed = whole = False
    return Word(text, fixed, whole)


def _command(words: list[Word]) -> Command | None:
    negated = words[0] == Word("!")
    words = words[negated:]
    sets = []
    while words and (assigned := _ASSIGNED.match(words[0].text)):
        sets.append(assigned[1])
        words = words[1:]
    if words and words[0].text in _COMPOUND:
        return None
    return Command(tuple(words), tuple(sets), negated)
