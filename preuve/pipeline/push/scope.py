"""The code that a push is judged by: everything in the scope of the base, with the base's settings, and what the push
adds.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from preuve.collect.code.files.kinds import kind_of
from preuve.model.company.code import IacRoot, TerraformRun
from preuve.model.company.workspace import Workspace


@dataclass(frozen=True)
class PushScope:
    """The scopes of a push: `judged` is the code that is examined in its new state, `before` that of the base; `added`
    are the runs that only the push names.
    """

    judged: tuple[IacRoot, ...]
    before: tuple[IacRoot, ...]
    added: frozenset[TerraformRun] = frozenset()


def scope_of(root: Path, base: Iterable[IacRoot], pushed: Iterable[IacRoot]) -> PushScope:
    """Return the scopes of a push of the workspace in `root`.

    What the push writes adds to the scope and replaces nothing in it: a folder that the base examines is judged with
    the base's settings, and in each further run too. A file that a run of the base names and the push removes is
    missing. A plan, a state, or values from outside the code count only if the base names them: a person who can put a
    file into the tree must not decide what is judged. The base is examined with its own settings alone; otherwise
    further runs would make known what the push breaks.
    """
    trusted, pushed = tuple(base), tuple(pushed)
    folders = {(entry.kind, _real(root, entry)) for entry in trusted}
    judged, before = [*trusted], [*trusted]
    for entry in (replace(entry, plan="", state="", tags=None, region="") for entry in pushed):
        folder = _real(root, entry)
        if not any((entry.kind, above) in folders for above in (folder, *folder.parents)):
            before.append(entry)
        elif entry.runs and (entry.kind, folder) not in folders:  # the base has it without a name: in its plain run
            entry = replace(entry, runs=tuple(dict.fromkeys((TerraformRun(), *entry.runs))))  # noqa: PLW2901
        judged.append(entry)
    known = {run for entry in before for run in entry.runs}
    added = frozenset(run for entry in judged for run in entry.runs if run.variables and run not in known)
    return PushScope(tuple(judged), tuple(before), added)


def moved_out(workspace: Workspace, renamed: Mapping[str, str]) -> tuple[str, ...]:
    """Return the code that a push moves from the examined part into a part that is left out: it still exists. `renamed`
    has the earlier name of each file.
    """
    out = [PurePosixPath(os.path.normpath(item.path)) for item in workspace.left_out]
    scope = [PurePosixPath(os.path.normpath(entry.path)) for entry in workspace.iac]

    def is_examined(name: str) -> bool:
        path = PurePosixPath(name)
        return any(map(path.is_relative_to, scope)) and not any(map(path.is_relative_to, out))

    found = (
        now for now, then in renamed.items() if is_examined(then) and any(map(PurePosixPath(now).is_relative_to, out))
    )
    return tuple(sorted(name for name in found if kind_of(workspace.root / name)))


def _real(root: Path, entry: IacRoot) -> Path:
    """Return the folder of an entry; for a link, its target."""
    return Path(os.path.realpath(root / entry.path))
