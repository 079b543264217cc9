"""Whether a name or an ARN may be that of something of the code: by its words, also where nobody knows all of them."""

from __future__ import annotations

from preuve.collect.code.language.values.value import PartText, Unknown, Value


def is_named(by: Value, own: Value) -> bool:
    """Return whether a value may name what has an own name: it is that name, or an ARN that holds it. The same cause in
    both stands for the same text.
    """
    return is_among(steps_of(by), steps_of(own))


def is_among(by: str, own: str) -> bool:
    """Return whether the steps of a name stand among those of another, or of an ARN."""
    return bool(own) and own in by


def steps_of(value: Value) -> str:
    """Return a name as what stands between its slashes and colons, each with a slash before and behind; "" of none."""
    words = _words(value)
    return f"/{words}/".replace(":", "/") if words else ""


def _words(value: Value) -> str:
    if isinstance(value, PartText):
        return "".join(map(_words, value.parts))
    if isinstance(value, Unknown):
        return f"\0{' '.join(value.causes)}\0"
    return value if isinstance(value, str) else ""
