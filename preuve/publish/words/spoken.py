"""The language of a workspace, also of one that has defects."""

from __future__ import annotations

from pathlib import Path

from preuve.library.company.templates import FALLBACK
from preuve.library.company.workspace import FILE
from preuve.library.yaml.documents import load_document
from preuve.library.yaml.place import languages
from preuve.model.errors import PreuveError
from preuve.publish.words.locale import Locale, load_locale


def spoken(root: Path) -> Locale:
    """The words of the workspace's language; English ones where it cannot be read."""
    try:
        stated = load_document(root / FILE, FILE).data
        organisation = stated.get("organisation") if isinstance(stated, dict) else None
        language = organisation.get("language") if isinstance(organisation, dict) else None
    except (PreuveError, OSError):
        language = None
    return load_locale(language if language in languages() else FALLBACK)
