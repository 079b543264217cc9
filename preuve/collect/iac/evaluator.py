"""Checkov, ready to parse folders and to evaluate root modules of one job. Loading this module loads Checkov."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from checkov.version import version

from preuve.collect.iac import cloudformation, terraform, terraform_plan
from preuve.collect.iac.accelerate import accelerate
from preuve.collect.iac.bounded import bound
from preuve.collect.iac.engine import Engine
from preuve.collect.iac.job import IacJob, Line, failed
from preuve.collect.iac.modules import Folder, reach
from preuve.collect.iac.sources import Sources

_OF_BLOCKS = {"dockerfile": "preuve.collect.iac.dockerfile", "github_actions": "preuve.collect.iac.workflows"}


class Evaluator:
    """One for each process: Checkov keeps its state in module globals."""

    def __init__(self, job: IacJob) -> None:
        bound()
        self._accelerated = job.accelerate and accelerate(version)
        self._engine = Engine(job.checks, job.rules)
        self._sources = Sources(job.base)
        self._folders = terraform.Reader(self._sources)
        self._arguments = job.arguments
        self._plans = {(job.base / root.path).resolve(): root.plan for root in job.roots if root.plan}

    @property
    def about(self) -> dict[str, Any]:
        """What does the work."""
        unknown = list(self._engine.unknown_checks)
        return {"checkov": version, "accelerated": self._accelerated, "unknown_checks": unknown}

    def folder(self, name: str) -> Folder:
        """A folder of the workspace, parsed."""
        return self._folders.at(self._sources.base / name)

    def packed(self, name: str) -> bytes:
        """The same with all that was parsed, for `unpack` in the process that this one was forked from."""
        return self._folders.packed(self._sources.base / name)

    def unpack(self, packed: bytes) -> None:
        """Take a folder that a forked process has parsed."""
        self._folders.unpack(packed)

    def prepare(self, units: Iterable[tuple[str, str]]) -> None:
        """Parse what the units reach, so that forked processes share it."""
        for kind, name in units:
            if kind == "terraform":
                reach(self._folders, self._sources.base / name)

    def evaluate(self, kind: str, name: str) -> list[Line]:
        """Every line of the snapshot for one unit."""
        try:
            path = self._sources.base / name
            if kind == "terraform" and path in self._plans:
                return terraform_plan.evaluate(
                    self._engine, self._folders, path, name, self._plans[path], self._arguments
                )
            if kind == "terraform":
                return terraform.evaluate(self._engine, self._folders, path, name, self._arguments)
            if kind == "cloudformation":
                return cloudformation.evaluate(self._engine, self._sources, path, name, self._arguments)
            module = import_module(_OF_BLOCKS[kind])  # loads checks of Checkov that others do not need
            checks = module.checks_of(self._engine.checks, self._engine.rules)
            lines: list[Line] = module.evaluate(checks, self._sources, path, name)
            return lines
        except Exception as error:  # noqa: BLE001 - boundary: a root that breaks Checkov is a gap, and the others go on
            print(f"{name}: {type(error).__name__}", file=sys.stderr)
            return failed(name, kind, f"Checkov failed on this root: {type(error).__name__}")
