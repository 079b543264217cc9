"""Styles and scripts, minified by rcssmin and rjsmin, with the hash by which a page allows each inlined one."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

import rcssmin
import rjsmin
from markupsafe import Markup

from preuve.model.errors import PreuveError


@dataclass(frozen=True)
class Asset:
    """An inlined style or script, and the hash by which the page's policy allows it."""

    text: Markup
    source: str


def asset(text: str) -> Asset:
    """Return a style or script in its inlined form."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Asset(Markup(text), f"'sha256-{digest}'")  # noqa: S704 — our own file, inlined as it is


def load(path: Path, closing: str) -> str:
    """Read and minify a style or script. One that could end its own element early is refused."""
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    if closing in text.lower():
        raise PreuveError(f"{path.name} holds {closing}, which would end its element", "write it in two parts")
    small = rcssmin.cssmin(text) if path.suffix == ".css" else rjsmin.jsmin(text)
    return str(small)
