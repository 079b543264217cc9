"""GitHub Actions workflows, as jobs, steps, permissions and the repository's treatment of a pull request."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import checkov.github_actions.checks  # noqa: F401 - registers Checkov's checks
import yaml
from checkov.common.parsers.yaml.loader import SafeLineLoader
from checkov.github_actions.checks.registry import registry

from preuve.collect.code.checkov.kinds.blocks import Block, BlockChecks
from preuve.collect.code.files.key_lines import Keys
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.job import Gap, Line, Scope
from preuve.collect.code.judgements.programs.scans import settings_files
from preuve.collect.code.judgements.programs.workflow_calls import NO_CALLS, Calls, calls_in
from preuve.collect.code.judgements.programs.workflow_steps import (
    WRITE_ALL,
    code_of,
    run_from_environment,
    step_context,
    strangers_code,
    within_reach,
)
from preuve.collect.code.judgements.programs.workflow_values import TextInputs, taken_in
from preuve.collect.code.language.templates.yaml_size import too_large
from preuve.collect.code.secrets.workflows_and_images import of_workflow
from preuve.collect.code.verdict.deciding_values import NOT_SET
from preuve.collect.code.verdict.grounds import text_of
from preuve.model.content import Severity
from preuve.model.snapshot import NOT_COVERED, NOT_READ, PARSE_ERROR

FRAMEWORK = "github_actions"
FOLDER = ".github/workflows"

_APART = frozenset({"steps", "permissions", "name", "needs", "timeout-minutes"})  # no failure rests on these
_FIRST, _LAST = "__startline__", "__endline__"
_SETTINGS = "preuve.yaml"


def checks_of(checks: frozenset[str], rules: Iterable[Mapping[str, Any]]) -> BlockChecks:
    """Return the selected checks for workflows."""
    return BlockChecks(FRAMEWORK, registry, checks, rules)


def evaluate(checks: BlockChecks, sources: Sources, start: Path, name: str) -> list[Line]:
    """Return every line of the snapshot for the workflows of the repository at `start`."""
    gaps: list[Gap] = []
    records: list[Line] = []
    workflows: dict[str, dict[str, Any]] = {}
    written: dict[str, str] = {}
    files = list(_files(sources, start, gaps))
    types = {"jobs": 0}
    for file in files:
        shown, text = sources.relative(file), file.read_text(encoding="utf-8")
        workflow = _read(text, shown, gaps)
        if workflow is not None:
            types["jobs"] += len(_jobs(workflow))
            workflows[shown], written[shown] = workflow, text
    calls = calls_in(workflows)
    for shown, workflow in workflows.items():
        text = written[shown]
        called = calls.get(posixpath.basename(shown), NO_CALLS)
        blocks = _blocks(workflow, shown, Keys.of(text), called) if workflow else ()
        records += checks.lines(name, blocks, list(enumerate(text.splitlines(), 1)))
        records += checks.secrets(name, shown, text, of_workflow(text, shown), "workflow")
    if not gaps:  # an unread part may contain it
        records += checks.lines(name, [_repository(checks, workflows, sources, start)], ())
    if not files:
        gaps.append(Gap("", NOT_COVERED, f"no workflow in {sources.relative(start / FOLDER)}"))
    scope = Scope(FRAMEWORK, len(files), types).to_line(name)
    return [scope, *(gap.to_line(name, FRAMEWORK) for gap in sorted(set(gaps))), *records]


def _files(sources: Sources, start: Path, gaps: list[Gap]) -> Iterator[Path]:
    folder = start / FOLDER
    if not is_folder(folder, if_hidden=True) or not sources.inside(folder):
        return
    for file in sources.entries(folder, gaps):
        if file.suffix in (".yml", ".yaml") and not is_folder(file, if_hidden=False):
            gap = sources.screen(file)
            if gap is None:
                yield file
            else:
                gaps.append(gap)


def _read(text: str, shown: str, gaps: list[Gap]) -> dict[str, Any] | None:
    """Return a workflow with the lines of its mappings, or a gap with the reason."""
    try:
        if too_large(text):
            gaps.append(Gap(shown, NOT_READ, "YAML that grows or nests beyond the limit"))
            return None
        document = yaml.load(text, SafeLineLoader)  # noqa: S506 - a SafeLoader that adds lines
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        gaps.append(Gap(shown, PARSE_ERROR, "syntax error", mark.line + 1 if mark else 0))
        return None
    if document is None:
        return {}  # nothing, or comments: GitHub runs nothing of it
    if not isinstance(document, dict) or not _jobs(document):
        gaps.append(Gap(shown, PARSE_ERROR, "no jobs could be read"))
        return None
    return document


def _jobs(workflow: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    jobs = workflow.get("jobs")
    found = jobs.items() if isinstance(jobs, dict) else ()
    return {str(name): job for name, job in found if isinstance(job, dict)}


def _steps(job: Mapping[str, Any]) -> list[dict[str, Any]]:
    steps = job.get("steps")
    return [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []


# ---- what is judged ------------------------------------------------------------------------------------------------


def _blocks(workflow: Mapping[str, Any], file: str, keys: Keys, calls: Calls) -> Iterator[Block]:
    yield _permissions(workflow, file, keys)
    if "on" in workflow:
        own, cited = {"on": workflow["on"]}, keys.lines("on")
        yield Block("on", "on", f"{file}:on", file, _lines(workflow["on"]), workflow["on"], own, own, cited=cited)
    for name, job in _jobs(workflow).items():
        address, at = f"{file}:jobs.{name}", ("jobs", name)
        rests = tuple(text_of(key, value) for key, value in _attributes(job).items() if key not in _APART)
        says = {key: value for key, value in _attributes(job).items() if key not in _APART}
        cited = keys.lines(*at, "uses") or keys.line(*at)
        yield Block("jobs", "jobs", address, file, _lines(job), job, says, _attributes(job), rests=rests, cited=cited)
        if "permissions" in job:
            own = {"permissions": _granted(job["permissions"])}
            place = f"{address}.permissions"
            says, rests = _rights(own["permissions"]), _each_right(own["permissions"])
            granted = Block("permissions", "permissions", place, file, _lines(job), own, says, own, rests=rests)
            yield replace(granted, decides=_said(job), cited=keys.lines(*at, "permissions"))
        reach = partial(within_reach, job, workflow, calls)
        for number, step in enumerate(_steps(job), 1):
            in_step = (*at, "steps", number - 1)
            runs = keys.lines(*in_step, "uses") or keys.lines(*in_step, "run")
            subject = {**step, "run": str(step.get("run") or "")} if "run" in step else step
            place = f"{address}.steps[{number}]"
            members = _attributes(step)
            lines, rests = _lines(step), _rests(step)
            whole = Block("steps", "jobs.*.steps[]", place, file, lines, subject, members, members, rests=rests)
            yield replace(whole, cited=runs)
            if code := code_of(step):
                here = step_context(step, job, workflow, calls)
                taken = {key: taken_in([text], here) for key, text in code.items()}
                taking = next((key for key, one in taken.items() if one.free), next(iter(code)))
                every = taken_in(list(code.values()), here) | run_from_environment(step, here)
                found = _taking("commands", place, file, step, every, reach)
                yield replace(found, cited=keys.lines(*in_step, *taking))
            if (theirs := strangers_code(number - 1, _steps(job), job, workflow, calls)) is not None:
                yield replace(_taking("checkouts", place, file, step, theirs, reach), cited=runs)


def _taking(
    type_: str, address: str, file: str, step: Mapping[str, Any], found: TextInputs, reach: Callable[[], Iterable[str]]
) -> Block:
    """Return the block of a step with the values that strangers control, and what is within their `reach` if they do. A
    value is unknown if the code does not show whether they control it.
    """
    free = ", ".join(sorted(found.free))
    own = {"of_strangers": free} if free else {}
    unseen = "" if free or not found.unclear else f"unresolved: {', '.join(sorted(found.unclear))}"
    says, decides = _attributes(step), {"expression": free}
    rests = (*found.free, *reach()) if free else ()
    return Block(type_, type_, address, file, _lines(step), own, says, own, unseen, decides, rests)


def _permissions(workflow: Mapping[str, Any], file: str, keys: Keys) -> Block:
    """Return the permissions of jobs that declare none: the workflow's, or else the repository's default, which the
    first of these jobs takes.
    """
    taking = [name for name, job in _jobs(workflow).items() if "permissions" not in job]
    silent = bool(taking)
    granted = _granted(workflow.get("permissions", WRITE_ALL if silent else {}))
    shared = _written(granted) if silent else ""
    own = {"permissions": granted, "of_every_job": True} | ({"written": shared} if shared else {})
    said = _said(workflow) or ({"permissions": shared} if shared else {})
    place, rests = f"{file}:permissions", _each_right(granted)
    says, cited = _rights(granted), keys.lines("permissions") or (keys.line("jobs", taking[0]) if taking else None)
    found = Block("permissions", "permissions", place, file, (1, 1), own, says, own, decides=said, rests=rests)
    return replace(found, cited=cited or keys.line("jobs"))


def _each_right(granted: Any) -> tuple[str, ...]:
    """Return permissions one by one, or the word for all of them."""
    if not isinstance(granted, dict):
        return (str(granted),)
    return tuple(f"{name}: {right}" for name, right in _attributes(granted).items())


def _rights(granted: Any) -> dict[str, str]:
    return {"permissions": ", ".join(_each_right(granted)) or "none"}


def _written(granted: Any) -> str:
    """Return the rights to write among permissions."""
    found = granted.items() if isinstance(granted, dict) else ()
    return ", ".join(f"{name}: {right}" for name, right in found if right == "write")


def _rests(step: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the action of a step, or the lines of its script with an expression."""
    return (
        str(step.get("uses", "")),
        *(line.strip() for line in str(step.get("run", "")).splitlines() if "${{" in line),
    )


def _said(block: Mapping[str, Any]) -> dict[str, str]:
    """Return the permissions as they are written, if they are one word; "" if there are none."""
    written = block.get("permissions", NOT_SET)
    return {"permissions": written} if isinstance(written, str) else {}


def _granted(permissions: Any) -> Any:
    return "none" if permissions is None or permissions == {} else permissions


def _attributes(block: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in block.items() if name not in (_FIRST, _LAST)}


def _lines(block: Any) -> tuple[int, int]:
    if isinstance(block, dict) and isinstance(block.get(_FIRST), int):
        return block[_FIRST], max(block[_FIRST], int(block.get(_LAST, 0)) - 1)
    return 1, 1


def _repository(checks: BlockChecks, workflows: Mapping[str, Any], sources: Sources, start: Path) -> Block:
    """Return the repository as a whole: its workflows, and everything else that decides whether a scan in one of them
    can fail.
    """
    options = checks.options_of("blocking_scan")
    settings = sorted(name for name in (settings_files(options) if options else ()) if _is_there(start / name))
    workspace = posixpath.relpath(sources.base.as_posix(), start.as_posix())
    own = {"workflows": workflows, "workspace": workspace, "gate": _gate(sources), "settings": settings}
    says = {"workflows": ", ".join(workflows)}
    return Block("repository", "", "repository", sources.relative(start), (0, 0), {}, says, own, rests=("repository",))


def _is_there(path: Path) -> bool:
    """Return whether a file exists. It is opened, so that the result is recorded as depending on it."""
    try:
        with path.open("rb"):
            return True
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _gate(sources: Sources) -> str:
    """Return the severity at which a scan fails by the workspace's settings; the lowest one if that is not known."""
    if not _is_there(sources.base / _SETTINGS):
        return Severity.HIGH.value
    content = sources.content(sources.base / _SETTINGS)
    try:
        data = yaml.safe_load(content) if isinstance(content, bytes) and not too_large(content) else None
    except yaml.YAMLError:
        data = None
    gate = data.get("gate", {}) if isinstance(data, dict) else None
    severity = gate.get("severity", Severity.HIGH.value) if isinstance(gate, dict) else ""
    return severity if severity in set(Severity) else Severity.INFO.value
