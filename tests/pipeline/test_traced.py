"""Each observed value of a verdict stands in the recorded answer of a call that it cites; every PASS has some.

The lines of the snapshot that a verdict links to are those that it rests on.
"""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator import ACCOUNT, Emulator
from pipeline.runs import LIMITS, ROOT, Run, prepared_for
from preuve.assess.assessment import assess
from preuve.model.content import Library, ResourceType
from preuve.model.layout import SNAPSHOT
from preuve.model.results import Finding, FindingStatus
from preuve.model.snapshot import Resource, Snapshot
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.preparation import Preparation, judge, prepare
from preuve.publish.site.lines import line_of, snapshot_lines
from preuve.snapshot.reader import read_snapshot

VERDICTS = (FindingStatus.PASS, FindingStatus.FAIL, FindingStatus.WAIVED)
REDACTED = ("person-", "key-", "phone-", "iban-", "[removed", "[not kept]")


@pytest.fixture(scope="module")
def audited(_techstart_account: Emulator, tmp_path_factory: pytest.TempPathFactory) -> tuple[Preparation, Run]:
    """TechStart's estate and code, read as an audit reads them: with a raw copy of each answer."""
    _techstart_account.reset(state=False)
    folder = tmp_path_factory.mktemp("traced")
    prepared = _with_code(prepared_for(folder / "workspace", _techstart_account.endpoint))
    take_snapshot(prepared, folder / "snapshot", Scope(aws=True, iac=True), lambda *_, **__: None, LIMITS, run={})
    return prepared, Run(judge(prepared, read_snapshot(folder / "snapshot")), folder / "snapshot")


def _with_code(prepared: Preparation) -> Preparation:
    """The same workspace with the code of the demonstration."""
    demonstration, root = ROOT / "examples" / "techstart", Path(prepared.workspace.root)
    for name in ("infra", "portal", ".github"):
        shutil.copytree(demonstration / name, root / name)
    settings = yaml.safe_load((root / "preuve.yaml").read_text(encoding="utf-8"))
    theirs = yaml.safe_load((demonstration / "preuve.yaml").read_text(encoding="utf-8"))
    settings["scope"]["iac"] = theirs["scope"]["iac"]
    (root / "preuve.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return prepare(root)


def answers(prepared: Preparation) -> dict[str, str]:
    """Return the raw answer of each call, times as the snapshot writes them."""
    raw = Path(prepared.workspace.root) / ".key" / "raw"
    lines = (json.loads(line) for path in raw.rglob("*.jsonl") for line in path.read_text().splitlines())
    return {line["id"]: json.dumps(json.loads(line["response"]), ensure_ascii=False) for line in lines}


def derived(prepared: Preparation) -> frozenset[str]:
    """Return the members that are computed of what was answered, or known without a call."""
    types = prepared.library.types.items()
    return frozenset(name for kind, declared in types for name in _derived(declared, prepared.needs.types.get(kind)))


def _derived(declared: ResourceType, members: frozenset[str] | None) -> Iterator[str]:
    yield from (path.split(".")[0].split("[")[0] for path in declared.transforms)
    calls = {**declared.details, **declared.fallback}.items()
    yield from (member for member, call in calls if call.transform or call.known)
    if any(call.transform for call in declared.lists):  # the credential report, a table in base64
        yield from members or ()
    yield from declared.declared if declared.singleton else ()
    yield "Arn"


def taken(library: Library) -> dict[str, set[str]]:
    """Return what the answers call members that have a name of ours."""
    found: dict[str, set[str]] = defaultdict(set)
    for declared in library.types.values():
        for member, call in {**declared.details, **declared.fallback}.items():
            found[member].add(call.take.removesuffix("[]").split(".")[-1])
    return found


def leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from leaves(item, (*path, str(name)))
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, path)
    else:
        yield path, value


def traced(path: tuple[str, ...], value: Any, said: str, takes: Mapping[str, set[str]]) -> bool:
    if value is None:
        return True  # that a member is not set
    if isinstance(value, str):
        # AWS writes SUCCESS where its models, and so what was observed, say Success.
        found = (value, json.dumps(value)[1:-1], value.replace("T", " ").replace("Z", ""), f'"{value.upper()}"')
        return value.startswith("…") or any(mark in value for mark in REDACTED) or any(form in said for form in found)
    names = {path[-1], *takes.get(path[-1], ())}
    return any(f'"{name}": {form}' in said for name in names for form in (json.dumps(value), json.dumps(str(value))))


def untraced(
    finding: Finding, raw: Mapping[str, str], computed: frozenset[str], takes: Mapping[str, set[str]]
) -> list[str]:
    said = "\n".join(raw.get(call, "") for call in finding.calls)
    found = (pair for name, value in finding.observed.items() for pair in leaves(value, tuple(name.split("."))))
    return [
        f"{finding.policy} {finding.place.type} {finding.place.id}: {'.'.join(path)} = {value}"
        for path, value in found
        if not computed.intersection(path) and not traced(path, value, said, takes)
    ]


def test_each_observed_value_is_in_the_answer_of_a_cited_call(audited: tuple[Preparation, Run]) -> None:
    prepared, run = audited
    raw, computed, takes = answers(prepared), derived(prepared), taken(prepared.library)
    judged = [f for f in run.assessment.findings if f.status in VERDICTS and f.place.account == ACCOUNT]
    assert len(judged) > 500
    assert [line for finding in judged for line in untraced(finding, raw, computed, takes)] == []


def test_every_pass_says_what_was_observed(audited: tuple[Preparation, Run]) -> None:
    """In the account and in code: a value, or that nothing is set."""
    _, run = audited
    passed = [finding for finding in run.assessment.findings if finding.status is FindingStatus.PASS]
    assert {finding.source for finding in passed} == {"aws", "iac"}
    assert len(passed) > 600
    silent = [finding for finding in passed if not finding.observed and not finding.reason.values.get("unset")]
    assert [(finding.policy, finding.place.type, finding.place.id) for finding in silent] == []
    last = {(finding.policy, finding.place.id) for finding in passed if "code" in finding.observed}
    assert last == set()  # where a block stands is not yet what stands in it


def test_a_pass_on_an_image_or_a_workflow_shows_what_is_written_there(audited: tuple[Preparation, Run]) -> None:
    _, run = audited
    passed = [item for item in run.assessment.findings if item.status is FindingStatus.PASS]
    shown = [(item.place.type, *pair) for item in passed for pair in item.observed.items()]
    assert ("FROM", "FROM", '"python:3.13-slim"') in shown
    assert ("permissions", "permissions", '"contents: read, id-token: write"') in shown
    assert ("steps", "run", '"preuve ci"') in shown
    assert ("AWS::EFS::FileSystem", "Policy", None) in shown
    assert ("AWS::ECS::Cluster", "Tasks", []) in shown
    assert ("aws_s3_bucket", "aws_s3_bucket_public_access_block.block_public_acls", "true") in shown
    assert {item.reason.values["unset"] for item in passed if item.place.type == "variable"} == {"default"}


def test_a_verdict_on_an_empty_relation_cites_the_listing_that_was_empty(audited: tuple[Preparation, Run]) -> None:
    prepared, run = audited
    empty = 0
    for finding in run.assessment.findings:
        if finding.status not in VERDICTS or finding.place.account != ACCOUNT:
            continue
        relations = prepared.library.types[finding.place.type].relations
        for member in (name for name, value in finding.observed.items() if value == [] and name in relations):
            listed = [item for item in run.snapshot.listings if item.type == relations[member].type and item.calls]
            calls = {call for item in listed for call in item.calls}
            assert not calls or calls.intersection(finding.calls), (finding.policy, finding.place.id, member)
            empty += bool(calls)
    assert empty > 20


def judged_again(prepared: Preparation, finding: Finding, found: Snapshot) -> tuple[Finding, ...]:
    """Judge a snapshot by the rule that gave a finding; return what it comes to for the same resource."""
    rules = [
        rule for rule in prepared.rules if rule.policy.id == finding.policy and rule.rule.resource == finding.place.type
    ]
    policies = [rule.policy for rule in rules]
    made = assess(prepared.library, prepared.shapes, rules, policies, found, prepared.workspace, found.meta.finished)
    return tuple(item for item in made.findings if item.place == finding.place)


def without_code(run: Run, resources: Iterable[Resource]) -> Snapshot:
    """The snapshot with some resources only; its listings stay."""
    return replace(run.snapshot, resources=tuple(resources), records=(), gaps=(), scans=(), blocks=(), states=())


def of_each_kind(run: Run) -> list[Finding]:
    """One finding of the account for each policy, type and status, the one that rests on most lines."""
    found: dict[tuple[str, str, FindingStatus], Finding] = {}
    for finding in sorted(run.assessment.findings, key=lambda item: -len(item.lines)):
        if finding.source == "aws" and finding.place.id and not finding.waiver:
            found.setdefault((finding.policy, finding.place.type, finding.status), finding)
    return list(found.values())


def test_the_lines_of_a_verdict_and_the_listings_alone_give_it(audited: tuple[Preparation, Run]) -> None:
    """Whatever else the snapshot says may change or go: no verdict rests on a line that its page does not link to."""
    prepared, run = audited
    lines = snapshot_lines(run.snapshot)
    kinds = of_each_kind(run)
    assert len(kinds) > 300
    assert len([finding for finding in kinds if finding.lines]) > 100
    for finding in kinds:
        linked = {item for item in (own_line(finding, lines), *finding.lines) if item}
        alone = replace(
            run.snapshot, resources=tuple(it for it in run.snapshot.resources if it.at in linked), records=()
        )
        again = judged_again(prepared, finding, alone)
        assert again == (finding,), (finding.policy, finding.place)


def own_line(finding: Finding, lines: Mapping[tuple[str, ...], str]) -> str:
    found = line_of(finding, lines)
    return f"{found.file.removeprefix(SNAPSHOT + '/')}:{found.number}" if found else ""


def test_the_lines_of_a_verdict_decide_something(audited: tuple[Preparation, Run]) -> None:
    """Without one of them a verdict, its reason, what was observed or its calls differ, unless others say the same."""
    prepared, run = audited
    changed, idle = 0, []
    for finding in of_each_kind(run):
        for line in finding.lines[:4]:
            rest = [item for item in run.snapshot.resources if item.at != line]
            if len(rest) == len(run.snapshot.resources):  # a listing
                continue
            if judged_again(prepared, finding, without_code(run, rest)) == (finding,):
                idle.append((finding.policy, finding.place.id, line))
            changed += 1
    assert changed > 150
    assert len(idle) * 5 < changed, idle  # one of several users suffices for each question on passwords
