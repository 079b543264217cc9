"""Workflows of GitHub and its like, and their actions: what they say beside the versions of the actions that they use,
and beside the paths that start them. Of all other texts, each sign may count: a program may read any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import PurePath

import yaml

_MOST = 1_000_000  # characters
_WORKFLOW = re.compile(r"(?:.*/)?\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml")
_OF_ACTION = re.compile(r"(?:.*/)?action\.ya?ml")
_VERSION = re.compile(r"([\"']?[\w.-]++/[\w./-]++)@[^\s\"']++([\"']?)")
_NOTED = re.compile(r"[ \t]++#[ \t]*+v?[0-9][0-9.]*+(?=[\r\n]|\Z)")  # the version behind a hash, as Renovate writes it
# Where workflows and actions lie: what names it may read what stands there.
_ITS_PLACE = re.compile(r"(?i)\.(?:github|gitea|forgejo)(?![\w.])|workflow_ref|action_path")


def hash_of_workflow(file: str, content: bytes) -> str:
    """Return a hash of a workflow or an action without the versions of the actions that it uses; "" of all other texts
    and of one that may read itself.
    """
    text = content.decode("utf-8", "surrogateescape")
    if not (_WORKFLOW.fullmatch(file) or _OF_ACTION.fullmatch(file)) or (document := _document(text)) is None:
        return ""
    if _may_read_itself(file, text, document):
        return ""
    for start, end in sorted({*_used_in(document, named=False)}, reverse=True):
        if found := _VERSION.fullmatch(text, start, end):
            noted = _NOTED.match(text, end)
            text = f"{text[:start]}{found[1]}{found[2]}{text[noted.end() if noted else end :]}"
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def without_paths(file: str, text: str) -> str:
    """Return a text without the paths that start it if it is a workflow and nothing else in it may read them."""
    if not _WORKFLOW.fullmatch(file) or (document := _document(text)) is None:
        return text
    return text if _may_read_itself(file, text, document) else _without(text, _paths_in(document, text))


def _document(text: str) -> yaml.Node | None:
    if len(text) > _MOST:
        return None
    try:
        found: yaml.Node | None = yaml.compose(text, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return found


def _may_read_itself(file: str, text: str, document: yaml.Node) -> bool:
    """Return whether a workflow or an action may read its own text, by what it says beside its paths and its calls."""
    paths = _paths_in(document, text) if _WORKFLOW.fullmatch(file) else []
    said = _without(text, [*paths, *_used_in(document, named=True)])
    return PurePath(file).name in said or _ITS_PLACE.search(said) is not None


def _without(text: str, places: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted({*places}, reverse=True):
        text = f"{text[:start]}\n{text[end:]}"
    return text


def _paths_in(workflow: yaml.Node, text: str) -> list[tuple[int, int]]:
    """Return where the paths stand that start a workflow; nowhere if an alias gives them to something else."""
    events = (one for on in _values(workflow, "on") for one in _values(on))
    paths = [paths for event in events for paths in _values(event, "paths", "paths-ignore")]
    places = [(one.start_mark.index, one.end_mark.index) for one in paths]
    return [] if any("&" in text[start:end] for start, end in places) else places


def _used_in(document: yaml.Node, *, named: bool) -> Iterator[tuple[int, int]]:
    """Yield where a workflow or an action says what it calls, only in steps without a name for their outputs unless
    those with one are asked for, too.
    """
    jobs = [job for jobs in _values(document, "jobs") for job in _values(jobs)]
    lists = [steps for job in (*jobs, *_values(document, "runs")) for steps in _values(job, "steps")]
    steps = [step for one in lists if isinstance(one, yaml.SequenceNode) for step in one.value]
    for calling in (*jobs, *steps) if named else steps:
        if named or not any(_values(calling, "id")):
            for used in _values(calling, "uses"):
                yield used.start_mark.index, used.end_mark.index


def _values(node: yaml.Node | None, *names: str) -> Iterator[yaml.Node]:
    """Yield the values of some names of a mapping; of all without one."""
    if isinstance(node, yaml.MappingNode):
        yield from (value for key, value in node.value if not names or key.value in names)
