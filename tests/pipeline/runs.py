"""Runs the pipeline against the emulated account, and compares the results of two runs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from emulator import ACCOUNT
from preuve.collect.aws.session import Limits
from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.validation.rules import needs
from preuve.library.validation.shapes import message_name
from preuve.model.errors import Exit
from preuve.model.results import Assessment, Finding
from preuve.model.snapshot import Snapshot
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.outcome import exit_code
from preuve.pipeline.run.preparation import Preparation, judge, prepare
from preuve.snapshot.reader import read_calls, read_snapshot

ROOT = Path(__file__).parents[2]
LIMITS = Limits(connect=5, read=20, attempts=2, threads=8)
WORKSPACE = """schema: 1
organisation: {{name: Try, country: FR, language: en}}
scope: {{accounts: [{{id: "{account}", name: production}}], regions: [eu-west-3, eu-west-1]}}
evidence: {{pseudonym_key: .key/p.key, raw: {{folder: .key/raw, days: 30}}}}
aws: {{endpoint_url: "{endpoint}", demonstration: true}}
"""

Key = tuple[str, str, str, str, str]  # policy, type, account, region, id
Verdicts = Mapping[Key, tuple[tuple[str, str], ...]]  # status and reason of each finding there


def write_workspace(folder: Path, endpoint: str) -> Path:
    """A workspace on the emulated account."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "preuve.yaml").write_text(WORKSPACE.format(account=ACCOUNT, endpoint=endpoint), encoding="utf-8")
    return folder


FRAMEWORK = """id: few
title: {en: A few policies, fr: Quelques politiques}
schema: 1
framework_version: "1"
content_version: "1.0.0"
effective_date: "2026-01-01"
changelog: [{version: "1.0.0", date: "2026-01-01", author: Try, change: {en: First, fr: Premier}}]
"""
CONTROL = """id: FEW.1
rev: 1
title: {en: A few, fr: Quelques-unes}
ref: "1"
label: {en: A few, fr: Quelques-unes}
objective: {en: That little is judged, fr: Que peu soit jugé}
automation: partial
policies:
"""


def with_few(folder: Path, *policies: str) -> Path:
    """Make a workspace follow its own framework with only these policies: an audit of all takes many times as long, and
    writes a thousand pages.
    """
    settings = folder / "preuve.yaml"
    text = re.sub("(?m)^frameworks:.*\n", "", settings.read_text(encoding="utf-8"))
    settings.write_text(f"{text}frameworks: [few]\n", encoding="utf-8")
    own = folder / "controls" / "few"
    own.mkdir(parents=True)
    (own / "framework.yaml").write_text(FRAMEWORK, encoding="utf-8")
    (own / "FEW.1.yaml").write_text(CONTROL + "".join(f"  {name}: partial\n" for name in policies), encoding="utf-8")
    return folder


def prepared_for(folder: Path, endpoint: str) -> Preparation:
    """The whole library, ready to run against the emulated account."""
    return prepare(write_workspace(folder, endpoint))


def narrowed(prepared: Preparation, keep: Callable[[CheckedRule], bool]) -> Preparation:
    """Keep only the policies with a matching rule."""
    names = {rule.policy.id for rule in prepared.rules if keep(rule)}
    rules = tuple(rule for rule in prepared.rules if rule.policy.id in names)
    policies = tuple(policy for policy in prepared.policies if policy.id in names)
    return replace(prepared, rules=rules, policies=policies, needs=needs(prepared.library, rules))


@dataclass(frozen=True)
class Run:
    """One collection and its judgement."""

    assessment: Assessment
    folder: Path

    @cached_property
    def verdicts(self) -> Verdicts:
        """Return the verdict of each policy for each resource."""
        found: dict[Key, list[tuple[str, str]]] = defaultdict(list)
        for finding in self.assessment.findings:
            found[key(finding)].append((finding.status.value, finding.reason.code))
        return {place: tuple(sorted(items)) for place, items in found.items()}

    @cached_property
    def calls(self) -> list[Mapping[str, Any]]:
        """The recorded calls."""
        return list(read_calls(self.folder))

    @cached_property
    def snapshot(self) -> Snapshot:
        """Return the snapshot of the run."""
        return read_snapshot(self.folder)

    @property
    def code(self) -> Exit:
        """The exit code of an audit without a gate."""
        return exit_code(self.assessment, None)

    def of(self, policies: Iterable[str]) -> list[Finding]:
        """The findings of these policies."""
        wanted = set(policies)
        return [finding for finding in self.assessment.findings if finding.policy in wanted]


def run(prepared: Preparation, folder: Path, limits: Limits = LIMITS) -> Run:
    """Collect into `folder` and judge."""
    take_snapshot(prepared, folder, Scope(aws=True, iac=False), lambda *_, **__: None, limits)
    return Run(judge(prepared, read_snapshot(folder)), folder)


def part_of(whole: Run, few: Preparation) -> Run:
    """The findings of a run of all policies for a few of them."""
    found = tuple(whole.of(policy.id for policy in few.policies))
    return Run(replace(whole.assessment, findings=found), whole.folder)


def key(finding: Finding) -> Key:
    """Return the subject of a finding."""
    place = finding.place
    return (finding.policy, place.type, place.account, place.region, place.id)


def reads(rule: CheckedRule, type_name: str) -> frozenset[str]:
    """The members of a type that a rule reads."""
    return rule.reads.get(message_name(type_name), frozenset())


def changed(before: Run, after: Run) -> set[Key]:
    """Return the places where the two runs differ."""
    return {
        place
        for place in {*before.verdicts, *after.verdicts}
        if before.verdicts.get(place) != after.verdicts.get(place)
    }


def statuses(run: Run, place: Key) -> set[str]:
    """Return the verdicts at a place; empty if it does not exist."""
    return {status for status, _ in run.verdicts.get(place, ())}


def improvements(before: Run, after: Run) -> list[str]:
    """Return verdicts that a fault improved or hid. A verdict may stay, also for another reason, become NOT_EVALUATED,
    or disappear with a listing that reports it.
    """
    found = []
    for place in sorted(changed(before, after)):
        now = statuses(after, place)
        if place not in after.verdicts:
            if not _said(after, place):
                found.append(f"{place}: {before.verdicts[place]} is gone without a word")
        elif now not in ({"NOT_EVALUATED"}, statuses(before, place)):
            found.append(f"{place}: {before.verdicts.get(place)} became {after.verdicts[place]}")
    return found


def _said(after: Run, place: Key) -> bool:
    """Whether the policy reports an unread list for the type, at the place or globally."""
    policy, type_name, account, region, _ = place
    return any(
        other[:3] == (policy, type_name, account)
        and (region in ("", other[3]) or other[3] == "global" or _listed_elsewhere(after, place))
        and ("NOT_EVALUATED", "unread_listing") in found
        for other, found in after.verdicts.items()
    )


def _listed_elsewhere(after: Run, place: Key) -> bool:
    """A trail is listed in a region that is not its own."""
    return place[1] == "AWS::CloudTrail::Trail"
