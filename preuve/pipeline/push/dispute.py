"""A failure that its author disputes: a draft for the policy's owner to answer.

A failure in the account is taken from the newest audit, with the facts and calls that decided; nothing is read
again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from preuve.assess.changes.known_findings import counted, finding_id
from preuve.evidence.bag import root_of
from preuve.library.company.names import is_workspace, refuse_part
from preuve.library.yaml.scalars import reviewable
from preuve.model.company.workspace import Workspace
from preuve.model.content import Library, title_of
from preuve.model.errors import PreuveError, UsageError
from preuve.model.layout import RESULTS, SNAPSHOT
from preuve.model.push import Push
from preuve.model.results import Finding, FindingStatus
from preuve.pipeline.run.preparation import Preparation, prepare
from preuve.publish.push.words import LONGEST, Words
from preuve.publish.results import read_finding, read_lines
from preuve.publish.site.paths import page_file, policy_page
from preuve.publish.terminal.newest_bundle import latest
from preuve.publish.words.locale import Locale, load_locale
from preuve.publish.words.names import place_name, place_scope
from preuve.publish.words.text import one_line
from preuve.snapshot.reader import read_calls
from preuve.system.causes import cause, to_do
from preuve.system.files import write_new
from preuve.system.manifests import TAG_MANIFEST

FOLDER = "disputes"
_DAYS = 90  # a first waiver is short, not a year

Facts = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Draft:
    """The draft of a dispute, and the resource that its waiver would cover."""

    finding: Finding
    title: str
    facts: Facts
    covers: str


def dispute(root: Path, name: str, today: date, examine: Callable[[Preparation], Push]) -> tuple[Path, Locale]:
    """Write the draft of a dispute; return the file, and the locale for messages. Existing files are never
    overwritten.

    `examine` scans the code, if the newest audit has no such failure in the account. Raises UsageError if `root` is
    not a workspace.
    """
    if not is_workspace(root):
        refuse_part(root)
        raise UsageError(f"{root.resolve()} is not a workspace", "run: preuve init")
    prepared = prepare(root)
    found = _in_account(prepared.library, prepared.workspace, name)
    if found is None:
        words = Words(examine(prepared))
        found = _in_code(words, name), words.locale
    draft, locale = found
    return _written(root, draft, "".join(f"{line}\n" for line in _lines(draft, locale, today))), locale


def _written(root: Path, draft: Draft, text: str) -> Path:
    path = root / FOLDER / f"{draft.finding.policy}-{finding_id(draft.finding)}.yaml"
    try:
        path.parent.mkdir(exist_ok=True)
        write_new(path, text.encode())
    except FileExistsError as error:
        raise UsageError(f"{path} exists", "edit it, or delete it first") from error
    except OSError as error:
        hint = to_do(error, "check who owns the folder")
        raise PreuveError(f"cannot write {path}: {cause(error)}", hint) from error
    return path


# ---- what decided -------------------------------------------------------------------------------------------------


def _in_code(words: Words, name: str) -> Draft:
    findings = words.push.assessment.findings
    finding = next((item for item in findings if counted(item) and finding_id(item) == name), None)
    if finding is None:
        raise UsageError(
            f"there is no failure {name} in the code, and none in the account in the newest audit",
            "preuve ci names each failure in the code with its id; preuve explain POLICY those of the newest audit",
        )
    facts: Facts = {
        "resource": words.resource(finding),
        "where": words.where(finding),
        "verdict": words.reason(finding),
        "values": words.values(finding),
        "called_from": words.called(finding),
        "controls": words.control_ids(finding.policy),
    }
    return Draft(finding, words.title(finding), facts, f"{finding.place.root}:{finding.place.id}")


def _in_account(library: Library, workspace: Workspace, name: str) -> tuple[Draft, Locale] | None:
    audit = latest(workspace.root / workspace.evidence_folder)
    known = audit.findings if audit else ()
    wanted = [item for item in known if item.source == "aws" and item.status is FindingStatus.FAIL]
    finding = next((item for item in wanted if finding_id(item) == name), None)
    if audit is None or finding is None:
        return None
    policy = library.policies.get(finding.policy)
    locale = load_locale(workspace.language)
    title = one_line(title_of(policy, locale.language))
    facts = _account_facts(finding, audit.folder, locale, workspace)
    return Draft(finding, title, facts, finding.place.arn or finding.place.id), locale


def _account_facts(finding: Finding, folder: Path, locale: Locale, workspace: Workspace) -> Facts:
    lines = list(read_lines(folder / RESULTS))
    number, line = next(
        (number, line)
        for number, line in enumerate(lines, 1)
        if line["kind"] == "finding" and read_finding(line) == finding
    )
    observed = (f"{member} = {json.dumps(value, ensure_ascii=False)}" for member, value in line["observed"].items())
    bundle = folder.relative_to(workspace.root).as_posix()
    return {
        "resource": place_name(finding.place),
        "arn": one_line(finding.place.arn),
        "where": place_scope(finding.place),
        "verdict": one_line(locale.reason(finding.reason), LONGEST),
        "values": tuple(one_line(text, LONGEST) for text in observed),
        "calls": tuple(_calls(folder, line["calls"])),
        "controls": tuple(
            str(item["control"]) for item in lines if item["kind"] == "control" and finding.policy in item["policies"]
        ),
        "bundle": bundle,
        "bundle_root": root_of(folder) if (folder / TAG_MANIFEST).is_file() else "",
        "page": f"{bundle}/{page_file(policy_page(finding.policy), locale.language)}",
        "results": f"{bundle}/{RESULTS}:{number}",
    }


def _calls(folder: Path, wanted: Sequence[str]) -> Iterator[str]:
    """Yield the calls that gave the facts, each with the data to find it in CloudTrail."""
    for call in read_calls(folder / SNAPSHOT) if wanted else ():
        if call["id"] in wanted:
            yield one_line(_call(call), LONGEST)


def _call(call: Mapping[str, Any]) -> str:
    params = f" {json.dumps(call['params'], ensure_ascii=False)}" if call["params"] else ""
    answer = f"{call['status']} {call['error']}".rstrip()
    return f"{call['id']} {call['time']} {call['operation']}{params}: {answer}, request {call['request_id']}"


# ---- the draft ----------------------------------------------------------------------------------------------------


def _lines(draft: Draft, locale: Locale, today: date) -> Iterator[str]:
    finding = draft.finding
    yield from _comment(locale("dispute.head", policy=finding.policy))
    yield f"finding: {reviewable(finding_id(finding))}"
    yield f"policy: {finding.policy}  # {draft.title}".removesuffix("  # ")
    yield f"rev: {finding.rev}"
    yield f"found: {reviewable(today.isoformat())}"
    for name, value in draft.facts.items():
        yield from [f"{name}: {reviewable(value)}"] if isinstance(value, str) else _list(name, value)
    yield ""
    yield f'why_wrong: ""  # {locale("dispute.why")}'
    yield f'answer: ""  # {locale("dispute.answer")}'
    yield ""
    yield from _comment(locale("dispute.waiver"))
    yield "waiver:"
    yield f"  id: {reviewable(f'W-{finding_id(finding)}')}"
    yield f"  policy: {finding.policy}"
    yield f"  resource: {reviewable(draft.covers)}"
    for name in ("reason", "owner", "approver"):
        yield f'  {name}: ""  # {locale("site.to_complete")}'
    yield f"  created: {reviewable(today.isoformat())}"
    yield f"  expires: {reviewable((today + timedelta(days=_DAYS)).isoformat())}"


def _comment(text: str) -> Iterator[str]:
    return (f"# {line}" for line in text.strip().split("\n"))


def _list(name: str, items: tuple[str, ...]) -> Iterator[str]:
    yield f"{name}:" if items else f"{name}: []"
    yield from (f"  - {reviewable(item)}" for item in items)
