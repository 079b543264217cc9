"""Variables of Terraform that a text gives values without an option or an environment: a script or a program writes a
file of variables, a request to HCP Terraform holds them.

There are too many ways to write a file to know them all, and its name may travel: by a variable, a list, a loop, an
artifact of a job. So a text that names a file of variables, or an override file, may write it, whatever the name ends
in: a program takes endings off. It may also search for one by a part of its name. An option of Terraform only reads it,
in a command that begins its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from preuve.collect.code.inputs.input_names import ANY

# Files of variables, also by a wildcard or by a word that a program searches for, and override files.
_VALUES = re.compile(
    r"\.tfvar|[*?\]{},]tfvar|[\"']tfvars?(?:\.json)?[\"']"
    r"|(?:\b(?:grep|rg|awk|sed|findstr|Select-String)\b|[ \t]-i?(?:name|regex|match|like)\b)[^|;&\n]{0,200}tfvar"
)
_OVERRIDES = re.compile(r"override\.(?:tf|tofu)(?!\w)")
_JOINED = re.compile(r"(?<=[(,\[])[ \t]*+\r?\n\s*+|\\\r?\n\s*+")  # one statement on several lines
_MOST_WRITTEN = 100  # lines
_MOST = 1_000_000  # characters
_LONGEST = 5_000  # characters of a line that is read to its end
# A command of Terraform and its option for files, and the arguments of Terragrunt for that. What is filled in counts
# for itself if it names such a file: it may be a command.
_INSIDE = r"(?:[^(){}\n.*?\],]|[.*?\],](?!\.?tfvar))*+"
_PIECE = rf"\$?\{{\{{{_INSIDE}\}}\}}|\$\{{(?:{_INSIDE}\({_INSIDE}\))*+{_INSIDE}\}}|\$\({_INSIDE}\)|[^\s<>;&|,()\[\]`]"
_COMMAND = re.compile(
    r"[ \t]*+(?:-[ \t]++)?+(?:(?:run|script)[ \t]*+:[ \t]++)?+[@(]?+(?:cd[ \t]++[\w./${}-]++[ \t]*+(?:&&|;)[ \t]*+)?+"
    r"(?:\w++=[\w./:$-]*+[ \t]++)*+(?:terraform|tofu|terragrunt|tflint|infracost|trivy|checkov)(?=[ \t])"
    rf"(?:{_PIECE}|[ \t,\[\]])*+"
)
_OPTION = re.compile(rf"(?<![\w-])--?var-file(?:=|[ \t]++)(?:{_PIECE})*+")
_OF_TERRAGRUNT = "extra_arguments"
_ARGUMENTS = re.compile(
    rf"[ \t]*+(?:(?:required|optional)_var_files|arguments)[ \t]*+=[ \t]*+\[(?:{_PIECE}|[ \t,])*+\]?[ \t]*+"
)
_PAIR = re.compile(
    r"(?:^|[\s{,'\"(`;]|\\n)(?P<name>[A-Za-z_][\w-]*+)\\?[\"']?[ \t]*+=(?![=>~])"
    r"|(?:[{,][ \t]*+\\?[\"']?|\\?[\"'])(?P<key>[A-Za-z_][\w-]*+)\\?[\"']?[ \t]*+:(?![:/])",
    re.MULTILINE,
)
_DECLARED = re.compile(r"\bvariable[ \t]+\\?\"(?P<name>[\w-]+)")
# What is written in full where it stands: the text of `echo`, or a document in the script for `cat` or `tee` alone.
_ECHOED = re.compile(
    r"\b(?:echo|printf)[ \t]++(?:-\w++[ \t]++)*+(?P<text>\"(?:[^\"\\]|\\.)*+\"|'[^']*+'|[^|>\"';&(){}\n]++)"
    r"[ \t]*+(?:\|[ \t]*+(?:sudo[ \t]++)?tee\b|>>?)[^;&|<>]*+\Z"
)
_NAME = r"[\"']?[\w./$@{}-]++[\"']?[ \t]*+"
_TEE = r"(?:sudo[ \t]++)?tee[ \t]++(?:-a[ \t]++)?"
_HERE = re.compile(
    rf"[ \t]*+@?(?:cat[ \t]*+(?:>>?[ \t]*+{_NAME})?|{_TEE}{_NAME})<<-?[ \t]*+[\"'\\]?(?P<end>\w++)[\"']?[ \t]*+"
    rf"(?:(?:>>?|\|[ \t]*+{_TEE})[ \t]*+{_NAME})?(?:>[ \t]*+/dev/null[ \t]*+)?\n"
)
_ANY_FILE = re.compile(r"\.(?:tf|tofu)")
_FULL = re.compile(r"\s*+(?:[A-Za-z_][\w-]*+\s*+=(?!=)|variable\b|locals\b|[#\"\]})])|\s*+\Z")
_LINES = re.compile(r"\n|\\n")
_REQUEST = re.compile(r"\bkey[\"']?[ \t]*+[:=][ \t]*+[\"'](?P<name>[A-Za-z_][\w-]*+)[\"']")
_CATEGORY = re.compile(rb"category[\"']?\s*+[:=]\s*+[\"']?terraform\b")


def names_written(text: str) -> Iterator[str]:
    """Yield the variables that a text writes into files of variables, and `ANY` unless all that it writes is in it."""
    more = len(text) > _MOST and (_VALUES.search(text) or _OVERRIDES.search(text))
    text = _JOINED.sub(" ", text[:_MOST])
    written = [*_lines_writing(text, _VALUES)]
    if written:
        yield from (found["name"] or found["key"] for found in _PAIR.finditer(text))
    lines = [*written, *_lines_writing(text, _OVERRIDES)]
    if lines:
        yield from (found["name"] for found in _DECLARED.finditer(text))
    if more or len(lines) > _MOST_WRITTEN or not all(_is_in_full(text, line) for line in lines):
        yield ANY


def _lines_writing(text: str, name: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the lines that may write a file of such a name."""
    start = 0
    of_terragrunt = _OF_TERRAGRUNT in text
    for line in text.splitlines(keepends=True):
        if name.search(line) and name.search(_but_read(line, of_terragrunt=of_terragrunt)):
            yield start, start + len(line)
        start += len(line)


def _but_read(line: str, *, of_terragrunt: bool) -> str:
    """Return a line without the files that Terraform or Terragrunt reads there."""
    if command := _COMMAND.match(line):
        return _OPTION.sub(" ", command[0]) + line[command.end() :]
    return _ARGUMENTS.sub(" ", line) if of_terragrunt else line


def _is_in_full(text: str, line: tuple[int, int]) -> bool:
    """Return whether all that a line writes stands in the text."""
    start, end = line
    if end - start > _LONGEST:
        return False
    if here := _HERE.match(text, start, end):
        body = "\n".join(takewhile(lambda line: line.strip() != here["end"], text[here.end() :].splitlines()))
    elif (echoed := _ECHOED.search(text, start, end)) and len(_ANY_FILE.findall(text, start, end)) == 1:
        body = echoed["text"].strip("\"'")
    else:
        return False
    return all(map(_FULL.match, _LINES.split(body)))


def names_requested(content: bytes) -> Iterator[str]:
    """Yield the variables in requests to HCP Terraform, which each say that they are of Terraform."""
    if _CATEGORY.search(content):
        yield from (found["name"] for found in _REQUEST.finditer(content[:_MOST].decode("utf-8", "replace")))
