"""The bundled texts, in all languages: a word that is among them is not taken for somebody's user name, and a phrase
not for a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from preuve.library.yaml.place import content_root

_TEXTS = ("controls/*/*.yaml", "controls/*.yaml", "reports/locales/*.yaml", "reports/errors/*.yaml")
_WORD = re.compile(r"[^\W\d_]{3,}")


@cache
def own_texts() -> str:
    """Return what bundled controls, policies and reports say, each text on one line."""
    found = (path.read_text(encoding="utf-8", errors="ignore") for path in _files((*_TEXTS, "policies/*/*.yaml")))
    return "\n".join(" ".join(text.split()) for text in found)


@cache
def vocabulary() -> frozenset[str]:
    """Return the words of three letters and more, in small letters."""
    texts = (path.read_text(encoding="utf-8", errors="ignore").lower() for path in _files(_TEXTS))
    return frozenset(word for text in texts for word in _WORD.findall(text))


def _files(patterns: Iterable[str]) -> Sequence[Path]:
    return sorted(path for pattern in patterns for path in content_root().glob(pattern) if path.is_file())
