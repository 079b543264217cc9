"""What a text may give a variable: each of its lines but blank ones, comments, and in workflows the names of jobs and
steps and the versions of actions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import PurePath

import yaml

from preuve.library.yaml.word_lists import words_in

_MOST = 1_000_000  # characters
_SLASHES = words_in("files", "comments_with_slashes")
# A blank follows: `#!`, `#{x}`, `#private`, `##vso[…]`, `//go:embed` say something.
_BLANK_OR_COMMENT = re.compile(r"[ \t\r]*+(?:#++(?:[ \t\r].*+)?)?")
_BLANK_OR_SLASHES = re.compile(r"[ \t\r]*+(?:(?:#++|//++)(?:[ \t\r].*+)?)?")
_GOES_ON = ("\\", "^", "`")  # at the end of a line: even a blank line or a comment behind it may change a command
_WORKFLOW = re.compile(r"(?:.*/)?(?:\.(?:github|gitea|forgejo)/workflows/[^/]+|action)\.ya?ml")
_INSIDE = {("workflow", "jobs"): "jobs", ("workflow", "runs"): "job", ("job", "steps"): "steps"}
_OF_EACH = {"jobs": "job", "steps": "step"}
_ACTION = re.compile(r"([\w.-]++/[\w./-]++)@\S++")


def hash_of_giving(file: str, content: bytes) -> str:
    """Return a hash of all in a text that may give a variable its value; "" if nothing can be left out."""
    text = content.decode("utf-8", "surrogateescape")
    if len(text) > _MOST:
        return ""
    path = PurePath(file)
    try:
        told = [*(_of_yaml(text, path) if path.suffix in (".yml", ".yaml") else _of_lines(text, path.suffix))]
    except (yaml.YAMLError, ValueError, RecursionError):
        return ""
    return sha256(repr(told).encode()).hexdigest()


def _of_lines(text: str, ending: str = "") -> Iterator[str]:
    left_out = _BLANK_OR_SLASHES if ending in _SLASHES else _BLANK_OR_COMMENT
    for before, line in pairwise(["", *text.split("\n")]):
        if not left_out.fullmatch(line) or any(one.rstrip().endswith(_GOES_ON) for one in (before, line)):
            yield line


def _of_yaml(text: str, path: PurePath) -> Iterator[object]:
    role = "workflow" if _WORKFLOW.fullmatch(path.as_posix()) else ""
    seen = dict[tuple[yaml.Node, str], int]()
    for document in yaml.compose_all(text, yaml.CSafeLoader):
        yield from _of_node(document, role, seen)


def _of_node(node: yaml.Node, role: str, seen: dict[tuple[yaml.Node, str], int]) -> Iterator[object]:
    """Yield what a node says, in its order; of one that an alias repeats only which it is."""
    if (number := seen.get((node, role))) is not None:
        yield number
        return
    seen[node, role] = len(seen)
    yield node.tag
    if isinstance(node, yaml.ScalarNode):
        yield tuple(_of_lines(node.value))
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
