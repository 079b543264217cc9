"""Finds the code that the steps of a workflow run: texts with expressions, and code of strangers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from preuve.collect.code.judgements.programs.variable_uses import Use, use_in
from preuve.collect.code.judgements.programs.workflow_calls import NO_CALLS, Calls
from preuve.collect.code.judgements.programs.workflow_values import (
    CALLED,
    NOTHING,
    StepContext,
    TextInputs,
    inputs_of,
    is_by_hand,
    started_by,
    taken_in,
)
from preuve.collect.code.language.actions.contexts import EXPRESSION, Path, paths_in
from preuve.library.json_data import leaves, maps, texts
from preuve.library.yaml.word_lists import words_in

Part = Mapping[str, Any]

_CODE = re.compile(r"(?:scripts?|(?<![a-z])(?:args|arguments|commands?|cmd|run|entrypoint))(?![a-z])", re.IGNORECASE)
# Events of strangers that run with full permissions.
_FOR_STRANGERS = frozenset({"pull_request_target", "workflow_run", "issue_comment"})
_OF_OWN = words_in("workflows", "events_of_writers")
# Write permissions of a token.
_RIGHTS = (
    *("actions", "attestations", "checks", "contents", "deployments", "discussions", "id-token", "issues", "packages"),
    *("pages", "pull-requests", "repository-projects", "security-events", "statuses"),
)
WRITE_ALL = "write-all"
# GitHub's machines: new for each job, and in no private network.
_HOSTED = re.compile(
    r"(?:ubuntu|windows|macos)-(?:latest|slim|\d{1,4}(?:\.\d{1,4})?)(?:-(?:arm|intel|large|xlarge|\d{1,3}-cores))?",
    re.IGNORECASE,
)
# Inputs of actions that name the cloud identity of a job.
_SIGNS_IN = ("role-to-assume", "workload_identity_provider", "service_account", "client-id")
_CHECKOUT = re.compile(r"(?:[\w-]+/)?(?>[\w.-]*?checkout)[\w.-]*+@", re.IGNORECASE)
_FETCHES = re.compile(
    r"\bgh\s+pr\s+checkout\b|\bpull/(?:\$\{\{(?:[^}]|\}(?!\}))*+\}\}|[^\s/$]|\$(?!\{\{))++/(?:head|merge)\b"
)
_COMMAND = re.compile(rf"(?:{EXPRESSION}|\\\n|[^\n;&|])+")
# Commands that fetch code: a commit, a branch, a repository or an archive.
_BRINGS = re.compile(
    r"\bgit\s+(?:-\S+\s+(?:[^-\s]\S*\s+)?)*(?:clone|checkout|fetch|pull|switch|reset|restore|worktree|merge|rebase|"
    r"cherry-pick|submodule|remote)(?![\w-])|\bgh\s+repo\s+clone\b"
    r"|\b(?:curl|wget|gh\s+api)\b.*(?:archive/|tarball|zipball|codeload|raw\.githubusercontent)"
)
# PowerShell commands that execute their text argument.
_RUNS = re.compile(r"(?:^|[\s;&|(])(?:iex|invoke-expression)[\s\"'(]*$", re.IGNORECASE)
_MAY_RUN = re.compile(
    r"\b(?:iex|invoke-\w+|scriptblock|start-\w+|add-type|pwsh|powershell|cmd|(?:ba|z|da|k)?sh|python[\d.]*|node)\b|&\s*[\"'$(]",
    re.IGNORECASE,
)
_SETS = re.compile(r"\bGITHUB_(?:ENV|PATH)\b")
_REF = re.compile(r"github\.(?:head_ref|event\..*\.(?:ref|head_branch))")
_SET = re.compile(rf"\b(\w+)=((?:{EXPRESSION}|[^\s;&|])+)")  # a variable of a script
_NAMED = re.compile(r"\$(?:env:)?\{?([A-Za-z_]\w*)")
_GIVEN = {"github_head_ref": "${{ github.head_ref }}"}  # variables that GitHub sets
_HEADS = re.compile(
    r"github\.head_ref|github\.event\.(?:pull_request\.(?:head|merge_commit_sha)|workflow_run\.(?:head|pull_requests))"
)
_BUILDS = re.compile(
    r"(?:^|[\s;&|(/])(?:npm|npx|yarn|pnpm|bun|node|deno|make|cmake|ninja|bazel|python3?|pip3?|pipx|uv|poetry|tox|nox|pytest|"
    r"go|cargo|mvn|mvnw|gradle|gradlew|ant|sbt|bundle|rake|ruby|gem|composer|php|dotnet|docker|docker-compose|terraform|"
    r"tofu|pre-commit|sh|bash|zsh|source|perl|swift|mix|lein|stack|cabal|just|task)(?=\s|$)|(?:^|[\s;&|(])\.{1,2}/",
    re.MULTILINE,
)


def code_of(step: Part) -> dict[tuple[str, ...], Any]:
    """Return the texts of a step that are executed, by key. For an action, these are inputs with a name such as
    `script`.
    """
    given = step.get("with")
    inputs = given.items() if isinstance(given, Mapping) else ()
    own = {(name,): step[name] for name in ("run", "shell") if name in step}
    return own | {("with", str(name)): value for name, value in inputs if _CODE.search(str(name))}


def run_from_environment(step: Part, place: StepContext) -> TextInputs:
    """Return the values of strangers that a step's script executes through environment variables: `eval "$TITLE"`, or a
    line of theirs in the file that sets variables of later steps.
    """
    script = str(step.get("run") or "")
    given = {"github_head_ref": taken_in(_GIVEN["github_head_ref"], place)}
    for env in reversed(place.envs):  # the innermost definition counts
        given |= {str(name).lower(): taken_in(value, place) for name, value in _members(env)}
    found = NOTHING
    for name, taken in given.items():
        if taken.free:
            use = _use(name, script, str(step.get("shell") or ""), ref=all(map(_REF.fullmatch, taken.free)))
            found |= (
                TextInputs(free=taken.free) if use is Use.RUN else TextInputs(unclear=taken.free) if use else NOTHING
            )
    return found


def _members(env: Any) -> Iterable[tuple[Any, Any]]:
    return env.items() if isinstance(env, Mapping) else ()


def _use(name: str, script: str, shell: str, *, ref: bool) -> Use:
    """Return how the script of a step uses a variable of its environment."""
    written = re.escape(name)
    if shell.startswith("cmd"):  # cmd replaces variables before it parses the line
        return Use.RUN if re.search(f"[%!]{written}[%!:]", script, re.IGNORECASE) else Use.HARMLESS
    named = re.compile(rf"\$(?:env:)?(?:{written}\b|\{{{written}(?P<changed>[^\w}}][^}}]*+)?\}})", re.IGNORECASE)
    if shell.startswith(("pwsh", "powershell")) or "$env:" in script.lower():
        return max((_in_power_shell(line, named, ref=ref) for line in script.splitlines()), default=Use.HARMLESS)
    return use_in(script, named, ref=ref)


def _in_power_shell(line: str, named: re.Pattern[str], *, ref: bool) -> Use:
    """Return how a line of PowerShell uses a variable. PowerShell does not parse values as commands."""
    used = named.search(line)
    if used is None or line.lstrip().startswith("#"):
        return Use.HARMLESS
    if _SETS.search(line):  # names of branches contain neither line breaks nor blanks
        is_value = ref and re.search(r"\w=[\"']?$", line[: used.start()])
        return Use.HARMLESS if is_value else Use.RUN
    if _RUNS.search(line[: used.start()]):
        return Use.RUN
    return Use.UNCLEAR if _MAY_RUN.search(line) else Use.HARMLESS


def step_context(step: Part, job: Part, workflow: Part, calls: Calls = NO_CALLS) -> StepContext:
    """Return the context of a step."""
    strategy, on = job.get("strategy"), workflow.get("on")
    steps = job.get("steps")
    commands = [str(one.get("run", "")) for one in steps if isinstance(one, Mapping)] if isinstance(steps, list) else []
    return StepContext(
        (step.get("env"), job.get("env"), workflow.get("env")),
        strategy.get("matrix") if isinstance(strategy, Mapping) else None,
        inputs_of(on),
        calls.given,
        is_by_hand(on),
        "\n".join(commands).lower(),
    )


def strangers_code(
    number: int, steps: Sequence[Part], job: Part, workflow: Part, calls: Calls = NO_CALLS
) -> TextInputs | None:
    """Return whose code a step checks out and runs with the rights of the repository; None if it checks out none. A
    callable workflow may have callers that are not visible.
    """
    step = steps[number]
    found = _checked_out(step, step_context(step, job, workflow, calls))
    if found is None or found == NOTHING:
        return found
    events = started_by(workflow.get("on"))
    known = not _FOR_STRANGERS.isdisjoint(events | calls.events)
    if not known and CALLED not in events:
        return NOTHING
    guarded = "if" in step or "if" in job or not known
    later = list(_run_by(steps[number:]))
    runs = any(_BUILDS.search(text) for text in later)
    if found.free and runs and not guarded:
        return found
    return TextInputs(unclear=found.free | found.unclear) if later else NOTHING


def within_reach(job: Part, workflow: Part, calls: Calls = NO_CALLS) -> Iterator[str]:
    """Yield what strangers gain who take over a step of a job: the events that start it, write permissions of its
    token, its environment and secrets, the roles that its steps assume, and the machine if it is self-hosted.
    """
    events = (started_by(workflow.get("on")) | calls.events) - _OF_OWN
    yield from (f"on {event}" for event in events if not event.startswith("__"))  # lines of a mapping
    granted = job.get("permissions", workflow.get("permissions", WRITE_ALL))
    rights = dict.fromkeys(_RIGHTS, "write") if granted == WRITE_ALL else granted
    yield from (f"{name}: write" for name, right in _members(rights) if right == "write")
    environment = job.get("environment")
    if environment is not None:
        yield f"environment {environment.get('name') if isinstance(environment, Mapping) else environment}"
    paths = {path for text in texts([job, workflow.get("env")]) for path in paths_in(text)}
    yield from {"secret " + ".".join(path[1:2]) for path in paths if path[0] == "secrets"}
    inputs = (one for each in maps(job.get("steps")) for one in _members(each.get("with")))
    yield from {f"{name} {value}" for name, value in inputs if name in _SIGNS_IN}
    yield from {f"runs on {label}" for label in _labels(job) if not _HOSTED.fullmatch(label)}


def _labels(job: Part) -> Iterator[str]:
    """Yield the labels of the machines that may run a job, including those of a matrix."""
    strategy = job.get("strategy")
    matrix = dict(_members(strategy.get("matrix"))) if isinstance(strategy, Mapping) else {}
    sides = [matrix, *maps(matrix.get("include"))]
    for label in leaves(job.get("runs-on", [])):
        names = [path[1] for path in paths_in(str(label)) if path[0] == "matrix" and path[1:]]
        named = [one[name] for name in names for one in sides if name in one]
        yield from map(str, leaves(named) if named else [label])


def _run_by(steps: Sequence[Part]) -> Iterator[str]:
    """Yield the commands of some steps, and the actions of all but the first."""
    for number, step in enumerate(steps):
        if step.get("run"):
            yield str(step["run"])
        elif number and step.get("uses"):
            yield str(step["uses"])


def _checked_out(step: Part, place: StepContext) -> TextInputs | None:
    """Return the expression that selects the commit a step checks out; None for a step without a checkout."""
    run = str(step.get("run") or "")
    if fetched := _FETCHES.search(run):
        return TextInputs(free=frozenset({fetched[0]}))
    if not _CHECKOUT.match(str(step.get("uses") or "")):
        return _brought(run, place)
    given = step.get("with")
    named = [given[name] for name in ("ref", "repository") if name in given] if isinstance(given, Mapping) else []
    if pulled := next(filter(None, (re.search(r"\bpull/", str(text)) for text in named)), None):
        return TextInputs(free=frozenset({pulled[0]}))
    return _chosen(named, place) | taken_in(named, place)


def _brought(run: str, place: StepContext) -> TextInputs | None:
    """Return the values of strangers that select the code which a script fetches; None if there are none."""
    bringing = [command for command in _COMMAND.findall(run) if _BRINGS.search(command)]
    names = {name.lower() for command in bringing for name in _NAMED.findall(command)}
    own = [value for name, value in [*_SET.findall(run), *_GIVEN.items()] if name.lower() in names]
    names |= {name.lower() for value in own for name in _NAMED.findall(value)}
    texts_of = [*bringing, *own, *_variables(names, place)]
    unclear = {".".join(path) for path in _paths(texts_of, place) if path[0] == "inputs"} if not place.by_hand else ()
    found = _chosen(texts_of, place) | TextInputs(unclear=frozenset(unclear))
    return found if found != NOTHING else None


def _chosen(written: Sequence[Any], place: StepContext) -> TextInputs:
    """Return the heads of strangers that some texts name, also through variables, a matrix or callers' inputs."""
    paths = map(".".join, _paths(written, place))
    return TextInputs(free=frozenset(path for path in paths if _HEADS.match(path)))


def _paths(written: Sequence[Any], place: StepContext) -> set[Path]:
    """Return the paths in the expressions of some texts, and in the values that these lead to."""
    found: set[Path] = set()
    waiting = [str(text) for text in written]
    while waiting:
        new = set(paths_in(waiting.pop())) - found
        found |= new
        for path in new:
            if path[0] == "env":
                waiting += map(str, _variables({path[-1]}, place))
            elif path[0] == "inputs":
                waiting += place.given.get("".join(path[1:2]), ())
            elif path[0] == "matrix":
                waiting += texts(place.matrix)
    return found


def _variables(names: Set[str], place: StepContext) -> list[Any]:
    """Return the values of some variables."""
    environments = (env.items() for env in place.envs if isinstance(env, Mapping))
    return [value for env in environments for name, value in env if str(name).lower() in names]
