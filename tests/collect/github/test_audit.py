"""An audit of only an organization on GitHub: its data is in the bundle like that of an account."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from collect.github.fake import TOKEN, acme, serving
from collect.github.kit import prepared
from examples.techstart.account.github.replies import NOT_PROTECTED
from preuve.model.layout import RECORDS, SNAPSHOT
from preuve.pipeline.bundle.export import export_bundle
from preuve.pipeline.run.audit import audit

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "fixtures/ocsf/compliance_finding.schema.json").read_bytes())
)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of an organization with one unprotected repository."""
    github, folder = acme(), tmp_path_factory.mktemp("audited")
    github.at[f"{github.add('app')}/branches/main/protection"] = NOT_PROTECTED
    with pytest.MonkeyPatch.context() as patch, serving(github):
        patch.setenv("GITHUB_TOKEN_OF_TESTS", TOKEN)
        return audit(prepared(github, folder), folder / "evidence", "", lambda *_, **__: None).folder


def test_a_record_names_the_calls_to_github_and_the_file_that_has_them(bundle: Path) -> None:
    record = json.loads((bundle / RECORDS / "repo-protected.json").read_text(encoding="utf-8"))
    (file,) = (
        item for item in record["evidence"] if item["path"] == f"{SNAPSHOT}/github/acme/global/repositories.jsonl"
    )
    assert "github:GET /repos/{owner}/{repo}/branches/{branch}/protection" in {call["op"] for call in file["calls"]}


def test_exports_do_not_present_a_github_organization_as_an_aws_account(bundle: Path, tmp_path: Path) -> None:
    list(export_bundle(bundle, tmp_path / "ocsf.json", "ocsf"))
    events = json.loads((tmp_path / "ocsf.json").read_text(encoding="utf-8"))
    clouds = [event["cloud"] for event in events if event["compliance"]["control"] == "repo-protected"]
    assert clouds == [{"provider": "GitHub", "account": {"uid": "acme", "type_id": 99, "type": "GitHub Organization"}}]
    assert all(not list(SCHEMA.iter_errors(event)) for event in events)
