"""Finds secrets that are passed to a program or a server: options, logins and headers, in a text or in a list
of words.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from preuve.redact.notations.names import announces, tells
from preuve.redact.notations.values import (
    is_built_like_key,
    is_literal,
    is_stand_in,
    is_word,
    looks_secret,
    stands_in,
)

_OPTION = re.compile(
    r"(?<![\w/}-])--?(?P<option>[A-Za-z][\w-]{2,60})(?:[ \t]{0,9}=[ \t]{0,9}|[ \t]{1,9}(?:\\\n[ \t]{0,99})?)"
    r"[\"']?(?P<value>(?!-|(?:pass|env|file|fd):|stdin\b)[^\s\"']{4,})"
)
# As a list is written in a text: `"--password", "x"`, or one word on each line.
_LISTED = re.compile(
    r"[\"'](?P<option>--?[A-Za-z][\w-]{0,60})[\"'][ \t]*,\s*[\"'](?P<value>[^\"'\n]{3,400})[\"']"
    r"|(?m:^)[ \t]*-[ \t]+[\"']?(?P<line>--?[A-Za-z][\w-]{0,60})[\"']?[ \t]*\n"
    r"[ \t]*-[ \t]+[\"']?(?P<below>[^\"'\s]{3,400})[\"']?[ \t]*$",
    re.MULTILINE,
)
# In a help text, several blanks and a description follow an option, which begins its line. To
# a shell, blanks mean nothing, and a continued command has a backslash before the line, or an array bracket that
# is still open.
_HELPS = re.compile(r"[ \t]{2,}[A-Za-z][a-z]*[ \t]+[A-Za-z]")
_ABOVE = 2_000  # characters before a line in which an array may begin
_BEGINS = re.compile(r"[^\w\\/.-]*(?:-\w,?[ \t]+)?")
_PAIR = r"[\w.@-]{{1,64}}:(?P<{}>[^\s\"'@/]{{4,}})"
_SAME, _LINES = r"[^\n|;&]{0,300}", r"(?:[^\n|;&\\]|\\\n?){0,300}"  # the rest of a command
_LOGIN = re.compile(
    rf"(?:\s-u|--(?:proxy-)?user|\bcurl\s(?:{_SAME}\s)?-[A-Za-z]{{1,8}}u)[ =]?[\"']?{_PAIR.format('value')}"
    rf"|\bhttps?\s(?:{_SAME}\s)?(?:-a|--auth)[ =]?[\"']?{_PAIR.format('client')}"
    rf"|\bput-parameter\b(?={_LINES}SecureString){_LINES}?\s--value[ =][\"']?(?P<parameter>[^\s\"']{{4,}})"
    r"|\b(?:SSHPASS|REDISCLI_AUTH)=[\"']?(?P<variable>[^\s\"']{4,})"
    r"|\becho\s+[\"']?\w+:(?P<changed>[^\s\"'|]{4,})[\"']?\s*\|\s*(?:sudo\s+)?chpasswd"
    r"|\b(?:mysql|mysqldump|mysqladmin|mariadb)\s(?:[^\n|;&]{0,300}\s)?-p[\"']?(?P<database>[^\s\"']{4,})"
    r"|\b(?:mongo\w*|sqlcmd)\s(?:[^\n|;&]{0,300}\s)?-[pP][ =]?[\"']?(?P<documents>[^\s\"']{4,})"
    r"|\b(?:docker|podman|helm registry)\s+login\s(?:[^\n|;&]{0,300}\s)?-p[ =]?[\"']?(?P<registry>[^\s\"']{4,})"
    r"|\bsshpass\s+-p\s?[\"']?(?P<shell>[^\s\"']{4,})"
    r"|\bredis-cli\s(?:[^\n|;&]{0,300}\s)?-a[ =]?[\"']?(?P<cache>[^\s\"']{4,})"
    r"|\bldap\w+\s(?:[^\n|;&]{0,300}\s)?-w[ =]?[\"']?(?P<directory>[^\s\"']{4,})"
    rf"|\b(?:useradd|usermod)\s(?:{_SAME}\s)?-p[ =]?[\"']?(?P<user>[^\s\"']{{4,}})"
    r"|\becho\s+(?:-\w+\s+)*[\"']?\w[\w.@-]{0,64}:(?P<encoded>[^\s\"'|]{4,})[\"']?\s*\|\s*(?:openssl\s+)?base64\b(?!\s+-d)"
    r"|\b(?:sqlplus|sqlcl|sqlldr|rman|imp|exp|impdp|expdp)\s(?:-\w\s+)*[\"']?(?:userid=)?\w+/(?P<plus>[^\s\"'@/]{4,})"
)
# A user and a password that a program encodes for a server, or forms a login of.
_ENCODES = re.compile(
    rf"\b(?:btoa|b64encode|Buffer\.from)\(\s{{0,9}}b?[\"']{_PAIR.format('value')}[\"']"
    r"|\bNetworkCredential\(\s{0,9}[\"'][^\"'\n]{1,64}[\"']\s{0,9},\s{0,9}[\"'](?P<login>[^\"'\n]{4,200})[\"']"
)
# A value beside a name other than an assignment: a default, an XML element, a command of
# Windows.
_QUOTED = r"[\"'](?P<{}>[^\"'\n]{{4,200}})[\"']"
_VALUE = _QUOTED.format("value")
_BESIDE = (
    re.compile(
        rf"(?:get|getenv|setenv|setdefault|put|set|env|define|ENV\.fetch)\(\s*[\"'](?P<name>[\w.-]+)[\"']\s*"
        rf"(?:,|\)\s{{0,3}}(?:\|\||\?\?|\bor\b|\{{))\s*{_VALUE}"
    ),
    re.compile(rf"(?<!\w)(?P<name>\w{{2,80}})[\"']?\]?\s{{0,3}}(?:\|\||\?\?|\bor\b)\s{{0,3}}{_VALUE}"),
    re.compile(r"<(?P<name>[\w:.-]{2,80})>\s{0,99}(?P<value>[^<>\s]{4,200})\s{0,99}</"),
    re.compile(r"(?i)\b(?:setx|setenv)\s{1,9}(?P<name>[\w.-]+)\s{1,9}[\"']?(?P<value>[^\s\"'/]{4,200})"),
    re.compile(rf"(?m)^[ \t]*+(?P<name>[A-Za-z]\w{{1,80}})[ \t]{{1,9}}{_VALUE}[ \t]*+;?[ \t]*+$"),
)
_TAKEN = ("||", "??", "or")
_STATEMENT = re.compile(
    r"(?i)\b(?:with\s+password\s+(?:encrypted\s+)?|identified\s+(?:with\s+\w+\s+)?by\s+(?:encrypted\s+)?"
    r"|set\s+password(?:\s+for\s+[^\s=]+)?\s*=\s*(?:password\()?)'(?P<value>[^'\n]{4,200})'"
    r"|\bmachine\s+\S+\s+login\s+\S+\s+password\s+(?P<netrc>\S{4,200})"
    rf"|\bConvertTo-SecureString\s+(?:-String\s+)?{_QUOTED.format('shell')}"
)
_BLANK = re.compile(r"\s")
_HEADER = re.compile(r"(?i)\bauthorization[\"']?\s*[:=]\s*[\"']?(?:bearer|basic|token)\s+(?P<value>[\w.+/=~-]{4,})")
_LEAST_IN_HEADER = 8  # characters of a token
_BEARER = re.compile(r"(?i)\bbearer\s+(?P<value>[\w.+/=~-]{16,})")
# Cookies that a request sends: a session cookie signs its bearer in.
_COOKIES = re.compile(
    rf"(?i)(?:(?<![\w-])cookie[\"']?[ \t]{{0,9}}:|\bcurl\s(?:{_SAME}\s)?(?:-b|--cookie)[ =])[ \t]{{0,9}}[\"']?"
    r"(?P<cookies>[^\n\"']{3,4000})"
)
_COOKIE = re.compile(r"(?P<name>[\w.-]{1,80})=(?P<value>[^;,\s]{8,400})")
_SESSION = re.compile(r"(?i)sess|sid\b|auth|token|jwt|login|remember")
_BASIC = re.compile(r"(?i)(?:\bbasic\s+|[\"']_?auth[\"']\s*:\s*[\"'])(?P<value>[A-Za-z0-9+/_-]{6,}={0,2})")
_MAY_BE_BASIC = re.compile(r"[bB]asic|BASIC|auth")
_DATABASES = frozenset({"mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump"})
_SHORT = re.compile(r"-p[^$`{<%\ue000\ue001][^\ue000\ue001]{2,}")
_LOGIN_PAIR = re.compile(r"[\w.@-]+:(?P<value>.{4,})")
_IN_HELP = frozenset({"NAME", "VALUE", "STRING", "TEXT"})  # as in help texts: --password VALUE
_OF_A_BUILD = re.compile(r"(?:id|type|src|source|env)=")  # docker build --secret id=…
_PROPERTY = re.compile(r"[A-Za-z][a-z]*(?:[._-][A-Za-z]+)*=(?!=|\Z)")
# Programs whose -p is a place, a port or a project, and no password.
_OTHERWISE = frozenset(
    {"cp", "compose", "docker", "docker-compose", "install", "mkdir", "nerdctl", "podman", "read", "tar"}
)


_REMARKS = ("#", "//")


def handed_over(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of the secrets that a text passes to a program or a server."""
    for match in _OPTION.finditer(text):
        shown = match["value"].isupper() and (announces(match["value"]) or match["value"] in _IN_HELP)
        helps = shown or _OF_A_BUILD.match(match["value"]) or _is_helped(text, match)
        if not helps and announces(match["option"]):
            yield match.span("value")
    for match in _LISTED.finditer(text):
        place = "value" if match["option"] else "below"
        option, value = match["option"] or match["line"], match[place]
        if _is_handed(option, value) and (looks_secret(value) or not value.isidentifier()):
            yield match.span(place)
    for match in (match for pattern in _besides(text) for match in pattern.finditer(text)):
        if tells(match["name"], free=True) and looks_secret(match["value"]):
            yield match.span("value")
    encoded = ((match, match.lastgroup or "") for match in _ENCODES.finditer(text))
    yield from (match.span(name) for match, name in encoded if looks_secret(match[name]))
    if "--" not in text and not _BLANK.search(text):
        return  # all further forms contain a space
    said = [match for pattern in (_LOGIN, _STATEMENT) for match in pattern.finditer(text)]
    said += (match for match in _HEADER.finditer(text) if _is_sent(match["value"]))
    parts = ((match, number) for match in said for number in range(1, 1 + match.re.groups) if match[number])
    yield from (match.span(number) for match, number in parts if not _is_explained(text, match, match[number]))
    yield from _of_cookies(text)
    yield from (match.span("value") for match in _BEARER.finditer(text) if looks_secret(match["value"]))


def sends_stand_in(text: str) -> bool:
    """Return whether a header contains words in place of a token."""
    return any(stands_in(match["value"]) or is_stand_in(match["value"]) for match in _HEADER.finditer(text))


def has_word_beside(text: str) -> bool:
    """Return whether a word is the value of a name that announces a secret, as in `<password>soleil</password>`."""
    found = (match for pattern in _BESIDE[2:] for match in pattern.finditer(text))
    return any(announces(match["name"]) and is_word(match["value"]) for match in found)


def _is_explained(text: str, match: re.Match[str], value: str) -> bool:
    """Return whether a comment of a program says how a command is used, with a word in place of a secret."""
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    return line.lstrip().startswith(_REMARKS) and value.isalpha() and not looks_secret(value)


def _is_sent(value: str) -> bool:
    return len(value) >= _LEAST_IN_HEADER and not stands_in(value)


def _of_cookies(text: str) -> Iterator[tuple[int, int]]:
    for header in _COOKIES.finditer(text) if "ookie" in text or "curl" in text else ():
        for match in _COOKIE.finditer(text, *header.span("cookies")):
            telling = _SESSION.search(match["name"]) and is_literal(match["value"], free=True)
            if looks_secret(match["value"]) or (telling and not match["value"].isalpha()):
                yield match.span("value")


def _is_in_array(before: str) -> bool:
    """Return whether a text ends inside the array of a shell script."""
    _, opened, inside = before.rpartition("=(")
    return bool(opened) and ")" not in inside


def _is_helped(text: str, option: re.Match[str]) -> bool:
    """Return whether a line of a help text explains an option."""
    if not _HELPS.match(text, option.end("option")):
        return False
    begin = text.rfind("\n", 0, option.start()) + 1
    before = text[max(0, begin - _ABOVE) : begin]
    goes_on = before.rstrip("\r\n").endswith(("\\", "`", "^")) or _is_in_array(before)
    return not goes_on and _BEGINS.fullmatch(text, begin, option.start()) is not None


def _besides(text: str) -> Sequence[re.Pattern[str]]:
    """Return the notations of a name and a value other than an assignment."""
    called, taken, *others = _BESIDE
    return (called, taken, *others) if any(sign in text for sign in _TAKEN) else (called, *others)


def basic_at(text: str) -> Iterator[int]:
    """Yield the positions of HTTP logins: `Basic`, and base64 of a name, a colon and a password."""
    for match in _BASIC.finditer(text) if _MAY_BE_BASIC.search(text) else ():
        name, colon, password = _decoded(match["value"]).partition(":")
        if name and colon and is_literal(password, free=True):
            yield match.start()


def option_of(word: object) -> str:
    """Return the name of an option whose next word is a secret; "" for any other word."""
    name = word.lstrip("-") if isinstance(word, str) and word.startswith("-") else ""
    return name if name and "=" not in name and announces(name) else ""


def login_words(words: Sequence[object]) -> Iterator[int]:
    """Yield the indexes of words that are secrets by their position: `-u name:password`, `-p password`."""
    program = words[0].rsplit("/", 1)[-1] if words and isinstance(words[0], str) else ""
    if program in _DATABASES:  # these take the value in the same word
        yield from (number for number, word in enumerate(words) if _has_password(word))
    for number, (option, value) in enumerate(pairwise(words), 1):
        if isinstance(option, str) and isinstance(value, str) and _is_login(option, value, program):
            yield number


def is_value(word: object) -> bool:
    """Return whether a word after an option may be its value: not another option, nor the name of a stored secret."""
    return not isinstance(word, str) or not (word.startswith("-") or _OF_A_BUILD.match(word))


def _has_password(word: object) -> bool:
    return isinstance(word, str) and _SHORT.fullmatch(word) is not None and is_literal(word[2:], free=True)


def _is_handed(option: str, value: str) -> bool:
    """Return whether an option and its value in a list pass a secret."""
    return (bool(option_of(option)) and is_value(value)) or _is_login(option, value, "")


def _is_login(option: str, value: str, program: str) -> bool:
    if option in ("-u", "--user"):
        pair = _LOGIN_PAIR.fullmatch(value)
        return pair is not None and not pair["value"].isdigit() and is_literal(pair["value"], free=True)
    # `-p parser=json`, of Fluent Bit
    is_property = _PROPERTY.match(value) is not None and not is_built_like_key(value.partition("=")[2])
    return option in ("-p", "-P", "-pw") and program not in _OTHERWISE and not is_property and looks_secret(value)


def _decoded(text: str) -> str:
    """Decode base64, with or without padding; "" if it is not base64 or not text."""
    standard = text.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        found = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return found if found.isprintable() else ""
