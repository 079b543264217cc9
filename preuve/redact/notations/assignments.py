"""Replaces the variables in a text by the values that the text itself gives them: assigned on its own lines, taken as a
default, or printed by a command.

This does not emulate a shell. Every value that may reach a place is put there: a literal under the name of a secret is
one, whether or not something else is set when the program runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from preuve.redact.notations.names import announces, tells
from preuve.redact.notations.values import HOLE, hides_one, is_literal, is_name_of_one, is_stand_in, looks_secret

_NESTED = 5  # defaults within defaults
_MOST = 1_000_000  # characters that variables may add: a line may repeat a variable
_MAY = re.compile(r"[$`]|<<|getenv|environ|process\.env|ENV[.\[]|ParameterKey=")
_ENDS = re.compile(r"(\n|;|&&)")
_GIVES = re.compile(
    r"(?<![\w.$-])(?P<sign>\$(?:env:)?)?(?P<name>[A-Za-z_]\w{0,80})(?:[ \t]{0,3}[:?]?)=[ \t]{0,3}(?=\S)"
)
_WORD = re.compile(r"\"(?P<double>[^\"\n]{1,400})\"|'(?P<single>[^'\n]{1,400})'|(?P<plain>[^\s\"'`;|&()<>]{1,400})")
_GIVEN = re.compile(f"{_GIVES.pattern}(?:{_WORD.pattern})")
_READ = re.compile(r"\bread[ \t]{1,9}(?:-\w{1,9}[ \t]{1,9}){0,4}(?P<name>[A-Za-z_]\w{0,80})[ \t]{0,9}<<<[ \t]{0,9}")
# A here-document of one line that a command prints, and that `read` gives a variable.
_BODY = (
    r"<<-?[ \t]{0,9}[\"']?(?P<end>\w{1,40})[\"']?[ \t]{0,9}\n"
    r"(?P<body>[^\n]{1,400})\n[ \t]{0,40}(?P=end)[ \t]{0,9}"
)
_PRINTED = re.compile(
    rf"\$\([ \t]{{0,9}}(?:cat|base64|tr|sed|rev|cut)\b[^\n|;&()<]{{0,100}}{_BODY}\n[ \t]{{0,40}}\)(?P<close>[\"']?)"
)
_READ_IN = re.compile(
    r"\bread[ \t]{1,9}(?:-\w{1,9}[ \t]{1,9}(?:(?:''|\"\")[ \t]{1,9})?){0,4}(?P<name>[A-Za-z_]\w{0,80})"
    rf"[ \t]{{0,9}}{_BODY}"
)
_PARAMETER = re.compile(r"ParameterKey=(?P<name>[\w-]{1,200}),ParameterValue=")
# A shell expands nothing between single quotes or after a backslash.
_LITERALLY = re.compile(r"(?<==)(?P<quote>'?)(?P<sign>\\?)\$(?P<word>[^\s'\"`;|&(){}]{4,200})(?P=quote)")
_VARIABLE = re.compile(
    r"\$(?:(?:env:)?(?P<plain>[A-Za-z_]\w{0,80})(?![\w:])|\{(?P<name>\w{1,80})(?P<rest>[^\w{}\n][^{}\n]{0,400})?\})"
)
_OF_SHELL = re.compile(r"(?P<sign>:?[-=+])(?P<word>.+)")
# The default of Spring, which puts one sign between it and the name.
_OF_SPRING = re.compile(r"\$\{(?P<name>[A-Za-z_][\w.-]{0,120}):(?![-=+?:])(?P<word>[^{}\n]{1,400})\}")
_PART_OF_TEXT = re.compile(r"[ \t]*-?\d+(?::-?\d+)?")  # `${X:0:8}`
_RESOLVERS = frozenset({"secret", "secrets"})
_PRINTS = re.compile(
    r"(?P<open>\$\(|`)[ \t]{0,9}(?:echo|printf)[ \t]{1,9}(?:-\w{1,9}[ \t]{1,9}){0,4}"
    r"(?:[\"']?%s(?:\\n)?[\"']?[ \t]{1,9})?"
    r"(?:\"(?P<double>[^\"$`\n]{1,400})\"|'(?P<single>[^'\n]{1,400})'|(?P<plain>[^\s\"'$`;|&()<>]{1,400}))"
    r"[ \t]{0,9}(?P<to>\|[^()`\n]{0,300})?(?:\)|`)"
)
# Commands that print another form of a text; what others print is not known.
_FORMS = frozenset({"base64", "cut", "rev", "sed", "tr"})
# A line that only assigns a variable.
_ONLY_GIVES = re.compile(
    r"\s*(?:(?:export|local|readonly)[ \t]+)?[A-Za-z_]\w*="
    r"(?:\$\((?:[^()]|\([^()]*\))*+\)?|`[^`]*`|\"[^\"]*\"|'[^']*'|[^\s\"'`()|&<>]+)?\s*"
)
# The beginning and the end of a part that a shell may skip.
_OPENS = re.compile(r"\s*(?:(?:then|do|else)\s+)?(if|case|for|while|until|select)\b")
_DOCUMENT = re.compile(r"(?<!<)<<-?[ \t]{0,9}[\"']?(\w+)")
_CLOSING = {"if": "fi", "case": "esac", "{": "}", "(": ")"}
_FIRST = re.compile(r"\s*(\w+|[})])")
# The default of an environment variable in a program.
_CALLED = re.compile(
    r"(?:(?:\b\w{1,40}\.)?(?:getenv|environ\.get|ENV\.fetch)\([ \t]{0,9}[\"'][\w.-]{1,80}[\"'][ \t]{0,9}"
    r"(?:,|\)[ \t]{0,9}(?:\bor\b|\|\||\?\?|\{))"
    r"|(?:\bprocess\.env\.\w{1,80}|\b(?:process\.env|ENV)\[[\"'][\w.-]{1,80}[\"']\])[ \t]{0,9}(?:\|\||\?\?))"
    r"[ \t]{0,9}(?P<given>\"(?P<double>[^\"\n]{4,200})\"|'(?P<single>[^'\n]{4,200})')"
    r"[ \t]{0,9}[)}]?"
)
# An expression of a workflow, and the texts that it may return: not those that it only compares or uses as keys.
_EXPRESSION = re.compile(r"\$\{\{(?P<of>(?:(?!\}\}|\$\{\{)[^\n]){1,2000})\}\}")
_COMPARED = re.compile(
    r"[!=]=\s*'[^']*'|'[^']*'\s*[!=]=|\[[^\]]*\]|\b(?!format\b|fromJSON\b|toJSON\b)[a-zA-Z]+\([^)]*\)"
)
_TEXT = re.compile(r"'(?P<text>[^']{4,400})'")


def with_assignments(text: str, *, stand_ins: bool = True) -> str:
    """Return a text with its variables replaced, with the same number of lines. Without `stand_ins`, placeholder words
    are not inserted next to other text.
    """
    return Assignments(stand_ins=stand_ins).of(text) if _MAY.search(text) else text


class Assignments:
    """The values that texts have assigned so far: of a script, or of the instructions of a Dockerfile in order."""

    def __init__(self, *, stand_ins: bool = True) -> None:
        self._stand_ins = stand_ins
        self._given: dict[str, str] = {}
        self._left = _MOST
        self._open: list[str] = []  # the ends of the parts around the last line
        self._perhaps = False  # the last command decides whether this one runs

    def of(self, text: str) -> str:
        """Return a text with its variables replaced, and remember its assignments."""
        if not _MAY.search(text):
            self._keep(text)
            return text
        if "<<" in text:
            text = _READ_IN.sub(r"\g<name>=\g<body>\n\n", _PRINTED.sub(_body_first, text))
        return "".join(map(self._line, _ENDS.split(_EXPRESSION.sub(_chosen, text))))

    def set(self, name: str, value: str, *, surely: bool = True) -> None:
        """Remember the value of a variable. An earlier value that is a secret and may remain is kept."""
        if is_literal(value, free=True) and not any(sign in value for sign in ("$", "`", HOLE)):
            self._given[name] = value
        elif surely or not looks_secret(self._given.get(name, "")):
            self._given.pop(name, None)

    def _line(self, line: str) -> str:
        if _ENDS.fullmatch(line):
            self._perhaps = line == "&&"
            return line
        written = line
        if _MAY.search(line):
            line = _PARAMETER.sub(r"\g<name>=", _READ.sub(r"\g<name>=", line))
            line = _CALLED.sub(_if_secret, line)
            for _ in range(_NESTED):
                before = line
                for form, put in self._forms():
                    line = form.sub(put, line)
                if line == before:
                    break
        self._keep(line)
        return line if line == written else _without_names(line)

    def _forms(self) -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]:
        return ((_LITERALLY, _as_written), (_VARIABLE, self._value), (_OF_SPRING, _of_spring), (_PRINTS, _printed))

    def _keep(self, line: str) -> None:
        first = _FIRST.match(line)
        if self._open and first and first[1] == self._open[-1]:
            self._open.pop()
        surely = not self._open and not self._perhaps and _ONLY_GIVES.fullmatch(line) is not None
        for match in _GIVES.finditer(line) if "=" in line else ():
            word = _WORD.match(line, match.end())
            literal = word and not (match["sign"] and word["plain"])  # `$x = y` takes what a command `y` gives
            self.set(match["name"], _inside(word) if word and literal else "", surely=surely)
        if opening := _OPENS.match(line):
            self._open.append(_CLOSING.get(opening[1], "done"))
        self._open += [_CLOSING[sign] for sign in line.rstrip()[-1:] if sign in _CLOSING]
        self._open += _DOCUMENT.findall(line)

    def _value(self, found: re.Match[str]) -> str:
        name = found["plain"] or found["name"]
        given = self._given.get(name)
        other = _OF_SHELL.fullmatch(found["rest"] or "")
        if given is not None and not (other and other["sign"].endswith("+")):
            self._left -= len(given)
            return given if self._left > 0 else found[0]
        if other is None or not _is_default(name, other):
            return found[0]
        word = other["word"].strip("\"'")
        stays = not self._stand_ins and found[0] != found.string.strip() and is_stand_in(word)
        if "$" in word or "`" in word or not word or stays:
            return found[0]
        if other["sign"].endswith("="):
            self.set(name, word)
        return word


def _is_default(name: str, other: re.Match[str]) -> bool:
    """Return whether a word is the default of a shell variable: other languages allow hyphens in names, as in
    `${db-password}`.
    """
    return other["sign"] != "-" or not any(map(str.islower, name)) or looks_secret(other["word"])


def _of_spring(found: re.Match[str]) -> str:
    """Return the default of a Spring setting. A word in small letters before the colon names a resolver:
    `${self:custom.name}`.
    """
    name, word = found["name"], found["word"].strip()
    of_setting = "." in name or not any(map(str.islower, name))
    telling = announces(name) and name.lower() not in _RESOLVERS
    skipped = _PART_OF_TEXT.fullmatch(word) or name.startswith("cf.") or "$" in word
    return word if word and (of_setting or telling) and not skipped else found[0]


def _as_written(found: re.Match[str]) -> str:
    written = (found["quote"] or found["sign"]) and hides_one(f"${found['word']}")
    return f"{found['quote']}{found['word']}{found['quote']}" if written else found[0]


def _body_first(found: re.Match[str]) -> str:
    """Return a here-document with its line in place of the command that prints it; the number of lines stays."""
    return f"{found['body'].strip()}{found['close']}\n\n\n"


def _printed(found: re.Match[str]) -> str:
    text = _inside(found)
    through = {stage.split(maxsplit=1)[0] for stage in (found["to"] or "").split("|") if stage.strip()}
    return text if not through or (looks_secret(text) and through <= _FORMS) else found[0]


def _without_names(line: str) -> str:
    """Return a line with a gap for each value that variables turn into the name of a secret:
    `SECRET=$ENV-app-secret`.
    """
    return _GIVEN.sub(_unless_name, line)


def _unless_name(given: re.Match[str]) -> str:
    named = is_name_of_one(_inside(given)) and tells(given["name"], free=True)
    return f"{given['name']}={HOLE}" if named else given[0]


def _if_secret(found: re.Match[str]) -> str:
    return found["given"] if looks_secret(found["double"] or found["single"]) else found[0]


def _chosen(found: re.Match[str]) -> str:
    """Return the text that looks like a secret among those that an expression may give."""
    texts = (match["text"] for match in _TEXT.finditer(_COMPARED.sub("", found["of"])))
    return next(filter(looks_secret, texts), found[0])


def _inside(word: re.Match[str]) -> str:
    groups = word.groupdict()
    return groups["double"] or groups["single"] or groups["plain"] or ""
