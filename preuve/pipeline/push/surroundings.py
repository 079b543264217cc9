"""The files of a workspace outside its code in scope: exclusions with a reason, and git's information on the rest.

Only files that no push can bring in are left out. Output of preuve is distinguished from imitations by its place, by
its hashes, and by git, which tracks none of it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from preuve.collect.code.files.kinds import given_to, gives_values, holds_settings, is_script, kind_of
from preuve.collect.code.job import Surroundings
from preuve.evidence.folder import judging
from preuve.library.validation.code.code_rules import FOLDER as RULES
from preuve.library.validation.code.code_rules import examples_of, stem_of
from preuve.library.yaml.place import content_root
from preuve.model.company.code import Omission
from preuve.model.company.settings import Evidence
from preuve.model.company.workspace import Workspace
from preuve.model.content import CodeRule, Library
from preuve.model.errors import PreuveError
from preuve.model.layout import CONTENT, TRYOUTS
from preuve.pipeline.push.git import Repository
from preuve.system.folders import is_unfinished
from preuve.system.manifests import MANIFEST, digest_of, read_manifest
from preuve.system.walk import walk

# Why code is not examined: phrases of `details` in the locales.
_EVIDENCE = "evidence that preuve wrote"
_EXAMPLES = "examples of the workspace's own rules"
_ITSELF = "the folder that the running preuve comes from; git tracks nothing in it"


def workspace_surroundings(workspace: Workspace, library: Library) -> Surroundings:
    """Return what is known of a workspace outside its code in scope."""
    root = workspace.root.resolve()
    repository = Repository.around(root)
    known = _Known(root, repository)
    own = [Omission(path, _EVIDENCE if code else "") for path, code in _bundles(workspace.evidence_folder, known)]
    own += [Omission(path, _EXAMPLES) for path in _examples(root, library.code_rules.values())]
    own += [Omission(path, _ITSELF) for path in _itself(known)]
    return Surroundings((*workspace.left_out, *own), known.ignored, known.absent, known.hidden, known.brought)


def folder_surroundings(folder: Path) -> Surroundings:
    """Return what is known outside the code of a folder that is no workspace, or not yet: its evidence would lie where
    `preuve init` puts it.
    """
    known = _Known(folder.resolve(), Repository.around(folder))
    own = tuple(Omission(path, _EVIDENCE) for path, _ in _bundles(Evidence().folder, known))
    return Surroundings(own, known.ignored, known.absent, known.hidden, known.brought)


@dataclass(frozen=True)
class _Known:
    """The facts that git has about a workspace."""

    root: Path
    repository: Repository | None

    @property
    def ignored(self) -> frozenset[str]:
        """The files and folders that git ignores and that have no tracked file, relative to the workspace."""
        if self.repository is None:
            return frozenset()
        return frozenset(self.repository.ignored(self.repository.prefix(self.root)))

    @property
    def absent(self) -> tuple[str, ...]:
        """The submodules of the workspace that are not checked out."""
        return tuple(path for path in self._parts if not os.path.lexists(self.root / path / ".git"))

    @property
    def hidden(self) -> tuple[str, ...]:
        """The code that git tracks and was told not to check out."""
        with tempfile.TemporaryDirectory(prefix="preuve-") as place:
            return tuple(
                f"{above}{path}"
                for number, (repository, folder, above) in enumerate(self._repositories)
                for path in _hidden(repository, folder, Path(place, str(number)))
            )

    @property
    def brought(self) -> frozenset[str]:
        """The folders whose installed modules are committed: whoever pushes wrote them."""
        return frozenset(
            f"{above}{path}"
            for repository, folder, above in self._repositories
            for path in repository.brought_modules(repository.prefix(folder))
        )

    @cached_property
    def _repositories(self) -> tuple[tuple[Repository, Path, str], ...]:
        return tuple(_repositories(self.repository, self.root, "", self._parts))

    @cached_property
    def _parts(self) -> tuple[str, ...]:
        return _submodules(self.repository, self.root)

    def tracks(self, path: Path) -> bool:
        """Return whether git tracks something below a path."""
        return self.repository is not None and self.repository.tracked(path.relative_to(self.repository.top).as_posix())


def _submodules(repository: Repository | None, root: Path) -> tuple[str, ...]:
    """Return the submodules that a repository names below a folder, checked out or not."""
    if repository is None or (commit := repository.head()) is None:
        return ()
    return tuple(repository.submodules(commit, repository.prefix(root)))


def _repositories(
    repository: Repository | None, root: Path, above: str, parts: Iterable[str]
) -> Iterator[tuple[Repository, Path, str]]:
    """Yield a repository and its checked-out submodules: each with its folder, and with the path to it from the
    workspace.
    """
    if repository is None:
        return
    yield repository, root, above
    for path in parts:
        part = (root / path).resolve()
        if part.is_relative_to(repository.top) and os.path.lexists(part / ".git"):
            inner = Repository.around(part)
            yield from _repositories(inner, part, f"{above}{path}/", _submodules(inner, part))


def _hidden(repository: Repository, folder: Path, scratch: Path) -> Iterator[str]:
    """Yield the code below a folder that is not checked out. Where this clone has no content, the name decides."""
    for path in repository.hidden(repository.prefix(folder), scratch):
        file = scratch / path
        gives = (given_to, gives_values, holds_settings, is_script)
        if kind_of(file) or any(of_name(file.name) for of_name in gives):
            yield path


# ---- what preuve wrote --------------------------------------------------------------------------------------------


def _bundles(evidence: str, known: _Known) -> Iterator[tuple[str, bool]]:
    """Yield the closed bundles in the evidence folder, and the folders that runs are writing, each with whether it
    contains code; without code it is not reported.
    """
    home = (known.root / evidence).resolve()
    if not home.is_relative_to(known.root):
        return
    for folder in (*_folders(home), *_folders(home / TRYOUTS)):
        name = folder.relative_to(known.root).as_posix()
        if is_unfinished(folder):
            if not known.tracks(folder):
                yield name, any(_code(folder))
        elif _is_own(folder, known):
            yield name, True


def _folders(home: Path) -> list[Path]:
    try:
        return sorted(Path(entry.path) for entry in os.scandir(home) if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def _is_own(bundle: Path, known: _Known) -> bool:
    """Return whether everything in a folder that looks like code is a copy that preuve made: named with its hash in the
    manifest and, if git tracks it, identical to content that comes with preuve.
    """
    try:
        manifest = read_manifest(bundle / MANIFEST)
    except (PreuveError, OSError, ValueError):
        return False
    tracked = known.tracks(bundle)
    return all(
        _is_copy(path, bundle, manifest.get(path.relative_to(bundle).as_posix()), tracked=tracked)
        for path in _code(bundle)
    )


def _code(folder: Path) -> Iterator[Path]:
    for here, names, files in walk(folder):
        links = [name for name in (*names, *files) if os.path.islink(Path(here, name))]  # noqa: PTH114
        yield from (Path(here, name) for name in links)  # preuve makes no links
        yield from (Path(here, name) for name in files if name not in links and kind_of(Path(here, name)))


def _is_copy(path: Path, bundle: Path, digest: str | None, *, tracked: bool) -> bool:
    if path.is_symlink() or not path.is_file() or digest is None or digest_of(path) != digest:
        return False
    if not tracked:
        return True
    kept = bundle / CONTENT
    ours = content_root() / path.relative_to(kept) if path.is_relative_to(kept) else None
    return ours is not None and ours.is_file() and path.read_bytes() in _kept(ours.read_bytes())


def _kept(content: bytes) -> tuple[bytes, ...]:
    """Return the forms in which a bundle may keep a file of preuve; a file without examples and without a schema need
    not be text.
    """
    is_yaml = b"\nexamples:" in content or content.startswith(b"# yaml-")
    return content, judging(content) if is_yaml else content


def _itself(known: _Known) -> Iterator[str]:
    """Yield the folder of the running preuve, if a pipeline put it into the workspace: no push brings in its files,
    because git tracks none of them.
    """
    folder = content_root()
    if folder != known.root and folder.is_relative_to(known.root) and not known.tracks(folder):
        yield folder.relative_to(known.root).as_posix()


# ---- examples of rules --------------------------------------------------------------------------------------------


def _examples(root: Path, rules: Iterable[CodeRule]) -> Iterator[str]:
    """Yield the folder with the examples of the workspace's own rules, if it contains nothing else."""
    folder = root / RULES / "examples"
    own = {stem_of(rule.id): rule for rule in rules if (root / RULES / f"{stem_of(rule.id)}.yaml").is_file()}
    wanted = {folder / stem / name for stem, rule in own.items() for name in examples_of(rule.provider)}
    found = {here / name for here, _, files in walk(folder) for name in files}
    if (
        found
        and found <= wanted
        and not any(path.is_symlink() for path in (folder, *found, *(it.parent for it in found)))
    ):
        yield f"{RULES}/examples"
