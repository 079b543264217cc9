"""Parses the commands of a shell script at every depth, and marks where their words contain the value of one
variable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from preuve.collect.code.language.actions.contexts import EXPRESSION

# Marks for the value: unchanged in quotes, unchanged but split into words, and changed.
PUT, BARE, CHANGED = "\ue000", "\ue001", "\ue002"

_EXPRESSION = re.compile(EXPRESSION, re.DOTALL)  # GitHub fills it in before the shell reads the script
_PLAIN = re.compile(r"[^\s\\'\"`$;&|()<>]+")
_BRACED = re.compile(r"\$\{(?:[^{}]|\{[^{}]*+\})*+\}")
_QUOTED = re.compile(r"'[^']*+'")
_TICKS = re.compile(r"`((?:[^`\\]|\\.)*+)`", re.DOTALL)
_REDIRECTED = re.compile(r"(\d*)(<<<|<<-?|&>>?|>>|>\||[<>]&|<>|[<>])[ \t]*")
_DOCUMENT = re.compile(r"(['\"\\]?)([\w.-]+)['\"]?")
_ARRAY = re.compile(r"\w+\+?=")
_NAME = re.compile(r"(?<![\w${])(?=[A-Za-z_])")
_DEEPEST = 20  # levels of nested commands


class NotReadError(Exception):
    """The script contains something that this parser does not read."""


def is_marked(*texts: str) -> bool:
    """Return whether one of some texts contains the value."""
    return any(sign in text for text in texts for sign in (PUT, BARE, CHANGED))


@dataclass
class Command:
    """A command: its words without quotes, the files that it writes, and the text on its standard input."""

    words: list[str]
    files: list[str]
    given: str = ""
    piped: bool = False  # it reads the output of the previous command
    unclear: bool = False  # an arithmetic expression uses the value: shells evaluate it


def commands_of(script: str, named: re.Pattern[str]) -> list[Command]:
    """Return the commands of a script. Raises NotReadError."""
    found: list[Command] = []
    _Reader(_EXPRESSION.sub("0", script.replace("\r\n", "\n")), named, found, 0).read()
    return found


class _Reader:
    def __init__(self, text: str, named: re.Pattern[str], found: list[Command], depth: int) -> None:
        if depth > _DEEPEST:
            raise NotReadError
        self.text = text
        self.at = 0
        self._named = named
        self._found = found
        self._depth = depth
        self._last_sum = text.rfind("))")
        self._now = Command([], [])
        self._waiting: list[tuple[Command, str, bool]] = []  # here-documents that begin on the next line
        self._in_array = False
        self._pattern = False  # of `case`
        self._open = 0  # brackets
        self._in_test = False  # between `[[` and `]]`

    def read(self, *, inside: bool = False) -> None:
        """Read to the end, or to the bracket that closes a command in a command."""
        while self.at < len(self.text):
            sign = self.text[self.at]
            if self._passed(sign) or self._bracketed(sign):
                continue
            if sign == ")" and inside and not self._open:
                self._end()
                self.at += 1
                return
            if sign in "();&|\n" and not self.text.startswith("&>", self.at):
                self._joined(sign)
            elif (redirected := _REDIRECTED.match(self.text, self.at)) and not self._process():
                self._redirected(redirected)
            else:
                self._add(self._word())
        if inside or self._waiting:
            raise NotReadError
        self._end()

    def _passed(self, sign: str) -> bool:
        """Leave out characters that belong to no command, and comparison signs."""
        if sign == "#":
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end
            return True
        continued = self.text.startswith("\\\n", self.at)
        if not (continued or sign in " \t" or (self._in_test and sign in "&|()<>\n")):
            return False
        self.at += 2 if continued else 1
        return True

    def _bracketed(self, sign: str) -> bool:
        """Read an arithmetic expression or an array index, if one begins here."""
        if sign == "(" and not self._now.words and self._summed(self.at):
            return True
        if not ((sign == "(" and self._begins_array()) or (sign == ")" and self._in_array)):
            return False
        self._in_array = sign == "("
        self.at += 1
        return True

    def _add(self, word: str) -> None:
        if self._in_array:
            self._now.words[-1] += word
            return
        self._now.words.append(word)
        self._in_test = (self._in_test or word == "[[") and word != "]]"
        self._pattern = self._pattern and word != "esac"

    def _begins_array(self) -> bool:
        words = self._now.words
        return bool(words) and self.text[self.at - 1] == "=" and _ARRAY.fullmatch(words[-1]) is not None

    def _process(self) -> bool:
        return self.text.startswith(("<(", ">("), self.at)

    def _summed(self, at: int) -> bool:
        """Read an arithmetic expression, if one begins here. It may use the variable without a dollar."""
        if not self.text.startswith("((", at) or at > self._last_sum:
            return False
        end = self.text.index("))", at)
        text = self.text[at:end]
        self._now.unclear |= any(map(self._named.search, (text, _NAME.sub("$", text))))
        self.at = end + 2
        return True

    def _joined(self, sign: str) -> None:
        if self._in_array:  # a line break
            self.at += 1
            return
        if sign == ")" and self._pattern:
            self._now, self._pattern = Command([], []), False
            self.at += 1
            return
        if self._pattern and sign in "|(\n":
            self.at += 1
            return
        self._open += (sign == "(") - (sign == ")")
        double = self.text[self.at : self.at + 2]
        piped = sign == "|" and double != "||"
        if sign != "\n" or not self._now.piped or self._now.words:  # a line may end after a pipe
            self._end(bracket=sign == ")")
            self._now.piped = piped
        if double in (";;", "&&", "||", "|&"):
            self.at += 1
            self._pattern = double == ";;"
        self.at += 1
        if sign == "\n":
            self._documents()

    def _end(self, *, bracket: bool = False) -> None:
        now = self._now
        if now.words or now.files or now.unclear or bracket:
            self._found.append(now)
        self._now = Command([], [])

    def _redirected(self, found: re.Match[str]) -> None:
        self.at = found.end()
        if found[2] in ("<<", "<<-"):
            if not (document := _DOCUMENT.match(self.text, self.at)):
                raise NotReadError
            self.at = document.end()
            self._waiting.append((self._now, document[2], not document[1]))
            return
        word = self._word()
        if found[2] == "<<<":
            self._now.given += word
        elif ">" in found[2]:
            self._now.files.append(word)

    def _documents(self) -> None:
        """Read the here-documents that begin on this line."""
        for command, ends, expanded in self._waiting:
            end = re.compile(rf"(?m)^\t*{re.escape(ends)}$").search(self.text, self.at)
            if end is None:
                raise NotReadError
            text = self.text[self.at : end.start()]
            self.at = min(end.end() + 1, len(self.text))
            command.given += self._inner(text).expanded() if expanded else text
        self._waiting = []

    def _inner(self, text: str) -> _Reader:
        return _Reader(text, self._named, self._found, self._depth + 1)

    def expanded(self) -> str:
        """Return a text with its expansions done, as inside double quotes."""
        return self._in_quotes("")

    def _word(self) -> str:
        found: list[str] = []
        while self.at < len(self.text):
            sign = self.text[self.at]
            if self._process():
                self.at += 2
                found.append(self._command_in_it())
            elif sign in " \t\n;&|()<>":
                break
            elif plain := _PLAIN.match(self.text, self.at):
                found.append(plain[0])
                self.at = plain.end()
            elif sign == "\\":
                found.append(self.text[self.at + 1 : self.at + 2].strip("\n"))
                self.at += 2
            elif sign == '"':
                self.at += 1
                found.append(self._in_quotes('"'))
            elif quoted := _QUOTED.match(self.text, self.at):
                found.append(quoted[0][1:-1])
                self.at = quoted.end()
            elif sign in "$`":
                found.append(self._expanded(BARE))
            else:
                raise NotReadError
        return "".join(found)

    def _in_quotes(self, closing: str) -> str:
        found: list[str] = []
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign == closing:
                self.at += 1
                return "".join(found)
            if sign == "\\":
                following = self.text[self.at + 1 : self.at + 2]
                found.append(
                    following if following in ('"', "$", "`", "\\") else "" if following == "\n" else sign + following
                )
                self.at += 2
            elif sign in "$`":
                found.append(self._expanded(PUT))
            else:
                found.append(sign)
                self.at += 1
        if closing:
            raise NotReadError
        return "".join(found)

    def _expanded(self, mark: str) -> str:
        """Read one expansion: the value, the output of a command, or something else."""
        if value := self._named.match(self.text, self.at):
            self.at = value.end()
            return CHANGED if value["changed"] else mark
        if ticks := _TICKS.match(self.text, self.at):
            self.at = ticks.end()
            self._inner(ticks[1].replace("\\`", "`")).read()
            return CHANGED if self._named.search(ticks[1]) else ""
        if self._summed(self.at + 1):
            return "0"
        if self.text.startswith("$(", self.at):
            self.at += 2
            return self._command_in_it()
        if braced := _BRACED.match(self.text, self.at):
            self.at = braced.end()
            return CHANGED if self._named.search(braced[0]) else braced[0]
        if self.text.startswith(("${", "`"), self.at):
            raise NotReadError
        self.at += 1
        return "$"

    def _command_in_it(self) -> str:
        """Read the commands up to the closing bracket; their output is a changed form of the value that they use."""
        start = self.at
        inner = self._inner(self.text)
        inner.at = start
        inner.read(inside=True)
        self.at = inner.at
        return CHANGED if self._named.search(self.text, start, self.at) else ""
