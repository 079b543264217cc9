"""Lists of words, which are content: `reports/words/`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from preuve.library.yaml.place import content_root

FOLDER = "reports/words"


def list_files() -> list[Path]:
    """Return the files of all lists; what preuve recognises depends on them."""
    return sorted((content_root() / FOLDER).glob("*.yaml"))


def plain_data(path: Path) -> Mapping[str, Any]:
    """Return the data of a bundled file, without positions."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: Mapping[str, Any] = yaml.load(path.read_text("utf-8"), loader)  # noqa: S506 - both are safe
    return data


@cache
def word_lists(name: str) -> Mapping[str, Any]:
    """Return the lists of one file, by their names. The words are in one text, separated by blanks."""
    return plain_data(content_root() / FOLDER / f"{name}.yaml")


@cache
def words_in(name: str, key: str) -> frozenset[str]:
    """Return the words of one list."""
    return frozenset(word_lists(name)[key].split())
