"""Attacks of an insider on a bundle, from a changed file to a chain rewritten with every key: each is detected and
reported.

The auditor has the bundle of the last quarter, the head from the management report, the key's fingerprint from a letter
and the root certificate from the timestamp authority.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from evidence.company import (
    RESULTS,
    STANDARD,
    Company,
    Insider,
    copy,
    found,
    make_key,
    measure,
    now,
    restate,
    signing_of,
)
from preuve.cli.main import main
from preuve.evidence.bag import write_tag_manifest
from preuve.evidence.closed_bundle import in_order, refuse_altered
from preuve.evidence.signature import Signer, allowed_signers
from preuve.evidence.timestamp import Authority
from preuve.evidence.verifier.bag import SIGNATURE
from preuve.evidence.verifier.chain import CHAIN, bundle_digest, read
from preuve.evidence.verifier.check import Witnesses, verify
from preuve.evidence.verifier.report import Item, Level, exit_code, sentences
from preuve.model.errors import AlteredError, PreuveError
from preuve.pipeline.bundle.verify import sentences as texts
from preuve.system.manifests import MANIFEST, TAG_MANIFEST


@dataclass(frozen=True)
class Case:
    """Two audits, what the auditor kept, and the bundle that the insider works on."""

    company: Company
    insider: Insider
    bundle: Path
    previous: Path
    head: str

    @property
    def known(self) -> Witnesses:
        """Return what the auditor has from other sources, without witnesses."""
        return Witnesses(signers=self.company.signers, authority=self.company.ca)

    @property
    def witnesses(self) -> Witnesses:
        return Witnesses(self.previous, [self.head], self.company.signers, self.company.ca)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory, key: Path, authority: Authority) -> Company:
    """Run 1 scan, 2 the audit of Q3, 3 scan with failures, 4 scan, 5 the audit of Q4, closed a moment ago."""
    company = found(tmp_path_factory.mktemp("company"), key, authority)
    company.scan(now(days=95))
    company.audit("2026-Q3", now(days=90))
    company.scan(now(days=20), failed=7)
    company.scan(now(days=10))
    company.audit("2026-Q4", now())
    return company


@pytest.fixture
def case(untouched: Company, tmp_path: Path) -> Case:
    kept = copy(untouched.home / "2026-Q3", tmp_path / "kept by the auditor")
    bundle = copy(untouched.home / "2026-Q4", tmp_path)
    head = read(bundle / CHAIN).lines[-1].digest
    return Case(untouched, Insider(untouched), bundle, kept, head)


def codes(items: list[Item], level: Level = Level.BROKEN) -> set[str]:
    return {item.code for item in items if item.level is level}


def said(items: list[Item]) -> str:
    return "\n".join(sentences(items, texts()["en"]))


def change(bundle: Path) -> None:
    """Results of the same time without a failure."""
    head = (bundle / RESULTS).read_text().splitlines()[0]
    (bundle / RESULTS).write_text(f"{head}\n")


def test_an_untouched_bundle_is_witnessed(case: Case) -> None:
    items = verify(case.bundle, case.witnesses)
    assert codes(items) | codes(items, Level.OPEN) == set()
    assert codes(items, Level.HOLDS) == {"files", "chain", "signature", "timestamp", "previous", "head"}
    assert exit_code(items) == 0
    assert "intact and witnessed" in said(items)


def test_without_a_witness_the_verifier_names_what_it_cannot_know(case: Case) -> None:
    items = verify(case.bundle, Witnesses())
    assert exit_code(items) == 11
    assert codes(items, Level.OPEN) == {"not_witnessed"}
    assert codes(items, Level.NOTE) == {"signers_from_bundle", "authority_from_bundle", "no_previous"}
    assert "Runs 1 to 5 have no witness" in said(items)


def test_a_previous_bundle_alone_is_no_witness_of_later_runs(case: Case) -> None:
    items = verify(case.bundle, Witnesses(previous=case.previous))
    assert exit_code(items) == 11
    assert "Runs 3 to 5 have no witness" in said(items)


def test_the_head_of_an_earlier_run_is_a_witness_up_to_that_run(case: Case) -> None:
    items = verify(case.bundle, Witnesses(heads=[read(case.bundle / CHAIN).lines[3].digest]))
    assert exit_code(items) == 11
    assert "that of run 4" in said(items)
    assert "Run 5, that of this bundle, has no witness" in said(items)


# ---- the twelve attacks -------------------------------------------------------------------------------------------


def test_1_a_file_is_changed(case: Case) -> None:
    change(case.bundle)
    items = verify(case.bundle, Witnesses())
    assert exit_code(items) == 10
    assert codes(items) == {"file_changed"}
    assert f"{RESULTS} was changed after the bundle was closed" in said(items)


def test_2_a_file_is_deleted(case: Case) -> None:
    (case.bundle / RESULTS).unlink()
    items = verify(case.bundle, Witnesses())
    assert exit_code(items) == 10
    assert f"{RESULTS} is missing" in said(items)


@pytest.mark.parametrize("name", ["data/03-controls/new.html", "note.txt", "verification/verifier/bag.pyc", ".hidden"])
def test_3_a_file_is_added(case: Case, name: str) -> None:
    (case.bundle / name).parent.mkdir(exist_ok=True)
    (case.bundle / name).write_text("x")
    items = verify(case.bundle, Witnesses())
    assert exit_code(items) == 10
    assert f"{name}: no well-formed line of a manifest names it" in said(items)


def test_4_changed_and_manifests_regenerated(case: Case) -> None:
    change(case.bundle)
    case.insider.regenerate(case.bundle)
    items = verify(case.bundle, Witnesses())
    assert codes(items) == {"chain_other_bundle", "signature_bad", "timestamp_bad"}
    assert exit_code(items) == 10


def _unsigned(bundle: Path) -> None:
    (bundle / SIGNATURE).unlink()


@pytest.mark.parametrize("altered", [change, _unsigned])
def test_an_altered_bundle_is_refused_although_its_manifests_match(case: Case, altered: Callable[[Path], None]) -> None:
    refuse_altered(case.bundle)
    altered(case.bundle)
    case.insider.regenerate(case.bundle)
    with pytest.raises(PreuveError, match="has changed since it was closed"):
        refuse_altered(case.bundle)
    with pytest.raises(PreuveError, match="has changed since it was closed"):
        CliRunner().invoke(main, ["diff", str(case.previous), str(case.bundle)], catch_exceptions=False)


def _stripped(case: Case) -> None:
    """Without any key: other results, no signature and no timestamp, and a chain that never had one."""

    def blank(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**line, **dict.fromkeys({"signer", "authority"} & line.keys(), "")} for line in lines]

    change(case.bundle)
    case.insider.relink(case.bundle, blank)
    for name in (SIGNATURE, "tagmanifest-sha256.txt.tsr"):
        (case.bundle / name).unlink()


def test_a_comparison_asks_the_earlier_bundle_about_the_later_one(case: Case) -> None:
    """What `verify --previous` finds `diff` finds, in whatever order the two are named."""
    _stripped(case)
    assert exit_code(verify(case.bundle, Witnesses())) == 11
    assert exit_code(verify(case.bundle, Witnesses(case.previous))) == 10
    for pair in ((case.previous, case.bundle), (case.bundle, case.previous)):
        with pytest.raises(AlteredError, match="2026-Q4 has changed since it was closed") as refused:
            CliRunner().invoke(main, ["diff", *map(str, pair)], catch_exceptions=False)
        assert refused.value.exit_code == 10
        assert f"--previous {case.previous}" in refused.value.hint


def test_a_bundle_that_is_what_was_closed_is_compared(case: Case) -> None:
    refuse_altered(case.bundle, case.previous)
    refuse_altered(*in_order(case.previous, case.bundle)[::-1])
    assert in_order(case.bundle, case.previous) == (case.previous, case.bundle)


def test_5_and_signed_again(case: Case) -> None:
    change(case.bundle)
    timestamp = (case.bundle / "tagmanifest-sha256.txt.tsr").read_bytes()
    case.insider.relink(case.bundle, lambda lines: lines)
    (case.bundle / "tagmanifest-sha256.txt.tsr").write_bytes(timestamp)
    assert codes(verify(case.bundle, Witnesses())) == {"timestamp_bad"}
    assert codes(verify(case.bundle, case.witnesses)) == {"timestamp_bad", "head_unknown"}


def test_6_and_timestamped_again(case: Case) -> None:
    change(case.bundle)
    case.insider.relink(case.bundle, lambda lines: lines)
    unwitnessed = verify(case.bundle, case.known)
    assert exit_code(unwitnessed) == 11  # nothing distinguishes it from the first, and it is not called witnessed
    assert codes(unwitnessed, Level.OPEN) == {"not_witnessed"}
    items = verify(case.bundle, case.witnesses)
    assert exit_code(items) == 10
    assert codes(items) == {"head_unknown"}
    assert "the chain was rewritten or cut" in said(items)


def test_6_timestamped_again_long_after_the_closing_date(case: Case) -> None:
    change(case.previous)
    case.insider.relink(case.previous, lambda lines: lines)
    items = verify(case.previous, case.known)
    assert exit_code(items) == 11
    assert codes(items, Level.OPEN) == {"timestamp_late", "not_witnessed"}
    assert "the bundle may have been rewritten and timestamped again" in said(items)


def without_failing_run(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["number"] != 3]


def test_7_a_failing_run_is_dropped_and_not_relinked(case: Case) -> None:
    case.insider.relink(case.bundle, without_failing_run, links=False, numbers=True)
    items = verify(case.bundle, Witnesses())
    assert codes(items) == {"chain_link"}
    assert exit_code(items) == 10
    assert "A line was changed, left out or added" in said(items)


def test_8_a_failing_run_is_dropped_relinked_and_signed_again(case: Case) -> None:
    case.insider.relink(case.bundle, without_failing_run)
    items = verify(case.bundle, Witnesses())
    assert codes(items) == {"chain_number"}
    assert exit_code(items) == 10
    assert "run 4 stands where run 3 should" in said(items)


def test_9_a_failing_run_is_dropped_and_the_others_renumbered(case: Case) -> None:
    case.insider.relink(case.bundle, without_failing_run, numbers=True)
    assert exit_code(verify(case.bundle, case.known)) == 11
    items = verify(case.bundle, case.witnesses)
    assert exit_code(items) == 10
    assert codes(items) == {"head_unknown"}


def test_9_the_head_of_the_dropped_run_reveals_it_too(case: Case) -> None:
    october = read(case.bundle / CHAIN).lines[2].digest
    case.insider.relink(case.bundle, without_failing_run, numbers=True)
    items = verify(case.bundle, Witnesses(heads=[october]))
    assert codes(items) == {"head_unknown"}
    assert october in said(items)


def test_10_the_last_run_is_dropped(case: Case) -> None:
    """With the bundle that was its run: an older bundle is shown as the newest."""
    case.insider.relink(case.bundle, lambda lines: lines[:-1], numbers=True)
    items = verify(case.bundle, Witnesses())
    assert codes(items) == {"chain_other_bundle"}
    assert "the last line was taken away" in said(items)


def test_10_an_earlier_bundle_is_shown_as_the_last(case: Case) -> None:
    items = verify(case.previous, Witnesses(heads=[case.head]))
    assert exit_code(items) == 10
    assert codes(items) == {"head_unknown"}


@pytest.mark.parametrize("dropped", [1, 2])
def test_11_a_run_of_the_previous_quarter_is_dropped(case: Case, dropped: int) -> None:
    def rewrite(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [line for line in lines if line["number"] != dropped]

    case.insider.relink(case.bundle, rewrite, numbers=True)
    assert exit_code(verify(case.bundle, case.known)) == 11
    items = verify(case.bundle, Witnesses(previous=case.previous))
    assert exit_code(items) == 10
    assert codes(items) == {"run_changed"}
    assert f"Run {dropped} of" in said(items)


def test_11_all_runs_since_the_previous_quarter_are_dropped(case: Case, tmp_path: Path) -> None:
    older = copy(case.previous, tmp_path / "older")
    case.insider.relink(older, lambda lines: lines[1:], numbers=True)
    items = verify(older, Witnesses(previous=case.previous))
    assert codes(items) == {"run_changed"}


def test_11_runs_that_the_previous_bundle_still_has_are_dropped_from_the_end(case: Case) -> None:
    items = verify(case.previous, Witnesses(previous=case.bundle))
    assert codes(items) == {"run_dropped"}
    assert exit_code(items) == 10


def test_12_the_result_hash_of_a_run_is_rewritten_and_all_relinked(case: Case) -> None:
    def rewrite(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        lines[2] |= {"results": "f" * 64, "counts": {"FAIL": 0, "PASS": 16}}
        return lines

    case.insider.relink(case.bundle, rewrite)
    assert exit_code(verify(case.bundle, case.known)) == 11
    items = verify(case.bundle, case.witnesses)
    assert exit_code(items) == 10
    assert codes(items) == {"head_unknown"}


def test_12_an_audit_is_disguised_as_a_scan(case: Case) -> None:
    def rewrite(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        lines[-1]["kind"] = "scan"
        return lines

    case.insider.relink(case.bundle, rewrite)
    assert codes(verify(case.bundle, Witnesses())) == {"chain_other_bundle"}


def older(line: dict[str, Any]) -> None:
    line |= {"time": "2026-10-01T00:00:00Z", "sealed": "2026-10-01T00:00:00Z"}


@pytest.mark.parametrize(
    "fact",
    [
        older,
        lambda line: line.update(sealed=now(days=50)),
        lambda line: line.update(counts={"FAIL": 3, "PASS": 400}),
        lambda line: line.update(counts={"FAIL": True}),
        lambda line: line.update(failing={"low": 3}),
        lambda line: line.update(incomplete=2),
        lambda line: line.update(results="0" * 64),
        lambda line: line.pop("results"),
        lambda line: line.update(demonstration=True),
    ],
    ids=["older", "sealed", "counts", "true", "failing", "incomplete", "results", "none", "demonstration"],
)
def test_13_the_last_line_contradicts_the_bundle(case: Case, fact: Callable[[dict[str, Any]], None]) -> None:
    """No other file is changed, and every key was used again: without a witness, only the contradiction reveals it."""

    def rewrite(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        fact(lines[-1])
        return lines

    case.insider.relink(case.bundle, rewrite, facts=False)
    items = verify(case.bundle, case.known)
    assert codes(items) - {"timestamp_bad"} <= {"chain_contradicts", "chain_order", "chain_closed_early", "chain_line"}
    assert exit_code(items) == 10
    command = ["sh", "verification/verify.sh"]
    done = subprocess.run(command, cwd=case.bundle, env={"PATH": STANDARD}, capture_output=True, check=False)
    assert done.returncode == 10


def test_13_the_mark_of_a_demonstration_is_removed(case: Case) -> None:
    """From the line and from bag-info.txt: the snapshot still has it."""
    meta = case.bundle / "data" / "08-machine" / "snapshot" / "meta.json"
    meta.parent.mkdir()
    meta.write_text('{\n "demonstration": true\n}\n')
    case.insider.relink(case.bundle, lambda lines: lines)
    items = verify(case.bundle, case.known)
    assert exit_code(items) == 10
    assert "says demonstration: false" in said(items)
    assert "meta.json says: true" in said(items)


# ---- and some more ------------------------------------------------------------------------------------------------


def test_the_signature_is_removed(case: Case) -> None:
    (case.bundle / "tagmanifest-sha256.txt.sig").unlink()
    items = verify(case.bundle, case.witnesses)
    assert codes(items) == {"signature_removed"}
    assert exit_code(items) == 10


def test_an_attacker_signs_and_adds_their_own_key_to_the_bundle(case: Case, tmp_path: Path) -> None:
    other = make_key(tmp_path, "other")
    means = case.company.with_means(signer=Signer(signing_of(other), other))
    (case.bundle / "verification" / "allowed_signers").write_text(allowed_signers(signing_of(other)))
    Insider(means).relink(case.bundle, lambda lines: lines)
    inside = verify(case.bundle, Witnesses())
    assert codes(inside) == {"signature_other_key"}
    assert codes(verify(case.bundle, case.known)) == {"signature_bad"}


def test_a_first_page_is_covered_by_the_head_too(case: Case) -> None:
    (case.bundle / "README.html").write_text("<p>all is well")
    case.insider.relink(case.bundle, lambda lines: lines)
    assert codes(verify(case.bundle, case.witnesses)) == {"head_unknown"}


def test_a_broken_witness_proves_nothing(case: Case) -> None:
    change(case.previous)
    items = verify(case.bundle, case.witnesses)
    assert codes(items) == {"previous_broken"}


def test_the_chain_is_removed(case: Case) -> None:
    (case.bundle / CHAIN).unlink()
    case.insider.regenerate(case.bundle)
    case.insider.sign(case.bundle)
    case.insider.timestamp(case.bundle)
    assert codes(verify(case.bundle, case.witnesses)) == {"no_chain_to_witness"}
    assert exit_code(verify(case.bundle, Witnesses())) == 11


def test_every_sentence_exists_in_both_languages(case: Case) -> None:
    items = verify(case.bundle, Witnesses())
    english, french = ("\n".join(sentences(items, texts()[language])) for language in ("en", "fr"))
    assert "Aucun dossier antérieur" in french
    assert len(french.splitlines()) == len(english.splitlines())


# ---- a seal that is taken away, without any key -------------------------------------------------------------------


def stripped(bundle: Path, *, stamp_only: bool = False) -> None:
    """Edit the results and take the seal away: no key is needed for any of it."""
    if not stamp_only:
        change(bundle)
        (bundle / "tagmanifest-sha256.txt.sig").unlink()
    (bundle / "tagmanifest-sha256.txt.tsr").unlink()
    measure(bundle)
    write_tag_manifest(bundle)
    lines = [json.loads(line) for line in (bundle / CHAIN).read_text().splitlines()]
    if not stamp_only:
        restate(bundle, lines[-1])
        lines[-1] |= {"signer": "", "authority": "", "bundle": bundle_digest(bundle)}
    raw = b"".join(json.dumps(line, sort_keys=True, separators=(",", ":")).encode() + b"\n" for line in lines)
    (bundle / CHAIN).write_bytes(raw)
    write_tag_manifest(bundle)


def _linked(bundle: Path) -> None:
    (bundle / "data" / "added").symlink_to("/etc/hostname")


def _replaced(bundle: Path) -> None:
    path = next(path for path in sorted((bundle / "data").rglob("*")) if path.is_file())
    path.unlink()
    os.mkfifo(path)


def _twin(bundle: Path) -> None:
    shutil.copyfile(bundle / "README.html", bundle / "readme.HTML")


def _grown(bundle: Path) -> None:
    os.truncate(bundle / "README.html", 1 << 26)


def _emptied(bundle: Path) -> None:
    shutil.rmtree(bundle / "data")
    (bundle / MANIFEST).write_text("")


@pytest.mark.parametrize("attack", [_linked, _replaced, _twin, _grown, _emptied])
def test_every_verifier_reports_a_file_that_does_not_belong_to_the_bundle(
    case: Case, verifier: Callable[[Path, Witnesses], int], attack: Callable[[Path], None]
) -> None:
    """None of them waits for a pipe, follows a link, or reads a hole without end."""
    attack(case.bundle)
    assert verifier(case.bundle, Witnesses()) == 10


def _again(bundle: Path) -> None:
    line = (bundle / MANIFEST).read_text().splitlines(keepends=True)[0]
    _appended(bundle, line)


def _appended(bundle: Path, line: str, name: str = MANIFEST) -> None:
    with (bundle / name).open("a", newline="") as file:
        file.write(line)
    if name == MANIFEST:
        write_tag_manifest(bundle)


def _loud(bundle: Path) -> None:
    text = (bundle / MANIFEST).read_text()
    (bundle / MANIFEST).write_text(text[:64].upper() + text[64:])
    write_tag_manifest(bundle)


def _outside(bundle: Path) -> None:
    (bundle.parent / "outside").write_text("of the auditor")
    _appended(bundle, f"{hashlib.sha256(b'of the auditor').hexdigest()}  data/../../outside\n")


def _misplaced(bundle: Path) -> None:
    _appended(bundle, (bundle / MANIFEST).read_text().splitlines(keepends=True)[0], TAG_MANIFEST)


def _declared(bundle: Path) -> None:
    (bundle / "bagit.txt").write_text("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n")
    write_tag_manifest(bundle)


def _fetched(bundle: Path) -> None:
    (bundle / "fetch.txt").write_text("https://example.org/x - data/x\n")
    write_tag_manifest(bundle)


def _letter(bundle: Path) -> None:
    """A file beside the payload that the tag manifest names: no hash reveals it."""
    (bundle / "letter.html").write_text("The authority confirms that no nonconformity was found.\n")
    write_tag_manifest(bundle)


@pytest.mark.parametrize(
    "attack",
    [
        _letter, _again, _loud, _outside, _misplaced, _declared, _fetched,
        lambda bundle: _appended(bundle, "no line\n"),
        lambda bundle: _appended(bundle, "# nothing\n", TAG_MANIFEST),
        lambda bundle: _appended(bundle, f"{'0' * 64}  data/x\r\n"),
    ],
)  # fmt: skip
def test_every_verifier_reads_a_manifest_alike(
    company: Company, verifier: Callable[[Path, Witnesses], int], attack: Callable[[Path], None]
) -> None:
    """Without a chain or a signature that could reveal it."""
    bundle = company.with_means(signer=None, authority=None).audit("2026-Q4", now())
    (bundle / CHAIN).unlink()
    write_tag_manifest(bundle)
    assert verifier(bundle, Witnesses()) == 11
    attack(bundle)
    assert verifier(bundle, Witnesses()) == 10


def test_every_verifier_reports_a_duplicate_name_in_a_run(
    company: Company, verifier: Callable[[Path, Witnesses], int]
) -> None:
    bundle = company.with_means(signer=None, authority=None).audit("2026-Q4", now())
    text = (bundle / CHAIN).read_text()
    (bundle / CHAIN).write_text(text.replace("{", '{"bundle":"another",', 1))
    write_tag_manifest(bundle)
    assert verifier(bundle, Witnesses()) == 10


def test_signers_and_authority_given_by_the_auditor_reveal_a_removed_seal(
    company: Company, verifier: Callable[[Path, Witnesses], int]
) -> None:
    bundle = company.audit("2026-Q4", now())  # the first run: the chain knows of no other seal
    assert verifier(bundle, Witnesses(signers=company.signers, authority=company.ca)) == 11
    stripped(bundle)
    assert verifier(bundle, Witnesses()) == 11
    assert verifier(bundle, Witnesses(signers=company.signers)) == 10
    assert verifier(bundle, Witnesses(authority=company.ca)) == 10


def test_earlier_runs_reveal_a_removed_seal(case: Case, verifier: Callable[[Path, Witnesses], int]) -> None:
    stripped(case.bundle)
    assert verifier(case.bundle, Witnesses()) == 10


def test_without_its_timestamp_a_bundle_is_not_witnessed(
    company: Company, case: Case, verifier: Callable[[Path, Witnesses], int]
) -> None:
    first = company.audit("2026-Q4", now())
    head = read(first / CHAIN).lines[-1].digest
    assert verifier(first, Witnesses(heads=[head])) == 0
    stripped(first, stamp_only=True)
    assert verifier(first, Witnesses(heads=[head])) == 11
    assert verifier(first, Witnesses(heads=[head], authority=company.ca)) == 10
    stripped(case.bundle, stamp_only=True)
    assert verifier(case.bundle, Witnesses(heads=[case.head])) == 10


def test_a_sealed_previous_bundle_requires_a_seal_on_the_next(case: Case) -> None:
    """Also if the lines of the chain do not mention timestamps, as in an earlier version of preuve."""
    (case.bundle / "tagmanifest-sha256.txt.tsr").unlink()
    (case.bundle / CHAIN).write_text((case.bundle / CHAIN).read_text().replace('"authority":', '"other":'))
    assert "timestamp_stopped" in codes(verify(case.bundle, Witnesses(previous=case.previous)))
