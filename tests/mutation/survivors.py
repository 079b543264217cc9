"""The changes that no example notices (`survivors.yaml`), and why none can."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "survivors.yaml"


def known() -> Mapping[str, Mapping[str, str]]:
    """Policy to change to reason."""
    found: dict[str, dict[str, str]] = {}
    for entry in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        for policy, changes in entry["changes"].items():
            found.setdefault(policy, {}).update(dict.fromkeys(changes, entry["why"]))
    return found
