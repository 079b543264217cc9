"""`preuve export --format`: the results of a closed bundle, read back, for other tools."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from preuve.cli.main import main
from preuve.evidence.bag import write_declaration, write_manifest
from preuve.evidence.closing import NoSeal, seal_bundle
from preuve.evidence.runs.file import FileChain
from preuve.evidence.seal import ChainSeal, SealTools
from preuve.evidence.verification import Verification
from preuve.library.yaml.place import content_root
from preuve.model.layout import CONTENT, RESULTS, SNAPSHOT
from preuve.pipeline.bundle.seal import run_of
from preuve.pipeline.bundle.verify import sentences
from preuve.publish.results import read_assessment, write_results
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor
from preuve.redact.workspace_file import dump
from publish import factory

ALL = (["--format", "ocsf"], ["--format", "defectdojo"], ["--format", "ciso-assistant"])


def bundle(folder: Path, *, sealed: bool = True, tried: bool = False) -> Path:
    """A closed bundle as far as an export reads one."""
    for name in ("controls", "scanners/reference"):  # its policies are the factory's
        shutil.copytree(content_root() / name, folder / CONTENT / name)
    write_results(folder / RESULTS, factory.assessment())
    snapshot = folder / SNAPSHOT
    snapshot.mkdir(parents=True)
    workspace = dump(factory.workspace(), Redactor(Pseudonyms(b"k" * 32)), frozenset())
    (snapshot / "workspace.json").write_text(json.dumps(workspace), encoding="utf-8")
    meta = {"preuve": "0.1.0", "demonstration": False, "finished": factory.NOW, "run": {"id": folder.name}}
    (snapshot / "meta.json").write_text(json.dumps(meta, indent=1), encoding="utf-8")
    payload = write_manifest(folder)
    known = {"Bagging-Date": "2026-11-24", "Payload-Oxum": f"{payload.octets}.{payload.files}"}
    known |= {"Try-Out": "true"} if tried else {}
    write_declaration(folder, known.items())
    means = SealTools(FileChain(folder.parent), Verification(sentences(), "en", None, b""))
    run = run_of("audit", folder / RESULTS, "", "", demonstration=False)
    seal_bundle(folder, ChainSeal(means, run) if sealed and not tried else NoSeal())
    return folder


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle(tmp_path_factory.mktemp("evidence") / "2026-Q4")


@pytest.fixture
def export(closed: Path, tmp_path: Path) -> Callable[..., Result]:
    def run(*arguments: str, out: str = "x.json", of: Path = closed) -> Result:
        return CliRunner().invoke(main, ["export", str(of), *arguments, "--out", str(tmp_path / out)])

    return run


def lines(closed: Path) -> Counter[str]:
    read = [json.loads(line) for line in (closed / RESULTS).read_text(encoding="ascii").splitlines()]
    return Counter(line["status"] for line in read if line["kind"] == "finding")


def test_every_format_agrees_with_the_counts_of_the_results(
    closed: Path, export: Callable[..., Result], tmp_path: Path
) -> None:
    counts = lines(closed)
    open_ = {"FAIL", "WAIVED", "NOT_EVALUATED"}
    for arguments, out in zip(ALL, ("o.json", "d.json", "ciso"), strict=True):
        assert export(*arguments, out=out).exit_code == 0
    events = json.loads((tmp_path / "o.json").read_bytes())
    assert Counter(event["status_code"] for event in events) == counts
    findings = json.loads((tmp_path / "d.json").read_bytes())["findings"]
    assert len(findings) == sum(counts[name] for name in open_)
    with (tmp_path / "ciso/2-vulnerabilities.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == sum(counts[name] for name in open_)


def test_numbers_in_the_note_follow_the_language_of_the_bundle(export: Callable[..., Result]) -> None:
    said = export("--format", "defectdojo").output
    assert "13 entries of 2026-Q4 (Failed 5, Not evaluated 3, Waived 1, Passed 3, Not applicable 1)" in said
    assert "not in the file: 4 findings that pass or do not apply" in said


def test_the_same_bundle_gives_the_same_bytes_at_any_place(
    closed: Path, export: Callable[..., Result], tmp_path: Path
) -> None:
    shutil.copytree(closed, tmp_path / "elsewhere/2026-Q4")
    for arguments in ALL[:2]:
        for out, of in (("a.json", closed), ("b.json", tmp_path / "elsewhere/2026-Q4")):
            assert export(*arguments, out=out, of=of).exit_code == 0
        assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
        for name in ("a.json", "b.json"):
            (tmp_path / name).unlink()


def test_a_jsonl_name_gives_one_line_per_event(export: Callable[..., Result], tmp_path: Path) -> None:
    assert export("--format", "ocsf", out="o.jsonl").exit_code == 0
    assert len([json.loads(line) for line in (tmp_path / "o.jsonl").read_text().splitlines()]) == 13


def test_existing_files_are_not_changed_and_no_partial_file_stays(
    export: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "ciso").mkdir()
    (tmp_path / "x.json").write_text("mine")
    assert all(export(*arguments, out=out).exit_code for arguments, out in ((ALL[0], "x.json"), (ALL[2], "ciso")))
    assert export("--format", "defectdojo", out="findings.csv").exit_code
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ciso", "x.json"]
    assert (tmp_path / "x.json").read_text() == "mine" and not list((tmp_path / "ciso").iterdir())


def test_exactly_one_destination_is_required(closed: Path, tmp_path: Path) -> None:
    for arguments in ([], [str(tmp_path / "a.zip"), "--out", str(tmp_path / "b.zip")]):
        assert CliRunner().invoke(main, ["export", str(closed), *arguments]).exit_code
    assert not list(tmp_path.iterdir())


def test_the_command_reports_the_number_of_files(closed: Path, tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["export", str(closed), str(tmp_path / "q4.zip")]).output
    there = sum(path.is_file() for path in closed.rglob("*"))
    assert f"{there} files of 2026-Q4, as they were closed" in said


def test_a_bundle_that_is_not_sealed_is_not_exported(export: Callable[..., Result], tmp_path: Path) -> None:
    waiting = bundle(tmp_path / "evidence/2026-Q4", sealed=False)
    for arguments in ALL:
        assert "is not sealed" in str(export(*arguments, of=waiting).exception)
    whole = CliRunner().invoke(main, ["export", str(waiting), str(tmp_path / "x.zip")])
    assert "is not sealed" in str(whole.exception) and [path.name for path in tmp_path.iterdir()] == ["evidence"]


def test_a_changed_bundle_and_a_tryout_are_not_exported(export: Callable[..., Result], tmp_path: Path) -> None:
    changed = bundle(tmp_path / "evidence/2026-Q3")
    results = changed / RESULTS
    results.write_text(results.read_text(encoding="ascii").replace('"FAIL"', '"PASS"'), encoding="ascii")
    assert all(export(*arguments, of=changed).exit_code for arguments in ALL)
    tried = bundle(tmp_path / "evidence/2026-Q2", tried=True)
    assert all(export(*arguments, of=tried).exit_code for arguments in ALL)
    assert [path.name for path in tmp_path.iterdir()] == ["evidence"]


def test_unreadable_results_are_an_error(tmp_path: Path) -> None:
    write_results(tmp_path / "r.jsonl", factory.assessment())
    whole = (tmp_path / "r.jsonl").read_text(encoding="ascii")
    for broken in ("", whole.replace('"results/3"', '"results/9"'), whole.replace('"FAIL"', '"MAYBE"'), whole[:-40]):
        (tmp_path / "r.jsonl").write_text(broken, encoding="ascii")
        with pytest.raises(Exception, match="no results that can be read"):
            read_assessment(tmp_path / "r.jsonl")


def test_an_assessment_reads_back_equal(tmp_path: Path) -> None:
    written = factory.assessment()
    write_results(tmp_path / "r.jsonl", written)
    read = read_assessment(tmp_path / "r.jsonl")
    plain = tuple(replace(finding, observed={}, calls=()) for finding in written.findings)
    assert (read.findings, read.controls, read.waivers) == (plain, written.controls, written.waivers)
    assert (read.policies, read.now, read.problems) == (written.policies, written.now, written.problems)
