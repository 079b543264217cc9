"""The registers that preuve keeps itself: the chain of runs, as policies read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from preuve.collect.registers import Kept
from preuve.evidence.verifier.chain import Line
from preuve.library.checked.rules import Needs
from preuve.model.company.workspace import Workspace
from preuve.model.errors import PreuveError
from preuve.pipeline.bundle.seal import chain_home

TYPE, REGISTER = "Register::ChainOfRuns", "chain-of-runs"
_NEVER = "1970-01-01T00:00:00Z"  # a time, because a missing one would be taken for something not read
_RUNS = ("audit", "scan")


def kept_registers(needs: Needs, workspace: Workspace) -> Mapping[str, Kept]:
    """Each register that preuve keeps; the chain is only asked for where a policy reads it."""
    return {REGISTER: _chain(workspace) if TYPE in needs.types else Kept([])}


def _chain(workspace: Workspace) -> Kept:
    """The chain as one entry. One that does not hold cannot be used, so nothing passes by it."""
    try:
        lines = chain_home(workspace, workspace.root / workspace.evidence_folder).read().lines
    except PreuveError as error:
        return Kept([], "register_unusable", str(error))
    runs = [line for line in lines if line.data.get("kind") in _RUNS]
    if not runs:
        return Kept([], "no_earlier_run")
    return Kept(
        [{"chain": REGISTER, "last complete run": _last_complete(runs), "waivers in order": _waivers(workspace)}]
    )


def _last_complete(runs: Sequence[Line]) -> str:
    """When the last run was that read everything in scope."""
    return max((line.text("time") for line in runs if line.data.get("incomplete") == 0), default=_NEVER)


def _waivers(workspace: Workspace) -> str:
    broken = any(problem.position.file == "waivers.yaml" for problem in workspace.problems)
    return "no" if broken else "yes"
