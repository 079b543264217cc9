"""The registers that preuve keeps itself: the chain of runs, as policies read it."""

from __future__ import annotations

from collections.abc import Mapping

from preuve.collect.registers import Kept
from preuve.library.checked.rules import Needs
from preuve.model.company.workspace import Workspace
from preuve.model.errors import PreuveError
from preuve.pipeline.bundle.seal import chain_home
from preuve.pipeline.run.history import numbered
from preuve.publish.history.cadence import Interval, complete, longest

TYPE, REGISTER = "Register::ChainOfRuns", "chain-of-runs"
_NEVER = "1970-01-01T00:00:00Z"  # a time: a missing one would count as not read
_RUNS = ("audit", "scan")


def kept_registers(needs: Needs, workspace: Workspace) -> Mapping[str, Kept]:
    """Return each register that preuve keeps; the chain is only asked for if a policy reads it."""
    return {REGISTER: _chain(workspace) if TYPE in needs.types else Kept([])}


def _chain(workspace: Workspace) -> Kept:
    """Return the chain as one entry. One that does not hold cannot be used, so nothing passes by it."""
    try:
        chain = tuple(numbered(chain_home(workspace, workspace.root / workspace.evidence_folder).read().lines))
    except PreuveError as error:
        return Kept([], "register_unusable", str(error))
    if not any(run.kind in _RUNS for run in chain):
        return Kept([], "no_earlier_run")
    last = max(complete(chain), default=_NEVER)
    apart = longest(chain) or Interval(last, last)
    entry = {"last complete run": last, "longest gap from": apart.start, "longest gap to": apart.end}
    return Kept([{"chain": REGISTER, **entry, "waivers in order": _waivers(workspace)}])


def _waivers(workspace: Workspace) -> str:
    broken = any(problem.position.file == "waivers.yaml" for problem in workspace.problems)
    return "no" if broken else "yes"
