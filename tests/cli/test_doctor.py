"""`preuve doctor` reports what would fail on the day of the audit, claims nothing unknown, and changes nothing."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from emulator import ACCOUNT, REGION, Emulator
from preuve.cli.main import main
from preuve.evidence.runs.file import FileChain
from preuve.evidence.runs.lines import Run, record
from preuve.evidence.verifier.chain import CHAIN
from preuve.model.errors import UsageError
from preuve.model.layout import RESULTS, SNAPSHOT
from preuve.model.moment import current_moment
from preuve.pipeline.workspace.doctor.check import Check, State
from preuve.pipeline.workspace.doctor.diagnosis import diagnose
from preuve.pipeline.workspace.doctor.machine import models
from preuve.pipeline.workspace.permissions import workspace_permissions
from preuve.publish.words.locale import load_locale
from preuve.redact.pseudonyms import Pseudonyms

ROLE = f"arn:aws:iam::{ACCOUNT}:role/audit/preuve-scan"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/preuve-scan/preuve"
CLOSED = "http://127.0.0.1:9"
ENGLISH = load_locale("en")


def workspace(folder: Path, endpoint: str = "", account: str = ACCOUNT, **files: str) -> Path:
    scope = f'{{accounts: [{{id: "{account}"}}], regions: [{REGION}, eu-west-1]}}' if endpoint else "{accounts: []}"
    aws = f'aws: {{endpoint_url: "{endpoint}"}}\n' if endpoint else ""
    text = f"schema: 1\norganisation: {{name: Test}}\nscope: {scope}\nevidence: {{pseudonym_key: p.key}}\n{aws}"
    (folder / "preuve.yaml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    return folder


def run(folder: Path) -> Result:
    return CliRunner().invoke(main, ["doctor", "--workspace", str(folder)])


def found(folder: Path, name: str) -> list[Check]:
    return [check for check in diagnose(folder, ENGLISH) if check.name == name]


def states(folder: Path, name: str) -> list[State]:
    return [check.state for check in found(folder, name)]


def day(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.test")
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def test_the_report_is_in_the_language_of_the_workspace(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    settings = folder / "preuve.yaml"
    settings.write_text(settings.read_text("utf-8").replace("{name: Test}", "{name: Test, language: fr}"), "utf-8")
    told = run(folder).stdout
    assert "espace de travail\u00a0: preuve.yaml (Test)" in told
    assert "attention" in told
    assert not [word for word in ("warning", "there is", "not checked") if word in told]


def test_a_defect_of_the_workspace_is_told_in_its_language(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    settings = folder / "preuve.yaml"
    settings.write_text(settings.read_text("utf-8").replace("{name: Test}", "{name: Test, language: fr}"), "utf-8")
    entry = "{id: W-1, policy: s3-nothing, resource: x, reason: accepted for now, owner: a, approver: b, "
    text = f'waivers:\n  - {entry}created: "2026-01-01", expires: "2026-06-01"}}\n'
    (folder / "waivers.yaml").write_text(text, encoding="utf-8")
    told = run(folder).stdout
    assert "la dérogation W-1 ne compte pas" in told and "counts for nothing" not in told


# ---- exit codes ---------------------------------------------------------------------------------------------------


def test_a_workspace_without_problems_passes(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    (folder / "infra").mkdir()
    settings = (folder / "preuve.yaml").read_text().replace("accounts: []", "iac: [{path: infra, kind: terraform}]")
    (folder / "preuve.yaml").write_text(settings)
    result = run(folder)
    assert result.exit_code == 0, result.output
    assert " 0 fail, 0 not checked" in result.output and "infra (terraform)" in result.output


def test_settings_that_an_audit_would_refuse_fail(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    refused = CliRunner().invoke(main, ["audit", "--workspace", str(folder)])
    assert isinstance(refused.exception, UsageError)
    (check,) = found(folder, "scope")
    assert (check.state, check.message) == (State.FAIL, str(refused.exception))
    assert states(folder, "seal") == [State.WARNING]
    settings = (folder / "preuve.yaml").read_text()
    stamp = "pseudonym_key: p.key, timestamp: {authority: 'https://tsa.example.org', ca: gone.pem}"
    (folder / "preuve.yaml").write_text(settings.replace("pseudonym_key: p.key", stamp))
    (check,) = found(folder, "seal")
    assert check.state == State.FAIL and "gone.pem" in check.message


def test_a_missing_or_invalid_workspace_fails_and_leaves_the_rest_unchecked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["doctor"]).exit_code == 10
    (tmp_path / "preuve.yaml").write_text("schema: 1\norganisation: {name: 7}\n", encoding="utf-8")
    result = run(tmp_path)
    assert result.exit_code == 10
    assert "preuve.yaml:2:" in result.output
    assert "not checked  account and evidence" in result.output


def test_content_that_does_not_load_fails(tmp_path: Path) -> None:
    workspace(tmp_path)
    (tmp_path / "policies" / "own").mkdir(parents=True)
    (tmp_path / "policies" / "own" / "broken.yaml").write_text("id: broken\n", encoding="utf-8")
    assert states(tmp_path, "content") == [State.FAIL]


@pytest.mark.parametrize("kind", ["inlets", "indicators"])
@pytest.mark.parametrize("text", ["id: [", "id: mine\n", ""])
def test_content_that_lint_refuses_fails(tmp_path: Path, kind: str, text: str) -> None:
    folder = workspace(tmp_path)
    (folder / kind).mkdir()
    (folder / kind / "mine.yaml").write_text(text, encoding="utf-8")
    lint = CliRunner().invoke(main, ["lint", "--workspace", str(folder)])
    (check,) = found(folder, "content")
    assert lint.exit_code and check.state is State.FAIL and f"{kind}/mine.yaml" in check.message
    (folder / kind / "mine.yaml").unlink()
    assert states(folder, "content") == [State.OK]


def test_old_models_of_aws_are_named_with_the_command_that_updates_them() -> None:
    newest = date.fromisoformat(models(date(2020, 1, 1), ENGLISH).message.rpartition(" ")[2])
    assert models(newest + timedelta(days=30), ENGLISH).state is State.OK
    old = models(newest + timedelta(days=400), ENGLISH)
    assert old.state is State.WARNING
    assert "pip install --upgrade boto3" in old.hint


def test_the_command_changes_nothing(tmp_path: Path, emulator: Emulator) -> None:
    workspace(tmp_path, emulator.endpoint)
    before = sorted(tmp_path.rglob("*"))
    run(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


# ---- the workspace ------------------------------------------------------------------------------------------------


def test_the_pseudonym_key_must_be_private_valid_and_outside_git(tmp_path: Path) -> None:
    workspace(tmp_path)
    assert states(tmp_path, "pseudonym key") == [State.WARNING]
    key = tmp_path / "p.key"
    key.write_text("ab" * 32, encoding="ascii")
    key.chmod(0o600)
    assert states(tmp_path, "pseudonym key") == [State.OK]
    git(tmp_path, "init", "-q")
    assert states(tmp_path, "pseudonym key") == [State.WARNING]
    (tmp_path / ".gitignore").write_text("*.key\n", encoding="utf-8")
    assert states(tmp_path, "pseudonym key") == [State.OK]
    git(tmp_path, "add", "-f", "p.key")
    assert states(tmp_path, "pseudonym key") == [State.FAIL]


def test_a_key_that_is_not_that_of_the_earlier_audits_is_told(tmp_path: Path) -> None:
    """A second machine has none, or its own: what an audit there says of people compares with nothing."""
    workspace(tmp_path)
    folder = tmp_path / "evidence" / "2026-Q3"
    (folder / RESULTS).parent.mkdir(parents=True)
    (folder / RESULTS).write_text('{"kind": "run", "now": "2026-08-01T10:00:00Z"}\n', encoding="utf-8")
    (folder / SNAPSHOT).mkdir(parents=True)
    (folder / SNAPSHOT / "workspace.json").write_text("{}", encoding="utf-8")
    key = tmp_path / "p.key"
    for there, made_with, told in (
        (False, "a1" * 8, "2026-Q3 uses a key"),
        (False, "", "does not exist yet"),
        (True, "a1" * 8, "2026-Q3 uses another key"),
        (True, "own", ""),
        (True, "", ""),
    ):
        if there:
            key.write_text("ab" * 32, encoding="ascii")
            key.chmod(0o600)
        made = Pseudonyms(bytes.fromhex("ab" * 32)).key_id if made_with == "own" else made_with
        (folder / SNAPSHOT / "meta.json").write_text(json.dumps({"pseudonym_key_id": made}), encoding="utf-8")
        first = found(tmp_path, "pseudonym key")[0]
        assert (told in first.message, first.state is State.WARNING) == (True, bool(told)), made_with


@pytest.mark.parametrize(("content", "mode"), [("ab" * 32, 0o644), ("not hex", 0o600), ("ab", 0o600)])
def test_a_key_that_an_audit_would_refuse_fails(tmp_path: Path, content: str, mode: int) -> None:
    workspace(tmp_path)
    (tmp_path / "p.key").write_text(content, encoding="ascii")
    (tmp_path / "p.key").chmod(mode)
    assert states(tmp_path, "pseudonym key") == [State.FAIL]


def waiver(name: str, created: int, expires: int, approver: str = "Bo Rask") -> str:
    dates = f'created: "{day(created)}", expires: "{day(expires)}"'
    people = f"owner: Ada Lund, approver: {approver}"
    return f"  - {{id: {name}, policy: rds-not-public, resource: x, reason: r, {people}, {dates}}}\n"


def test_expired_expiring_and_defective_waivers_are_named(tmp_path: Path) -> None:
    good = waiver("W-1", -100, 200)
    assert states(workspace(tmp_path, waivers=f"waivers:\n{good}"), "waivers") == [State.OK]
    aged = waiver("W-2", -100, -1) + waiver("W-3", -100, 5)
    workspace(tmp_path, waivers=f"waivers:\n{good}{aged}{waiver('W-4', -1, 9, approver='Ada Lund')}")
    messages = [check.message for check in found(tmp_path, "waivers")]
    assert ["W-2" in messages[0], "W-3" in messages[1]] == [True, True]
    assert not any("W-1" in message for message in messages)
    assert any("W-4" in check.message and check.state is State.FAIL for check in found(tmp_path, "workspace"))


def test_a_waiver_that_covered_nothing_in_the_newest_audit_is_named(tmp_path: Path) -> None:
    workspace(tmp_path, waivers=f"waivers:\n{waiver('W-1', -100, 200)}{waiver('W-2', -100, 200)}")
    lines = [{"kind": "run", "now": "2026-11-01T00:00:00Z"}]
    lines += [{"kind": "waiver", "id": name, "state": state} for name, state in (("W-1", "active"), ("W-2", "unused"))]
    results = tmp_path / "evidence/2026-Q4" / RESULTS
    results.parent.mkdir(parents=True)
    results.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="ascii")
    (check,) = found(tmp_path, "waivers")
    assert check.state is State.WARNING
    assert "2026-Q4" in check.message and "W-2" in check.message and "W-1" not in check.message


def test_a_missing_remote_of_the_chain_fails_before_an_audit(tmp_path: Path) -> None:
    settings = workspace(tmp_path) / "preuve.yaml"
    chained = settings.read_text("utf-8").replace(
        "{pseudonym_key: p.key}", "{pseudonym_key: p.key, chain: {remote: origin}}"
    )
    settings.write_text(chained, "utf-8")
    git(tmp_path, "init", "--quiet")
    assert states(tmp_path, "chain of runs") == [State.FAIL]
    git(tmp_path, "init", "--quiet", "--bare", str(tmp_path / "there.git"))
    git(tmp_path, "remote", "add", "origin", str(tmp_path / "there.git"))
    assert states(tmp_path, "chain of runs") == [State.WARNING]  # nothing can be pushed yet
    git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "x")
    assert states(tmp_path, "chain of runs") == [State.OK]
    git(tmp_path, "config", "remote.origin.pushurl", str(tmp_path / "gone.git"))  # it may be read, and takes nothing
    assert states(tmp_path, "chain of runs") == [State.FAIL]


def test_bundles_of_a_chain_on_a_remote_lack_nothing_in_a_file_beside_them(tmp_path: Path) -> None:
    settings = workspace(tmp_path) / "preuve.yaml"
    text = settings.read_text("utf-8")
    bundle = tmp_path / "evidence" / "2026-Q4"
    bundle.mkdir(parents=True)
    (bundle / CHAIN).write_bytes(
        record(FileChain(tmp_path / "elsewhere"), Run("scan", current_moment(), "2026-Q4")).raw
    )
    (lacking,) = found(tmp_path, "seal")  # the chain is the file: it is gone
    assert lacking.state is State.FAIL and "2026-Q4" in lacking.message
    settings.write_text(text.replace("{pseudonym_key: p.key}", "{pseudonym_key: p.key, chain: {remote: origin}}"))
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "init", "--quiet", "--bare", str(tmp_path / "there.git"))
    git(tmp_path, "remote", "add", "origin", str(tmp_path / "there.git"))
    assert states(tmp_path, "seal") == [State.WARNING]  # unsigned
    assert states(tmp_path, "chain of runs") == [State.WARNING]  # no commit yet: nothing can be pushed


def test_attestations_that_are_stale_are_named(tmp_path: Path) -> None:
    workspace(tmp_path)
    (tmp_path / "attestations").mkdir()
    text = "{id: ATT-9, evidence: GOV-03, kind: statement, title: t, owner: o, statement: s, conclusion: in_place, "
    text += f'effective: "{day(-3000)}"}}\n'
    (tmp_path / "attestations" / "a.yaml").write_text(text, encoding="utf-8")
    assert any("ATT-9: GOV-03" in check.message for check in found(tmp_path, "attestations"))


def test_a_document_that_excluded_controls_alone_need_is_not_missing(tmp_path: Path) -> None:
    def missing() -> tuple[int, int]:
        said = next(check.message for check in found(tmp_path, "attestations") if "items are missing" in check.message)
        count, total = re.findall(r"[0-9]+", said)[:2]
        return int(count), int(total)

    workspace(tmp_path)
    count, total = missing()
    settings = tmp_path / "preuve.yaml"
    excluded = "exclusions: [{control: A.8.30, reason: Nobody develops for the company.}]\n"
    settings.write_text(settings.read_text("utf-8") + excluded, "utf-8")
    assert missing() == (count - 1, total - 1)


def test_leftovers_of_a_killed_run_and_missing_code_are_reported(tmp_path: Path) -> None:
    workspace(tmp_path)
    assert states(tmp_path, "leftovers") == [State.OK]
    (tmp_path / "evidence" / ".incomplete-abc").mkdir(parents=True)
    assert states(tmp_path, "leftovers") == [State.WARNING]
    text = (tmp_path / "preuve.yaml").read_text(encoding="utf-8")
    (tmp_path / "preuve.yaml").write_text(
        text.replace("{accounts: []}", "{iac: [{path: nowhere, kind: terraform}]}"), encoding="utf-8"
    )
    assert states(tmp_path, "code") == [State.FAIL]


def test_an_expired_reference_table_fails(tmp_path: Path) -> None:
    workspace(tmp_path)
    (tmp_path / "scanners" / "reference").mkdir(parents=True)
    table = f'expires: "{day(-2)}"\nsource: {{en: x, fr: x}}\ndata: {{a: "b"}}\n'
    (tmp_path / "scanners" / "reference" / "mine.yaml").write_text(table, encoding="utf-8")
    checks = found(tmp_path, "reference tables")
    if not checks:  # the schema of reference tables asks for more
        pytest.fail(str([check.message for check in found(tmp_path, "content")]))
    assert any("mine expired 2 days ago" in check.message and check.state is State.FAIL for check in checks)


def test_what_ends_an_audit_at_git_fails_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace(tmp_path)
    assert states(tmp_path, "git") == [State.WARNING]  # no repository
    (tmp_path / ".git").write_text("gitdir: /nowhere\n", encoding="utf-8")
    assert states(tmp_path, "git") == [State.FAIL]
    monkeypatch.setenv("PATH", str(tmp_path))
    (check,) = found(tmp_path, "git")
    assert (check.state, check.hint.split(";")[0]) == (State.FAIL, "install git")


def test_a_source_that_the_workspace_does_not_mention_is_named(tmp_path: Path) -> None:
    workspace(tmp_path)
    assert states(tmp_path, "GitHub") == [State.WARNING]
    path = tmp_path / "preuve.yaml"
    path.write_text(path.read_text().replace("{accounts: []}", '{accounts: [], github: {none: "all on GitLab"}}'))
    assert found(tmp_path, "GitHub") == []


def test_a_region_that_aws_does_not_have_is_named_with_those_near_it(tmp_path: Path) -> None:
    workspace(tmp_path)
    path = tmp_path / "preuve.yaml"
    path.write_text(path.read_text().replace("{accounts: []}", "{accounts: [], regions: [eu-west-3, eu-west-33]}"))
    (check,) = [check for check in found(tmp_path, "scope") if check.state is State.WARNING]
    assert "eu-west-33" in check.message and "eu-west-3" in check.hint


def test_what_no_commit_contains_is_told_before_the_audit(tmp_path: Path) -> None:
    workspace(tmp_path)
    git(tmp_path, "init", "-q")
    assert [check.message for check in found(tmp_path, "git")][1:] == ["not committed: (no commit yet)"]
    git(tmp_path, "add", "preuve.yaml")
    git(tmp_path, "commit", "-qm", "a")
    assert states(tmp_path, "git") == [State.OK]
    (tmp_path / "preuve.yaml").write_text((tmp_path / "preuve.yaml").read_text() + "\n")
    assert [check.message for check in found(tmp_path, "git")][1:] == ["not committed: preuve.yaml"]


def test_files_without_a_code_owner_are_named(tmp_path: Path) -> None:
    workspace(tmp_path)
    git(tmp_path, "init", "-q")
    assert states(tmp_path, "code owners") == [State.WARNING]
    (tmp_path / "CODEOWNERS").write_text("# /preuve.yaml @a/b\n/waivers.yaml @a/b\n", encoding="utf-8")
    assert "no owner of preuve.yaml" in found(tmp_path, "code owners")[0].message
    (tmp_path / "CODEOWNERS").write_text("/preuve.yaml @a/b\n/waivers.yaml @a/b\n", encoding="utf-8")
    assert states(tmp_path, "code owners") == [State.OK]
    (tmp_path / "CODEOWNERS").write_text("* @a/b\n/waivers.yaml\n", encoding="utf-8")
    assert "no owner of waivers.yaml" in found(tmp_path, "code owners")[0].message


# ---- the account --------------------------------------------------------------------------------------------------

LABEL = f"account {ACCOUNT}"


def allow(emulator: Emulator, folder: Path, refused: str = "") -> None:
    """Lets the emulated IAM simulate: everything is allowed but `refused`."""
    results = [
        {"EvalActionName": name, "EvalDecision": "implicitDeny" if name == refused else "allowed"}
        for name in {permission.action for permission in workspace_permissions(folder)}
    ]
    emulator.respond("iam", "SimulatePrincipalPolicy", {"EvaluationResults": results, "IsTruncated": False})
    emulator.respond("sts", "GetCallerIdentity", {"Account": ACCOUNT, "Arn": SESSION, "UserId": "AROA:preuve"})
    role = {"Path": "/audit/", "RoleName": "preuve-scan", "RoleId": "AROA", "Arn": ROLE}
    emulator.respond("iam", "GetRole", {"Role": {**role, "CreateDate": "2026-01-01T00:00:00Z"}})


def test_an_account_with_all_permissions_passes(tmp_path: Path, emulator: Emulator) -> None:
    allow(emulator, workspace(tmp_path, emulator.endpoint))
    for name in (LABEL, f"{LABEL} regions", f"{LABEL} permissions"):
        assert states(tmp_path, name) == [State.OK], found(tmp_path, name)
    asked = emulator.ledger("SimulatePrincipalPolicy")
    assert asked
    assert {entry["params"]["PolicySourceArn"] for entry in asked} == {ROLE}
    assert run(tmp_path).exit_code == 0


def test_a_missing_permission_is_named(tmp_path: Path, emulator: Emulator) -> None:
    allow(emulator, workspace(tmp_path, emulator.endpoint), refused="s3:ListAllMyBuckets")
    (check,) = found(tmp_path, f"{LABEL} permissions")
    assert check.state is State.FAIL
    assert "s3:ListAllMyBuckets" in check.message
    assert run(tmp_path).exit_code == 10


def test_permissions_that_cannot_be_simulated_are_unknown(tmp_path: Path, emulator: Emulator) -> None:
    allow(emulator, workspace(tmp_path, emulator.endpoint))
    emulator.faults({"kind": "deny", "operation": "SimulatePrincipalPolicy"})
    (check,) = found(tmp_path, f"{LABEL} permissions")
    assert check.state is State.UNKNOWN
    assert "iam:SimulatePrincipalPolicy" in check.hint
    assert run(tmp_path).exit_code == 11


def test_actions_missing_from_a_simulation_are_not_allowed(tmp_path: Path, emulator: Emulator) -> None:
    allow(emulator, workspace(tmp_path, emulator.endpoint))
    emulator.respond("iam", "SimulatePrincipalPolicy", {"EvaluationResults": [], "IsTruncated": False})
    assert states(tmp_path, f"{LABEL} permissions") == [State.FAIL]


def test_credentials_of_another_account_fail(tmp_path: Path, emulator: Emulator) -> None:
    workspace(tmp_path, emulator.endpoint, account="999999999999")
    (check,) = found(tmp_path, "account 999999999999")
    assert check.state is State.FAIL
    assert ACCOUNT in check.message


def test_only_the_disabled_region_is_named(tmp_path: Path, emulator: Emulator) -> None:
    allow(emulator, workspace(tmp_path, emulator.endpoint))
    emulator.faults({"kind": "region_off", "service": "sts", "region": "eu-west-1"})
    (check,) = found(tmp_path, f"{LABEL} eu-west-1")
    assert check.state is State.FAIL
    assert "region" in check.hint
    assert found(tmp_path, f"{LABEL} {REGION}") == []


@pytest.mark.parametrize("kind", ["expired", "region_off"])
def test_refused_credentials_fail_and_the_rest_is_unchecked(tmp_path: Path, emulator: Emulator, kind: str) -> None:
    workspace(tmp_path, emulator.endpoint)
    emulator.faults({"kind": kind, "service": "sts"})
    (check,) = found(tmp_path, LABEL)
    assert check.state is State.FAIL
    assert "sign in" in check.hint
    assert states(tmp_path, f"{LABEL} regions and permissions") == [State.UNKNOWN]


def test_an_endpoint_that_does_not_answer_fails(tmp_path: Path) -> None:
    (check,) = found(workspace(tmp_path, CLOSED), LABEL)
    assert check.state is State.FAIL
    assert "network" in check.hint


def test_a_message_from_a_server_cannot_steer_the_terminal(tmp_path: Path, emulator: Emulator) -> None:
    workspace(tmp_path, emulator.endpoint)
    emulator.faults({"kind": "deny", "service": "sts", "message": "no\x1b[2J\n::error::forged"})
    output = run(tmp_path).output
    assert "\x1b" not in output
    assert "\n::error" not in output


def test_the_emulated_demonstration_is_examined_completely(tmp_path: Path, techstart_account: Emulator) -> None:
    result = run(workspace(tmp_path, techstart_account.endpoint))
    assert result.exit_code == 11, result.output
    assert "0 fail, 1 not checked" in result.output
    assert states(tmp_path, f"{LABEL} regions") == [State.OK]
