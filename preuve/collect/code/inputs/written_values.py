"""Variables of Terraform that a text gives values without an option or an environment: a script or a program writes a
file of variables, an option names a file that is not there, a request to HCP Terraform holds them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from preuve.collect.code.inputs.input_names import ANY

# A file of variables, or of code, that something on its line writes: a redirection, an option, a command, a call.
_FILE = re.compile(r"(?<![\w./$@{}-])[\w./$@{}-]++(?<=[\w}])")
_ENDINGS = (".tfvars", ".tfvars.json")
_CODE = (".tf", ".tofu", ".tf.json", ".tofu.json")
_INTO = re.compile(r"(?:(?<![=-])>[>|]?|[ \t]-o|--output)[ \t=]*[\"']?\Z")
_WRITES = re.compile(
    r"(?i)\b(?:tee|cp|mv|copy|curl|wget|\w{0,20}sync|scp|sftp|ln|sponge|install|get-object|download|open|create|dump"
    r"|path|write\w{0,20}|dest|filename|out-file|(?:set|add)-content)\b"
)
_JUST = 40  # characters
_NEAR = 300  # characters
_PAIR = re.compile(
    r"(?:^|[\s{,'\"(`;]|\\n)(?P<name>[A-Za-z_][\w-]*+)\\?[\"']?[ \t]*+=(?![=>~])"
    r"|(?:[{,][ \t]*+\\?[\"']?|\\?[\"'])(?P<key>[A-Za-z_][\w-]*+)\\?[\"']?[ \t]*+:(?![:/])",
    re.MULTILINE,
)
_DECLARED = re.compile(r"\bvariable[ \t]+\\?\"(?P<name>[\w-]+)")
_COMMENT = re.compile(r"(?m)^[ \t]*+#[^\n]*+")
_HERE = "<<"
_REQUEST = re.compile(r"\bkey[\"']?[ \t]*+[:=][ \t]*+[\"'](?P<name>[A-Za-z_][\w-]*+)[\"']")
_CATEGORY = re.compile(rb"category[\"']?\s*+[:=]\s*+[\"']?terraform\b")
_MOST = 1_000_000  # characters


def names_written(text: str) -> Iterator[str]:
    """Yield the variables that a text writes into files of variables, and `ANY` if what it writes is not in it."""
    text = _COMMENT.sub("", text[:_MOST])
    lines = [line for line in text.splitlines() if _writes(line, _ENDINGS)]
    if not lines and not any(_writes(line, _CODE) for line in text.splitlines()):
        return
    yield from (found["name"] for found in _DECLARED.finditer(text))
    if lines:
        yield from (found["name"] or found["key"] for found in _PAIR.finditer(text))
    if any(_HERE not in line and not _PAIR.search(line) for line in lines):
        yield ANY


def _writes(line: str, endings: tuple[str, ...]) -> bool:
    """Return whether a line writes a file with one of some endings."""
    verbs: list[int] | None = None
    for found in _FILE.finditer(line):
        if found[0].endswith(endings):
            verbs = [verb.start() for verb in _WRITES.finditer(line)] if verbs is None else verbs
            at = found.start()
            before = bisect_left(verbs, at)
            if (before and verbs[before - 1] >= at - _NEAR) or _INTO.search(line, max(0, at - _JUST), at):
                return True
    return False


def names_requested(content: bytes) -> Iterator[str]:
    """Yield the variables in requests to HCP Terraform, which each say that they are of Terraform."""
    if _CATEGORY.search(content):
        yield from (found["name"] for found in _REQUEST.finditer(content[:_MOST].decode("utf-8", "replace")))
