"""The values of tfparse, the evaluator of Trivy: if it gives a value for a folder, a rewriting must keep it."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from collect.code.rewriting.verdicts import Case

Values = Mapping[str, list[Mapping[str, Any]]]

_OWN = frozenset(
    {"__tfmeta", "id", "count", "for_each", "provider", "lifecycle", "depends_on", "dynamic", "source", "alias"}
)
_VARIABLES = ("terraform.tfvars", "terraform.tfvars.json", "*.auto.tfvars", "*.auto.tfvars.json")
_PREFIX = re.compile(r"^(?:module\.[\w-]+\.)*")
_INDEX = re.compile(r"\[[^\]]*\]")
_SILENCE = re.compile(
    r"\$\{|\(sensitive value\)|^arn:aws:s3:::$|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)  # not worked out, or made up


class Witness:
    """One process in which folders are read. It may die, as tfparse does of what it does not expect: silence, too."""

    def __init__(self) -> None:
        self._pool = _process()
        self.deaths = 0

    def __enter__(self) -> Witness:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def values(self, folder: Path) -> Values:
        """Return the contents of blocks, by address without modules and indexes; empty if the witness crashed."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for address, block in self.blocks(folder).items():
            found.setdefault(_PREFIX.sub("", _INDEX.sub("", address)), []).append(block)
        return found

    def blocks(self, folder: Path) -> Mapping[str, Mapping[str, Any]]:
        """Return the contents of blocks, by address; empty if the witness crashed or cannot read the folder."""
        try:
            return self._pool.submit(_blocks, folder).result()
        except BrokenProcessPool:
            self.deaths += 1
            self._pool = _process()
            return {}


def _process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=_silent)


def _silent() -> None:
    """Suppress the output of Go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _blocks(folder: Path) -> dict[str, Mapping[str, Any]]:
    import tfparse

    variables = [path.name for name in _VARIABLES for path in sorted(folder.glob(name))]
    try:
        found = tfparse.load_from_path(str(folder), vars_paths=variables)
    except tfparse.ParseError:
        return {}
    return {block["__tfmeta"]["path"]: block for blocks in found.values() for block in blocks if "__tfmeta" in block}


def can_tell(case: Case) -> bool:
    """Whether the witness can judge the code: it treats an override as one more file."""
    return not any("override" in name for name in case.project.written())


def differences(case: Case, before: Values, after: Values) -> Iterator[str]:
    """Yield the values that the witness gives differently after the rewriting. A missing value does not count."""
    if not can_tell(case):
        return
    for block in case.example.subjects:
        if block.address in case.project.moved:
            continue
        for old in before.get(block.address, [])[:1]:
            for new in after.get(block.address, []):
                for name in sorted(set(old) - _OWN):
                    if name in new and not _agree(old[name], new[name]):
                        where = f"{case.rule} on {case.example.name}: {block.address}.{name}"
                        yield f"{where}: {old[name]} became {new[name]}"


def _agree(old: Any, new: Any) -> bool:
    old, new = _plain(old), _plain(new)
    if new in (None, "null") or old is None or _is_silence(old) or _is_silence(new):
        return True
    if isinstance(old, dict) and isinstance(new, dict):
        return all(_agree(old[name], new.get(name)) for name in old if name not in _OWN)
    if isinstance(old, dict) and isinstance(new, list):  # one block, which it gives alone or in a list
        return not new or (len(new) == 1 and _agree(old, new[0]))
    if isinstance(old, list) and isinstance(new, dict):
        return len(old) == 1 and _agree(old[0], new)
    if isinstance(old, list) and isinstance(new, list):
        return len(new) < len(old) or _same_members(old, new)
    return bool(old == new)


def _is_silence(value: Any) -> bool:
    if isinstance(value, dict):
        return "__attribute__" in value
    return isinstance(value, str) and _SILENCE.search(value) is not None


def _same_members(old: list[Any], new: list[Any]) -> bool:
    """In any order: those of a set have none."""
    left = list(new)
    for item in old:
        match = next((other for other in left if _agree(item, other)), left)
        if match is left:
            return False
        left.remove(match)
    return not left


def _plain(value: Any) -> Any:
    """The value with texts as what they say: a number, a JSON document."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(int(value)) if value == int(value) else str(value)
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value.strip() if isinstance(value, str) else value
