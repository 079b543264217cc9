"""Judges a template with the values that its parameters allow besides their defaults, or that it names for them.

The person who deploys the template chooses among them. So a check that passes with the defaults is passed only if it
passes with every combination of values. Values are tried for the parameters that leave the check undecided, one
parameter after another, until it is decided whatever the others are. For a check by tags, each combination counts under
the tags that it gives: a policy may apply to the tags of one value and not to those of the default.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from preuve.collect.code.checkov.records import in_way, with_all_grounds
from preuve.collect.code.job import Line
from preuve.collect.code.language.templates.parameters import NAMED, allowed, parameters_of
from preuve.collect.code.language.templates.source import FUNCTION, Block
from preuve.collect.code.language.values.value import Unknown, Value
from preuve.collect.code.verdict.grounds import hashes_of
from preuve.collect.code.verdict.tags import TAGS
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN
from preuve.model.company.grounds import Application, Kind, ground

_MOST = 64  # evaluations of a template
_STEP = re.compile(r"[/.\[]")
_CAUSE = re.compile(r"\b(?:Ref|Condition) (\w+)")

_Key = tuple[str, str]
Needed = Callable[[_Key], bool]  # whether anything depends on the result of a check (address, check)
Judge = Callable[[Mapping[str, Value], Needed], list[Line]]


def with_allowed(
    lines: list[Line], template: Block, known: Collection[str], judge: Judge, by_tags: Collection[str] = ()
) -> list[Line]:
    """Return the lines of a template with its defaults; a PASS that other allowed values do not pass becomes unknown.

    A resource that the defaults leave out and other values create is unknown too. For a check `by_tags` there is one
    more line for each set of tags under which other values do not pass. `known` are parameters whose value is given;
    `judge` evaluates the template with other values, for the results that are needed.
    """
    choices = {name: values for name, values in allowed(template).items() if name not in known}
    if not choices:
        return lines
    doubts = _Search(lines, template, choices, judge, by_tags).doubts()
    open_ = {_key(line) for line in doubts if line["check"] not in by_tags}
    left = [line for line in lines if line["result"] != PASSED or _key(line) not in open_]
    return [*_with_every_value(left, template, choices, judge), *doubts]


def _with_every_value(
    lines: list[Line], template: Block, choices: Mapping[str, list[str]], judge: Judge
) -> Iterator[Line]:
    """Yield the lines; of what fails with the defaults, and not alike with each other value of one parameter that what
    failed is written with, with what it rests on with each of them: who deploys with that value has another failure.
    What fails with a value that is not tried rests on all that is written of it.
    """
    asked = _parameters_of_failures(lines, template, choices)
    others = [(name, value) for name in sorted(asked) for value in choices[name][1:]]
    untried = {key for name, _ in others[_MOST:] for key in asked[name]}
    found: dict[_Key, list[tuple[Application, Line]]] = defaultdict(list)
    for name, value in others[:_MOST]:
        answers = {_key(line): line for line in judge({name: value}, asked[name].__contains__)}
        for key in asked[name]:
            line = answers.get(key)
            found[key] += [(_way({name: value}), line)] if line else [(Application(), {"result": PASSED})]
    for said in lines:
        line = _with_all_written(said, template) if _key(said) in untried else said
        each = found[_key(line)] if line["result"] == FAILED else []
        if all(_is_alike(one, line) for _, one in each):
            yield line
        else:
            failing = (told for way, one in each if one["result"] != PASSED for told in in_way([one], way))
            named = [ground(Kind.ALSO, way.run) for way in _by_name(_key(line), asked, choices)]
            default = {**line, "grounds": [*line.get("grounds", ()), *named]}
            yield with_all_grounds([*in_way([default], _way({})), *failing])


def _by_name(
    key: _Key, asked: Mapping[str, Collection[_Key]], choices: Mapping[str, Sequence[str]]
) -> Iterator[Application]:
    """Yield the ways of the defaults under their values: another value may be the default later."""
    return (_way({name: choices[name][0]}) for name in sorted(asked) if key in asked[name])


def _with_all_written(line: Line, template: Block) -> Line:
    """Return a line whose grounds are its resource, and everything in the template that parameters may choose."""
    resource = _section(template, "Resources").get(line["address"].partition(".")[2])
    written = [resource, *(template.get(name) for name in ("Parameters", "Conditions", "Mappings"))]
    whole = ground(Kind.CAUSE, hashes_of([written])[0])
    return {**line, "grounds": sorted({*line.get("grounds", ()), whole})}


def _is_alike(line: Line, other: Line) -> bool:
    return (line["result"], line.get("grounds")) == (other["result"], other.get("grounds"))


def _parameters_of_failures(
    lines: Iterable[Line], template: Block, choices: Mapping[str, list[str]]
) -> Mapping[str, set[_Key]]:
    """Return the parameters with several values in failing resources, each with the failures."""
    resources, named = _section(template, "Resources"), _named(template)
    loops = [body for name, body in resources.items() if name.startswith(FUNCTION)]
    found: dict[str, set[_Key]] = defaultdict(set)
    for line in (line for line in lines if line["result"] == FAILED):
        name = line["address"].partition(".")[2]
        written = _judged(resources[name], line) if name in resources else loops
        for parameter in parameters_of([written, template.get("Globals")], choices, named):
            found[parameter].add(_key(line))
    return found


def _judged(resource: object, line: Line) -> object:
    """Return what is written of a resource that decides about it, with its condition: all of it if a function makes
    its properties.
    """
    properties = resource.get("Properties") if isinstance(resource, Block) else None
    if not isinstance(resource, Block) or not isinstance(properties, Block) or any(map(_is_function, properties)):
        return resource
    names = {_STEP.split(str(key).removeprefix("Properties/"))[0] for key in line["keys"]}
    return [[properties[name] for name in names if name in properties], resource.get("Condition")]


def _is_function(name: str) -> bool:
    return name == "Ref" or name.startswith(FUNCTION)


def _way(chosen: Mapping[str, str]) -> Application:
    """Return the way in which a template is applied with values that differ from the defaults."""
    return Application(hashes_of([sorted(chosen.items())])[0])


@dataclass(frozen=True)
class _Open:
    """Values that are chosen, and the results that are not decided without them; None: all of them."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[_Key, Line] | None = None


class _Search:
    """The search for combinations of values that do not pass."""

    def __init__(
        self,
        lines: list[Line],
        template: Block,
        choices: Mapping[str, list[str]],
        judge: Judge,
        by_tags: Collection[str],
    ) -> None:
        self._said = {_key(line): line for line in lines}
        self._by_tags = by_tags
        self._named = _named(template)
        self._choices = choices  # by parameter, the default first
        self._judge = judge
        self._doubts: list[Line] = []
        self._closed: set[_Key] = set()  # the results of which no more has to be known

    def doubts(self) -> list[Line]:
        """Return the lines that are unknown."""
        waiting, tried, untried = deque([_Open()]), 0, dict[_Key, Line]()
        while waiting:
            open_ = waiting.popleft()
            left = {key: line for key, line in (open_.lines or {}).items() if key not in self._closed}
            if tried == _MOST:
                untried.update({key: {**line, "tags": None} for key, line in left.items() if key not in untried})
            elif left or open_.lines is None:
                tried += 1
                waiting += self._undecided(open_)
        for line in untried.values():
            self._doubt(line, "more values that the template names than are tried")
        return self._doubts

    def _undecided(self, open_: _Open) -> Iterator[_Open]:
        """Judge with some chosen values; yield the results for which one more parameter is to be tried."""
        chosen = open_.chosen
        others = {name: Unknown((f"Ref {name} {NAMED}",)) for name in self._choices if name not in chosen}
        changed = sorted(name for name, value in chosen.items() if value != self._choices[name][0])
        asked: dict[str, dict[_Key, Line]] = {}

        def needed(key: _Key) -> bool:
            return key not in self._closed and self._counts(key, open_.lines)

        found = _not_passing(self._judge({**others, **chosen}, needed))
        for key, line in [(key, line) for key, line in found.items() if needed(key) and not self._is_told(line)]:
            named = next(self._in_tags(line, others), "")
            parameter = named or next(self._in_doubt(line, others), "")
            if changed and line["result"] == FAILED and not named:
                self._doubt(line, _failing(changed), _way({name: chosen[name] for name in changed}))
            elif parameter:
                asked.setdefault(parameter, {})[key] = line
            else:
                self._doubt(line, line["detail"])
        for parameter, lines in asked.items():
            yield from (_Open({**chosen, parameter: value}, lines) for value in self._choices[parameter])

    def _counts(self, key: _Key, asked: Mapping[_Key, Line] | None) -> bool:
        """Return whether a result changes the one with the defaults: a pass, or no result; or whether it may have other
        tags.
        """
        passes = key not in self._said or self._said[key]["result"] == PASSED
        return (passes or key[1] in self._by_tags) and (key not in self._said or asked is None or key in asked)

    def _is_told(self, line: Line) -> bool:
        """Return whether the defaults do not pass either, under the same tags."""
        said = self._said.get(_key(line))
        return said is not None and said["result"] != PASSED and said["tags"] == line["tags"]

    def _doubt(self, line: Line, why: str, way: Application | None = None) -> None:
        plain = {name: value for name, value in line.items() if name != "grounds"}
        undecided = {**plain, "result": UNKNOWN, "detail": why}
        self._doubts += in_way([undecided], way) if way else [undecided]
        if line["check"] not in self._by_tags:
            self._closed.add(_key(line))

    def _in_tags(self, line: Line, others: Collection[str]) -> Iterator[str]:
        """Yield the parameters without a chosen value on which the tags of a resource depend, if they count."""
        resource = self._named.get(line["address"].partition(".")[2]) if line["check"] in self._by_tags else None
        properties = resource.get("Properties") if isinstance(resource, Block) else None
        written = [properties[name] for name in TAGS if name in properties] if isinstance(properties, Block) else []
        yield from parameters_of(written, others, self._named)

    def _in_doubt(self, line: Line, others: Collection[str]) -> Iterator[str]:
        """Yield the parameters without a chosen value that leave a result undecided, those that it names first."""
        named = [found[1] for found in _CAUSE.finditer(line["detail"])]
        resource = line["address"].partition(".")[2]
        for written in (*named, resource):
            yield from parameters_of(written, others, self._named)
        yield from () if resource in self._named else others  # a loop makes it


def _named(template: Block) -> Mapping[str, object]:
    return {**_section(template, "Resources"), **_section(template, "Conditions")}


def _section(template: Block, name: str) -> Block:
    found = template.get(name)
    return found if isinstance(found, Block) else Block()


def _failing(changed: list[str]) -> str:
    if len(changed) == 1:
        return f"Ref {changed[0]}: another value that the template names fails"
    return f"{', '.join(f'Ref {name}' for name in changed)}: other values that the template names fail together"


def _not_passing(lines: list[Line]) -> dict[_Key, Line]:
    return {_key(line): line for result in (UNKNOWN, FAILED) for line in lines if line["result"] == result}


def _key(line: Line) -> _Key:
    return line["address"], line["check"]
