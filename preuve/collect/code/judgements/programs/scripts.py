"""Parses shell scripts as far as it is known which commands can end them: simple commands, one per line, joined by
`&&`, `||` or `|`. A script with anything else (loops, functions, here-documents, …) is not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from preuve.collect.code.language.actions.expressions import EXPRESSION
from preuve.library.yaml.word_lists import words_in

_COMPOUND = words_in("commands", "compound")
_JOINS = ("&&", "||", "|")
_ENDS = (";", "&", "\n")
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)\+?=")
# Expansions: `${{ … }}` by GitHub before the shell reads the script; the others by the shell.
_EXPANDED = re.compile(rf"{EXPRESSION}|\$\{{[^{{}}]*\}}|\$[A-Za-z_]\w*|\$[0-9@*#?$!-]", re.DOTALL)
_PATTERN = frozenset("*?[{")
_COMMENT = re.compile(r"(?m)(?:^|(?<=\s))#.*$")


class _NotReadError(Exception):
    """The script contains something that this parser does not read."""


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


@dataclass
class _Word:
    """A word while it is read."""

    text: str = ""
    begun: bool = False
    fixed: bool = True
    whole: bool = True

    def add(self, text: str, *, fixed: bool = True, whole: bool = True) -> None:
        self.text += text
        self.begun = True
        self.fixed, self.whole = self.fixed and fixed, self.whole and whole


def without_comments(script: str) -> str:
    """Return a script without anything that may be a comment."""
    return _COMMENT.sub("", script)


def statements(script: str) -> tuple[Statement, ...] | None:
    """Return the statements of a script; None for a script that is not read."""
    try:
        return tuple(_Parser(_tokens(script)).statements())
    except _NotReadError:
        return None


# ---- words ----------------------------------------------------------------------------------------------------------


def _tokens(script: str) -> list[Word | str]:
    """Return the words of a script, and the operators and line ends between commands as texts."""
    reader = _Reader(script.replace("\r\n", "\n"))
    while reader.at < len(reader.text):
        reader.step()
    reader.end_word()
    if reader.led_away:
        raise _NotReadError
    return [*reader.found, "\n"]


@dataclass
class _Reader:
    text: str
    at: int = 0
    found: list[Word | str] = field(default_factory=list)
    word: _Word = field(default_factory=_Word)
    led_away: bool = False  # a redirection: the next word is a file

    def step(self) -> None:
        sign = self.text[self.at]
        if sign in " \t":
            self.end_word()
            self.at += 1
        elif sign == "#" and not self.word.begun:
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end
        elif sign == "\\":
            self._escaped()
        elif sign in "'\"":
            self._quoted(sign)
        elif sign == "$":
            self._expanded(whole=False)
        elif sign in "<>":
            self._redirected()
        elif sign in ";&|\n":
            self._joined()
        elif sign in "()`":
            raise _NotReadError
        else:
            self.word.add(sign, fixed=sign not in _PATTERN, whole=sign not in _PATTERN)
            self.at += 1

    def end_word(self) -> None:
        if self.word.begun and not self.led_away:
            self.found.append(Word(self.word.text, self.word.fixed, self.word.whole))
        self.led_away = self.led_away and not self.word.begun
        self.word = _Word()

    def _escaped(self) -> None:
        if (following := self.text[self.at + 1 : self.at + 2]) != "\n":
            self.word.add(following)
        self.at += 2

    def _quoted(self, sign: str) -> None:
        self.word.add("")
        self.at += 1
        while self.text[self.at : self.at + 1] != sign:
            if self.at >= len(self.text) or (sign == '"' and self.text[self.at] == "`"):
                raise _NotReadError
            if sign == '"' and self.text[self.at] == "$":
                self._expanded(whole=True)
            else:
                self.at += sign == '"' and self.text[self.at] == "\\"
                self.word.add(self.text[self.at : self.at + 1])
                self.at += 1
        self.at += 1

    def _expanded(self, *, whole: bool) -> None:
        """Read an expansion that begins with a dollar. The end of a command substitution (`$(…)`) is unknown."""
        expanded = _EXPANDED.match(self.text, self.at)
        if expanded is None:
            if self.text[self.at + 1 : self.at + 2] in ("(", "{", "'", '"'):
                raise _NotReadError
            self.word.add("$")
            self.at += 1
            return
        self.word.add(expanded[0], fixed=False, whole=whole and not expanded[0].startswith(("${{", "$@", "${@")))
        self.at = expanded.end()

    def _redirected(self) -> None:
        if self.text.startswith(("<<", "<(", ">("), self.at) or self.led_away:
            raise _NotReadError
        if self.word.text.isdecimal():  # the number of a redirected stream
            self.word = _Word()
        self.end_word()
        while self.text[self.at : self.at + 1] in (">", "<", "&", "|"):
            self.at += 1
        self.led_away = True

    def _joined(self) -> None:
        if self.text.startswith("&>", self.at):
            self.at += 1
            self._redirected()
            return
        self.end_word()
        if self.led_away or self.text.startswith((";;", "|&"), self.at):
            raise _NotReadError
        sign = next((join for join in (*_JOINS, *_ENDS) if self.text.startswith(join, self.at)), "")
        self.found.append(sign)
        self.at += len(sign)


# ---- statements -----------------------------------------------------------------------------------------------------


class _Parser:
    def __init__(self, tokens: list[Word | str]) -> None:
        self._tokens = tokens

    def statements(self) -> list[Statement]:
        found: list[Statement] = []
        commands: list[Command] = []
        joins: list[str] = []
        words: list[Word] = []
        for item in self._tokens:
            if isinstance(item, Word):
                words.append(item)
            elif not words and item == "\n" and (not commands or len(joins) == len(commands)):
                continue  # an empty line, or a line break after a joining sign
            elif not words:
                raise _NotReadError
            else:
                commands.append(_command(words))
                words = []
                if item in _JOINS:
                    joins.append(item)
                else:
                    found.append(Statement(tuple(commands), tuple(joins), item))
                    commands, joins = [], []
        if commands:
            raise _NotReadError
        return _without_empty_ends(found, self._tokens)


def _without_empty_ends(found: list[Statement], tokens: list[Word | str]) -> list[Statement]:
    """Return the statements without empty ones after a `;` at the end of a line."""
    ends = [number for number, token in enumerate(tokens) if token in _ENDS and _is_word(tokens, number - 1)]
    return [
        Statement(one.commands, one.joins, "\n") if one.ends == ";" and tokens[at + 1] == "\n" else one
        for one, at in zip(found, ends, strict=True)
    ]


def _is_word(tokens: list[Word | str], at: int) -> bool:
    return at >= 0 and isinstance(tokens[at], Word)


def _command(words: list[Word]) -> Command:
    negated = words[0] == Word("!")
    words = words[negated:]
    sets = []
    while words and (assigned := _ASSIGNED.match(words[0].text)):
        sets.append(assigned[1])
        words = words[1:]
    if words and words[0].text in _COMPOUND:
        raise _NotReadError
    return Command(tuple(words), tuple(sets), negated)
