"""JSON with each member on its own line, as `json.dumps(value, indent=1)` writes it: that is done without Python's fast
encoder, and takes three times as long.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring_ascii
from typing import Any


def indented(value: Any) -> str:
    """Write plain data as indented ASCII JSON with a final line end; all keys are texts."""
    return _text(value, "\n") + "\n"


def _text(value: Any, margin: str) -> str:
    below = margin + " "
    if isinstance(value, str):
        return encode_basestring_ascii(value)
    if isinstance(value, dict) and value:
        items = [f"{encode_basestring_ascii(name)}: {_text(item, below)}" for name, item in value.items()]
        return f"{{{below}{f',{below}'.join(items)}{margin}}}"
    if isinstance(value, list | tuple) and value:
        return f"[{below}{f',{below}'.join([_text(item, below) for item in value])}{margin}]"
    return json.dumps(value)
