"""Saved responses: what the emulated account answers where moto has no such operation, or a poorer one.

A file `responses/<region or default>/<service>.<Operation>.json` holds one case or a list of cases, each
`{"when": {param: value}, "status": 200, "body": {output members}}` or `{"status": 404, "error": {"code", "message"}}`.
The first case whose `when` fits the parameters of the call answers. In a body `{"$ago": "3d"}` is a time before now and
`{"$param": "Name"}` repeats a parameter of the call; `{"$id": "instance/NAME"}` and `{"$id": "balancer/NAME"}` give the
id of a resource that moto made, and an item of a list whose resource does not exist is left out.
`{"$count": "functions"}` is how many there are (`moto_state.count`). TechStart's account is whichever account is asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from .answers import Answer, error, result
from .identify import Asked
from .moto_state import account, count, resource_id
from .server import ACCOUNT

_AGO = re.compile(r"^(?P<number>-?\d+)(?P<unit>[smhd])$")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class _Nothing(NamedTuple):
    """Stands for a resource that does not exist."""


class Context(NamedTuple):
    """What placeholders are filled from."""

    region: str
    params: Mapping[str, Any]
    now: datetime


@dataclass(frozen=True)
class Case:
    """One answer, and the parameters for which it holds."""

    when: Mapping[str, Any]
    status: int
    body: Mapping[str, Any]
    error: Mapping[str, str]


class SavedResponses:
    """The saved responses of a folder, and what a test adds; both looked up by region, then under `default`."""

    def __init__(self, folder: Path | None) -> None:
        self._files = _load(folder) if folder else {}
        self._added: dict[tuple[str, str], tuple[Case, ...]] = {}

    def add(self, region: str, name: str, cases: Any) -> None:
        """Answers `name` (`service.Operation`) with these cases from now on, before any file."""
        self._added[(region or "default", name)] = _cases(cases)

    def clear(self) -> None:
        """Forgets what was added."""
        self._added = {}

    def answer(self, asked: Asked, now: datetime) -> Answer | None:
        """The saved answer to a call, or None."""
        name = f"{asked.service}.{asked.operation}"
        for table in (self._added, self._files):
            for region in (asked.region, "default"):
                for case in table.get((region, name), ()):
                    if all(asked.params.get(key) == value for key, value in case.when.items()):
                        return _write(asked, case, now)
        return None


def _write(asked: Asked, case: Case, now: datetime) -> Answer:
    if case.error:
        return error(asked, case.status, case.error["code"], case.error.get("message", ""))
    return result(asked, fill(case.body, Context(asked.region, asked.params, now)), case.status)


def fill(value: Any, context: Context) -> Any:
    """`value` with its placeholders filled in."""
    if isinstance(value, list):
        filled = [fill(item, context) for item in value]
        return [item for item in filled if not _holds_nothing(item)]
    if isinstance(value, str):
        return value.replace(ACCOUNT, account())
    if not isinstance(value, Mapping):
        return value
    placeholder = _PLACEHOLDERS.get(next(iter(value), "")) if len(value) == 1 else None
    if placeholder:
        return placeholder(str(next(iter(value.values()))), context)
    return {key: fill(item, context) for key, item in value.items()}


def _holds_nothing(item: Any) -> bool:
    values = item.values() if isinstance(item, dict) else (item,)
    return any(isinstance(value, _Nothing) for value in values)


_PLACEHOLDERS: Mapping[str, Callable[[str, Context], Any]] = {
    "$ago": lambda text, context: (context.now - ago(text)).isoformat(timespec="seconds"),
    "$param": lambda text, context: context.params.get(text, ""),
    "$count": lambda text, context: count(text, context.region),
    "$id": lambda text, context: resource_id(text, context.region) or _Nothing(),
}


def ago(text: str) -> timedelta:
    """`3d`, `12h`, `5m` or `30s` as a duration."""
    found = _AGO.match(text)
    if not found:
        raise ValueError(f"{text!r} is no duration: write a number and one of s, m, h, d")
    return timedelta(**{_UNITS[found["unit"]]: int(found["number"])})


def now_utc() -> datetime:
    """The time of an answer."""
    return datetime.now(UTC)


def _load(folder: Path) -> dict[tuple[str, str], tuple[Case, ...]]:
    return {
        (path.parent.name, path.stem): _cases(json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*/*.json"))
    }


def _cases(read: Any) -> tuple[Case, ...]:
    found: Sequence[Any] = read if isinstance(read, list) else [read]
    return tuple(
        Case(
            case.get("when", {}),
            int(case.get("status", 400 if "error" in case else 200)),
            case.get("body", {}),
            case.get("error", {}),
        )
        for case in found
    )
