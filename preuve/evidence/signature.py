"""Signs the root with OpenSSH. The private key stays in ssh-agent, or in a file outside the workspace and git."""

from __future__ import annotations

import base64
import binascii
import hashlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from preuve.evidence.verifier.programs import NAMESPACE, verified
from preuve.model.company.workspace import SigningKey
from preuve.model.errors import QUOTED, PreuveError, UsageError
from preuve.system.git import Git
from preuve.system.home import expanded

KEY_VARIABLE = "PREUVE_SIGNING_KEY"
_SECONDS = 300  # time to type a passphrase or to touch a hardware key


@dataclass(frozen=True)
class Signer:
    """Signs for the workspace. `key` is the file of the private key, or None if ssh-agent holds it."""

    signing: SigningKey
    key: Path | None

    @property
    def fingerprint(self) -> str:
        """The SHA-256 fingerprint of a public key, in the format of OpenSSH. Raises UsageError if it is not a
        public key.
        """
        return fingerprint(self.signing.public_key)

    def sign(self, path: Path) -> bytes:
        """Return the signature of a file. Raises PreuveError if the key cannot be used or is not
        that of the workspace.
        """
        program = ssh_keygen()
        with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
            public = Path(folder, "key.pub")
            public.write_text(f"{self.signing.public_key}\n", encoding="ascii")
            signature = signed(program, path, self.key or public, NAMESPACE, "the bundle")
            made, allowed = Path(folder, "sig"), Path(folder, "allowed_signers")
            made.write_bytes(signature)
            allowed.write_text(allowed_signers(self.signing), encoding="utf-8")
            if verified(program, path, made, allowed) is None:
                raise PreuveError(
                    "the private key is not that of evidence.signing.public_key", "sign with the key that it names"
                )
        return signature

    def probe(self) -> None:
        """Sign a test text, to find an unusable key before the run."""
        with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
            Path(folder, "probe").write_bytes(b"probe")
            self.sign(Path(folder, "probe"))


def signed(program: str, path: Path, key: Path, namespace: str, what: str) -> bytes:
    """Sign the file at `path` with the private key in `key`, or with the key in ssh-agent if `key` is a public one.

    `what` names the file in errors. Raises PreuveError if ssh-keygen refuses or waits for a passphrase.
    """
    command = [program, "-q", "-Y", "sign", "-n", namespace, "-f", str(key)]
    try:
        with path.open("rb") as data:
            done = subprocess.run(command, stdin=data, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise PreuveError("ssh-keygen waited too long for the key", "unlock the key and try again") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise PreuveError(f"{what} cannot be signed: {QUOTED}", "check the key and ssh-agent", quoted=said)
    return done.stdout


def allowed_signers(signing: SigningKey) -> str:
    """Return the line of the file that ssh-keygen uses to verify: this key, only for evidence."""
    return f'{signing.identity} namespaces="{NAMESPACE}" {signing.public_key}\n'


def fingerprint(public_key: str) -> str:
    """Return the fingerprint of the public key, as ssh-keygen prints it. Raises UsageError if it is no key."""
    try:
        blob = base64.b64decode(public_key.split()[1], validate=True)
    except (IndexError, binascii.Error) as error:
        raise UsageError(
            "evidence.signing.public_key is not an OpenSSH public key", "copy the line of the .pub file"
        ) from error
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def ssh_keygen() -> str:
    """Return the path of ssh-keygen. Raises PreuveError if it is not installed."""
    program = shutil.which("ssh-keygen")
    if program is None:
        raise PreuveError("ssh-keygen is not installed, so nothing can be signed", "install OpenSSH's client")
    return program


def check_place(key: Path, workspace: Path) -> None:
    """Raise UsageError if the private `key` does not exist, is in the workspace, or is tracked by git."""
    real = expanded(key).resolve()
    if not real.is_file():
        raise UsageError(f"there is no private key {key}", f"give --signing-key or {KEY_VARIABLE}, or use ssh-agent")
    if real.is_relative_to(workspace.resolve()):
        raise UsageError(f"the private key {key} lies in the workspace", "keep it in ~/.ssh or in ssh-agent")
    if _tracked(real):
        raise UsageError(
            f"the private key {key} is tracked by git",
            "make a new key outside the repository: this one is no longer secret",
        )


def _tracked(path: Path) -> bool:
    git = Git.around(path.parent)
    return git is not None and git.run("ls-files", "--error-unmatch", "--", str(path)).returncode == 0
