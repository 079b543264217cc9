"""Variables of Terraform that a text gives values without an option or an environment: a script or a program writes a
file of variables, a request to HCP Terraform holds them.

There are too many ways to write a file to know them all. So a text that names a file of variables, or an override file,
may write it there, unless it is an option or a key for a file that is read, an item of a list, or the operand of a
command that only reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import takewhile

from preuve.collect.code.inputs.input_names import ANY
from preuve.library.yaml.word_lists import words_in

_FILE = re.compile(r"(?<![\w./$@{}*-])[\w./$@{}*-]++(?<=\w)")
_ENDINGS = (".tfvars", ".tfvars.json")
_OVERRIDES = tuple(f"override{ending}" for ending in (".tf", ".tofu", ".tf.json", ".tofu.json"))
_JOINED = re.compile(r"(?<=[(,\[])[ \t]*+\r?\n\s*+|\\\r?\n\s*+")  # one statement on several lines
_NEAR = 300  # characters
_MOST_FILES = 1_000  # of one line
_MOST_WRITTEN = 100  # lines
_MOST = 1_000_000  # characters
_LONGEST = 5_000  # characters of a line that is read to its end
# What writes whatever comes next.
_INTO = re.compile(r"(?<![=-])>[>|]?[ \t]*+[\"']?[^\"'>]*+\Z")
_FROM = re.compile(r"(?<!<)<[ \t]*+[\"']?\Z")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|'[^']*+'")
# An option right before a file, or a key, for one that is read.
_OPTION = re.compile(
    r"(?i)(?<!\w)-var[-_]?files?[\"']?(?:[ \t]*+[=:,|(\[][ \t]*+|[ \t]++)"
    r"(?:\$?\{\{[^}\n]*+|\$\([^)\n]*+|[ \t]*+[+,][ \t]*+(?![\"']-)|[^\s>;&|+,])*+\Z"
)
_KEY = re.compile(
    r"(?i)(?P<name>[\w-]*(?:var[-_]?files?|tf_?vars[-_]?(?:file|path)?s?))[\"']?[ \t]*+(?:[?+:]?=|:)[ \t]*+"
    r"(?:\[(?=[^\]])[^\]>]*+|[^\s\"'>]*+[\"']?[^\s\"'>]*+)\Z"
)
_LOOPED = re.compile(r"\bfor[ \t]++(?P<name>\w++)[ \t]++in\b[^;]*+\Z")
_WRITTEN_BY_NAME = re.compile(
    r"(?:>[>|]?|\btee(?:[ \t]++-a)?(?=[ \t])|\w\(|\bof=)[ \t]*+[\"']?\$?[{(]?(?P<name>[\w-]++)"
)
# Keys for people and of paths to watch, but not where the file is all that they name; an item of a list alone.
_TOLD = re.compile(
    r"(?i)[ \t]*+(?:-[ \t]++)?[\"']?"
    r"(?:name|desc|description|summary|title|message|help|paths(?:-ignore)?)[\"']?[ \t]*+:"
)
_NAMED_SO = re.compile(r"(?i)[ \t]*+(?:-[ \t]++)?[\"']?name[\"']?[ \t]*+:[ \t]*+[\"']?\Z")
_ALONE = re.compile(r"[\s\"',!-]*+\Z")
_ENDED = re.compile(r"[\"']?[ \t]*+(?:\Z|[,\])}#])")
_CALLED = re.compile(r"\w[ \t]*+\([\"'`]?\Z")
_COMMANDS = re.compile(r"[;&|`]|(?<![\w$])[({]|(?<![\w$\[])\[(?![\[ ])|\$\(")
_FILLED_IN = re.compile(r"\$?\{\{[^{}\n]*+(?:\}\}|\Z)")  # braces that begin no command
_WORD = re.compile(r"[^\s,\"'()\[\]]++")
_AHEAD, _READERS = words_in("commands", "in_front"), words_in("commands", "reading")
_OF_GIT = words_in("commands", "reading_of_git")
_IN_PLACE = ("awk", "find", "sed", "yq")  # with an option, they write the file
_INSIDE = re.compile(r"-[a-z]*+(?<=i)|-i|--in-?place|-(?:exec|ok|fprint|fls).*")
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
    """Yield the variables that a text without comments writes into files of variables, and `ANY` unless all that it
    writes is in it.
    """
    text = _JOINED.sub(" ", text[:_MOST])
    written = [*_lines_writing(text, _ENDINGS)]
    overrides = [] if written else [*_lines_writing(text, _OVERRIDES)]
    if not written and not overrides:
        return
    yield from (found["name"] for found in _DECLARED.finditer(text))
    if written:
        yield from (found["name"] or found["key"] for found in _PAIR.finditer(text))
    lines = written or overrides
    if len(lines) > _MOST_WRITTEN or not all(_is_in_full(text, line) for line in lines):
        yield ANY


def _lines_writing(text: str, endings: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield the lines that may write a file with one of some endings."""
    by_name = frozenset(found["name"] for found in _WRITTEN_BY_NAME.finditer(text))
    start = 0
    for line in text.splitlines(keepends=True):
        if any(ending in line for ending in endings):
            named = [found.span() for found in _FILE.finditer(line) if found[0].endswith(endings)]
            if len(named) > _MOST_FILES or not all(_is_read(line, *span, by_name) for span in named):
                yield start, start + len(line)
        start += len(line)


def _is_read(line: str, start: int, end: int, by_name: Set[str]) -> bool:
    """Return whether a line is known to write nothing into the file that it names at a place; `by_name` are the
    variables whose files the text may write.
    """
    before, after = line[max(0, start - _NEAR) : start], line[end : end + _NEAR].rstrip()
    if _INTO.search(_QUOTED.sub("", before)):
        return False
    command = _COMMANDS.split(_FILLED_IN.sub("_", before))[-1]
    alone = _ALONE.match(command) and _ENDED.match(after) and not _CALLED.search(before)
    told = _TOLD.match(line) and not (_NAMED_SO.match(before) and _ENDED.match(after))
    if alone or told or _OPTION.search(before) or _FROM.search(before):
        return True
    if holder := _KEY.search(before) or _LOOPED.search(before):
        return holder["name"] not in by_name
    return _is_reading(command, after)


def _is_reading(command: str, after: str) -> bool:
    """Return whether a command of a shell, by the words before a file, only reads it."""
    words = [word.lstrip("@").casefold() for word in _WORD.findall(command)]
    while words and (words[0] in ("-", *_AHEAD) or words[0].endswith(":") or "=" in words[0]):
        del words[0]
    if not words or "[ " in command:  # a test
        return bool(words)
    verb = words[0].rpartition("/")[2] or words[0]
    if verb == "git":
        return not _OF_GIT.isdisjoint(words)
    if verb == "find":
        words += _WORD.findall(after)
    return verb in _READERS and not (verb in _IN_PLACE and any(map(_INSIDE.match, words)))


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
