"""Signing with OpenSSH: a file, ssh-agent, and every place where a private key is refused."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from evidence.company import make_key, signing_of
from preuve.evidence.signature import Signer, allowed_signers, check_place, fingerprint
from preuve.model.errors import PreuveError, UsageError


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "tagmanifest-sha256.txt"
    path.write_text("0  x\n")
    return path


def verified_by_hand(document: Path, signature: bytes, key: Path) -> str:
    """Run the command that an auditor types."""
    (document.parent / "sig").write_bytes(signature)
    (document.parent / "allowed").write_text(allowed_signers(signing_of(key)))
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "audit.techstart.example", "-n", "audit-evidence"]
    with document.open("rb") as file:
        done = subprocess.run(
            [*command, "-s", "sig"],
            check=False,
            cwd=document.parent,
            stdin=file,
            capture_output=True,
            text=True,
            timeout=60,
        )
    return done.stdout


def test_a_signature_verifies_with_ssh_keygen(document: Path, key: Path) -> None:
    signature = Signer(signing_of(key), key).sign(document)
    assert verified_by_hand(document, signature, key).startswith('Good "audit-evidence" signature')
    listed = subprocess.run(["ssh-keygen", "-lf", str(key)], capture_output=True, text=True, check=True).stdout
    assert fingerprint(signing_of(key).public_key) in listed


def test_ssh_agent_signs_with_only_the_public_key(document: Path, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = subprocess.run(["ssh-agent", "-c"], capture_output=True, text=True, check=True, timeout=60).stdout
    variables = dict(line.split()[1:3] for line in started.splitlines() if line.startswith("setenv"))
    for name, value in variables.items():
        monkeypatch.setenv(name, value.rstrip(";"))
    try:
        signer = Signer(signing_of(key), None)
        with pytest.raises(PreuveError, match="cannot be signed"):
            signer.probe()  # the agent has no key yet
        subprocess.run(["ssh-add", "-q", str(key)], check=True, timeout=60, stderr=subprocess.DEVNULL)
        assert verified_by_hand(document, signer.sign(document), key).startswith("Good")
    finally:
        os.kill(int(variables["SSH_AGENT_PID"].rstrip(";")), 15)


def test_a_key_other_than_that_of_the_workspace_is_refused(tmp_path: Path, key: Path) -> None:
    other = make_key(tmp_path, "other")
    with pytest.raises(PreuveError, match="is not that of evidence"):
        Signer(signing_of(key), other).probe()


def test_the_comment_of_a_key_is_not_in_the_bundle(key: Path) -> None:
    assert "someone@laptop" in key.with_suffix(".pub").read_text()
    assert "someone" not in allowed_signers(signing_of(key))


def test_missing_ssh_keygen_is_reported(document: Path, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(document.parent))
    with pytest.raises(PreuveError, match="ssh-keygen is not installed"):
        Signer(signing_of(key), key).probe()


def test_a_private_key_may_be_outside_the_workspace(tmp_path: Path, key: Path) -> None:
    check_place(key, tmp_path)


@pytest.mark.parametrize("name", ["key", "keys/key", "link"])
def test_a_private_key_in_the_workspace_is_refused(tmp_path: Path, name: str) -> None:
    """Also through a link outside that leads into it."""
    workspace = tmp_path / "workspace"
    (workspace / "keys").mkdir(parents=True)
    key = make_key(workspace, "key") if name == "link" else make_key((workspace / name).parent, "key")
    if name == "link":
        (tmp_path / "link").symlink_to(key)
        key = tmp_path / "link"
    with pytest.raises(UsageError, match="lies in the workspace"):
        check_place(key, workspace)


def test_a_private_key_tracked_by_git_is_refused(tmp_path: Path) -> None:
    workspace, keys = tmp_path / "workspace", tmp_path / "keys"
    workspace.mkdir()
    keys.mkdir()
    key = make_key(keys)
    subprocess.run(["git", "init", "--quiet", str(keys)], check=True, timeout=60)
    check_place(key, workspace)  # in a repository, but not one of its files
    subprocess.run(["git", "-C", str(keys), "add", "key"], check=True, timeout=60)
    with pytest.raises(UsageError, match="is tracked by git"):
        check_place(key, workspace)


def test_a_missing_private_key_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no private key"):
        check_place(tmp_path / "nothing", tmp_path)
