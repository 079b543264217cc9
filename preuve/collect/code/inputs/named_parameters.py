"""Finds parameters of templates in any text that names them: a script, a pipeline, a program, settings of a deployment
tool.

Tools spell the values of parameters in countless ways. So every text that names a parameter counts, and its value is
known only if every mention pairs the name with the same value. The program of an application names many things, so it
counts only if it deploys; of Terraform, only what may be the key of a value. A command that deploys may also be given
parameters without naming them: a variable, an output, a file elsewhere. Independent of Checkov.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from preuve.collect.code.files.kinds import is_prose, is_source
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.files.templates import TEMPLATE_ENDINGS, plain
from preuve.collect.code.files.tools import ENDINGS as CODE
from preuve.collect.code.inputs.values_files import placed_overrides_in
from preuve.collect.code.language.templates.source import TemplateError, parse
from preuve.model.grouping import grouped

ANY = "\0"  # prefix of a value that equals no default; the original text follows

_USED = re.compile(rb"Ref\W++(\w+)|\$\{(\w+)\}")
_PARAMETERS = re.compile(rb"Parameters|\\|\0")  # also with escaped characters, or in UTF-16
_PAIR = r"[\"'(\[{]?[\w-]+[\"']?(?:=(?!=)|:\s)|--?[A-Za-z]"  # another pair, or an option of the command
_AFTER = re.compile(rf"\\?[\"'`]?(?:[ \t]*+(?:(?P<line>\\?\r?\n\s*+|\Z)|[,\])}}])|[ \t]++(?:#|{_PAIR}))")
_MORE = re.compile(rf"[\])}}#]|- |{_PAIR}")
_INDENT = re.compile(r"[ \t-]*+")
_WORDS = bytes(code if chr(code).isalnum() and code < 0x80 else ord(" ") for code in range(256))
# A program without any of these words, and without the name of a template's file, does not deploy.
_LONGEST = 10_000  # characters of a line
_DEPLOYS = re.compile(rb"(?i)deploy|stack|cloudformation|cfn|provision|change_?set|parameter_?(?:key|overrides)")
_OF_TERRAFORM = (*CODE, *(f"{ending}.json" for ending in CODE))
# Where Terraform writes the name of a parameter: before its value, or alone as a text (`key = "Name"`).
_KEYED = re.compile(rb"(?<!\w)(\w++)\\?[\"']?[ \t]*+[=:](?![=:])|[\"'](\w++)\\?[\"']|(?i:key)[=:](\w++)")
_NO_PARAMETERS = re.compile(  # comments, and tags: those of one resource are no parameters of a stack
    rb"(?m)^[ \t]*+(?:#|//).*$|^[ \t]*+/\*[^*]*+\*/"
    rb"|\b(?:default_)?tags?(?:_all)?[ \t]*+=?[ \t]*+(?:merge\([^{}()]*+)?\{[^{}]*+\}"
)


# A command that gives a stack parameters, what it gives up to its next option, and the template that it names.
_COMMAND = re.compile(
    r"(?i)\b(?:cloudformation|(?P<sam>sam)|rain)\b[^\n]*?[ \"',]--param(?:eter)?(?:-overrides|s)?(?=[ \"',=])"
)
_GIVEN = re.compile(r"[ \"',=]*+(?P<said>[^\n]*?)(?=[\"', ]--?[a-z]|[;&|]|$)", re.MULTILINE)
_TEMPLATE = re.compile(
    r"[ \"',](?:--template(?:-file|-body|-url)?|-t)[ \"',=]++(?:file:/*+)?(?P<file>[\w./-]++)(?![$\w])"
)
_BY_FILE = re.compile(r"file:/*+([^\s\"',]++)")
# The same as inputs of an action on GitHub.
_INPUT = re.compile(r"(?m)^[ \t]*+parameter-overrides[ \t]*+:[ \t]*+(?P<said>[^\n]*+)")
_OF_INPUT = re.compile(r"(?m)^[ \t]*+template[ \t]*+:[ \t]*+[\"']?(?:[\w.-]++/)*+(?P<file>[\w.-]++)")
_EXPRESSION, _SIGNS = re.compile(r"\$\{\{[^{}\n]*+\}\}"), re.compile(r"[^\w${}]")
_FOLDED = re.compile(r":[ \t]*+>[+-]?[ \t]*+\n([ \t]++)[^\n]*+(?:\n\1[^\n]*+)*+")  # in YAML
_CONTINUED = re.compile(r"[\\`]\r?\n\s*+")
# What begins something whose names stand elsewhere: a variable, an output, an address.
_ELSEWHERE = re.compile(r"ParameterKey=[\"']?[$%{]|(?:^|[ \"',\[(])(?:\$|`|%\w|\{\{|https?:|s3:|[a-z_]++(?:[.(\[]|$))")


@dataclass(frozen=True)
class DeclaredNames:
    """The names that the templates of a workspace declare or refer to, the names of their files, and of all files."""

    names: frozenset[bytes] = frozenset()
    files: frozenset[bytes] = frozenset()
    every: frozenset[bytes] = frozenset()

    def __or__(self, other: DeclaredNames) -> DeclaredNames:
        return DeclaredNames(self.names | other.names, self.files | other.files, self.every | other.every)

    def given_elsewhere(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the template of each command in a text that gives a stack parameters without their names, "" if it may
        be any, and the command. SAM deploys the template that it has built.
        """
        text = _EXPRESSION.sub(lambda found: _SIGNS.sub("", found[0]), text)  # as one word
        text = _FOLDED.sub(lambda found: found[0].replace("\n", " "), text)
        lines = _CONTINUED.sub(" ", text).splitlines()
        anywhere = self._templates_in(lines)
        for line in lines:
            for command in _COMMAND.finditer(line[:_LONGEST]):
                said = _GIVEN.match(line, command.end())
                if said and (_ELSEWHERE.search(said["said"]) or self._is_away(said["said"])):
                    named = self._templates_in([line]) or (anywhere if command["sam"] else [])
                    yield from ((file, line.strip()) for file in named or ["template.yaml" if command["sam"] else ""])

        for given in _INPUT.finditer(text):
            if _ELSEWHERE.search(given["said"]) or self._is_away(given["said"]):
                named = [file for file in _OF_INPUT.findall(text) if os.fsencode(file) in self.files]
                yield from ((file, given[0].strip()) for file in dict.fromkeys(named or [""]))

    def _is_away(self, said: str) -> bool:
        """Return whether a file that an option names is not in the workspace."""
        names = (found[1].rpartition("/")[2] for found in _BY_FILE.finditer(said))
        return any(os.fsencode(name) not in self.every for name in names)

    def _templates_in(self, lines: Iterable[str]) -> list[str]:
        """Return the templates of the workspace that an option on a line names, by the names of their files."""
        named = (found["file"].rpartition("/")[2] for line in lines for found in _TEMPLATE.finditer(line[:_LONGEST]))
        return [file for file in dict.fromkeys(named) if os.fsencode(file) in self.files]

    def named_in(self, name: str, content: bytes) -> frozenset[str]:
        """Return the names that occur as words in a file; none in a program that deploys no template, or in prose."""
        words = _keys_in(content) if is_terraform(name) else content.translate(_WORDS).split()
        found = self.names.intersection(words)
        idle = found and (is_source(name) or is_prose(name))
        if idle and not (_DEPLOYS.search(content) or any(file in content for file in self.files)):
            return frozenset()
        return frozenset(name.decode() for name in found)


def used_in(sources: Sources) -> DeclaredNames:
    """Return the names that the templates of a workspace use."""
    names, files, every = set[bytes](), set[bytes](), set[bytes]()
    for file in sources.everything():
        every.add(os.fsencode(file.name))
        is_other = file.name.endswith(TEMPLATE_ENDINGS) and not is_terraform(file.name)
        if is_other and not is_folder(file, if_hidden=False):
            content = sources.raw(file)
            # By words alone too: a template may be part of a text, or assembled from parts.
            found = {name for pair in _USED.findall(content) for name in pair if name} | _declared_in(content)
            names |= found
            files |= {os.fsencode(file.name)} if found else set()
    return DeclaredNames(frozenset(names), frozenset(files), frozenset(every))


def _keys_in(content: bytes) -> Iterator[bytes]:
    """Yield the names to which a file of Terraform may give a value, but for tags."""
    found = _KEYED.findall(_NO_PARAMETERS.sub(b"", content))
    return (name for names in found for name in names if name)


def is_terraform(name: str) -> bool:
    """Return whether a file of this name is code of Terraform."""
    return name.casefold().endswith(_OF_TERRAFORM)


def _declared_in(content: bytes) -> set[bytes]:
    """Return the names of a template's parameters, in any spelling."""
    try:
        template = parse(plain(content).decode("utf-8", "replace")) if _PARAMETERS.search(content) else None
    except (TemplateError, ValueError):
        return set()
    declared = template.get("Parameters") if isinstance(template, Mapping) else None
    return {str(name).encode() for name in declared} if isinstance(declared, Mapping) else set()


def told_of(names: Iterable[str], text: str, others: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the value that a text gives each parameter that it names: a single value if every mention states the same
    one, in the text or in its markup (`others`); otherwise a value that equals no default.
    """
    written = ((name, value if _is_whole(text, *place) else ANY) for name, value, *place in placed_overrides_in(text))
    heard: tuple[Mapping[str, list[str]], ...] = (grouped(written), grouped(others))
    for name in sorted(names):
        places = [*re.finditer(rf"(?<![A-Za-z0-9]){name}(?![A-Za-z0-9])", text)]
        values = max((one.get(name, []) for one in heard), key=len)
        sure = len(set(values)) == 1 and len(values) == len(places) and ANY not in heard[0].get(name, ())
        yield name, values[0] if sure else ANY + _lines_at((place.start() for place in places), text)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Return whether the value of a pair ends where it seems to: no operator, condition or other text continues it on
    its line, or on an indented line below.
    """
    after = _AFTER.match(text, end)
    if after is None or after["line"] is None or after.end() == len(text):
        return after is not None
    begin = text.rfind("\n", 0, start) + 1
    own = _INDENT.match(text, begin)
    deeper = after.end() - text.rfind("\n", 0, after.end()) - 1 > (own.end() - begin if own else 0)
    return not deeper or _MORE.match(text, after.end()) is not None


def _lines_at(places: Iterable[int], text: str) -> str:
    """Return a hash of the lines at some positions of a text: the other lines give the parameter nothing."""
    starts = dict.fromkeys(text.rfind("\n", 0, place) + 1 for place in places)
    lines = (text[start:].partition("\n")[0].strip() for start in starts)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()
