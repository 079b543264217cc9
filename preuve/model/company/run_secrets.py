"""The secrets of a run. The output of another program is never repeated with one of them in it, in any spelling."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

HIDDEN = "***"
_SHORTEST = 8  # characters: a shorter text occurs by chance in any answer
_CORES = ((0, 0), (1, 2), (2, 3))  # bytes before the secret in base64, and the characters that they change
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_URLSAFE = str.maketrans("+/", "-_")
# Always a secret: the user in a URL, and what follows the scheme of `Authorization`.
_ANYWHERE = re.compile(
    r"(?P<address>(?::|%3[aA])(?:\\?/|%2[fF]){2})[^\s/\"'<>@]+(?:@|%40)"
    r"|(?P<header>(?i:authorization)[\"']?\s*[:=]\s*[\"']?(?:(?i:basic|bearer|token|negotiate|digest)\s+)?)[^\s\"',;<>]+"
)
_TELLING = re.compile(
    r"(?i).*(?:token|secret|passw(?:or)?d|passphrase|(?:api|access|private|secret)_?key|credentials?|_pwd|_jwt|_auth)"
)


class Secrets:
    """What must never be repeated. The set only grows: a secret stays one until the run ends."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known: set[str] = set()
        for secret in known:
            self.learn(secret)

    def learn(self, secret: str) -> None:
        """Add a secret; of `user:token` also the token, of a URL also its path and the last part of the path."""
        self._known.update(part for part in (secret, *_parts(secret)) if len(part) >= _SHORTEST)

    def learn_environment(self, environment: Mapping[str, str]) -> None:
        """Add the values of the variables whose names end with a word for a secret; a path is only where a
        secret lies.
        """
        for name, value in environment.items():
            if _TELLING.fullmatch(name) and not value.startswith("/"):
                self.learn(value)

    def hidden(self, text: str) -> str:
        """Return a text without any secret: plain, URL-encoded, or in JSON, HTML or base64."""
        text = _pattern(frozenset(self._known)).sub(HIDDEN, text) if self._known else text
        return _ANYWHERE.sub(_without, text)


OF_RUN = Secrets()  # one process is one run; learning a secret and quoting an answer share nothing else


def _parts(secret: str) -> Iterator[str]:
    if "://" not in secret:
        yield secret.partition(":")[2]
        return
    try:
        address = urlsplit(secret)
    except ValueError:
        return
    yield from (address.password or "", address.path.strip("/"), address.path.rpartition("/")[2], address.query)


@lru_cache(maxsize=4)
def _pattern(known: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern for each secret in each spelling; the longest come first, for some begin like others."""
    spelt = {form for secret in known for form in (secret, *_in_base64(secret))}
    return re.compile("|".join("".join(map(_sign, form)) for form in sorted(spelt, key=len, reverse=True)))


def _in_base64(secret: str) -> Iterator[str]:
    """Yield the base64 forms of a secret, for any text before and after it."""
    data = secret.encode("utf-8", "surrogatepass")
    for before, changed in _CORES:
        core = base64.b64encode(bytes(before) + data).decode()[changed : (before + len(data)) * 8 // 6]
        yield from (core, core.translate(_URLSAFE))


@lru_cache(maxsize=1 << 10)
def _sign(sign: str) -> str:
    """Return a pattern for a character in every encoding that programs use. ASCII letters and digits are never
    encoded.
    """
    if sign.isascii() and sign.isalnum():
        return sign
    percent = "".join(f"%(?:25)*{byte:02x}" for byte in sign.encode("utf-8", "surrogatepass"))
    number = rf"&(?:amp;)?#(?:0*{ord(sign)}|x0*{ord(sign):x});"
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    escaped = "".join(rf"\\+u{units[at : at + 4]}" for at in range(0, len(units), 4))
    others = {re.escape(json.dumps(sign)[1:-1]), re.escape(_NAMED.get(sign, sign))}
    return rf"(?:\\*{re.escape(sign)}|(?i:{percent}|{number}|{escaped})|{'|'.join(sorted(others))})"


def _without(found: re.Match[str]) -> str:
    return f"{found['address']}{HIDDEN}@" if found["address"] else f"{found['header']}{HIDDEN}"
