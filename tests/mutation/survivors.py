"""The changes that no example notices (`survivors.yaml`): why none can, or that one is still to be written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "survivors.yaml"


def known() -> Mapping[str, Mapping[str, str]]:
    """Policy to change to reason, which is empty where an example is still to be written."""
    found: dict[str, dict[str, str]] = {}
    for entry in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        for policy, changes in entry["changes"].items():
            found.setdefault(policy, {}).update(dict.fromkeys(changes, entry.get("why", "")))
    return found
