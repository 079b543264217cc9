"""Finds e-mail addresses in a text, also with characters escaped as in a URL or in HTML, in full width, or
spelt out.
"""

from __future__ import annotations

import html
import re
import unicodedata
import urllib.parse
from collections.abc import Callable, Iterator, Sequence

from preuve.redact.lists.domains import DOMAINS

# Stand-ins for an `@` between blanks, and for one with a blank only before it: both occur rather in a
# sentence than in an address, and `adresses @acme.fr` names nobody.
_APART, _BEGINS = "\ue000", "\ue001"
_LOCAL, _DOMAIN = r"[\w%+-][\w.%+'-]*+", r"[\w-]+(?:\.[\w-]+)*\."
_LETTER, _TWO_WORDS = r"(?=[\w.%+'-]*?[^\W\d_])", r"(?=[\w%+-]+?[.\d_+-])"
_OF_GIT = "(?i:git)@"  # not a person, but the user of SSH at GitHub, GitLab, Bitbucket and any server of Git
# Begins outside names and does not backtrack, so that hostile text takes linear time.
_ADDRESS = re.compile(
    rf"(?<![\w.%+'-])[.']*+(?!{_OF_GIT})(?P<email>{_LOCAL}@{_DOMAIN}[^\W\d_]{{2,}}"
    rf"|{_LETTER}(?:{_LOCAL}{_APART}|{_TWO_WORDS}{_LOCAL}{_BEGINS}){_DOMAIN}(?i:{'|'.join(sorted(DOMAINS))})(?![\w-]))"
)
# Domains that RFC 2606 keeps for examples belong to nobody.
_NOBODY = re.compile(r"(?i)@(?:[\w-]+\.)*(?:example\.(?:com|net|org)|example|test|invalid|localhost)$")
_OPEN, _CLOSE = r"\s{0,2}[(\[{<]\s?", r"\s?[)\]}>]\s{0,2}"
_BLANKS = r"[ \u00a0]{1,3}"
# Words for the `@` and for the dot.
_SAID = re.compile(
    rf"(?i)(?P<at>{_OPEN}(?:at|arobase?|chez|@){_CLOSE}|{_BLANKS}arobase?{_BLANKS}|{_BLANKS}@(?:{_BLANKS})?|@{_BLANKS})"
    rf"|{_OPEN}(?:dot|point|\.){_CLOSE}|[ \u00a0]point[ \u00a0](?=[a-z]{{2,6}}\b)"
)
# Escapes; each percent sign may itself be escaped.
_SIGNS = re.compile(
    r"(?:%(?:25)*[0-9a-fA-F]{2})+|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}"
    r"|&#(?:0{0,20}[0-9]{1,7}|[xX]0{0,20}[0-9a-fA-F]{1,6});?|&\w{1,31};"
    r"|\w?[\u0300-\u036f]+|[\x80-\U0010ffff]"
)
_BYTE = re.compile(r"%(?:25)*([0-9a-fA-F]{2})")
# A text without any of these has no sign for an address, in any spelling.
_LIKELY = re.compile(
    r"(?i)[@＠﹫]|%(?:25)*40|&#0*64\b|&#x0*40\b|&commat;|\\u0040|\\x40|\\uff20|[(\[{<]\s?(?:at|chez)\s?[)\]}>]|arobas"
)

_APART_FROM_ALL = '",:=/'  # signs that no spelling of an address has
_ENDS = re.compile(f"[{_APART_FROM_ALL}]")

# Every such sign has one of these in small letters, which are found much faster.
_PARTS = (
    *("@", "＠", "﹫", "%40", "2540", "&#", "&commat;", "u0040", "x40", "uff20", "at)", "at]", "at}", "at>", "at )"),
    *("at ]", "at }", "at >", "chez", "arobas"),
)


def may_have_address(text: str) -> bool:
    """Return whether a text may have an e-mail address; quick."""
    read = text.lower()
    return any(part in read for part in _PARTS) and _LIKELY.search(text) is not None


def likely_parts(text: str) -> Iterator[str]:
    """Yield the parts of a text that may have an e-mail address: few parts of few lines."""
    if not may_have_address(text):
        return
    for line in filter(may_have_address, text.split("\n")):  # no address crosses the end of a line
        done = 0
        for found in _LIKELY.finditer(line):
            if found.start() >= done:
                first = max(done, *(line.rfind(sign, done, found.start()) + 1 for sign in _APART_FROM_ALL))
                end = _ENDS.search(line, found.end())
                done = end.start() if end else len(line)
                yield line[first:done]


def has_address(text: str) -> bool:
    """Return whether a text contains an e-mail address of a person."""
    if not may_have_address(text):
        return False
    read = _SAID.sub(_said, _SIGNS.sub(_sign, text))  # as `_decoded` reads it, without the places: quicker
    return any(not _NOBODY.search(_address(found)) for found in _ADDRESS.finditer(read))


def without_addresses(text: str, replaced: Callable[[str], str], *, of_nobody: bool = True) -> str:
    """Replace the e-mail addresses in a text; `replaced` receives each decoded address, those of nobody only on
    request.
    """
    parts, done = [], 0
    for first, last, address in _addresses(text):
        if of_nobody or not _NOBODY.search(address):
            parts += [text[done:first], replaced(address)]
            done = last
    return "".join([*parts, text[done:]]) if parts else text


def _addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the addresses in a text: their places, and their decoded form."""
    if not may_have_address(text):
        return
    read, places = _decoded(text)
    for found in _ADDRESS.finditer(read):
        yield places[found.start("email")], places[found.end("email")], _address(found)


def _address(found: re.Match[str]) -> str:
    """Return an address with `@` and dots in place of other spellings."""
    return re.sub(f"[{_APART}{_BEGINS}]", "@", found["email"])


def _decoded(text: str) -> tuple[str, Sequence[int]]:
    """Return a text as its reader sees it, with the original position of each character and of the end."""
    signs, places = _replaced(text, range(len(text) + 1), _SIGNS, _sign)
    return _replaced(signs, places, _SAID, _said)


def _said(found: re.Match[str]) -> str:
    """Return the character that a spelling stands for, or the stand-in for one between blanks."""
    spelt = found["at"]
    if not spelt:
        return "."
    if not spelt[-1].isspace():
        return (_BEGINS if spelt[-1] == "@" else _APART) if spelt[0].isspace() else "@"
    return _APART


def _replaced(
    text: str, places: Sequence[int], form: re.Pattern[str], read: Callable[[re.Match[str]], str]
) -> tuple[str, Sequence[int]]:
    parts: list[str] = []
    kept: list[int] = []
    done = 0
    for found in form.finditer(text):
        sign = read(found)
        parts += [text[done : found.start()], sign]
        kept += [*places[done : found.start()], *([places[found.start()]] * len(sign))]
        done = found.end()
    return ("".join([*parts, text[done:]]), [*kept, *places[done:]]) if done else (text, places)


def _sign(found: re.Match[str]) -> str:
    """Return the visible character that an escape stands for; none for an invisible one."""
    written = found[0]
    if written[0] == "%":
        given = bytes(int(byte, 16) for byte in _BYTE.findall(written))
        try:
            written = given.decode("utf-8")
        except UnicodeDecodeError:
            return urllib.parse.unquote(written, errors="replace") if b"@" in given else written
    elif written[0] == "\\":
        written = chr(int(written[2:], 16))
    elif written[0] == "&":
        written = html.unescape(written)
    return "".join(sign for sign in unicodedata.normalize("NFKC", written) if unicodedata.category(sign) != "Cf")
