"""A run knows the people of a workspace's registers, whether or not the register can be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from preuve.model.errors import PreuveError
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.preparation import prepare
from preuve.publish.words.errors import shown
from preuve.publish.words.locale import load_locale

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


@pytest.mark.parametrize("content", [b"\xff\xfe\0", "Nom;Prénom\nBrûlefert;Thérèse\n".encode("latin-1")])
def test_a_register_that_cannot_be_read_stops_a_run_over_code_alone(tmp_path: Path, content: bytes) -> None:
    """No line of such a run would tell it, and its people would be named in the bundle and its paths."""
    for name, data in (("preuve.yaml", SETTINGS.encode()), ("registers/people.csv", content)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    (tmp_path / "infra" / "Thérèse Brûlefert").mkdir(parents=True)
    with pytest.raises(PreuveError) as caught:
        take_snapshot(prepare(tmp_path), tmp_path / "snapshot", Scope(aws=False, iac=True), lambda *_, **__: None)
    assert str(caught.value).startswith("registers/people.csv cannot be read: ")
    french = shown(caught.value, load_locale("fr"))
    assert "est illisible" in french[0] and "resteraient tels quels" in french[1]
    assert not (tmp_path / "snapshot").exists()
