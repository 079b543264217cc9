"""The words of the bundled texts, in all languages: a word that is among them is not taken for somebody's user name."""

from __future__ import annotations

import re
from functools import cache

from preuve.library.yaml.place import content_root

_TEXTS = ("controls/*/*.yaml", "controls/*.yaml", "reports/locales/*.yaml", "reports/errors/*.yaml")
_WORD = re.compile(r"[^\W\d_]{3,}")


@cache
def vocabulary() -> frozenset[str]:
    """Return the words of three letters and more, in small letters."""
    paths = sorted(path for pattern in _TEXTS for path in content_root().glob(pattern) if path.is_file())
    texts = (path.read_text(encoding="utf-8", errors="ignore").lower() for path in paths)
    return frozenset(word for text in texts for word in _WORD.findall(text))
