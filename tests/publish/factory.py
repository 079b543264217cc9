"""A small library and an assessment as the engine would give them, hostile names included."""

# ruff: noqa: E501 — rows of data read better on one line

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from preuve.model.company.code import IacRoot
from preuve.model.company.organization import Account
from preuve.model.company.workspace import Approval, Attestation, Workspace
from preuve.model.content import (
    Automation,
    AwsRule,
    Claim,
    Control,
    EvidenceItem,
    Framework,
    IacRule,
    Library,
    PlainText,
    Policy,
    PolicyLink,
    Severity,
    Text,
)
from preuve.model.content.catalogue import FrameworkDetails
from preuve.model.errors import Position
from preuve.model.layout import SNAPSHOT
from preuve.model.results import (
    Assessment,
    ControlResult,
    ControlStatus,
    Disagreement,
    EvidenceResult,
    Finding,
    FindingStatus,
    Join,
    JoinState,
    Place,
    PolicyResult,
    Reason,
    WaiverResult,
)
from preuve.model.snapshot import Authorities, IacGap, Listing, Meta, Unread
from preuve.publish.records.population import CountComparison
from preuve.publish.site.facts import Site
from preuve.publish.site.regions import Region, UnreadRegions

ACCOUNT = "123456789012"
NOW = "2026-11-24T12:00:00Z"
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
S = FindingStatus


def policy(name: str, en: str, fr: str, severity: str, type_: str, checks: tuple[str, ...] = ()) -> Policy:
    folder = name.split("-", maxsplit=1)[0]
    return Policy(
        id=name,
        rev=2,
        title=Text(en, fr),
        severity=Severity(severity),
        rationale=Text(
            f"{en}: data at rest is exposed otherwise.", f"{fr} : sinon, les données stockées sont exposées."
        ),
        remediation=Text(
            f"Set it on the resource, see `{name}`. Then look again.\n\n```\naws {folder} put-it --name <NAME> --on\n```\n\nNew ones get it by default.",
            f"L'activer sur la ressource, voir `{name}`. Puis vérifier.\n\n```\naws {folder} put-it --name <NAME> --on\n```",
        ),
        position=Position(f"policies/{folder}/{name}.yaml", 1, 1),
        aws=(AwsRule(type_, 'resource.Encryption.Rules.exists(r, has(r.SSE)) && "<b>" != ""', Position("x", 1, 1)),),
        iac=IacRule(checks, "same_intent") if checks else None,
        limits=Text("It does not see objects written before.", "Elle ne voit pas les objets écrits avant."),
        digest="ab" * 32,
    )


POLICIES = {
    item.id: item
    for item in (
        policy(
            "s3-encrypted",
            "Buckets are encrypted at rest",
            "Chiffrement au repos des compartiments",
            "high",
            "AWS::S3::Bucket",
            ("CKV_AWS_19",),
        ),
        policy(
            "s3-versioning",
            "Buckets keep versions",
            "Gestion des versions des compartiments",
            "medium",
            "AWS::S3::Bucket",
            ("CKV_AWS_21",),
        ),
        policy("iam-root-mfa", "Root user has MFA", "L'utilisateur racine a une MFA", "critical", "AWS::Account"),
        policy("kms-rotation", "Keys rotate", "Rotation des clés", "medium", "AWS::KMS::Key", ("CKV_AWS_7",)),
        policy(
            "rds-encrypted",
            "Databases are encrypted",
            "Chiffrement des bases de données",
            "high",
            "AWS::RDS::DBInstance",
        ),
        policy(
            "region-resources-allowed",
            "Nothing runs outside the allowed regions",
            "Rien hors des régions autorisées",
            "high",
            "AWS::Region",
        ),
    )
}


def control(name: str, framework: str, en: str, fr: str, links: Mapping[str, str], **more: Any) -> Control:
    return Control(
        id=name,
        framework=framework,
        rev=1,
        title=Text(en, fr),
        objective=Text(f"{en}: the objective in our own words.", f"{fr} : l'objectif, avec nos mots."),
        automation=more.pop("automation", Automation.PARTIAL),
        position=Position(f"controls/{framework}/{name}.yaml"),
        claims=(
            Claim(Text("Shows the settings of buckets.", "Montre le réglage des compartiments."), tuple(links)),
            Claim(Text("Shows what no policy tests.", "Montre ce qu'aucune règle ne teste."), ("not-built",)),
        ),
        not_shown=Text("It does not show who chose them.", "Ne montre pas qui l'a choisi."),
        policies=tuple(PolicyLink(policy_id, strength) for policy_id, strength in links.items()),
        **more,
    )


ISO = Framework(
    "iso27001-2022", Text("ISO/IEC 27001:2022", "ISO/IEC 27001:2022"), 1, "2022+Amd1:2024", "1.0.0", "2026-11-24", (),
    (
        control("C.9.2", "iso27001-2022", "Internal audit", "Audit interne", {}, automation=Automation.MANUAL, group="clause", evidence=("GOV-01",)),
        control("A.5.1", "iso27001-2022", "Policies for information security", "Politiques de sécurité de l'information", {}, automation=Automation.MANUAL, group="organizational", evidence=("GOV-03",)),
        control("A.5.17", "iso27001-2022", "Authentication information", "Informations d'authentification", {"iam-root-mfa": "partial"}, group="organizational", evidence=("GOV-04",)),
        control("A.7.1", "iso27001-2022", "Physical security perimeters", "Périmètres de sécurité physique", {}, automation=Automation.MANUAL, group="physical"),
        control("A.8.13", "iso27001-2022", "Information backup", "Sauvegarde des informations", {"s3-versioning": "supporting"}, group="technological"),
        control("A.8.24", "iso27001-2022", "Use of cryptography", "Utilisation de la cryptographie", {"s3-encrypted": "partial", "kms-rotation": "supporting", "rds-encrypted": "partial"}, automation=Automation.FULL, group="technological", evidence=("GOV-04",), planned=("s3-cmk-sensitive",), details={"residual": {"en": "Cryptography policy; laptop encryption.", "fr": "Politique de chiffrement ; chiffrement des postes."}}),
        control("A.8.10", "iso27001-2022", "Information deletion", "Suppression d'informations", {"kms-rotation": "supporting"}, group="technological"),
    ),
)  # fmt: skip
GDPR = Framework(
    "gdpr", Text("GDPR", "RGPD"), 1, "2016/679", "1.0.0", "2026-11-24", (),
    (
        control("GDPR.5.1.f", "gdpr", "Principles", "Principes", {"s3-encrypted": "partial"}, group="5", ref="Art. 5(1)(f)", label=Text("Integrity and confidentiality", "Intégrité et confidentialité")),
        control("GDPR.32.1.a", "gdpr", "Security of processing", "Sécurité du traitement", {"s3-encrypted": "partial", "rds-encrypted": "partial", "s3-versioning": "supporting"}, group="32", ref="Art. 32(1)(a)", label=Text("Pseudonymisation and encryption", "Pseudonymisation et chiffrement")),
        control("GDPR.44", "gdpr", "General principle for transfers", "Principe général applicable aux transferts", {"region-resources-allowed": "partial"}, group="44", ref="Art. 44"),
        control("GDPR.T.RES", "gdpr", "Data residency", "Localisation des données", {"region-resources-allowed": "partial"}, group="theme"),
    ),
    details=FrameworkDetails(reading=PlainText("The law prescribes no setting.", "La loi ne prescrit aucun réglage.")),
)  # fmt: skip


def evidence_item(name: str, en: str, fr: str, role: str) -> EvidenceItem:
    expects = Text("Signed page, version and date.", "Page signée, version et date.")
    return EvidenceItem(name, Text(en, fr), (), expects, "yearly", 400, role, Position("controls/evidence.yaml", 1, 1))


def library() -> Library:
    """Six policies, two frameworks."""
    items = (
        evidence_item("GOV-01", "Audit programme", "Programme d'audit", "internal_auditor"),
        evidence_item("GOV-03", "Information security policy", "Politique de sécurité (PSSI)", "management"),
        evidence_item("GOV-04", "Topic-specific policies", "Politiques thématiques", "ciso"),
    )
    return Library(
        frameworks={ISO.id: ISO, GDPR.id: GDPR},
        policies=POLICIES,
        types={},
        parameters={},
        evidence={item.id: item for item in items},
        excluded_checks={},
        reference={},
        planned_policies={
            "s3-cmk-sensitive": Text(
                "Sensitive buckets use a customer key", "Clé client pour les compartiments sensibles"
            )
        },
    )


def finding(name: str, status: FindingStatus, reason: Reason, place: Place, **more: Any) -> Finding:
    found = POLICIES[name]
    source = more.pop("source", "iac" if place.root else "aws")
    return Finding(name, found.rev, source, status, found.severity, place, reason, **more)


def bucket(name: str, region: str = "eu-west-3", account: str = ACCOUNT) -> Place:
    return Place("AWS::S3::Bucket", name, account, region, f"arn:aws:s3:::{name}")


def code(address: str, file: str, line: int) -> Place:
    return Place("aws_s3_bucket", address, root="infra", file=file, line=line, end_line=line + 8)


DENIED = {
    "member": "Encryption",
    "cause": "access_denied",
    "code": "AccessDenied",
    "action": "s3:GetEncryptionConfiguration",
}
WAIVED = {
    "waiver": "W-001",
    "reason": "Public product pictures.",
    "owner": "Nadia B.",
    "approver": "Paul M.",
    "expires": "2027-03-01",
}


def findings() -> tuple[Finding, ...]:
    """A finding of every kind."""
    call = f"{ACCOUNT}/eu-west-3/s3/17"
    return (
        finding("iam-root-mfa", S.FAIL, Reason("failed"), Place("AWS::Account", ACCOUNT, ACCOUNT), observed={"Summary.AccountMFAEnabled": 0}),
        finding("kms-rotation", S.NOT_APPLICABLE, Reason("no_resource", {"type": "AWS::KMS::Key", "regions": "eu-west-3, eu-west-1"}), Place("AWS::KMS::Key", "", ACCOUNT)),
        finding("rds-encrypted", S.NOT_EVALUATED, Reason("unread_listing", {"type": "AWS::RDS::DBInstance", "region": "eu-west-1", "cause": "throttled", "code": "Throttling", "action": "rds:DescribeDBInstances"}), Place("AWS::RDS::DBInstance", "", ACCOUNT, "eu-west-1"), incomplete=True),
        finding("region-resources-allowed", S.NOT_EVALUATED, Reason("breach_only"), Place("AWS::Region", "eu-west-3", ACCOUNT, "eu-west-3")),
        finding("s3-encrypted", S.FAIL, Reason("absent_fail", {"member": "Encryption"}), bucket("techstart-exports"), observed={"Encryption": None}, calls=(call,)),
        finding("s3-encrypted", S.FAIL, Reason("failed"), bucket(HOSTILE), observed={"Tags": {"Name": HOSTILE, "Long": "x" * 200}, "Encryption": {"Rules": []}}, calls=(call,)),
        finding("s3-encrypted", S.NOT_EVALUATED, Reason("unread_member", DENIED), bucket("techstart-payroll"), incomplete=True, calls=(f"{ACCOUNT}/eu-west-3/s3/18",)),
        finding("s3-encrypted", S.PASS, Reason("asserted"), bucket("techstart-logs"), observed={"Encryption": {"Rules": [{"SSE": "aws:kms"}]}}),
        finding("s3-encrypted", S.FAIL, Reason("iac_failed", {"checks": "CKV_AWS_19"}), code("aws_s3_bucket.exports", "/infra/s3.tf", 12), checks=("CKV_AWS_19",)),
        finding("s3-encrypted", S.PASS, Reason("iac_passed", {"checks": "CKV_AWS_19"}), code("aws_s3_bucket.logs", "infra/s3.tf", 30), checks=("CKV_AWS_19",)),
        finding("s3-versioning", S.WAIVED, Reason("waived", WAIVED), bucket("techstart-pictures"), waiver="W-001"),
        finding("s3-versioning", S.FAIL, Reason("failed"), bucket("techstart-exports"), observed={"Versioning.Status": "Suspended"}, calls=(call,)),
        finding("s3-versioning", S.PASS, Reason("asserted"), bucket("techstart-logs")),
    )  # fmt: skip


def policy_results(found: tuple[Finding, ...]) -> dict[str, PolicyResult]:
    """Return the results of policies like assess: the worst status that occurs."""
    results = {}
    for name in sorted({item.policy for item in found}):
        counts: dict[str, int] = {}
        for item in found:
            if item.policy == name:
                counts[item.status.value] = counts.get(item.status.value, 0) + 1
        status = next(status for status in FindingStatus if status.value in counts)
        results[name] = PolicyResult(name, status, counts)
    return results


def control_results() -> tuple[ControlResult, ...]:
    """A control of every status."""
    current = EvidenceResult("GOV-03", "current", "ATT-001", "2026-03-01", "2027-04-05", "Direction", "Noor (RSSI)")
    stale = EvidenceResult("GOV-04", "stale", "ATT-002", "2024-01-10", "2025-02-13")
    missing = EvidenceResult("GOV-01", "missing")

    def result(
        name: str,
        framework: str,
        status: str,
        reasons: tuple[Reason, ...],
        policies: tuple[str, ...] = (),
        evidence: tuple[EvidenceResult, ...] = (),
        **more: Any,
    ) -> ControlResult:
        return ControlResult(
            name, framework, ControlStatus(status), reasons, policies, more.pop("planned", ()), evidence, **more
        )

    iso, gdpr = "iso27001-2022", "gdpr"
    failed = Reason("policy_failed", {"policies": "s3-encrypted", "severity": "high"})
    return (
        result("C.9.2", iso, "NOT_ASSESSED", (Reason("evidence_missing", {"items": "GOV-01"}),), evidence=(missing,)),
        result("A.5.1", iso, "DECLARED", (Reason("manual_only"), Reason("declared", {"items": "GOV-03", "owner": "Direction", "approver": "Noor (RSSI)"})), evidence=(current,)),
        result("A.8.17", iso, "SUPPORTED", (Reason("all_supported"),), ("kms-rotation",)),
        result("A.5.17", iso, "PARTLY_SUPPORTED", (Reason("evidence_stale", {"items": "GOV-04"}),), ("iam-root-mfa",), (stale,)),
        result("A.7.1", iso, "EXCLUDED", (Reason("excluded", {"reason": "No premises of our own: a shared office."}),)),
        result("A.8.13", iso, "PARTLY_SUPPORTED", (Reason("policy_waived", {"policies": "s3-versioning"}),), ("s3-versioning",), waivers=("W-001",)),
        result("A.8.24", iso, "NOT_SUPPORTED", (failed, Reason("policy_not_evaluated", {"policies": "rds-encrypted"}), Reason("planned", {"policies": "s3-cmk-sensitive"}), Reason("residual")), ("s3-encrypted", "kms-rotation", "rds-encrypted"), (stale,), planned=("s3-cmk-sensitive",)),
        result("A.8.10", iso, "NOT_ASSESSED", (Reason("nothing_passed"),), ("kms-rotation",)),
        result("GDPR.5.1.f", gdpr, "NOT_SUPPORTED", (failed,), ("s3-encrypted",)),
        result("GDPR.32.1.a", gdpr, "NOT_SUPPORTED", (failed, Reason("deviation", {"waivers": "W-001"})), ("s3-encrypted", "rds-encrypted", "s3-versioning"), waivers=("W-001",), deviations=("W-001",)),
        result("GDPR.44", gdpr, "PARTLY_SUPPORTED", (Reason("policy_not_evaluated", {"policies": "region-resources-allowed"}),), ("region-resources-allowed",)),
        result("GDPR.T.RES", gdpr, "PARTLY_SUPPORTED", (Reason("policy_not_evaluated", {"policies": "region-resources-allowed"}),), ("region-resources-allowed",)),
    )  # fmt: skip


def assessment(found: tuple[Finding, ...] | None = None) -> Assessment:
    """The whole result; `found` replaces the findings."""
    chosen = findings() if found is None else found
    waivers = (
        WaiverResult(
            "W-001",
            "s3-versioning",
            "techstart-pictures",
            "Nadia B.",
            "Paul M.",
            "Public product pictures.",
            "2027-03-01",
            "active",
            1,
        ),
        WaiverResult("W-002", "s3-encrypted", HOSTILE, "Nadia B.", "Paul M.", "Migration.", "2026-06-30", "expired"),
    )
    problems = ("waivers.yaml:9:3: W-003 has no approver",)
    return Assessment(
        NOW, chosen, policy_results(chosen), control_results(), waivers, problems, joins(), disagreements()
    )


def joins() -> tuple[Join, ...]:
    """Resources and blocks that are one, and one of each that is known to be none."""
    kind = "AWS::S3::Bucket"
    exports, logs = code("aws_s3_bucket.exports", "infra/s3.tf", 12), code("aws_s3_bucket.logs", "infra/s3.tf", 30)
    return (
        Join(kind, JoinState.JOINED, "name", bucket("techstart-logs"), exports),
        Join(kind, JoinState.JOINED, "state", bucket("techstart-exports"), logs),
        Join(kind, JoinState.ONLY_ACCOUNT, "", cloud=bucket("techstart-payroll")),
        Join(kind, JoinState.NOT_JOINED, "block_without_name", cloud=bucket(HOSTILE)),
    )


def disagreements() -> tuple[Disagreement, ...]:
    """One of each kind."""
    exports, logs = code("aws_s3_bucket.exports", "infra/s3.tf", 12), code("aws_s3_bucket.logs", "infra/s3.tf", 30)
    return (
        Disagreement("s3-encrypted", bucket("techstart-logs"), exports, cloud_fails=False, by="name"),
        Disagreement("s3-encrypted", bucket("techstart-exports"), logs, cloud_fails=True, by="state"),
    )


def workspace(language: str = "en") -> Workspace:
    """TechStart."""
    attestation = Attestation(
        "ATT-001",
        "GOV-03",
        "document",
        "PSSI 2026",
        "Direction",
        date(2026, 3, 1),
        "in_place",
        Position("attestations/a.yaml"),
        file="pssi.pdf",
        sha256="cd" * 32,
        approver="Noor (RSSI)",
        approval=Approval("verified", "SHA256:abc"),
    )
    return Workspace(
        root=Path(), organisation="TechStart", country="FR", language=language,
        frameworks=("iso27001-2022", "gdpr"), accounts=(Account(ACCOUNT, "production"),), regions=("eu-west-3", "eu-west-1"),
        iac=(IacRoot("infra", "terraform"),), params={}, gate=Severity.HIGH, evidence_folder="evidence", pseudonym_key="k",
        attestations=(attestation,), to_complete=("evidence.pseudonym_key",),
    )  # fmt: skip


def calls() -> dict[str, dict[str, Any]]:
    """Two calls of the snapshot, and the listing's."""
    base = f"{ACCOUNT}/eu-west-3/s3"
    return {
        f"{base}/1": {"kind": "call", "id": f"{base}/1", "service": "s3", "region": "eu-west-3", "operation": "ListBuckets", "params": {"MaxBuckets": 1000}, "time": "2026-11-24T11:58:01Z", "status": 200, "request_id": "REQ-LIST", "attempts": 1, "error": "", "action": "s3:ListAllMyBuckets"},
        f"{base}/17": {"kind": "call", "id": f"{base}/17", "service": "s3", "region": "eu-west-3", "operation": "GetBucketEncryption", "params": {"Bucket": HOSTILE}, "time": "2026-11-24T11:58:07Z", "at": f"aws/{ACCOUNT}/global/s3.jsonl:3", "status": 404, "request_id": "REQ-17", "attempts": 1, "error": "ServerSideEncryptionConfigurationNotFoundError", "action": "s3:GetEncryptionConfiguration"},
        f"{base}/18": {"kind": "call", "id": f"{base}/18", "service": "s3", "region": "us-east-1", "operation": "GetBucketEncryption", "params": {"Bucket": "techstart-payroll"}, "time": "2026-11-24T11:58:08Z", "status": 403, "request_id": "REQ-18", "attempts": 2, "error": "AccessDenied", "action": "s3:GetEncryptionConfiguration"},
    }  # fmt: skip


def site(language: str = "en", *, found: tuple[Finding, ...] | None = None, demonstration: bool = False) -> Site:
    """Everything that the site is made of."""
    return Site(
        assessment=assessment(found), library=library(), workspace=workspace(language),
        meta=Meta("0.1.0", started="2026-11-24T11:58:00Z", finished="2026-11-24T11:59:30Z", accounts=(ACCOUNT,), regions=("eu-west-3", "eu-west-1"), ca=Authorities("keys/proxy.pem", "ab" * 32)),
        calls=calls(),
        gaps=(IacGap("infra", "infra/x.tf", 4, "parse_error", HOSTILE),),
        listings=(
            Listing("AWS::S3::Bucket", ACCOUNT, "eu-west-3", 5, calls=(f"{ACCOUNT}/eu-west-3/s3/1",)),
            Listing("AWS::RDS::DBInstance", ACCOUNT, "eu-west-1", 0, "failed", unread=Unread("throttled", "Throttling", "Rate exceeded", "rds:DescribeDBInstances")),
        ),
        lines={("AWS::S3::Bucket", ACCOUNT, "eu-west-3", "techstart-logs", "arn:aws:s3:::techstart-logs"): f"aws/{ACCOUNT}/global/s3.jsonl:4", ("infra", "aws_s3_bucket.logs", "CKV_AWS_19"): "iac/infra.jsonl:7"},
        seconds={"AWS::RDS::DBInstance": CountComparison("rds:DescribeAccountAttributes DBInstances", 3, 2)},
        regions=UnreadRegions(asked=True, regions=(Region(ACCOUNT, "us-east-1", {"instances": 2, "buckets": 1}), Region(ACCOUNT, "sa-east-1", {}), Region(ACCOUNT, "eu-north-1", {}, (Unread("access_denied", "AccessDenied", action="s3:GetEncryptionConfiguration"),)))),
        demonstration=demonstration,
    )  # fmt: skip


def write_snapshot(folder: Path) -> None:
    """The files of the snapshot that pages lead to."""
    for name in (f"aws/{ACCOUNT}/global/s3.jsonl", "iac/infra.jsonl"):
        path = folder / SNAPSHOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}\n" * 9, encoding="utf-8")


def many(count: int) -> tuple[Finding, ...]:
    """`count` failing buckets under one policy."""
    model = finding("s3-encrypted", S.FAIL, Reason("failed"), bucket("x"))
    return tuple(replace(model, place=bucket(f"bucket-{number:05}")) for number in range(count))
