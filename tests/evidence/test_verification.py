"""The files in a bundle to verify it: the verifier runs without preuve, and scripts need only standard tools."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import bagit
import pytest
from click.testing import CliRunner

from evidence.company import RESULTS, Company, Insider, copy, found, now
from preuve.cli.main import main
from preuve.evidence.timestamp import Authority
from preuve.evidence.verifier.chain import CHAIN, read
from preuve.evidence.verifier.check import Witnesses, verify
from preuve.evidence.verifier.report import exit_code
from preuve.library.yaml.place import content_root
from preuve.model.errors import UsageError
from preuve.pipeline.bundle.verify import check_is_bundle
from preuve.system.manifests import DECLARATION

STANDARD = "/usr/bin:/bin"


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory, key: Path, authority: Authority) -> Company:
    company = found(tmp_path_factory.mktemp("company"), key, authority)
    company.audit("2026-Q3", now(days=90))
    company.scan(now(days=20), failed=7)
    company.audit("2026-Q4", now())
    return company


@pytest.fixture
def bundle(untouched: Company, tmp_path: Path) -> Path:
    return copy(untouched.home / "2026-Q4", tmp_path)


def head(bundle: Path) -> str:
    return read(bundle / CHAIN).lines[-1].digest


def run(bundle: Path, *command: str) -> tuple[int, str]:
    """In the bundle, with nothing of ours on the way: neither preuve nor its virtual environment."""
    done = subprocess.run(
        command, cwd=bundle, env={"PATH": STANDARD}, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def verify_py(bundle: Path, *arguments: str) -> tuple[int, str]:
    python = Path(sys.base_prefix, "bin", "python3")
    return run(bundle, str(python), "-S", "verification/verify.py", ".", *arguments)


def test_the_bundled_verifier_runs_alone_and_leaves_nothing_behind(bundle: Path, untouched: Company) -> None:
    before = {path: path.stat().st_mtime_ns for path in bundle.rglob("*")}
    for _ in range(2):
        code, said = verify_py(bundle, "--head", head(bundle), "--previous", str(untouched.home / "2026-Q3"))
        assert code == 0, said
    assert {path: path.stat().st_mtime_ns for path in bundle.rglob("*")} == before
    bagit.Bag(str(bundle)).validate()


def test_the_bundled_verifier_has_french_texts(bundle: Path) -> None:
    code, said = verify_py(bundle, "--language", "fr")
    assert code == 11
    assert "dossier intègre, sans témoin" in said


def test_the_bundled_verifier_finds_a_change(bundle: Path) -> None:
    (bundle / RESULTS).write_text("{}")
    code, said = verify_py(bundle)
    assert code == 10
    assert f"{RESULTS} was changed" in said


def test_the_bundled_verifier_refuses_half_a_head(bundle: Path) -> None:
    done = subprocess.run(
        [sys.executable, "verification/verify.py", ".", "--head", "5d0c"],
        cwd=bundle, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "64 hexadecimal digits" in done.stderr
    command = ["sh", "verification/verify.sh", "5d0c"]
    assert subprocess.run(command, cwd=bundle, capture_output=True, check=False, timeout=60).returncode == 2


def test_a_head_in_capitals_is_accepted(bundle: Path) -> None:
    """Somebody may type it from a sheet of paper."""
    loud = f" {head(bundle).upper()}"
    assert verify_py(bundle, "--head", loud)[0] == 0
    assert run(bundle, "sh", "verification/verify.sh", loud)[0] == 0


def test_a_shell_with_standard_tools_gives_the_same_result(bundle: Path) -> None:
    assert run(bundle, "sh", "verification/verify.sh")[0] == 11
    code, said = run(bundle, "sh", "verification/verify.sh", head(bundle))
    assert code == 0, said
    assert "FAIL" not in said
    assert said.count("OK ") == 11


def test_a_separate_script_verifies_the_given_folder(bundle: Path, tmp_path: Path) -> None:
    """It names the folder: the copy is in an intact bundle of its own."""
    kept = copy(bundle, tmp_path / "kept by the auditor")
    (bundle / RESULTS).write_text("{}")
    script = str(kept / "verification" / "verify.sh")
    for given in (str(bundle), "."):
        code, said = run(bundle, "sh", script, "-C", given, head(kept))
        assert code == 10
        assert said.splitlines()[0].endswith(f": {bundle}")
    code, said = run(bundle, "sh", script, head(kept))
    assert (code, said.splitlines()[0].endswith(f": {kept}")) == (0, True)
    done = subprocess.run(["sh", script, "-C", str(tmp_path / "none")], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda bundle: (bundle / RESULTS).write_text("{}"), f"{RESULTS}: FAILED"),
        (lambda bundle: (bundle / RESULTS).unlink(), RESULTS),
        (lambda bundle: (bundle / "data" / "new file").write_text("x"), "data/new file"),
        (lambda bundle: (bundle / "data" / "link").symlink_to("/etc/passwd"), "data/link"),
        (lambda bundle: (bundle / "tagmanifest-sha256.txt.sig").unlink(), "the signature was removed"),
        (lambda bundle: (bundle / "tagmanifest-sha256.txt.sig").write_text("x"), "signature:"),
        (lambda bundle: (bundle / "tagmanifest-sha256.txt.tsr").write_text("x"), "timestamp"),
    ],
    ids=range(7),
)
def test_a_shell_with_standard_tools_finds_a_change_too(bundle: Path, change: object, said: str) -> None:
    assert callable(change)
    change(bundle)
    code, printed = run(bundle, "sh", "verification/verify.sh")
    assert code == 10
    assert said in printed


def test_a_shell_follows_the_chain(bundle: Path, untouched: Company) -> None:
    known = head(bundle)
    Insider(untouched).relink(bundle, lambda lines: lines[:1] + lines[2:])
    assert "a line is missing or changed" in run(bundle, "sh", "verification/verify.sh")[1]
    Insider(untouched).relink(bundle, lambda lines: lines, numbers=True)
    assert run(bundle, "sh", "verification/verify.sh")[0] == 11
    code, said = run(bundle, "sh", "verification/verify.sh", known)
    assert code == 10
    assert "the head is not that of the last run" in said


def test_the_commands_of_the_instructions_work(bundle: Path) -> None:
    """The lines that an auditor types, as they are printed."""
    text = (bundle / "verification" / "how-to.en.txt").read_text()
    assert "tail -n 1 chain.jsonl | sha256sum " in text
    assert run(bundle, "sh", "-c", "tail -n 1 chain.jsonl | sha256sum")[1].startswith(head(bundle))
    command = "grep -v '  chain.jsonl$' tagmanifest-sha256.txt | sha256sum"
    assert command in text
    digest = run(bundle, "sh", "-c", command)[1][:64]
    assert f'"bundle":"{digest}"' in (bundle / CHAIN).read_text().splitlines()[-1]


def test_witnesses_are_the_heads_of_earlier_runs(bundle: Path) -> None:
    with (bundle / "verification" / "witnesses.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    lines = read(bundle / CHAIN).lines
    assert [(row["number"], row["head"]) for row in rows] == [("1", lines[0].digest), ("2", lines[1].digest)]
    assert {row["seen_by"] for row in rows} == {""}


def test_windows_reads_its_script_as_utf_8(bundle: Path) -> None:
    assert (bundle / "verification" / "verify.ps1").read_bytes().startswith(b"\xef\xbb\xbf")


def said(script: str, words: dict[str, str]) -> set[tuple[str, str]]:
    """Return the reports of a script for each outcome, without inserted values."""
    found = re.findall(rf'(?<![\w-])({"|".join(words)}) "((?:[^"$]|\$\w+\b)*)', script)
    return {(words[word], re.sub(r"\$\w+", "…", text).partition(":")[0].strip()) for word, text in found}


def test_the_script_for_windows_has_the_same_checks_as_the_shell() -> None:
    """It runs nowhere here. Against the script that does, it is held that each outcome of one is in the other."""
    folder = content_root() / "reports" / "verification"
    windows = (folder / "verify.ps1").read_text(encoding="utf-8-sig")
    shell = (folder / "verify.sh").read_text(encoding="utf-8")
    ours = said(windows, {"Show-Holds": "OK", "Show-Broken": "FAIL", "Show-Open": "?", "Show-Note": "-"})
    theirs = said(shell, {"holds": "OK", "breaks": "FAIL", "unknown": "?", "notes": "-"})
    assert len(theirs) > 20
    assert ours ^ theirs == {
        ("FAIL", "manifests"),  # the other prints which files below
        ("FAIL", "changed or missing / modifié ou manquant"),
    }
    verdicts = [sorted(re.findall(r'said = ?"([^"]+)"', windows)), sorted(re.findall(r'said="(\w[^"]+)"', shell))]
    assert verdicts[0] == verdicts[1] and len(verdicts[0]) == 5
    for script, codes in ((windows, r"\$code = (\d+)"), (shell, r"\bcode=(\d+)")):
        assert set(re.findall(codes, script)) == {"0", "10", "11"}
    assert windows.rstrip().endswith("\nExit-Verdict") and shell.endswith("\nfinish\n")


def test_an_unrelated_folder_is_a_wrong_argument_and_a_remnant_of_a_bundle_does_not_hold(
    bundle: Path, tmp_path: Path
) -> None:
    """All verifiers say the same: nothing was verified, or it does not hold."""
    kept = content_root() / "reports" / "verification" / "verify.sh"
    for left, code in ((None, 2), ("bagit.txt", 10)):
        folder = tmp_path / f"folder-{left}"
        folder.mkdir()
        if left:
            shutil.copy(bundle / left, folder)
        with nullcontext() if left else pytest.raises(UsageError, match="is not an evidence bundle"):
            check_is_bundle(folder)
        assert exit_code(verify(folder, Witnesses())) == 10
        for command in ([sys.executable, "-I", "verification/verify.py"], ["sh", str(kept), "-C"]):
            done = subprocess.run([*command, str(folder)], cwd=bundle, capture_output=True, check=False, timeout=120)
            assert done.returncode == code
            assert (b"evidence bundle" in done.stderr) is not bool(left)


def test_a_folder_of_bundles_is_not_reported_as_a_changed_bundle(bundle: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(bundle, home / "2026-Q4")
    (home / "chain.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="holds evidence bundles and is none itself"):
        check_is_bundle(home)
    check_is_bundle(bundle)


@pytest.mark.parametrize("option", ["--allowed-signers", "--ca", "--previous"])
def test_a_missing_file_is_a_wrong_argument(bundle: Path, option: str) -> None:
    """And nothing is reported about the bundle."""
    commands = [[sys.executable, "-I", "verification/verify.py", ".", option, "none"]]
    place = {"--allowed-signers": ["", "none"], "--ca": ["", "", "none"]}.get(option)
    commands += [["sh", "verification/verify.sh", *place]] if place else []  # it asks for no earlier bundle
    for command in commands:
        assert subprocess.run(command, cwd=bundle, capture_output=True, check=False, timeout=60).returncode == 2
    assert CliRunner().invoke(main, ["verify", str(bundle), option, "none"]).exit_code == 2


def test_an_unsigned_bundle_carries_no_list_of_signers(company: Company) -> None:
    unsigned = company.with_means(signer=None, authority=None)
    plain = unsigned.with_means(verification=type(company.means.verification)({}, "fr"))
    bundle = plain.audit("2026-Q4", now())
    names = {path.name for path in (bundle / "verification").iterdir()}
    assert not names & {"allowed_signers", "tsa-ca.pem"}
    assert not list(bundle.glob("*.sig")) + list(bundle.glob("*.tsr"))
    assert shutil.which("sha256sum")
    assert "not signed" in run(bundle, "sh", "verification/verify.sh")[1]


def test_the_folder_above_the_bundles_is_a_wrong_argument_and_no_alarm(bundle: Path, tmp_path: Path) -> None:
    """It has the chain, and the bundles beside it; an auditor may name it by mistake."""
    above = tmp_path / "evidence"
    (above / "2026-Q4").mkdir(parents=True)
    shutil.copy(bundle / DECLARATION, above / "2026-Q4")
    shutil.copy(bundle / CHAIN, above)
    with pytest.raises(UsageError, match="holds evidence bundles"):
        check_is_bundle(above)
    kept = content_root() / "reports" / "verification" / "verify.sh"
    for command in ([sys.executable, "-I", "verification/verify.py"], ["sh", str(kept), "-C"]):
        done = subprocess.run([*command, str(above)], cwd=bundle, capture_output=True, check=False, timeout=120)
        assert done.returncode == 2 and b"holds evidence bundles" in done.stderr
