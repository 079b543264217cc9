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


@cache
def word_lists(name: str) -> Mapping[str, Any]:
    """Return the lists of one file, by their names. Words stand between blanks in one text."""
    text = (content_root() / FOLDER / f"{name}.yaml").read_text("utf-8")
    lists: Mapping[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both safe
    return lists


@cache
def words_in(name: str, key: str) -> frozenset[str]:
    """Return the words of one list."""
    return frozenset(word_lists(name)[key].split())
