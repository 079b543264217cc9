"""Merges the findings of a policy that wait for the same inputs.

An input is what the code names and does not contain: a variable without a value, an attribute that AWS sets, a
condition, a value of a run. The folder that declares it tells which one it is: all calls of the folder share it, in
every root module. A module that is not installed is one by its source, whoever calls it. A template has inputs of its
own, and so has a job of a workflow. What a key of `scope.iac` would say is one input for all the code, though each
entry has a value of its own, and so is the fact that a check shows only a part of the policy. A cause that names no
input, and causes that are not listed in full, may be other ones for each block: only the instances of one block share
them.

The merged finding names the inputs, and the key of `scope.iac` by which the company can supply the value.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import PurePosixPath

from preuve.model.grouping import grouped
from preuve.model.results import RESOURCES, Finding, FindingStatus, Place, Reason, block_name
from preuve.model.snapshot import MOST_CAUSES_TOLD, NO_PROVIDER, NOT_LOADED, OF_STACK, IacGap, IacRecord

_UNKNOWN, _PARTIAL = "iac_unknown", "partial_check"
_NEXT_CAUSE, _NEXT_NAME = "; ", ", "
_ARGUMENT, _DETAIL = "at", "detail"  # values of a reason: the argument with the cause, by resource type; the causes
_STEPS = ".steps["
_CALL = re.compile(r"module\.[\w-]+(?:\[[^\]; ]*\])?\.")
_MODULES = r"(?:module\.[\w-]+(?:\[[^\]; ]*\])?\.){0,5}"  # deeper ones are reported one by one
_SET_BY = r"(?: \([\w./-]++ (?:may set|sets) it\))?"  # set by a file that is not named in `runs`
_ADDRESS = (
    rf"(?>{_MODULES}(?:data\.)?(?:var|module|[a-z][a-z0-9]*_\w+)\.[\w-]+(?:[.\[][^; :,()]*)?(?=[; :,()]|\Z)){_SET_BY}"
)
_PARAMETER = r"Ref [A-Za-z0-9]+(?: \((?:/aws/service|[\w./ -]+ (?:sets|may set) it|the template names its values)\))?"
_OF_TEMPLATE = (
    rf"{_PARAMETER}|Condition [A-Za-z0-9]+|AWS::[A-Za-z]+|[A-Z][A-Za-z0-9]*\.[A-Z][A-Za-z0-9.]*"
    r"|Fn::ImportValue [\w:.() -]+"
)
_MISSING = r"(?:Fn::FindInMap )?[A-Za-z0-9]+ \(not in this template: [a-z ]+\)"
_OF_PROVIDER = r"provider\.default_tags"
_BLOCK = re.compile(r"(?:data\.)?(?:var|[a-z][a-z0-9]*_\w+)\.[\w-]+")
# Keys of `scope.iac`, and the cause that each resolves.
_SAID_OUTSIDE = {
    "tags": re.compile(rf"unresolved: {_OF_PROVIDER}|{re.escape(OF_STACK)}the tags of the stack"),
    "region": re.compile(rf"{re.escape(NO_PROVIDER)}region"),
}
_OF_REGION = "Fn::GetAZs"  # zones come from the region of the stack
_WORKSPACE = r"terraform\.workspace"
_OF_RUN = r"(?:env|github|inputs|matrix|needs|steps|vars)\.[\w.-]++"
_INPUT = rf"(?:{_ADDRESS}|{_WORKSPACE}|{_OF_TEMPLATE}|{_MISSING}|{_OF_REGION}|{_OF_RUN})"
# The forms of a cause that names inputs.
_NAMING = tuple(
    map(
        re.compile,
        (
            rf"unresolved: (?P<names>{_INPUT}(?:, {_INPUT})*+)(?P<argument> \([\w/.\[\]]+\))?",
            rf"depends on a value that is not in the code: \w+ \((?P<names>{_INPUT}(?:, {_INPUT})*+)\)",
            rf"what this policy grants: (?P<names>{_ADDRESS}|arn:[\w:./+=,@-]+)",
        ),
    )
)
# Causes that leave open a root module or a template as a whole.
_OF_ALL = re.compile(
    rf"(?:{re.escape(OF_STACK)}|{re.escape(NO_PROVIDER)}).*+"
    r"|unresolved: (?:[\w./-]| (?!may apply this))++ may apply this folder by itself"
    r"|Ref [A-Za-z0-9]+: another value that the template names fails"
    r"|Ref [A-Za-z0-9]+(?:, Ref [A-Za-z0-9]+)+: other values that the template names fail together"
)
_Cause = tuple[tuple[str, ...], str]  # where what it names is declared, and the cause by the names there


_NOT_INSTALLED = re.compile(r"module ([\w-]+) \((.*)\) is not installed: ")


@dataclass(frozen=True)
class Modules:
    """The modules of some code."""

    folders: Mapping[tuple[str, str], str]  # by root module and address
    absent: Mapping[
        tuple[str, str], str
    ]  # sources of those that are not installed, by root module and name of the call

    @staticmethod
    def of(records: Iterable[IacRecord], gaps: Iterable[IacGap]) -> Modules:
        """Return the modules that hold the blocks of a snapshot, and those that its gaps name."""
        inside = (record for record in records if record.type != "module")  # a call stands outside of what it calls
        calls = ((record.root, "".join(_path(record.address)[0]), record.file) for record in inside)
        said = ((gap.root, _NOT_INSTALLED.match(gap.detail)) for gap in gaps if gap.cause == NOT_LOADED)
        sources = grouped(((root, match[1]), match[2]) for root, match in said if match)
        return Modules(
            {(root, address): PurePosixPath(file).parent.as_posix() for root, address, file in calls if address},
            # A path means one thing in its folder.
            {call: of[0] for call, of in sources.items() if len(set(of)) == 1 and not of[0].startswith(".")},
        )

    def declared(self, name: str, place: Place) -> tuple[str, str]:
        """Return what declares an input, and its name there: the folder of a module, or the scope."""
        address, *set_by = name.split(" ", 1)
        calls, rest = _path(address)
        block = _BLOCK.match(rest)
        if not (calls or block):
            return _scope(place), name
        known = (n for n in range(len(calls), 0, -1) if (place.root, "".join(calls[:n])) in self.folders)
        steps = next(known, 0)
        folder = self.folders[place.root, "".join(calls[:steps])] if steps else _scope(place)
        told = "".join([*calls[steps:], block[0] if block else ""]).removesuffix(".")
        absent = None if block else self.absent.get((place.root, calls[-1].split(".")[1].partition("[")[0]))
        return ("", f"module {absent}") if absent else (folder, " ".join([told, *set_by]))


def once_for_a_cause(found: Iterable[Finding], modules: Modules) -> Iterator[Finding]:
    """Yield the findings of a policy; undecided ones that wait for the same inputs become one, with all their
    resources.
    """
    undecided: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for finding in map(_with_next_step, found):
        if finding.status is FindingStatus.NOT_EVALUATED:
            undecided[_one_answer(finding, modules)].append(finding)
        else:
            yield finding
    yield from (_together(waiting, modules) for waiting in undecided.values())


def _with_next_step(finding: Finding) -> Finding:
    """Name the key of `scope.iac` that would decide a finding."""
    detail = finding.reason.values.get("detail", "") if finding.reason.code == _UNKNOWN else ""
    key = next((key for key, cause in _SAID_OUTSIDE.items() if cause.search(detail)), "")
    if not key:
        return finding
    return replace(finding, reason=Reason(_UNKNOWN, {**finding.reason.values, "key": key}))


def _one_answer(finding: Finding, modules: Modules) -> tuple[object, ...]:
    """Return what undecided findings of one policy have in common if the same answer would decide them."""
    values = sorted({**finding.reason.values, _ARGUMENT: "", _DETAIL: ""}.items())
    return (finding.reason.code, _causes(finding, modules), *values)


def _causes(finding: Finding, modules: Modules) -> frozenset[_Cause]:
    place, reason = finding.place, finding.reason
    if reason.code != _UNKNOWN:  # the cause is the policy itself, or another block of the root
        return frozenset() if reason.code == _PARTIAL else frozenset([((place.root,), "")])
    detail = reason.values.get(_DETAIL, "")
    causes = detail.split(_NEXT_CAUSE)
    if len(causes) < MOST_CAUSES_TOLD and len(finding.checks) == 1:
        return frozenset(_cause(cause, place, modules) for cause in causes)
    return frozenset([_of_block(detail, place)])  # there are further causes


def _cause(cause: str, place: Place, modules: Modules) -> _Cause:
    if any(said.fullmatch(cause) for said in _SAID_OUTSIDE.values()):
        return (), cause
    if _OF_ALL.fullmatch(cause):
        return (_scope(place),), cause
    named = next(filter(None, (form.fullmatch(cause) for form in _NAMING)), None)
    if named is None:
        return _of_block(cause, place)
    declared = sorted(modules.declared(name, place) for name in named["names"].split(_NEXT_NAME))
    end = named.groupdict().get("argument") or ""
    told = _NEXT_NAME.join(name for _, name in declared)
    text = f"{cause[: named.start('names')]}{told}{cause[named.end('names') :].removesuffix(end)}"
    return tuple(where for where, _ in declared), text


def _of_block(cause: str, place: Place) -> _Cause:
    return (place.file, str(place.line), place.type, block_name(place)), cause


def _scope(place: Place) -> str:
    """Return the code in which a name means one thing: a root module, a template, or a job."""
    if "::" in place.type:  # a Terraform file may contain several templates
        return f"{place.file}:{place.id.rpartition(place.type)[0]}"
    return place.id.partition(_STEPS)[0] if _STEPS in place.id else place.root


def _path(address: str) -> tuple[list[str], str]:
    """Return the calls of modules in an address, and the rest."""
    calls, rest = [], f"{address}."
    while call := _CALL.match(rest):
        calls.append(call[0])
        rest = rest[call.end() :]
    return calls, rest


def _together(found: list[Finding], modules: Modules) -> Finding:
    first, *others = each = sorted(found, key=attrgetter("place.file", "place.line", "place.root", "place.id"))
    if not others:
        return first
    values = {**first.reason.values, RESOURCES: str(len(each))}
    if len({one.reason.values.get(_ARGUMENT) for one in each}) > 1:
        values[_ARGUMENT] = ""
    if len({one.reason.values.get(_DETAIL) for one in each}) > 1:
        values[_DETAIL] = _NEXT_CAUSE.join(sorted(text for _, text in _causes(first, modules)))
    reason = Reason(first.reason.code, values)
    return replace(first, reason=reason, also=tuple(one.place for one in others), each=tuple(each))
