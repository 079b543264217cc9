"""preuve patches Checkov, so it runs only with the versions that it is proven with, and says which one to install."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

import checkov.version
import pytest
from click.testing import CliRunner

from cli.pushes import ci, volumes, workspace
from preuve.cli.main import main
from preuve.collect.code import look
from preuve.collect.code.checkov.versions import PROVEN, proven_version
from preuve.collect.code.job import Preamble
from preuve.collect.code.run.worker import load
from preuve.model.errors import UsageError
from preuve.pipeline.push.code import code_job
from preuve.pipeline.run.preparation import prepare

ROOT = Path(__file__).parents[3]
OTHERS = ["3.3.29", "3.3.31", "3.3.300", "3.4.0", "3.3", "4.0.0", ""]


@pytest.mark.parametrize("version", OTHERS)
def test_no_other_version_is_loaded(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(checkov.version, "version", version)
    for accelerate in (True, False):
        with pytest.raises(UsageError, match=re.escape(f"{PROVEN[-1]}, but {version} is installed")):
            load(Preamble("/nowhere", accelerate))


def test_a_proven_version_is_returned() -> None:
    assert proven_version() in PROVEN


def test_a_gate_refuses_another_version_and_doctor_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = workspace(tmp_path / "shop", volumes("old"))
    monkeypatch.setattr(checkov.version, "version", "3.3.31")
    refused = ci(shop)
    wanted = f"pip install 'checkov=={PROVEN[-1]}'"
    assert (refused.exit_code, "3.3.31 is installed" in refused.output, wanted in refused.output) == (2, True, True)
    told = " ".join(CliRunner().invoke(main, ["doctor", "--workspace", str(shop)]).output.split())
    assert "3.3.31 is installed" in told
    assert wanted in told


def test_a_workspace_without_code_needs_no_checkov(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {
        "schema": 1,
        "organisation": {"name": "A", "language": "en"},
        "frameworks": ["iso27001-2022"],
        "scope": {"accounts": [{"id": "123456789012", "name": "a"}], "regions": ["eu-west-3"]},
        "evidence": {"folder": "evidence", "pseudonym_key": "key/pseudonyms.key"},
    }
    (tmp_path / "preuve.yaml").write_text(json.dumps(known), encoding="utf-8")
    monkeypatch.setattr(checkov.version, "version", "3.3.31")
    assert look(code_job(prepare(tmp_path))) == []


def test_a_missing_checkov_is_told_with_the_version_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "checkov.version", None)
    with pytest.raises(UsageError, match="not installed"):
        proven_version()


def test_pip_installs_a_proven_version_only() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [one for one in project["dependencies"] if one.startswith("checkov")] == [f"checkov=={PROVEN[-1]}"]
