"""Whose contract has ended: from the export of HR and of the identity provider, by `preuve fill`, to the verdict."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from emulator import Emulator
from pipeline.runs import narrowed, prepared_for, run, write_workspace
from preuve.cli.main import main
from preuve.model.results import Assessment, Finding
from preuve.pipeline.run.audit import unlisted_users
from preuve.pipeline.run.preparation import Preparation
from preuve.publish.words.locale import load_locale
from preuve.redact.pseudonyms import Pseudonyms, load_key

POLICIES = ("iam-contract-ended", "identity-contract-ended")
DAY = timedelta(days=1)


def fill(workspace: Path, inlet: str, name: str, text: str, *options: str) -> None:
    (workspace / name).write_text(text, encoding="utf-8")
    arguments = ["fill", inlet, str(workspace / name), "-w", str(workspace), "--write", *options]
    assert CliRunner().invoke(main, arguments).exit_code == 0


def contractors(workspace: Path, today: date, until: date, *options: str) -> None:
    # The names of users are compared in any case, as IAM does.
    text = f"E-mail;Contract end;AWS users\nLeft@ex.com;{until};left\nhere@ex.com;{today};HERE, @robot\n"
    fill(workspace, "contractors", "c.csv", text, *options)


def accounts(workspace: Path, *people: str) -> None:
    users = [{"status": "ACTIVE", "profile": {"login": f"sso-{one}", "email": one}} for one in people]
    fill(workspace, "okta-users", "u.json", json.dumps(users))


def assessed(emulator: Emulator, workspace: Path, policy: str) -> tuple[Preparation, Assessment]:
    prepared = narrowed(prepared_for(workspace, emulator.endpoint), lambda rule: rule.policy.id == policy)
    return prepared, run(prepared, Path(tempfile.mkdtemp(dir=workspace, prefix="out")) / "s").assessment


def judged(emulator: Emulator, workspace: Path, policy: str) -> dict[str, Finding]:
    """The findings by the name of the user or account."""
    _, assessment = assessed(emulator, workspace, policy)
    pseudonyms = Pseudonyms(load_key(workspace / ".key" / "p.key"))
    names = {pseudonyms.of(name): name for name in USERS + LOGINS}
    return {names.get(item.place.id, item.place.id): item for item in assessment.findings}


USERS = ("left", "here", "robot", "nobody", "idle")
LOGINS = ("sso-left@ex.com", "sso-here@ex.com", "sso-other@ex.com")


@pytest.fixture
def workspace(emulator: Emulator, tmp_path: Path) -> Path:
    iam = emulator.client("iam")
    for user in USERS:
        iam.create_user(UserName=user)
        if user != "idle":
            iam.create_access_key(UserName=user)
    return write_workspace(tmp_path, emulator.endpoint)


def statuses(found: dict[str, Finding]) -> dict[str, str]:
    return {name: item.status.value for name, item in found.items()}


def test_keys_fail_from_the_day_after_the_contract_and_if_nobody_owns_them(
    emulator: Emulator, workspace: Path, today: date
) -> None:
    contractors(workspace, today, today - DAY)
    assert statuses(judged(emulator, workspace, POLICIES[0])) == {
        "left": "FAIL", "here": "PASS", "robot": "PASS", "nobody": "FAIL", "idle": "NOT_APPLICABLE",
    }  # fmt: skip
    contractors(workspace, today, today)
    assert statuses(judged(emulator, workspace, POLICIES[0]))["left"] == "PASS"


def test_sign_in_accounts_are_joined_by_the_address_of_their_owner(
    emulator: Emulator, workspace: Path, today: date
) -> None:
    contractors(workspace, today, today - DAY)
    accounts(workspace, "left@ex.com", "HERE@ex.com", "other@ex.com")
    found = [item.status.value for item in judged(emulator, workspace, POLICIES[1]).values()]
    assert sorted(found) == ["FAIL", "FAIL", "PASS"]


def test_an_empty_cell_of_one_person_hides_no_failure_of_another(
    emulator: Emulator, workspace: Path, today: date
) -> None:
    """The row without users may add a person to any account, and ends no other's contract later."""
    rows = (f"Left@ex.com;{today - DAY};left", f"here@ex.com;{today};here", f"new@ex.com;{today};")
    text = "\n".join(["E-mail;Contract end;AWS users", *rows])
    (workspace / "c.csv").write_text(text, encoding="utf-8")
    told = CliRunner().invoke(main, ["fill", "contractors", str(workspace / "c.csv"), "-w", str(workspace), "--write"])
    assert "1 row of the register leaves “AWS users” empty." in told.stdout
    found = statuses(judged(emulator, workspace, POLICIES[0]))
    assert (found["left"], found["here"], found["nobody"]) == ("FAIL", "NOT_EVALUATED", "NOT_EVALUATED")


def test_an_outdated_export_gives_not_evaluated(emulator: Emulator, workspace: Path, today: date) -> None:
    contractors(workspace, today, today + 900 * DAY, "--made", (today - 36 * DAY).isoformat())
    found = judged(emulator, workspace, POLICIES[0])
    assert {name: item.status.value for name, item in found.items() if name != "idle"} == dict.fromkeys(
        ("left", "here", "robot", "nobody"), "NOT_EVALUATED"
    )
    assert all(item.reason.values["cause"] == "entry_outdated" for name, item in found.items() if name != "idle")


def test_names_that_no_user_has_are_told_by_line_after_an_audit(
    emulator: Emulator, workspace: Path, today: date
) -> None:
    """Answers in place of names, whatever their words: not a user who left, nor a person without one."""
    rows = (
        ("a@ex.com", today, "here"), ("b@ex.com", today, "RAS"), ("c@ex.com", today, "aucun"),
        ("d@ex.com", today - DAY, "gone"), ("e@ex.com", today, "@ROBOT, ancien"), ("f@ex.com", "sans terme", "LEFT"),
    )  # fmt: skip
    head = (
        "personne;nature (salarié, prestataire);société;contrat jusqu'au;utilisateurs AWS;utilisateurs GitHub;"
        "responsable;vérifié le"
    )
    lines = [head, *(f"{who};salarié;;{until};{users};un-compte;;" for who, until, users in rows)]
    (workspace / "registers").mkdir()
    (workspace / "registers" / "people.csv").write_text("\n".join(lines), encoding="utf-8")
    prepared, assessment = assessed(emulator, workspace, POLICIES[0])
    assert [line for name in ("en", "fr") for line in unlisted_users(prepared, assessment, load_locale(name))] == [
        "registers/people.csv, lines 3, 6: the column “utilisateurs AWS” has names that no user in scope has"
        " (AWS::IAM::User, listed in full). Correct the names, or write “none” if the person has no user. Leave those"
        " of users outside the scope.",
        "registers/people.csv, lignes 3, 6\u00a0: la colonne «\u00a0utilisateurs AWS\u00a0» contient des noms que ne"
        " porte aucun utilisateur du périmètre (AWS::IAM::User, listés en entier). Corrigez les noms, ou inscrivez"
        " «\u00a0aucun\u00a0» si la personne n'a pas d'utilisateur. Laissez ceux des utilisateurs hors du périmètre.",
    ]


def test_without_the_register_the_policy_is_not_evaluated_and_the_run_is_complete(
    emulator: Emulator, workspace: Path
) -> None:
    (finding,) = judged(emulator, workspace, POLICIES[1]).values()
    assert (finding.status.value, finding.reason.values["cause"]) == ("NOT_EVALUATED", "no_register")
    found = judged(emulator, workspace, POLICIES[0])
    assert found["left"].status.value == "NOT_EVALUATED"
    assert not any(item.incomplete for item in (finding, *found.values()))


def test_no_name_is_in_the_snapshot(emulator: Emulator, workspace: Path, today: date) -> None:
    contractors(workspace, today, today - DAY)
    judged(emulator, workspace, POLICIES[0])
    text = "".join(path.read_text(encoding="utf-8") for path in workspace.glob("out*/**/*.json*"))
    assert "AWS::IAM::User" in text
    assert "left@ex.com" not in text.lower() and '"left"' not in text


def test_users_and_owners_are_sorted_by_their_pseudonyms(emulator: Emulator, workspace: Path, today: date) -> None:
    """The order of their names would reveal them to anybody with a list of the staff."""
    contractors(workspace, today, today)
    judged(emulator, workspace, POLICIES[0])
    kept: dict[str, list[str]] = defaultdict(list)
    for name in ("iam", "register-person"):
        (path,) = workspace.glob(f"out*/s/**/{name}.jsonl")
        for line in map(json.loads, path.read_bytes().splitlines()):
            if line["kind"] == "resource":
                kept[line["type"]].append(line["id"])
    assert (len(kept["AWS::IAM::User"]), len(kept["Register::Person"])) == (5, 2)
    assert kept == {name: sorted(people) for name, people in kept.items()}
