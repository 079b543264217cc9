"""Files of a workspace with a name that is nearly right: without a message they would be ignored silently."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path

from preuve.library.company.templates import registers
from preuve.library.yaml.files import is_there
from preuve.model.errors import Position, Problem, UsageError
from preuve.system.walk import walk

WORKSPACE = "preuve.yaml"
_ALIKE = {WORKSPACE: ("preuve",), "waivers.yaml": ("waivers", "waiver"), "baseline.yaml": ("baseline", "baselines")}
JUDGING = (*_ALIKE, "approvers")  # files, besides the code, that decide on a push


def is_workspace(folder: Path) -> bool:
    """Return whether a folder has a preuve.yaml. An unreadable one counts: reading it reports the error."""
    return is_there(folder / WORKSPACE)


def refuse_part(folder: Path) -> None:
    """Raise UsageError if a folder without a preuve.yaml belongs to a workspace of the same repository."""
    here = Path(os.path.abspath(folder))  # noqa: PTH100 - a link may lead in a circle
    with suppress(OSError):  # above an unreadable folder
        for above in (here, *here.parents):
            if above != here and (above / WORKSPACE).is_file():
                raise UsageError(f"{here} is a part of the workspace {above}", f"run it there, or name it: -w {above}")
            if (above / ".git").exists():
                return


def refuse_misnamed(root: Path, *names: str) -> None:
    """Raise UsageError if a folder has a file whose name is nearly one of these."""
    present = sorted(path.name for path in root.iterdir()) if root.is_dir() else []
    for right in names:
        alike = {f"{stem}{end}" for stem in _ALIKE[right] for end in (".yaml", ".yml")}
        for found in present:
            if found != right and found.casefold() in alike:
                done = f"merge it into {right} and remove it" if right in present else f"rename it to {right}"
                raise UsageError(f"there is {found}, which is not read", done)


# Each folder that is read, and which files in it.
_READ = {
    "attestations": ("*.yaml",),
    "registers": ("*.csv",),
    "policies": ("*/*.yaml", "params.yaml", "shared.yaml"),
    "controls": ("*/*.yaml", "evidence.yaml"),
    "scanners": (
        *("aws/*.yaml", "github/*.yaml", "registers/*.yaml", "iac/*.yaml", "reference/*.yaml", "iac/examples/*"),
        *("checks.yaml", "identities.yaml"),
    ),
    "inlets": ("*.yaml",),
    "indicators": ("*.yaml",),
}
_NAME = re.compile(r"[a-z0-9-]+")  # of a register
_WORDS = re.compile(r"[^\W_]+")
_NOTES = ("README*", ".*", "*.schema.json", "*.md")  # these are never mistaken for content


def unread(root: Path, pieces: Collection[Path], own: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each file in a folder of content that no part of preuve reads.

    `pieces` are the files that attestations name, including attestations that do not count, `own` the registers
    that a type of the workspace reads.
    """
    for folder in sorted(path for path in root.iterdir() if path.is_dir() and not path.is_symlink()):
        if folder.name in _READ:
            yield from _below(root, folder, pieces, own)
        elif right := _meant(folder):
            yield Problem(Position(f"{folder.name}/"), "nothing reads this folder", f"rename it to {right}/")


def _meant(folder: Path) -> str:
    """Return the folder whose name another one nearly has; "" if there is none, or if it is one of the file system."""
    right = next((name for name in _READ if folder.name.casefold() in (name, _singular(name))), "")
    meant = folder.parent / right
    return "" if meant.exists() and meant.samefile(folder) else right


def _singular(name: str) -> str:
    return f"{name[:-3]}y" if name.endswith("ies") else name[:-1]


def _below(root: Path, folder: Path, pieces: Collection[Path], own: Collection[str]) -> Iterator[Problem]:
    patterns = _READ[folder.name]
    for place, folders, files in walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in sorted(place / name for name in files):
            name = path.relative_to(folder).as_posix()
            read = any(_fits(name, pattern) for pattern in patterns) or path.resolve() in pieces
            if folder.name == "registers" and path.suffix == ".csv" and (file := _register_meant(name, own)):
                there = (folder / file).exists()
                hint = f"merge it into {file} and remove it" if there else f"rename it to {file}"
                yield Problem(Position(path.relative_to(root).as_posix()), "nothing reads this file", hint)
            elif not read and not any(fnmatchcase(path.name, note) for note in _NOTES):
                yield Problem(
                    Position(path.relative_to(root).as_posix()), "nothing reads this file", _next(folder.name)
                )


def _register_meant(file: str, own: Collection[str]) -> str:
    """Return the register whose file name another one nearly has, or has with something around it (`people.fr`,
    `people (1)`); "" for a register of the company's own, and below a folder of its own.
    """
    known, name = registers(), file.removesuffix(".csv")
    if name in known or name in own or "/" in name:
        return ""
    words = set(_WORDS.findall(name.casefold()))
    odd = not _NAME.fullmatch(name)  # no register is called so: it is a copy, a version or a slip of the pen
    meant = (right for right in known if _same(right) == _same(name) or (odd and set(right.split("-")) <= words))
    return next((f"{right}.csv" for right in meant), "")


def _same(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold())).removesuffix("s")


def _fits(name: str, pattern: str) -> bool:
    """Return whether a path fits a pattern, part by part; below a last `*` lies anything."""
    parts, wanted = name.split("/"), pattern.split("/")
    long_enough = len(parts) == len(wanted) or (len(parts) > len(wanted) and wanted[-1] == "*")
    return long_enough and all(map(fnmatchcase, parts, wanted))


def _next(folder: str) -> str:
    """Return the place where a file would be read."""
    if folder == "attestations":
        return "name it in the `file` of an attestation, call an attestation NAME.yaml, or move it elsewhere"
    return f"{folder}/ is read as {', '.join(_READ[folder])}: rename or move it"
