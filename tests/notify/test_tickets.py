"""One ticket for each policy and account, whatever goes wrong on the way and whatever people do to it."""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.fakes import Jira, Seen, Slack
from notify.scene import NIGHTS, S, Scene, assessment, faults, found
from preuve.model.content import Severity
from preuve.model.errors import PreuveError
from preuve.model.results import Finding, Place
from preuve.notify.channels.tickets import Event, Memory, Move, Step, Ticket, decide
from preuve.notify.delivery import Route
from preuve.notify.model import CODE, Item, Subject, Verdict
from preuve.notify.words import summary
from preuve.publish.history.runs import write_scope
from preuve.publish.results import write_results
from preuve.publish.words.locale import load_locale
from preuve.redact.pseudonyms import Pseudonyms, load_key

POLICY = "s3-encrypted"
FAIL, PASS = found(POLICY, S.FAIL), found(POLICY, S.PASS)
UNREAD, WAIVED = found(POLICY, S.NOT_EVALUATED, ""), found(POLICY, S.WAIVED)


@pytest.fixture
def told(scene: Scene, jira: Jira) -> Callable[..., list[object]]:
    """Send the result of the next night to Jira."""
    scene.settle(jira=jira.url)
    nights = iter(NIGHTS)

    def tell(*findings: object, **more: object) -> list[object]:
        lines = scene.tell(scene.scan(next(nights), *findings), **more)  # type: ignore[arg-type]
        assert faults(lines) == []
        return list(lines)

    return tell


def create(seen: Seen) -> bool:
    return (seen.method, seen.path) == ("POST", "/rest/api/3/issue")


def ends(end: str, method: str = "POST") -> Callable[[Seen], bool]:
    return lambda seen: seen.method == method and seen.path.partition("?")[0].endswith(end)


def test_a_failing_policy_gets_one_ticket_with_the_required_fields(scene: Scene, jira: Jira) -> None:
    jira.demanded = ["priority"]
    scene.settle(jira=jira.url, extra=", fields: {priority: {name: High}}, labels: [security]")
    scene.tell(scene.scan(NIGHTS[0], FAIL, found(POLICY, S.FAIL, "b"), found(POLICY, S.PASS, "c")))
    fields = jira.only().fields
    assert fields["project"] == {"key": "SEC"} and fields["issuetype"] == {"name": "Task"}
    assert fields["priority"] == {"name": "High"} and "security" in fields["labels"]
    text = str(fields["description"])
    assert "2 resources of 3 fail" in text and POLICY in text


def test_a_missing_required_field_is_reported_with_a_hint(scene: Scene, jira: Jira) -> None:
    jira.demanded = ["customfield_10010"]
    scene.settle(jira=jira.url)
    folder = scene.scan(NIGHTS[0], FAIL)
    done = scene.command(folder, "--send")
    assert done.exit_code == 1 and "customfield_10010 is required" in done.output
    assert "notify.jira.fields" in done.output and jira.issues == []


def test_the_same_run_changes_nothing_the_second_time(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    folder = scene.scan(NIGHTS[0], FAIL)
    scene.tell(folder)
    before = len(jira.wrote())
    scene.tell(folder)
    assert len(jira.wrote()) == before


def test_a_run_older_than_the_last_one_changes_nothing(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[5], FAIL))
    scene.tell(scene.scan(NIGHTS[1], PASS))
    assert jira.only().category == "new" and jira.only().comments == []
    assert "newer run" in str(scene.tell(scene.scan(NIGHTS[1], PASS)))


def test_a_ticket_that_knows_a_run_of_the_future_is_told_and_not_silent(scene: Scene, jira: Jira) -> None:
    # As a machine whose clock was wrong leaves it: every later run would end with 0 and say nothing in the ticket.
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    memory = next(iter(jira.only().properties.values()))
    memory["now"] = "2099-01-01T00:00:00Z"
    (error,) = [item for item in scene.tell(scene.scan(NIGHTS[1], PASS)) if isinstance(item, PreuveError)]
    assert "2099-01-01" in str(error) and "clock" in error.hint
    assert jira.only().category == "new" and jira.only().comments == []
    jira.only().properties.clear()  # as the hint says
    scene.tell(scene.scan(NIGHTS[2], PASS))
    assert jira.only().category == "done" or jira.only().comments


def test_a_bundle_and_a_scan_use_the_same_ticket(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    key_id = Pseudonyms(load_key(scene.root.parent / "key")).key_id
    scene.tell(scene.bundle("2026-Q4", assessment(NIGHTS[0], [FAIL]), key_id=key_id))
    scene.tell(scene.scan(NIGHTS[1], PASS))
    assert jira.only().category == "done"


def test_tickets_are_found_again_without_the_ledger(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL, found("s3-versioning", S.FAIL), found("kms-rotation", S.FAIL)))
    (scene.root / "evidence" / ".notify" / "ledger.json").unlink()
    scene.tell(scene.scan(NIGHTS[1], FAIL, found("s3-versioning", S.FAIL), found("kms-rotation", S.FAIL)))
    assert len(jira.issues) == 3, "found on the second page of the list too"


def test_a_ticket_without_its_label_is_found_through_the_ledger(told: Callable[..., object], jira: Jira) -> None:
    told(FAIL)
    jira.only().fields["labels"] = []
    told(FAIL)
    assert jira.only().properties["preuve"]["now"] == NIGHTS[1]


def test_a_ticket_that_jira_no_longer_shows_is_told_and_not_made_again(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    jira.issues.clear()  # deleted, or hidden by the security scheme of the project: Jira answers both with 404
    for night in NIGHTS[:2]:
        done = scene.command(scene.scan(night, FAIL), "--send")
        assert done.exit_code == 1 and "Jira does not show SEC-1, which the ledger has" in done.output
        assert jira.issues == []
    forget(scene)
    scene.tell(scene.scan(NIGHTS[1], FAIL))
    assert jira.only()


def test_a_hidden_ticket_that_was_to_be_resolved_is_told(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    jira.issues.clear()
    assert "Jira does not show SEC-1" in faults(scene.tell(scene.scan(NIGHTS[1], PASS)))[0]


def test_a_deleted_ticket_without_news_is_not_told(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    scene.tell(scene.scan(NIGHTS[1], PASS))
    jira.issues.clear()
    assert faults(scene.tell(scene.scan(NIGHTS[2], PASS))) == []


def test_a_ticket_is_read_directly_when_the_search_is_late(told: Callable[..., object], jira: Jira) -> None:
    jira.late = True
    told(FAIL)
    told(PASS)
    told(PASS)
    assert jira.only().category == "done" and len(jira.only().comments) == 1
    told(FAIL)
    assert jira.only().category == "new"


def forget(scene: Scene) -> None:
    """Lose the ledger."""
    (scene.root / "evidence" / ".notify" / "ledger.json").unlink()


OTHERS = [
    {"creator": "nora"},  # a copy, or somebody's own ticket with our label and what our property says
    {"key": "EVIL-5"},
    {"key": "EVIL-5", "creator": "nora"},
]


@pytest.mark.parametrize("other", OTHERS, ids=str)
@pytest.mark.parametrize("ledger", [True, False])
def test_no_older_ticket_of_others_takes_over(scene: Scene, jira: Jira, other: dict[str, str], ledger: bool) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    original = jira.only()
    jira.issues.insert(0, replace(original, **{"number": 1, "key": "SEC-99", "comments": [], **other}))  # type: ignore[arg-type]
    if not ledger:
        forget(scene)
    lines = scene.tell(scene.scan(NIGHTS[1], PASS))
    assert original.category == "done" and jira.issues[0].category == "new" and jira.issues[0].comments == []
    assert faults(lines) == [] and "close the others" not in str(lines)


def test_of_two_tickets_that_preuve_made_the_one_of_the_ledger_counts(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    original = jira.only()
    jira.issues.insert(0, replace(original, number=1, key="SEC-99", comments=[]))
    lines = scene.tell(scene.scan(NIGHTS[1], PASS))
    assert original.category == "done" and jira.issues[0].category == "new"
    assert any("SEC-99" in str(line) and "SEC-1 is the one that counts" in str(line) for line in lines)


def test_a_ticket_moved_to_another_project_is_still_used(told: Callable[..., object], jira: Jira) -> None:
    told(FAIL)
    jira.only().former, jira.only().key = "SEC-1", "DEV-7"
    told(FAIL, found(POLICY, S.FAIL, "b"))
    told(PASS, found(POLICY, S.PASS, "b"))
    assert jira.only().category == "done" and len(jira.only().comments) == 2


def test_a_second_ticket_beside_one_that_was_moved_is_named(told: Callable[..., list[object]], jira: Jira) -> None:
    told(FAIL)
    second = replace(jira.only(), number=99, key="SEC-99", comments=[])
    jira.only().former, jira.only().key = "SEC-1", "OPS-7"
    jira.issues.append(second)
    lines = told(FAIL, found(POLICY, S.FAIL, "b"))
    assert any("SEC-99" in str(line) and "OPS-7 is the one that counts" in str(line) for line in lines)


def test_a_ticket_of_the_ledger_that_is_another_one_now_is_left_alone(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    jira.only().fields, jira.only().properties, jira.only().creator = {"labels": []}, {}, "nora"  # of another site
    for night, finding in ((NIGHTS[1], PASS), (NIGHTS[2], FAIL)):
        (said,) = faults(scene.tell(scene.scan(night, finding)))
        assert said.startswith("SEC-1, which the ledger has for") and "no other is made" in said
        assert jira.only().category == "new" and jira.only().comments == []


def test_no_ticket_is_made_where_the_project_has_another_name(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    forget(scene)
    search = jira._search
    jira.issues[0].key = "SEC-1"

    def renamed(seen: Seen) -> tuple[int, bytes]:
        status, answer = search(seen)
        return status, answer.replace(b"SEC-1", b"SECU-1")  # Jira still takes the former name in a query

    jira._search = renamed  # type: ignore[method-assign]
    told = faults(scene.tell(scene.scan(NIGHTS[1], FAIL)))
    assert "SECU-1 is not in the project" in told[0] and jira.only()


def test_below_the_gate_no_ticket_is_created(told: Callable[..., object], jira: Jira) -> None:
    told(found(POLICY, S.FAIL, severity="medium"))
    assert jira.issues == []


# ---- what a run says of a ticket ----------------------------------------------------------------------------------


def test_a_ticket_is_resolved_when_everything_passes(told: Callable[..., object], jira: Jira) -> None:
    told(FAIL, found(POLICY, S.FAIL, "b"))
    told(FAIL, found(POLICY, S.PASS, "b"))
    assert jira.only().category == "new" and "1 resource of 2 fails now" in jira.texts(jira.only())[-1]
    told(PASS, found(POLICY, S.PASS, "b"), found(POLICY, S.NOT_APPLICABLE, "c"))
    assert jira.only().category == "done"
    assert "nothing that this policy examines there was left unread" in jira.texts(jira.only())[-1]


@pytest.mark.parametrize(("language", "said"), [("en", "Not met: "), ("fr", "Non respectée : ")])
def test_the_title_of_a_ticket_says_that_its_policy_is_not_met(language: str, said: str) -> None:
    """The title of a policy is what holds where it passes."""
    item = Item("p", "No bucket is public", Severity.HIGH, CODE, 1)
    assert summary(item, load_locale(language)).replace("\u00a0", " ").startswith(said)


@pytest.mark.parametrize("left", [UNREAD, WAIVED, found(POLICY, S.NOT_APPLICABLE, "")], ids=lambda item: item.status)
def test_only_a_pass_resolves_a_ticket(told: Callable[..., object], jira: Jira, left: object) -> None:
    told(FAIL)
    told(left)
    assert jira.only().category == "new"


def test_a_pass_beside_unread_resources_resolves_no_ticket(told: Callable[..., object], jira: Jira) -> None:
    told(FAIL)
    told(PASS, UNREAD)
    told(replace(PASS, incomplete=True))
    told()
    assert jira.only().category == "new" and jira.only().comments == []


def test_a_waived_or_missing_failure_gets_one_comment(told: Callable[..., object], jira: Jira) -> None:
    told(FAIL)
    for _ in range(2):
        told(WAIVED)
    for _ in range(2):
        told(found(POLICY, S.NOT_APPLICABLE, ""))
    said = jira.texts(jira.only())
    assert len(said) == 2 and "waiver" in said[0] and "no longer applies to any resource" in said[1]


def test_a_returning_failure_reopens_its_ticket(told: Callable[..., object], jira: Jira) -> None:
    told(FAIL)
    told(PASS)
    told(FAIL)
    assert jira.only().category == "new" and "Fails again" in jira.texts(jira.only())[-1]
    told(PASS)
    assert jira.only().category == "done"


def test_a_ticket_closed_by_people_gets_one_comment_and_stays_closed(told: Callable[..., object], jira: Jira) -> None:
    told(FAIL)
    jira.only().category = "done"
    for _ in range(3):
        told(FAIL)
    assert jira.only().category == "done"
    assert len(jira.only().comments) == 1 and "still fails" in jira.texts(jira.only())[0]
    told(PASS)
    told(FAIL)
    assert jira.only().category == "new", "mended in between, and back: that is news"


def test_a_ticket_reopened_by_people_stays_open(told: Callable[..., object], jira: Jira) -> None:
    told(FAIL)
    told(PASS)
    jira.only().category = "indeterminate"
    told(PASS)
    assert jira.only().category == "indeterminate"


def test_texts_written_by_people_stay(told: Callable[..., object], jira: Jira) -> None:
    told(FAIL)
    jira.only().fields["summary"], jira.only().fields["description"] = "Nora looks at it", {"mine": True}
    told(FAIL, found(POLICY, S.FAIL, "b"))
    told(PASS)
    assert jira.only().fields["summary"] == "Nora looks at it" and jira.only().fields["description"] == {"mine": True}


IN_CODE = Place("aws_s3_bucket", "a", root="infra")
OF_CODE = [replace(item, source="iac", place=IN_CODE) for item in (FAIL, PASS)]
RUNS: list[dict[str, Any]] = [{"workspace": "prod", "variables": []}, {"workspace": "test", "variables": []}]


def scan_of_code(
    scene: Scene, now: str, finding: Finding, runs: list[dict[str, Any]], *others: Finding, left: str = "", **basis: Any
) -> Path:
    """A scan whose policy rests on this, of code that is applied in these ways; `left` is left out. With `gone`, no
    block is there any more.
    """
    folder = scene.scan(now, finding, *others)
    told = assessment(now, [finding, *others])
    gone = basis.pop("gone", False)
    results = {name: replace(result, **basis) for name, result in told.policies.items()}
    write_results(folder / "results.jsonl", replace(told, policies=results, findings=() if gone else told.findings))
    root = {"path": "infra", "kind": "terraform", "plan": "", "runs": runs}
    known = {"accounts": [], "regions": [], "params": {}, "iac": [root]}
    known |= {"left_out": [{"path": left}]} if left else {}
    (scene.root / "workspace.json").write_text(json.dumps(known), encoding="utf-8")
    write_scope(folder, scene.root, now, aws=False, iac=True)
    return folder


@pytest.mark.parametrize(
    ("now", "basis", "said"),
    [
        (RUNS, {"unread": ("infra",)}, ""),  # a module is not installed any more
        (RUNS[1:], {}, "the scope is smaller"),
        ([], {}, "the scope is smaller"),
        ([{**RUNS[0], "variables": ["prod.tfvars"]}, RUNS[1]], {}, "the scope is smaller"),
        (RUNS, {"rule": "loosened"}, "the rule or one of its parameters"),
        ([*RUNS, {"workspace": "dev", "variables": []}], {}, None),
    ],
)
def test_code_that_was_read_less_or_asked_otherwise_resolves_nothing(
    scene: Scene, jira: Jira, now: list[dict[str, Any]], basis: dict[str, Any], said: str | None
) -> None:
    scene.settle(jira=jira.url)
    fail, passes = OF_CODE
    before = scan_of_code(scene, NIGHTS[0], fail, RUNS, rule="first")
    scene.tell(before)
    scene.tell(scan_of_code(scene, NIGHTS[1], passes, now, **{"rule": "first", **basis}), previous=before)
    issue = jira.only()
    assert issue.category == ("new" if said is not None else "done")
    texts = jira.texts(issue)
    assert said is None or (said in texts[-1] if said else texts == [])


@pytest.mark.parametrize(("unread", "words"), [((), 1), (("infra",), 0)])
def test_a_ticket_of_which_the_last_block_was_deleted_is_told_once(
    scene: Scene, jira: Jira, unread: tuple[str, ...], words: int
) -> None:
    scene.settle(jira=jira.url)
    fail = replace(found("sg-no-admin-ports-open", S.FAIL), source="iac", place=IN_CODE)
    scene.tell(scan_of_code(scene, NIGHTS[0], fail, RUNS))
    for night in NIGHTS[1:3]:
        scene.tell(scan_of_code(scene, night, fail, RUNS, gone=True, unread=unread))
    said = jira.texts(jira.only())
    assert (len(said), jira.only().category) == (words, "new")
    assert all("no longer applies to any resource that was examined" in text for text in said)
    scene.tell(scan_of_code(scene, NIGHTS[3], fail, RUNS))
    assert len(jira.texts(jira.only())) == 2 * words


@pytest.mark.parametrize("left", ["infra/old", ""])
@pytest.mark.parametrize("there", [True, False])
def test_what_may_have_moved_to_where_nobody_looks_is_not_mended(
    scene: Scene, jira: Jira, there: bool, left: str
) -> None:
    scene.settle(jira=jira.url)
    fail, passes = OF_CODE
    other = replace(passes, place=replace(IN_CODE, id="b"))
    scene.tell(scan_of_code(scene, NIGHTS[0], fail, RUNS, other, left=left))
    scene.tell(scan_of_code(scene, NIGHTS[1], other, RUNS, *([passes] if there else []), left=left))
    issue = jira.only()
    assert issue.category == ("done" if there or not left else "new")
    assert "where it may be now" in jira.texts(issue)[-1] or there or not left


def test_a_pass_with_another_parameter_or_a_smaller_scope_does_not_resolve(scene: Scene, jira: Jira) -> None:
    policy = "kms-not-pending-deletion"
    scene.settle(jira=jira.url)
    old = "iam-access-key-rotation"
    fails = found(old, S.FAIL), found(policy, S.FAIL)
    scene.tell(scene.scan(NIGHTS[0], *fails))
    scene.settle(jira=jira.url, more="params: {access_key_max_age_days: 300}")
    scene.tell(scene.scan(NIGHTS[1], found(old, S.PASS), found(policy, S.PASS)))
    done = {issue.category for issue in jira.issues if "access" not in str(issue.fields["description"])}
    left = next(issue for issue in jira.issues if old in str(issue.fields["description"]))
    assert left.category == "new" and "parameters has changed" in jira.texts(left)[-1]
    assert done == {"done"}, "the other policy does not read that parameter"
    text = (scene.root / "preuve.yaml").read_text(encoding="utf-8")
    scene.tell(scene.scan(NIGHTS[2], fails[1]))
    (scene.root / "preuve.yaml").write_text(text.replace("eu-west-3", "eu-west-1"), encoding="utf-8")
    scene.tell(scene.scan(NIGHTS[3], found(policy, S.PASS)))
    other = next(issue for issue in jira.issues if issue is not left)
    assert other.category == "new" and "the scope is smaller" in jira.texts(other)[-1]


def test_a_region_read_at_the_failure_must_be_read_for_the_pass(scene: Scene, jira: Jira) -> None:
    path = scene.root / "preuve.yaml"
    scene.settle(jira=jira.url)
    one = path.read_text(encoding="utf-8")
    two = one.replace("[eu-west-3]", "[eu-west-3, eu-west-1]")
    for night, text, finding in zip(NIGHTS, (two, one, one, two), (FAIL, FAIL, PASS, PASS), strict=False):
        path.write_text(text, encoding="utf-8")
        scene.tell(scene.scan(night, finding))
        assert jira.only().category == ("done" if night == NIGHTS[3] else "new")


def test_the_reason_of_a_refused_move_is_told_and_the_move_tried_again(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    refusal = b'{"errorMessages":["resolution required"]}'
    jira.fault(ends("/transitions"), "status", status=400, body=refusal, times=2)
    for night in NIGHTS[1:3]:
        done = scene.command(scene.scan(night, PASS), "--send")
        assert done.exit_code == 1 and "resolution required" in done.output and "by hand" in done.output
        assert "resolved" not in done.output
    scene.tell(scene.scan(NIGHTS[3], PASS))
    assert jira.only().category == "done" and len(jira.only().comments) == 1


@pytest.mark.parametrize(
    "between", [WAIVED, found(POLICY, S.NOT_APPLICABLE, ""), UNREAD, FAIL], ids=lambda it: it.status
)
def test_a_refused_move_is_made_whatever_the_runs_say_before_the_next_pass(
    scene: Scene, jira: Jira, between: Finding
) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    jira.fault(ends("/transitions"), "status", status=400, body=b'{"errorMessages":["resolution required"]}')
    for night, finding in zip(NIGHTS[1:], (PASS, between, between, PASS), strict=False):
        scene.tell(scene.scan(night, finding))
    assert jira.only().category == "done"


@pytest.mark.parametrize("closed", [True, False])
def test_after_a_refused_move_and_a_waiver_a_failure_is_told_to_have_come_back(
    scene: Scene, jira: Jira, *, closed: bool
) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    jira.fault(ends("/transitions"), "status", status=400, body=b'{"errorMessages":["resolution required"]}')
    for night, finding in zip(NIGHTS[1:], (PASS, WAIVED), strict=False):
        scene.tell(scene.scan(night, finding))
    jira.only().category = "done" if closed else "new"
    scene.tell(scene.scan(NIGHTS[3], FAIL))
    assert jira.only().category == "new"
    assert "ails again" in jira.texts(jira.only())[-1]


def test_a_refused_move_back_is_told_with_its_reason(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    for night, finding in zip(NIGHTS, (FAIL, PASS), strict=False):
        scene.tell(scene.scan(night, finding))
    jira.fault(ends("/transitions"), "status", status=400, body=b'{"errorMessages":["not by you"]}')
    told = faults(scene.tell(scene.scan(NIGHTS[2], FAIL)))
    assert len(told) == 1 and "not by you" in told[0] and jira.only().category == "done"


def test_a_move_that_leaves_the_ticket_open_does_not_count_as_resolved(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    jira.moves = {"5": ("Terminer", "indeterminate")}
    lines = scene.tell(scene.scan(NIGHTS[1], PASS))
    assert "still open" in faults(lines)[0] and not any("resolved" in str(line) for line in lines)


ENGLISH = re.compile(r"\b(?:error|the|is|was|not|answered|check|refused)\b")


def test_what_notify_refuses_is_said_in_french_in_a_french_workspace(scene: Scene, jira: Jira, slack: Slack) -> None:
    scene.language = "fr"
    scene.settle(jira=jira.url, slack=slack.url + slack.path)
    folder = scene.scan(NIGHTS[0], FAIL)
    os.environ["HOOK"] = "https://other.example" + slack.path
    jira.fault(create, "status", status=400, body=b"{}")
    refused = scene.command(folder, "--send")
    os.environ["HOOK"] = slack.url + slack.path
    slack.fault(lambda _: True, "status", status=403, body=b"non")
    jira.fault(ends("/search/jql"), "status", status=401, body=b"{}")
    denied = scene.command(folder, "--send")
    for done, said in ((refused, "n'est pas de"), (denied, "identifiants sont refus")):
        assert done.exit_code != 0 and "erreur" in done.output and said in done.output
        assert ENGLISH.findall(re.sub(r"\S*[./]\S*", "", done.output)) == []


LOGIN = {"status": 200, "body": b"<html>login</html>"}
EMPTY = {"status": 200, "body": b"{}"}


@pytest.mark.parametrize("answer", [LOGIN, EMPTY], ids=["page", "empty"])
@pytest.mark.parametrize("call", ["/comment", "/transitions"])
def test_an_answer_that_is_not_jiras_makes_nothing_done(
    scene: Scene, jira: Jira, call: str, answer: dict[str, Any]
) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    jira.fault(ends(call), "status", times=99, **answer)
    lines = scene.tell(scene.scan(NIGHTS[1], PASS))
    assert "does not come from Jira" in faults(lines)[0] and not any("resolved" in str(line) for line in lines)
    jira.faults.clear()
    scene.tell(scene.scan(NIGHTS[2], PASS))
    assert jira.only().category == "done" and len(jira.only().comments) == 1


def test_an_answer_to_a_question_that_is_not_jiras_is_not_blamed_on_people(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    jira.fault(lambda seen: seen.method == "GET" and "/issue/" in seen.path, "status", times=99, **LOGIN)
    (told,) = (line for line in scene.tell(scene.scan(NIGHTS[1], PASS)) if isinstance(line, PreuveError))
    assert "without JSON" in str(told) and "login page" in told.hint and "by hand" not in told.hint


@pytest.mark.parametrize("times", [1, 2])
def test_a_property_that_was_not_taken_is_not_taken_for_kept(scene: Scene, jira: Jira, times: int) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    jira.fault(ends("/preuve", "PUT"), "status", times=times, **LOGIN)
    for night in NIGHTS[1:4]:
        scene.tell(scene.scan(night, PASS))
    assert jira.only().category == "done" and len(jira.only().comments) <= 1 + times


def test_a_created_ticket_behind_a_login_page_is_not_reported_as_created(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    jira.fault(create, "status", **LOGIN)
    folder = scene.scan(NIGHTS[0], FAIL)
    assert "is not known" in faults(scene.tell(folder))[0] and jira.issues == []
    assert faults(scene.tell(folder)) == [] and jira.only()


# What whoever may edit a ticket can write into its property.
FORGED: list[Any] = [
    {"count": float("inf")},
    {"count": 10**40},
    {"count": "x"},
    {"now": "9999"},
    {"now": 1},
    {"event": "nope"},
    {"event": []},
    {"failing": "no"},
    {"rule": "x" * 1000},
    {"places": "abc"},
    {"places": [1e300]},
    {"places": {"a": 1}},
    {"key": None},
    {"left_out": 7},
]


@pytest.mark.parametrize("forged", FORGED, ids=str)
def test_a_forged_property_counts_for_nothing_and_stops_no_other_ticket(
    scene: Scene, jira: Jira, slack: Slack, forged: Any
) -> None:
    scene.settle(jira=jira.url, slack=slack.url + slack.path, mail=True)
    both = FAIL, found("s3-versioning", S.FAIL)
    scene.tell(scene.scan(NIGHTS[0], *both))
    jira.issues[0].properties["preuve"] |= forged
    lines = scene.tell(scene.scan(NIGHTS[1], PASS, found("s3-versioning", S.PASS)))
    assert [issue.category for issue in jira.issues] == ["new", "done"] and len(slack.messages) == 2
    assert len(faults(lines)) == 1 and "SEC-1: its property" in faults(lines)[0]
    assert (scene.root.parent / "out" / "digest.eml").read_bytes().count(b"2026-11-02")


@pytest.mark.parametrize("raw", [b"[" * 100_000 + b"]" * 100_000, b"9" * 5000, b"1e999"], ids=["deep", "long", "huge"])
def test_a_property_that_cannot_be_read_stops_no_other_ticket(scene: Scene, jira: Jira, raw: bytes) -> None:
    scene.settle(jira=jira.url)
    jira.page = 100
    scene.tell(scene.scan(NIGHTS[0], FAIL, found("s3-versioning", S.FAIL)))
    jira.issues[0].properties["preuve"] = "@"
    answer = jira.answer

    def with_it(seen: Seen) -> tuple[int, bytes]:
        status, body = answer(seen)
        return status, body.replace(b'"@"', raw)

    jira.answer = with_it
    lines = scene.tell(scene.scan(NIGHTS[1], PASS, found("s3-versioning", S.PASS)))
    assert [issue.category for issue in jira.issues] == ["new", "done"]
    assert len(faults(lines)) == 1 and "SEC-1" in faults(lines)[0]


def test_a_ticket_of_another_key_beside_ours_is_told_and_ignored(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    strange = {"preuve": {**jira.only().properties["preuve"], "key": "zz"}}
    jira.issues.append(replace(jira.only(), number=7, key="SEC-7", properties=strange, comments=[]))
    lines = scene.tell(scene.scan(NIGHTS[1], PASS))
    assert jira.issues[0].category == "done" and jira.issues[1].comments == []
    assert faults(lines) == ["SEC-7 was made with another pseudonym key"]


def test_a_missing_transition_is_reported_once(told: Callable[..., list[object]], jira: Jira) -> None:
    jira.moves = {"5": ("Autre", "done")}
    told(FAIL)
    lines = told(PASS)
    told(PASS)
    assert jira.only().category == "new" and len(jira.only().comments) == 1
    assert any("by hand" in str(line) and "(terminer); it offers Autre" in str(line) for line in lines)


def test_a_transition_is_found_in_either_form_of_its_accents(scene: Scene, jira: Jira) -> None:
    jira.moves = {"5": ("Ferm\u00e9", "done")}
    scene.settle(jira=jira.url)
    path = scene.root / "preuve.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("terminer", "'Ferme\u0301'"), encoding="utf-8")
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    scene.tell(scene.scan(NIGHTS[1], PASS))
    assert jira.only().category == "done"


# ---- faults -------------------------------------------------------------------------------------------------------


def test_a_timeout_after_the_creation_of_a_ticket_creates_no_second_one(
    scene: Scene, jira: Jira, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("preuve.notify.run.Route", partial(Route, seconds=0.3))
    scene.settle(jira=jira.url)
    jira.fault(create, "stall", after=True)
    assert faults(scene.tell(scene.scan(NIGHTS[0], FAIL))) == []
    assert jira.only() and sum(map(create, jira.seen)) == 1


@pytest.mark.parametrize("fault", [("drop", {}), ("status", {"status": 500}), ("status", {"status": 502})])
def test_after_a_lost_answer_the_ticket_is_searched_before_a_retry(
    scene: Scene, jira: Jira, fault: tuple[str, dict[str, int]]
) -> None:
    scene.settle(jira=jira.url)
    jira.lag = 2  # the index has it a moment later
    jira.fault(create, fault[0], after=True, **fault[1])
    folder = scene.scan(NIGHTS[0], FAIL)
    assert faults(scene.tell(folder)) == []
    scene.tell(folder)
    assert jira.only() and sum(map(create, jira.seen)) == 1


def test_a_ticket_that_may_exist_is_not_created_again_in_the_same_run(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    jira.lag = 4
    jira.fault(create, "drop", after=True)
    folder = scene.scan(NIGHTS[0], FAIL)
    assert "whether the ticket was made is not known" in faults(scene.tell(folder))[0]
    assert faults(scene.tell(folder)) == []
    assert jira.only()


def test_the_next_run_creates_a_ticket_that_was_not_created(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    jira.fault(create, "drop")
    folder = scene.scan(NIGHTS[0], FAIL)
    assert faults(scene.tell(folder)) and jira.issues == []
    assert faults(scene.tell(folder)) == [] and jira.only()


STEPS = {
    "comment": ends("/comment"),
    "comments": ends("/comment", "GET"),
    "transitions": ends("/transitions", "GET"),
    "move": ends("/transitions"),
    "remember": ends("/preuve", "PUT"),
    "search": ends("/search/jql"),
}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("step", STEPS)
def test_a_fault_at_any_step_leaves_one_comment_and_one_transition(
    scene: Scene, jira: Jira, step: str, times: int, after: bool
) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    jira.fault(STEPS[step], "drop", after=after, times=times)
    for _ in range(4):
        scene.tell(scene.scan(NIGHTS[1], PASS))
    moves = [seen for seen in jira.seen if ends("/transitions")(seen)]
    assert jira.only().category == "done" and len(jira.only().comments) == 1
    assert len(moves) <= 1 + (step == "move" and not after) * times
    jira.only().comments.clear()
    scene.tell(scene.scan(NIGHTS[2], FAIL))
    assert jira.only().category == "new" and len(jira.only().comments) == 1


def test_a_run_killed_after_its_own_transition_does_not_attribute_it_to_people(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    jira.fault(lambda seen: seen.method == "PUT" and seen.json["event"] == "passes", "drop", times=3)
    assert faults(scene.tell(scene.scan(NIGHTS[1], PASS)))
    assert jira.only().category == "done"
    scene.tell(scene.scan(NIGHTS[2], FAIL))
    assert jira.only().category == "new" and "Fails again" in jira.texts(jira.only())[-1]


def test_the_waiting_time_that_a_host_requests_is_respected(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    jira.fault(create, "status", status=429, headers={"Retry-After": "7"})
    assert faults(scene.tell(scene.scan(NIGHTS[0], FAIL))) == []
    assert jira.only()


def test_a_refused_ticket_does_not_block_the_others(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    both = FAIL, found("s3-versioning", S.FAIL)
    scene.tell(scene.scan(NIGHTS[0], *both))
    jira.fault(lambda seen: "/SEC-1/" in seen.path, "status", status=403, times=99)
    lines = scene.tell(scene.scan(NIGHTS[1], PASS, found("s3-versioning", S.PASS)))
    assert [issue.category for issue in jira.issues] == ["new", "done"]
    assert len(faults(lines)) == 1 and "SEC-1" in faults(lines)[0]


OTHERS = tuple(found(policy, S.FAIL) for policy in ("ebs-encrypted", "rds-encrypted"))


@pytest.mark.parametrize("status", [400, 403, 500])
def test_tickets_that_cannot_be_made_stop_no_other_one_and_are_told(scene: Scene, jira: Jira, status: int) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    jira.fault(create, "status", status=status, body=b'{"errorMessages": ["not now"]}', times=99)
    told = faults(scene.tell(scene.scan(NIGHTS[1], PASS, *OTHERS)))
    assert jira.only().category == "done"
    if status < 500:
        assert len(told) == 1 and "(2), ebs-encrypted, rds-encrypted" in told[0] and "not now" in told[0]
    else:
        assert len(told) == 2


def test_a_ticket_on_which_jira_fails_stops_no_other_one(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL, found("s3-versioning", S.FAIL)))
    jira.fault(lambda seen: seen.path.endswith("/SEC-1/transitions"), "status", status=500, times=99)
    told = faults(scene.tell(scene.scan(NIGHTS[1], PASS, found("s3-versioning", S.PASS))))
    assert [issue.category for issue in jira.issues] == ["new", "done"] and len(told) == 1


def test_after_three_lost_answers_the_rest_is_left_to_the_next_run(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    jira.fault(create, "status", status=500, times=99)
    many = [found(f"policy-{number}", S.FAIL) for number in range(6)]
    assert len(faults(scene.tell(scene.scan(NIGHTS[0], *many)))) == 3
    assert sum(map(create, jira.seen)) == 3


@pytest.mark.parametrize(
    ("field", "setting"),
    [("customfield_1", "notify.jira.fields"), ("issuetype", "issue_type"), ("project", "notify.jira.project")],
)
def test_a_refusal_is_quoted_in_its_letters_with_the_setting_that_it_is_about(
    scene: Scene, jira: Jira, field: str, setting: str
) -> None:
    scene.settle(jira=jira.url)
    body = json.dumps({"errorMessages": [], "errors": {field: "Équipe est requis."}}).encode("ascii")
    jira.fault(create, "status", status=400, body=body)
    said = scene.command(scene.scan(NIGHTS[0], FAIL), "--send").output
    assert f"{field}: Équipe est requis." in said and setting in said and "{" not in said


def test_a_refusal_without_a_word_is_told_without_one(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    jira.fault(create, "status", status=401, body=b"")
    (line,) = [
        line for line in scene.command(scene.scan(NIGHTS[0], FAIL), "--send").output.splitlines() if "401" in line
    ]
    assert line.endswith("answered 401")


def test_two_concurrent_runs_create_one_ticket(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    folder = scene.scan(NIGHTS[0], FAIL, found("s3-versioning", S.FAIL))
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda _: faults(scene.tell(folder)), range(4)))
    assert done == [[]] * 4 and len(jira.issues) == 2


def test_a_ticket_created_meanwhile_by_another_machine_is_used(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    folder = scene.scan(NIGHTS[0], FAIL)
    scene.tell(folder)
    other = jira.issues.pop()
    (scene.root / "evidence" / ".notify" / "ledger.json").unlink()
    listing = jira._search

    def appears(seen: Seen) -> tuple[int, bytes]:
        answer = listing(seen)
        jira.issues[:] = [other]  # just after the first list was read
        return answer

    jira._search = appears  # type: ignore[method-assign]
    scene.tell(folder)
    assert jira.only() is other


def test_tickets_with_another_key_are_not_duplicated(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url)
    scene.tell(scene.scan(NIGHTS[0], FAIL))
    (scene.root.parent / "key").write_text("cd" * 32, encoding="utf-8")
    lines = scene.tell(scene.scan(NIGHTS[1], FAIL))
    assert "another pseudonym key" in faults(lines)[0] and jira.only()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"issues":[{}]}', b'{"issues":[{"id":"1","key":"../x"}]}'])
def test_an_answer_not_from_jira_is_reported(scene: Scene, jira: Jira, body: bytes) -> None:
    scene.settle(jira=jira.url)
    jira.answer = lambda _: (200, body)
    assert "does not come from Jira" in faults(scene.tell(scene.scan(NIGHTS[0], FAIL)))[0]


# ---- the decision alone -------------------------------------------------------------------------------------------


def subject(verdict: Verdict, count: int = 1) -> Subject:
    item = Item(POLICY, "Buckets", Severity.HIGH, "code", count)
    return Subject(item, "preuve-a", verdict, 3, "rule-a", ("place-a",))


MEMORIES = st.builds(
    Memory,
    now=st.sampled_from(["", NIGHTS[0], NIGHTS[5]]),
    failing=st.booleans(),
    event=st.sampled_from(Event),
    count=st.integers(-1, 3),
    rule=st.sampled_from(["", "rule-a", "rule-b"]),
    places=st.sampled_from([(), ("place-a",), ("place-a", "place-b")]),
)
TICKETS = st.builds(Ticket, key=st.just("SEC-1"), closed=st.booleans(), memory=MEMORIES)


@given(TICKETS | st.none(), st.sampled_from(Verdict))
def test_only_a_pass_resolves_and_only_a_failure_opens(ticket: Ticket | None, verdict: Verdict) -> None:
    step = decide(subject(verdict), ticket, NIGHTS[3], "k")
    if step.move is Move.RESOLVE:
        assert verdict is Verdict.PASSING and ticket and not ticket.closed
        assert not ticket.memory.failing or (ticket.memory.rule, set(ticket.memory.places)) <= ("rule-a", {"place-a"})
    if step.move in (Move.CREATE, Move.REOPEN):
        assert verdict is Verdict.FAILING
    if verdict is Verdict.OPEN:
        assert step.move is Move.NOTHING
    assert step.memory.failing or verdict is Verdict.PASSING or not (ticket and ticket.memory.failing)


@given(TICKETS, st.sampled_from(Verdict))
def test_the_same_verdict_is_sent_once(ticket: Ticket, verdict: Verdict) -> None:
    first = decide(subject(verdict), ticket, NIGHTS[6], "k")
    if first.move is Move.NOTHING:
        return
    closed = {Move.RESOLVE: True, Move.REOPEN: False}.get(first.move, ticket.closed)
    second = decide(subject(verdict), Ticket("SEC-1", closed, first.memory), NIGHTS[7], "k")
    assert second.move is Move.NOTE


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda it: st.lists(it) | st.dictionaries(st.text(), it)
    )
)
def test_an_invalid_memory_counts_as_failing(data: object) -> None:
    memory = Memory.of(data) or Memory()
    assert memory.failing, "what is not known has not passed"
    assert Memory.of(json.loads(json.dumps(memory.data()))) == memory


def test_a_ticket_is_not_closed_if_less_is_read_than_at_its_failure() -> None:
    def seen(verdict: Verdict, now: str, left: tuple[str, ...], memory: Memory | None = None) -> Step:
        ticket = Ticket("SEC-1", closed=False, memory=memory) if memory else None
        return decide(replace(subject(verdict), left_out=left), ticket, now, "k")

    whole = seen(Verdict.FAILING, NIGHTS[0], ()).memory
    step = seen(Verdict.PASSING, NIGHTS[1], ("a",), Memory.of(whole.data()))
    assert (step.move, step.event) == (Move.COMMENT, Event.SMALLER)
    part = seen(Verdict.FAILING, NIGHTS[0], ("a",)).memory
    for left in ((), ("a",)):
        assert seen(Verdict.PASSING, NIGHTS[1], left, Memory.of(part.data())).move is Move.RESOLVE
    both = seen(Verdict.FAILING, NIGHTS[1], ("a",), whole).memory
    assert seen(Verdict.PASSING, NIGHTS[2], ("a",), both).event is Event.SMALLER


# What a run may say, and the words that are true of it.
PASSING = subject(Verdict.PASSING, 0)
SAYS = {
    "one fails": (subject(Verdict.FAILING, 1), {"fails 1"}),
    "two fail": (subject(Verdict.FAILING, 2), {"fails 2"}),
    "passes": (PASSING, {Event.PASSES}),
    "another rule passes": (replace(PASSING, rule="rule-b"), {Event.OTHER_RULE, Event.PASSES}),
    "passes in fewer places": (replace(PASSING, places=()), {Event.SMALLER, Event.PASSES}),
    "waived": (subject(Verdict.WAIVED, 0), {Event.WAIVED}),
    "empty": (subject(Verdict.EMPTY, 0), {Event.EMPTY, Event.PASSES}),
}
FAILS = (Event.NONE, Event.CHANGED, Event.FAILS_AGAIN, Event.CLOSED_UNFIXED)


@pytest.mark.parametrize("moves", [True, False], ids=["the workflow moves it", "people move it"])
@pytest.mark.parametrize("hands", list(itertools.product([None, True, False], repeat=3)), ids=str)
def test_the_last_word_of_a_ticket_is_true_of_the_last_run(hands: tuple[bool | None, ...], moves: bool) -> None:
    """After a failure, any three runs, between which people close or open the ticket, or leave it."""
    for said in itertools.product(SAYS, repeat=3):
        memory = decide(SAYS["one fails"][0], None, NIGHTS[0], "k").memory
        closed, word = False, "fails 1"
        for night, state, hand in zip(NIGHTS[1:], said, hands, strict=False):
            now, true = SAYS[state]
            closed = closed if hand is None else hand
            step = decide(now, Ticket("SEC-1", closed, memory), night, "k")
            memory = Memory.of(step.memory.data()) or memory
            if step.move not in (Move.NOTE, Move.NOTHING):
                word = f"fails {now.item.count}" if step.event in FAILS else step.event
            if moves and step.move in (Move.RESOLVE, Move.REOPEN):
                closed = step.move is Move.RESOLVE
            number = closed and word.startswith("fails") and now.verdict is Verdict.FAILING  # said once, then no more
            assert word in true or number, (said, state, word)


def test_a_ticket_says_that_its_waiver_has_ended(told: Callable[..., object], jira: Jira) -> None:
    for finding in (FAIL, WAIVED, FAIL, FAIL):
        told(finding)
    said = jira.texts(jira.only())
    assert len(said) == 2 and "waiver" in said[0] and "1 resource of 1 fails now" in said[1]
