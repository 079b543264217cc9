"""What workflows of a repository give those that they call: their events, and the values of inputs.

docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows: the `github` context is that of the caller.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from preuve.collect.code.judgements.programs.workflow_values import CALLED, started_by
from preuve.collect.code.language.actions.contexts import paths_in
from preuve.library.json_data import texts

_HERE = "./.github/workflows/"
_DEEPEST = 10  # workflows that call one another: GitHub allows no more


@dataclass(frozen=True)
class Calls:
    """The events of the callers of a workflow, without those of a call under a condition, and the texts that each
    input may be given.
    """

    events: frozenset[str] = frozenset()
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __or__(self, other: Calls) -> Calls:
        names = {*self.given, *other.given}
        given = {name: self.given.get(name, frozenset()) | other.given.get(name, frozenset()) for name in names}
        return Calls(self.events | other.events, given)


NO_CALLS = Calls()


def calls_in(workflows: Mapping[str, Mapping[str, Any]]) -> dict[str, Calls]:
    """Return what each workflow is given by those that call it, directly or through others; by the names of files."""
    calls = [call for file, workflow in workflows.items() for call in _calls(posixpath.basename(file), workflow)]
    found: dict[str, Calls] = {}
    for _ in range(_DEEPEST):
        before = dict(found)
        for caller, called, workflow, job in calls:
            found[called] = found.get(called, NO_CALLS) | _given(workflow, job, found.get(caller, NO_CALLS))
        if found == before:
            break
    return found


def _calls(caller: str, workflow: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]:
    jobs = workflow.get("jobs")
    for job in jobs.values() if isinstance(jobs, Mapping) else ():
        used = str(job.get("uses", "")) if isinstance(job, Mapping) else ""
        if used.startswith(_HERE):
            yield caller, used.removeprefix(_HERE), workflow, job


def _given(workflow: Mapping[str, Any], job: Mapping[str, Any], above: Calls) -> Calls:
    """Return what a job gives the workflow that it calls."""
    inputs, strategy = job.get("with"), job.get("strategy")
    given: dict[str, frozenset[str]] = {}
    for name, value in inputs.items() if isinstance(inputs, Mapping) else ():
        own = frozenset(texts(value))
        paths = {path for text in own for path in paths_in(text)}
        passed = [above.given.get(path[1], frozenset()) for path in paths if path[0] == "inputs" and path[1:]]
        matrix = frozenset(texts(strategy)) if any(path[0] == "matrix" for path in paths) else frozenset[str]()
        given[str(name).lower()] = own.union(matrix, *passed)
    events = frozenset() if "if" in job else (started_by(workflow.get("on")) - {CALLED}) | above.events
    return Calls(events, given)
