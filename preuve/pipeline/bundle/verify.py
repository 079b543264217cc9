"""Verifies a bundle, and reports the result in words."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from preuve.evidence.verification import FOLDER
from preuve.evidence.verifier.__main__ import TEXTS
from preuve.evidence.verifier.bag import DECLARATION, open_regular
from preuve.evidence.verifier.check import bundles_in, is_bundle
from preuve.library.yaml.place import languages
from preuve.model.errors import UsageError
from preuve.model.layout import SNAPSHOT
from preuve.publish.words.locale import flatten, load_locale

_LARGEST = 1 << 20


def sentences() -> dict[str, dict[str, str]]:
    """Return the sentences of the verifier in every language."""
    return {language: dict(flatten(load_locale(language).strings["verify"])) for language in languages()}


def texts(bundle: Path, language: str) -> Mapping[str, str]:
    """Return the sentences in `language`, or if that is "" in the bundle's. Raises UsageError if there are none."""
    known = sentences()
    if language and language not in known:
        raise UsageError(f"there are no texts in {language}", f"use one of: {', '.join(known)}")
    return known[language or language_of(bundle)]


def check_is_bundle(folder: Path) -> None:
    """Raise UsageError if a folder is no bundle at all, or holds several."""
    if within := bundles_in(folder):
        raise UsageError(
            f"{folder} holds evidence bundles and is none itself", f"name one of them, such as {within[-1]}"
        )
    if not is_bundle(folder):
        raise UsageError(f"{folder} is not an evidence bundle: it has no {DECLARATION}", "name the folder of one audit")


def language_of(bundle: Path) -> str:
    """Return the language that a bundle was written in."""
    try:
        place = bundle / FOLDER / TEXTS
        if not os.path.lexists(place):  # sealing writes it
            place = bundle / SNAPSHOT / "workspace.json"
        with open_regular(place) as file:
            language = json.loads(file.read(_LARGEST))["language"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        language = ""
    return language if language in languages() else "en"  # in a hostile or old bundle: it has no effect
