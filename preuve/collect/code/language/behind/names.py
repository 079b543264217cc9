"""Whether a name or an ARN may be that of something of the code: by its words, also where nobody knows all of them."""

from __future__ import annotations

import re

from preuve.collect.code.language.values.value import PartText, Unknown, Value


def is_named(by: Value, own: Value) -> bool:
    """Return whether a value may name what has an own name: it is that name, or an ARN that holds it. The same cause in
    both stands for the same text.
    """
    words = _words(own)
    return bool(words) and re.search(rf"(?:^|[:/]){re.escape(words)}(?:$|[:/])", _words(by)) is not None


def _words(value: Value) -> str:
    if isinstance(value, PartText):
        return "".join(map(_words, value.parts))
    if isinstance(value, Unknown):
        return f"\0{' '.join(value.causes)}\0"
    return value if isinstance(value, str) else ""
