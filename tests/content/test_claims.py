"""Claims of controls about their checks: no more than the policies behind each sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.factory import workspace
from content_copy import bundled
from preuve.assess.plan import LAW
from preuve.assess.rollup import Rollup
from preuve.model.content import GRAVE, Control
from preuve.model.results import ControlResult, ControlStatus, FindingStatus, PolicyResult

LIBRARY = bundled()
CONTROLS = [control for framework in LIBRARY.frameworks.values() for control in framework.controls if control.policies]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
def test_every_claim_is_based_on_built_and_linked_policies(control: Control) -> None:
    linked = {link.policy for link in control.policies}
    assert control.claims and control.not_shown
    assert [claim.text.en for claim in control.claims if not set(claim.policies) <= linked] == []
    assert control.claimed(()) == ()


@given(st.sampled_from(CONTROLS), st.data())
def test_a_claim_appears_only_with_all_its_policies(control: Control, data: st.DataObject) -> None:
    judged = data.draw(st.sets(st.sampled_from([link.policy for link in control.policies])))
    for claim in control.claims:
        assert (claim in control.claimed(judged)) is (set(claim.policies) <= judged)


@pytest.mark.parametrize(
    ("control_id", "words"),
    [
        ("A.5.13", "inherit"),
        ("A.5.21", "recent"), ("A.8.5", "customers"), ("A.8.26", "sign-in"), ("A.8.6", "quota"), ("A.8.11", "mask"),
        ("A.8.12", "outbound"), ("A.8.23", "outbound"), ("A.8.14", "cache"), ("A.8.18", "console"),
        ("A.8.19", "signed"), ("A.8.21", "DNS"), ("A.8.22", "route"),
    ],
)  # fmt: skip
def test_a_claim_does_not_include_tests_of_planned_policies(control_id: str, words: str) -> None:
    control = LIBRARY.control(control_id)
    assert control is not None
    assert [claim.text.en for claim in control.claims if words in claim.text.en] == []


@pytest.mark.parametrize("control_id", ["GDPR.24", "GDPR.29", "GDPR.32.4", "GDPR.33.1", "GDPR.33.2", "GDPR.45"])
def test_organizational_duties_have_no_policies(control_id: str) -> None:
    control = LIBRARY.control(control_id)
    assert control is not None and control.policies == () and control.evidence


@pytest.mark.parametrize("control_id", ["GDPR.17", "GDPR.30.1", "GDPR.30.2", "GDPR.44", "GDPR.5.2", "A.8.17"])
def test_policies_that_only_hint_at_a_duty_do_not_decide_it(control_id: str) -> None:
    control = LIBRARY.control(control_id)
    assert control is not None
    assert not any(link.decides for link in control.policies)


@pytest.mark.parametrize(
    ("control_id", "policy"),
    [
        ("GDPR.5.1.c", "log-content-clean"), ("GDPR.25.1", "cognito-user-pool-auth"),
        ("GDPR.25.2", "lambda-not-public"), ("GDPR.25.2", "cloudfront-origin-restricted"),
        ("GDPR.32.1.a", "log-content-clean"),
        ("GDPR.32.1.d", "vulnerability-sla"),
    ],
)  # fmt: skip
def test_a_setting_only_related_to_an_article_does_not_decide_it(control_id: str, policy: str) -> None:
    control = LIBRARY.control(control_id)
    assert control is not None
    assert [link.decides for link in control.policies if link.policy == policy] == [False]


def outcome(
    control: Control,
    policy: str,
    others: FindingStatus,
    params: Mapping[str, Any],
    status: FindingStatus = FindingStatus.FAIL,
) -> ControlResult:
    """The result where one policy has a result, a failure unless said, and all others of the control have another."""
    worst = {link.policy: status if link.policy == policy else others for link in control.policies}
    results = {name: PolicyResult(name, status, {status.value: 1}) for name, status in worst.items()}
    return Rollup(LIBRARY, workspace(params=params), results, {}, date(2026, 11, 30)).control(control)


_ALL_SET = {name: item.value for name, item in LIBRARY.parameters.items()}


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
def test_a_status_is_what_its_legend_says(control: Control) -> None:
    """A page says of each status which failures it has: of policies that test the control, as the page names them."""
    for link in control.policies:
        for others in (FindingStatus.PASS, FindingStatus.NOT_APPLICABLE):
            for params in ({}, _ALL_SET):
                found = outcome(control, link.policy, others, params)
                tests = link.policy in found.deciding
                one_sided = LIBRARY.policies[link.policy].one_means or (params == {} and bool(unset(link.policy)))
                grave = LIBRARY.policies[link.policy].severity in GRAVE
                contradicted = tests and (grave or others is not FindingStatus.PASS or len(found.deciding) == 1)
                assert (found.status is ControlStatus.NOT_SUPPORTED) is contradicted, link.policy
                assert (link.policy in found.attention) is not tests
                assert tests is (link.decides and not one_sided)


# What shows copies of data, or that they can be restored. That a plan exists or a vault is locked shows no copy.
_COPIES = {
    "rds-backup-retention", "dynamodb-pitr", "backup-coverage", "backup-jobs-succeed", "backup-restore-tested",
    "redshift-snapshots-kept",
}  # fmt: skip


@pytest.mark.parametrize(
    "control", [one for one in CONTROLS if one.id in ("A.8.13", "GDPR.32.1.c")], ids=lambda control: control.id
)
def test_without_a_copy_of_data_nothing_supports_backups(control: Control) -> None:
    results = {
        link.policy: PolicyResult(link.policy, status, {status.value: 1})
        for link in control.policies
        for status in [FindingStatus.FAIL if link.policy in _COPIES else FindingStatus.PASS]
    }
    for params in ({}, _ALL_SET):
        found = Rollup(LIBRARY, workspace(params=params), results, {}, date(2026, 11, 30)).control(control)
        assert found.status is ControlStatus.NOT_ASSESSED


def unset(policy: str) -> list[str]:
    return [name for name in LIBRARY.policies[policy].params if LIBRARY.parameters[name].own]


@pytest.mark.parametrize("params", [{}, _ALL_SET], ids=["unset", "set"])
@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
def test_one_means_alone_shows_a_part_and_contradicts_nothing(control: Control, params: Mapping[str, Any]) -> None:
    """What other means would do as well, and is not looked at, is evidence neither against it nor for all of it. So is
    what breaks or keeps a figure of nobody.
    """
    for link in control.policies:
        if not link.decides or not (LIBRARY.policies[link.policy].one_means or (params == {} and unset(link.policy))):
            continue
        alone = {
            status: outcome(control, link.policy, FindingStatus.NOT_APPLICABLE, params, status).status
            for status in FindingStatus
        }
        assert alone.pop(FindingStatus.PASS) is ControlStatus.PARTLY_SUPPORTED, link.policy
        assert set(alone.values()) == {ControlStatus.NOT_ASSESSED}, link.policy


# A period that is looked back over asks nothing of the company.
_WINDOWS = {"backup_job_window_days"}


def test_a_figure_that_no_authority_gave_is_the_companys_to_set() -> None:
    deciding = {link.policy for control in CONTROLS for link in control.policies if link.decides}
    asked = {name for policy in deciding for name in LIBRARY.policies[policy].params} - _WINDOWS
    figures = [item for name in asked if isinstance((item := LIBRARY.parameters[name]).value, int | float | dict)]
    given = [item for item in figures if re.search(r"CNIL|KEV", item.source.en)]
    assert {item.id for item in figures if not item.own} == {item.id for item in given} - {"log_retention_max_days"}
    assert {"log_retention_max_days", "vuln_sla_days", "max_admin_principals"} <= {item.id for item in figures}


# That other tools may copy too excuses no copy.
_OF_ITS_OWN = {"s3-replication-allowed-region"}


def test_a_policy_whose_limits_name_other_means_is_one_of_several() -> None:
    unseen = re.compile(r"other mechanisms|(another|other) tools?\b|outside AWS Backup|what the code behind it checks")
    named = {name for name, policy in LIBRARY.policies.items() if policy.limits and unseen.search(policy.limits.en)}
    deciding = {link.policy for control in CONTROLS for link in control.policies if link.decides}
    assert {"backup-coverage", "alarm-log-tampering", "ci-iac-scan-gate", "apigw-auth"} <= named
    both_ways = {name for name in deciding if not LIBRARY.policies[name].one_means}
    assert (named & both_ways) - _OF_ITS_OWN == set()


@pytest.mark.parametrize(
    ("policy", "control_ids"),
    [
        ("backup-vault-locked", "GDPR.32.1.c"), ("guardduty-on", "GDPR.32.1.b"), ("log-content-clean", "GDPR.5.1.f"),
        ("vpc-tiers", "A.8.27"), ("securityhub-findings-triaged", "GDPR.32.1.d A.5.25"),
        ("guardduty-findings-triaged", "A.5.25"), ("iam-access-analyzer-findings", "GDPR.5.1.f A.5.25"),
        ("compliance-run-fresh", "GDPR.32.1.d A.5.36"), ("s3-cross-account-known", "GDPR.T.RES"),
        ("snapshots-shared-known-accounts", "GDPR.T.RES"), ("s3-replication-allowed-region", "A.8.12"),
        ("s3-region-allowed", "A.5.23"), ("prod-data-not-in-test", "A.8.31 A.8.33"),
        ("s3-lifecycle-expiration", "A.5.34"), ("kms-not-pending-deletion", "A.8.24"),
        ("ebs-default-encryption", "GDPR.32.1.a"), ("backup-encrypted", "GDPR.32.1.a A.8.24 A.8.13"),
        ("efs-policy-not-open", "GDPR.25.2 GDPR.32.1.b A.8.3"), ("kms-multi-region-allowed", "GDPR.T.RES"),
        ("log-retention-max", "A.8.15"), ("backup-vault-locked", "A.5.33 GDPR.32.1.b"), ("iam-root-unused", "A.8.2"),
        ("rds-multi-az", "GDPR.32.1.b"), ("compute-multi-az", "GDPR.32.1.b"), ("vpc-tiers", "GDPR.32.1.b"),
        ("vpc-peering-least-route", "GDPR.32.1.b"), ("cloudfront-origin-restricted", "GDPR.32.1.b"),
        ("dns-no-dangling-record", "A.8.9 A.8.21"), ("prod-console-changes", "A.5.3 A.8.32"),
        ("iam-duty-separation-guards", "A.5.3 A.8.2"),
        ("iam-ci-oidc-trust-narrow", "A.8.4 A.5.17 A.8.25"),
        ("nacl-no-admin-ports", "GDPR.32.1.b"),
    ],
)  # fmt: skip
def test_no_means_decides_what_speaks_of_something_else(policy: str, control_ids: str) -> None:
    for control_id in control_ids.split():
        control = LIBRARY.control(control_id)
        assert control is not None
        assert [link.decides for link in control.policies if link.policy == policy] in ([], [False]), control_id


def test_the_hardening_of_one_resource_does_not_contradict_the_management_of_configurations() -> None:
    control = LIBRARY.control("A.8.9")
    assert control is not None
    deciding = [LIBRARY.policies[link.policy] for link in control.policies if link.decides]
    assert deciding and all(item.one_means for item in deciding)


def test_only_rights_on_repositories_decide_access_to_source_code() -> None:
    control = LIBRARY.control("A.8.4")
    assert control is not None
    judged = {rule.resource for link in control.policies if link.decides for rule in LIBRARY.policies[link.policy].aws}
    assert judged and all(kind.startswith("GitHub::") for kind in judged)


@pytest.mark.parametrize(
    ("policy", "control_id"),
    [
        ("cloudfront-tls", "GDPR.32.1.a"), ("kms-policy-not-public", "GDPR.32.1.b"),
        ("s3-no-public-grant", "GDPR.25.2"), ("ebs-volume-encrypted", "GDPR.32.1.a"),
    ],
)  # fmt: skip
def test_a_fact_decides_the_article_that_speaks_of_it(policy: str, control_id: str) -> None:
    control = LIBRARY.control(control_id)
    assert control is not None
    assert [link.decides for link in control.policies if link.policy == policy] == [True]


_OF_ONE_COMPANY = re.compile(
    r"\b\d-person|\d personnes\b|TechStart|B2B|client projects|projets des clients|IT people|informaticiens"
)


def test_no_text_of_a_control_tells_the_circumstances_of_one_company() -> None:
    """Every company's bundle has these sentences."""
    texts = {
        control.id: repr((control.claims, control.objective, control.not_shown, control.details))
        for framework in LIBRARY.frameworks.values()
        for control in framework.controls
    }
    texts |= {name: repr(item.source) for name, item in LIBRARY.parameters.items()}
    assert {name: found for name, text in texts.items() if (found := _OF_ONE_COMPANY.findall(text))} == {}


def test_a_copy_to_another_region_contradicts_residency_whatever_the_service() -> None:
    control = LIBRARY.control("GDPR.T.RES")
    assert control is not None
    copies = ["s3-replication", "backup-copies", "rds-replicas", "dynamodb-replicas", "redshift-copies"]
    decides = {link.policy: link.decides for link in control.policies}
    assert [name for name in copies if not decides[f"{name}-allowed-region"]] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_number_of_administrators_that_decides_is_said_to_be_a_default(language: str) -> None:
    for control in CONTROLS:
        deciding = {name for link in control.policies if link.decides for name in LIBRARY.policies[link.policy].params}
        said = control.not_shown.in_language(language) if control.not_shown else ""
        assert "max_admin_principals" not in deciding or "`max_admin_principals`" in said, control.id


# Set by preuve unless the company sets them: no scheme, rule or list of the company.
_DEFAULTS = {"allowed_regions", "mandatory_tags", "classification_levels"}
# They read tags to tell which rules of suppression take too much.
_BESIDE = {"vulnerability-sla", "guardduty-on", "guardduty-findings-triaged"}
# They read the levels to tell which values nobody declared: what they ask is asked of `sensitive_classes`.
_OF_CLASSES = {"s3-cmk-sensitive", "dynamodb-cmk-sensitive", "log-group-protected", "sg-egress-limited"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_default_is_said_to_be_one(language: str) -> None:
    for control in CONTROLS:
        carrying = {name for claim in control.claims for name in claim.policies} - _BESIDE - _OF_CLASSES
        read = {name for policy in carrying for name in LIBRARY.policies[policy].params}
        texts = [claim.text for claim in control.claims] + [control.not_shown or control.objective, control.objective]
        said = " ".join(text.in_language(language) for text in texts)
        assert [name for name in read & _DEFAULTS if f"`{name}`" not in said] == [], control.id
        assert not re.search(
            r"the company (requires|allows)|company's scheme|l'organisme exige|de l'organisme et une", said
        )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_claim_names_what_is_examined(language: str) -> None:
    """ "The events tested here" is no answer to the question which."""
    vague = re.compile(r"(tested|examined) here(?! *\.)|its policy examines|testée?s ici|sa règle examine")
    said = [claim.text.in_language(language) for control in CONTROLS for claim in control.claims]
    assert [text for text in said if vague.search(text)] == []


@pytest.mark.parametrize(
    "words",
    [
        "every copy",
        "free of secrets",
        "absent from code",
        "each data store",
        "the default on AWS",
        "few rights",
        "changes to trails",
    ],
)
def test_no_claim_exceeds_what_its_checks_see(words: str) -> None:
    """A search finds what it knows, and no policy looks at all copies or stores."""
    said = [(control.id, claim.text.en) for control in CONTROLS for claim in control.claims]
    assert [name for name, text in said if words in text] == []


@pytest.mark.parametrize(
    "policy",
    [
        "ci-iac-scan-gate", "ecr-no-critical", "file-and-mail-transfer-tls", "genai-allowed-region", "iac-drift",
        "identity-contract-ended", "log-group-protected", "ram-shares-internal", "s3-object-lock-audit-logs",
        "tf-modules-pinned",
    ],
)  # fmt: skip
def test_policies_for_services_that_many_accounts_lack_have_claims_of_their_own(policy: str) -> None:
    """In a shared claim, the claim would appear as shown if only the other policies were judged."""
    claims = [(control.id, claim.policies) for control in CONTROLS for claim in control.claims]
    assert [named for named in claims if policy in named[1] and len(named[1]) > 1] == []


@pytest.mark.parametrize("control_id", ["A.8.11", "GDPR.5.1.c"])
def test_an_access_log_neither_masks_nor_minimises(control_id: str) -> None:
    control = LIBRARY.control(control_id)
    assert control is not None and "apigw-logging" not in {link.policy for link in control.policies}


@pytest.mark.parametrize("control_id", ["A.8.11", "A.8.33"])
def test_a_shared_snapshot_alone_contradicts_no_duty_on_test_data(control_id: str) -> None:
    control = LIBRARY.control(control_id)
    assert control is not None
    assert [link.decides for link in control.policies if link.policy == "prod-data-not-in-test"] == [False]


@pytest.mark.parametrize(
    ("control_id", "policy"),
    [
        ("GDPR.T.RES", "redshift-audit-logged"), ("GDPR.32.1.c", "redshift-audit-logged"),
        ("GDPR.T.RES", "genai-calls-logged"), ("GDPR.T.RES", "backup-second-site-allowed"),
        ("GDPR.32.1.d", "waivers-in-order"), ("GDPR.32.1.a", "redshift-tls-and-private"),
        ("GDPR.32.1.a", "elasticache-encrypted-auth"), ("GDPR.32.1.a", "file-and-mail-transfer-tls"),
        ("A.8.24", "eks-cluster-hardening"), ("A.8.24", "redshift-tls-and-private"),
        ("A.8.24", "kms-multi-region-allowed"),
        ("A.8.15", "eks-cluster-hardening"), ("A.8.8", "eks-cluster-hardening"), ("A.8.20", "eks-cluster-hardening"),
        ("A.8.20", "opensearch-private-fgac"), ("A.8.5", "elasticache-encrypted-auth"),
        ("A.8.19", "ecr-immutable-private"), ("A.8.4", "tf-state-protected"),
        ("A.8.4", "ci-workflow-hardened"), ("A.5.3", "trail-bucket-protected"),
    ],
)  # fmt: skip
def test_a_policy_with_another_subject_beside_does_not_decide(control_id: str, policy: str) -> None:
    """It would contradict the control for what the control does not ask."""
    control = LIBRARY.control(control_id)
    assert control is not None and policy in LIBRARY.policies
    assert not any(link.decides for link in control.policies if link.policy == policy)


# A risk that waits, with an end: the waiver is a deviation.
_DEVIATIONS = {"vulnerability-sla"}


def test_what_a_policy_sends_to_a_waiver_contradicts_no_article() -> None:
    """An article asks for no such measure; a waiver there counts as a failure and goes to the DPO."""
    advised = {
        policy.id
        for policy in LIBRARY.policies.values()
        if any(re.search(r"\bwaive", text.in_language("en")) for text in (policy.limits, policy.remediation) if text)
    }
    deciding = {
        link.policy
        for control in CONTROLS
        if control.framework == LAW
        for link in control.policies
        if link.decides and not LIBRARY.policies[link.policy].one_means
    }
    assert "s3-versioning" in advised
    assert advised & deciding == _DEVIATIONS


# Encryption and authentication of caches are two controls.
_TWO_SUBJECTS = {"elasticache-encrypted-auth"}


def test_no_setting_weighs_more_in_the_law_than_in_the_standard() -> None:
    """A theme is no law: it may ask more."""
    links = [(control, link.policy) for control in CONTROLS for link in control.policies if link.decides]
    law = {policy for control, policy in links if control.framework == LAW and control.group != "theme"}
    assert law - {policy for control, policy in links if control.framework != LAW} == _TWO_SUBJECTS


@pytest.mark.parametrize("member", ["Logging", "InvocationLogging"])
def test_no_missing_log_contradicts_residency_or_restoration(member: str) -> None:
    for control_id in ("GDPR.T.RES", "GDPR.32.1.c"):
        control = LIBRARY.control(control_id)
        assert control is not None
        deciding = [LIBRARY.policies[link.policy] for link in control.policies if link.decides]
        assert [p.id for p in deciding if any(f"resource.{member}" in rule.assert_ for rule in p.aws)] == []


_CODE = ("code", "terraform", "dockerfile", "github", "module")


def test_a_claim_about_code_alone_says_so() -> None:
    """Nobody may take it for a statement about the account."""
    alone = {policy.id for policy in LIBRARY.policies.values() if not policy.aws}
    said = {
        claim.text.en
        for control in CONTROLS
        for claim in control.claims
        if set(claim.policies) <= alone and not any(word in claim.text.en.lower() for word in _CODE)
    }
    assert said == set()
    mixed = {
        (control.id, policy)
        for control in CONTROLS
        for claim in control.claims
        for policy in ("iam-no-unbounded-data-permissions", "ci-iac-scan-gate")
        if policy in claim.policies and len(claim.policies) > 1
    }
    assert mixed == set()


@pytest.mark.parametrize(
    "policy", ["iam-no-star-admin-policy", "iam-no-privilege-escalation", "iam-duty-separation-guards"]
)
def test_a_claim_names_the_policies_of_aws_as_not_examined(policy: str) -> None:
    """A role with AdministratorAccess is nothing that these look at."""
    said = {claim.text.en for control in CONTROLS for claim in control.claims if policy in claim.policies}
    assert said
    assert {text for text in said if "not examined" not in text and "settings" not in text} == set()


@pytest.mark.parametrize(
    ("policy", "about", "words"),
    [
        ("backup-restore-tested", "restore", {"en": "One restore counts", "fr": "Une seule restauration"}),
        ("guardduty-protection-plans", "protection plans", {"en": "EKS", "fr": "EKS"}),
        ("lambda-not-public", "function", {"en": "aliases", "fr": "alias"}),
    ],
)
def test_a_claim_says_what_its_policy_leaves_out(policy: str, about: str, words: dict[str, str]) -> None:
    """One restore for all of a kind, services that are not looked at, policies of versions and aliases."""
    carried = [claim for control in CONTROLS for claim in control.claims if policy in claim.policies]
    claims = [claim for claim in carried if about in claim.text.en]
    assert claims
    for language, word in words.items():
        texts = [claim.text.in_language(language) for claim in claims]
        assert [text for text in texts if word not in text] == []


def test_decisions_by_machines_on_special_categories_are_named() -> None:
    control = LIBRARY.control("GDPR.22")
    assert control is not None
    assert "22(4)" in control.objective.en and "22.4" in control.objective.in_language("fr")


# What only a parameter says: a company may set another value, and the sentence must stay true.
_SET_BY_PARAMETERS = re.compile(
    r"\b(few|short|strong|strength|recent|recently|long|last quarter|audit period|cnil|months?"
    r"|peu nombreux|courte?s?|robustes?|récente?s?|récemment|longs?|trimestre|mois)\b",
    re.IGNORECASE,
)
# Of what is tested, whatever the parameters: names with digits, and the quarter of the calendar.
_FIXED = re.compile(r"TLS 1\.2|IMDSv2|\bS3\b|2FA|EC2|\bce trimestre\b")
_OF_NO_PARAMETER = {"genai-allowed-region": "the days that CloudTrail is asked for are fixed"}


def _valued(text: str) -> bool:
    rest = _FIXED.sub("", text)
    return bool(re.search(r"\d", rest) or _SET_BY_PARAMETERS.search(rest))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_title_states_what_a_parameter_sets(language: str) -> None:
    """A pass by a value of the company's own under "younger than 90 days" is a false sentence."""
    titles = {policy.id: policy.title.in_language(language) for policy in LIBRARY.policies.values() if policy.params}
    assert {name: title for name, title in titles.items() if _valued(title)} == {}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_claim_states_what_a_parameter_sets(language: str) -> None:
    with_params = {policy.id for policy in LIBRARY.policies.values() if policy.params} - _OF_NO_PARAMETER.keys()
    said = {
        claim.text.in_language(language)
        for control in CONTROLS
        for claim in control.claims
        if with_params.intersection(claim.policies)
    }
    assert {text for text in said if _valued(text)} == set()


@pytest.mark.parametrize(
    ("policy", "english", "french"),
    [
        ("elasticache-encrypted-auth", "Memcached", "Memcached"),
        ("ecr-immutable-private", "exclusions|settings", "exclusions|réglages"),
        ("vpc-flow-logs", "at least those refused", "au moins ceux refusés"),
        ("trail-validation", "digests", "empreintes"),
        ("secrets-rotated", "External|settings", "External|réglages"),
        ("ecr-scan", r"on push|scan of images are on", "à leur dépôt|analyse des images sont actifs"),
        ("file-and-mail-transfer-tls", "web addresses", "adresses web"),
        ("cloudfront-tls", "outside a VPC|serve HTTPS", "hors VPC|servent en HTTPS"),
        ("alerts-reach-a-human", "high findings of GuardDuty", "constats élevés de GuardDuty"),
        ("log-content-clean", "named like those of", "nommés comme ceux de"),
        ("log-retention-max", "entries|at most", "entrées|au plus"),
        ("ci-iac-scan-gate", "Trivy", "Trivy"),
        ("log-group-protected", "whose tags say so in the code", "que leurs étiquettes désignent dans le code"),
        ("iam-access-analyzer-findings", "archived|marked as handled|settings", "archivé|marqué|réglages"),
        ("repo-dependency-alerts", "dismissal", "rejet"),
        ("vulnerability-sla", "suppressed", "masquée"),
    ],
)
def test_a_claim_names_what_its_check_leaves_out(policy: str, english: str, french: str) -> None:
    claims = [claim.text for control in CONTROLS for claim in control.claims if policy in claim.policies]
    assert claims
    for text in claims:
        assert re.search(english, text.en), text.en
        assert re.search(french, text.fr), text.fr


def test_a_policy_of_the_organization_protects_no_log_that_it_does_not_name() -> None:
    """It denies stopping and deleting trails: nothing of the bucket, the objects or the log groups."""
    said = [
        claim.text.en
        for control in CONTROLS
        for claim in control.claims
        if "org-scp-protects-guardrails" in claim.policies
    ]
    assert said
    assert [text for text in said if re.search("protects them|protected, also|are protected", text)] == []


def test_rights_and_detection_say_nothing_of_instructions_or_notification() -> None:
    """Articles 29, 32(4) and 33(1) are about instructions and a duty to notify."""
    asked = LIBRARY.control("GDPR.32.4")
    assert asked is not None and "IAM-01" not in asked.evidence
    for article, rights in (
        ("GDPR.29", {"A.5.15"}), ("GDPR.32.4", {"A.5.15", "A.5.18", "A.8.2"}), ("GDPR.33.1", {"A.8.15", "A.8.16"}),
    ):  # fmt: skip
        link = LIBRARY.crosswalk.of(article)
        assert link is not None and rights.isdisjoint(link.to)


def test_the_gap_of_an_objection_is_the_burden_of_proof() -> None:
    link = LIBRARY.crosswalk.of("GDPR.21")
    assert link is not None
    assert "burden of proof" in link.gap.en and "charge de la preuve" in link.gap.fr


# What was closed is not read, or not when: only what is still open is compared with a deadline.
_IN_TIME = {
    "en": r"\b(closed|handled|archived|resolved|repaired|dismissed)\b[^;]*\b(in|on) time\b"
    r"|\b(closed|handled|archived|resolved|repaired|dismissed)\b[^;]*\bwithin the (deadlines?|periods?)\b",
    "fr": r"\b(closes?|clos|traitée?s?|archivée?s?|résolue?s?)\b[^;]*\b(à temps|dans les? délais?)\b",
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_is_said_to_be_closed_in_time(language: str) -> None:
    said = [policy.title.in_language(language) for policy in LIBRARY.policies.values()]
    said += [claim.text.in_language(language) for control in CONTROLS for claim in control.claims]
    assert [text for text in said if re.search(_IN_TIME[language], text)] == []


@pytest.mark.parametrize(
    ("policy", "english", "french"),
    [
        ("kms-admin-not-user", "no role or user both", "ni rôle ni utilisateur"),  # IAM may
        # Keys may lie on it, too.
        ("ec2-instance-role", "^Instances have an instance profile$", "^Instances dotées d'un profil d'instance$"),
        ("ci-workflow-hardened", "tested here", "testées ici"),
        ("dockerfile-hardened", "tested here", "testées ici"),
        ("efs-policy-not-open", "^No EFS policy that was set", "^Aucune politique EFS définie"),  # or none is set
        ("sg-no-all-traffic", "to the internet", "à Internet"),
        ("egress-dns-filtering", "told to ask", "indiqué aux machines"),
        ("s3-bucket-public-access-block", "or the account", "ou le compte"),
        ("s3-access-point-public-block", "or by the account", "ou par le compte"),
        ("iam-root-phishing-resistant-mfa", "no virtual device", "aucun dispositif virtuel"),
        ("log-retention-max", "maximum period", "maximum fixé"),
        ("backup-coverage", "EBS, DynamoDB, EFS and S3 .* AWS Backup", "EBS, DynamoDB, EFS et S3 .* AWS Backup"),
        ("capacity-quotas", "An alarm watches a", "Une alarme surveille un"),
        ("alarm-iam-org-changes", "selected", "certain"),
        ("alarm-log-tampering", "selected", "certain"),
        ("org-scp-protects-guardrails", "stopping or deleting trails", "arrêter ou supprimer journaux de suivi"),
        ("org-scp-region-deny", "tested here", "testées ici"),
        ("iam-duty-separation-guards", "trails", "journaux de suivi"),
        ("iam-no-privilege-escalation", "known .* of the company", "connu .* de l'organisme"),
        ("no-secrets-in-ci-config", "recognised in CodeBuild", "reconnu dans les projets CodeBuild"),
        ("no-secrets-in-code", "recognised", "reconnu"),
        ("no-secrets-in-compute-config", "recognised", "reconnu"),
        ("opensearch-audit-logs", "set to publish", "réglé pour publier"),
        ("dns-no-dangling-record", "S3 bucket", "compartiment S3"),
        ("cognito-user-pool-auth", "or on risk", "ou selon le risque"),
        ("elb-logging", "have access logs on", "Journaux d'accès actifs"),
        ("iac-drift", "CloudFormation .* at the last detection", "CloudFormation .* à la dernière détection"),
        ("sg-egress-limited", "all outbound ports", "tous les ports sortants"),
        ("elasticache-encrypted-auth", "Memcached in transit only", "Memcached en transit seulement"),
        ("compliance-run-fresh", "over the account", "sur le compte"),
        ("region-resources-allowed", "found", "trouvé"),
        ("apigw-auth", "not OPTIONS, private APIs", "hors OPTIONS et API privées"),
        ("backup-restore-tested", "one resource of each protected type", "chaque type protégé"),
        ("backup-jobs-succeed", "at once or later", "ou plus tard"),
        ("nacl-no-admin-ports", "default ones aside", "hors celles par défaut"),
        ("prod-console-changes", "among the events looked for", "parmi les événements recherchés"),
        ("repo-protected", "review asked for", "revue exigée"),
        ("iam-audit-role-read-only", "by their names", "d'après le nom"),
        ("org-env-separate-accounts", "by tag", "par étiquette"),
        ("tag-owner-environment", "(?i)types examined", "(?i)types examinés"),
    ],
)  # fmt: skip
def test_a_title_says_no_more_than_what_is_tested(policy: str, english: str, french: str) -> None:
    """It stands above every pass, and in tables and exports without the limits."""
    title = LIBRARY.policies[policy].title
    assert re.search(english, title.en), title.en
    assert re.search(french, title.in_language("fr")), title.in_language("fr")


# A bare noun claims all that goes by it: the services whose resources are tested stand beside it.
_NAMED = {
    r"\bdatabases?\b": "RDS|Redshift|Neptune",
    r"\bfile systems?\b": "EFS",
    r"\bvolumes?\b": "EBS",
    r"\bcertificates?\b": "ACM",
    r"\bcontainers?\b": "ECS",
    r"\btables?\b": "DynamoDB",
    r"\b(build )?projects?\b": "CodeBuild",
    r"\bAPIs?\b": "API Gateway|REST APIs|custom domains",
    r"\bgenerative|\bAI calls": "Bedrock",
    r"\bvulnerabilit": "Inspector|image",
    r"\brestore": "AWS Backup",
}


@pytest.mark.parametrize(("noun", "service"), _NAMED.items())
def test_a_title_names_the_service_whose_resources_are_tested(noun: str, service: str) -> None:
    titles = [policy.title.en for policy in LIBRARY.policies.values()]
    bare = [title for title in titles if re.search(noun, title, re.I) and not re.search(service, title)]
    assert bare == []


_DENIED = r"\bni\b|\b(aucune?|pas|non|ne|sans|hors|jamais|nul|inutilisée?s?|limitée?s?|loin de|dans la limite)\b|\bn'"
# What one language narrows and the other does not makes two statements of one verdict.
_SCOPES = {
    "internet": "internet",
    "production": "production",
    "backup|backed up": "sauvegard|AWS Backup",
    "personal": "personnel",
    "region": "région",
    r"\bknown\b": r"\bconn(u|ue|us|ues)\b",
    r"\badmin": r"\badmin",
    "compan": "organisme|entreprise",
    r"\btag": r"\bétiquet",
    r"separated?\b|another": r"séparé|autre|distinct",
    "recognised": "reconnu",
}


@pytest.mark.parametrize(("english", "french"), _SCOPES.items())
def test_a_title_has_the_same_scope_in_both_languages(english: str, french: str) -> None:
    titles = {policy.id: policy.title for policy in LIBRARY.policies.values()}
    narrowed = {name for name, title in titles.items() if re.search(english, title.en, re.IGNORECASE)}
    said = {name for name, title in titles.items() if re.search(french, title.in_language("fr"), re.IGNORECASE)}
    assert narrowed ^ said == set()


def test_a_title_that_denies_in_english_denies_in_french() -> None:
    denied = [
        policy.title
        for policy in LIBRARY.policies.values()
        if re.search(r"\b(no|nobody|not|without)\b", policy.title.en, re.I)
    ]
    assert denied
    french = [title.in_language("fr") for title in denied]
    assert [text for text in french if not re.search(_DENIED, text, re.IGNORECASE)] == []
