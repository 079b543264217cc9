"""The assessment of a snapshot: a pure function of library, snapshot, workspace and `now`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from preuve.assess.account import AccountFindings
from preuve.assess.changes.basis import with_basis
from preuve.assess.code.disagreements import disagreements
from preuve.assess.code.findings import accepted, code_findings, uncovered
from preuve.assess.code.framework_scope import FrameworkScope
from preuve.assess.code.join import Matcher
from preuve.assess.index import Index, counted
from preuve.assess.judge import Context
from preuve.assess.rollup import Rollup, policy_results
from preuve.assess.view import Members
from preuve.assess.waivers import matched_at_collection, refused, waive
from preuve.library.validation.checked_rule import CheckedRule
from preuve.model.company.workspace import Workspace
from preuve.model.content import Library, Policy
from preuve.model.grouping import grouped
from preuve.model.results import Assessment, Finding
from preuve.model.snapshot import Snapshot


def assess(
    library: Library,
    shapes: Members,
    rules: Iterable[CheckedRule],
    policies: Iterable[Policy],
    snapshot: Snapshot,
    workspace: Workspace,
    now: str,
) -> Assessment:
    """Judge a snapshot. `now` is RFC 3339; `rules` are the checked conditions of `policies`."""
    moment = datetime.fromisoformat(now.replace("Z", "+00:00")).astimezone(UTC)
    policies = tuple(policies)
    snapshot = counted(snapshot, library.types)
    index = Index(snapshot, library.types)
    context = _context(library, workspace, moment)
    account = AccountFindings(index, shapes, workspace, context)
    joining = Matcher(index, library.namings)
    found = [
        *(account.findings(rules) if snapshot.listings else ()),
        *code_findings(policies, snapshot, context.params, joining.ties),
    ]
    asked = {policy.id for policy in policies}
    known = matched_at_collection(snapshot.resources)
    findings, waivers = waive(found, workspace.waivers, known, moment.date(), asked)
    findings = [accepted(finding) for finding in findings] if workspace.accept_comments else findings
    outside = FrameworkScope(tuple(library.frameworks[name] for name in workspace.frameworks), joining, context.params)
    ordered = tuple(outside.marked(sorted(findings, key=sort_key)))
    results = policy_results(ordered, (policy.id for policy in policies))
    results = with_basis(results, policies, library, context.params, snapshot)
    by_policy = grouped((finding.policy, finding) for finding in ordered)
    rollup = Rollup(
        library, workspace, results, {name: tuple(items) for name, items in by_policy.items()}, moment.date()
    )
    controls = [
        rollup.control(control) for name in workspace.frameworks for control in library.frameworks[name].controls
    ]
    problems = tuple(str(problem) for problem in workspace.problems)
    joins, apart = tuple(joining.all()), tuple(disagreements(joining, ordered))
    missed = uncovered(snapshot)
    waivers = (*refused(workspace.refused), *waivers)  # before a valid one with the same id, by which it is found
    astray = tuple(index.unlisted_names(moment.date().isoformat()))
    return Assessment(now, ordered, results, tuple(controls), waivers, problems, joins, apart, missed, astray)


def sort_key(finding: Finding) -> tuple[str, ...]:
    """Return the stable order of findings."""
    place = finding.place
    return (
        finding.policy,
        finding.source,
        place.account,
        place.region,
        place.type,
        place.root,
        place.file,
        f"{place.line:08}",
        place.id,
        finding.status.value,
        finding.reason.code,
    )


def _context(library: Library, workspace: Workspace, now: datetime) -> Context:
    params = {name: item.value for name, item in library.parameters.items()}
    return Context(
        params={**params, **workspace.params},
        org={
            "accounts": [account.id for account in workspace.accounts],
            "regions": list(workspace.regions),
            "country": workspace.country,
        },
        reference={name: item["data"] for name, item in library.reference.items()},
        now=now,
        windows=_windows(library),
        environments={account.id: account.environment for account in workspace.accounts},
        expires={name: item["expires"] for name, item in library.reference.items()},
    )


def _windows(library: Library) -> dict[str, int]:
    return {
        name: min(days for call in declared.lists for days in call.ago.values())
        for name, declared in library.types.items()
        if any(call.ago for call in declared.lists)
    }


def selected(library: Library, frameworks: Iterable[str]) -> tuple[Policy, ...]:
    """Return the policies that the chosen frameworks' controls name."""
    names = {
        link.policy for name in frameworks for control in library.frameworks[name].controls for link in control.policies
    }
    return tuple(policy for policy in library.policies.values() if policy.id in names)
