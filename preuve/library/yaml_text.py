"""Text of any origin as one YAML scalar."""

from __future__ import annotations

import yaml

_NEVER_FOLDED = 1_000_000


def quoted(text: str) -> str:
    """The text in double quotes, on one line, with everything escaped that could end or bend it."""
    dumped: str = yaml.dump(text, Dumper=yaml.SafeDumper, default_style='"', allow_unicode=True, width=_NEVER_FOLDED)
    return dumped.strip()
