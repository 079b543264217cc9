"""Variables of Terraform that a text gives values without an option or an environment: a script or a program writes a
file of variables, a request to HCP Terraform holds them.

There are too many ways to write a file to know them all. So a text that names a file of variables, or an override file,
writes it there, unless it is known only to read it or to speak of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import takewhile

from preuve.collect.code.inputs.input_names import ANY
from preuve.library.yaml.word_lists import words_in
from preuve.model.grouping import grouped

_FILE = re.compile(r"(?<![\w./$@{}*-])[\w./$@{}*-]++(?<=\w)")
_ENDINGS = (".tfvars", ".tfvars.json")
_OVERRIDES = tuple(f"override{ending}" for ending in (".tf", ".tofu", ".tf.json", ".tofu.json"))
_JOINED = re.compile(r"(?<=[(,\[])[ \t]*+\r?\n\s*+|\\\r?\n\s*+")  # one statement on several lines
_NEAR = 300  # characters
_AROUND = 2_000
_MOST_FILES = 1_000  # of one line, and places of one variable
_MOST_WRITTEN = 100  # lines
_DEEPEST = 2  # variables that hold each other
_MOST = 1_000_000  # characters
_LONGEST = 5_000  # characters of a line that is read to its end
# What writes whatever comes next, and a message which only speaks of that: its quote is still open.
_INTO = re.compile(r"(?<![=-])>[>|]?[ \t]*+[\"']?[^\"'>]*+\Z")
_FROM = re.compile(r"(?<!<)<[ \t]*+[\"']?\Z")
_MESSAGE = re.compile(
    r"(?i)(?<![\w-])(?:echo|printf?|println|log|info|warn(?:ing)?|error|die|fail|write-(?:host|output))"
    r"(?:[ \t]++|[ \t]*+\()[rf]?[\"'](?:[^\"'$`]|\$(?!\())*+\Z"
)
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|'[^']*+'")
# What is known only to read a file, or to speak of it: an option right before it, or a key, for one that is read; keys
# for people, but not where the file is all that they name; an item of a list alone.
_OPTION = re.compile(
    r"(?i)(?<!\w)-var[-_]?files?[\"']?(?:[ \t]*+[=:,|(\[][ \t]*+|[ \t]++)"
    r"(?:\$?\{\{[^}\n]*+|\$\([^)\n]*+|[ \t]*+[+,][ \t]*+(?![\"']-)|[^\s>;&|+,])*+\Z"
)
_KEY = re.compile(
    r"(?i)(?:var[-_]?files?|tf_?vars[-_]?(?:file|path)?s?)[\"']?[ \t]*+[:=][ \t]*+"
    r"(?:\[(?=[^\]])[^\]>]*+|[^\s\"'>]*+[\"']?[^\s\"'>]*+)\Z"
)
_TOLD = re.compile(
    r"(?i)[ \t]*+(?:-[ \t]++)?[\"']?"
    r"(?:name|desc|description|summary|title|message|help|paths(?:-ignore)?)[\"']?[ \t]*+:"
)
_NAMED_SO = re.compile(r"(?i)[ \t]*+(?:-[ \t]++)?[\"']?name[\"']?[ \t]*+:[ \t]*+[\"']?\Z")
_ALONE = re.compile(r"[\s\"',!-]*+\Z")
_ENDED = re.compile(r"[\"']?[ \t]*+(?:\Z|[,\])}#])")
_CALLED = re.compile(r"\w[ \t]*+\([\"'`]?\Z")
_CLOSED = re.compile(r"[\s\"',)\];]*+\Z")
_STATEMENTS = re.compile(r"[;&|]")
_COMMANDS = re.compile(r"[;&|`]|(?<![\w$])[({]|(?<![\w$\[])\[(?![\[ ])|\$\(")
_WORD = re.compile(r"[^\s,\"'()\[\]]++")
_AHEAD, _READERS = words_in("commands", "in_front"), words_in("commands", "reading")
_OF_GIT, _COPIES = words_in("commands", "reading_of_git"), words_in("commands", "copying")
_IN_PLACE = ("awk", "find", "sed", "yq")  # with an option, they write the file
_INSIDE = re.compile(r"-[a-z]*+(?<=i)|-i|--in-?place|-(?:exec|ok|fprint|fls).*")
_OPERAND = re.compile(r"[\"']?[ \t]++[\"']?(?!-)(?P<to>[^\s;&|>#\"']++)")
_OF_MACHINES = ("/", "~", "$")
_SHOWN = re.compile(
    r"(?i)\.tfvars(?:\.json)?[.-](?:example|sample|dist|default|template)\b|\b(?:example|sample)[\w.-]*+$"
)
_CALL = re.compile(r"\w[ \t]*+\(|\b(?:assert|raise|throw)\b")
_READING = re.compile(
    r"(?i)read|exist|is_?file|stat\b|load|parse|hash|glob|md5|sha\d|filter|match|\bopen\b|endswith|suffix|includes|contains"
    r"|assert|raise|error|throw|print(?!\w)|println|printf|warn|help|usage|expect|\blog|\binfo\b"
)
_WRITING = re.compile(
    r"(?i)write|dump|creat(?!e_?read)|copy|save|put\b|upload|download|move|rename|append|truncate"
    r"|[\"'](?=[rbt]*+[wax+])[rwaxbt+]++[\"']|\bopen[ \t]*+\((?:[^,()]|\([^()]*+\))*+,"
    r"(?![ \t]*+(?:(?:mode[ \t]*+=[ \t]*+)?[\"']r[bt]?[\"']|(?:encoding|newline|errors)\b))"
)
_NAMED = re.compile(
    r"(?:^|[;&|({])[ \t]*+(?:-[ \t]++)?(?:(?:export|const|let|var|local|readonly|set|env|final|auto|String)[ \t]++)*+"
    r"[$\"']?(?P<name>[A-Za-z_]\w*+)[\"']?(?:[ \t]*+:[ \t]*+\w++)?[ \t]*+(?:[:?]=|=|:)[ \t]*+[^=;&|>]*+\Z"
)
_LOOPED = re.compile(r"\bfor[ \t]++(?P<name>\w++)[ \t]++in\b[^;]*+\Z")
_VARIABLE = re.compile(r"(?<!\bfor )\$?+\{?+\b(?P<name>[A-Za-z_]\w*+)\}?+(?![\"']?[ \t]*+(?:[:?]=|=(?!=)|:(?![=?-])))")
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
    of_files = _Mentions(text)
    written = [*of_files.written(_ENDINGS)]
    overrides = [] if written else [*of_files.written(_OVERRIDES)]
    if not written and not overrides:
        return
    yield from (found["name"] for found in _DECLARED.finditer(text))
    if written:
        yield from (found["name"] or found["key"] for found in _PAIR.finditer(text))
    lines = written or overrides
    if len(lines) > _MOST_WRITTEN or not all(_is_in_full(text, line) for line in lines):
        yield ANY


class _Mentions:
    """The places of a text that name files: by themselves, or by variables that hold them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._only_read: dict[str, bool] = {}

    def written(self, endings: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        """Yield the lines that write a file with one of some endings."""
        start = 0
        for line in self._text.splitlines(keepends=True):
            if any(ending in line for ending in endings):
                named = [found.span() for found in _FILE.finditer(line) if found[0].endswith(endings)]
                if len(named) > _MOST_FILES or not all(self._is_read(line, *span) for span in named):
                    yield start, start + len(line)
            start += len(line)

    @cached_property
    def _uses(self) -> Mapping[str, list[tuple[str, int, int]]]:
        """The places that use a variable, by its name."""
        found = ((line, use) for line in self._text.splitlines() for use in _VARIABLE.finditer(line))
        return grouped((use["name"], (line, *use.span())) for line, use in found)

    def _is_read(self, line: str, start: int, end: int, deep: int = 0) -> bool:
        """Return whether a line is known to write nothing into the file that it names at a place; `deep` in variables
        that hold it.
        """
        before, after = line[max(0, start - _NEAR) : start], line[end : end + _NEAR].rstrip()
        plain = _QUOTED.sub("", before)
        into = _INTO.search(plain)
        if into:
            return _MESSAGE.search(plain[: into.start()]) is not None
        command = _COMMANDS.split(before)[-1]
        alone = _ALONE.match(command) and _ENDED.match(after) and not _CALLED.search(before)
        told = _TOLD.match(line) and not (_NAMED_SO.match(before) and _CLOSED.match(after))
        if alone or told or _OPTION.search(before) or _FROM.search(before):
            return True
        holder = _LOOPED.search(before) or (None if deep else _NAMED.search(before))
        if holder and (holder.re is _LOOPED or _CLOSED.match(after)) and not _WRITING.search(before):
            return self._is_only_read(holder["name"], deep, unused=_KEY.search(before) is not None)
        if _KEY.search(before) or _is_reading(command, line[start:end], after):
            return True
        around = line[max(0, start - _AROUND) : end + _AROUND]
        return bool(_CALL.search(before) and _READING.search(around)) and _WRITING.search(around) is None

    def _is_only_read(self, name: str, deep: int, *, unused: bool) -> bool:
        """Return whether no line writes the file that a variable names; one that nothing here uses may be written
        elsewhere, unless its name says what it is for.
        """
        if name not in self._only_read:
            self._only_read[name] = False  # while it is looked for: one that holds itself is not known
            places = self._uses.get(name, [])
            if deep < _DEEPEST and len(places) <= _MOST_FILES and (unused or places):
                self._only_read[name] = all(self._is_read(*place, deep + 1) for place in places)
        return self._only_read[name]


def _is_taken_away(name: str, to: str) -> bool:
    """Return whether a copy gets another name, or goes elsewhere: in a folder it has the name of its source."""
    last = to.rpartition("/")[2].strip(".")
    return ":" in to or "." in last or (to.startswith(_OF_MACHINES[:2]) and not name.startswith(_OF_MACHINES))


def _is_reading(command: str, name: str, after: str) -> bool:
    """Return whether a command of a shell, by the words before a file, only reads it."""
    words = [word.lstrip("@").casefold() for word in _WORD.findall(command)]
    while words and (words[0] in ("-", *_AHEAD) or words[0].endswith(":") or "=" in words[0]):
        del words[0]
    if not words or "[ " in command:  # a test
        return bool(words)
    verb = words[0].rpartition("/")[2] or words[0]
    if verb == "git":
        return not _OF_GIT.isdisjoint(words)
    if verb in _COPIES:
        operand = _OPERAND.match(after)
        if command.endswith(":"):  # on another machine
            return operand is None
        return any(map(_SHOWN.search, words)) or (operand is not None and _is_taken_away(name, operand["to"]))
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
