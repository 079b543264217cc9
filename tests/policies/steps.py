"""Plays the steps of a proof on the emulated account."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from emulator import ACCOUNT, REGION, Emulator
from preuve.library.company.templates import register_columns
from tools.proofs import AccountProof, Step, operation

_REFERENCE = re.compile(r"\$\{([A-Za-z0-9_.]+)\}")


class Stage:
    """The account that all proofs share. The answers for an operation add up; one with the same `when` replaces the
    earlier one.
    """

    def __init__(self, emulator: Emulator, workspace: Path) -> None:
        self._emulator = emulator
        self._workspace = workspace
        self._broken: dict[str, str] = {}
        self._known: dict[str, dict[str, Any]] = {}  # policy -> answers to its steps by name
        self._answers: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}  # (operation, region) -> when -> case

    def play(self, proof: AccountProof, steps: Iterable[Step]) -> None:
        """Play steps of a proof, in order. One that fails ends this proof alone."""
        known = self._known.setdefault(proof.policy, {"account": ACCOUNT, "region": REGION})
        for step in steps:
            if proof.policy in self._broken:
                return
            try:
                self._play(fill(step, known), known)
            except (BotoCoreError, ClientError, HTTPError, LookupError, ResponseParserError) as error:
                self._broken[proof.policy] = f"{proof.position}: {step}: {error!r}"

    def names(self, proof: AccountProof, names: Iterable[str]) -> list[str]:
        """Return the names of resources, completed with values of the account. Raises
        AssertionError if a step failed.
        """
        assert proof.policy not in self._broken, self._broken[proof.policy]
        return [str(fill(name, self._known[proof.policy])) for name in names]

    def _play(self, step: Mapping[str, Any], known: dict[str, Any]) -> None:
        if "call" in step:
            service, called = operation(step["call"])
            client = self._emulator.client(service, step.get("region", REGION))
            known[step.get("as", "")] = getattr(client, xform_name(called))(**step.get("with", {}))
        elif "backdate" in step:
            self._emulator.backdate(step["backdate"])
        elif "register" in step:
            self._register(step["register"], step["rows"])
        else:
            self._answer(step)

    def _register(self, name: str, rows: Iterable[Mapping[str, str]]) -> None:
        columns = register_columns(name)[0]
        path = self._workspace / "registers" / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            written = csv.DictWriter(file, columns, restval="none")
            written.writeheader()
            written.writerows(rows)

    def _answer(self, step: Mapping[str, Any]) -> None:
        name, region = step["answer"], step.get("region", "")
        cases = self._answers.setdefault((name, region), {})
        when = json.dumps(step.get("when", {}), sort_keys=True)
        cases[when] = {key: step[key] for key in ("when", "body", "error") if key in step}
        specific_first = sorted(cases.values(), key=lambda case: -len(case.get("when", {})))
        self._emulator.respond(*operation(name), region=region, cases=specific_first)


def fill(value: Any, known: Mapping[str, Any]) -> Any:
    """A value of a step with its references and placeholders filled in."""
    if isinstance(value, str):
        whole = _REFERENCE.fullmatch(value)
        return _find(whole[1], known) if whole else _REFERENCE.sub(lambda found: str(_find(found[1], known)), value)
    if isinstance(value, list):
        return [fill(item, known) for item in value]
    if not isinstance(value, Mapping):
        return value
    filled = {key: fill(item, known) for key, item in value.items()}
    made = _MADE.get(next(iter(filled), "")) if len(filled) == 1 else None
    return made(next(iter(filled.values()))) if made else filled


def _find(path: str, known: Mapping[str, Any]) -> Any:
    found: Any = known
    for part in path.split("."):
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def _zip(files: Mapping[str, str]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        for name, text in files.items():
            written.writestr(name, text)
    return archive.getvalue()


def _days_ago(text: str) -> str:
    return (datetime.now(UTC) - timedelta(days=int(text.removesuffix("d")))).isoformat(timespec="seconds")


_MADE: Mapping[str, Callable[[Any], Any]] = {"$json": json.dumps, "$zip": _zip, "$ago": _days_ago}
