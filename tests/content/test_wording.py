"""Texts of the content: what is said of the law in each language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from preuve.library.yaml import documents as yaml_file
from preuve.library.yaml.place import content_root

_FILES = sorted(
    path
    for folder in ("controls", "policies", "reports/locales")
    for path in (content_root() / folder).rglob("*.yaml")
    if path.name != "en.yaml"
)
# Where data lie is no transfer by itself: that takes an exporter, an importer and a third country (EDPB 05/2021).
_RESIDENCY_AS_TRANSFER = re.compile(
    r"\b(?:is|decides whether) a transfer\b|\b(?:est|sont|c'est|décide s'il y a)(?: un)? transfert\b"
)


def texts(node: Any, language: str) -> Iterator[str]:
    """Every text of this language below a node of a content file."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == language and isinstance(value, str):
                yield " ".join(value.split())
            yield from texts(value, language)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value, language)


def strings(node: Any) -> Iterator[str]:
    """Every text of a locale."""
    values = node.values() if isinstance(node, dict) else [node]
    for value in values:
        yield from strings(value) if isinstance(value, dict) else [str(value)]


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_french_cites_paragraphs_as_french_does(path: Any) -> None:
    data = yaml_file.load(path, path.name)
    french = strings(data) if path.stem == "fr" else texts(data, "fr")
    assert [text for text in french if re.search(r"\b\d+\(\d+\)", text)] == []


@pytest.mark.parametrize("path", sorted((content_root() / "policies").rglob("*.yaml")), ids=lambda path: path.stem)
def test_no_policy_takes_the_place_of_data_for_a_transfer(path: Any) -> None:
    data = yaml_file.load(path, path.name)
    said = [text for language in ("en", "fr") for text in texts(data, language)]
    assert [text for text in said if _RESIDENCY_AS_TRANSFER.search(text)] == []
