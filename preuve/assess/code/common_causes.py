"""Merges the findings that one common cause leaves undecided.

A cause counts if it names one thing of a root module, a template or a job of a workflow: an input without a value, an
attribute that AWS sets, a condition, a provider without a region, the tags of a stack. In a root, a policy of which
code shows only a part is also such a cause, and so is a block of which the code does not show what it configures. So is
what one key of `scope.iac` would say for all templates of a folder. Any other finding, or one whose causes are not
listed in full, is not merged.

The merged finding names the key of `scope.iac` by which the company can supply the value.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import attrgetter

from preuve.model.results import RESOURCES, Finding, Reason
from preuve.model.snapshot import MOST_CAUSES_TOLD, NO_PROVIDER, OF_STACK

_PARTIAL = "partial_check"
_PART = "iac_part_of_unknown"
_NEXT_CAUSE = "; "
_ARGUMENT = "at"  # the argument with the cause, which differs by resource type
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
# Keys of `scope.iac`, and the cause that each resolves.
_SAID_OUTSIDE = {
    "tags": re.compile(rf"unresolved: {_OF_PROVIDER}|{re.escape(OF_STACK)}the tags of the stack"),
    "region": re.compile(rf"{re.escape(NO_PROVIDER)}region"),
}
_OF_REGION = "Fn::GetAZs"  # zones come from the region of the stack
_WORKSPACE = r"terraform\.workspace"
_INPUT = rf"(?:{_ADDRESS}|{_WORKSPACE}|{_OF_TEMPLATE}|{_MISSING}|{_OF_REGION}|{_OF_PROVIDER})"
# A value of the run of a workflow, in one of its jobs.
_OF_RUN = r"(?:env|github|inputs|matrix|needs|steps|vars)\.[\w.-]++"
_STEPS = ".steps["
_ONE_THING = re.compile(
    rf"unresolved: {_INPUT}(?: \([\w/.\[\]]+\))?"
    rf"|depends on a value that is not in the code: \w+ \({_INPUT}(?:, {_INPUT})*\)"
    rf"|what this policy grants: (?:{_ADDRESS}|arn:[\w:./+=,@-]+)"
    rf"|unresolved: {_OF_RUN}(?:, {_OF_RUN})*+"
    r"|unresolved: (?:[\w./-]| (?!may apply this))++ may apply this folder by itself"
    r"|Ref [A-Za-z0-9]+: another value that the template names fails"
    r"|Ref [A-Za-z0-9]+(?:, Ref [A-Za-z0-9]+)+: other values that the template names fail together"
)


def once_for_a_cause(found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings of a policy; findings that one cause leaves undecided become one, with all their resources."""
    undecided: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for finding in map(_with_next_step, found):
        if _rests_on_one_thing(finding):
            undecided[_of(finding)].append(finding)
        else:
            yield finding
    yield from map(_together, undecided.values())


def _with_next_step(finding: Finding) -> Finding:
    """Name the key of `scope.iac` that would decide a finding."""
    detail = finding.reason.values.get("detail", "") if finding.reason.code == "iac_unknown" else ""
    key = next((key for key, cause in _SAID_OUTSIDE.items() if cause.search(detail)), "")
    if not key:
        return finding
    return replace(finding, reason=Reason("iac_unknown", {**finding.reason.values, "key": key}))


def _rests_on_one_thing(finding: Finding) -> bool:
    if finding.reason.code in (_PARTIAL, _PART):  # the cause is the policy itself, or one other block
        return True
    causes = finding.reason.values.get("detail", "").split(_NEXT_CAUSE)
    whole = len(causes) < MOST_CAUSES_TOLD and len(finding.checks) == 1  # there are further causes
    if finding.reason.code != "iac_unknown" or not whole:
        return False
    return all(cause.startswith((OF_STACK, NO_PROVIDER)) or _ONE_THING.fullmatch(cause) for cause in causes)


def _of(finding: Finding) -> tuple[object, ...]:
    """Return the common cause of undecided findings of one policy: a name is unique in its root module, in its
    template, or in its job. A Terraform file may contain several templates. What the company says of a folder is said
    of all templates in it.
    """
    place, values = finding.place, sorted({**finding.reason.values, _ARGUMENT: ""}.items())
    code, said = finding.reason.code, _is_said_outside(finding)
    in_template = "::" in place.type and code not in (_PARTIAL, _PART) and not said
    template = (place.file, place.id.rpartition(place.type)[0]) if in_template else ()
    job = (place.id.partition(_STEPS)[0],) if _STEPS in place.id else ()
    return (place.root, *template, *job, *values)


def _is_said_outside(finding: Finding) -> bool:
    """Return whether a finding waits for nothing but what one key of `scope.iac` says."""
    cause = _SAID_OUTSIDE.get(finding.reason.values.get("key", ""))
    return cause is not None and cause.fullmatch(finding.reason.values["detail"]) is not None


def _together(found: list[Finding]) -> Finding:
    first, *others = sorted(found, key=attrgetter("place.file", "place.line", "place.id"))
    if not others:
        return first
    same = len({one.reason.values.get(_ARGUMENT) for one in found}) == 1
    values = {**first.reason.values, RESOURCES: str(len(found)), **({} if same else {_ARGUMENT: ""})}
    reason = Reason(first.reason.code, values)
    return replace(first, reason=reason, also=tuple(other.place for other in others))
