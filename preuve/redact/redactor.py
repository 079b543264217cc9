"""Redaction of collected data: names become pseudonyms, secrets are dropped, the rest stays typed as it was."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from preuve.model.snapshot import UNKEPT
from preuve.redact.forms import certain, without_logins
from preuve.redact.identifiers.addresses import has_address, without_addresses
from preuve.redact.identifiers.logins import caller_without_name, condition_without_name, without_callers
from preuve.redact.identifiers.numbers import CARD, NIR, without_numbers
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.raw_copies import RawCopies
from preuve.redact.secrets import detectors, holds_secret, in_map, without_secrets

_PERSON_ARN = (
    r"(?P<arn>arn:aws[a-z-]*:"
    r"(?:iam::[0-9]*:(?:user|mfa)|sts::[0-9]*:federated-user|sts::[0-9]*:assumed-role/[^/\s\"]+)/)"
    r"(?P<path>(?:[^/\s\"*]+/)*)(?P<name>[^/\s\"*]+)"
)
_PERSON = re.compile(_PERSON_ARN)
_REMOVED = re.compile(r"\[removed: [a-z_0-9]+\]")  # what redaction leaves behind `DB_PASSWORD=`
_SHORT = 300  # characters
_BASE64 = re.compile(r"[A-Za-z0-9+/\r\n]{24,}={0,2}")
_TAG_MEMBERS = frozenset({"tags", "taglist", "tagset"})
_PAIRS = (("name", "value"), ("Name", "Value"), ("Key", "Value"), ("key", "value"))
_USER = "AWS::IAM::User"  # the one type that is known by the name of a person
_KEPT_NAMES = frozenset({"root-account-mfa-device"})
_DONE = re.compile(r"(?:person|key|phone|iban)-[a-z2-7]{12}")  # already replaced, as an e-mail address or a key
_LOGIN = re.compile(r"[\w.'-]+")
_KEY_ID = re.compile(r"(?:AKIA|ASIA|AIDA|AROA)[0-9A-Z]{12,}")


def remaining(value: str) -> list[str]:
    """Return the names of the detectors that still match in a text."""
    return [*detectors(value), *(["address"] if has_address(value) else [])]


def settled(value: str) -> str:
    """Return a redacted text, in which names became pseudonyms since, without what a detector still finds in it; the
    last inspection finds nothing in the result.
    """
    if not detectors(value):
        return value
    value = without_secrets(value, _removed)
    left = remaining(value)
    return f"[removed: {left[0]}]" if left else value


def _removed(kind: str, _value: str = "") -> str:
    return f"[removed: {kind}]"


def nameless(value: str) -> str:
    """Redact e-mail addresses, people's names in ARNs, and secrets, without a key for pseudonyms."""
    return _nameless(value) if len(value) <= _SHORT else _nameless.__wrapped__(value)


@lru_cache(maxsize=1 << 13)  # code repeats its names and values
def _nameless(value: str) -> str:
    value = without_logins(value, lambda *_: "[removed: secret]")
    value = _without_people(value, lambda _: "[removed: person]", lambda _: "[removed: person]")
    if _hides_something(value):
        return "[removed: base64]"
    return without_secrets(value, lambda *_: "[removed: secret]")


def _without_people(value: str, in_arn: Callable[[re.Match[str]], str], address: Callable[[str], str]) -> str:
    """Replace what names a person by its form."""
    if "arn:aws" in value:
        value = _PERSON.sub(in_arn, value)
    return without_callers(without_addresses(value, address), address)


class Redactor:
    """Redacts what one account's collection produced."""

    def __init__(self, pseudonyms: Pseudonyms, raw: RawCopies | None = None) -> None:
        self._pseudonyms = pseudonyms
        self._raw = raw
        self._short = lru_cache(maxsize=1 << 15)(self._redacted)  # code repeats itself in many lines

    def commitment(self, call: str, response: Any) -> str:
        """Return the commitment to a response before redaction; empty if no raw copies are kept."""
        return self._raw.keep(call, response) if self._raw else ""

    def person(self, value: str) -> str:
        """Return the pseudonym of a value that names a person; blanks, placeholders of AWS (<root_account>) and what
        stands in place of a text that was not kept stay.
        """
        if value.startswith("<") or not value.strip() or value == UNKEPT:
            return value
        if value.startswith("arn:"):
            return self.text(value)
        return self._pseudonyms.of(value, "key" if _KEY_ID.fullmatch(value) else "person")

    def committed(self, digest: str) -> str:
        """Return a commitment to the SHA-256 of a file that names people; empty if there is none."""
        return self._pseudonyms.committed(digest) if digest else ""

    def text(self, value: str) -> str:
        """Redact e-mail addresses, people's names in ARNs, numbers that identify people, and secrets. The last
        inspection finds nothing in the result.
        """
        return self._short(value) if len(value) <= _SHORT else self._redacted(value)

    def _redacted(self, value: str) -> str:
        if len(value) <= _SHORT and _says_nothing(value):
            return value
        value = _without_people(without_logins(value, _removed), self._in_arn, self._pseudonyms.of)
        if _hides_something(value):
            return "[removed: base64]"
        value = without_numbers(without_secrets(value, self._secret), self._number)
        left = remaining(value)
        return f"[removed: {left[0]}]" if left else value

    def _in_arn(self, match: re.Match[str]) -> str:
        name = match.group("name")
        if name in _KEPT_NAMES or _DONE.fullmatch(name):
            return match.group(0)
        return f"{match.group('arn')}{match.group('path')}{self._pseudonyms.of(name)}"

    def _secret(self, kind: str, value: str) -> str:
        return self._pseudonyms.of(value, "key") if kind == "aws_access_key" else _removed(kind)

    def _number(self, value: str, kind: str) -> str:
        """Return what takes the place of a number. No table keeps that of social security or of a card."""
        return _removed(kind) if kind in (NIR, CARD) else self._pseudonyms.of(value, kind)

    def data(self, value: Any, personal: Iterable[str] = ()) -> Any:
        """Redact data; `personal` are paths whose values name a person."""
        paths = [path.replace("[]", "").split(".") for path in personal]
        for path in paths:
            _at(value, path, self._learn)
        value = self._everywhere(value)
        for path in paths:
            value = _at(value, path, self._named)
        return value

    def _learn(self, value: Any) -> Any:
        """Know a person by the name in their address, too: `jane.doe@` is Jane Doe wherever she is named."""
        name, at, _ = value.partition("@") if isinstance(value, str) else ("", "", "")
        if at and _LOGIN.fullmatch(name):
            self._pseudonyms.of(re.sub(r"[._-]+", " ", name))
        return value

    def _named(self, value: Any) -> Any:
        """Return the pseudonym of a name, unless `text` has replaced it already, alone or inside an ARN."""
        if not isinstance(value, str) or value.startswith("arn:") or _DONE.fullmatch(value):
            return value
        return self.person(value)

    def _everywhere(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._everywhere(item) for item in value]
        if isinstance(value, Mapping):
            value = condition_without_name(self._without_user(without_named_secret(value)), self._pseudonyms.of)
            told = {self.text(str(key)): self._everywhere(self._member(str(key), item)) for key, item in value.items()}
            return {key: _unless_key(key, item) for key, item in told.items()}
        return value

    def _member(self, key: str, value: Any) -> Any:
        """Return a member without what its name alone announces: secret tags, and who calls in a condition."""
        return caller_without_name(key, _tags(key, value), self._pseudonyms.of)

    def _without_user(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        """Replace the user in a stack's resource by the user's pseudonym."""
        if value.get("ResourceType") != _USER or not isinstance(value.get("PhysicalResourceId"), str):
            return value
        return {**value, "PhysicalResourceId": self.person(value["PhysicalResourceId"])}


@lru_cache(maxsize=1 << 15)  # accounts repeat each other
def _says_nothing(value: str) -> bool:
    """Return whether redaction would replace nothing in a text, with any key."""
    if _names_somebody(value) or _REMOVED.search(value) or _hides_something(value):
        return False
    return not holds_secret(value) and without_numbers(value, lambda *_: "") == value


def _hides_something(value: str) -> bool:
    """Return whether a base64 text (user data, a credential for a registry) holds a secret or an address."""
    if not _BASE64.fullmatch(value):
        return False
    try:
        decoded = base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return holds_secret(decoded) or _names_somebody(decoded)


def _names_somebody(text: str) -> bool:
    """Return whether something in a text names a person by its form, or nobody in the form of a person."""
    return _without_people(text, lambda _: "", lambda _: "") != text


def _unless_key(name: str, value: Any) -> Any:
    """Return a value, unless it and its name together look like a secret key."""
    if isinstance(value, str) and "secret" in name.lower() and certain(f'"{name}": "{value}"'):
        return "[removed: telling_name]"
    return value


def _tags(member: str, value: Any) -> Any:
    """Remove the values of tags whose name announces a secret."""
    if member.casefold() not in _TAG_MEMBERS or not isinstance(value, Mapping):
        return value
    told = {found["Key"] for found in in_map(value)}
    return {name: "[removed: telling_name]" if name in told else item for name, item in value.items()}


def without_named_secret(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Remove the value of a name-and-value pair (an environment variable) if the name announces a secret."""
    pair = next(((name, item) for name, item in _PAIRS if name in value and item in value), None)
    if pair is None or not in_map({str(value[pair[0]]): value[pair[1]]}):
        return value
    return {**value, pair[1]: "[removed: telling_name]"}


def _at(value: Any, steps: list[str], change: Any) -> Any:
    """Return a copy of the data with the value at the path changed, through lists."""
    if isinstance(value, list):
        return [_at(item, steps, change) for item in value]
    if not steps:
        return change(value)
    if isinstance(value, Mapping) and steps[0] in value:
        return {**value, steps[0]: _at(value[steps[0]], steps[1:], change)}
    return value
