"""JSON Web Keys (RFC 7517, 7518 and 8037): which members hold the secret, and which anybody may know."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WEB_KEY = "json_web_key"
_NUMBER = re.compile(r"[\w-]{171,}=*", re.ASCII)  # of 1,024 bits or more
_EXPONENT = re.compile(r"[\w-]{1,8}=*", re.ASCII)
_POINT = re.compile(r"[\w-]{42,88}=*", re.ASCII)  # a coordinate, of the curve P-256 up to P-521
_CURVE = re.compile(r"(?:P-(?:256|384|521)|secp256k1|Ed25519|Ed448|X25519|X448)")
_WORD = re.compile(r"[A-Za-z]{1,12}")
_ALGORITHM = re.compile(
    r"(?:RS|PS|ESP?)(?:256|384|512)|ES256K|EdDSA|Ed25519|Ed448"
    r"|RSA1_5|RSA-OAEP(?:-(?:256|384|512))?|ECDH-ES(?:\+A(?:128|192|256)KW)?"
)
# Of an id no more is said than that it is a text: it may be a URL, or words.
_ID = re.compile(r"[\w.:/=@+#?&|~%-]{0,128}|(?:[^\W\d]{1,40}|\d{1,8})(?: (?:[^\W\d]{1,40}|\d{1,8})){1,20}")
_CERTIFICATE = re.compile(r"MI[A-Za-z0-9+/\s]{100,}={0,2}")  # in base64: a sequence of DER
# What any key may have, each as it is built (RFC 7517, 4).
_ABOUT = {
    "kty": re.compile(r"[A-Za-z]{2,4}"),
    "use": _WORD,
    "key_ops": _WORD,
    "alg": _ALGORITHM,
    "kid": _ID,
    "x5u": re.compile(r"https://[\w.-]+(?::\d+)?/[\w./-]*"),
    "x5c": _CERTIFICATE,
    "x5t": re.compile(r"[\w-]{27}=?", re.ASCII),
    "x5t#S256": re.compile(r"[\w-]{43}=?", re.ASCII),
}
_SEVERAL = frozenset({"key_ops", "x5c"})


@dataclass(frozen=True)
class _Type:
    """What a type of key has beside what any has: what it must have for everybody, and what is secret."""

    public: Mapping[str, re.Pattern[str]]
    private: frozenset[str]


_TYPES = {
    "EC": _Type({"crv": _CURVE, "x": _POINT, "y": _POINT}, frozenset({"d"})),
    "OKP": _Type({"crv": _CURVE, "x": _POINT}, frozenset({"d"})),
    "RSA": _Type({"n": _NUMBER, "e": _EXPONENT}, frozenset({"d", "p", "q", "dp", "dq", "qi", "oth"})),
    "oct": _Type({}, frozenset({"k"})),
}
PRIVATE = frozenset().union(*(type_.private for type_ in _TYPES.values()))


def private_parts(key: Mapping[str, Any]) -> frozenset[str]:
    """Return the members of a key that are secret, whatever stands beside them; none of what is no key."""
    type_ = _type(key)
    return type_.private.intersection(key) if type_ else frozenset()


def public_parts(key: Mapping[str, Any]) -> frozenset[str]:
    """Return the members of a key that anybody may know: none unless it has members of a key alone, all that its type
    must have for everybody among them, each as it is built. A key that both sides share has nothing for everybody.
    """
    type_ = _type(key)
    if type_ is None or not type_.public or not set(key) <= _ABOUT.keys() | type_.public.keys() | type_.private:
        return frozenset()
    forms = {**type_.public, **{name: form for name, form in _ABOUT.items() if name in key}}
    built = all(_has_form(key.get(name), form, several=name in _SEVERAL) for name, form in forms.items())
    return frozenset(key) - type_.private if built else frozenset()


def _has_form(value: Any, form: re.Pattern[str], *, several: bool) -> bool:
    values = value if several and isinstance(value, list) else [value]
    return all(isinstance(item, str) and form.fullmatch(item) for item in values)


def is_public_key(text: str) -> bool:
    """Return whether a text is a key, or a set of keys, and nothing in it is secret."""
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return False
    keys = found["keys"] if isinstance(found, dict) and [*found] == ["keys"] else [found]
    return isinstance(keys, list) and bool(keys) and all(map(_is_public, keys))


def _is_public(key: Any) -> bool:
    return isinstance(key, dict) and bool(key) and public_parts(key) == frozenset(key)


def _type(key: Mapping[str, Any]) -> _Type | None:
    name = key.get("kty")
    return _TYPES.get(name) if isinstance(name, str) else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a map of pairs; a name that stands twice hides one value from whoever reads the other."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found
