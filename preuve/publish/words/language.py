"""The language of a workspace, even if the workspace has defects or cannot be parsed."""

from __future__ import annotations

import re
from pathlib import Path

from preuve.library.company.names import WORKSPACE
from preuve.library.company.templates import FALLBACK
from preuve.library.yaml.documents import load_document
from preuve.library.yaml.place import languages
from preuve.model.errors import PreuveError

_STATED = re.compile(r"^[^#\n]*?\blanguage\s*:\s*[\"']?([a-z]{2})\b", re.MULTILINE)
_LOOKED_AT = 20_000  # characters of a file that cannot be parsed


def spoken_language(root: Path, unread: str = FALLBACK) -> str:
    """Return the workspace's language; English if it states none, `unread` if preuve has no texts in it, or if the
    file is empty or unreadable and does not state one.
    """
    language = _language(root / WORKSPACE, unread)
    return language if language in languages() else unread


def _language(path: Path, unread: str) -> str:
    try:
        stated = load_document(path, WORKSPACE).data
    except (PreuveError, OSError):
        stated = None
    if not isinstance(stated, dict):
        return _by_pattern(path) or unread
    organisation = stated.get("organisation")
    found = organisation.get("language") if isinstance(organisation, dict) else None
    return str(found) if found is not None else _by_pattern(path) or FALLBACK


def _by_pattern(path: Path) -> str:
    """Return the language that a line of a file states, whatever else is wrong with the file and its encoding."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            text = file.read(_LOOKED_AT).replace(b"\0", b"").decode("latin-1")
    except OSError:
        return ""
    found = _STATED.search(text)
    return found[1] if found else ""
