"""Suggestions for unknown names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_NEAR = 0.5  # minimum similarity of a suggested name
_MOST = 5


def suggest(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return a hint with the known names that resemble this one or contain it, in any case; `otherwise` if there are
    none.
    """
    names = {item.lower(): item for item in known}
    asked = name.lower()
    alike = difflib.get_close_matches(asked, names, n=_MOST, cutoff=_NEAR)
    holding = [item for item in names if asked and asked in item]
    found = list(dict.fromkeys([*alike, *holding]))[:_MOST]
    return f"near it: {', '.join(names[item] for item in found)}" if found else otherwise
