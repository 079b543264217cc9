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
    """Return the files of all lists: what is recognised rests on them."""
    return sorted((content_root() / FOLDER).glob("*.yaml"))


def plain_data(path: Path) -> Mapping[str, Any]:
    """Return what a bundled file says, without the places in it."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: Mapping[str, Any] = yaml.load(path.read_text("utf-8"), loader)  # noqa: S506 - both are safe
    return data


@cache
def word_lists(name: str) -> Mapping[str, Any]:
    """Return the lists of one file, by their names. Words stand between blanks in one text."""
    return plain_data(content_root() / FOLDER / f"{name}.yaml")


@cache
def words_in(name: str, key: str) -> frozenset[str]:
    """Return the words of one list."""
    return frozenset(word_lists(name)[key].split())
