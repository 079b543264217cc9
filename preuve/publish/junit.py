"""JUnit XML in the form that its consumers read: totals on each suite, unique names, one child per case, never an empty
file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree as ET

from junit_xml import TestCase, TestSuite

from preuve.model.content import Library, Severity
from preuve.model.grouping import grouped
from preuve.model.results import (
    Assessment,
    ControlResult,
    ControlStatus,
    Finding,
    FindingGroup,
    FindingStatus,
    Place,
    by_resource,
    similar_findings,
)
from preuve.publish.words.code_texts import CodeTexts
from preuve.publish.words.locale import Locale, load_locale
from preuve.publish.words.names import (
    THEME,
    UNPROVABLE,
    LinkedControls,
    joined,
    place_name,
    place_scope,
    policy_folder,
    relative_file,
    standings,
    titles,
    unique_names,
)
from preuve.publish.words.text import first_sentence, legal, one_line

_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class _Case:
    """A case and its properties, which junit-xml cannot write."""

    case: TestCase
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Suite:
    """A suite: the outcome of its cases (`_kind`), counted, and the cases in parts, made while they are written."""

    name: str
    kinds: Counter[str]
    findings: int  # findings in its cases: equal ones share a case; 0 without any
    parts: Iterable[list[_Case]]


@dataclass(frozen=True)
class _Context:
    """The values that all cases share."""

    library: Library
    locale: Locale
    linked: LinkedControls
    code: CodeTexts
    prefix: str = ""
    gate: Severity | None = None
    xunit: bool = False
    stopping: Collection[tuple[str, Place]] = ()  # policy and place of what stops a push though it has no verdict

    @cached_property
    def named(self) -> Mapping[str, str]:
        """The titles of policies and of manual evidence, by id."""
        return titles(self.library, self.locale.language)


def write_junit(  # noqa: PLR0913 - what the file is made of, and the seven things that callers choose
    path: Path,
    assessment: Assessment,
    library: Library,
    *,
    controls: bool,
    prefix: str = "",
    params: Mapping[str, Any] = _NONE,
    language: str = "en",
    xunit: bool = False,
    gate: Severity | None = None,
    accounts: Sequence[str] = (),
    hidden: Iterable[Finding] = (),
) -> None:
    """Write the findings as JUnit XML; `controls` adds a suite per framework, `prefix` leads from the top of the
    repository to the workspace, which sets `params`. The bytes depend on the input alone.

    With several `accounts`, each has a separate suite, after all others.

    With a `gate`, a result that does not stop the run is a skipped case: a failure below the gate, and an undecided
    finding although everything was read, except those that a push has `hidden`. Without a gate every failure is a
    failure, and every undecided finding an error. Most consumers read properties, file and line of a case, but the
    schema of Jenkins' xUnit plugin does not allow them: with `xunit` they are in the output of the case, and the file
    is valid.
    """
    locale = load_locale(language)
    texts = CodeTexts(library, params, locale)
    stopping = frozenset((each.policy, each.place) for each in by_resource(hidden))
    context = _Context(library, locale, LinkedControls(assessment), texts, prefix, gate, xunit, stopping)
    suites = _findings_suites(assessment, context, accounts if len(accounts) > 1 else ())
    if controls:
        suites.extend(_control_suites(assessment, context))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", errors="xmlcharrefreplace", newline="\n") as file:
        file.writelines(_lines(suites, xunit=xunit))


def _lines(suites: Sequence[_Suite], *, xunit: bool) -> Iterator[str]:
    """Yield the document in parts: as a whole, one of 100,000 cases takes 600 MB."""
    every = sum((suite.kinds for suite in suites), Counter())
    yield "<?xml version='1.0' encoding='utf-8'?>\n"
    totals = {"tests": every.total(), "failures": every["failure"], "errors": every["error"]}
    yield _opening("testsuites", {name: str(number) for name, number in totals.items()})
    for suite in suites:
        kinds = suite.kinds
        failed = {"errors": str(kinds["error"]), "failures": str(kinds["failure"])}
        rest = {"skipped": str(kinds["skipped"]), "tests": str(kinds.total()), "time": "0"}
        yield _opening("testsuite", {**failed, "name": suite.name, **rest})
        if suite.findings:
            yield f'<properties><property name="findings" value="{suite.findings}" /></properties>\n'
        for part in suite.parts:
            for element in _elements(part, xunit=xunit):
                yield f"{ET.tostring(element, 'unicode')}\n"
        yield "</testsuite>\n"
    yield "</testsuites>\n"


def _opening(tag: str, attributes: dict[str, str]) -> str:
    """Return the start of an element that contains others."""
    whole = ET.tostring(ET.Element(tag, attributes), "unicode")
    return f"{whole.removesuffix(' />')}>\n"


def _elements(cases: list[_Case], *, xunit: bool) -> Iterator[ET.Element]:
    written = TestSuite("", [case.case for case in cases]).build_xml_doc().iter("testcase")
    for element, case in zip(written, cases, strict=True):
        for skipped in element.iter("skipped"):
            del skipped.attrib["type"]  # which junit-xml repeats: "skipped"
        if xunit:
            place = [(name, known) for name in ("file", "line") if (known := element.attrib.pop(name, ""))]
            ET.SubElement(element, "system-out").text = _told([*case.properties, *place])
        else:
            element.set("time", "0")  # GitLab reads it
            if case.properties:
                element.insert(0, _as_element(case.properties))
        yield element


def _as_element(known: Sequence[tuple[str, str]]) -> ET.Element:
    properties = ET.Element("properties")
    for key, value in known:
        ET.SubElement(properties, "property", {"name": key, "value": one_line(value)})
    return properties


def _told(properties: Sequence[tuple[str, str]]) -> str:
    """Return properties as lines, one for each name."""
    lines = grouped((name, one_line(value)) for name, value in properties)
    return "\n".join(f"{name}: {', '.join(values)}" for name, values in lines.items())


def _empty(locale: Locale) -> _Case:
    case = TestCase("nothing examined", "preuve.run")
    case.add_error_info(locale("junit.empty"), error_type="nothing_examined")
    return _Case(case)


# ---- findings -----------------------------------------------------------------------------------------------------


def _findings_suites(assessment: Assessment, context: _Context, accounts: Sequence[str]) -> list[_Suite]:
    by_suite: dict[str, list[Finding]] = {name: [] for name in ("findings", *accounts)}
    for finding in assessment.findings:
        by_suite[finding.place.account if finding.place.account in accounts else "findings"].append(finding)
    filled = {name: found for name, found in by_suite.items() if found} or {"findings": []}
    return [
        _findings_suite(f"account {name}" if name in accounts else name, found, context)
        for name, found in filled.items()
    ]


def _findings_suite(name: str, findings: Sequence[Finding], context: _Context) -> _Suite:
    kinds = Counter(_kind(group, context) for group in _groups(findings, context))
    if not kinds:
        return _Suite(name, Counter(error=1), 0, [[_empty(context.locale)]])
    return _Suite(name, kinds, len(findings), _finding_cases(findings, context))


def _groups(findings: Sequence[Finding], context: _Context) -> Iterator[FindingGroup]:
    """Yield the findings of each case. What stops a push stands for those that were undecided before it."""
    for group in similar_findings(findings):
        first, *others = group.findings
        places = (one.place for one in by_resource([first]) if (one.policy, one.place) in context.stopping)
        place = next(places, first.place)
        also = tuple(one for one in first.places if one != place)
        yield FindingGroup((replace(first, place=place, also=also), *others)) if place != first.place else group


def _kind(group: FindingGroup, context: _Context) -> str:
    """Return the kind of a finding's case: failure, error, skipped; "" for a pass."""
    finding = group.first
    if finding.known or _is_below(finding, context.gate) or _is_open(group, context):
        return "skipped"
    if finding.status is FindingStatus.FAIL:
        return "failure"
    if finding.status is FindingStatus.NOT_EVALUATED and finding.reason.code not in UNPROVABLE:
        return "error"
    return "" if finding.status is FindingStatus.PASS else "skipped"


def _is_below(finding: Finding, gate: Severity | None) -> bool:
    return gate is not None and finding.status is FindingStatus.FAIL and finding.severity.rank > gate.rank


def _is_open(group: FindingGroup, context: _Context) -> bool:
    """Return whether findings have no verdict, and do not stop the run for that reason."""
    finding = group.first
    if context.gate is None or finding.incomplete or finding.status is not FindingStatus.NOT_EVALUATED:
        return False
    return not any((one.policy, one.place) in context.stopping for one in by_resource(group.findings))


def _finding_cases(findings: Sequence[Finding], context: _Context) -> Iterator[list[_Case]]:
    """Yield the cases of each policy, then those of what was not read, for all policies."""
    gaps: list[FindingGroup] = []
    policies: dict[str, list[FindingGroup]] = {}
    for group in _groups(findings, context):
        if group.first.incomplete and group.first.source == "iac":
            gaps.append(group)
        else:
            policies.setdefault(group.first.policy, []).append(group)
    for policy, groups in policies.items():
        yield _cases(groups, one_line(f"{policy_folder(context.library, policy)}.{policy}"), context)
    if gaps:
        yield _cases(gaps, _UNREAD, context)


_UNREAD = "code.not_examined"  # the class of cases that were not read


def _cases(groups: list[FindingGroup], classname: str, context: _Context) -> list[_Case]:
    names = unique_names([group.first for group in groups])
    return [_finding_case(group, name, classname, context) for group, name in zip(groups, names, strict=True)]


def _finding_case(group: FindingGroup, name: str, classname: str, context: _Context) -> _Case:
    finding = group.first
    file = _file(finding.place, context)
    case = TestCase(name, classname, file=file or None, line=(finding.place.line or None) if file else None)
    kind = _kind(group, context)
    if kind:
        message = one_line(_message(group, context))
        if finding.known:
            message = one_line(f"{context.locale('junit.known')} {message}")
        elif _is_below(finding, context.gate):
            message = one_line(f"{context.locale('junit.below')} {message}")
        elif _is_open(group, context) and finding.reason.code not in UNPROVABLE:
            message = one_line(f"{context.locale('junit.open')} {message}")
        if kind == "failure":
            case.add_failure_info(message, legal(_output(group, context)), finding.severity.value)
        elif kind == "error":
            case.add_error_info(message, legal(_output(group, context)), finding.reason.code)
        else:
            case.add_skipped_info(message)
    return _Case(case, tuple(_properties(group, context)))


def _message(group: FindingGroup, context: _Context) -> str:
    """Return the message of a case, with the number of findings that it represents: alike findings are one case."""
    several = len(group.findings)
    counted = f" {context.locale('junit.stands', n=several)}" if several > 1 else ""
    return _said(group, context) + counted


def _said(group: FindingGroup, context: _Context) -> str:
    locale, finding = context.locale, group.first
    if finding.incomplete and len(group.policies) > 1:
        policies = locale("junit.policies", policies=", ".join(group.policies))
        return f"{context.code.reason(finding)} {policies}"
    controls, supported = context.linked.of([finding])
    ends = locale("junit.no_control")
    if controls or supported:
        named = joined(controls or supported, context.library, locale)
        ends = locale("junit.controls" if controls else "junit.supported", controls=named)
    if (controls or supported) and context.xunit:
        ends = ""  # the output of the case has them
    reason = context.code.reason(finding)
    if finding.status in (FindingStatus.WAIVED, FindingStatus.NOT_APPLICABLE):
        return f"{reason} {ends}"
    head = f"[{locale.word('severity', finding.severity)}] {_title(finding.policy, context)}{locale('site.colon')}"
    return f"{head} {reason} {ends}"


def _title(policy: str, context: _Context) -> str:
    return context.library.title(policy, context.locale.language)


def _output(group: FindingGroup, context: _Context) -> str:
    locale, finding = context.locale, group.first
    lines = [locale("junit.place", place=_where(finding.place, context))]
    here = _lines_of(finding.place, context)
    places = dict.fromkeys(one.place for one in by_resource(group.findings))
    others = dict.fromkeys(_named(place, context, here) for place in places if place != finding.place)
    lines += [locale("junit.instances", instances=", ".join(others))] if others and not finding.incomplete else []
    calls = (f"{module} ({file}:{line})" for module, file, line in finding.place.called_from)
    lines += [locale("junit.called", call=call) for call in calls]
    if finding.source == "iac":
        lines += [
            locale("junit.value", name=name, value=locale("push.unset") if value is None else value)
            for name, value in finding.observed.items()
        ]
    policy = context.library.policies.get(finding.policy)
    if policy:
        lines.append(locale("junit.fix", fix=first_sentence(policy.remediation.in_language(locale.language))))
    code = [context.code.fix(finding)]
    more = locale("junit.explain", policy=finding.policy)
    return "\n".join([*map(one_line, lines), *filter(None, code), one_line(more)])


def _named(place: Place, context: _Context, besides: str = "") -> str:
    """Return the name of a further resource of a finding, with its file and line unless they are those `besides`."""
    told = _lines_of(place, context)
    return f"{place_name(place)} ({told})" if told != besides else place_name(place)


def _file(place: Place, context: _Context) -> str:
    return relative_file(f"{context.prefix}/{place.file}") if place.file else ""


def _lines_of(place: Place, context: _Context) -> str:
    file = _file(place, context)
    return f"{file}:{place.line}" if file and place.line else file


def _where(place: Place, context: _Context) -> str:
    where = _lines_of(place, context) or place_scope(place)
    return f"{place_name(place)}, {place.type}" + (f", {where}" if where else "")


def _properties(group: FindingGroup, context: _Context) -> Iterator[tuple[str, str]]:
    finding = group.first
    if len(group.findings) > 1:
        yield "findings", str(len(group.findings))
    yield "severity", finding.severity.value
    yield "status", finding.status.value
    yield "rev", str(finding.rev)
    yield "source", finding.source
    if finding.known:
        yield "known", "true"
    if finding.status is not FindingStatus.NOT_APPLICABLE:  # else it says nothing of a control
        controls, supported = context.linked.of([finding])
        yield from (("control", control) for control in controls)
        yield from (("supports", control) for control in supported)
    for check in finding.checks:
        yield "check", check
    yield from (("also", _named(place, context)) for place in finding.also)
    if finding.waiver:
        yield "waiver", finding.waiver


# ---- controls -----------------------------------------------------------------------------------------------------


def _control_suites(assessment: Assessment, context: _Context) -> Iterator[_Suite]:
    for item in standings(assessment, context.library, context.locale):
        cases = [_control_case(control, context) for control in item.results]
        name = f"{item.framework}.{THEME}" if item.themes else item.framework
        yield _Suite(name, Counter(_of_control(case.case) for case in cases), 0, [cases])


def _of_control(case: TestCase) -> str:
    if case.is_failure():
        return "failure"
    if case.is_error():
        return "error"
    return "skipped" if case.is_skipped() else ""


def _control_case(control: ControlResult, context: _Context) -> _Case:
    case = TestCase(one_line(control.control), one_line(control.framework))
    found = context.library.control(control.control)
    reasons = " ".join(context.locale.reason(reason, context.named) for reason in control.reasons)
    title = f"{found.title.in_language(context.locale.language)}{context.locale('site.colon')} " if found else ""
    message = one_line(f"{title}{reasons or context.locale.word('control_means', control.status)}")
    if control.status is ControlStatus.NOT_SUPPORTED:
        case.add_failure_info(message, failure_type=control.status.value)
    elif lacking := _lacking(control):
        case.add_error_info(message, error_type=lacking)
    elif control.status is not ControlStatus.SUPPORTED:
        case.add_skipped_info(message)
    return _Case(case, (("status", control.status.value),))


def _lacking(control: ControlResult) -> str:
    """Return the type of the error if manual evidence is out of date or was never attested, which is no better; "" if
    it is neither, or not due.
    """
    states = {item.state for item in control.evidence}
    found = [state for state in ("stale", "missing") if state in states]
    return f"evidence_{'_and_'.join(found)}" if found and control.status is not ControlStatus.EXCLUDED else ""
