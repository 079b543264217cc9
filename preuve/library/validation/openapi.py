"""GitHub's description of its REST API, cut to the operations that collectors call: `scanners/github/openapi.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from preuve.library.yaml.place import content_root

FILE = "scanners/github/openapi.json"
Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One operation: its parameters by their location, and the schema of its answer."""

    name: str
    path: str
    in_path: frozenset[str]
    in_query: frozenset[str]
    required: frozenset[str]
    answer: Schema

    @property
    def paged(self) -> bool:
        """Whether its answer may come in pages."""
        return "per_page" in self.in_query


def described(name: str) -> Operation | None:
    """Return the operation with a name such as `GET /orgs/{org}`; None if the description does not have it."""
    found = description()["operations"].get(name)
    if found is None:
        return None
    parameters = found["parameters"]
    placed = {where: frozenset(n for n, item in parameters.items() if item["in"] == where) for where in _PLACES}
    return Operation(
        name=name,
        path=name.partition(" ")[2],
        in_path=placed["path"],
        in_query=placed["query"],
        required=frozenset(n for n, item in parameters.items() if item["required"]),
        answer=found["answer"],
    )


@cache
def description() -> Mapping[str, Any]:
    """Return the file, read once."""
    data: Mapping[str, Any] = json.loads((content_root() / FILE).read_text(encoding="utf-8"))
    return data


_PLACES = ("path", "query")
