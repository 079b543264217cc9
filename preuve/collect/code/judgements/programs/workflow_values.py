"""Decides whether the author of an issue or a pull request controls a value in an expression of a workflow.

docs.github.com/en/actions/reference/workflows-and-actions/contexts and …/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from preuve.collect.code.language.actions.contexts import Path, paths_in
from preuve.library.json_data import texts
from preuve.library.yaml.word_lists import words_in

# Values that a stranger controls, and values of a fixed form, which a shell parses as one word.
_FREE = words_in("workflows", "free")
_FORMED = words_in("workflows", "formed")
_OF_GITHUB = words_in("workflows", "of_github")
_HARMLESS = frozenset({"job", "runner", "secrets", "vars"})  # set by the runner and administrators
_OWN = frozenset({"repository", "organization", "enterprise", "inputs", "schedule"})  # set by people with write access
_REPOSITORIES = frozenset({"repo", "head_repository", "base_repository", "workflow"})  # their names have a form
_MEMBERS = words_in("workflows", "of_members")
_OF_MEMBERS = frozenset({"name", "ref", "head_ref"})  # of `_MEMBERS`: chosen by members of the project or by GitHub
_OWN_PARTS = frozenset({("pull_request", "base"), ("workflow_run", "repository")})  # the repository itself
_NAMED_BY_MEMBERS = frozenset({("label", "name"), ("labels", "name"), ("team", "name"), ("release", "tag_name")})
_OWN_REFS = frozenset({"event", "base"})  # `ref` of these is one of the repository itself
_DEEPEST = 2  # levels of variables set from other variables
CALLED = "workflow_call"
_CHOSEN = frozenset({"boolean", "number", "choice", "environment"})  # inputs that are not free texts


@dataclass(frozen=True)
class TextInputs:
    """The inputs of a text: values that strangers control, and values that the code does not show."""

    free: frozenset[str] = frozenset()
    unclear: frozenset[str] = frozenset()

    def __or__(self, other: TextInputs) -> TextInputs:
        return TextInputs(self.free | other.free, self.unclear | other.unclear)


NOTHING = TextInputs()


@dataclass(frozen=True)
class StepContext:
    """The context of a step: environments from the innermost out, the matrix, inputs, and commands of the job."""

    envs: tuple[Any, ...] = ()
    matrix: Any = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)  # what callers give inputs
    by_hand: bool = False  # only people with write access start it
    writes: str = ""  # the commands of the job, which may set the environment of later steps


def taken_in(value: Any, around: StepContext, depth: int = 0) -> TextInputs:
    """Return the inputs of the texts in a value."""
    found = NOTHING
    for path in {path for text in texts(value) for path in paths_in(text)}:
        found |= _of_path(path, around, depth)
    return found


def _of_path(path: Path, around: StepContext, depth: int) -> TextInputs:
    context, shown = path[0], ".".join(path)
    unclear = TextInputs(unclear=frozenset({shown}))
    if context == "github":
        return _of_github(path, shown)
    if context in _HARMLESS or _is_outcome(path) or (context == "inputs" and _is_chosen(path[1:], around)):
        return NOTHING
    if depth > _DEEPEST:
        return unclear
    if context == "env":
        return _of_env(path[1:], around, unclear, depth + 1)
    if context == "matrix" and around.matrix is not None:
        return taken_in(around.matrix, around, depth + 1)
    given = around.given.get("".join(path[1:2]), ()) if context == "inputs" else ()
    return unclear | taken_in([*given], around, depth + 1)


def _is_outcome(path: Path) -> bool:
    """Return whether a value is the outcome of a step or a job, or a fact about the matrix."""
    return path[0] == "strategy" or (
        path[0] in ("steps", "needs") and path[2:3] in (("outcome",), ("conclusion",), ("result",))
    )


def _of_env(names: Path, around: StepContext, unclear: TextInputs, depth: int) -> TextInputs:
    """Return the inputs of an environment variable. The innermost definition counts, unless a command of the job may
    set it.
    """
    if len(names) != 1:
        return taken_in(list(around.envs), around, depth) | unclear
    values = [value for env in around.envs for name, value in _entries(env) if name.lower() == names[0]]
    found = taken_in(values[0], around, depth) if values else unclear
    return found | unclear if "github_env" in around.writes and names[0] in around.writes else found


def _entries(env: Any) -> Iterable[tuple[str, Any]]:
    return [(str(name), value) for name, value in env.items()] if isinstance(env, Mapping) else ()


def _is_chosen(names: Path, around: StepContext) -> bool:
    """Return whether an input is not free text, or only people with write access can set it."""
    declared = around.inputs.get(names[0], {}) if names else {}
    kind = declared.get("type") if isinstance(declared, Mapping) else None
    return around.by_hand or kind in _CHOSEN


def _of_github(path: Path, shown: str) -> TextInputs:
    names = path[1:]
    if names[:1] != ("event",) or names == ("event",):
        free = names in ((), ("event",), ("head_ref",))
        return TextInputs(free=frozenset({shown})) if free else NOTHING if names[0] in _OF_GITHUB else _unclear(shown)
    if "client_payload" in names:  # its sender chooses all members and values
        return TextInputs(free=frozenset({shown}))
    last, above = names[-1], names[-2] if len(names) > 1 else ""
    if names[1] in _OWN or names[1:3] in _OWN_PARTS or (above, last) in _NAMED_BY_MEMBERS:
        return NOTHING
    if last in _FORMED or (last == "name" and above in _REPOSITORIES) or (last == "ref" and above in _OWN_REFS):
        return NOTHING
    free = last in _FREE and not (last in _OF_MEMBERS and above in _MEMBERS)
    return TextInputs(free=frozenset({shown})) if free else _unclear(shown)


def _unclear(shown: str) -> TextInputs:
    return TextInputs(unclear=frozenset({shown}))


def started_by(on: Any) -> frozenset[str]:
    """Return the events that start a workflow."""
    return frozenset(map(str, on)) if isinstance(on, Mapping | list) else frozenset({str(on)})


def inputs_of(on: Any) -> dict[str, Any]:
    """Return the inputs that a workflow declares, by their names in lower case."""
    found: dict[str, Any] = {}
    for event in ("workflow_dispatch", CALLED):
        about = on.get(event) if isinstance(on, Mapping) else None
        declared = about.get("inputs") if isinstance(about, Mapping) else None
        found |= {str(name).lower(): value for name, value in _entries(declared)}
    return found


def is_by_hand(on: Any) -> bool:
    """Return whether only people with write access give the inputs of a workflow."""
    return CALLED not in started_by(on)
