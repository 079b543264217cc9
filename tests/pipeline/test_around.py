"""Evidence that preuve wrote is not code of the workspace; a folder that looks like evidence is."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.test_ci_base import commit, git
from pipeline.runs import with_few
from preuve.cli.main import main
from preuve.evidence.folder import evidence_folder
from preuve.pipeline.push import surroundings
from preuve.pipeline.push.surroundings import workspace_surroundings
from preuve.pipeline.run import audit as audits
from preuve.pipeline.run.preparation import prepare
from preuve.pipeline.workspace.init_code import found_code, other_tools
from preuve.publish.words.locale import load_locale

_WORKSPACE = """\
schema: 1
organisation: {name: Shop, country: FR}
scope: {iac: [{path: ., kind: dockerfile}, {path: ., kind: terraform}]}
evidence: {pseudonym_key: ../pseudonyms.key}
"""


def audit(folder: Path) -> None:
    """An audit of code, to its end."""
    result = CliRunner().invoke(main, ["audit", "-w", str(folder)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output


def left_out(folder: Path) -> set[str]:
    prepared = prepare(folder)
    return {item.path for item in workspace_surroundings(prepared.workspace, prepared.library).left_out}


def listed(bundle: Path, name: str, text: str) -> None:
    """Put a file into a bundle and its manifest."""
    (bundle / name).parent.mkdir(exist_ok=True, parents=True)
    (bundle / name).write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    with (bundle / "manifest-sha256.txt").open("a", encoding="utf-8") as manifest:
        manifest.write(f"{digest}  {name}\n")


def lines(bundle: Path) -> list[dict[str, object]]:
    folder = bundle / "data" / "08-machine" / "snapshot" / "iac"
    return [json.loads(line) for path in folder.glob("*.jsonl") for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that was audited twice."""
    folder = tmp_path_factory.mktemp("around") / "shop"
    folder.mkdir()
    (folder / "preuve.yaml").write_text(_WORKSPACE)
    with_few(folder, "dockerfile-hardened", "ebs-volume-encrypted")
    (folder / "Dockerfile").write_text("FROM debian:12\n")
    git(folder, "init", "-q")
    commit(folder)
    audit(folder)
    audit(folder)
    return folder


@pytest.fixture
def shop(audited: Path, tmp_path: Path) -> Path:
    shutil.copytree(audited, tmp_path / "shop", symlinks=True)
    return tmp_path / "shop"


def test_an_audit_does_not_examine_the_evidence_of_an_earlier_one(audited: Path) -> None:
    first, second = sorted(path for path in (audited / "evidence").iterdir() if path.is_dir())
    examined = [line for line in lines(second) if line["kind"] != "gap" or line["cause"] != "left_out"]
    assert {line["file"] for line in examined if line["kind"] == "record"} == {"Dockerfile"}
    assert not [line for line in examined if str(line.get("file", "")).startswith("evidence")]
    told = [line for line in lines(second) if line["kind"] == "gap" and line["cause"] == "left_out"]
    assert [(line["file"], line["detail"]) for line in told] == [
        (f"evidence/{first.name}", "evidence that preuve wrote")
    ]


def test_what_finds_code_without_a_workspace_leaves_out_what_an_examination_does(shop: Path) -> None:
    (shop / "preuve.yaml").unlink()
    assert [(root.path, root.kind) for root in found_code(shop)] == [(".", "dockerfile")]
    (shop / "Dockerfile").unlink()
    assert (found_code(shop), other_tools(shop)) == ((), ())
    bundle = next(path for path in sorted((shop / "evidence").iterdir()) if path.is_dir())
    (bundle / "data" / "main.tf").write_text("")  # which preuve did not write
    assert "terraform" in {root.kind for root in found_code(shop)}


@pytest.mark.parametrize("why", [surroundings._EVIDENCE, surroundings._EXAMPLES, surroundings._ITSELF])
def test_why_code_is_left_out_is_said_in_the_language_of_the_page(why: str) -> None:
    assert load_locale("en").in_words(why) == why != load_locale("fr").in_words(why)


def test_a_bundle_that_was_moved_away_leaves_its_name_to_no_other(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The chain has the audits of a period, wherever their bundles lie."""

    class NamedError(Exception):
        pass

    def named(home: Path, covered: str, known: int) -> None:
        with evidence_folder(home, covered, known) as begun:
            raise NamedError(begun.name.partition(".")[2], begun.previous)

    monkeypatch.setattr(audits, "evidence_folder", named)
    first, second = sorted(path for path in (shop / "evidence").iterdir() if path.is_dir())
    for moved, previous in ((second, first.name), (first, "")):
        shutil.rmtree(moved)
        with pytest.raises(NamedError, match=re.escape(str(("3", previous)))):
            audits.audit(prepare(shop), shop / "evidence", "", lambda *_: None)


def test_evidence_committed_to_git_is_recognized(shop: Path) -> None:
    bundles = left_out(shop)
    assert len(bundles) == 2
    observed = {"EventSelectors": [{"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}]}
    listed(shop / sorted(bundles)[0], "data/08-machine/records/trail.json", json.dumps(observed))
    commit(shop)
    assert left_out(shop) == bundles


@pytest.mark.parametrize("where", ["x/Dockerfile", "data/02-reference/content/scanners/iac/examples/new.tf"])
@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_bundle_with_unlisted_code_is_examined_as_code(shop: Path, where: str, kind: str) -> None:
    bundle = shop / sorted(left_out(shop))[0]
    (bundle / where).parent.mkdir(parents=True, exist_ok=True)
    if kind == "file":
        (bundle / where).write_text("FROM debian:12\n")
    else:
        (bundle / where).symlink_to(shop / "Dockerfile")
    assert bundle.relative_to(shop).as_posix() not in left_out(shop)


def test_a_bundle_added_through_git_with_a_changed_manifest_is_code(shop: Path) -> None:
    bundle = shop / sorted(left_out(shop))[0]
    listed(bundle, "data/main.tf", 'resource "aws_ebs_volume" "plain" {}\n')
    assert bundle.relative_to(shop).as_posix() in left_out(shop)  # a person with write access here needs no push
    git(shop, "add", "-f", str(bundle))
    assert bundle.relative_to(shop).as_posix() not in left_out(shop)


def test_a_folder_elsewhere_that_looks_like_evidence_is_code(shop: Path) -> None:
    before = left_out(shop)
    shutil.copytree(shop / sorted(before)[0], shop / "archive" / "2026-Q1")
    shutil.copytree(shop / sorted(before)[0], shop / "evidence" / "deeper" / "2026-Q1")
    assert left_out(shop) == before


def test_unfinished_files_of_a_run_are_ignored_only_in_the_evidence_folder(shop: Path) -> None:
    before = left_out(shop)
    own = {"evidence/.incomplete-2026-Q4.3", "evidence/try-outs/.incomplete-x", "evidence/.parts"}
    for name in (*own, "evidence/.other", ".incomplete-x", "evidence/deeper/.parts"):
        (shop / name).mkdir(parents=True)
        (shop / name / "main.tf").write_text('resource "aws_ebs_volume" "plain" {}\n')
    assert left_out(shop) == before | own
    git(shop, "add", "-f", "evidence/.parts")
    assert left_out(shop) == before | own - {"evidence/.parts"}


def test_the_running_preuve_in_a_workspace_is_no_code_of_it_until_git_tracks_any(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = left_out(shop)
    folder = shop / ".preuve-source"
    (folder / "examples").mkdir(parents=True)
    (folder / "examples" / "main.tf").write_text('resource "aws_ebs_volume" "plain" {}\n')
    assert left_out(shop) == before  # a folder with this name, and the running program elsewhere
    monkeypatch.setattr(surroundings, "content_root", lambda: folder)
    assert left_out(shop) == before | {".preuve-source"}
    (shop / ".gitignore").write_text(".preuve-source/\n")
    git(shop, "add", "-f", str(folder / "examples" / "main.tf"))
    assert left_out(shop) == before
    monkeypatch.setattr(surroundings, "content_root", lambda: shop)
    assert left_out(shop) == before  # the workspace lies in preuve's own repository
