"""Finds the beginning and the end of the value after a joint."""

from __future__ import annotations

import re

from preuve.redact.announcements.values import PSEUDONYM, SCHEME, is_known

_SCHEME = re.compile(rf"{SCHEME}[ \t]{{1,2}}(?!\[removed: )(?=\S)")
HEADER = re.compile(rf"(?:\\\\{{0,2}}[\"'`])?{_SCHEME.pattern}")
_OPENING = re.compile(r"\\{1,2}[\"'`]|[\"'`]|«[ \u00a0]?")
_CLOSING = {
    '"': re.compile(r"(?:\\.|[^\"\\\n]){1,1000}(?=\")"),
    "'": re.compile(r"(?:\\.|[^'\\\n]){1,1000}(?=')"),
    "`": re.compile(r"[^`\n]{1,1000}(?=`)"),
    "«": re.compile(r"[^»\n]{1,1000}?(?=[ \u00a0]?»)"),
    "\\": re.compile(r"(?:(?!\\{1,2}[\"'`])[^\n]){1,1000}(?=\\{1,2}[\"'`])"),
}
_AFTER_USER = frozenset({"-u", "-U"})  # options whose value is a user, a sign and a password
_USER = re.compile(r"[^:%]*[:%]?")
_ENDS_OF = {"oracle": re.compile("@(?=[^@]*$)"), "cell": re.compile(r"\|"), "field": re.compile("[,;]")}
_NEXT = r"[,;&](?=\s{0,2}[\"']?[\w.-]{1,40}[\"']?\s?[=:])"  # another name begins
_BARE = re.compile(
    rf"(?:\[removed: \w+\]|\$\([^()\n]{{0,200}}\)|\$?\{{\{{[^{{}}\n]{{0,200}}\}}\}}|\$\{{[^{{}}\n]{{0,200}}\}}"
    rf"|<[\w -]{{1,60}}>(?!\S)|(?!{_NEXT}|</)[^\s\"'`«»]|[\"'`](?=[\w!@#$%*+]))+"
)
_STRUCTURE = re.compile(r"[\[{]{1,3}\s{0,3}(?:[\"']|[\w.-]{1,80}(?:[,\]]|:\s))|\{\}|\[\]")
_LIST = re.compile(r"\[\s{0,3}(?=[\"'])")
_ELEMENT = re.compile(r"[^<]{1,1000}(?=</)")
_LEFT = re.compile(rf"(?:\[removed: [a-z0-9_]+\]|{PSEUDONYM})")
_END = re.compile(r"[,;.:)\]}\\>]+\Z")


def value_at(text: str, joint: re.Match[str]) -> tuple[int, int] | None:
    """Return the place of a value; None where there is none."""
    place = joint.end()
    if joint["tag"]:
        element = _ELEMENT.match(text, text.index(">", place) + 1)
        return element.span() if element else None
    if several := _LIST.match(text, place):
        place = several.end()
    if opening := _OPENING.match(text, place):
        place = _after_scheme(text, opening.end())
        if closed := _CLOSING[opening[0][0]].match(text, place):
            return closed.span()
    place = _after_scheme(text, place)
    if _STRUCTURE.match(text, place):
        return None
    bare = _BARE.match(text, place)
    if bare is None:
        return None
    value = bare[0]
    if end := _ENDS_OF.get(joint.lastgroup or ""):
        value = end.split(value)[0]
    if joint["letter"] in _AFTER_USER:
        user = _USER.match(value)
        skipped = user.end() if user else 0
        place, value = place + skipped, value[skipped:]
    if not is_known(value):
        left = _LEFT.match(value)
        kept = left.end() if left else 0
        value = value[:kept] + without_end(value[kept:])
    return (place, place + len(value)) if value else None


def without_end(value: str) -> str:
    """Return a value without punctuation that ends a sentence or closes a bracket or quote around it."""
    return _END.sub("", value)


def _after_scheme(text: str, place: int) -> int:
    scheme = _SCHEME.match(text, place)
    return scheme.end() if scheme else place
