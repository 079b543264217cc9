"""Writes the records: `<policy>.json` for the account, `<policy>.iac.json` for code, and one for each attestation.

Every record is validated against its schema before it is written. A record that claims more than was seen is a defect
of preuve, and the audit does not close.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from preuve.assess.cadence import ends as attestation_ends
from preuve.assess.rollup import policy_results
from preuve.library.company.register.cells import day
from preuve.library.company.registers import is_open
from preuve.library.company.waivers import VERIFIED
from preuve.library.yaml.schema import validator
from preuve.model.company.workspace import IN_PLACE, NOT_IN_PLACE, PARTLY, Attestation
from preuve.model.content import WORKSPACE, Control, Library, Policy
from preuve.model.errors import PreuveError
from preuve.model.grouping import grouped
from preuve.model.layout import CONTENT, RECORDS, SNAPSHOT
from preuve.model.moment import moment
from preuve.model.results import ControlResult, Finding, FindingStatus, by_resource
from preuve.model.snapshot import AuditRun, Snapshot
from preuve.publish.history.cadence import cadence
from preuve.publish.records.earlier_results import EarlierResults, runs_expected
from preuve.publish.records.population import Populations
from preuve.publish.records.sources import Sources
from preuve.publish.site.facts import Site
from preuve.publish.site.paths import attestation_record, policy_record
from preuve.publish.words.locale import Locale, load_locale
from preuve.publish.words.names import strengths_of, unique_names

SCHEMA = "evidence-record/1"
_DECLARATIONS = {
    "DECLARED": "record.declared",
    "PARTLY_DECLARED": "record.partly_declared",
    "NOT_IN_PLACE": "record.not_in_place",
    "MANUAL_PENDING": "record.manual_pending",
    "STALE": "record.stale",
}
_CONCLUDED = {IN_PLACE: "DECLARED", PARTLY: "PARTLY_DECLARED", NOT_IN_PLACE: "NOT_IN_PLACE"}
FRESH = timedelta(days=95)  # a quarter and a margin: by then the next audit must have examined it
_NAMES = UUID("c2d0f1c6-3f0a-5c0e-9a53-5d2f6f0f4b11")  # preuve's namespace for UUIDs of version 5


def write_records(destination: Path, bundle: Path, site: Site, found: Snapshot) -> None:
    """Write every record below `destination` from the contents of `bundle`; the same snapshot gives the same bytes."""
    for name, record in Records(Sources(bundle, site), found).all():
        _check(name, record)
        path = destination / name.removeprefix(f"{RECORDS}/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            json.dumps(record, separators=(",", ":"), sort_keys=True) + "\n", encoding="ascii", newline="\n"
        )


def _check(name: str, record: Mapping[str, Any]) -> None:
    error = next(validator("reports/schemas/evidence-record.schema.json").iter_errors(record), None)
    if error is not None:
        where = ".".join(str(part) for part in error.absolute_path) or "the record"
        raise PreuveError(
            f"{name} is not valid: {where}: {error.message[:300]}",
            "this is a defect of preuve, and no audit closes with it: report it",
        )


@dataclass(frozen=True)
class Records:
    """Makes the records of one run."""

    sources: Sources
    found: Snapshot

    def all(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield path in the bundle and record, in stable order."""
        for name, record in self._judged():
            yield name, {**record, **dict(self._beside(name.removeprefix(f"{RECORDS}/"), record))}

    def _judged(self) -> Iterator[tuple[str, dict[str, Any]]]:
        # By resource, like the population: a result on several resources would count as one.
        findings = grouped((item.policy, item) for item in by_resource(self.site.assessment.findings))
        for name in sorted(self.site.assessment.policies):
            policy = self.library.policies[name]
            of_policy = findings.get(name, [])
            if policy.aws:
                account = [finding for finding in of_policy if finding.source == "aws"]
                yield policy_record(name), self._on_account(policy, account)
            if policy.iac:
                code = [finding for finding in of_policy if finding.source == "iac"]
                yield policy_record(name, code=bool(policy.aws)), self._on_code(policy, code)
        for attestation in sorted(self.site.workspace.attestations, key=lambda item: item.id):
            if attestation.evidence in self._links:  # for a framework of this audit
                yield attestation_record(attestation.id), self._of_attestation(attestation)

    @property
    def site(self) -> Site:
        """The facts of the site."""
        return self.sources.site

    @property
    def library(self) -> Library:
        """The content that judged."""
        return self.site.library

    @cached_property
    def _english(self) -> Locale:
        return load_locale("en")

    @cached_property
    def _populations(self) -> Populations:
        return Populations(self.library, self.found)

    @cached_property
    def _links(self) -> Mapping[str, list[dict[str, str]]]:
        """Policy or evidence item -> the controls that it supports, and how strongly."""
        links: dict[str, list[dict[str, str]]] = {}
        results = {item.control: item for item in self.site.assessment.controls}
        for name in self.site.workspace.frameworks:
            for control in self.library.frameworks[name].controls:
                for supports, strength in _supported_by(control, results.get(control.id)):
                    item = {"framework": name, "ref": control.id, "relation": strength}
                    links.setdefault(supports, []).append(item)
        return links

    # ---- policies -------------------------------------------------------------------------------------------------

    def _on_account(self, policy: Policy, findings: Sequence[Finding]) -> dict[str, Any]:
        types = [rule.resource for rule in policy.aws]
        kept_by_hand = any(self.library.types[name].scope == WORKSPACE for name in types)
        calls = {call for finding in findings for call in finding.calls}
        calls |= {call for listing in self.found.listings if listing.type in types for call in listing.calls}
        about = {
            "method": "manual" if kept_by_hand else "api",
            "expectation": "\n".join(rule.assert_ for rule in policy.aws),
            "tool": f"preuve {self.site.meta.preuve}",
        }
        evidence = self.sources.of_calls(calls, types)
        return self._of_policy(policy, about, self._populations.in_account(policy, findings), findings, evidence)

    def _on_code(self, policy: Policy, findings: Sequence[Finding]) -> dict[str, Any]:
        about = {
            "method": "iac",
            "expectation": ", ".join(policy.iac.checkov if policy.iac else ()),
            "tool": f"Checkov {self.site.meta.checkov}",
        }
        evidence = self.sources.of_code({place.root for finding in findings for place in finding.places})
        return self._of_policy(policy, about, self._populations.in_code(policy, findings), findings, evidence)

    def _of_policy(
        self,
        policy: Policy,
        about: Mapping[str, Any],
        population: Mapping[str, Any],
        findings: Sequence[Finding],
        evidence: list[dict[str, Any]],
    ) -> dict[str, Any]:
        result = policy_results(findings, [policy.id])[policy.id]
        title = policy.title.in_language("en")
        said = {"id": policy.id, "rev": policy.rev, "title": title, "code_sha256": policy.digest, **about}
        counts = _counts(result.counts, self._english)
        until = self._now + FRESH
        return self._record(
            policy.id,
            said,
            population,
            {"status": result.status.value, "severity": policy.severity.value, **counts},
            evidence,
            {"ttl_hours": int(FRESH.total_seconds()) // 3600, "valid_until": moment(until)},
        ) | {"items": list(_items(findings))}

    # ---- attestations ---------------------------------------------------------------------------------------------

    def _of_attestation(self, attestation: Attestation) -> dict[str, Any]:
        item = self.library.evidence[attestation.evidence]
        ends = attestation_ends(attestation, item)
        begun, over = attestation.effective <= self._now.date(), ends < self._now.date()
        reviewed = attestation.approval.state == VERIFIED
        counts = attestation.conclusion == NOT_IN_PLACE or (reviewed and not over)
        pending = "STALE" if over or not begun else "MANUAL_PENDING"
        state = _CONCLUDED[attestation.conclusion] if begun and counts else pending
        code = hashlib.sha256(json.dumps(asdict(attestation), sort_keys=True, default=str).encode()).hexdigest()
        people = {"owner": attestation.owner, "approver": attestation.approver if reviewed else ""}
        message = self._english(_DECLARATIONS[state], until=ends.isoformat(), **people)
        numbers = {"evaluated": 0, "passed": 0, "failed": 0, "waived": 0, "not_evaluated": 1}
        return self._record(
            attestation.evidence,
            {"id": attestation.id, "rev": 1, "title": attestation.title, "method": "attestation", "code_sha256": code},
            {
                "source": f"{attestation.evidence}: {item.title.in_language('en')}",
                "count": 1,
                "pagination": "n/a",
                "reconciled": None,
                "unread": [],
            },
            {"status": state, **numbers, "message": message},
            [self.sources.of_document(f"{SNAPSHOT}/workspace.json", "application/json")],
            {"ttl_hours": item.freshness_days * 24, "valid_until": moment(_end_of(ends))},
        )

    # ---- before and after this run --------------------------------------------------------------------------------

    def _beside(self, name: str, record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield the results of earlier runs, and the action in progress."""
        if self._earlier is not None:
            history = self._earlier.of_record(name, record["result"]["status"], self.site.assessment.now)
            expected = {} if self._expected is None else {"runs_expected": self._expected}
            yield "history", {**history, **expected}
        if action := self._actions.get(record["policy"]["id"]):
            yield "action", action

    @cached_property
    def _earlier(self) -> EarlierResults | None:
        return EarlierResults.of(self.sources.bundle)

    @cached_property
    def _expected(self) -> int | None:
        """The number of runs that the workspace must have, if a policy of this run requires a cadence."""
        every = cadence(self.library, self.site.workspace.params, self.site.assessment.policies)
        return None if every is None else runs_expected(self._audit.period, self.site.assessment.now, every)

    @cached_property
    def _actions(self) -> Mapping[str, Mapping[str, str]]:
        return actions(self.site)

    # ---- what all share -------------------------------------------------------------------------------------------

    def _record(
        self,
        supports: str,
        policy: Mapping[str, Any],
        population: Mapping[str, Any],
        result: Mapping[str, Any],
        evidence: list[dict[str, Any]],
        freshness: Mapping[str, Any],
    ) -> dict[str, Any]:
        name = f"{self._run['id']} {self._run['started']} {policy['id']} {policy['method']}"
        return {
            "schema": SCHEMA,
            "record_id": str(uuid5(_NAMES, name)),
            "run": self._run,
            "policy": policy,
            "controls": self._links[supports],
            "scope": {**self._scope, "exclusions": self._exclusions(self._links[supports])},
            "population": population,
            "result": result,
            "evidence": evidence,
            "freshness": freshness,
        }

    @property
    def _now(self) -> datetime:
        return datetime.fromisoformat(self.site.assessment.now.replace("Z", "+00:00"))

    @property
    def _audit(self) -> AuditRun:
        return self.site.meta.run or AuditRun()

    @cached_property
    def _run(self) -> dict[str, Any]:
        meta, run = self.site.meta, self._audit
        callers = ", ".join(sorted(set(meta.callers.values()) - {""}))
        return {
            "id": run.id,
            "kind": run.kind,
            "started": meta.started,
            "finished": meta.finished,
            "commit": run.commit,
            "dirty": run.dirty,
            "controls_sha256": self.sources.content_sha256(),
            "lock_sha256": self.sources.file(f"{CONTENT}/controls/catalogue.lock").sha256,
            "collector": callers or f"preuve {meta.preuve}",
            "demonstration": meta.demonstration,
            **({"workflow_run_url": run.workflow_run_url} if run.workflow_run_url else {}),
        }

    @cached_property
    def _scope(self) -> dict[str, Any]:
        workspace = self.site.workspace
        environments = sorted({account.environment for account in workspace.accounts if account.environment})
        return {
            "account": ", ".join(account.id for account in workspace.accounts),
            "regions": list(workspace.regions),
            **({"environment": ", ".join(environments)} if environments else {}),
        }

    def _exclusions(self, links: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
        """Return the exclusions of the controls that a record supports; the workspace in the snapshot has all."""
        linked = {link["ref"] for link in links}
        found = (item for item in self.site.workspace.exclusions if item.control in linked)
        return [{"what": item.control, "reason": item.reason} for item in found]


def _supported_by(control: Control, result: ControlResult | None) -> Iterator[tuple[str, str]]:
    for name, strength in strengths_of(control, result).items():
        yield name, "supporting" if strength == "in_favour" else strength  # a record says what a failure means, too
    yield from ((name, "supporting") for name in control.evidence)


def _counts(counts: Mapping[str, int], locale: Locale) -> dict[str, Any]:
    names = {status.value.lower(): counts.get(status.value, 0) for status in FindingStatus}
    evaluated = names["pass"] + names["fail"] + names["waived"]
    told = {"passed": names["pass"], "failed": names["fail"], "waived": names["waived"]}
    told["not_evaluated"] = names["not_evaluated"]
    words = {name: str(number) for name, number in told.items()}
    message = locale("record.counts", **words, evaluated=str(evaluated), not_applicable=str(names["not_applicable"]))
    return {"evaluated": evaluated, **told, "message": message}


def _items(findings: Sequence[Finding]) -> Iterator[dict[str, Any]]:
    """Yield a line for each resource. Observed values are included for failures; the snapshot has the others."""
    for finding, name in zip(findings, unique_names(findings), strict=True):
        item: dict[str, Any] = {"id": name, "status": finding.status.value, "reason": finding.reason.code}
        if finding.waiver:
            item["waiver"] = finding.waiver
        if finding.status is FindingStatus.FAIL and finding.observed:
            item["observed"] = dict(finding.observed)
        yield item


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), UTC)


# ---- actions --------------------------------------------------------------------------------------------------------
# The company's response to a record: an entry in its register of nonconformities, or a waiver.


_WORD = re.compile(r"[A-Za-z0-9_]+(?:[-.][A-Za-z0-9_]+)*")  # the form of the ids of policies


def actions(site: Site) -> Mapping[str, Mapping[str, str]]:
    """Return ticket, owner and due date, by policy or by id of an attestation or its evidence.

    An open entry of the register counts if its source, finding or action names the id; the earliest due date wins.
    Otherwise the waiver that covers a finding of the policy counts.
    """
    found: dict[str, dict[str, str]] = {}
    opened = [item for item in site.workspace.nonconformities if is_open(item) and item.number]
    for item in sorted(opened, key=lambda item: day(item.due) or "9"):
        for word in _WORD.findall(f"{item.source} {item.finding} {item.action}"):
            found.setdefault(word, _action(item.number, item.owner, item.due))
    for waiver in site.assessment.waivers:
        if waiver.state == "active":
            found.setdefault(waiver.policy, _action(waiver.id, waiver.owner, waiver.expires[:10]))
    return found


def _action(ticket: str, owner: str, due: str) -> dict[str, str]:
    said = {"ticket": ticket, "owner_role": owner, "due": day(due)}
    return {name: value for name, value in said.items() if value}
