"""Finds secrets that a script passes to a command, as a word or on its standard input.

A word shortly after one that announces a secret counts if it looks like a secret. So does the input of a command that
asks for a password: piped, or from a here-string or here-document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from preuve.library.words import names_whose_pass
from preuve.redact.notations.names import announces, remembered, tells
from preuve.redact.notations.values import is_uuid, looks_secret

_MOST_BETWEEN = 4  # words between the telling one and the secret: a user, a file, an option
_WORD = re.compile(r"[\"']?([^\s\"'`]+)[\"']?")
_COMMAND = re.compile(r"[^\n|;&<>()]{4,1000}")
# Words that a sentence asks to pass on, and what follows them in one: `Pass name+surname to the script.`
_JOINED = re.compile(r"[A-Za-z_]+[0-9]?(?:[+&~=][A-Za-z_]+[0-9]?)*[.,;:!?]?")
_GOES_ON = re.compile(
    r"[\"'`)]?(?:[.,;:!?]\Z|[,;:]?[ \t]+(?:a|an|and|as|at|by|for|from|if|in|into|of|on|or|the|through|to|via|with)\b)"
)
_NO_VALUE = re.compile(r"[=*/:,(){}\[\]<>$%@]|^-|\\")
_TELLS = re.compile(r"(?i)passw|passphrase|pass\b|passwd|secret|token|add_user")
_TAKES = (
    r"(?:sudo\s+(?:-\w+\s+)*)?"
    r"(?:su|passwd|chpasswd|smbpasswd|htpasswd|kinit|kadmin|realm|adcli|cryptsetup|gpg2?|vault)\b"
)
_ASKS = re.compile(
    rf"\s*(?:{_TAKES}|sudo\s+-\w*S|[^\n|;&]{{0,300}}(?:password-stdin|passphrase-fd|--stdin|-pass\s+stdin))"
)
_PIPED = re.compile(
    r"\b(?:echo|printf)\s+(?:-\w+\s+)*[\"']?(?P<value>[^\s\"'|\\]{4,200})(?:\\n)?[\"']?\s*\|(?P<to>[^\n]{2,300})"
)
_HERE = re.compile(r"<<<\s{0,9}[\"']?(?P<value>[^\s\"']{4,200})")
_SAME_COMMAND = re.compile(r"[\n|;&(`]")
_LINE = re.compile(r"[^\s](?:[^\n]*[^\s])?")
_LONGEST = 300  # characters of a command
_DOCUMENT = re.compile(
    r"(?m)^(?P<to>[^\n|;&]{2,300})<<-?\s*[\"']?(?P<end>\w++)[\"']?[^\n]*+\n(?P<body>(?:[^\n]*\n){1,9}?)\s*(?P=end)"
)
_KNOWN = re.compile(
    r"\bopenssl\s[^\n|;&]{0,300}?-k\s+[\"']?(?P<openssl>[^\s\"']{4,200})"
    r"|\bopenssl\s[^\n|;&]{0,300}?-pass(?:in|out)?\s+[\"']?pass:(?P<pass>[^\s\"']{4,200})"
    r"|\bvault\s+login\s(?:[^\n|;&]{0,300}?\s)?(?P<vault>(?:s|hvs)\.[\w-]{20,200})"
    r"|\bnet\s+user\s+(?:\"[^\"]+\"|\S+)\s+[\"']?(?P<account>[^\s\"'/]{4,200})"
    r"|\b(?:un)?zip\s(?:[^\n|;&]{0,300}\s)?-P\s?[\"']?(?P<zip>[^\s\"']{4,200})"
    r"|\b7z[ar]?\s[^\n|;&]{0,300}?\s-p[\"']?(?P<seven>[^\s\"']{4,200})"
    r"|\bssh-keygen\s[^\n|;&]{0,300}?-[NP]\s+[\"']?(?P<keygen>[^\s\"']{4,200})"
    r"|\blftp\s[^\n|;&]{0,300}?-u\s+[\"']?[\w.@-]+,(?P<lftp>[^\s\"']{4,200})"
    r"|\bsmb\w+\s[^\n|;&]{0,300}?-U\s*[\"']?[\w.@\\-]+%(?P<smb>[^\s\"']{4,200})"
    r"|(?i:(?<![^\s\"'])/pass(?:word)?:)[\"']?(?P<windows>[^\s\"']{4,200})"
    r"|(?i:\bnet\s+use\s)[^\n]{0,300}?(?i:/user:)\S+\s+[\"']?(?P<share>[^\s\"'/]{4,200})"
    r"|(?<![\w:/.*-])[\w.*-]+:(?:\d{2,5}|\*):[\w*-]+:[\w*-]+:(?P<pgpass>[^\s\"':]{4,200})"
)  # fmt: skip
_MAY_BE_KNOWN = re.compile(r"\s|(?i:/pass)")  # any text with a command, or pgpass, has one of these
_COLONS = 4
# The replacement that sed inserts for the placeholder of a secret.
_REPLACED = re.compile(
    r"(?<!\w)s(?P<sign>[/|#,@~:!])(?P<name>(?:(?!(?P=sign))[^\n]){3,80})(?P=sign)"
    r"(?P<value>(?:(?!(?P=sign))[^\s\"'\\]){4,200})(?P=sign)"
)
# What cloud-init gives users at the first boot: `user:password`, on lines of their own or in a list.
_FIRST_BOOT = re.compile(
    r"(?m)^(?P<level>[ \t]*)[\"']?chpasswd[\"']?:[^\n]*\n(?P<body>(?:(?P=level)[ \t-][^\n]*(?:\n|$)|[ \t]*\n){1,99})"
)
_OF_A_USER = re.compile(
    r"(?m)(?:^[ \t]*(?:-[ \t]+)?|list[\"']?:[ \t]*+\[?[ \t]*+|,[ \t]*)[\"']?[a-z_][\w.-]{0,31}:"
    r"(?P<value>[^\s:,\"'\]]{2,200})"
)
_MADE_AT_BOOT = frozenset({"R", "RANDOM"})


def given_as_words(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of command words that look like a secret, shortly after a word that announces one."""
    lines = text.replace("\\n", " \n")  # as long as the text
    for command in _COMMAND.finditer(lines) if _TELLS.search(text) else ():
        yield from _after_telling(command)


def given_to_commands(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of the secrets that commands in a text receive."""
    for match in _REPLACED.finditer(text):
        name, value = match["name"].strip("_@{}<>%$[]=.* "), match["value"].rsplit("=", 1)[-1]
        if tells(name, free=True) and looks_secret(value):
            yield match.end("value") - len(value), match.end("value")
    for match in _KNOWN.finditer(text) if _MAY_BE_KNOWN.search(text) or text.count(":") >= _COLONS else ():
        found = (number for number in range(1, 1 + match.re.groups) if match[number])
        yield from (match.span(number) for number in found if looks_secret(match[number]))
    yield from _at_first_boot(text)
    yield from _at_input(text)


def _at_input(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of the secrets that a command reads from its input."""
    for match in _PIPED.finditer(text) if "|" in text else ():
        if _ASKS.match(match["to"]) and looks_secret(match["value"]):
            yield match.span("value")
    for match in _HERE.finditer(text) if "<<<" in text else ():
        to = _SAME_COMMAND.split(text[max(0, match.start() - _LONGEST) : match.start()])[-1]
        if _ASKS.match(to) and looks_secret(match["value"]):
            yield match.span("value")
    for match in _DOCUMENT.finditer(text) if "<<" in text else ():
        if _ASKS.match(_SAME_COMMAND.split(match["to"])[-1]):
            lines_of = _LINE.finditer(text, *match.span("body"))
            yield from (line.span() for line in lines_of if looks_secret(line[0]))


def _at_first_boot(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of the passwords that cloud-init sets for users, except hashes and generated ones."""
    for block in _FIRST_BOOT.finditer(text) if "chpasswd" in text else ():
        for match in _OF_A_USER.finditer(text, *block.span("body")):
            if match["value"] not in _MADE_AT_BOOT and not match["value"].startswith("$"):
                yield match.span("value")


def _after_telling(command: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of the words of one command that look like a secret, shortly after a word that announces one."""
    since, by = _MOST_BETWEEN + 1, ""
    for match in _WORD.finditer(command.string, *command.span()):
        word = match[1]
        if _is_telling(word):
            since, by = 0, word
            continue
        since += 1
        near = since <= _MOST_BETWEEN and not _NO_VALUE.search(word)
        if near and (looks_secret(word) or is_uuid(word)) and not _is_passed_on(by, match):
            yield match.span(1)


def _is_passed_on(by: str, found: re.Match[str]) -> bool:
    """Return whether a word belongs to prose that tells somebody to pass something on."""
    if by.startswith("-"):
        return False
    if _JOINED.fullmatch(found[1]):
        return True
    return by.lower() == "pass" and _GOES_ON.match(found.string, found.end()) is not None


@remembered
def _is_telling(word: str) -> bool:
    last = word.rsplit("/", 1)[-1]
    name = last.lstrip("-")
    if names_whose_pass(last):  # no option: a program, or what something is called
        return False
    return _NO_VALUE.search(name) is None and (name == "add_user" or announces(name))
