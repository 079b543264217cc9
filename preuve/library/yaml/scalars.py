"""Text of any origin as one YAML scalar."""

from __future__ import annotations

import re

import yaml

_NEVER_FOLDED = 1_000_000
_UNSEEN = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def quoted(text: str) -> str:
    """Return the text in double quotes, on one line, with every character escaped that could end or change it."""
    dumped: str = yaml.dump(text, Dumper=yaml.SafeDumper, default_style='"', allow_unicode=True, width=_NEVER_FOLDED)
    return dumped.strip()


def reviewable(text: str) -> str:
    """Return the text in double quotes in a form that a reviewer can trust: invisible or bidirectional characters are
    escaped.
    """
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04X}", quoted(text))
