"""No path of a bundle has a name as the workspace has it, and what would leak is told by the place that says it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preuve.model.errors import PreuveError
from preuve.model.layout import CONTENT, SNAPSHOT
from preuve.pipeline.bundle.leaks import refuse_leaks
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.preparation import prepare
from preuve.publish.words.errors import shown
from preuve.publish.words.locale import load_locale
from preuve.redact.inspection import Inspector
from preuve.redact.known_names import KnownNames
from preuve.redact.workspace_content import redact_workspace_content
from preuve.snapshot.roots import name_roots

SETTINGS = """schema: 1
organisation: {name: Acme, country: FR}
scope: {iac: [{path: infra, kind: terraform}]}
evidence: {pseudonym_key: key/pseudonyms.key}
"""
PEOPLE = """personne;nature (salarié, prestataire);société;contrat jusqu'au;utilisateurs AWS;utilisateurs GitHub;\
responsable;vérifié le
Thérèse Brûlefert;salarié;;sans terme;therese.brulefert;tbrulefert;direction;2026-10-01
Ødegård Kvistström;salarié;;sans terme;odegard.kvist;;direction;2026-10-01
"""
FOLDERS = ("sandbox/odegard.kvist", "dev-tbrulefert", "a/therese-brulefert", "brulefert_therese", "x/Thérèse/Brûlefert")
NAMES = KnownNames({"person-aaaaaaaaaaaa": "Thérèse Brûlefert", "person-bbbbbbbbbbbb": "odegard.kvist"})


def test_files_about_code_are_named_after_redacted_roots(tmp_path: Path) -> None:
    code = 'resource "aws_s3_bucket" "a" {\n  bucket = "a"\n}\n'
    files = {"preuve.yaml": SETTINGS, "registers/people.csv": PEOPLE}
    files |= {f"infra/{folder}/main.tf": code for folder in FOLDERS}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    snapshot = tmp_path / "snapshot"
    names = take_snapshot(prepare(tmp_path), snapshot, Scope(aws=False, iac=True), lambda *_, **__: None)
    assert list(Inspector(tmp_path, "snapshot", "content", names)._in_paths(["infra/a-therese-brulefert"]))
    assert not list(Inspector(snapshot, ".", "content", names).leaks())
    found = " ".join(path.name for path in (snapshot / "iac").iterdir())
    assert found.count("person-") >= len(FOLDERS) and "kvist" not in found and "brulefert" not in found


def test_roots_whose_names_become_one_are_one_file_and_none_is_lost(tmp_path: Path) -> None:
    folder = tmp_path / "iac"
    folder.mkdir()
    for name, root in {"a.jsonl": "b", "b.jsonl": "c", "c.jsonl": "c", "d.dockerfile.jsonl": "b"}.items():
        (folder / name).write_text(json.dumps({"kind": "root", "root": root, "from": name}) + "\n", encoding="utf-8")
    name_roots(tmp_path)
    kept = {path.name: path.read_text(encoding="utf-8").count("\n") for path in folder.iterdir()}
    assert kept == {"b.jsonl": 1, "c.jsonl": 2, "b.dockerfile.jsonl": 1}
    assert "a.jsonl" in (folder / "b.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", ["policies/odegard.kvist/a.yaml", "policies/therese-brulefert.yaml", "policies/t@acme.fr.yaml"]
)
def test_content_of_a_workspace_lies_under_no_name(tmp_path: Path, path: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text("a: b\n", encoding="utf-8")
    assert redact_workspace_content(tmp_path, NAMES) == [path]
    (kept,) = (found.relative_to(tmp_path).as_posix() for found in tmp_path.rglob("*") if found.is_file())
    assert kept.startswith("policies/") and kept.endswith(".yaml") and not NAMES.found(kept) and "@" not in kept
    assert redact_workspace_content(tmp_path, NAMES) == []


def test_a_path_that_says_a_name_is_told_with_the_folder_that_has_it(tmp_path: Path) -> None:
    bundle, workspace = tmp_path / "bundle", tmp_path / "workspace"
    for path in (
        bundle / SNAPSHOT / "iac" / "infra-therese-brulefert-1.jsonl",
        bundle / CONTENT / "policies" / "therese-brulefert.yaml",  # ours
        workspace / "infra" / "Thérèse.Brûlefert" / "main.tf",
        workspace / "registers" / "people.csv",
    ):
        path.parent.mkdir(parents=True)
        path.write_text("", encoding="utf-8")
    (workspace / "registers" / "people.csv").write_text("Thérèse Brûlefert\n", encoding="utf-8")
    with pytest.raises(PreuveError) as caught:
        refuse_leaks(bundle, NAMES, workspace)
    assert f"{SNAPSHOT}/iac/infra-[…]-1.jsonl" in str(caught.value)
    assert caught.value.hint == "give another name to infra/[…], and audit again"
    message, hint = shown(caught.value, load_locale("fr"))
    assert "nom d'une personne" in message.replace("’", "'") and hint.startswith("donnez un autre nom à infra/[…]")


def test_a_register_of_people_is_no_place_where_a_name_comes_from(tmp_path: Path) -> None:
    bundle, workspace = tmp_path / "bundle", tmp_path / "workspace"
    for folder in (bundle, workspace / "registers"):
        folder.mkdir(parents=True)
    (bundle / "page.html").write_text("<td>vu par Thérèse Brûlefert hier</td>", encoding="utf-8")
    (workspace / "registers" / "people.csv").write_text("Thérèse Brûlefert\n", encoding="utf-8")
    with pytest.raises(PreuveError) as caught:
        refuse_leaks(bundle, NAMES, workspace)
    assert "page.html:1 « <td>vu par […] hier</td> »" in str(caught.value)
    assert "people.csv" not in caught.value.hint and "défaut" in shown(caught.value, load_locale("fr"))[1]
