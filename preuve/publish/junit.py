"""JUnit XML as its consumers read it: totals on each suite, unique names, one child per case, never an empty file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from junit_xml import TestCase, TestSuite

from preuve.model.content import Library
from preuve.model.results import Assessment, ControlResult, ControlStatus, Finding, FindingStatus
from preuve.publish.locale import Locale, load_locale
from preuve.publish.names import (
    UNPROVABLE,
    controls_by_policy,
    grouped,
    place_name,
    place_scope,
    policy_folder,
    relative_file,
    unique_names,
)
from preuve.publish.text import first_sentence, legal, one_line


@dataclass(frozen=True)
class _Case:
    """A case and its properties, which junit-xml cannot write."""

    case: TestCase
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Context:
    """What every case needs."""

    library: Library
    locale: Locale
    controls: dict[str, tuple[str, ...]]
    prefix: str = ""


def write_junit(path: Path, assessment: Assessment, library: Library, *, controls: bool, prefix: str = "") -> None:
    """Write the findings as JUnit XML; `controls` adds a suite per framework, `prefix` leads from the top of the
    repository to the workspace. The bytes depend on the input alone.
    """
    context = _Context(library, load_locale("en"), controls_by_policy(assessment), prefix)
    suites = [_suite("findings", list(_finding_cases(assessment, context)) or [_empty(context.locale)])]
    if controls:
        suites.extend(_control_suites(assessment, context))
    document = ET.Element("testsuites")
    document.extend(suites)
    for total in ("tests", "failures", "errors"):
        document.set(total, str(sum(int(suite.get(total, "0")) for suite in suites)))
    ET.indent(document)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(ET.tostring(document, encoding="utf-8", xml_declaration=True) + b"\n")


def _suite(name: str, cases: list[_Case]) -> ET.Element:
    element: ET.Element = TestSuite(name, [case.case for case in cases]).build_xml_doc()
    element.attrib.pop("disabled", None)  # Jenkins' junit-10.xsd refuses it
    for written, case in zip(element.iter("testcase"), cases, strict=True):
        written.set("time", "0")
        if case.properties:
            properties = ET.Element("properties")
            for key, value in case.properties:
                ET.SubElement(properties, "property", {"name": key, "value": one_line(value)})
            written.insert(0, properties)
    return element


def _empty(locale: Locale) -> _Case:
    case = TestCase("nothing examined", "preuve.run")
    case.add_error_info(locale("junit.empty"), error_type="nothing_examined")
    return _Case(case)


# ---- findings -----------------------------------------------------------------------------------------------------


def _finding_cases(assessment: Assessment, context: _Context) -> Iterator[_Case]:
    for policy, findings in grouped(assessment.findings).items():
        for finding, name in zip(findings, unique_names(findings), strict=True):
            classname = one_line(f"{policy_folder(context.library, policy)}.{policy}")
            yield _finding_case(finding, name, classname, context)


def _finding_case(finding: Finding, name: str, classname: str, context: _Context) -> _Case:
    file = _file(finding, context)
    case = TestCase(name, classname, file=file or None, line=(finding.place.line or None) if file else None)
    message = one_line(_message(finding, context))
    if finding.known:
        case.add_skipped_info(one_line(f"{context.locale('junit.known')} {message}"))
    elif finding.status is FindingStatus.FAIL:
        case.add_failure_info(message, legal(_output(finding, context)), finding.severity.value)
    elif finding.status is FindingStatus.NOT_EVALUATED and finding.reason.code not in UNPROVABLE:
        case.add_error_info(message, legal(_output(finding, context)), finding.reason.code)
    elif finding.status is not FindingStatus.PASS:
        case.add_skipped_info(message)
    return _Case(case, tuple(_properties(finding, context)))


def _message(finding: Finding, context: _Context) -> str:
    locale = context.locale
    controls = context.controls.get(finding.policy, ())
    ends = locale("junit.controls", controls=", ".join(controls)) if controls else locale("junit.no_control")
    reason = locale.reason(finding.reason)
    if finding.status in (FindingStatus.WAIVED, FindingStatus.NOT_APPLICABLE):
        return f"{reason} {ends}"
    return f"[{finding.severity}] {_title(finding.policy, context)}: {reason} {ends}"


def _title(policy: str, context: _Context) -> str:
    found = context.library.policies.get(policy)
    return found.title.in_language(context.locale.language) if found else policy


def _output(finding: Finding, context: _Context) -> str:
    locale = context.locale
    lines = [locale("junit.place", place=_where(finding, context))]
    calls = (f"{module} ({file}:{line})" for module, file, line in finding.place.called_from)
    lines += [locale("junit.called", call=call) for call in calls]
    if finding.source == "iac":
        lines += [locale("junit.value", name=name, value=value or "-") for name, value in finding.observed.items()]
    policy = context.library.policies.get(finding.policy)
    if policy:
        lines.append(locale("junit.fix", fix=first_sentence(policy.remediation.in_language(locale.language))))
    lines.append(locale("junit.explain", policy=finding.policy))
    return "\n".join(one_line(line) for line in lines)


def _file(finding: Finding, context: _Context) -> str:
    return relative_file(f"{context.prefix}/{finding.place.file}") if finding.place.file else ""


def _where(finding: Finding, context: _Context) -> str:
    place = finding.place
    file = _file(finding, context)
    where = f"{file}:{place.line}" if file and place.line else file or place_scope(place)
    return f"{place_name(place)}, {place.type}" + (f", {where}" if where else "")


def _properties(finding: Finding, context: _Context) -> Iterator[tuple[str, str]]:
    yield "severity", finding.severity.value
    yield "status", finding.status.value
    yield "rev", str(finding.rev)
    yield "source", finding.source
    if finding.known:
        yield "known", "true"
    for control in context.controls.get(finding.policy, ()):
        yield "control", control
    for check in finding.checks:
        yield "check", check
    if finding.waiver:
        yield "waiver", finding.waiver


# ---- controls -----------------------------------------------------------------------------------------------------


def _control_suites(assessment: Assessment, context: _Context) -> Iterator[ET.Element]:
    frameworks: dict[str, list[_Case]] = {}
    for control in assessment.controls:
        frameworks.setdefault(control.framework, []).append(_control_case(control, context))
    for framework, cases in frameworks.items():
        yield _suite(framework, cases)


def _control_case(control: ControlResult, context: _Context) -> _Case:
    case = TestCase(one_line(control.control), one_line(control.framework))
    found = context.library.control(control.control)
    reasons = " ".join(context.locale.reason(reason) for reason in control.reasons)
    title = f"{found.title.in_language(context.locale.language)}: " if found else ""
    message = one_line(f"{title}{reasons or context.locale.word('control_means', control.status)}")
    if control.status is ControlStatus.NOT_SUPPORTED:
        case.add_failure_info(message, failure_type=control.status.value)
    elif any(item.state == "stale" for item in control.evidence) and control.status is not ControlStatus.EXCLUDED:
        case.add_error_info(message, error_type="evidence_stale")
    elif control.status is not ControlStatus.SUPPORTED:
        case.add_skipped_info(message)
    return _Case(case, (("status", control.status.value),))
