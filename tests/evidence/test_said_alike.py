"""The verifiers without Python report the same faults as the other one, with the same weight."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from evidence.company import RESULTS, STANDARD, Company, Insider, copy, found, now
from preuve.evidence.bag import write_tag_manifest
from preuve.evidence.runs.form import beyond_form
from preuve.evidence.timestamp import Authority
from preuve.evidence.verifier import bag, chain
from preuve.evidence.verifier.bag import SIGNATURE, TIMESTAMP
from preuve.evidence.verifier.chain import CHAIN, read
from preuve.evidence.verifier.check import Witnesses, verify
from preuve.evidence.verifier.report import Item, Level, exit_code
from preuve.library.yaml.place import content_root
from preuve.pipeline.bundle.verify import sentences as texts
from preuve.system.manifests import MANIFEST

_RUN = "the last run counts otherwise than these results"
SAID = {  # the reports of verify.sh and verify.ps1 for each report of verify.py
    "files": "no other file",
    "file_changed": "manifests",
    "file_missing": "manifests",
    "file_added": "added",
    "file_large": "too large",
    "path_long": "names",
    "manifest_long": "lines",
    "link": "added",
    "special_file": "added",
    "folder_empty": "empty folders",
    "file_name": "names",
    "file_twin": "names",
    "other_manifest": "form",
    "declaration": "form",
    "manifest_line": "lines",
    "manifest_path": "lines",
    "manifest_twice": "lines",
    "nothing_listed": "lines",
    "info_line": "bag-info.txt: malformed, or a name twice",
    "info_contradicts": "bag-info.txt says otherwise than the bundle",
    "chain": "the last run is this bundle",
    "chain_line": "chain: a line is missing or changed",
    "chain_number": "chain: a line is missing or changed",
    "chain_link": "chain: a line is missing or changed",
    "chain_other_bundle": "the last run is not this bundle",
    "chain_order": "times of the chain: a run is written before an earlier one",
    "chain_closed_early": "times of the chain: a run is written before an earlier one",
    "chain_undated": "times of the chain: a run is written before an earlier one",
    "no_chain": "no chain of runs: not witnessed",
    "no_chain_to_witness": "no chain of runs to compare the head with",
    "interrupted": "explains one that was stopped",
    "signature": "Good ",
    "signers_from_bundle": "signers: their list came from the bundle",
    "key_changed": "another key than that of the run before",
    "not_signed": "not signed, anyone could have rewritten it",
    "signature_removed": "the signature was removed",
    "signature_stopped": "the signature was removed",
    "signature_expected": "signers given, not signed",
    "signature_bad": "signature:",
    "key_ended": "the key is not allowed any more, and was when it was timestamped",
    "key_ended_unseen": "the key is not allowed any more, no timestamp says that it was",
    "signature_other_key": "signed with another key than the last run says",
    "no_ssh_keygen": "signature: ssh-keygen ?",
    "timestamp": "timestamp / horodatage",
    "timestamp_late": "timestamp of long after the bundle was closed",
    "timestamp_early": "timestamp of before the bundle was closed",
    "timestamp_undated": "timestamp, and nothing says when the bundle was closed",
    "timestamp_bad": "timestamp / horodatage",
    "no_timestamp": "no timestamp / pas d'horodatage",
    "timestamp_stopped": "the timestamp was removed or never added",
    "timestamp_expected": "authority given, no timestamp",
    "timestamp_asked": "a timestamp was asked, there is none",
    "no_authority": "timestamp / horodatage: openssl, verification/tsa-ca.pem ?",
    "no_openssl": "timestamp / horodatage: openssl, verification/tsa-ca.pem ?",
    "authority_from_bundle": "authority: its certificate came from the bundle",
    "head": "head / empreinte de tête",
    "head_unknown": "the head is not that of the last run",
    "not_witnessed": "no head given: not witnessed",
    "not_witnessed_last": "the head is of an earlier run",
    "demonstration": "DEMONSTRATION",
    "other_form": "results.jsonl or meta.json: another form than an audit writes",
}
CONTRADICTED = {  # chain_contradicts, by the fact that the last run contradicts
    "results": "the last run has other results or another time",
    "time": "the last run has other results or another time",
    "counts": _RUN,
    "failing": _RUN,
    "incomplete": _RUN,
    "demonstration": "the last run says otherwise of demonstration",
}
_VERDICTS = {0: "intact and witnessed", 10: "something does not hold", 11: "intact, not witnessed"}
_ELSEWHERE = {  # they need an earlier bundle, cannot occur there, or are reported by another outcome
    "previous", "no_previous", "previous_broken", "previous_same", "previous_copy", "run_dropped", "run_changed",
    "previous_unsealed", "left_out", "chain_size", "file_unreadable", "signature_unreadable", "timestamp_unreadable",
}  # fmt: skip
_WORDS = {Level.HOLDS: "OK", Level.BROKEN: "FAIL", Level.OPEN: "?", Level.NOTE: "-"}
Fault = Callable[[Path], object]


def test_the_scripts_have_each_sentence_of_the_verifier() -> None:
    sentences = set(texts()["en"]) - _ELSEWHERE - {"chain_contradicts"}
    assert {name for name in sentences if "." not in name} == set(SAID)
    folder = content_root() / "reports" / "verification"
    for script in ("verify.sh", "verify.ps1"):
        text = (folder / script).read_text(encoding="utf-8-sig")
        for said in {*SAID.values(), *CONTRADICTED.values()} - {"Good ", "manifests"}:
            assert f'"{said}' in text or f" {said}" in text, (script, said)


def test_the_scripts_ask_for_the_same_forms_and_sizes() -> None:
    """Each of the three has these lines as text."""
    folder = content_root() / "reports" / "verification"
    for script, quotes in (("verify.sh", ("'\n", "'")), ("verify.ps1", ("@'\n", "'@"))):
        text = (folder / script).read_text(encoding="utf-8-sig")
        for lines in (bag.SIZES, chain.MEMBERS):
            assert lines.strip("\n").join((quotes[0], f"\n{quotes[1]}\n")) in text
        assert re.findall(r"ongest_?[Pp]ath ?= ?(\d+)", text) == [str(bag.LONGEST_PATH)]
        assert re.findall(r"ongest_?[Ll]ine ?= ?(\d+)", text) == [str(64 + 2 + bag.LONGEST_PATH)]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, key: Path, authority: Authority) -> tuple[Company, Path]:
    """A company whose third run closes a bundle."""
    company = found(tmp_path_factory.mktemp("company"), key, authority)
    company.audit("2026-Q3", now(days=9), failed=5)
    company.scan(now(days=3))
    return company, company.audit("2026-Q4", now())


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory: pytest.TempPathFactory, key: Path, authority: Authority) -> tuple[Company, Path]:
    """A company that neither signs nor asks for a timestamp: what contradicts itself does so without them."""
    company = found(tmp_path_factory.mktemp("company"), key, authority).with_means(signer=None, authority=None)
    company.audit("2026-Q3", now(days=9), failed=5)
    return company, company.audit("2026-Q4", now())


@pytest.fixture
def case(sealed: tuple[Company, Path], tmp_path: Path) -> tuple[Company, Path]:
    return sealed[0], copy(sealed[1], tmp_path)


def expected(items: Sequence[Item]) -> set[tuple[str, str]]:
    """Return the reports of the scripts for these findings of the verifier.

    The scripts stop after a link, a name that tools read differently or a file that is too large. For a head of no run,
    they do not also report that no head covers the last run.
    """
    codes = {item.code for item in items}
    first = (
        codes & {"link", "special_file"} or codes & {"file_name", "file_twin", "path_long"} or codes & {"file_large"}
    )
    if "head_unknown" in codes:
        codes -= {"not_witnessed", "not_witnessed_last"}
    if "no_chain_to_witness" in codes:
        codes -= {"no_chain"}
    return {
        (_WORDS[item.level], CONTRADICTED[item.values["name"]] if item.code == "chain_contradicts" else SAID[item.code])
        for item in items
        if item.code in (first or codes - _ELSEWHERE)
    }


def compared(bundle: Path, given: Witnesses) -> int:
    """Both say the same of a bundle, or this fails; gives their exit code."""
    items = verify(bundle, given)
    witnesses = [*(given.heads or [""]), str(given.signers or ""), str(given.authority or "")]
    command = ["sh", "verification/verify.sh", *witnesses]
    done = subprocess.run(command, cwd=bundle, env={"PATH": STANDARD}, capture_output=True, text=True, check=False)
    lines = [line.partition(" ")[::2] for line in done.stdout.splitlines()[1:] if line]
    ours = expected(items)
    told = [(word, text, {pair for pair in ours if pair[0] == word and pair[1] in text}) for word, text in lines]
    assert done.returncode == exit_code(items), done.stdout
    assert ours == set().union(*(pairs for _, _, pairs in told)), done.stdout
    assert not [text for word, text, pairs in told if word in ("FAIL", "?", "-") and not pairs], done.stdout
    assert told[-1][0] == "verdict:" and told[-1][1].startswith(_VERDICTS[done.returncode])
    return done.returncode


def rewritten(change: Callable[[list[dict[str, Any]]], object]) -> Callable[[Company, Path], None]:
    """Change the chain like a person who holds all keys."""

    def act(company: Company, bundle: Path) -> None:
        def rewrite(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
            change(lines)
            return lines

        Insider(company).relink(bundle, rewrite, facts=False)

    return act


def in_files(change: Fault) -> Callable[[Company, Path], None]:
    return lambda _, bundle: (change(bundle), None)[1]


def without_declaration(company: Company, bundle: Path) -> None:
    """No BagIt bag any more, with every hash and signature made again."""
    (bundle / "bagit.txt").unlink()
    Insider(company).relink(bundle, lambda lines: lines)


def in_info(old: str, new: str) -> Callable[[Company, Path], None]:
    """A change of what a bundle says of itself, by somebody who holds all keys."""

    def act(company: Company, bundle: Path) -> None:
        path = bundle / "bag-info.txt"
        text = path.read_bytes().decode()
        changed = re.sub(old, new, text, count=1)
        assert changed != text
        path.write_bytes(changed.encode())
        Insider(company).relink(bundle, lambda lines: lines, size=False)

    return act


def named(name: str) -> Callable[[Company, Path], None]:
    return in_files(lambda bundle: (bundle / "data" / name).write_text("x"))


def no_info(company: Company, bundle: Path) -> None:
    (bundle / "bag-info.txt").unlink()
    Insider(company).relink(bundle, lambda lines: lines, size=False)


def meta(company: Company, bundle: Path) -> None:
    """The mark of a demonstration is left in the snapshot alone."""
    path = bundle / "data" / "08-machine" / "snapshot" / "meta.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"demonstration": True}, indent=1))
    Insider(company).relink(bundle, lambda lines: lines)


def marked(company: Company, bundle: Path) -> None:
    with (bundle / "bag-info.txt").open("a", newline="") as file:
        file.write("Demonstration: true\n")
    rewritten(lambda lines: lines[-1].update(demonstration=True))(company, bundle)


def in_results(old: str, new: str) -> Callable[[Company, Path], None]:
    """Results that JSON may read as before, and that are another text, by somebody who holds all keys."""

    def act(company: Company, bundle: Path) -> None:
        path = bundle / RESULTS
        text = path.read_bytes().decode()
        changed = re.sub(old, lambda _: new, text, count=1)
        assert changed != text
        path.write_bytes(changed.encode())
        Insider(company).relink(bundle, lambda lines: lines)

    return act


def in_meta(line: str) -> Callable[[Company, Path], None]:
    """A snapshot whose mark of a demonstration is written in another way than an audit does."""

    def act(company: Company, bundle: Path) -> None:
        path = bundle / "data" / "08-machine" / "snapshot" / "meta.json"
        path.parent.mkdir(parents=True)
        path.write_text(f"{{\n{line}\n}}\n")
        Insider(company).relink(bundle, lambda lines: lines)

    return act


def in_chain(change: Callable[[dict[str, Any]], object]) -> Callable[[Company, Path], None]:
    return rewritten(lambda lines: change(lines[-1]))


def swapped(_: Company, bundle: Path) -> None:
    """Two names of the last line change places; every hash is made again."""
    *before, last = (bundle / CHAIN).read_bytes().splitlines(keepends=True)
    data = json.loads(last)
    line = json.dumps({"time": data.pop("time"), **data}, separators=(",", ":")).encode() + b"\n"
    (bundle / CHAIN).write_bytes(b"".join([*before, line]))
    write_tag_manifest(bundle)


FAULTS: dict[str, tuple[Callable[[Company, Path], None], int]] = {
    "nothing": (lambda *_: None, 0),
    "changed": (in_files(lambda bundle: (bundle / "README.html").write_text("other")), 10),
    "missing": (in_files(lambda bundle: (bundle / RESULTS).unlink()), 10),
    "added": (in_files(lambda bundle: (bundle / "data" / "x").write_text("x")), 10),
    "linked": (in_files(lambda bundle: (bundle / "data" / "x").symlink_to("/etc/hostname")), 10),
    "empty folder": (in_files(lambda bundle: (bundle / "data" / "x").mkdir()), 10),
    "name": (in_files(lambda bundle: (bundle / "data" / "a b").write_text("x")), 10),
    "no manifest line": (in_files(lambda bundle: (bundle / MANIFEST).write_text("x\n")), 10),
    "declaration": (in_files(lambda bundle: (bundle / "bagit.txt").write_text("BagIt-Version: 0.97\n")), 10),
    "ends of the declaration": (in_files(lambda bundle: (bundle / "bagit.txt").open("a").write("\n")), 10),
    "no declaration": (in_files(lambda bundle: (bundle / "bagit.txt").unlink()), 10),
    "a declaration that nothing names": (without_declaration, 10),
    "no chain": (in_files(lambda bundle: (bundle / CHAIN).unlink()), 10),
    "names in another order": (swapped, 10),
    "run dropped": (rewritten(lambda lines: lines.pop(1)), 10),
    "another bundle": (rewritten(lambda lines: lines[-1].update(kind="scan")), 10),
    "other counts": (rewritten(lambda lines: lines[-1].update(counts={"FAIL": 1})), 10),
    "no counts": (rewritten(lambda lines: lines[-1].update(counts={})), 10),
    "other severities": (rewritten(lambda lines: lines[-1].update(failing={"low": 3})), 10),
    "severities of an earlier version": (rewritten(lambda lines: lines[-1].pop("failing")), 10),
    "incomplete": (rewritten(lambda lines: lines[-1].update(incomplete=1)), 10),
    "other results": (rewritten(lambda lines: lines[-1].update(results="0" * 64)), 10),
    "other time": (rewritten(lambda lines: lines[-1].update(time=now(minutes=2))), 10),
    "demonstration in the snapshot": (meta, 10),
    "demonstration": (marked, 10),
    "written before": (rewritten(lambda lines: lines[0].update(sealed=now(days=-2))), 10),
    "closed before": (rewritten(lambda lines: lines[-1].update(sealed=now(days=5))), 10),
    "no time": (rewritten(lambda lines: lines[0].update(time="2026-02-30T00:00:00Z")), 10),
    "time of another form": (rewritten(lambda lines: lines[0].update(time="2026-11-01 10:00")), 10),
    "first of all times": (
        rewritten(lambda lines: lines[0].update(dict.fromkeys(("time", "sealed"), "0001-01-01T00:00:00Z"))),
        10,
    ),
    "interrupted": (rewritten(lambda lines: lines[1].update(kind="interrupted", of=1)), 10),
    "signature": (in_files(lambda bundle: (bundle / SIGNATURE).unlink()), 10),
    "signature of nothing": (in_files(lambda bundle: (bundle / SIGNATURE).write_text("x")), 10),
    "another signer": (rewritten(lambda lines: lines[-1].update(signer="SHA256:" + "0" * 43)), 10),
    "timestamp": (in_files(lambda bundle: (bundle / TIMESTAMP).unlink()), 10),
    "timestamp of nothing": (in_files(lambda bundle: (bundle / TIMESTAMP).write_text("x")), 10),
    "stamped long after": (rewritten(lambda lines: lines[-1].update(sealed=now(hours=3))), 10),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_shell_reports_each_fault_as_the_verifier_does(case: tuple[Company, Path], fault: str) -> None:
    """With everything that an auditor may give: the head of before, the signers, the certificate; and with nothing."""
    company, bundle = case
    head = read(bundle / CHAIN).lines[-1].digest
    act, code = FAULTS[fault]
    act(company, bundle)
    assert compared(bundle, Witnesses(None, [head], company.signers, company.ca)) == code
    assert compared(bundle, Witnesses()) in (10, 11)


FALSE = {  # what a bundle says of itself, changed under every key; no witness is needed to see it
    "another period": in_info("Period: 2026-Q4", "Period: 2026-Q2"),
    "no period": in_info("Period: .*\n", ""),
    "another period in the chain": rewritten(lambda lines: lines[-1].update(period="2026-Q2")),
    "no period in the chain": rewritten(lambda lines: lines[-1].pop("period")),
    "another name": in_info("Identifier: 2026-Q4", "Identifier: 2026-Q3"),
    "a name without a number": in_info("Identifier: 2026-Q4", "Identifier: 2026-Q4.x"),
    "commit": in_info(r"\Z", f"Commit: {'a' * 40}\n"),
    "commit in the chain": rewritten(lambda lines: lines[-1].update(commit="a" * 40)),
    "no commit in the chain": rewritten(lambda lines: lines[-1].pop("commit")),
    "another day": in_info("Date: ....", "Date: 2020"),
    "a try-out": in_info(r"\Z", "Try-Out: true\n"),
    "more bytes": in_info("Oxum: ", "Oxum: 1"),
    "no size": in_info("Payload-Oxum: .*\n", ""),
    "more files": in_info(r"(Oxum: [0-9]+)\.", r"\1.1"),
    "said twice": in_info(r"\Z", "Period: 2026-Q4\n"),
    "said twice in another case": in_info(r"\Z", "period: 2026-Q2\n"),
    "said in a second line": in_info("Period: 2026-Q4", "Period: 2026-Q4\n 2026-Q2"),
    "an empty line": in_info(r"\Z", "\n"),
    "a line without its end": in_info("\n\\Z", ""),
    "ends of lines": in_info("\n", "\r\n"),
    "said with what shows nothing": in_info("Period: 2026-Q4", "Period: 2026-Q4\u200b"),
    "a mark before the first name": in_info(r"\A", "\ufeff"),
    "an accent in a name": in_info(r"\Z", "Purépose: other\n"),
    "nothing said": in_info("(?s).*", ""),
    "no bag-info.txt": no_info,
    "closed before its own time": rewritten(lambda lines: lines[-1].update(sealed=now(days=2))),
    "an inner number": in_chain(lambda line: line.update(number=9, aa={"number": 3, "z": 1})),
    "an inner number among the counts": in_chain(lambda line: line.update(number=9, counts={"number": 3, "z": 1})),
    "an inner number that is incomplete": in_chain(lambda line: line.update(zz={"incomplete": 0, "y": 1})),
    "severities that are none": in_chain(lambda line: line.update(failing={"number": 3})),
    "another spelling of a name": in_chain(lambda line: line.update(Number=3)),
    "results: status before severity": in_results(
        '"severity":"high","status":"FAIL"', '"status":"FAIL","severity":"high"'
    ),
    "results: an escape in the status": in_results('"status":"FAIL"', '"status":"FA\\u0049L"'),
    "results: an escape in the kind": in_results('"kind":"finding"', '"kind":"findin\\u0067"'),
    "results: a blank": in_results('"kind":"finding"', '"kind" :"finding"'),
    "results: a status twice": in_results('"status":"FAIL"', '"status":"FAIL","status":"PASS"'),
    "results: an inner status": in_results(
        '"status":"FAIL"', '"status":"FAIL","zz":{"severity":"high","status":"PASS"}'
    ),
    "results: more in the first line": in_results('"now":"', '"now":"x","now":"'),
    "results: an inner number in the first line": in_results('"incomplete":0', '"aa":{"incomplete":0},"incomplete":0'),
    "results: incomplete twice": in_results('Z"}', 'Z","incomplete":5}'),
    "results: more digits than a number has": in_results('"incomplete":0', f'"incomplete":{"1" * 5000}'),
    "results: a kind again and again": in_results(r"\Z", "{" + '"kind":"finding",' * 60_000 + '"a":1}\n'),
    "results: the start of a kind again and again": in_results(r"\Z", '{"kind":"a' * 60_000 + "\n"),
    "results: an end again and again": in_results(
        r"\Z", '{"kind":"finding"' + ',"severity":"low","status":"FAIL","waiver":"' * 20_000 + "\n"
    ),
    "results: an array": in_results(r"\A", "[]\n"),
    "results: an empty line": in_results(r"\Z", "\n"),
    "results: a line without its end": in_results("\n\\Z", ""),
    "results: ends of lines": in_results("\n", "\r\n"),
    "results: no JSON": in_results(r"\Z", "x\n"),
    "meta: two blanks": in_meta(' "demonstration":  true'),
    "meta: a tab": in_meta(' "demonstration":\ttrue'),
    "meta: an escape": in_meta(' "demonstrat\\u0069on": true'),
    "meta: twice": in_meta(' "demonstration": true, "demonstration": false'),
    "meta: in two lines": in_meta(' "demonstration": true,\n "demonstration": false'),
    "meta: an inner mark": in_meta(' "a": {\n  "demonstration": false\n }'),
    "meta: nothing": in_meta(' "a": 1'),
    "device": named("aux.html"),
    "device in capitals": named("COM1"),
    "folder of a device": in_files(lambda bundle: (bundle / "data" / "nul.d").mkdir()),
    "ends with a point": named("index.html."),
    "begins with a hyphen": named("-x"),
    "begins with a point": named(".x"),
}


@pytest.mark.parametrize("fault", FALSE)
def test_a_bundle_that_contradicts_itself_needs_no_witness(
    unsigned: tuple[Company, Path], tmp_path: Path, fault: str
) -> None:
    bundle = copy(unsigned[1], tmp_path)
    FALSE[fault](unsigned[0], bundle)
    assert compared(bundle, Witnesses()) == 10


_VALUES = (True, False, 0, 1, -1, 10**15, "", "0", "1", "true", "false", "x", "MD5:aa", "SHA256:", "2026-Q4", "9" * 64)
_OTHERS = random.Random(33)  # the same ones in each run
_NAMES = [*(line.split(" ")[0] for line in chain.MEMBERS.split("\n") if line), "unknown"]
# Each member that a run writes, and one that none does, with a value of any type; and with what nearly is its own.
MEMBERS = {
    f"{name} {value!r:.20}": (name, value)
    for name, value in [
        *((name, _OTHERS.choice(_VALUES)) for name in _NAMES),
        *(("signer", "MD5:aa"), ("signer", True), ("sealed", True), ("incomplete", "0"), ("demonstration", "false")),
    ]
}


@pytest.mark.parametrize("case", MEMBERS)
def test_a_member_of_the_chain_has_one_form_in_all_verifiers(
    unsigned: tuple[Company, Path], tmp_path: Path, case: str
) -> None:
    name, value = MEMBERS[case]
    bundle = copy(unsigned[1], tmp_path)
    in_chain(lambda line: line.update({name: value}))(unsigned[0], bundle)
    code = compared(bundle, Witnesses())
    strange = chain.parse((bundle / CHAIN).read_bytes()).items
    assert code == 10 or not strange
    assert name == "unknown" or not strange or name in beyond_form({"kind": "audit", name: value})


@pytest.mark.parametrize(("letters", "code"), [(bag.LONGEST_PATH, 11), (bag.LONGEST_PATH + 1, 10), (2012, 10)])
def test_a_path_has_one_limit_in_all_verifiers(
    unsigned: tuple[Company, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, letters: int, code: int
) -> None:
    """Nothing else is said of the bundle: the files that stand after it in the manifest are there, and named."""
    monkeypatch.setattr("preuve.evidence.bag.unsafe", lambda _: "")  # an audit has shorter ones
    bundle = copy(unsigned[1], tmp_path)
    path = "data/" + "".join("d" if at % 200 else "/" for at in range(1, letters - len("data/") + 1))
    (bundle / path).parent.mkdir(parents=True)
    (bundle / path).write_text("x")
    Insider(unsigned[0]).relink(bundle, lambda lines: lines)
    assert compared(bundle, Witnesses()) == code
    found = {item.code for item in verify(bundle, Witnesses()) if item.level is Level.BROKEN}
    assert found == ({"path_long", "manifest_long"} if code == 10 else set())


@pytest.mark.parametrize("name", ["bag-info.txt", "verification/allowed_signers"])
def test_a_file_that_is_read_whole_has_one_limit_in_all_verifiers(
    unsigned: tuple[Company, Path], tmp_path: Path, name: str
) -> None:
    bundle = copy(unsigned[1], tmp_path)
    with (bundle / name).open("a", newline="") as file:
        file.write(f"Purpose: {'x' * (1 << 20)}\n")
    Insider(unsigned[0]).relink(bundle, lambda lines: lines)
    assert compared(bundle, Witnesses()) == 10


@pytest.mark.parametrize("text", [b"\xff", b"\xed\xa0\x80", b"\xc3"], ids=repr)
def test_a_text_that_is_not_utf_8_is_reported(unsigned: tuple[Company, Path], tmp_path: Path, text: bytes) -> None:
    bundle = copy(unsigned[1], tmp_path)
    with (bundle / "bag-info.txt").open("ab") as file:
        file.write(b"Source-Organization: Ac" + text + b"me\n")
    Insider(unsigned[0]).relink(bundle, lambda lines: lines)
    assert compared(bundle, Witnesses()) == 10


def test_a_bundle_without_a_signature_is_intact(unsigned: tuple[Company, Path]) -> None:
    assert compared(unsigned[1], Witnesses()) == 11


def test_consistent_facts_are_no_fault(case: tuple[Company, Path]) -> None:
    """The second bundle of a period, and a text that is not English."""
    in_info("Identifier: 2026-Q4", "Identifier: 2026-Q4.2")(*case)
    in_info(r"\Z", "Purpose: Évaluer les écarts… ₿\U0001f512 \u07ff\n")(*case)
    assert compared(case[1], Witnesses()) == 11
