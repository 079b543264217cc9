"""`preuve waiver approve`, and what the runs after it say of the approval: with real keys."""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli.pushes import ci, volumes, workspace
from cli.test_ci_base import commit, git
from pipeline.runs import with_few
from preuve.cli.main import main
from preuve.model.errors import PreuveError

WAIVERS = """\
waivers:
  - {id: W-1, policy: ebs-volume-encrypted, resource: "infra:*", reason: "Vidé, à supprimer", owner: Théo Martin,
     approver: "Noor Bénali (RSSI)", created: "%s", expires: "%s"}
"""
CURRENT = ("2026-09-01", "2027-08-31")
OWN = "nothing shows that owner and approver are two people"


def make_key(folder: Path, name: str) -> Path:
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "someone@laptop", "-f", str(folder / name)]
    subprocess.run(command, check=True, timeout=60)
    return folder / name


def listed(key: Path, *people: str) -> str:
    public = " ".join(key.with_suffix(".pub").read_text().split()[:2])
    return "".join(f'"{person}" namespaces="preuve-waiver" {public}\n' for person in people)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return make_key(tmp_path, "noor")


@pytest.fixture
def shop(tmp_path: Path, key: Path) -> Path:
    """A workspace with an unsigned waiver, and a file with the owners of keys."""
    folder = workspace(tmp_path / "shop", volumes("old"))
    (folder / "waivers.yaml").write_text(WAIVERS % CURRENT, encoding="utf-8")
    settings = (folder / "preuve.yaml").read_text() + "evidence: {pseudonym_key: ../p.key}\n"
    (folder / "preuve.yaml").write_text(settings)
    (folder / "approvers").write_text(listed(key, "Noor Bénali (RSSI)"), encoding="utf-8")
    return folder


def approve(folder: Path, key: Path, name: str = "W-1", answer: str = "y\n") -> Result:
    return CliRunner().invoke(main, ["waiver", "approve", name, "-w", str(folder), "--key", str(key)], input=answer)


def refused(result: Result) -> str:
    assert isinstance(result.exception, PreuveError), result.output
    return f"{result.exception}\n{result.exception.hint}"


def test_a_file_that_is_no_key_is_refused_before_anything_is_asked(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "passwd").write_text("root:x:0:0:root:/root:/bin/bash\n")
    result = approve(shop, tmp_path / "passwd")
    assert "is no SSH key" in refused(result) and not result.output


def scanned(folder: Path) -> dict[str, Any]:
    """Return the waiver in the results of a run."""
    output = folder.parent / "output"
    CliRunner().invoke(main, ["scan", "iac", "-w", str(folder), "-o", str(output)], catch_exceptions=False)
    (root,) = json.loads((output / "scope.json").read_text(encoding="utf-8"))["iac"]
    assert (root["path"], root["kind"], root["runs"]) == ("infra", "terraform", [])
    lines = map(json.loads, (output / "results.jsonl").read_text(encoding="utf-8").splitlines())
    (line,) = (line for line in lines if line["kind"] == "waiver")
    assert line["approval_verified"] is (line["approval"] == "verified")
    return dict(line)


def test_a_signed_waiver_is_verified_and_an_unsigned_one_is_not(shop: Path, key: Path) -> None:
    assert scanned(shop)["approval"] == "unsigned"
    result = approve(shop, key)
    assert result.exit_code == 0, result.output
    for shown in ("reason: Vidé, à supprimer", "owner: Théo Martin", "expires: 2027-08-31", "approvals/W-1.sig"):
        assert shown in result.output
    line = scanned(shop)
    assert line["approval"] == "verified"
    told = subprocess.run(["ssh-keygen", "-lf", str(key)], capture_output=True, text=True, check=True).stdout
    assert line["approval_key"] in told


def test_nothing_is_signed_before_the_approver_confirms(shop: Path, key: Path) -> None:
    assert approve(shop, key, answer="n\n").exit_code == 1
    assert not (shop / "approvals").exists()


@pytest.mark.parametrize(
    ("answer", "signed"), [("o", 1), ("oui", 1), ("Y", 1), ("n", 0), ("non", 0), ("", 0), ("quoi\nOUI", 1)]
)
def test_a_french_director_answers_in_french(shop: Path, key: Path, answer: str, signed: int) -> None:
    settings = (shop / "preuve.yaml").read_text()
    (shop / "preuve.yaml").write_text(re.sub(r"(organisation: \{name: \w+)", r"\1, language: fr", settings))
    result = approve(shop, key, answer=f"{answer}\n")
    assert "[o/N]" in result.output
    assert result.exit_code == 1 - signed
    assert (shop / "approvals").exists() is bool(signed)


@pytest.mark.parametrize(
    ("before", "after"),
    [("infra:*", "*"), ("2027-08-31", "2027-08-30"), ("Vidé", "Vide"), ("Théo", "Léo"), ("ebs-volume", "rds")],
)
def test_a_waiver_that_changed_meanwhile_is_not_approved(shop: Path, key: Path, before: str, after: str) -> None:
    assert approve(shop, key).exit_code == 0
    text = (shop / "waivers.yaml").read_text(encoding="utf-8")
    (shop / "waivers.yaml").write_text(text.replace(before, after), encoding="utf-8")
    assert scanned(shop)["approval"] == "changed"
    assert "W-1: approval not verified: what was signed" in ci(shop).output or "rds" in after


def test_the_signature_of_another_waiver_approves_nothing(shop: Path, key: Path) -> None:
    assert approve(shop, key).exit_code == 0
    text = (shop / "waivers.yaml").read_text(encoding="utf-8")
    (shop / "waivers.yaml").write_text(text.replace("W-1", "W-2"), encoding="utf-8")
    (shop / "approvals" / "W-1.sig").rename(shop / "approvals" / "W-2.sig")
    assert scanned(shop)["approval"] == "changed"


def test_a_signature_for_another_purpose_approves_nothing(shop: Path, key: Path) -> None:
    assert approve(shop, key).exit_code == 0
    (shop / "W-1").write_bytes(b'{"approver":"Noor B\xc3\xa9nali (RSSI)"}\n')
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "file", "-f", str(key), str(shop / "W-1")], check=True)
    salt = (shop / "approvals" / "W-1.sig").read_text().splitlines()[0]
    (shop / "approvals" / "W-1.sig").write_text(f"{salt}\n{(shop / 'W-1.sig').read_text()}")
    assert scanned(shop)["approval"] == "changed"


def test_a_key_that_no_longer_belongs_to_the_approver_approves_nothing(shop: Path, key: Path, tmp_path: Path) -> None:
    assert approve(shop, key).exit_code == 0
    (shop / "approvers").write_text(listed(make_key(tmp_path, "new"), "Noor Bénali (RSSI)"), encoding="utf-8")
    assert scanned(shop)["approval"] == "other_key"
    (shop / "approvers").write_text(listed(key, "Agnès Leroy"), encoding="utf-8")
    assert scanned(shop)["approval"] == "other_key"
    (shop / "approvers").unlink()
    assert scanned(shop)["approval"] == "no_approvers"


@pytest.mark.parametrize("owner", ["Théo Martin", "*", "MARTIN Theo", "theo.martin@example.org", "T. Martin", "DSI"])
def test_a_key_that_also_belongs_to_the_owner_approves_nothing(shop: Path, key: Path, owner: str) -> None:
    """Also if one pattern gives it to everybody."""
    assert approve(shop, key).exit_code == 0
    (shop / "approvers").write_text(listed(key, "Noor Bénali (RSSI)", owner), encoding="utf-8")
    assert scanned(shop)["approval"] == "owner_key"
    assert "the owner cannot be the approver" in refused(approve(shop, key))


@pytest.mark.parametrize("further", ["nbenali", "noor.benali@example.org", "Agnès Leroy"])
def test_a_key_that_is_given_to_nobody_who_may_be_the_owner_approves(shop: Path, key: Path, further: str) -> None:
    assert approve(shop, key).exit_code == 0
    (shop / "approvers").write_text(listed(key, "Noor Bénali (RSSI)", further), encoding="utf-8")
    assert scanned(shop)["approval"] == "verified"


def test_where_ssh_keygen_is_missing_nothing_is_verified(
    shop: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert approve(shop, key).exit_code == 0
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(str(shutil.which("git")))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert scanned(shop)["approval"] == "no_ssh_keygen"
    assert "ssh-keygen is not installed" in refused(approve(shop, key))


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\x00", b"x" * 300_000, b"-----BEGIN SSH SIGNATURE-----\nAAAA\n"],
    ids=["empty", "bytes", "large", "half"],
)
def test_an_invalid_signature_file_is_unreadable(shop: Path, content: bytes) -> None:
    (shop / "approvals").mkdir()
    (shop / "approvals" / "W-1.sig").write_bytes(content)
    assert scanned(shop)["approval"] == "unreadable"


def test_a_signature_that_is_a_link_is_not_followed(shop: Path, key: Path) -> None:
    assert approve(shop, key).exit_code == 0
    (shop / "approvals" / "W-1.sig").rename(shop.parent / "elsewhere")
    (shop / "approvals" / "W-1.sig").symlink_to(shop.parent / "elsewhere")
    assert scanned(shop)["approval"] == "unreadable"
    before = (shop.parent / "elsewhere").read_bytes()
    (shop / "waivers.yaml").write_text(WAIVERS % ("2026-09-01", "2027-07-31"), encoding="utf-8")
    assert approve(shop, key).exit_code == 0  # written in its place
    assert scanned(shop)["approval"] == "verified"
    assert (shop.parent / "elsewhere").read_bytes() == before


def test_an_approver_must_be_listed_before_signing(shop: Path, key: Path, tmp_path: Path) -> None:
    other = make_key(tmp_path, "other")
    said = refused(approve(shop, other))
    assert "does not give this key to Noor" in said
    (shop / "approvers").write_text(said.partition("merged: ")[2] + "\n", encoding="utf-8")
    assert not (shop / "approvals").exists()
    assert approve(shop, other).exit_code == 0


@pytest.mark.parametrize("name", ["../W-1", "con", "W 1"])
def test_an_id_that_leads_to_another_folder_is_no_file_name(shop: Path, key: Path, name: str) -> None:
    text = (shop / "waivers.yaml").read_text(encoding="utf-8")
    (shop / "waivers.yaml").write_text(text.replace("W-1", name), encoding="utf-8")
    assert "cannot be signed" in refused(approve(shop, key, name))
    assert scanned(shop)["approval"] == "unsignable"


def test_a_waiver_that_cannot_be_approved_is_refused(shop: Path, key: Path) -> None:
    assert "there are: W-1" in refused(approve(shop, key, "W-9"))
    nowhere = approve(shop, shop / "nothing", answer="")
    assert "there is no key" in refused(nowhere) and nowhere.output == ""  # this is checked before the question
    assert "lies in the workspace" in refused(approve(shop, make_key(shop, "key")))
    (shop / "waivers.yaml").write_text(WAIVERS % ("2026-01-01", "2026-03-31"), encoding="utf-8")
    assert "expired on 2026-03-31" in refused(approve(shop, key))
    own = (WAIVERS % CURRENT).replace("Théo Martin", "Noor Bénali (RSSI)")
    (shop / "waivers.yaml").write_text(own, encoding="utf-8")
    assert OWN in refused(approve(shop, key))
    assert not (shop / "approvals").exists()


def test_a_push_cannot_add_approvers(shop: Path, key: Path, tmp_path: Path) -> None:
    """Only the base decides: a push that adds approvers and a signature is reported, and neither counts for it."""
    assert approve(shop, key).exit_code == 0
    signature = (shop / "approvals" / "W-1.sig").read_bytes()
    shutil.rmtree(shop / "approvals")
    approvers = (shop / "approvers").read_bytes()
    (shop / "approvers").write_text(listed(make_key(tmp_path, "base"), "Noor Bénali (RSSI)"), encoding="utf-8")
    git(shop, "init", "-q", "-b", "main")
    commit(shop)
    git(shop, "checkout", "-q", "-b", "feature")
    (shop / "approvals").mkdir()
    (shop / "approvals" / "W-1.sig").write_bytes(signature)
    commit(shop)
    assert "JUDGES IT: approvals/W-1.sig." in " ".join(ci(shop, "--base", "main").output.split())
    git(shop, "checkout", "-q", "main")
    git(shop, "merge", "-q", "feature")
    git(shop, "checkout", "-q", "-b", "second")
    (shop / "approvers").write_bytes(approvers)
    commit(shop)
    pushed = " ".join(ci(shop, "--base", "main").output.split())
    assert "JUDGES IT: approvers." in pushed
    assert "W-1: approval not verified: `approvers` does not give the key" in pushed
    assert "approval not verified" not in ci(shop, "--base", "second").output


# ---- the bundle -----------------------------------------------------------------------------------------------------


def test_an_auditor_verifies_with_ssh_keygen_and_is_told_where_it_is_not_there(
    shop: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert approve(shop, key).exit_code == 0
    with_few(shop, "ebs-volume-encrypted")
    run = CliRunner()
    arguments = ["audit", "-w", str(shop), "--name", "2026-Q4", "-o", str(tmp_path / "evidence")]
    assert run.invoke(main, arguments, catch_exceptions=False).exit_code in (0, 11)
    (bundle,) = (path.parent for path in tmp_path.glob("evidence/**/manifest-sha256.txt"))
    text = "".join(path.read_text() for path in (bundle / "data").rglob("*.json*"))
    assert not any(name in text for name in ("Théo", "Bénali", "someone"))

    kept = bundle / "data" / "06-registers" / "approvals"
    signed = (kept / "W-1.json").read_text(encoding="utf-8")
    approver = (kept / "approvers").read_text(encoding="utf-8").split('"')[1]
    assert approver.startswith("person-") and approver.endswith(" (RSSI)")
    assert verified(kept, approver, signed) == 0  # unchanged: no name must be revealed
    assert verified(kept, approver, signed.replace("a", "b")) != 0
    opened = json.loads((kept / "W-1.opened.json").read_text(encoding="utf-8"))
    assert set(opened) == {"id", "policy", "resource", "reason", "created", "expires"}, "not the people"
    for field, item in opened.items():
        command = f"(printf %s {item['salt']} | xxd -r -p; printf %s '{item['value']}') | sha256sum"
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
        assert done.stdout[:64] == json.loads(signed)[field]
    assert nobody_can_try(bundle, shop, "Noor Bénali (RSSI)", "Théo Martin")

    register = (bundle / "data" / "06-registers" / "waivers.csv").read_text(encoding="utf-8-sig")
    assert "approval verified, key SHA256:" in register
    page = html.unescape((bundle / "data" / "06-registers" / "index.fr.html").read_text(encoding="utf-8"))
    assert f"-I '{approver}' -s W-1.sig < W-1.json" in page
    again = run.invoke(main, ["assess", "--bundle", str(bundle)], catch_exceptions=False)
    assert again.exit_code == 0, again.output
    monkeypatch.setenv("PATH", os.devnull)
    again = run.invoke(main, ["assess", "--bundle", str(bundle)], catch_exceptions=False)
    assert again.exit_code == 11, again.output
    assert "1 signature of an approval or a review was not checked" in again.output


def nobody_can_try(bundle: Path, shop: Path, *people: str) -> bool:
    """Whether no salt in the bundle opens a commitment to one of these names; the salt in the workspace does."""
    committed = set(json.loads((bundle / "data/06-registers/approvals/W-1.json").read_text()).values())
    everything = "".join(path.read_text("utf-8", "replace") for path in bundle.rglob("*") if path.is_file())
    salt = (shop / "approvals" / "W-1.sig").read_text().split()[1]
    assert salt not in everything
    salts = {bytes.fromhex(item) for item in re.findall(r"\b[0-9a-f]{64}\b", everything)}
    tried = {hashlib.sha256(item + name.encode()).hexdigest() for item in (b"", *salts) for name in people}
    own = {hmac.new(bytes.fromhex(salt), field, "sha256").digest() for field in (b"owner", b"approver")}
    known = {hashlib.sha256(item + name.encode()).hexdigest() for item in own for name in people}
    return not tried & committed and len(known & committed) == len(people)


def test_a_signature_in_an_earlier_format_is_reported(shop: Path, key: Path) -> None:
    assert approve(shop, key).exit_code == 0
    file = shop / "approvals" / "W-1.sig"
    file.write_text(file.read_text().split("\n", 1)[1])
    assert scanned(shop)["approval"] == "no_salt"


def verified(kept: Path, approver: str, text: str) -> int:
    command = ["ssh-keygen", "-Y", "verify", "-n", "preuve-waiver", "-f", "approvers", "-I", approver, "-s", "W-1.sig"]
    done = subprocess.run(command, cwd=kept, input=text.encode(), capture_output=True, check=False, timeout=60)
    return done.returncode


def test_a_push_names_unsigned_waivers_and_those_that_cover_nothing(shop: Path) -> None:
    told = CliRunner().invoke(main, ["ci", str(shop), "--no-cache"], catch_exceptions=False).output
    assert "sans signature : W-1" in told or "without a signature: W-1" in told
    waivers = (shop / "waivers.yaml").read_text(encoding="utf-8")
    (shop / "waivers.yaml").write_text(re.sub(r"resource: [^,\n]+", "resource: nowhere", waivers), encoding="utf-8")
    told = CliRunner().invoke(main, ["ci", str(shop), "--no-cache"], catch_exceptions=False).output
    assert "dans ce code : W-1" in told or "in this code: W-1" in told
    assert "signature" not in told
