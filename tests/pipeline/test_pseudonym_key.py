"""With which key of pseudonyms a workspace names people is known wherever it is cloned, and told before any work."""

from __future__ import annotations

import errno
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from preuve.cli.main import main
from preuve.evidence.runs.branch import BranchChain
from preuve.evidence.runs.file import FileChain
from preuve.evidence.runs.lines import Run, record
from preuve.evidence.verifier.chain import CHAIN, parse
from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.model.company.workspace import Workspace
from preuve.model.errors import PreuveError
from preuve.model.layout import RESULTS, SNAPSHOT
from preuve.model.moment import current_moment
from preuve.pipeline.run.audit import warnings
from preuve.pipeline.run.preparation import prepare
from preuve.pipeline.run.redaction import filled_otherwise, made_otherwise, redaction
from preuve.pipeline.workspace.doctor.check import State
from preuve.pipeline.workspace.doctor.diagnosis import diagnose
from preuve.publish.words.locale import load_locale
from preuve.redact.pseudonyms import Pseudonyms, load_key, table_beside
from preuve.system.files import try_write

ENGLISH, FRENCH = load_locale("en"), load_locale("fr")
OWN, OTHER = "ab" * 32, "cd" * 32
BRANCH = "evidence-log"
SETTINGS = """schema: 1
organisation: {name: Test}
evidence: {pseudonym_key: ../p.key, chain: {remote: origin}}
"""
DEVICES = {"value": [{"deviceName": "m1", "serialNumber": "s1", "userPrincipalName": "jane.doe@ex.com",
                      "osVersion": "15.1", "isEncrypted": True, "lastSyncDateTime": current_moment()}]}  # fmt: skip


def git(folder: Path, *arguments: str) -> None:
    name = ("-c", "user.name=t", "-c", "user.email=t@example.test")
    subprocess.run(["git", "-C", str(folder), *name, *arguments], check=True, capture_output=True, timeout=60)


def key_id(key: str) -> str:
    return Pseudonyms(bytes.fromhex(key)).key_id


def with_key(folder: Path, key: str) -> None:
    path = folder.parent / "p.key"
    path.unlink(missing_ok=True)
    if key:
        path.write_text(key, encoding="ascii")
        path.chmod(0o600)


def run(kind: str, key: str) -> Run:
    return Run(kind, current_moment(), "2026-Q4", pseudonym_key_id=key and key_id(key))


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A workspace whose key is OWN, with a remote."""
    folder = tmp_path / "first" / "ws"
    folder.mkdir(parents=True)
    (folder / "preuve.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / ".gitignore").write_text("evidence/\nd.json\n", encoding="utf-8")
    git(tmp_path, "init", "--quiet", "--bare", "origin.git")
    git(folder, "init", "--quiet")
    git(folder, "remote", "add", "origin", str(tmp_path / "origin.git"))
    with_key(folder, OWN)
    return folder


def second(first: Path) -> Path:
    """The workspace as another machine has it: what git keeps."""
    git(first, "add", "-A")
    git(first, "commit", "--quiet", "-m", "x")
    git(first, "push", "--quiet", "origin", "HEAD:refs/heads/main")
    folder = first.parent.parent / "second" / "ws"
    git(first, "clone", "--quiet", "--branch", "main", str(first.parent.parent / "origin.git"), str(folder))
    return folder


def loaded(folder: Path) -> Workspace:
    return load_workspace(folder, load_library(folder))


def filled(folder: Path) -> tuple[int, str]:
    (folder / "d.json").write_text(json.dumps(DEVICES), encoding="utf-8")
    result = CliRunner().invoke(main, ["fill", "intune-devices", str(folder / "d.json"), "-w", str(folder), "--write"])
    return result.exit_code, str(result.exception or "")


@pytest.mark.parametrize("key", ["", OWN, OTHER])
@pytest.mark.parametrize("trace", ["chain", "register"])
def test_another_machine_knows_with_which_key_people_are_named(first: Path, trace: str, key: str) -> None:
    if trace == "chain":
        record(BranchChain(first, "origin", BRANCH), run("audit", OWN))
    else:
        filled(first)
    folder = second(first)
    register = folder / "registers" / "devices.csv"
    before = register.read_bytes() if register.is_file() else b""
    with_key(folder, key)
    what = {
        "chain": (f"run 1 of the chain (branch {BRANCH})", f"l'exécution 1 de la chaîne (branche {BRANCH})"),
        "register": ("registers/devices.csv",) * 2,
    }
    differs, workspace = key != OWN, loaded(folder)
    assert [made_otherwise(workspace, folder / "evidence"), filled_otherwise(workspace)].count(
        what[trace][0]
    ) == differs
    for language, name in zip((ENGLISH, FRENCH), what[trace], strict=True):
        told = list(warnings(prepare(folder, ()), folder / "evidence", language))
        assert [name in line for line in told] == [True] * differs
    checks = [item for item in diagnose(folder, FRENCH) if item.name == FRENCH("doctor.name.key")]
    assert (checks[0].state is State.WARNING and what[trace][1] in checks[0].message) is differs
    code, said = filled(folder)
    assert (code == 0) is not differs and (what[trace][0] in said) is differs
    assert not differs or not (folder / "registers").exists() or register.read_bytes() == before
    assert (folder.parent / "p.key").exists() is bool(key)


def test_a_register_without_pseudonyms_begins_anew(first: Path) -> None:
    """What to do about a lost key, as `fill` says it."""
    filled(first)
    with_key(first, OTHER)
    register = first / "registers" / "devices.csv"
    register.write_text(register.read_text("utf-8").replace("person-", "nobody-"), encoding="utf-8")
    assert filled_otherwise(loaded(first)) == ""


@pytest.mark.parametrize(
    ("lines", "told"), [([OWN, ""], ""), ([OTHER, OWN], ""), ([OWN, OTHER, ""], "run 2 of the chain"), ([""], "b")]
)
@pytest.mark.parametrize("remote", [False, True])
def test_the_last_run_of_the_chain_that_tells_its_key_counts_before_any_bundle(
    first: Path, lines: list[str], told: str, remote: bool
) -> None:
    """A line of an earlier version tells none. A bundle of another chain is another workspace's."""
    home, workspace = first / "evidence", loaded(first)
    chain = BranchChain(first, "origin", BRANCH) if remote else FileChain(home)
    added = b"".join(record(chain, run("scan", key)).raw for key in lines)
    for name, content in (("b", added), ("c", record(FileChain(first.parent / "elsewhere"), run("scan", OTHER)).raw)):
        for path, said in ((RESULTS, {"kind": "run", "now": f"2026-0{'bc'.index(name) + 1}-01T00:00:00Z"}),
                           (f"{SNAPSHOT}/meta.json", {"pseudonym_key_id": key_id(OTHER)}),
                           (f"{SNAPSHOT}/workspace.json", {})):  # fmt: skip
            (home / name / path).parent.mkdir(parents=True, exist_ok=True)
            (home / name / path).write_text(json.dumps(said) + "\n", encoding="utf-8")
        (home / name / CHAIN).write_bytes(content)
    workspace = workspace if remote else replace(workspace, chain=None)
    assert made_otherwise(workspace, home).startswith(told) and bool(made_otherwise(workspace, home)) is bool(told)


def test_a_line_of_an_earlier_version_verifies() -> None:
    line = {"demonstration": False, "kind": "scan", "nonce": "00", "number": 1, "previous": ""}
    for said in ({}, {"pseudonym_key_id": ""}, {"pseudonym_key_id": key_id(OWN)}):
        raw = json.dumps({**line, **said}, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        assert len(parse(raw).lines) == 1 and not parse(raw).items
    assert parse(raw.replace(b'"pseudonym_key_id":"', b'"pseudonym_key_id":"Jane')).items


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("key", ["", OWN])
def test_a_key_whose_place_cannot_be_written_stops_a_run_before_it_reads(
    first: Path, monkeypatch: pytest.MonkeyPatch, key: str, number: int
) -> None:
    def full(path: Path) -> None:
        if path == table_beside(first / "../p.key"):
            raise OSError(number, "no")

    with_key(first, key)
    monkeypatch.setattr("preuve.redact.pseudonyms.try_write", full)
    with pytest.raises(PreuveError, match="cannot write"):
        redaction(loaded(first), keep_raw=False)
    (check,) = (item for item in diagnose(first, ENGLISH) if item.name == ENGLISH("doctor.name.key"))
    assert check.state is State.FAIL and "cannot write" in check.message


@pytest.mark.parametrize("below", ["p.key", "not/there/p.key"])
@pytest.mark.parametrize("link", [False, True])
def test_nothing_can_be_written_below_a_file(tmp_path: Path, below: str, link: bool) -> None:
    place = tmp_path / "file"
    if link:
        place.symlink_to("nowhere")
    else:
        place.write_text("x")
    with pytest.raises(OSError, match="file"):
        try_write(place / below)
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def test_trying_leaves_nothing_and_makes_no_folder(tmp_path: Path) -> None:
    load_key(tmp_path / "p.key")
    for path in (tmp_path / "p.key", tmp_path / "not" / "there" / "p.key"):
        try_write(path)
    assert [item.name for item in tmp_path.iterdir()] == ["p.key"]
    with pytest.raises(OSError, match=r"/proc/\."):
        try_write(Path("/proc/p.key"))


def test_two_keys_in_one_chain_are_told_on_the_machine_with_the_newer(first: Path) -> None:
    chain, name = BranchChain(first, "origin", BRANCH), FRENCH("doctor.name.key")
    said = {}
    for key in (OTHER, OWN, OWN):
        record(chain, run("audit", key))
        said[key] = [item.message for item in diagnose(first, FRENCH) if item.name == name and item.state is State.OK]
    assert any(f"jusqu'à l'exécution 1 de la chaîne (branche {BRANCH})" in line for line in said[OWN])
    with_key(first, OTHER)
    states = [item.state for item in diagnose(first, FRENCH) if item.name == name]
    assert State.WARNING in states, "the machine with the older key"
