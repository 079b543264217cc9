"""Variables of Terraform that a text gives values without an option or an environment: a script or a program writes a
file of variables, an option names a file that is not there, a request to HCP Terraform holds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from preuve.collect.code.inputs.input_names import ANY

# A file of variables, or of code, that something on its line writes: a redirection, an option, a command, a call.
_FILE = re.compile(r"(?<![\w./$@{}-])[\w./$@{}-]++(?<=[\w}])")
_ENDINGS = (".tfvars", ".tfvars.json")
_CODE = (".tf", ".tofu", ".tf.json", ".tofu.json")
_WRITES = re.compile(
    r"(?i)(?:(?<![=-])>[>|]?|[ \t]-o|--output)[ \t=]*[\"']?\Z"
    r"|\b(?:tee|cp|mv|copy|curl|wget|sync|open|create|dump|path|write\w*|dest|filename|out-file|(?:set|add)-content)\b"
)
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
    named = (found for found in _FILE.finditer(text) if found[0].endswith((*_ENDINGS, *_CODE)))
    written = [found for found in named if _is_written(text, found)]
    if not written:
        return
    yield from (found["name"] for found in _DECLARED.finditer(text))
    lines = [_line(text, found) for found in written if found[0].endswith(_ENDINGS)]
    if lines:
        yield from (found["name"] or found["key"] for found in _PAIR.finditer(text))
    if any(_HERE not in line and not _PAIR.search(line) for line in lines):
        yield ANY


def _is_written(text: str, found: re.Match[str]) -> bool:
    before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
    return _WRITES.search(before[-_NEAR:]) is not None


def _line(text: str, found: re.Match[str]) -> str:
    end = text.find("\n", found.end())
    return text[text.rfind("\n", 0, found.start()) + 1 : end if end >= 0 else len(text)]


def names_requested(content: bytes) -> Iterator[str]:
    """Yield the variables in requests to HCP Terraform, which each say that they are of Terraform."""
    if _CATEGORY.search(content):
        yield from (found["name"] for found in _REQUEST.finditer(content[:_MOST].decode("utf-8", "replace")))
