"""One signing key and one timestamp authority for all tests of the evidence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidence.company import STANDARD, Company, found, make_key, timestamping
from preuve.evidence.timestamp import Authority
from preuve.evidence.verifier.check import Witnesses, verify
from preuve.evidence.verifier.report import exit_code


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with timestamping(tmp_path_factory.mktemp("authority")) as running:
        yield running


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_key(tmp_path_factory.mktemp("key"))


@pytest.fixture
def company(tmp_path: Path, key: Path, authority: Authority) -> Company:
    return found(tmp_path / "company", key, authority)


@pytest.fixture
def path() -> str:
    """Return the folders in which the verifiers find OpenSSH and OpenSSL."""
    return STANDARD


@pytest.fixture(params=["preuve verify", "verify.py", "verify.sh"])
def verifier(request: pytest.FixtureRequest, path: str) -> Callable[[Path, Witnesses], int]:
    """Each of the verifiers that run here; verify.ps1 needs Windows."""

    def run(bundle: Path, given: Witnesses) -> int:
        if request.param == "preuve verify":
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("PATH", path)
                return exit_code(verify(bundle, given))
        if request.param == "verify.sh":
            witness = ["sh", "verification/verify.sh", *(given.heads or [""])]
            command = [*witness, str(given.signers or ""), str(given.authority or "")]
        else:
            named = (("--head", *given.heads) if given.heads else ()) + _named("--allowed-signers", given.signers)
            python = [str(Path(sys.base_prefix, "bin", "python3")), "-I", "verification/verify.py", "."]
            command = [*python, *named, *_named("--ca", given.authority)]
        return subprocess.run(command, cwd=bundle, env={"PATH": path}, capture_output=True, check=False).returncode

    return run


def _named(option: str, path: Path | None) -> tuple[str, ...]:
    return (option, str(path)) if path else ()
