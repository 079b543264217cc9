"""The values that a workspace gives template parameters, and those that a template passes unchanged to its nested
stacks. A passed parameter has its default in the template, as long as nothing gives the template another value.
Independent of Checkov.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from preuve.collect.code.language.templates.parameters import is_hidden
from preuve.library.json_data import maps


@dataclass(frozen=True)
class ParameterFile:
    """Parameters that one source sets: for the template in `file`, or for any template except the source itself.

    An unreadable source may set `any` parameter. `text` is a hash of the source, `tags` the names of the tags that it
    gives the stack. `passed` maps those of `values` that are parameters of the source to their names there. `published`
    is the name under which the source is published as a serverless application, according to its metadata; values for
    such an application apply to the template with that name, if the workspace has one. `stack` is the nested stack of
    the source that uses the template.
    """

    values: Mapping[str, str]
    of: str = ""
    by: str = ""  # the source
    any: bool = False
    text: str = ""
    tags: frozenset[str] = frozenset()
    passed: Mapping[str, str] = field(default_factory=dict)
    published: str = ""
    stack: str = ""


def as_said(given: ParameterFile) -> str:
    """Return the whole content of a source as one text, for comparison."""
    said = {name: sorted(value.items()) if isinstance(value, Mapping) else value for name, value in vars(given).items()}
    return repr(sorted((said | {"tags": sorted(given.tags)}).items()))


_APPLICATION = re.compile(r"arn:[^:]*:serverlessrepo:[^:]*:[0-9]*:applications/([\w-]+)")
_OF_APPLICATION = "application "  # and its name, in place of that of a file
_PASSED = re.compile(r'"(\w+)"\s*:\s*"\$\{(\w+)\}"')
_NAMED = re.compile(r'"(\w+)\\?"\s*:')


def application_of(location: Any) -> str:
    """Return the key of the serverless application that a location names; "" if it names none."""
    named = location.get("ApplicationId") if isinstance(location, Mapping) else None
    match = _APPLICATION.fullmatch(named) if isinstance(named, str) else None
    return f"{_OF_APPLICATION}{match[1]}" if match else ""


def by_file(sources: Iterable[ParameterFile]) -> Iterator[ParameterFile]:
    """Yield sources; one for an application is repeated for each template that is published under its name."""
    sources = tuple(sources)
    files = defaultdict[str, set[str]](set)
    for one in sources:
        files[f"{_OF_APPLICATION}{one.published}"].add(PurePath(one.by).name)
    for one in sources:
        if one.of.startswith(_OF_APPLICATION):
            yield from (replace(one, of=name) for name in sorted(files.get(one.of, ())))
        else:
            yield one


def passed_in_text(template: Mapping[str, Any], written: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield what a template passes on in the JSON of an `Fn::Sub`, in the form of `passed_on`: `{"A": "${A}"}`. A name
    that also occurs elsewhere in it is not certain.
    """
    texts = [one["Fn::Sub"] for one in maps(written) if isinstance(one.get("Fn::Sub"), str)]
    pairs = [pair for text in texts for pair in _PASSED.findall(text)]
    every = Counter(_NAMED.findall(json.dumps(written, default=str).replace("\\", "")))
    told = Counter(name for name, _ in pairs)
    several = {name for name, of in pairs for other in pairs if other[0] == name and other[1] != of}
    return passed_on(
        template, {name: {"Ref": of} for name, of in pairs if told[name] == every[name] and name not in several}
    )


def passed_on(template: Mapping[str, Any], given: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield the parameters that a template passes to a nested stack by `Ref`: the name there, the name here, and its
    default. Leave out those whose value may differ from the default without being given: lists, references to stored
    values, hidden ones, and parameters with several allowed values.
    """
    parameters = template.get("Parameters")
    pairs = given.items() if isinstance(given, Mapping) else _listed(given)
    for name, value in pairs:
        of = value.get("Ref") if isinstance(value, Mapping) and len(value) == 1 else None
        body = parameters.get(of) if isinstance(parameters, Mapping) and isinstance(of, str) else None
        if isinstance(body, Mapping) and "Rules" not in template and _is_plain(body):
            yield str(name), str(of), body["Default"]


def _listed(given: Any) -> Iterator[tuple[Any, Any]]:
    for item in given if isinstance(given, list) else ():
        if isinstance(item, Mapping):
            yield item.get("ParameterKey"), item.get("ParameterValue")


def _is_plain(body: Mapping[str, Any]) -> bool:
    kind, allowed = str(body.get("Type", "")), body.get("AllowedValues", [])
    of_one = isinstance(allowed, list) and all(value == body.get("Default") for value in allowed)
    by_itself = not kind.startswith(("List<", "CommaDelimitedList", "AWS::SSM::Parameter::Value"))
    return by_itself and of_one and isinstance(body.get("Default"), str | int) and not is_hidden(body)


def varied(sources: Iterable[ParameterFile]) -> set[tuple[int, str]]:
    """Return the passed parameters that get another value than their default because something gives their own template
    one: the index of the source, and the parameter's name in the nested stack.
    """
    sources = tuple(sources)
    told = _values_told(sources)
    waiting = [(number, name) for number, one in enumerate(sources) for name in one.passed if _differs(one, name, told)]
    found = set(waiting)
    after = _not_in(found, sources)
    while waiting:
        number, name = waiting.pop()
        reached = {passed for passed in after[name] if reaches(sources[number], sources[passed[0]].by)}
        found |= reached
        after[name] -= reached
        waiting += reached
    return found


def reaches(given: ParameterFile, file: str) -> bool:
    """Return whether a source applies to the template in a file; a source for any template does not apply to itself."""
    return given.of == PurePath(file).name or (given.of == "" and given.by != file)


def _not_in(found: set[tuple[int, str]], sources: tuple[ParameterFile, ...]) -> defaultdict[str, set[tuple[int, str]]]:
    """Return the other passed parameters, by their names in the passing template."""
    others = defaultdict[str, set[tuple[int, str]]](set)
    for number, one in enumerate(sources):
        for name, of in one.passed.items():
            if (number, name) not in found:
                others[of].add((number, name))
    return others


_Told = Mapping[str, Mapping[str, Mapping[str, set[str]]]]


def _values_told(sources: tuple[ParameterFile, ...]) -> _Told:
    """Return the sources of each value of each parameter, by the target of the source; a source that may set any
    parameter is listed under the name "".
    """
    found: dict[str, dict[str, dict[str, set[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    for one in sources:
        for name, value in one.values.items():
            found[one.of][name][value].add(one.by)
        if one.any:
            found[one.of][""][""].add(one.by)
    return found


def _differs(one: ParameterFile, name: str, told: _Told) -> bool:
    """Return whether something gives the template another value than the default that it passes on."""
    default, of = one.values[name], one.passed[name]
    for place, own in ((PurePath(one.by).name, False), ("", True)):
        given = told.get(place, {})
        others = [*given.get("", {}).values(), *(by for value, by in given.get(of, {}).items() if value != default)]
        if any(by - {one.by} if own else by for by in others):
            return True
    return False
