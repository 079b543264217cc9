"""Files of a company: errors in preuve.yaml stop; a defect in one waiver or attestation disables it and is reported."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
import yaml
from msgspec import convert

from content_copy import bundled
from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library, read_library
from preuve.library.yaml.place import FOLDERS
from preuve.model.company.code import IacRoot, TerraformRun
from preuve.model.company.organization import Role
from preuve.model.company.workspace import Workspace
from preuve.model.content import Severity
from preuve.model.errors import ContentError, UsageError

PREUVE = """\
schema: 1
organisation: {name: TechStart, country: FR, language: fr}
scope:
  accounts: [{id: "123456789012", name: production}]
  regions: [eu-west-3]
  iac: [{path: infra, kind: terraform}]
"""
EACH = "accounts: {role_arn: 'arn:aws:iam::{account}:role/x'}"


class Folder:
    """A workspace on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("preuve.yaml", PREUVE)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def load(self) -> Workspace:
        return load_workspace(self.root, bundled())

    def refused(self) -> list[str]:
        with pytest.raises(ContentError) as caught:
            self.load()
        return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


# ---- preuve.yaml --------------------------------------------------------------------------------------------------


def test_a_small_workspace_gets_defaults_and_lists_incomplete_settings(folder: Folder) -> None:
    folder.write("preuve.yaml", "schema: 1\norganisation: {name: TechStart}\n")
    workspace = folder.load()
    assert workspace.frameworks == ("iso27001-2022", "gdpr")
    assert workspace.gate is Severity.HIGH
    assert workspace.to_complete == ("organisation.country", "scope.accounts", "scope.regions", "scope.iac")
    assert workspace.problems == ()


def test_a_root_module_may_define_its_terraform_runs(folder: Folder) -> None:
    runs = (
        "{workspace: prod, variables: [infra/prod.tfvars, all.tfvars]}, {variables: [infra/dev.tfvars]}, {workspace: x}"
    )
    folder.write("preuve.yaml", PREUVE.replace("kind: terraform", f"kind: terraform, runs: [{runs}]"))
    (root,) = folder.load().iac
    assert root.runs == (
        TerraformRun("prod", ("infra/prod.tfvars", "all.tfvars")),
        TerraformRun("default", ("infra/dev.tfvars",)),
        TerraformRun("x"),
    )
    assert convert(json.loads(json.dumps(asdict(root))), IacRoot) == root


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{path: infra, kind: terraform, runs: [{variables: [../x.tfvars]}]}", "../x.tfvars leaves the workspace"),
        ("{path: infra, kind: terraform, runs: [{variables: [/etc/x.tfvars]}]}", "/etc/x.tfvars leaves the workspace"),
        ("{path: infra, kind: cloudformation, runs: [{workspace: prod}]}", "only Terraform has runs"),
        ("{path: infra, kind: terraform, plan: p.json, runs: [{workspace: prod}]}", "a plan is that of one run"),
        ("{path: infra, kind: terraform, runs: []}", "scope.iac.0.runs"),
        ("{path: infra, kind: terraform, runs: [{}]}", "scope.iac.0.runs.0"),
        ('{path: infra, kind: terraform, runs: [{workspace: "a b"}]}', '"a b" is not valid'),
        ("{path: infra, kind: terraform, runs: [{variables: prod.tfvars}]}", "must be a list"),
        ("{path: infra, kind: terraform, runs: [{var: [prod.tfvars]}]}", "unknown key var"),
    ],
)
def test_an_impossible_run_is_refused(folder: Folder, entry: str, problem: str) -> None:
    folder.write("preuve.yaml", PREUVE.replace("{path: infra, kind: terraform}", entry))
    (said,) = folder.refused()
    assert said.startswith("preuve.yaml:6:")
    assert problem in said


def test_a_text_that_is_too_short_is_told_how_long_it_must_be(folder: Folder) -> None:
    folder.write("preuve.yaml", PREUVE + "  exclude: [{path: legacy, reason: old}]\n")
    assert any("reason" in said and "at least 10 characters" in said for said in folder.refused())


def test_a_missing_workspace_gives_the_hint_to_create_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_workspace(tmp_path, bundled())
    assert caught.value.hint == "run: preuve init"


def test_an_empty_file_is_called_empty(folder: Folder) -> None:
    folder.write("preuve.yaml", "# later\n")
    with pytest.raises(UsageError, match="is empty") as caught:
        folder.load()
    assert "preuve init" in caught.value.hint


JIRA = 'notify: {{jira: {{url: "https://x.example{}", project: SEC, issue_type: Task, credentials: {{file: x}}}}}}'


@pytest.mark.parametrize("path", ["", "/ex/jira/0c6f-4a"])
def test_the_address_of_jira_is_that_of_a_site(folder: Folder, path: str) -> None:
    folder.write("preuve.yaml", f"{PREUVE}{JIRA.format(path)}\n")
    folder.load()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("schema: 1", "preuve.yaml:7:1: the key 'schema' appears twice (keep one of the two)"),
        (JIRA.format("/jira/software/projects/SEC"), "preuve.yaml:7:22: notify.jira.url"),
        ("gate: {severity: hihg}", 'preuve.yaml:7:18: gate.severity: "hihg" is not valid (one of critical'),
        ("colour: red", "preuve.yaml:7:1: the file: unknown key colour"),
        ("framework: [gdpr]", "preuve.yaml:7:1: the file: unknown key framework (near it: frameworks"),
        ("frameworks: [gdpr, iso]", "preuve.yaml:7:20: there is no framework iso (one of gdpr, iso27001-2022)"),
        ("params: {rpo_hours: many}", "preuve.yaml:7:21: rpo_hours must be a whole number (the catalogue has 24)"),
        ("params: {rpo_hours: true}", "preuve.yaml:7:21: rpo_hours must be a whole number"),
        ("params: {rpo_hours: 1.5}", "preuve.yaml:7:21: rpo_hours must be a whole number"),
        ("params: {allowed_regions: eu-west-3}", "preuve.yaml:7:27: allowed_regions must be a list"),
        ("params: {allowed_regions: [3]}", "preuve.yaml:7:27: allowed_regions must be a list"),
        ("params: {trusted_account_ids: [123456789012]}", "preuve.yaml:7:31: trusted_account_ids must be a list"),
        ("params: {vuln_sla_days: {critical: 7}}", "preuve.yaml:7:25: vuln_sla_days must be the same keys"),
        ('params: {vuln_sla_days: {critical: "7", high: 1, medium: 1, low: 1}}', "preuve.yaml:7:25: vuln_sla_days"),
        (
            "params: {other_environments: [dev, Préprod]}",
            "preuve.yaml:7:30: Préprod is never met: other_environments is compared in lower case (write préprod)",
        ),
        (
            "params: {other_environments: [dev, .]}",
            "preuve.yaml:7:30: other_environments has a value that is no name: '.'",
        ),
        ('params: {other_environments: [""]}', "preuve.yaml:7:30: other_environments has a value that is no name: ''"),
        (
            "params: {other_environments: [test (old)]}",
            "preuve.yaml:7:30: other_environments has a value that is no name",
        ),
        ("params: {rpo_hours: -3}", "preuve.yaml:7:21: rpo_hours must not be negative (the catalogue has 24)"),
        ("params: {rpo_houres: 2}", "preuve.yaml:7:22: there is no parameter rpo_houres (near it: rpo_hours"),
        ("exclusions: [{control: A.7.99, reason: x}]", "preuve.yaml:7:14: there is no control A.7.99"),
        ("exclusions: [{control: C.9.2.1, reason: x}]", "preuve.yaml:7:14: C.9.2.1 applies to every company"),
        ("exclusions: [{control: GDPR.32.1.b, reason: x}]", "preuve.yaml:7:14: GDPR.32.1.b applies to every company"),
        ("exclusions: [{control: GDPR.33.1, reason: x}]", "preuve.yaml:7:14: GDPR.33.1 applies to every company"),
    ],
)
def test_a_defective_setting_is_an_error_with_its_place(folder: Folder, line: str, problem: str) -> None:
    folder.write("preuve.yaml", f"{PREUVE}{line}\n")
    (said,) = folder.refused()
    assert said.startswith(problem)


def test_another_schema_is_told_with_the_one_that_is_read(folder: Folder) -> None:
    folder.write("preuve.yaml", PREUVE.replace("schema: 1", "schema: 2"))
    (said,) = folder.refused()
    assert said.endswith("schema: 2 is not valid (must be 1)")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("  regions: [eu-west-3]\n", "", "scope names accounts and no regions"),
        ("path: infra", "path: ../elsewhere", "../elsewhere leaves the workspace"),
        ("path: infra", "path: /etc", "/etc leaves the workspace"),
        ("path: infra", "path: a/../../b", "a/../../b leaves the workspace"),
        ("kind: terraform", "kind: terraform, state: ../x.tfstate", "../x.tfstate leaves the workspace"),
        ("kind: terraform", "kind: cloudformation, state: x.tfstate", "only Terraform has a state"),
        ('"123456789012"', "123456789012", "must be a text: quote it"),
        ('"123456789012"', '"12345"', "twelve digits in quotes"),
        ("name: production", "external_id: techstart-7", "role_arn"),
        ("name: production", "role_arn: audit", "the ARN of a role to assume"),
        ("  regions:", f"  organization: {{external_id: abc, {EACH}}}\n  regions:", "role_arn"),
        ("  regions:", "  github: {organization: acme}\n  regions:", "token"),
        (
            "  regions:",
            "  github: {organization: acme, token: {environment: A}, none: we have no such thing}\n  regions:",
            "none does not go with organization, token",
        ),
        (
            "  regions:",
            f"  organization: {{{EACH}, environments: [{{tag: Env, environment: test}}]}}\n  regions:",
            "tag does not go with environment",
        ),
        (
            "  regions:",
            f"  organization: {{{EACH}, environments: [{{unit: /Lab, environment: test, tag: Env}}]}}\n  regions:",
            "tag does not go with unit, environment",
        ),
        (
            "  regions:",
            f"  organization: {{{EACH}, exclude: [{{unit: /Lab, account: '444444444444', reason: a lab for all}}]}}"
            "\n  regions:",
            "account, unit do not go together",
        ),
        ("name: production", "role_arn: 'arn:aws:iam::222222222222:role/x'", "of account 222222222222, and the entry"),
        (
            "name: production}",
            "name: production, role_arn: 'arn:aws:iam::123456789012:role/x'},"
            " {id: '222222222222', role_arn: 'arn:aws-cn:iam::222222222222:role/x'}",
            "several partitions of AWS: aws, aws-cn",
        ),
        ("[{path: infra, kind: terraform}]", "null", "must be a list"),
        ("[{path: infra, kind: terraform}]", "5", "must be a list"),
        ("name: production}", 'name: production}, {id: "123456789012"}', "123456789012 is named twice"),
    ],
)
def test_an_impossible_scope_is_an_error(folder: Folder, old: str, new: str, problem: str) -> None:
    folder.write("preuve.yaml", PREUVE.replace(old, new))
    assert [problem in said for said in folder.refused()] == [True]


@pytest.mark.parametrize(
    "line",
    [
        "scope: {github: {organization: acme, token: ghp_abcdefghij0123456789}}",
        "notify: {slack: {host: hooks.slack.com, webhook: https://hooks.slack.com/services/ghp_abcdefghij0123456789}}",
        "notify: {jira: {url: https://a.example, project: A, issue_type: T, credentials: ghp_abcdefghij0123456789}}",
    ],
)
def test_a_secret_written_directly_is_not_repeated_in_the_error(folder: Folder, line: str) -> None:
    scope = PREUVE[PREUVE.index("scope:") :]
    folder.write("preuve.yaml", (PREUVE.replace(scope, "") if line.startswith("scope") else PREUVE) + line + "\n")
    said = " ".join(folder.refused())
    assert "ghp_" not in said and "must be keys below it: environment, file" in said


def test_an_account_is_reached_through_its_roles_in_order(folder: Folder) -> None:
    hub, reader = (f"arn:aws:iam::{number}:role/preuve" for number in ("210987654321", "123456789012"))
    asked = "external_id: techstart-7, session_tags: {Why: audit}"
    way = f"through: [{{role_arn: '{hub}'}}], role_arn: '{reader}', {asked}"
    folder.write("preuve.yaml", PREUVE.replace("name: production", f"name: production, {way}"))
    (account,) = folder.load().accounts
    assert account.roles == (Role(hub), Role(reader, "techstart-7", {"Why": "audit"}))


def test_hidden_files_of_other_programs_are_ignored(folder: Folder) -> None:
    folder.write("policies/.regal/config.yaml", "rules: {}\n")
    folder.write("attestations/.cache.yaml", "- x\n")
    assert folder.load().problems == ()
    library, problems = read_library(folder.root, validate=False)
    assert library.policies and not problems
    folder.write("policies/regal/config.yaml", "rules: {}\n")
    assert read_library(folder.root, validate=False)[1]


def test_parameters_of_the_right_type_replace_the_defaults(folder: Folder) -> None:
    line = "params: {rpo_hours: 4, allowed_regions: [], vuln_sla_days: {critical: 1, high: 2, medium: 3, low: 4}}\n"
    folder.write("preuve.yaml", PREUVE + line)
    params = folder.load().params
    assert params == {
        "rpo_hours": 4,
        "allowed_regions": [],
        "vuln_sla_days": {"critical": 1, "high": 2, "medium": 3, "low": 4},
    }


def test_a_custom_endpoint_is_always_a_demonstration(folder: Folder) -> None:
    folder.write("preuve.yaml", PREUVE + 'aws: {endpoint_url: "http://127.0.0.1:5555", demonstration: false}\n')
    assert folder.load().demonstration is True


# ---- waivers ------------------------------------------------------------------------------------------------------

NOT_TWO = "nothing shows that owner and approver are two people (write each as First Last (CISO)"
GOOD = {
    "id": "W-001", "policy": "rds-multi-az", "resource": "crm*", "reason": "A test database.",
    "owner": "Nadia Belkacem", "approver": "Paul Martin", "created": '"2026-09-01"', "expires": '"2027-03-01"',
}  # fmt: skip


def waivers(*items: dict[str, str]) -> str:
    lines = ["waivers:"]
    for item in items:
        lines.append("  - {" + ", ".join(f"{key}: {value}" for key, value in item.items()) + "}")
    return "\n".join(lines) + "\n"


def test_a_waiver_is_read(folder: Folder) -> None:
    folder.write("waivers.yaml", waivers(GOOD))
    (waiver,) = folder.load().waivers
    assert (waiver.id, waiver.created, waiver.expires) == ("W-001", date(2026, 9, 1), date(2027, 3, 1))
    assert str(waiver.position) == "waivers.yaml:2:5"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"approver": "Nadia Belkacem"}, NOT_TWO),
        ({"approver": "'  NADIA belkacem '"}, NOT_TWO),
        ({"approver": "Mme Nadia Belkacem (DPO)"}, NOT_TWO),
        ({"approver": "'Paul Martin, Nadia Belkacem'"}, NOT_TWO),
        ({"approver": "Paul M."}, NOT_TWO),
        ({"approver": "RSSI"}, NOT_TWO),
        ({"expires": '"2027-09-02"'}, "it runs for more than 12 months"),
        ({"created": '"2027-03-01"', "expires": '"2028-03-02"'}, "it runs for more than 12 months"),
        ({"created": '"2028-02-29"', "expires": '"2029-03-01"'}, "it runs for more than 12 months"),
        ({"expires": '"2026-08-31"'}, "it expires before it was created"),
        ({"expires": '"2027-02-30"'}, "a date is none of the calendar"),
        ({"policy": "rds-multi-zone"}, "there is no policy rds-multi-zone (near it: rds-multi-az"),
        ({"id": "W-000"}, "the id appears twice"),
        ({"expires": "2027-03-01"}, "a date for some YAML readers"),
        ({"expires": '"soon"'}, "a date in quotes"),
        ({"reason": '""'}, "waivers.1.reason"),
        ({"reason": '"   "'}, "its reason has no word"),
        ({"owner": '"\u200b"'}, "its owner has no word"),
        ({"approver": '"\u2800"'}, "its approver has no word"),
        ({"resource": "[a, b]"}, "waivers.1.resource"),
        ({"exprires": '"2027-03-01"'}, "unknown key exprires"),
    ],
)
def test_a_defective_waiver_covers_nothing_and_is_reported(folder: Folder, change: dict[str, str], why: str) -> None:
    folder.write("waivers.yaml", waivers({**GOOD, "id": "W-000"}, {**GOOD, **change}))
    workspace = folder.load()
    unreadable = why == "a date for some YAML readers"  # then nothing of the file is trusted
    assert [waiver.id for waiver in workspace.waivers] == ([] if unreadable else ["W-000"])
    assert unreadable or [(item.policy, bool(item.defect)) for item in workspace.refused] == [
        (change.get("policy", GOOD["policy"]), True)
    ]
    (problem,) = workspace.problems
    assert why in str(problem)
    assert problem.position.file == "waivers.yaml"
    assert problem.position.line == 3


@pytest.mark.parametrize("missing", GOOD)
def test_a_waiver_without_a_required_key_covers_nothing_and_is_reported(folder: Folder, missing: str) -> None:
    folder.write("waivers.yaml", waivers({key: value for key, value in GOOD.items() if key != missing}))
    workspace = folder.load()
    assert workspace.waivers == ()
    assert [str(problem) for problem in workspace.problems] == [f"waivers.yaml:2:5: waivers.0: '{missing}' is missing"]


@pytest.mark.parametrize("text", ["waivers: [\n", "- W-001\n", "waivers: W-001\n", "", "waiver: []\n"])
def test_an_unreadable_file_of_waivers_covers_nothing_and_is_reported(folder: Folder, text: str) -> None:
    folder.write("waivers.yaml", text)
    workspace = folder.load()
    assert workspace.waivers == ()
    assert workspace.problems


@pytest.mark.parametrize(
    ("created", "expires"), [("2026-09-01", "2027-09-01"), ("2027-03-01", "2028-03-01"), ("2028-02-29", "2029-02-28")]
)
def test_a_waiver_may_run_for_12_months(folder: Folder, created: str, expires: str) -> None:
    folder.write("waivers.yaml", waivers({**GOOD, "created": f'"{created}"', "expires": f'"{expires}"'}))
    assert len(folder.load().waivers) == 1


# ---- attestations -------------------------------------------------------------------------------------------------

ATTESTATION = """\
id: ATT-001
evidence: GOV-03
kind: statement
title: Politique de sécurité
owner: Nadia B.
effective: "2026-03-01"
conclusion: in_place
"""


def test_an_attested_file_is_bound_by_its_hash(folder: Folder) -> None:
    folder.write("attestations/pssi.pdf", "content")
    digest = hashlib.sha256(b"content").hexdigest()
    folder.write("attestations/a.yaml", f'{ATTESTATION}file: pssi.pdf\nsha256: "{digest}"\n')
    (attestation,) = folder.load().attestations
    assert (attestation.sha256, attestation.effective) == (digest, date(2026, 3, 1))
    folder.write("attestations/pssi.pdf", "another content")
    workspace = folder.load()
    assert workspace.attestations == ()
    assert [str(problem) for problem in workspace.problems] == [
        "attestations/a.yaml:8:7: pssi.pdf changed since it was attested (attest the new version)"
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("file: ../secret.pdf", "attestations/a.yaml:8:7: ../secret.pdf leaves attestations/"),
        ("file: link.pdf", "attestations/a.yaml:8:7: link.pdf leaves attestations/"),
        ("file: /etc/hostname", "attestations/a.yaml:8:7: /etc/hostname leaves attestations/"),
        ("file: missing.pdf", "attestations/a.yaml:8:7: missing.pdf is not there"),
        ('file: "a\\0b"', "attestations/a.yaml:8:7: 'a\\x00b' is not there"),
        ('expires: "2026-03-01"\nstatement: x', "attestations/a.yaml:8:10: it expires before it takes effect"),
        ('expires: "2026-13-01"', "attestations/a.yaml:1:1: a date is none of the calendar"),
        ("", "attestations/a.yaml:1:1: ATT-001 attests nothing: neither a file nor a statement"),
        ("size: 3", "attestations/a.yaml:8:1: the file: unknown key size"),
    ],
)
def test_a_defective_attestation_does_not_count_and_is_reported(folder: Folder, line: str, problem: str) -> None:
    folder.write("secret.pdf", "not evidence")
    folder.write("attestations/b.yaml", ATTESTATION.replace("ATT-001", "ATT-002") + "statement: So it is.\n")
    (folder.root / "attestations/link.pdf").symlink_to("../secret.pdf")
    folder.write("attestations/a.yaml", f"{ATTESTATION}{line}\n")
    workspace = folder.load()
    assert [item.id for item in workspace.attestations] == ["ATT-002"]
    (said,) = (item for item in workspace.problems if item.position.file != "attestations/link.pdf")
    assert str(said).startswith(problem)
    (refused,) = workspace.refused_attestations
    assert (refused.id, refused.evidence, refused.problem) == ("ATT-001", "GOV-03", said), "known where it is asked for"


@pytest.mark.parametrize("approver", ["Nadia B.", "RSSI", "Paul Martin (DG)"])
def test_a_review_that_does_not_count_leaves_the_declaration(folder: Folder, approver: str) -> None:
    """Its owner is known by initials: nothing shows that anybody is another person."""
    folder.write("attestations/a.yaml", f"{ATTESTATION}statement: So it is.\napprover: {approver}\n")
    workspace = folder.load()
    (entry,) = workspace.attestations
    assert (entry.owner, entry.approver, workspace.refused_attestations) == ("Nadia B.", "", ())
    (problem,) = workspace.problems
    assert str(problem).startswith(f"attestations/a.yaml:9:11: ATT-001 counts as declared, not as reviewed: {NOT_TWO}")


@pytest.mark.parametrize("key", ["title", "owner", "approver", "statement"])
@pytest.mark.parametrize("text", ["   ", "\u200b", "\u00ad\u2060", "\u3164", "…"])
def test_an_attestation_without_a_word_does_not_count(folder: Folder, key: str, text: str) -> None:
    said = {**yaml.safe_load(ATTESTATION), "statement": "So it is.", key: text}
    folder.write("attestations/a.yaml", "".join(f"{name}: {json.dumps(value)}\n" for name, value in said.items()))
    workspace = folder.load()
    assert workspace.attestations == ()
    (problem,) = workspace.problems
    assert problem.message == f"ATT-001 does not count: its {key} has no word"


@pytest.mark.parametrize(
    "name", ["../../evil", ".", ".hidden", "ATT-1\n2", "ATT\u202e1", "A TT", "a/b", "\u200b", "_x", "-x", "x" * 65]
)
def test_the_id_of_an_attestation_is_plain(folder: Folder, name: str) -> None:
    folder.write("attestations/a.yaml", ATTESTATION.replace("ATT-001", json.dumps(name)) + "statement: So it is.\n")
    workspace = folder.load()
    assert workspace.attestations == ()
    (problem,) = workspace.problems
    assert problem.message == f"id: {json.dumps(name, ensure_ascii=False)} is not valid"


def test_a_line_break_ends_no_id(folder: Folder) -> None:
    folder.write("attestations/a.yaml", ATTESTATION.replace("ATT-001", '"ATT-1\\n"') + "statement: So it is.\n")
    assert [problem.message for problem in folder.load().problems] == ["'ATT-1\\n' is no id"]


def test_a_document_needs_a_file_or_its_hash(folder: Folder) -> None:
    """What somebody states is a statement, whatever its kind says."""
    document = ATTESTATION.replace("kind: statement", "kind: document")
    folder.write("attestations/a.yaml", f"{document}statement: So it is.\n")
    workspace = folder.load()
    assert (workspace.attestations, len(workspace.refused_attestations)) == ((), 1)
    (problem,) = workspace.problems
    assert str(problem).startswith("attestations/a.yaml:3:7: ATT-001 is of a document, and has neither file nor sha256")


@pytest.mark.parametrize("item", ['["GOV-03"]', "{a: b}", "3"])
def test_an_attestation_of_no_single_item_is_told(folder: Folder, item: str) -> None:
    folder.write("attestations/a.yaml", ATTESTATION.replace("GOV-03", item) + "statement: So it is.\n")
    workspace = folder.load()
    assert (workspace.attestations, workspace.refused_attestations) == ((), ())
    (problem,) = workspace.problems
    assert "evidence" in str(problem)


@pytest.mark.parametrize("content", ["", "\ufeff\n", "# \n\n---\n"])
def test_a_document_that_shows_nothing_attests_nothing(folder: Folder, content: str) -> None:
    folder.write("attestations/pssi.md", content)
    folder.write("attestations/a.yaml", f"{ATTESTATION}file: pssi.md\n")
    workspace = folder.load()
    assert workspace.attestations == ()
    (said,) = workspace.problems
    assert str(said).startswith("attestations/a.yaml:8:7: pssi.md shows nothing: it is empty")


NOTES = ("policies/README.md", "attestations/README.txt", "registers/.gitkeep", "docs/policy.yml", "notes.yml")
STRAY = (
    "attestations/b.yml", "attestations/2026/b.yaml", "attestations/pieces/scan.pdf", "registers/people.xlsx",
    "registers/people.CSV.bak", "registers/2026/people.csv", "policies/own.yaml", "policies/s3/own.yml",
    "policies/s3/deep/own.yaml", "inlets/hr.yml", "indicators/a/b.yaml", "scanners/own.yaml", "controls/own.yaml",
)  # fmt: skip


def test_a_file_that_nothing_reads_is_told(folder: Folder) -> None:
    folder.write("attestations/pieces/pssi.md", "# PSSI\n")
    folder.write("attestations/a.yaml", f"{ATTESTATION}file: pieces/pssi.md\n")
    folder.write("registers/own.csv", "id,what\n1,x\n")
    for name in ("registers/.filled/own.jsonl", *NOTES, *STRAY):
        folder.write(name, "x\n")
    told = {problem.position.file: problem for problem in folder.load().problems}
    assert set(told) == set(STRAY)
    assert all(problem.message == "nothing reads this file" and problem.hint for problem in told.values())


@pytest.mark.parametrize("name", ["training_records", "Training-Records", "training record", "trainingrecords"])
def test_a_register_under_nearly_the_name_that_is_read_is_told(folder: Folder, name: str) -> None:
    folder.write(f"registers/{name}.csv", "id,what\n1,x\n")
    (told,) = folder.load().problems
    assert (told.position.file, told.message) == (f"registers/{name}.csv", "nothing reads this file")
    assert told.hint == "rename it to training-records.csv"


@pytest.mark.parametrize("right", ["people", "incident-register", "soa", "devices", "ropa-controller"])
@pytest.mark.parametrize(
    "spelled",
    [
        "{}.fr",
        "{}.en",
        "{} (1)",
        "{} - Copie",
        "Copie de {}",
        "{}_old",
        "{}~",
        "{}.2026",
        "X_{}",
        "{}.csv",
    ],
)
def test_a_register_with_something_around_its_name_is_told(folder: Folder, right: str, spelled: str) -> None:
    name = spelled.format(right)
    folder.write(f"registers/{name}.csv", "id,what\n1,x\n")
    told = [(item.position.file, item.hint) for item in folder.load().problems]
    assert told == [(f"registers/{name}.csv", f"rename it to {right}.csv")]
    (folder.root / f"registers/{right}.csv").mkdir()
    hints = [item.hint for item in folder.load().problems if item.position.file == f"registers/{name}.csv"]
    assert hints == [f"merge it into {right}.csv and remove it"]


@pytest.mark.parametrize(
    "name",
    ["visitors", "reach-register", "risk-register-it", "registre-des-visites", "training-recordings", "tax-list"],
)
def test_a_register_of_the_companys_own_is_not_told(folder: Folder, name: str) -> None:
    folder.write(f"registers/{name}.csv", "id,what\n1,x\n")
    assert folder.load().problems == ()


@pytest.mark.parametrize("name", ["people.fr.md", "README-people.md", "Comment remplir people.md"])
def test_notes_on_a_register_are_not_told(folder: Folder, name: str) -> None:
    folder.write(f"registers/{name}", "x\n")
    assert folder.load().problems == ()


@pytest.mark.parametrize("name", ["archive/people.2025.csv", "people (source).xlsx"])
def test_nobody_is_told_to_make_a_register_of_another_file(folder: Folder, name: str) -> None:
    folder.write(f"registers/{name}", "x\n")
    assert all("rename it to people.csv" not in item.hint for item in folder.load().problems)


def test_a_stray_file_is_told_beside_an_attestation_with_a_defect(folder: Folder) -> None:
    folder.write("attestations/pssi.txt", "# PSSI\n")
    folder.write("attestations/a.yaml", f"{ATTESTATION}file: pssi.txt\nsize: 3\n")
    folder.write("attestations/b.yaml", "id: [\n")
    folder.write("attestations/c.yaml.bak", ATTESTATION)
    told = {problem.position.file for problem in folder.load().problems}
    assert told == {"attestations/a.yaml", "attestations/b.yaml", "attestations/c.yaml.bak"}


@pytest.mark.parametrize(
    ("name", "right"), [("attestation", "attestations"), ("Policy", "policies"), ("REGISTERS", "registers")]
)
def test_a_folder_of_nearly_the_right_name_is_told(folder: Folder, name: str, right: str) -> None:
    folder.write(f"{name}/a.yaml", "x\n")
    (said,) = folder.load().problems
    assert str(said) == f"{name}/: nothing reads this folder (rename it to {right}/)"


def test_an_attestation_for_an_unknown_item_does_not_count(folder: Folder) -> None:
    folder.write("attestations/a.yaml", ATTESTATION.replace("GOV-03", "GOV-99"))
    workspace = folder.load()
    assert workspace.attestations == ()
    assert str(workspace.problems[0]) == "attestations/a.yaml:2:11: there is no evidence item GOV-99"


@pytest.mark.parametrize(
    ("months", "closed", "until"),
    [(36, "2026-11-25", "2029-11-25"), (1, "2026-01-31", "2026-02-28"), (1, "2028-01-31", "2028-02-29"),
     (12, "2028-02-29", "2029-02-28"), (13, "2026-12-01", "2028-01-01")],
)  # fmt: skip
def test_the_retention_counts_calendar_months(folder: Folder, months: int, closed: str, until: str) -> None:
    folder.write("preuve.yaml", f"{PREUVE}evidence: {{retention_months: {months}}}\n")
    assert folder.load().delete_after(date.fromisoformat(closed)).isoformat() == until


def test_a_checkout_of_preuve_is_no_workspace(tmp_path: Path) -> None:
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    with pytest.raises(UsageError, match="is the source of preuve itself") as caught:
        load_library(tmp_path)
    assert caught.value.hint == "run: preuve init FOLDER"


@pytest.mark.parametrize("name", ["preuve.yml", "Preuve.yaml", "waivers.yml", "waiver.yaml"])
def test_a_misspelt_file_name_is_refused(folder: Folder, name: str) -> None:
    folder.write(name, PREUVE)
    right = "preuve.yaml" if "reuve" in name else "waivers.yaml"
    if right == "preuve.yaml":
        (folder.root / right).unlink()
    with pytest.raises(UsageError) as caught:
        folder.load()
    assert (str(caught.value), caught.value.hint) == (f"there is {name}, which is not read", f"rename it to {right}")


def test_a_second_file_with_a_similar_name_is_refused(folder: Folder) -> None:
    folder.write("preuve.yml", PREUVE)
    with pytest.raises(UsageError, match=r"preuve\.yml"):
        folder.load()
