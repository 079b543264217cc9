"""The styles and scripts of pages: made small by rcssmin and rjsmin, and of a sheet only the rules that a page uses.

A rule is left out where its selectors name a tag, a class or an id that the page has not; what a selector says besides
(attributes, states) is taken to hold.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import rcssmin
import rjsmin
from markupsafe import Markup

from preuve.model.errors import PreuveError

_TAG = re.compile(r"<([a-z][a-z0-9]*)")
_CLASS = re.compile(r'\bclass="([^"]*)"')
_ID = re.compile(r'\bid="([^"]*)"')
_MADE = re.compile(r'createElement\("([a-z0-9]+)"\)|className\s*=\s*"([^"]+)"')  # by a script
_MAYBE = re.compile(r":[a-z-]+\([^()]*\)|\[[^\]]*\]|::?[a-z-]+")  # of a selector, what a page is not asked for
_NAMED = re.compile(r"([.#]?)([A-Za-z][\w-]*)")
_REFERRED = re.compile(r"var\((--[\w-]+)")
_DEFINED = re.compile(r"(?<=[{;])(--[\w-]+):[^;}]*(;|(?=}))")
_NESTED = ("@media", "@supports")


@dataclass(frozen=True)
class Asset:
    """An inlined style or script, and the hash by which the page's policy allows it."""

    text: Markup
    source: str


def asset(text: str) -> Asset:
    """A style or script as it is inlined."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Asset(Markup(text), f"'sha256-{digest}'")  # noqa: S704 — our own file, inlined as it is


def load(path: Path, closing: str) -> str:
    """Read a style or script and make it small; one that could end its own element early is refused."""
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    if closing in text.lower():
        raise PreuveError(f"{path.name} holds {closing}, which would end its element", "write it in two parts")
    small = rcssmin.cssmin(text) if path.suffix == ".css" else rjsmin.jsmin(text)
    return str(small)


@dataclass(frozen=True)
class _Rule:
    """A rule, or an at-rule with rules in it; `needs` has for each of its selectors what a page must have."""

    head: str
    body: str
    needs: tuple[tuple[str, frozenset[str]], ...] = ()
    inside: tuple[_Rule, ...] = ()


class Sheet:
    """A sheet, from which each page takes what it uses."""

    def __init__(self, path: Path) -> None:
        self._rules = tuple(_rules(load(path, "</style")))
        self._made: dict[frozenset[str], Asset] = {}

    def of(self, page: str, scripts: Sequence[str] = ()) -> Asset:
        """The rules that a page uses, what its scripts make included."""
        has = frozenset(_names(page, scripts))
        used = frozenset(name for rule in self._rules for name in _wanted(rule) if name in has)
        if used not in self._made:
            self._made[used] = asset(_without_unused("".join(_kept(rule, used) for rule in self._rules)))
        return self._made[used]


def _without_unused(text: str) -> str:
    """A sheet without the custom properties that nothing in it refers to."""
    known = set(_REFERRED.findall(text))
    return _DEFINED.sub(lambda found: found[0] if found[1] in known else "", text)


def _names(page: str, scripts: Sequence[str]) -> Iterator[str]:
    """Tags as they are, classes with a dot, ids with a hash: of all that a page has."""
    yield from set(_TAG.findall(page))
    for group in set(_CLASS.findall(page)):
        yield from (f".{name}" for name in group.split())
    yield from (f"#{name}" for name in _ID.findall(page))
    for tag, name in (match for script in scripts for match in _MADE.findall(script)):
        yield tag or f".{name}"


def _rules(text: str) -> Iterator[_Rule]:
    """The rules of a small sheet: heads and bodies by their braces."""
    at = 0
    while (opening := text.find("{", at)) >= 0:
        end, depth = opening + 1, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        head, body = text[at:opening], text[opening + 1 : end - 1]
        if head.startswith(_NESTED):
            yield _Rule(head, "", inside=tuple(_rules(body)))
        elif head.startswith("@"):
            yield _Rule(head, body)
        else:
            yield _Rule(head, body, tuple((one, _needed(one)) for one in _selectors(head)))
        at = end


def _selectors(head: str) -> list[str]:
    """The selectors of a rule: a comma inside parentheses parts nothing."""
    return re.split(r",(?![^(]*\))", head)


def _needed(selector: str) -> frozenset[str]:
    plain = selector
    while (rest := _MAYBE.sub(" ", plain)) != plain:
        plain = rest
    return frozenset(f"{kind}{name}" for kind, name in _NAMED.findall(plain))


def _wanted(rule: _Rule) -> Iterator[str]:
    for _, needs in rule.needs:
        yield from needs
    for inner in rule.inside:
        yield from _wanted(inner)


def _kept(rule: _Rule, used: frozenset[str]) -> str:
    if rule.inside:
        body = "".join(_kept(inner, used) for inner in rule.inside)
        return f"{rule.head}{{{body}}}" if body else ""
    if not rule.needs:
        return f"{rule.head}{{{rule.body}}}"
    heads = [selector for selector, needs in rule.needs if needs <= used]
    return f"{','.join(heads)}{{{rule.body}}}" if heads else ""
