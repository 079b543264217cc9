"""A run knows the people of a workspace's registers, whether or not the register can be used."""

from __future__ import annotations

from pathlib import Path

from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.prepare import prepare

SETTINGS = """schema: 1
organisation: {name: Acme, country: FR}
scope: {regions: [eu-west-3], iac: [{path: infra, kind: terraform}]}
evidence: {pseudonym_key: key/pseudonyms.key}
"""


def test_a_person_of_two_columns_is_no_name_of_a_resource_in_a_snapshot(tmp_path: Path) -> None:
    files = {
        "preuve.yaml": SETTINGS,
        "registers/people.csv": "matricule;Nom;Prénom\n17;Quéméneur;Maëlys\n",  # lacks the columns of its template
        "attestations/a.yaml": "id: Maëlys Quéméneur\n",
        "infra/main.tf": 'resource "aws_s3_bucket" "mquemeneur" {\n  bucket = "quemeneur-m-prod"\n'
        '  tags   = { Owner = "QUÉMÉNEUR M.", Team = "Maëlys Quéméneur" }\n}\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    take_snapshot(prepare(tmp_path), tmp_path / "snapshot", Scope(aws=False, iac=True), lambda *_, **__: None)
    kept = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "snapshot").rglob("*.json*"))
    assert "person-" in kept and "aws_s3_bucket" in kept
    assert "neur" not in kept.lower()
