"""Redacts the result of a code scan as strictly as that of the account, including the names of users that blocks
create.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from preuve.redact.redactor import Redactor

Line = Mapping[str, Any]
Detecting = Callable[[str], Iterable[str]]  # the kinds of secrets that the checks of code find in a text

_PEOPLE = re.compile(
    r"aws_(iam_user|iam_access_key|iam_virtual_mfa|identitystore_user|transfer_user|transfer_ssh_key|quicksight_user"
    r"|connect_user|cognito_user|cognito_user_in_group|workspaces_workspace)(?!_pool|_identity)\w*"
)
# Members that may contain a name: not those with files and checks.
_SPEAKING = frozenset({"address", "called_from", "detail", "of", "origins", "tags", "values"})
_PEOPLE_TOLD = "people"  # names of people in the arguments of a block, which is all that this member is for
_HASHED = "grounds"  # hashes of values that may contain names, which could be guessed: only a gate compares them
_KEY = re.compile(r'\["([^"]+)"\]')
_NAMING = frozenset({"user", "users", "user_name", "username", "name", "display_name", "given_name", "family_name"})
_PLAIN = re.compile(r"(?!(?:aws_|var\.|local\.|each\.|data\.|module\.|count\.|path\.))[\w+=,.@ -]+")
# The path of a tag's value: `tags.Note`, `default_tags[0].tags.Note`, `Tags[0].Note`, `tag[1].Note`.
_TAG = re.compile(r"(?:.*\.)?[tT]ags?(?:_all)?(?:\[\d+\])?\.(?P<name>.+)", re.DOTALL)
_REMOVED = "[removed:"  # replaces a secret: equal texts may replace different secrets
_MARK = re.compile(r"\[removed: \w+\]")
_SAYING = ("detail", "origins")  # members that may repeat a value
_LEAST = 6  # characters of a secret that is searched for in other texts
_CALLED = {"block": ("name", "arn", "words"), "state": ("id", "arn")}  # members that identify a resource in the account


def none_found(_text: str) -> Iterable[str]:
    """Return no kind of secret: only the detectors of texts search then."""
    return ()


def all_redacted(
    lines: Sequence[Line], redactor: Redactor, personal: frozenset[str], detecting: Detecting = none_found
) -> list[dict[str, Any]]:
    """Return the lines of a root, redacted.

    A person's name that one line reveals is replaced in all lines about the same block, so that its address stays equal
    everywhere; so is a secret that a check found. Names that join blocks and states with the account stay equal to
    those in the account; `personal` are types of blocks whose resources the account names after people. Secrets that
    `detecting` finds in tags are removed in addition to those in any text.
    """
    people: dict[str, set[str]] = defaultdict(set)
    secret: dict[str, dict[str, str]] = defaultdict(dict)
    for told in (told for line in lines for told in _about_blocks(line)):
        people[told["address"]].update(_names(told))
        secret[told["address"]] |= _taken_out(told)
    clearing = _Clearing(redactor, personal, people, secret, detecting)
    return [clearing.of(line) for line in lines]


def left_in_tags(line: Line, detecting: Detecting) -> list[str]:
    """Return the kinds of secrets that `detecting` still finds in the tags of a redacted line."""
    return [kind for value in (line.get("tags") or {}).values() if isinstance(value, str) for kind in detecting(value)]


class _Clearing:
    """The redaction of one root. `people` are names, `secret` marks in place of values, each by the address of its
    block.
    """

    def __init__(
        self,
        redactor: Redactor,
        personal: frozenset[str],
        people: Mapping[str, Iterable[str]],
        secret: Mapping[str, Mapping[str, str]],
        detecting: Detecting,
    ) -> None:
        self._redactor = redactor
        self._personal = personal
        self._people = people
        self._secret = secret
        self._detecting = lru_cache(maxsize=1 << 12)(lambda text: tuple(detecting(text)))  # tags recur on lines

    def of(self, line: Line) -> dict[str, Any]:
        """Return a line in the form in which it may be stored."""
        kind = line.get("kind")
        if kind == "state":
            made = [self._named(item, item, _CALLED["state"]) for item in line["resources"]]
            return {**self._cleared({**line, "resources": []}), "resources": made}
        if kind != "block":
            return self._cleared(line)
        line = {member: value for member, value in line.items() if member != _PEOPLE_TOLD}
        told = self._named(line["identity"], {**line, "address": line["identity"].get("of", "")}, _CALLED["block"])
        known = {name: value for name, value in told.items() if value}
        return {**self._cleared({**line, "identity": {}}), "identity": known}

    def _named(self, members: Mapping[str, str], block: Line, called: Iterable[str]) -> dict[str, Any]:
        """Redact members of a block: names that join it with the account in the same way as there, the others as in any
        line.
        """
        names = {name: self._name(block["type"], members[name]) for name in called if name in members}
        rest = {name: value for name, value in members.items() if name not in names}
        return {**self._cleared(rest, block["address"]), **names}

    def _name(self, kind: str, value: str) -> str:
        kept = self._redactor.person(value) if kind in self._personal else self._redactor.text(value)
        return "" if _REMOVED in kept else kept

    def _cleared(self, line: Line, address: str = "") -> dict[str, Any]:
        address = address or str(line.get("address", ""))
        line = self._without_secrets(line, self._secret.get(address, {}))
        people = self._people.get(address, ())
        names = {name: self._redactor.person(name) for name in sorted(people)}
        cleared = {
            member: _without(value, names) if names and member in _SPEAKING else value
            for member, value in line.items()
            if member != _HASHED
        }
        found: dict[str, Any] = self._redactor.data(cleared)
        return found

    def _without_secrets(self, line: Line, secret: Mapping[str, str]) -> Line:
        """Return a line without the secrets that a check found in its block or would find in a tag."""
        tags = line.get("tags") or {}
        named = {_as_in_paths(name): name for name in tags}
        marks = {named[name]: mark for path, mark in secret.items() if (name := _tag_of(path)) in named}
        marks |= {name: mark for name, value in tags.items() if (mark := self._mark(value))}
        cleared = _Texts.of({str(tags[name]): mark for name, mark in marks.items() if tags[name]}).cleared
        values = {name: secret.get(name, cleared(value)) for name, value in (line.get("values") or {}).items()}
        rest = {member: cleared(line[member]) for member in _SAYING if member in line}
        return {
            **line,
            **({"values": values} if values else {}),
            **rest,
            **({"tags": {**tags, **marks}} if tags else {}),
        }

    def _mark(self, value: Any) -> str:
        """Return the mark that replaces the value of a tag with a secret; "" for any other tag."""
        if not isinstance(value, str):
            return ""
        kinds = self._detecting(value) or self._detecting(self._redactor.text(value))
        return f"{_REMOVED} {kinds[0]}]" if kinds else ""


def _taken_out(line: Line) -> dict[str, str]:
    """Return the marks for the values of a line in which a check found secrets, by the names of the values."""
    return {name: value for name, value in (line.get("values") or {}).items() if _MARK.fullmatch(str(value))}


def _tag_of(path: str) -> str:
    found = _TAG.fullmatch(path)
    return found["name"] if found else ""


def _as_in_paths(name: str) -> str:
    """Return a name in the form that it has in the path of a value, whose parts are joined by dots."""
    return name.replace("/[", "[").replace("/", ".")


@dataclass(frozen=True)
class _Texts:
    """Texts to remove from a line, plain and as JSON writes them, each with the mark that replaces it."""

    marks: Mapping[str, str]
    any_of: re.Pattern[str]

    @staticmethod
    def of(marks: Mapping[str, str]) -> _Texts:
        """Return those of the texts that are long enough to be searched for."""
        written = {
            form: mark
            for text, mark in marks.items()
            for form in (text, json.dumps(text, ensure_ascii=False)[1:-1])
            if len(text) >= _LEAST
        }
        longest = sorted(written, key=len, reverse=True)  # one may be the beginning of another
        return _Texts(written, re.compile("|".join(map(re.escape, longest))))

    def cleared(self, value: Any) -> Any:
        """Return a value without these texts."""
        if not self.marks:
            return value
        if isinstance(value, str):
            return self.any_of.sub(lambda found: self.marks[found[0]], value)
        if isinstance(value, Mapping):
            return {key: self.cleared(item) for key, item in value.items()}
        return [self.cleared(item) for item in value] if isinstance(value, list | tuple) else value


def _about_blocks(line: Line) -> Iterable[Line]:
    """Return the parts of a line that each concern one block."""
    if line.get("kind") == "state":
        return list(line["resources"])
    return [line] if "address" in line else []


def _names(line: Line) -> Iterator[str]:
    """Yield the people in a block: in its instance key, its arguments, and its name."""
    yield from line.get(_PEOPLE_TOLD, ())
    if not _PEOPLE.fullmatch(str(line.get("type", ""))):
        return
    yield from _KEY.findall(line["address"].rsplit(line["type"], 1)[-1])
    for attribute, value in (line.get("values") or {}).items():
        if re.split(r"[.\[]", attribute)[-1].rstrip("]") in _NAMING or attribute.split("[")[0] in _NAMING:
            yield from (name for name in _texts(value) if _PLAIN.fullmatch(name))
    called = (line.get("identity", {}).get("name", ""), line.get("id", ""))
    yield from (name for name in called if _PLAIN.fullmatch(name))


def _texts(value: str) -> Iterable[str]:
    try:
        data = json.loads(value)
    except ValueError:
        return ()
    return [item for item in (data if isinstance(data, list) else [data]) if isinstance(item, str)]


def _without(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for name, pseudonym in names.items():
            value = re.sub(rf"(?<![\w.@]){re.escape(name)}(?![\w@])", pseudonym, value)
        return value
    if isinstance(value, Mapping):
        return {_without(key, names): _without(item, names) for key, item in value.items()}
    return [_without(item, names) for item in value] if isinstance(value, list | tuple) else value
