"""Metric filters of CloudWatch Logs: which events, of which some members are known, a filter pattern matches.

docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import translate
from functools import lru_cache

from preuve.documents.answer import NO, YES, Answer, all_of, any_of, known, unknown

Test = Callable[[Mapping[str, str]], Answer]  # whether an event matches

_TOKEN = re.compile(
    r"""\s*(?:(?P<sign>&&|\|\||[()]|!=|>=|<=|[=<>])
    |(?P<path>\$(?:\.[\w-]+|\[\d+\]|\[["'][^"']*["']\])+)
    |(?P<quoted>"(?:[^"\\]|\\.)*")
    |(?P<regex>%(?:[^%\\]|\\.)*%)
    |(?P<word>[^\s()=<>!&|"]+))""",
    re.VERBOSE,
)
BOOLEANS = frozenset({"readOnly", "managementEvent"})  # members that are true or false in JSON, here as text
# The value of a member that holds the network address of a person, whichever it is.
ANY_ADDRESS = "\ue010"
_OF_ADDRESSES = re.compile(r"[0-9a-fA-F:.*?]*")
_CALL = re.compile("(?:[A-Z][a-z]+){2,}")  # such as DeleteTrail
_TERM = re.compile(r'(?P<sign>[?-]?)(?:"(?P<quoted>[^"]*)"|(?P<word>\S+))')


def takes(pattern: str, event: Mapping[str, str]) -> Answer:
    """Return whether it matches the event; unknown if that depends on other members of the event. Raises ValueError if
    it is no filter pattern.
    """
    return _takes(pattern.strip(), tuple(event.items()))


@lru_cache(maxsize=4096)  # an account's alarms test the same few events; hundreds of accounts must not all stay
def _takes(text: str, told: tuple[tuple[str, str], ...]) -> Answer:
    event = dict(told)
    if text.startswith("["):  # a pattern for space-delimited lines, which CloudTrail does not write
        return NO
    if not text.startswith("{"):
        return _terms_in(text, event)
    return _test(text)(event)


@lru_cache(maxsize=1024)
def _test(text: str) -> Test:
    """Return the test of a pattern in braces."""
    return _Reader(_tokens(text)).whole()


def _terms_in(text: str, event: Mapping[str, str]) -> Answer:
    """Return whether the event contains the terms: all required ones, and one of the optional ones."""
    found = [(match["sign"], match["quoted"] or match["word"]) for match in _TERM.finditer(text)]
    if any(sign == "-" for sign, _ in found):
        return unknown(text)
    must = [_stands_in(term, event) for sign, term in found if not sign]
    may = [_stands_in(term, event) for sign, term in found if sign]
    return all_of([*must, any_of(may)] if may and not must else must)


def _stands_in(term: str, event: Mapping[str, str]) -> Answer:
    """Return whether the event contains a term. Its unknown members may contain any term except the name of another
    call.
    """
    if term in event.values():
        return YES
    return NO if _CALL.fullmatch(term) and event.get("eventName") else unknown(term)


def _tokens(text: str) -> tuple[tuple[str, str], ...]:
    if not text.endswith("}"):
        raise ValueError("a filter pattern that does not end")
    inner, at, found = text[1:-1].rstrip(), 0, []
    while at < len(inner):
        match = _TOKEN.match(inner, at)
        if match is None:
            raise ValueError("a filter pattern that is not understood")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    return tuple(found)


@dataclass
class _Reader:
    """Reads a pattern as a test of events: `||` over `&&` over comparisons and brackets."""

    tokens: tuple[tuple[str, str], ...]
    at: int = field(default=0)

    def whole(self) -> Test:
        test = self._either()
        if self.at < len(self.tokens):
            raise ValueError("a filter pattern that goes on")
        return test

    def _either(self) -> Test:
        tests = [self._both()]
        while self._took("||"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda event: any_of(test(event) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._took("&&"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda event: all_of(test(event) for test in tests)

    def _one(self) -> Test:
        if self._took("("):
            test = self._either()
            if not self._took(")"):
                raise ValueError("a filter pattern with a bracket that is not closed")
            return test
        kind, path = self._next()
        if kind != "path":
            raise ValueError("a filter pattern with a value where a member belongs")
        _, sign = self._next()
        kind, text = self._next()
        return _of_member(path, _comparison(path, sign.upper(), kind, text))

    def _took(self, sign: str) -> bool:
        took = self.tokens[self.at : self.at + 1] == (("sign", sign),)
        self.at += took
        return took

    def _next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise ValueError("a filter pattern that does not end")
        self.at += 1
        return self.tokens[self.at - 1]


def _of_member(path: str, holds: Callable[[str], Answer]) -> Test:
    """Return the test of one member of an event; unknown for an event without that member."""
    name, untold = _name(path), unknown(path)
    return lambda event: holds(event[name]) if name in event else untold


def _name(path: str) -> str:
    return path.removeprefix("$.")


def _comparison(path: str, sign: str, kind: str, text: str) -> Callable[[str], Answer]:
    """Return whether a comparison holds for a value, "" for none."""
    if _name(path) in BOOLEANS and sign == "IS" and text.upper() in ("TRUE", "FALSE"):
        return lambda value: known(value == text.lower())
    if _name(path) in BOOLEANS and sign in ("=", "!="):  # AWS does not document what these do with true and false
        raise ValueError("a filter pattern that compares true or false as a text")
    return lambda value: _compared(value, sign, kind, text)


def _compared(value: str, sign: str, kind: str, text: str) -> Answer:
    """Return whether a comparison holds for a value, "" for none."""
    if sign == "NOT" and text.upper() == "EXISTS":
        return known(value == "")
    if sign == "=" and value == "":
        return known(False)
    if sign not in ("=", "!=") or value == "" or kind not in ("quoted", "regex", "word"):
        return unknown(sign)
    if value == ANY_ADDRESS:
        same_address = unknown(sign) if kind == "regex" else is_address(text.strip('"'))
        return same_address if sign == "=" else ~same_address
    same = _fits(text[1:-1], value) if kind == "regex" else _like(text[1:-1] if kind == "quoted" else text, value)
    return known(same) if sign == "=" else ~known(same)


def is_address(pattern: str) -> Answer:
    """Return whether a pattern matches every address of a person; unknown if it may match some."""
    if pattern and not pattern.strip("*"):
        return known(True)
    return unknown(pattern) if _OF_ADDRESSES.fullmatch(pattern) else known(False)


def _fits(regex: str, value: str) -> bool:
    """Return whether a value matches a regular expression. Raises ValueError if it is none."""
    try:
        return re.search(regex, value) is not None
    except re.error as error:
        raise ValueError("a filter pattern with a regular expression that is none") from error


def _like(pattern: str, value: str) -> bool:
    """Return whether a value matches a pattern whose only wildcard is `*`."""
    return _wildcards(pattern).fullmatch(value) is not None


@lru_cache(maxsize=65_536)
def _wildcards(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern.replace("[", "[[]").replace("?", "[?]")))
