"""Any sequence of runs, faults of the host and hands of people: what is said was seen, is said once, names nobody."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from notify.fakes import Issue, Jira, serving
from notify.scene import NIGHTS, S, Scene, found
from publish.factory import ACCOUNT

POLICY = "s3-encrypted"
NAMES = "nora-durand-payroll", "paul-martin-invoices"
FAIL, PASS = ([found(POLICY, status, name) for name in NAMES] for status in (S.FAIL, S.PASS))
UNREAD = found(POLICY, S.NOT_EVALUATED, "")
RUNS = {
    "fails": FAIL,
    "one fails": [FAIL[0], PASS[1]],
    "passes": PASS,
    "passes in part": [*PASS, UNREAD],
    "unread": [UNREAD],
    "nothing": [],
    "waived": [found(POLICY, S.WAIVED, NAMES[0]), PASS[1]],
    "empty": [found(POLICY, S.NOT_APPLICABLE, "")],
}
FAILS = {"fails", "one fails"}
NEVER = (*NAMES, ACCOUNT, "arn:", "nora", "paul", "eu-west-3", "AWS::")
PAGE = b"<!DOCTYPE html><html><title>Log in</title></html>"
FAULTS = [
    {"kind": "drop"},
    {"kind": "drop", "after": True},
    {"kind": "status", "status": 429, "headers": {"Retry-After": "1"}},
    {"kind": "status", "status": 503, "after": True, "body": PAGE},
    {"kind": "status", "status": 200, "body": PAGE},
    {"kind": "status", "status": 403, "body": PAGE},
]


def category(name: str) -> Callable[[Jira, Issue], None]:
    return lambda _, issue: setattr(issue, "category", name)


def copied(jira: Jira, issue: Issue) -> None:
    """Clone the ticket, as Jira does with its labels and under the name of who does it."""
    number = 20000 + len(jira.issues)
    jira.issues.append(replace(issue, number=number, key=f"SEC-{number}", creator="nora", comments=[], former=""))


def moved(_: Jira, issue: Issue) -> None:
    issue.former, issue.key = issue.former or issue.key, f"DEV-{issue.number}"


def written(_: Jira, issue: Issue) -> None:
    issue.fields |= {"summary": "Nora looks at it", "description": {"mine": True}}
    issue.comments.append({"id": "x", "body": {"type": "doc", "version": 1, "content": []}})


HANDS: dict[str, Callable[[Jira, Issue], object]] = {
    "close": category("done"),
    "open": category("new"),
    "begin": category("indeterminate"),
    "delete": lambda jira, issue: jira.issues.remove(issue),
    "take the label off": lambda _, issue: issue.fields.update(labels=["mine"]),
    "copy": copied,
    "move": moved,
    "write": written,
    "forge": lambda _, issue: issue.properties.update(preuve={"failing": False, "event": "passes"}),
    "clear the property": lambda _, issue: issue.properties.clear(),
    "rename the moves": lambda jira, _: jira.moves.update({"21": ("Erledigt", "done"), "31": ("Auf", "new")}),
    "name the moves": lambda jira, _: jira.moves.update({"21": ("Terminer", "done"), "31": ("Rouvrir", "new")}),
}
RUN = st.tuples(
    st.sampled_from(sorted(RUNS)), st.none() | st.tuples(st.sampled_from(FAULTS), st.integers(0, 9), st.integers(1, 3))
)
STEPS = st.lists(RUN | st.sampled_from([*HANDS, "lose the ledger"]), max_size=9)


class Story:
    """A workspace and its tickets, from night to night."""

    def __init__(self, scene: Scene, jira: Jira) -> None:
        scene.settle(jira=jira.url)
        self.scene, self.jira, self.nights = scene, jira, iter(NIGHTS)
        self.lines: list[object] = []

    def ours(self) -> list[Issue]:
        """The tickets that preuve made and can find: by label and project, or by its ledger and what it wrote."""
        found = [issue for issue in self.jira.issues if issue.creator == "robot"]
        labelled = [issue for issue in found if "preuve" in issue.fields["labels"]]
        marked = [issue for issue in found if issue in labelled or "key" in issue.properties.get("preuve", ())]
        listed = [issue for issue in labelled if issue.key.startswith("SEC-")]
        known = self.known()
        return listed or [issue for issue in marked if issue in known]

    def known(self) -> list[Issue]:
        """The tickets that the ledger knows, whatever people took off them."""
        ledger = self.scene.root / "evidence" / ".notify" / "ledger.json"
        said = ledger.read_text(encoding="utf-8") if ledger.is_file() else ""
        return [issue for issue in self.jira.issues if any(f'"{key}"' in said for key in (issue.key, issue.former))]

    def run(self, name: str, fault: tuple[dict[str, object], int, int] | None = None) -> Path:
        folder = self.scene.scan(next(self.nights), *RUNS[name])
        before = [(issue, issue.category, issue.fields.get("summary")) for issue in self.jira.issues]
        had, made = bool(self.ours() or self.known()), len(self.jira.issues)
        if fault:
            told, after, times = fault
            self.jira.fault(_after(after), times=times, **told)
        self.lines = self.scene.tell(folder)
        self.jira.faults.clear()
        for issue, category, summary in before:
            assert issue.fields.get("summary") == summary
            assert issue.category == category or issue.creator == "robot"
            if (category, issue.category) != (category, category):
                assert name == "passes" if issue.category == "done" else name in FAILS, (name, category, issue.category)
        assert len(self.jira.issues) - made <= (name in FAILS and not had)
        return folder

    def hand(self, name: str) -> None:
        if name == "lose the ledger":
            with suppress(FileNotFoundError):
                (self.scene.root / "evidence" / ".notify" / "ledger.json").unlink()
        elif self.jira.issues:
            HANDS[name](self.jira, self.jira.issues[0])


def _after(requests: int) -> Callable[[object], bool]:
    """Match every request after so many."""
    left = iter(range(requests))
    return lambda _: next(left, None) is None


@settings(max_examples=25)
@given(steps=STEPS)
def test_after_any_story_tickets_say_what_was_seen(steps: list[tuple[str, object] | str]) -> None:
    jira = Jira()
    with tempfile.TemporaryDirectory() as place, serving(jira):
        story = Story(Scene(Path(place) / "workspace"), jira)
        for step in steps:
            if isinstance(step, str):
                story.hand(step)
            else:
                story.run(*step)  # type: ignore[arg-type]
        folder = story.run("fails")
        unseen = any("no other is made" in str(line) for line in story.lines)
        assert story.ours() or unseen, "what fails has a ticket, or the one that was deleted or is unknown is told"
        wrote = len(jira.wrote())
        story.scene.tell(folder)
        assert len(jira.wrote()) == wrote, "said once"
        story.run("nothing")
        assert len(jira.wrote()) == wrote, "what was not read changes nothing"
    assert jira.wrong == []
    for seen in jira.seen:
        assert [word for word in NEVER if word in f"{seen.path} {seen.body.decode()}"] == []
