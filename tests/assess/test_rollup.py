"""The status of a control: every rule of the catalogue, and that less evidence never looks better."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content_copy import bundled
from preuve.assess.rollup import Rollup, policy_results
from preuve.model.company.workspace import Approval, Attestation, Exclusion
from preuve.model.content import Automation, Control, EvidenceItem, IacRule, Library, PolicyLink, Severity
from preuve.model.results import ControlResult, ControlStatus, Finding, FindingStatus, Place, Reason
from preuve.publish.words.names import strengths_of

from .factory import ACCOUNT, HERE, PARIS, TODAY, policy, text, workspace

F, C = FindingStatus, ControlStatus
FULL, PARTIAL, MANUAL = Automation.FULL, Automation.PARTIAL, Automation.MANUAL
ISO, GDPR = "iso27001-2022", "gdpr"


def finding(policy_id: str, status: FindingStatus, source: str = "aws") -> Finding:
    severity = LIBRARY.policies[policy_id].severity
    waiver = "W-1" if status is F.WAIVED else ""
    place = Place("T", "x", ACCOUNT, PARIS)
    return Finding(policy_id, 1, source, status, severity, place, Reason("r"), waiver=waiver)


def item(name: str) -> EvidenceItem:
    return EvidenceItem(name, text(), (), text(), "yearly", 400, "ciso", HERE)


LIBRARY: Library = replace(
    bundled(),
    policies={name: policy(name=name, severity=Severity(name.split("-")[0])) for name in
              ("critical-a", "high-a", "high-b", "medium-a", "low-a", "info-a")},
    evidence={name: item(name) for name in ("GOV-1", "GOV-2")},
)  # fmt: skip


def attestation(name: str = "GOV-1", **more: Any) -> Attestation:
    more = {"approver": "dpo", "approval": Approval("verified"), **more}
    return Attestation("ATT-1", name, "document", "x", "ciso", more.pop("effective", date(2026, 3, 1)),
                       more.pop("conclusion", "in_place"), HERE, **more)  # fmt: skip


def control(
    policies: Iterable[str] = ("high-a",),
    *,
    automation: Automation = FULL,
    framework: str = ISO,
    supporting: Iterable[str] = (),
    **more: Any,
) -> Control:
    links = (
        *(PolicyLink(name, "partial") for name in policies),
        *(PolicyLink(name, "supporting") for name in supporting),
    )
    return Control("X.1", framework, 1, text(), text(), automation, HERE, policies=links, **more)


def rolled(
    subject: Control,
    *findings: Finding,
    attestations: Iterable[Attestation] = (),
    exclusions: Iterable[Exclusion] = (),
    today: date = TODAY,
    params: Mapping[str, Any] | None = None,
) -> ControlResult:
    mine = workspace(attestations=tuple(attestations), exclusions=tuple(exclusions), params=params or {})
    results = policy_results(findings, [link.policy for link in subject.policies])
    by_policy = {name: tuple(item for item in findings if item.policy == name) for name in results}
    return Rollup(LIBRARY, mine, results, by_policy, today).control(subject)


def said(result: ControlResult) -> tuple[str, list[str]]:
    return result.status.value, [reason.code for reason in result.reasons]


# ---- a policy over its population ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statuses", "worst"),
    [
        ([F.PASS, F.FAIL, F.NOT_EVALUATED], F.FAIL),
        ([F.PASS, F.WAIVED, F.NOT_EVALUATED], F.NOT_EVALUATED),
        ([F.PASS, F.WAIVED], F.WAIVED),
        ([F.PASS, F.NOT_APPLICABLE], F.PASS),
        ([F.NOT_APPLICABLE], F.NOT_APPLICABLE),
        ([], F.NOT_EVALUATED),
    ],
)
def test_the_worst_finding_counts_and_no_finding_does_not_pass(statuses: list[F], worst: F) -> None:
    result = policy_results([finding("high-a", status) for status in statuses], ["high-a"])["high-a"]
    assert result.status is worst
    assert result.counts == {status.value: statuses.count(status) for status in F if status in statuses}


# ---- automated ----------------------------------------------------------------------------------------------------


def test_supported_needs_a_pass_no_failure_and_current_evidence() -> None:
    subject = control(("high-a", "low-a"), evidence=("GOV-1",))
    findings = [finding("high-a", F.PASS), finding("low-a", F.NOT_APPLICABLE)]
    met = rolled(subject, *findings, attestations=[attestation()])
    assert said(met) == ("SUPPORTED", ["all_supported", "declared"])
    without = rolled(subject, *findings)
    assert said(without) == ("PARTLY_SUPPORTED", ["evidence_missing"])
    assert without.reasons[0].values == {"items": "GOV-1"}


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (F.FAIL, ("NOT_SUPPORTED", ["policy_failed"])),
        (F.WAIVED, ("PARTLY_SUPPORTED", ["policy_waived"])),
        (F.NOT_EVALUATED, ("PARTLY_SUPPORTED", ["policy_not_evaluated"])),
        (F.NOT_APPLICABLE, ("SUPPORTED", ["all_supported"])),
    ],
)
def test_one_finding_beside_passes_decides_the_status(status: F, result: tuple[str, list[str]]) -> None:
    findings = [finding("high-a", F.PASS), finding("high-a", status), finding("low-a", F.PASS)]
    assert said(rolled(control(("high-a", "low-a")), *findings)) == result


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("critical-a", "NOT_SUPPORTED"), ("high-a", "NOT_SUPPORTED"), ("medium-a", "PARTLY_SUPPORTED"),
        ("low-a", "PARTLY_SUPPORTED"), ("info-a", "PARTLY_SUPPORTED"),
    ],
)  # fmt: skip
def test_beside_a_pass_only_a_critical_or_high_failure_removes_all_support(name: str, status: str) -> None:
    findings = [finding(name, F.FAIL), finding("high-b", F.PASS)]
    assert said(rolled(control((name, "high-b")), *findings)) == (status, ["policy_failed"])


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        ([], "NOT_ASSESSED"), ([F.NOT_APPLICABLE], "NOT_ASSESSED"), ([F.NOT_EVALUATED], "NOT_ASSESSED"),
        ([F.FAIL], "NOT_SUPPORTED"), ([F.FAIL, F.NOT_EVALUATED], "NOT_SUPPORTED"),
        ([F.FAIL, F.WAIVED, F.NOT_APPLICABLE], "NOT_SUPPORTED"),
        ([F.WAIVED], "NOT_ASSESSED"), ([F.WAIVED, F.NOT_APPLICABLE], "NOT_ASSESSED"),
    ],
)  # fmt: skip
def test_a_control_without_a_pass_is_never_supported(statuses: list[F], status: str) -> None:
    result = rolled(
        control(("low-a",), evidence=("GOV-1",)),
        *[finding("low-a", item) for item in statuses],
        attestations=[attestation()],
    )
    assert result.status.value == status
    assert "nothing_passed" in said(result)[1]


def test_a_control_without_policies_is_never_green() -> None:
    result = rolled(control((), evidence=("GOV-1",)), attestations=[attestation()])
    assert said(result) == ("NOT_ASSESSED", ["none_tests"])


def test_a_planned_policy_limits_the_status_to_partly_supported() -> None:
    subject = control(planned=("s3-cmk-sensitive",))
    assert said(rolled(subject, finding("high-a", F.PASS))) == ("PARTLY_SUPPORTED", ["planned"])


def test_a_residual_needs_evidence() -> None:
    residual = {"residual": {"en": "laptops", "fr": "postes"}}
    passing = finding("high-a", F.PASS)
    assert said(rolled(control(details=residual), passing)) == ("PARTLY_SUPPORTED", ["residual"])
    covered = control(details=residual, evidence=("GOV-1",))
    assert said(rolled(covered, passing, attestations=[attestation()])) == ("SUPPORTED", ["all_supported", "declared"])


def test_a_partly_automated_control_is_never_met_by_checks_alone() -> None:
    passing = finding("high-a", F.PASS)
    assert said(rolled(control(automation=PARTIAL), passing)) == ("PARTLY_SUPPORTED", ["residual"])
    asked = control(automation=PARTIAL, evidence=("GOV-1",))
    assert said(rolled(asked, passing)) == ("PARTLY_SUPPORTED", ["evidence_missing"])
    assert said(rolled(asked, passing, attestations=[attestation()])) == ("SUPPORTED", ["all_supported", "declared"])


# ---- strength of a link -------------------------------------------------------------------------------------------


def test_a_failing_check_that_only_supports_is_a_point_of_attention() -> None:
    subject = control(("high-b",), supporting=("critical-a",))
    result = rolled(subject, finding("critical-a", F.FAIL), finding("high-b", F.PASS))
    assert said(result) == ("PARTLY_SUPPORTED", ["attention"])
    assert (result.supporting, result.attention) == (("critical-a",), ("critical-a",))


def test_policies_that_only_support_never_show_a_control_as_met() -> None:
    subject = control((), supporting=("high-a",))
    assert said(rolled(subject, finding("high-a", F.PASS))) == ("NOT_ASSESSED", ["none_tests"])
    assert said(rolled(subject, finding("high-a", F.FAIL))) == ("NOT_ASSESSED", ["attention", "none_tests"])
    asked = control((), supporting=("high-a",), evidence=("GOV-1",))
    declared = rolled(asked, finding("high-a", F.PASS), attestations=[attestation()])
    assert said(declared) == ("DECLARED", ["none_tests", "declared"])
    beside = rolled(asked, finding("high-a", F.FAIL), attestations=[attestation()])
    assert said(beside) == ("NOT_ASSESSED", ["attention", "none_tests"])


def test_a_pass_of_a_policy_that_only_supports_does_not_improve_the_status() -> None:
    subject = control(("low-a",), supporting=("high-a",))
    result = rolled(subject, finding("low-a", F.FAIL), finding("high-a", F.PASS))
    assert said(result) == ("NOT_SUPPORTED", ["policy_failed", "supporting_only"])


# ---- evidence -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_", "state"),
    [
        ({}, "current"),
        ({"effective": TODAY}, "current"),
        ({"effective": TODAY - timedelta(days=400)}, "current"),
        ({"effective": TODAY - timedelta(days=401)}, "stale"),
        ({"effective": TODAY + timedelta(days=1)}, "missing"),
        ({"expires": TODAY}, "current"),
        ({"expires": TODAY - timedelta(days=1)}, "stale"),
        ({"effective": TODAY - timedelta(days=401), "expires": TODAY + timedelta(days=99)}, "stale"),
        ({"name": "GOV-2"}, "missing"),
    ],
)
def test_evidence_ages(given_: dict[str, Any], state: str) -> None:
    result = rolled(control((), automation=MANUAL, evidence=("GOV-1",)), attestations=[attestation(**given_)])
    assert [entry.state for entry in result.evidence] == [state]
    wanted = (
        ("DECLARED", ["manual_only", "declared"]) if state == "current" else ("NOT_ASSESSED", [f"evidence_{state}"])
    )
    assert said(result) == wanted


def test_the_newest_reviewed_attestation_counts() -> None:
    old, newer = attestation(effective=date(2024, 1, 1)), replace(attestation(), id="ATT-2")
    newest = replace(attestation(effective=date(2026, 11, 1), expires=date(2026, 12, 31)), id="ATT-3")
    for given_ in ([old, newer, newest], [newest, newer, old]):
        (entry,) = rolled(control((), automation=MANUAL, evidence=("GOV-1",)), attestations=given_).evidence
        assert (entry.state, entry.attestation, entry.expires) == ("current", "ATT-3", "2026-12-31")


def test_manual_controls_need_all_their_evidence() -> None:
    both = control((), automation=MANUAL, evidence=("GOV-1", "GOV-2"))
    assert said(rolled(both, attestations=[attestation()])) == ("NOT_ASSESSED", ["evidence_missing"])
    full = [attestation(), attestation("GOV-2")]
    assert said(rolled(both, attestations=full)) == ("DECLARED", ["manual_only", "declared", "declared"])
    assert said(rolled(control((), automation=MANUAL))) == ("NOT_ASSESSED", ["not_assessed"])


@pytest.mark.parametrize("state", ["unchecked", "unsigned", "changed", "other_key", "owner_key"])
def test_a_current_but_unreviewed_attestation_shows_no_control_as_met(state: str) -> None:
    unsigned = attestation(approval=Approval(state))
    subject = control((), automation=MANUAL, evidence=("GOV-1",))
    result = rolled(subject, attestations=[unsigned])
    assert said(result) == ("NOT_ASSESSED", ["evidence_unreviewed"])
    assert (result.evidence[0].state, result.evidence[0].owner, result.evidence[0].approver) == (
        "unreviewed",
        "ciso",
        "",
    )
    checked = rolled(control(evidence=("GOV-1",)), finding("high-a", F.PASS), attestations=[unsigned])
    assert said(checked) == ("PARTLY_SUPPORTED", ["evidence_unreviewed"])


def test_an_attestation_names_its_owner_and_approver() -> None:
    result = rolled(control((), automation=MANUAL, evidence=("GOV-1",)), attestations=[attestation()])
    assert result.reasons[1].values == {"items": "GOV-1", "owner": "ciso", "approver": "dpo"}


def test_a_reviewed_attestation_counts_before_a_newer_unreviewed_one() -> None:
    newer = replace(attestation(effective=TODAY, approval=Approval("unsigned")), id="ATT-2")
    (entry,) = rolled(control((), automation=MANUAL, evidence=("GOV-1",)), attestations=[newer, attestation()]).evidence
    assert (entry.attestation, entry.state) == ("ATT-1", "current")


UNSIGNED = Approval("unsigned")
SAYS = {
    "in place": ([{}], "current", "DECLARED"),
    "only in part": ([{"conclusion": "partly"}], "partly", "PARTLY_DECLARED"),
    "only in part, not reviewed": ([{"conclusion": "partly", "approval": UNSIGNED}], "unreviewed", "NOT_ASSESSED"),
    "not in place": ([{"conclusion": "not_in_place"}], "not_in_place", "NOT_SUPPORTED"),
    "not in place, not reviewed": (
        [{"conclusion": "not_in_place", "approval": UNSIGNED}], "not_in_place", "NOT_SUPPORTED",
    ),
    "waited out": (
        [{"conclusion": "not_in_place", "expires": TODAY - timedelta(days=1)}], "not_in_place", "NOT_SUPPORTED",
    ),
    "a newer word says less": (
        [{}, {"conclusion": "partly", "effective": TODAY, "approval": UNSIGNED}], "unreviewed", "NOT_ASSESSED",
    ),
    "a newer word contradicts": (
        [{}, {"conclusion": "not_in_place", "effective": TODAY, "approval": UNSIGNED}], "not_in_place", "NOT_SUPPORTED",
    ),
    "a better word that nobody reviewed": (
        [{"conclusion": "not_in_place", "approval": UNSIGNED}, {"effective": TODAY, "approval": UNSIGNED}],
        "not_in_place", "NOT_SUPPORTED",
    ),
    "a better word that was reviewed": (
        [{"conclusion": "not_in_place"}, {"effective": TODAY}], "current", "DECLARED",
    ),
    "a document that was replaced": (
        [{"file": "v3.md"}, {"file": "v4.md", "effective": TODAY, "approval": UNSIGNED}], "unreviewed", "NOT_ASSESSED",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAYS)
def test_an_attestation_shows_no_more_than_its_owner_concludes(name: str) -> None:
    given_, state, status = SAYS[name]
    said_ = [replace(attestation(**some), id=f"ATT-{number}") for number, some in enumerate(given_)]
    for entries in (said_, said_[::-1]):
        result = rolled(control((), automation=MANUAL, evidence=("GOV-1",)), attestations=entries)
        assert (result.evidence[0].state, result.status.value) == (state, status)
    checked = rolled(control(evidence=("GOV-1",)), finding("high-a", F.PASS), attestations=said_)
    less = C.NOT_SUPPORTED if status == "NOT_SUPPORTED" else C.PARTLY_SUPPORTED
    assert checked.status is (C.SUPPORTED if status == "DECLARED" else less)


# ---- exclusions and the law ---------------------------------------------------------------------------------------


def test_an_excluded_control_gives_its_reason_whatever_was_found() -> None:
    mine = [Exclusion("X.1", "No premises of our own.")]
    result = rolled(control(), finding("high-a", F.PASS), exclusions=mine)
    assert said(result) == ("EXCLUDED", ["excluded"])
    assert result.reasons[0].values == {"reason": "No premises of our own."}
    failing = rolled(control(), finding("high-a", F.FAIL), finding("high-a", F.FAIL), exclusions=mine)
    assert said(failing) == ("EXCLUDED", ["excluded", "excluded_failing"])
    assert failing.reasons[1].values == {"findings": "2", "policies": "high-a"}
    assert rolled(control(), finding("high-a", F.FAIL), exclusions=[Exclusion("X.2", "x")]).status is C.NOT_SUPPORTED


def test_a_waiver_of_a_legal_duty_is_a_deviation_and_does_not_improve_the_status() -> None:
    findings = [finding("high-a", F.WAIVED), finding("high-b", F.PASS)]
    iso = rolled(control(("high-a", "high-b")), *findings)
    assert (said(iso), iso.waivers, iso.deviations) == (("PARTLY_SUPPORTED", ["policy_waived"]), ("W-1",), ())
    law = rolled(control(("high-a", "high-b"), framework=GDPR), *findings)
    assert (said(law), law.waivers, law.deviations) == (
        ("NOT_SUPPORTED", ["policy_waived", "deviation"]),
        ("W-1",),
        ("W-1",),
    )


def test_a_waiver_of_what_only_supports_a_legal_duty_is_no_deviation() -> None:
    findings = [finding("high-a", F.WAIVED), finding("high-b", F.PASS)]
    law = rolled(control(("high-b",), supporting=("high-a",), framework=GDPR), *findings)
    assert said(law) == ("PARTLY_SUPPORTED", ["policy_waived"])
    assert (law.waivers, law.deviations, law.attention) == (("W-1",), (), ())


@pytest.mark.parametrize("framework", [ISO, GDPR])
def test_no_finding_under_a_waiver_is_named_among_those_that_fail(framework: str) -> None:
    findings = [finding("high-a", F.WAIVED), finding("medium-a", F.WAIVED), finding("high-b", F.FAIL)]
    found = rolled(control(("high-a", "high-b"), supporting=("medium-a",), framework=framework), *findings)
    named = {reason.code: reason.values.get("policies") for reason in found.reasons}
    assert (named["policy_failed"], named["policy_waived"]) == ("high-b", "high-a, medium-a")


def test_an_unread_finding_does_not_hide_a_deviation() -> None:
    findings = [finding("high-a", F.WAIVED), finding("high-a", F.NOT_EVALUATED), finding("high-b", F.PASS)]
    law = rolled(control(("high-a", "high-b"), framework=GDPR), *findings)
    assert law.status is C.NOT_SUPPORTED
    assert "deviation" in said(law)[1]


@pytest.mark.parametrize(("status", "attention"), [(F.FAIL, ("high-a",)), (F.PASS, ()), (F.WAIVED, ())])
def test_what_holds_no_personal_data_decides_no_item_of_the_law(status: F, attention: tuple[str, ...]) -> None:
    apart = replace(finding("high-a", status), outside=(GDPR,))
    law = rolled(control(framework=GDPR), apart)
    assert (law.status, law.attention, law.supporting, law.deviations) == (C.NOT_ASSESSED, attention, ("high-a",), ())
    assert law.reasons[-1] == Reason("outside", {"policies": "high-a"})
    assert said(rolled(control(), apart)) == said(
        rolled(control(), finding("high-a", status))
    )  # a standard is not asked


def test_what_holds_no_personal_data_stands_beside_what_may() -> None:
    apart = replace(finding("high-a", F.FAIL), outside=(GDPR,))
    law = rolled(control(framework=GDPR), apart, finding("high-a", F.PASS))
    assert said(law) == ("PARTLY_SUPPORTED", ["attention", "outside"])
    assert (law.attention, law.supporting) == (("high-a",), ())
    both = rolled(control(framework=GDPR), apart, finding("high-a", F.FAIL))
    assert (both.status, both.attention) == (
        C.NOT_SUPPORTED,
        ("high-a",),
    )  # as its reason says


_UNSET = Reason("unset", {"policies": "high-a", "params": "log_retention_max_days"})
_MEANS = Reason("means", {"policies": "high-a"})
ONE_SIDED = pytest.mark.parametrize(
    ("changed", "note"),
    [
        ({"params": ("log_retention_max_days",)}, _UNSET),
        ({"one_means": True}, _MEANS),
        ({"one_means": True, "params": ("log_retention_max_days",)}, _MEANS),  # to set it would change nothing
    ],
)


@ONE_SIDED
@pytest.mark.parametrize("framework", [ISO, GDPR])
@pytest.mark.parametrize("beside", [None, F.FAIL, F.WAIVED, F.NOT_EVALUATED, F.PASS, F.NOT_APPLICABLE])
def test_one_means_and_a_figure_of_nobody_show_a_part_and_contradict_nothing(
    framework: str, beside: F | None, changed: dict[str, Any], note: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIBRARY.policies, "high-a", replace(LIBRARY.policies["high-a"], **changed))  # type: ignore[arg-type]
    found = [finding("high-a", F.PASS), *([finding("high-a", beside)] if beside else [])]
    result = rolled(control(framework=framework), *found)
    clean = beside in (None, F.PASS, F.NOT_APPLICABLE)
    assert result.status is (C.PARTLY_SUPPORTED if clean else C.NOT_ASSESSED)
    assert result.supporting == (() if clean else ("high-a",))
    assert result.attention == (("high-a",) if beside is F.FAIL else ())
    assert result.deviations == ()
    assert result.reasons[-1] == note
    assert (Reason("one_sided") in result.reasons) is clean
    assert strengths_of(control(framework=framework), result) == {"high-a": "in_favour"}  # whatever it found
    more = rolled(control(("high-a", "high-b"), framework=framework), *found, finding("high-b", F.PASS))
    assert more.status is (C.SUPPORTED if clean else C.PARTLY_SUPPORTED)
    worse = rolled(control(("high-a", "high-b"), framework=framework), *found, finding("high-b", F.FAIL))
    assert worse.status is C.NOT_SUPPORTED
    never = Reason("never_against")
    assert [never in one.reasons for one in (result, more, worse)] == [True, False, False]


@pytest.mark.parametrize(
    ("sources", "status"), [(["iac"], C.NOT_ASSESSED), (["aws"], C.NOT_SUPPORTED), (["iac", "aws"], C.NOT_SUPPORTED)]
)
def test_one_block_that_suffices_may_be_in_code_that_was_not_read(
    sources: list[str], status: C, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = replace(LIBRARY.policies["high-a"], iac=IacRule(("CKV_AWS_3",), "same_intent", one_suffices=True))
    monkeypatch.setitem(LIBRARY.policies, "high-a", one)  # type: ignore[arg-type]
    result = rolled(control(), *(finding("high-a", F.FAIL, source) for source in sources))
    alone = status is C.NOT_ASSESSED
    assert (result.status, result.attention) == (status, ("high-a",) if alone else ())
    codes = {item.code for item in result.reasons}
    assert ({"elsewhere", "never_against"} <= codes, "means" in codes) == (alone, False)  # and one_means says so itself


def test_a_figure_that_the_company_set_decides_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    asking = replace(LIBRARY.policies["high-a"], params=("log_retention_max_days",))
    monkeypatch.setitem(LIBRARY.policies, "high-a", asking)  # type: ignore[arg-type]
    for status, decided in ((F.FAIL, C.NOT_SUPPORTED), (F.PASS, C.SUPPORTED)):
        own = rolled(control(), finding("high-a", status), params={"log_retention_max_days": 400})
        assert (own.status, own.supporting) == (decided, ())


# ---- less evidence never looks better -----------------------------------------------------------------------------

BEST_FIRST = (C.SUPPORTED, C.DECLARED, C.PARTLY_DECLARED, C.PARTLY_SUPPORTED, C.NOT_ASSESSED, C.NOT_SUPPORTED)
NAMES = sorted(LIBRARY.policies)
CONTROLS = st.builds(
    lambda names, weak, automation, framework, planned, evidence, residual: control(
        [name for name in names if name not in weak],
        supporting=[name for name in names if name in weak],
        automation=automation,
        framework=framework,
        planned=planned,
        evidence=evidence,
        details={"residual": residual},
    ),
    st.lists(st.sampled_from(NAMES), unique=True, max_size=4),
    st.sets(st.sampled_from(NAMES)),
    st.sampled_from([FULL, PARTIAL]),
    st.sampled_from([ISO, GDPR]),
    st.sampled_from([(), ("s3-cmk-sensitive",)]),
    st.sampled_from([(), ("GOV-1",), ("GOV-1", "GOV-2")]),
    st.sampled_from([None, {"en": "x", "fr": "x"}]),
)
FINDINGS = st.lists(
    st.builds(finding, st.sampled_from(NAMES), st.sampled_from(F), st.sampled_from(["aws", "iac"])), max_size=8
)
ATTESTED = st.lists(
    st.builds(
        attestation,
        st.sampled_from(["GOV-1", "GOV-2"]),
        approval=st.sampled_from([Approval("verified"), Approval("unsigned")]),
        effective=st.sampled_from([date(2024, 1, 1), date(2026, 3, 1), TODAY, TODAY + timedelta(days=1)]),
        conclusion=st.sampled_from(["in_place", "in_place", "partly", "not_in_place"]),
    ),
    max_size=3,
)


def rank(subject: Control, findings: Iterable[Finding], attested: Iterable[Attestation]) -> int:
    names = {link.policy for link in subject.policies}
    mine = [item for item in findings if item.policy in names]
    return BEST_FIRST.index(rolled(subject, *mine, attestations=attested).status)


@settings(max_examples=300)
@given(CONTROLS, FINDINGS, ATTESTED, st.data())
def test_less_evidence_never_improves_a_control(
    subject: Control, findings: list[Finding], attested: list[Attestation], data: st.DataObject
) -> None:
    before = rank(subject, findings, attested)
    for place, item in enumerate(findings):
        if item.status is F.PASS:
            unread = [*findings[:place], replace(item, status=F.NOT_EVALUATED), *findings[place + 1 :]]
            assert rank(subject, unread, attested) >= before
            failed = [*findings[:place], replace(item, status=F.FAIL), *findings[place + 1 :]]
            assert rank(subject, failed, attested) >= before
            assert rank(subject, [*findings[:place], *findings[place + 1 :]], attested) >= before
    for place, word in enumerate(attested):
        if word.conclusion == "in_place":
            assert rank(subject, findings, [*attested[:place], *attested[place + 1 :]]) >= before


@settings(max_examples=300)
@given(CONTROLS, FINDINGS, ATTESTED, ATTESTED)
def test_what_nobody_reviewed_never_improves_a_control(
    subject: Control, findings: list[Finding], attested: list[Attestation], more: list[Attestation]
) -> None:
    unsigned = [replace(word, approval=Approval("unsigned")) for word in more]
    assert rank(subject, findings, [*attested, *unsigned]) >= rank(subject, findings, attested)


@settings(max_examples=200)
@given(CONTROLS, FINDINGS, ATTESTED)
def test_a_waiver_never_improves_a_legal_duty(
    subject: Control, findings: list[Finding], attested: list[Attestation]
) -> None:
    law = replace(subject, framework=GDPR)
    before = rank(law, findings, attested)
    waived = [replace(item, status=F.WAIVED, waiver="W-1") if item.status is F.FAIL else item for item in findings]
    assert rank(law, waived, attested) == before


@settings(max_examples=200)
@given(CONTROLS, FINDINGS, FINDINGS, ATTESTED)
def test_what_no_item_is_about_contradicts_and_supports_nothing(
    subject: Control, findings: list[Finding], more: list[Finding], attested: list[Attestation]
) -> None:
    names = {link.policy for link in subject.policies}
    mine, other = ([item for item in items if item.policy in names] for items in (findings, more))
    apart = [replace(item, outside=(GDPR,)) for item in other]
    law = replace(subject, framework=GDPR)
    alone, beside = (rolled(law, *mine, *items, attestations=attested) for items in ([], apart))
    assert (beside.status is C.NOT_SUPPORTED) is (alone.status is C.NOT_SUPPORTED)
    assert BEST_FIRST.index(beside.status) >= BEST_FIRST.index(alone.status) or beside.status in (
        C.DECLARED, C.PARTLY_DECLARED
    ) or {item.policy for item in mine} != names  # fmt: skip
    iso = replace(subject, framework=ISO)
    assert rolled(iso, *mine, *apart).status is rolled(iso, *mine, *other).status


@settings(max_examples=200)
@given(CONTROLS, FINDINGS, ATTESTED)
def test_the_status_follows_the_rules_of_the_catalogue(
    subject: Control, findings: list[Finding], attested: list[Attestation]
) -> None:
    names = {link.policy for link in subject.policies}
    mine = [item for item in findings if item.policy in names]
    result = rolled(subject, *mine, attestations=attested)
    statuses = {item.status for item in mine}
    with_findings = {item.policy for item in mine} == names
    current = {entry.id for entry in result.evidence if entry.state == "current"} == set(subject.evidence)
    decisive = {link.policy for link in subject.policies if link.strength != "supporting"}
    clean = statuses <= {F.PASS, F.NOT_APPLICABLE} and any(
        item.status is F.PASS for item in mine if item.policy in decisive
    )
    person = bool(subject.evidence) or (subject.automation is FULL and not subject.details["residual"])
    met = with_findings and clean and current and person and not subject.planned
    assert (result.status is C.SUPPORTED) is met
    assert set(result.attention) == {
        item.policy for item in mine if item.policy not in decisive and item.status is F.FAIL
    }


@settings(max_examples=300)
@given(CONTROLS, FINDINGS, ATTESTED)
def test_without_a_passed_decisive_check_a_control_is_not_supported(
    subject: Control, findings: list[Finding], attested: list[Attestation]
) -> None:
    names = {link.policy for link in subject.policies}
    mine = [item for item in findings if item.policy in names]
    decisive = {link.policy for link in subject.policies if link.decides}
    result = rolled(subject, *mine, attestations=attested)
    passed = any(item.status is F.PASS for item in mine if item.policy in decisive)
    failed = [
        item
        for item in mine
        if item.policy in decisive
        and (item.status is F.FAIL or (item.status is F.WAIVED and subject.framework == GDPR))
    ]
    if result.status in (C.SUPPORTED, C.PARTLY_SUPPORTED):
        assert passed
    if result.status in (C.DECLARED, C.PARTLY_DECLARED):
        states = {entry.state for entry in result.evidence}
        assert not decisive and states <= {"current", "partly"}
        assert ("partly" in states) is (result.status is C.PARTLY_DECLARED)
    grave = any(item.severity in (Severity.CRITICAL, Severity.HIGH) for item in failed)
    denied = any(entry.state == "not_in_place" for entry in result.evidence)
    assert (result.status is C.NOT_SUPPORTED) is (grave or denied or bool(failed and not passed))
    assert (
        passed
        or denied
        or {reason.code for reason in result.reasons} & {"nothing_passed", "supporting_only", "none_tests"}
    )
