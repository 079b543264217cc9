"""Variables of Terraform that a text gives values without an option or an environment: a script or a program writes a
file of variables, an option names a file that is not there, a request to HCP Terraform holds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from preuve.collect.code.inputs.input_names import ANY

# A file of variables, or of code, that something on its line writes: a redirection, an option, a command, a call.
_FILE = re.compile(r"(?<![\w./$@{}-])[\w./$@{}-]++(?<=[\w}])")
_ENDINGS = (".tfvars", ".tfvars.json")
_CODE = (".tf", ".tofu", ".tf.json", ".tofu.json")
# What stands right before a file that is written: a redirection, an option, a key, a call.
_INTO = re.compile(
    r"(?i)(?:(?:(?<![=-])>[>|]?|[ \t]-o|-out-?file|--out(?:put)?(?:-file)?)[ \t=]*+"
    r"|\|[ \t]*+(?:sudo[ \t]++)?(?:tee|sponge)(?:[ \t]++-[\w-]++)*+[ \t]++"
    r"|\bdest(?:ination)?[\"']?[ \t]*+[:=][ \t]*+"
    r"|\b(?:out-file|set-content|add-content)(?:[ \t]++-\w++(?:[ \t]++(?:utf|ascii|unicode)\w*+)?)*+[ \t]++"
    r"|\b\w{0,20}(?:write|create(?!read))\w{0,20}\([ \t]*+(?:\w++[.(])*+"
    r")[\"']?\Z"
)
# Commands whose last operand is written, the tools that have such commands, and words before a command.
_COPIES = frozenset({"cp", "mv", "scp", "sftp", "rsync", "ln", "get-object", "copy-item", "move-item", "xcopy", "wget"})
_TOOLS = frozenset({"aws", "gsutil", "gcloud", "az", "mc", "rclone"})
_AHEAD = frozenset({"sudo", "then", "do", "else", "exec", "time", "sh", "bash", "-c", "-", "run", "doas", "!"})
_COMMANDS = re.compile(r"[;&|`]|(?<!\$)[({]")
_WORD = re.compile(r"[^\s,\"'\[\]]++")
_BY_ADDRESS = re.compile(r"-\w*O|--remote-name")
_ENDED = re.compile(r"[\"']*+[ \t]*+(?:\Z|[;&|)>#`\]},]|--?\w)")
_OPENED = re.compile(r"\bopen\w*+\(")
_FOR_WRITING = re.compile(r"[\"'][ \t)]*+,[ \t]*+(?:mode[ \t]*+=[ \t]*+)?[\"']b?[rt]?[wax+]")
_WRITTEN_TO = re.compile(r"[\"'][ \t)]*+\.(?:write|open\([\"']b?[wax])")
_MESSAGE = re.compile(
    r"(?i)\b(?:echo|e?printf?(?:ln)?|log(?:ger)?|raise|error|warn(?:ing)?|info|die|fail|assert|write-host)"
    r"(?=[ \t(!\"'])[^;&|]*+\Z"
)
_SHOWN = re.compile(
    r"(?i)\.tfvars(?:\.json)?[.-](?:example|sample|dist|default|template)\b|\b(?:example|sample)[\w.-]*+$"
)
_NEAR = 300  # characters
_JUST = 40
_MOST_FILES = 1_000  # of one line
_PAIR = re.compile(
    r"(?:^|[\s{,'\"(`;]|\\n)(?P<name>[A-Za-z_][\w-]*+)\\?[\"']?[ \t]*+=(?![=>~])"
    r"|(?:[{,][ \t]*+\\?[\"']?|\\?[\"'])(?P<key>[A-Za-z_][\w-]*+)\\?[\"']?[ \t]*+:(?![:/])",
    re.MULTILINE,
)
_DECLARED = re.compile(r"\bvariable[ \t]+\\?\"(?P<name>[\w-]+)")
_COMMENT = re.compile(r"(?m)^[ \t]*+(?:#|//)[^\n]*+")
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
    """Return whether a line writes a file with one of some endings. Most lines that name one only speak of it."""
    named = (found for found in _FILE.finditer(line) if found[0].endswith(endings))
    return any(_is_written(line, found) for found in islice(named, _MOST_FILES))


def _is_written(line: str, found: re.Match[str]) -> bool:
    before, after = line[max(0, found.start() - _NEAR) : found.start()], line[found.end() : found.end() + _JUST]
    said = _MESSAGE.search(before)
    if _INTO.search(before):
        quotes = (said[0].count('"') or said[0].count("'")) if said else 0
        return quotes % 2 == 0 or before.endswith(('"', "'"))
    if said:
        return False
    if (_FOR_WRITING.match(after) and _OPENED.search(before)) or _WRITTEN_TO.match(after):
        return True
    return _ENDED.match(after) is not None and _is_copied(_COMMANDS.split(before)[-1])


def _is_copied(before: str) -> bool:
    """Return whether a command writes its last operand, by the words before it. An example is copied by hand."""
    words = [word.lstrip("@").casefold() for word in _WORD.findall(before)]
    while words and (words[0] in _AHEAD or words[0].endswith(":")):
        del words[0]
    if words[:1] and words[0] in _TOOLS:
        words = [word for word in words if word in _COPIES][:1] + words[words.index(words[0]) + 1 :]
    if not words or any(map(_SHOWN.search, words)):
        return False
    verb = words[0].rpartition("/")[2]
    if verb == "curl":
        return any(map(_BY_ADDRESS.fullmatch, _WORD.findall(before)))
    return verb in _COPIES and (verb == "wget" or any(not word.startswith("-") for word in words[1:]))


def names_requested(content: bytes) -> Iterator[str]:
    """Yield the variables in requests to HCP Terraform, which each say that they are of Terraform."""
    if _CATEGORY.search(content):
        yield from (found["name"] for found in _REQUEST.finditer(content[:_MOST].decode("utf-8", "replace")))
