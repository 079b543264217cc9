"""The registers that preuve maintains itself: the chain of runs, in the form that policies read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from preuve.collect.registers import KeptRegister
from preuve.library.validation.rules import Needs
from preuve.model.company.workspace import Workspace
from preuve.model.content import Library
from preuve.model.errors import PreuveError
from preuve.model.moment import moment
from preuve.pipeline.bundle.seal import chain_home
from preuve.pipeline.run.history import numbered
from preuve.publish.history.cadence import Interval, complete, longest, most_days

TYPE, REGISTER = "Register::ChainOfRuns", "chain-of-runs"
_RUNS = ("audit", "scan")


def kept_registers(needs: Needs, workspace: Workspace, library: Library, now: datetime) -> Mapping[str, KeptRegister]:
    """Return each register that preuve maintains; the chain is read only if a policy needs it."""
    return {REGISTER: _chain(workspace, library, now) if TYPE in needs.types else KeptRegister([])}


def _chain(workspace: Workspace, library: Library, now: datetime) -> KeptRegister:
    """Return the chain as one entry. A broken chain cannot be used, so that nothing passes because of it. Nor can a
    chain that is younger than the longest gap allowed: it cannot show a gap, and has no data on the time before. Its
    age counts from its first run, complete or not.
    """
    try:
        chain = tuple(numbered(chain_home(workspace, workspace.root / workspace.evidence_folder).read().lines))
    except PreuveError as error:
        return KeptRegister([], "register_unusable", str(error))
    runs = sorted(run.time for run in chain if run.kind in _RUNS)
    if not runs:
        return KeptRegister([], "no_earlier_run")
    times = complete(chain)
    entry = {"chain": REGISTER, "waivers in order": _waivers(workspace)}
    last = {"any run complete": "yes", "last complete run": times[-1]} if times else {}
    if not Interval(runs[0], moment(now)).longer(most_days(library, workspace.params)):
        return KeptRegister([entry | last], empty="short_history")
    if not times:
        return KeptRegister([entry | {"any run complete": "no"}])
    apart = longest(chain, now.date()) or Interval(times[-1], times[-1])
    return KeptRegister([entry | last | {"longest gap from": apart.start, "longest gap to": apart.end}])


def _waivers(workspace: Workspace) -> str:
    broken = any(problem.position.file == "waivers.yaml" for problem in workspace.problems)
    return "no" if broken else "yes"
