"""Folders of Terraform: what calls what, which are root modules, and what a root reaches. Knows nothing of Checkov."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Protocol

from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.job import Gap
from preuve.model.snapshot import NOT_LOADED

_LOCAL = ("./", "../")
_REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")  # each tool puts its own before a plain source
# Folders of code that shows or tests other code.
_SHOWS = re.compile(r"(?i)_?(?:examples?|samples?|demos?|tests?|testing|e2e|fixtures?|(?:integration|unit)[_-]?tests?)")
_DEPTH = 100  # nested module calls at most
MOST_COPIES = 10_000  # module instances in one root: twenty levels of two calls are a million


@dataclass(frozen=True)
class Call:
    """A `module` block; `source` is "" where it is no plain text."""

    name: str
    source: str
    file: Path
    line: int


@dataclass(frozen=True)
class Folder:
    """The result of parsing one folder."""

    path: Path
    files: tuple[Path, ...] = ()
    variables: tuple[Path, ...] = ()  # tfvars, screened
    gaps: tuple[Gap, ...] = ()
    calls: tuple[Call, ...] = ()
    size: int = 0  # bytes of Terraform
    applied: bool = False  # it is applied by itself, even if another module calls it
    kept: bool = False  # it says where its state is kept, which no example needs
    asks: bool = False  # a variable has no default

    def to_json(self) -> dict[str, Any]:
        """Convert to plain data, with file names relative to the folder."""
        return {
            "files": [file.name for file in self.files],
            "variables": [file.name for file in self.variables],
            "gaps": [[gap.file, gap.cause, gap.detail, gap.line] for gap in self.gaps],
            "calls": [[call.name, call.source, call.file.name, call.line] for call in self.calls],
            "size": self.size,
            "applied": self.applied,
            "kept": self.kept,
            "asks": self.asks,
        }


def folder_from_json(path: Path, data: Any) -> Folder:
    """Return the folder that `Folder.to_json` wrote. Raises TypeError, ValueError or KeyError on anything else."""
    return Folder(
        path,
        tuple(path / _name(name) for name in data["files"]),
        tuple(path / _name(name) for name in data["variables"]),
        tuple(Gap(_text(file), _text(cause), _text(detail), int(line)) for file, cause, detail, line in data["gaps"]),
        tuple(
            Call(_text(name), _text(source), path / _name(file), int(line))
            for name, source, file, line in data["calls"]
        ),
        int(data["size"]),
        data["applied"] is True,
        data["kept"] is True,
        data["asks"] is True,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _name(value: Any) -> str:
    if _text(value) in ("", ".", "..") or "/" in value or "\0" in value:
        raise ValueError("not the name of a file")
    return str(value)


class Folders(Protocol):
    """Folders by their path."""

    sources: Sources

    def at(self, path: Path) -> Folder:
        """Return the folder at a path inside the workspace."""


# ---- which folders are roots --------------------------------------------------------------------------------------


def local_target(call: Call) -> Path | None:
    """Return the folder that a call with a local source names, whether it exists or not."""
    if not call.source.startswith((*_LOCAL, "..")):
        return None
    return Path(os.path.normpath(call.file.parent / call.source))


def root_modules(folders: Folders, paths: Iterable[Path], applied: Collection[Path] = ()) -> dict[Path, Reach]:
    """Return the folders that hold Terraform and that are applied by themselves, as these are at least, or that no
    other folder calls as a local module, plus one of each circle. A call in an example or a test is no deployment of
    what lies outside of it.
    """
    holding = [path for path in paths if folders.at(path).files]
    called = called_folders(folders, holding)
    alone = (path for path in holding if path not in called or path in applied or folders.at(path).applied)
    roots = {path: reach(folders, path) for path in alone}
    reached = {path for found in roots.values() for path in found.folders}
    for path in holding:
        if path not in reached:
            roots[path] = reach(folders, path)
            reached |= set(roots[path].folders)
    return dict(sorted(roots.items()))


def called_folders(folders: Folders, paths: Iterable[Path]) -> set[Path]:
    """Return the folders that code in others calls as a local module, but for calls in an example or a test; one that
    says where its state is kept is none, whatever its folder is called.
    """
    base = folders.sources.base
    return {
        target
        for path in paths
        for target in _local_targets(folders, path)
        if folders.at(path).kept
        or not _only_shows(PurePath(os.path.relpath(path, base)), PurePath(os.path.relpath(target, base)))
    }


def _only_shows(caller: PurePath, target: PurePath) -> bool:
    """Return whether a folder lies in an example or a test of what it calls."""
    own = (PurePath(*caller.parts[: number + 1]) for number, step in enumerate(caller.parts) if _SHOWS.fullmatch(step))
    return any(not target.is_relative_to(folder) for folder in own)


def _local_targets(folders: Folders, path: Path) -> set[Path]:
    targets = (local_target(call) for call in folders.at(path).calls)
    return {target for target in targets if target is not None and target != path}


# ---- what a root reaches ------------------------------------------------------------------------------------------


@dataclass
class Reach:
    """The folders that a root module is made of, and the calls that lead nowhere."""

    folders: dict[Path, Folder] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    targets: dict[tuple[Path, str], Path] = field(default_factory=dict)  # (calling folder, source) -> folder

    @property
    def size(self) -> int:
        """Bytes of Terraform, as a measure of the work."""
        return sum(folder.size for folder in self.folders.values())

    def copies(self, root: Path) -> int:
        """Count the modules of a root, each as often as calls lead to it; loops count once."""
        known: dict[Path, int] = {}

        def count(path: Path) -> int:
            if path not in known:
                calls = self.folders[path].calls if path in self.folders else ()
                targets = (self.targets.get((path, call.source)) for call in calls)
                known[path] = 1 + sum(count(target) for target in targets if target is not None)
            return known[path]

        return count(root)


def reach(folders: Folders, root: Path) -> Reach:
    """Follow the module calls of a root: local ones, and those that `terraform init` has installed."""
    found = Reach()
    _follow(folders, folders.at(root), _ModuleCache.of(folders.sources, root), found, ())
    return found


def _follow(folders: Folders, folder: Folder, installed: _ModuleCache, found: Reach, above: tuple[Path, ...]) -> None:
    if folder.path in found.folders:
        return
    found.folders[folder.path] = folder
    for call in folder.calls:
        target, problem = _target(folders.sources, call, installed)
        if target is not None and target in (*above, folder.path):
            target, problem = None, "modules call each other in a circle"
        elif len(above) > _DEPTH:
            target, problem = None, f"modules are nested deeper than {_DEPTH} levels"
        if target is None:
            found.gaps.append(Gap(folders.sources.relative(call.file), NOT_LOADED, problem, call.line))
            continue
        found.targets[(folder.path, call.source)] = target
        _follow(folders, folders.at(target), installed, found, (*above, folder.path))


def _target(sources: Sources, call: Call, installed: _ModuleCache) -> tuple[Path | None, str]:
    local = local_target(call)
    if local is None:
        for name in (call.source, *(f"{registry}/{call.source}" for registry in _REGISTRIES)):
            if call.source and name in installed.modules:
                return installed.modules[name], ""
        return None, f"module {call.name} ({call.source or 'no source'}) is not installed: {installed.hint}"
    if not sources.inside(local):
        return None, f"module {call.name} is outside the workspace"
    if not is_folder(local, if_hidden=True):
        return None, f"module {call.name}: the folder does not exist"
    return local, ""


@dataclass(frozen=True)
class _ModuleCache:
    """The modules that `terraform init` installed in `.terraform/modules`, by source. Sources with two versions are
    left out.
    """

    modules: Mapping[str, Path]
    hint: str = "run terraform init"

    @classmethod
    def of(cls, sources: Sources, root: Path) -> _ModuleCache:
        """Read the installed modules of a root. Modules that are committed to the repository prove nothing about
        their source and are ignored.
        """
        if root in sources.brought:
            return cls(
                {}, "the content of .terraform/modules is part of the repository, not what terraform init downloaded"
            )
        return cls(_installed(sources, root))


def _installed(sources: Sources, root: Path) -> dict[str, Path]:
    manifest = root / ".terraform" / "modules" / "modules.json"
    content = sources.content(manifest)
    if isinstance(content, Gap):  # a missing module is reported at its call
        return {}
    try:
        modules = json.loads(content)["Modules"]
        entries = [(str(item["Source"]), str(item.get("Version")), root / str(item["Dir"])) for item in modules]
    except (ValueError, TypeError, KeyError, RecursionError):
        return {}
    versions = Counter(source for source, _ in {(source, version) for source, version, _ in entries})
    return {
        source: Path(os.path.normpath(folder))
        for source, _, folder in sorted(entries, reverse=True)
        if versions[source] == 1 and is_folder(folder, if_hidden=True) and sources.inside(folder)
    }


_MODULE = re.compile(r'module\.([^.\[\]]+)(?:\["[^"]*"\]|\[[^\]]*\])?\.')


def own_address(address: str) -> str:
    """Return the address of a block without the modules and the copies that it is made in."""
    return _MODULE.sub("", address).partition("[")[0]


def called_from(reached: Reach, root: Path, address: str) -> Iterator[Call]:
    """Yield the module calls that lead to a resource, the outermost first, as far as they can be followed."""
    folder, start = reached.folders.get(root), 0
    while folder is not None and (step := _MODULE.match(address, start)):
        call = next((call for call in folder.calls if call.name == step[1]), None)
        if call is None:
            return
        yield call
        target = reached.targets.get((folder.path, call.source))
        folder, start = reached.folders.get(target) if target else None, step.end()
