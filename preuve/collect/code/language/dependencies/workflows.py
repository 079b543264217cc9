"""Workflows of GitHub and its like, and their actions: what they say beside their comments, the names of jobs and steps
and the versions of actions. Of all other texts, each sign may count: nothing but the parser of a language tells its
comments, and a program may read its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import PurePath

import yaml

_MOST = 1_000_000  # characters
_WORKFLOW = re.compile(r"(?:.*/)?\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml")
_OF_ACTION = re.compile(r"(?:.*/)?action\.ya?ml")
_INSIDE = {("workflow", "jobs"): "jobs", ("workflow", "runs"): "job", ("job", "steps"): "steps"}
_OF_EACH = {"jobs": "job", "steps": "step"}
_ACTION = re.compile(r"([\w.-]++/[\w./-]++)@\S++")
_CALLED = re.compile(r"(?m)^[ \t]*+(?:-[ \t]++)?uses[ \t]*+:[^\n]*+")
# Where workflows and actions lie: what names it may read what stands there.
_ITS_PLACE = re.compile(r"(?i)\.(?:github|gitea|forgejo)(?![\w.])|workflow_ref|action_path")


def hash_of_workflow(file: str, content: bytes) -> str:
    """Return a hash of all in a workflow that may give a variable its value; "" if nothing can be left out, as of all
    other texts and of one that may read itself.
    """
    text = content.decode("utf-8", "surrogateescape")
    if len(text) > _MOST or not (_WORKFLOW.fullmatch(file) or _OF_ACTION.fullmatch(file)):
        return ""
    if _may_read_itself(file, _less_paths(file, text)):
        return ""
    seen = dict[tuple[yaml.Node, str], int]()
    try:
        documents = yaml.compose_all(text, yaml.CSafeLoader)
        told = [said for document in documents for said in _of_node(document, "workflow", seen)]
    except (yaml.YAMLError, ValueError, RecursionError):
        return ""
    return sha256(repr(told).encode()).hexdigest()


def without_paths(file: str, text: str) -> str:
    """Return a text without the paths that start it if it is a workflow and nothing else in it may read them."""
    less = _less_paths(file, text)
    return text if _may_read_itself(file, less) else less


def _less_paths(file: str, text: str) -> str:
    """Return a text without the paths that start it if it is a workflow, and an alias gives them to nothing else."""
    if len(text) > _MOST or not _WORKFLOW.fullmatch(file):
        return text
    try:
        found = [*_paths_in(yaml.compose(text, yaml.CSafeLoader))]
    except (yaml.YAMLError, ValueError, RecursionError):
        return text
    if any("&" in text[start:end] for start, end in found):
        return text
    for start, end in reversed(found):
        text = f"{text[:start]}\n{text[end:]}"
    return text


def _paths_in(workflow: yaml.Node | None) -> Iterator[tuple[int, int]]:
    """Yield where the paths stand that start a workflow."""
    for event in (one for on in _values(workflow, "on") for one in _values(on)):
        for paths in _values(event, "paths", "paths-ignore"):
            yield paths.start_mark.index, paths.end_mark.index


def _values(node: yaml.Node | None, *names: str) -> Iterator[yaml.Node]:
    """Yield the values of some names of a mapping; of all without one."""
    if isinstance(node, yaml.MappingNode):
        yield from (value for key, value in node.value if not names or key.value in names)


def _may_read_itself(file: str, less: str) -> bool:
    """Return whether a workflow or action may read its own text, by what it says beside the paths that start it."""
    said = _CALLED.sub("", less)
    return PurePath(file).name in said or _ITS_PLACE.search(said) is not None


def _of_node(node: yaml.Node, role: str, seen: dict[tuple[yaml.Node, str], int]) -> Iterator[object]:
    """Yield what a node says, in its order; of one that an alias repeats only which it is."""
    if (number := seen.get((node, role))) is not None:
        yield number
        return
    seen[node, role] = len(seen)
    yield node.tag
    if isinstance(node, yaml.ScalarNode):
        yield node.value
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _of_node(item, _OF_EACH.get(role, ""), seen)
    else:
        yield from _of_members(node.value, role, seen)
    yield None  # its end


def _of_members(
    members: Sequence[tuple[yaml.Node, yaml.Node]], role: str, seen: dict[tuple[yaml.Node, str], int]
) -> Iterator[object]:
    may_be_used = any(key.value == "id" for key, _ in members)  # the outputs of a step
    for key, value in members:
        name = str(key.value)
        if role in ("job", "step") and name == "name" and isinstance(value, yaml.ScalarNode):
            continue
        yield from _of_node(key, "", seen)
        if role == "step" and name == "uses" and not may_be_used:
            yield _ACTION.sub(r"\1", str(value.value))
        else:
            yield from _of_node(value, _OF_EACH.get(role, "") or _INSIDE.get((role, name), ""), seen)
