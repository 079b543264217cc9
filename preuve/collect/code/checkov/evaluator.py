"""Checkov, ready to parse folders and to evaluate root modules of one job. Loading this module loads Checkov."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from preuve.collect.code.checkov.engine import Engine
from preuve.collect.code.checkov.kinds import cloudformation, terraform, terraform_plan
from preuve.collect.code.checkov.kinds.resources.root_views import RootModule
from preuve.collect.code.checkov.kinds.values_files import evaluate_values
from preuve.collect.code.checkov.versions import proven_version
from preuve.collect.code.files.folders import Reader
from preuve.collect.code.files.modules import Folder, reach
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.inputs.nested_stacks import ParameterFile
from preuve.collect.code.inputs.parameter_files import parameter_files
from preuve.collect.code.inputs.values_files import is_values_file
from preuve.collect.code.inputs.variables import ENDINGS as VARIABLES
from preuve.collect.code.job import IacJob, Line, failed

_DEEPEST = 10_000  # recursion limit: HCL takes a dozen calls for each pair of brackets
_OF_BLOCKS = {
    "dockerfile": "preuve.collect.code.checkov.kinds.dockerfile",
    "github_actions": "preuve.collect.code.checkov.kinds.workflows",
}


class Evaluator:
    """One for each process: Checkov keeps its state in module globals."""

    def __init__(self, job: IacJob) -> None:
        sys.setrecursionlimit(_DEEPEST)
        self._engine = Engine(job.checks, job.rules, job.documents, job.standing, job.quiet, job.whole, job.by_tags)
        self._sources = Sources(job.base, job.left_out, job.brought, job.ignored)
        self._folders = Reader(self._sources)
        self._arguments = job.arguments
        self._runs = {(job.base / root.path).resolve(): root.runs for root in job.roots if root.runs}
        self._added = job.added
        self._outside = job.outside
        self._entries_below = job.entries_below
        self._plans = {(job.base / root.path).resolve(): root.plan for root in job.roots if root.plan}

    @property
    def about(self) -> dict[str, Any]:
        """The version of Checkov, and the checks that it does not have."""
        return {"checkov": proven_version(), "unknown_checks": list(self._engine.unknown_checks)}

    def folder(self, name: str) -> Folder:
        """Return a folder of the workspace, parsed."""
        return self._folders.at(self._sources.base / name)

    def prepare(self, units: Iterable[tuple[str, str, str]]) -> None:
        """Parse the code that the units reach and find the sources of its values, so that forked processes
        share them.
        """
        for kind, name, _ in units:
            if kind == "cloudformation":
                _ = self._beside
            if kind == "terraform":
                reach(self._folders, self._sources.base / name)
                _ = self._folders.loose.found

    def evaluate(self, kind: str, name: str, file: str) -> list[Line]:
        """Return every line of the snapshot for one unit: a root, or one template of it."""
        try:
            path = self._sources.base / name
            if file:
                return self._file(kind, name, self._sources.base / file)
            if kind == "terraform":
                root = RootModule(
                    path, name, self._runs.get(path, ()), self._arguments, self._added, self._outside(kind, path)
                )
                if path in self._plans:
                    return terraform_plan.evaluate(self._engine, self._folders, root, self._plans[path])
                return terraform.evaluate(self._engine, self._folders, root)
            module = import_module(_OF_BLOCKS[kind])  # imported late: other units do not need these checks
            checks = module.checks_of(self._engine.checks, self._engine.rules)
            lines: list[Line] = module.evaluate(checks, self._sources, path, name)
            return lines
        except Exception as error:  # noqa: BLE001 - boundary: a root that breaks Checkov is a gap, and the others go on
            print(f"{name}: {type(error).__name__}", file=sys.stderr)
            return failed(name, kind, f"Checkov failed on this root module: {type(error).__name__}", file)

    def _file(self, kind: str, name: str, file: Path) -> list[Line]:
        """Return the lines of one file: a template, values of variables, or another input of code."""
        if kind == "terraform" and file.name.endswith(VARIABLES):
            return terraform.evaluate_variables(self._engine, self._sources, file, name)
        if is_folder(file, if_hidden=False):
            said, apart = self._outside(kind, file), self._entries_below(file)
            return cloudformation.evaluate_parts(
                self._engine, self._sources, file, self._arguments, self._beside, said, apart
            )
        if is_values_file(self._sources, file):
            return evaluate_values(self._engine, self._sources, file, name, kind)
        outside = self._outside(kind, file.parent)
        return cloudformation.evaluate(self._engine, self._sources, file, name, self._arguments, self._beside, outside)

    @cached_property
    def _beside(self) -> tuple[ParameterFile, ...]:
        """The sources of template parameters, searched once."""
        return parameter_files(self._sources)
