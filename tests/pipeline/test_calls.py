"""The calls of a whole run: each one once, none that no policy needs, and never a change."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from emulator import Emulator
from examples.techstart.history.kept import read_audits, without_names
from pipeline.runs import Run, narrowed, run
from preuve.library.iam.actions import actions
from preuve.model.content import Library
from preuve.model.results import Place
from preuve.pipeline.run.preparation import Preparation
from preuve.pipeline.run.redaction import key_path
from preuve.redact.pseudonyms import Pseudonyms, load_key

READS = ("Get", "List", "Describe", "BatchGet", "Lookup", "Search")


def test_no_call_is_made_twice(whole_ledger: list[dict[str, Any]]) -> None:
    asked = Counter((item["service"], item["operation"], item["region"], item["digest"]) for item in whole_ledger)
    twice = [call for call, times in asked.items() if times > 1]
    assert [call for call in twice if call[1] != "GenerateCredentialReport"] == []  # a job, asked for until it is done


def test_every_call_is_a_read_that_the_account_supports(whole_ledger: list[dict[str, Any]]) -> None:
    asked = {item["operation"] for item in whole_ledger}
    assert [name for name in asked if not name.startswith(READS)] in ([], ["GenerateCredentialReport"])
    missing = [item for item in whole_ledger if item["by"] == "missing"]
    assert missing == [], "\n".join(f"{item['service']}:{item['operation']}: {item['why']}" for item in missing)


def test_the_kept_audits_know_what_is_in_the_account_by_the_names_of_today(whole: Run, prepared: Preparation) -> None:
    """Else each of these would be new in the demonstration, and its failures out of sight: `make history`."""
    of = Pseudonyms(load_key(key_path(prepared.workspace))).of
    today = {_named(finding.place) for finding in whole.assessment.findings}
    for time, text in read_audits().items():
        lines = map(json.loads, without_names(text, of).splitlines())
        kept = {_named(Place(**line["place"])) for line in lines if line["kind"] == "finding"}
        assert kept == today, time


def _named(place: Place) -> tuple[str, ...]:
    """What is one resource of AWS over the runs; of all else, nothing."""
    known = place.type.startswith("AWS::") and place.id
    return (place.type, place.account, place.region, place.id, place.arn) if known else ("",)


def test_every_call_is_recorded_with_its_request_id(whole: Run, whole_ledger: list[dict[str, Any]]) -> None:
    recorded = Counter((call["service"], call["operation"], call["region"]) for call in whole.calls)
    seen = Counter((item["service"], item["operation"], item["region"]) for item in whole_ledger)
    for counts in (recorded, seen):
        for call in [call for call in counts if call[1] == "GenerateCredentialReport"]:
            del counts[call]  # called until the report is ready
    assert recorded == seen
    assert [call["id"] for call in whole.calls if not call["request_id"] or call["attempts"] != 1] == []
    assert len({call["id"] for call in whole.calls}) == len(whole.calls)


def test_findings_refer_to_recorded_calls(whole: Run) -> None:
    known = {call["id"] for call in whole.calls}
    for finding in whole.assessment.findings:
        assert set(finding.calls) <= known, finding.policy
        assert finding.calls or finding.status.value == "NOT_EVALUATED" or finding.place.type.count("::") == 1


def declared_actions(library: Library) -> set[str]:
    """Every IAM action that a collector may need."""
    found: set[str] = set()
    for declared in library.types.values():
        hydrate = (declared.hydrate,) if declared.hydrate else ()
        for call in (*declared.lists, *hydrate, *declared.details.values(), *declared.fallback.values()):
            found.update(actions(call))
            if call.prepare:
                found.update(actions(call.prepare.call))
    return found


def test_recorded_actions_are_those_of_the_collectors(prepared: Preparation, whole: Run) -> None:
    assert {call["action"] for call in whole.calls} <= declared_actions(prepared.library) | {"sts:GetCallerIdentity"}


def test_one_policy_makes_only_its_own_calls(
    techstart_account: Emulator, prepared: Preparation, tmp_path: Path
) -> None:
    topic = "AWS::SNS::Topic"
    rule = next(rule for rule in prepared.rules if rule.rule.resource == "AWS::Lambda::Function")
    few = narrowed(prepared, lambda other: other.policy.id == rule.policy.id)
    run(few, tmp_path / "run")
    allowed = {"GetCallerIdentity"}
    for name, members in few.needs.types.items():
        declared = prepared.library.types[name]
        hydrate = (declared.hydrate,) if declared.hydrate else ()
        details = [call for member, call in declared.details.items() if member in members]
        for call in (*declared.lists, *hydrate, *details, *declared.fallback.values()):
            allowed.add(call.operation)
    assert {item["operation"] for item in techstart_account.ledger()} <= allowed
    assert topic not in few.needs.types
    assert len(techstart_account.ledger()) < 20
