"""Decides whether a workflow surely scans the code before a merge and surely fails when the scan does."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preuve.collect.code.judgements.answer import Ruling
from preuve.collect.code.judgements.programs.scan_commands import Part, ScanEffect, Script, Tools
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN, told
from preuve.library.yaml.word_lists import words_in

Events = Mapping[str, ScanEffect]

_MAIN = frozenset({"*", "**", "main", "master"})
_CHANGED = frozenset({"opened", "synchronize"})  # events of a pull request whose code changes
_OF_EVENT = re.compile(r"github\.event_name\s*([!=])=\s*'([a-z_]+)'")
_EXPRESSION = re.compile(r"\$\{\{(.*)\}\}", re.DOTALL)
_ALWAYS = frozenset({"true", "always()", "success()", "!cancelled()"})
_NEVER = frozenset({"false", "failure()", "cancelled()"})
_CHECKOUT = "actions/checkout"
_OF_CHECKOUT = words_in("workflows", "inputs_of_checkout")


@dataclass(frozen=True)
class _Scan:
    """A step or a job that names a scan."""

    place: str
    stands: ScanEffect


def blocking_scan(_kind: str, body: Part, options: Mapping[str, Any]) -> Ruling | None:
    """Return whether a workflow of a repository surely scans every change before its merge and fails with the scan.

    `body` holds the workflows by file, the path of the workspace in the repository, the gate in its settings, and the
    settings files of other tools that exist.
    """
    tools = Tools(options, str(body["workspace"]), str(body["gate"]), frozenset(body["settings"]))
    found = [scan for file, workflow in body["workflows"].items() for scan in _scans(tools, file, workflow)]
    best = max((scan.stands for scan in found), default=ScanEffect.NEVER)
    places = ", ".join(scan.place for scan in found if scan.stands is best)
    if best is ScanEffect.SURELY:
        return Ruling(PASSED, values={"scan": places})
    if best is ScanEffect.PERHAPS:
        return Ruling(UNKNOWN, told([f"whether this scan can stop a merge: {places}"]))
    return Ruling(FAILED, values={"scan": places} if places else {})


def settings_files(options: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the settings files of the tools that a rule knows."""
    every = (*options["programs"].values(), *options["uses"].values())
    return frozenset(name for about in every for name in about.get("settings", ()))


def _scans(tools: Tools, file: str, workflow: Part) -> Iterator[_Scan]:
    """Yield the steps and jobs of a workflow that name a scan."""
    events = _events(workflow.get("on"))
    jobs = _parts(workflow.get("jobs"))
    for name, job in jobs.items():
        limit = _runs(name, jobs, events)
        if tools.names(str(job.get("uses") or "")):  # a workflow of another repository, which is not read
            yield _Scan(f"{file}:jobs.{name}", min(limit, ScanEffect.PERHAPS))
        steps = job.get("steps")
        steps = [step for step in steps if isinstance(step, Mapping)] if isinstance(steps, list) else []
        for number, step in enumerate(steps):
            stands = _step(tools, step, job, workflow)
            if stands is not None:
                around = min(limit, _condition(step, events), _brought(steps[:number]))
                yield _Scan(f"{file}:jobs.{name}.steps[{number + 1}]", min(stands, around))


def _step(tools: Tools, step: Part, job: Part, workflow: Part) -> ScanEffect | None:
    """Return the effect of a step alone; None if it names no scan."""
    envs = (workflow.get("env"), job.get("env"), step.get("env"))
    most = ScanEffect.SURELY if all(map(tools.is_plain, envs)) else ScanEffect.PERHAPS
    if "uses" in step:
        given = step.get("with", {})
        able = tools.action(str(step["uses"]), given if isinstance(given, Mapping) else None)
        return None if able is None else min(able, most)
    script = str(step.get("run") or "")
    if not tools.names(script):
        return None
    shell = _default("shell", step, job, workflow)
    folder = posixpath.normpath(str(_default("working-directory", step, job, workflow) or "."))
    if "$" in folder or not _is_bash(shell, str(job.get("runs-on", "")).lower()):
        most = ScanEffect.PERHAPS
    return min(most, Script(tools, folder, pipefail=shell == "bash").stands(script))


def _default(name: str, step: Part, job: Part, workflow: Part) -> Any:
    """Return a setting of a step, or the default of its job or workflow."""
    defaults = [_parts(part.get("defaults")).get("run", {}) for part in (job, workflow)]
    return next((part[name] for part in (step, *defaults) if name in part), None)


def _is_bash(shell: Any, machine: str) -> bool:
    """Return whether the shell ends at the first failing command."""
    if shell is None:
        return "windows" not in machine and "${{" not in machine
    return shell in ("bash", "sh")


def _parts(value: Any) -> dict[str, Part]:
    found = value.items() if isinstance(value, Mapping) else ()
    return {str(name): part for name, part in found if isinstance(part, Mapping)}


def _listed(value: Any) -> list[str]:
    return [str(item) for item in (value if isinstance(value, list) else [value])]


# ---- when it runs ---------------------------------------------------------------------------------------------------


def _events(on: Any) -> Events:
    """Return the events before a merge that start a workflow, and how surely they do."""
    events = on if isinstance(on, Mapping) else dict.fromkeys(_listed(on))
    return {name: asks(events[name]) for name, asks in _BEFORE_A_MERGE.items() if name in events}


def _pull_request(how: Any) -> ScanEffect:
    if not isinstance(how, Mapping):
        return ScanEffect.SURELY if how is None else ScanEffect.PERHAPS
    types = set(_listed(how.get("types", [*_CHANGED])))
    if types <= {"closed", "converted_to_draft", "locked", "unlocked", "demilestoned", "dequeued"}:
        return ScanEffect.NEVER
    named = _listed(how.get("branches", "**"))
    main = not any(name.startswith("!") for name in named) and not _MAIN.isdisjoint(named)
    return (
        ScanEffect.SURELY if types >= _CHANGED and main and _has_only(how, "types", "branches") else ScanEffect.PERHAPS
    )


def _push(how: Any) -> ScanEffect:
    """Return the effect of a push event: on the main branch it comes after the merge, and a pull request from a fork is
    no push.
    """
    if not isinstance(how, Mapping):
        return ScanEffect.PERHAPS
    merged = "branches" in how and not any("*" in name for name in _listed(how["branches"]))
    tags = ("tags" in how or "tags-ignore" in how) and not {"branches", "branches-ignore"} & how.keys()
    return ScanEffect.NEVER if merged or tags else ScanEffect.PERHAPS


def _has_only(how: Part, *known: str) -> bool:
    return all(name in known or str(name).startswith("__") for name in how)


_BEFORE_A_MERGE: Mapping[str, Callable[[Any], ScanEffect]] = {
    "pull_request": _pull_request,
    "push": _push,
    "merge_group": lambda _: ScanEffect.SURELY,
    "pull_request_target": lambda _: ScanEffect.PERHAPS,  # it sees the base branch, unless it fetches the code
    "workflow_call": lambda _: ScanEffect.PERHAPS,  # depends on the caller
}


def _runs(name: str, jobs: Mapping[str, Part], events: Events, seen: tuple[str, ...] = ()) -> ScanEffect:
    """Return whether a job runs on these events; a skipped job blocks nothing, nor does a job that waits for it."""
    job = jobs.get(name)
    if job is None or name in seen:
        return ScanEffect.PERHAPS
    own = _condition(job, events)
    before = [_runs(one, jobs, events, (*seen, name)) for one in _listed(job["needs"])] if job.get("needs") else []
    return own if all(stands is ScanEffect.SURELY for stands in before) else min(own, ScanEffect.PERHAPS)


def _condition(part: Part, events: Events) -> ScanEffect:
    """Return whether a job or a step runs on one of these events and its failure counts."""
    every = max(events.values(), default=ScanEffect.NEVER)
    tolerated = str(part.get("continue-on-error", False)).lower()
    if tolerated != "false":
        return ScanEffect.NEVER if tolerated == "true" else min(every, ScanEffect.PERHAPS)
    if "if" not in part:
        return every
    text = str(part["if"]).strip()
    inner = _EXPRESSION.fullmatch(text)
    condition = (inner[1] if inner else text).strip()
    if condition.lower() in _ALWAYS | _NEVER:
        return every if condition.lower() in _ALWAYS else ScanEffect.NEVER
    event = _OF_EVENT.fullmatch(condition)
    if event is None:
        return min(every, ScanEffect.PERHAPS)
    left = [stands for name, stands in events.items() if (name == event[2]) is (event[1] == "=")]
    return max(left, default=ScanEffect.NEVER)


def _brought(steps: Sequence[Part]) -> ScanEffect:
    """Return whether the steps before a scan check out the pushed code and do not replace it."""
    checkouts = [step for step in steps if str(step.get("uses", "")).partition("@")[0].lower() == _CHECKOUT]
    given = [step.get("with", {}) if "if" not in step else None for step in checkouts]
    here = [one for one in given if not isinstance(one, Mapping) or str(one.get("path", ".")) in (".", "./")]
    known = here and all(isinstance(one, Mapping) and _has_only(one, *_OF_CHECKOUT) for one in here)
    return ScanEffect.SURELY if known else ScanEffect.PERHAPS
