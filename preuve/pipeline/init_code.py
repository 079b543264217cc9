"""Finds the code of a folder, for those who set up a workspace: by names, and templates by how they begin."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from preuve.collect.iac.sources import DOCKERFILE, IGNORED
from preuve.collect.iac.tools import ENDINGS
from preuve.model.workspace import IacRoot

_FOLDERS_LOOKED_AT = 20_000
_FILES_OPENED = 2_000
_BEGINNING = 4_096  # bytes
_TERRAFORM_ENDINGS = (*ENDINGS, ".tf.json", ".tofu.json")
_TEMPLATE_ENDINGS = (".yaml", ".yml", ".json", ".template")
_TEMPLATE_WORDS = (b"AWSTemplateFormatVersion", b"AWS::Serverless-")

Holds = Callable[[Path, list[str]], bool]  # a folder and the names of its files


def found_code(folder: Path) -> tuple[IacRoot, ...]:
    """What `scope.iac` may name in a folder: every kind of code, where it is found."""
    found = [IacRoot(path, "terraform") for path in code_folders(folder)]
    found += [IacRoot(path, "cloudformation") for path in _grouped(folder, _Templates())]
    if next(_below(folder, _holds_dockerfile), None):
        found.append(IacRoot(".", "dockerfile"))
    if any((folder / ".github" / "workflows").glob("*.y*ml")):
        found.append(IacRoot(".", "github_actions"))
    return tuple(found)


def code_folders(folder: Path) -> tuple[str, ...]:
    """Folders that hold Terraform, relative to `folder`: per first-level folder the deepest that holds all of it."""
    return _grouped(folder, _holds_terraform)


def _holds_terraform(_: Path, names: list[str]) -> bool:
    return any(name.endswith(_TERRAFORM_ENDINGS) for name in names)


def _holds_dockerfile(_: Path, names: list[str]) -> bool:
    return any(DOCKERFILE.fullmatch(name) for name in names)


class _Templates:
    """Asks whether a folder holds a CloudFormation template; opens so many files and no more."""

    def __init__(self) -> None:
        self._opened = 0

    def __call__(self, folder: Path, names: list[str]) -> bool:
        return any(self._is_template(folder / name) for name in names if name.endswith(_TEMPLATE_ENDINGS))

    def _is_template(self, path: Path) -> bool:
        self._opened += 1
        if self._opened > _FILES_OPENED or not path.is_file() or path.is_symlink():
            return False
        try:
            with path.open("rb") as file:
                beginning = file.read(_BEGINNING)
        except OSError:
            return False
        return any(word in beginning for word in _TEMPLATE_WORDS)


def _grouped(folder: Path, holds: Holds) -> tuple[str, ...]:
    groups: dict[str, list[Path]] = {}
    for found in _below(folder, holds):
        relative = found.relative_to(folder)
        groups.setdefault(relative.parts[0] if relative.parts else "", []).append(relative)
    if "" in groups:
        return (".",)
    return tuple(Path(os.path.commonpath(group)).as_posix() for _, group in sorted(groups.items()))


def _below(folder: Path, holds: Holds) -> Iterator[Path]:
    for number, (here, names, files) in enumerate(os.walk(folder)):
        if number >= _FOLDERS_LOOKED_AT:
            return
        names[:] = sorted(name for name in names if name not in IGNORED and not name.startswith("."))
        if holds(Path(here), sorted(files)):
            yield Path(here)
