"""Audits sealed through the command line: with a key and an authority, without, and when something goes wrong."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from emulator import Emulator
from evidence.company import make_key, signing_of, timestamping
from pipeline.runs import with_few, write_workspace
from preuve.cli.main import main
from preuve.evidence.bag import read_info
from preuve.evidence.runs.file import FileChain
from preuve.evidence.runs.lines import Run, next_line, record
from preuve.evidence.signature import allowed_signers
from preuve.evidence.timestamp import Authority
from preuve.evidence.verifier.chain import CHAIN, Line, read
from preuve.model.errors import PreuveError, UsageError
from preuve.model.layout import CONTENT, RESULTS, SNAPSHOT
from preuve.pipeline.bundle import tag_files
from preuve.pipeline.bundle.seal import explain, explain_gaps
from preuve.pipeline.bundle.verify import language_of
from preuve.pipeline.run.preparation import stored
from preuve.publish.history.page_facts import read_kept
from preuve.snapshot.reader import read_snapshot

WORKSPACE = """schema: 1
organisation: {{name: Try, country: FR, language: en}}
scope: {{iac: [{{path: infra, kind: terraform}}]}}
evidence:
  pseudonym_key: .key/p.key
  signing: {{identity: audit.example.test, public_key: "{public}"}}
  timestamp: {{authority: "{authority}", ca: tsa-ca.pem}}
"""
TERRAFORM = 'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n}\n'
HEAD = re.compile(r"run (\d+) of the chain, head ([0-9a-f]{64})")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with timestamping(tmp_path_factory.mktemp("authority")) as running:
        yield running


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_key(tmp_path_factory.mktemp("key"))


def make_workspace(folder: Path, key: Path, authority: Authority, url: str = "") -> Path:
    (folder / "infra").mkdir(parents=True)
    (folder / "infra" / "main.tf").write_text(TERRAFORM)
    shutil.copy(authority.ca, folder / "tsa-ca.pem")
    public = key.with_suffix(".pub").read_text().strip()
    (folder / "preuve.yaml").write_text(WORKSPACE.format(public=public, authority=url or authority.url))
    return with_few(folder, "s3-encrypted", "s3-versioning")


def preuve(*arguments: object, **environment: str | None) -> Result:
    clean = {"SSH_AUTH_SOCK": None, "PREUVE_SIGNING_KEY": None}
    return CliRunner().invoke(main, [str(item) for item in arguments], env={**clean, **environment})


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, key: Path, authority: Authority) -> tuple[Path, Result]:
    workspace = make_workspace(tmp_path_factory.mktemp("company") / "workspace", key, authority)
    return workspace, preuve("audit", "-w", workspace, "--name", "2026-Q4", PREUVE_SIGNING_KEY=str(key))


def test_an_audit_is_signed_timestamped_and_in_the_chain(sealed: tuple[Path, Result], authority: Authority) -> None:
    workspace, done = sealed
    assert done.exit_code in (0, 11), done.output
    bundle = workspace / "evidence" / "2026-Q4"
    head = HEAD.search(done.stderr)
    assert head
    assert head[1] == "1"
    own = read(bundle / CHAIN).lines[-1]
    assert own.digest == head[2]
    results = (bundle / "data" / "08-machine" / "results.jsonl").read_bytes()
    assert own.data["counts"]["FAIL"] == sum(
        json.loads(line).get("status") == "FAIL" and json.loads(line)["kind"] == "finding"
        for line in results.splitlines()
    )
    checked = preuve("verify", bundle, "--head", head[2], "--ca", authority.ca)
    assert checked.exit_code == 0, checked.output
    assert "The root is signed by audit.example.test" in checked.output
    assert "A timestamp authority saw this root" in checked.output


def otherwise(bundle: Path, again: Path) -> set[str]:
    """Return the files beside the payload that do not follow from it, without judging again."""
    prepared = stored(bundle / SNAPSHOT, bundle / CONTENT)
    workspace, meta = prepared.workspace, read_snapshot(bundle / SNAPSHOT).meta
    time = json.loads((bundle / RESULTS).read_text().splitlines()[0])["now"]
    tag_files.write_verification(bundle, again, workspace.language)
    names = tag_files.verifies(bundle) | tag_files.verifies(again)
    files = {name: [root / name for root in (bundle, again)] for name in names}
    differ = {
        name for name, paths in files.items() if len({path.is_file() and path.read_bytes() for path in paths}) > 1
    }
    return differ | set(tag_files.contradicting_files(bundle, again, workspace, meta, time, read_kept(bundle).sealing))


def test_files_beside_the_payload_are_reproduced_and_compared_too(sealed: tuple[Path, Result], tmp_path: Path) -> None:
    """A script that finds nothing, a weaker witness, a date, a key: after a new seal, no hash reveals them."""
    bundle = tmp_path / "2026-Q4"
    shutil.copytree(sealed[0] / "evidence" / "2026-Q4", bundle)
    assert otherwise(bundle, tmp_path / "again") == set()
    (bundle / "verification" / "allowed_signers").write_text(allowed_signers(signing_of(make_key(tmp_path))))
    (bundle / "verification" / "verify.sh").write_text("exit 0\n")
    (bundle / "verification" / "verifier" / "more.py").write_text("")
    with (bundle / "verification" / "witnesses.csv").open("a") as file:
        file.write("1;audit;;;;;;\r\n")
    info = (bundle / "bag-info.txt").read_text()
    said = re.sub("(?s)(Retention-Until): (....)(.*)", r"\1: 2099\3\1: \2\3", info)  # and the right one after it
    (bundle / "bag-info.txt").write_text(said)
    line = (bundle / CHAIN).read_text()
    (bundle / CHAIN).write_text(line.replace('"period":"2026-Q4"', '"period":"2026-Q3"'))
    names = ("allowed_signers", "verifier/more.py", "verify.sh", "witnesses.csv")
    forged = {"bag-info.txt", CHAIN, *(f"verification/{name}" for name in names)}
    assert otherwise(bundle, tmp_path / "forged") == forged
    done = preuve("assess", "--bundle", bundle, "--previous", sealed[0] / "evidence" / "2026-Q4")
    assert done.exit_code == 10
    assert "The history does not name the run of 2026-Q4" in done.output
    assert {
        name for name, _, said in (line.partition(" ") for line in done.output.splitlines()) if said == "differs"
    } == (forged)
    assert "The public key and the certificate in verification/" in done.output


def test_any_file_below_the_payload_that_nobody_made_again_is_told(sealed: tuple[Path, Result], tmp_path: Path) -> None:
    """In every folder, those of the content that a workspace adds included: only what the library reads lies there."""
    bundle = tmp_path / "2026-Q4"
    shutil.copytree(sealed[0] / "evidence" / "2026-Q4", bundle)
    own = bundle / CONTENT / "workspace"
    read = own / "policies" / "s3" / "ours.yaml"
    for folder in (own / "controls" / "iso27001-2022", read.parent, own / "scanners" / "iac" / "examples", own / "x"):
        folder.mkdir(parents=True)
    (own / "scanners" / "checks.yaml").write_text("{}\n")
    folders = [path for path in (bundle / "data", *(bundle / "data").rglob("*")) if path.is_dir()]
    for folder in folders:
        (folder / "note.html").write_text("<p>all is well")
        (folder / ".note").write_text("all is well")
    done = preuve("assess", "--bundle", bundle)
    assert done.exit_code == 10, done.output
    paths = [(folder / name).relative_to(bundle).as_posix() for folder in folders for name in ("note.html", ".note")]
    snapshot = f"{SNAPSHOT}/"
    names = [path.removeprefix(snapshot).removeprefix(f"{CONTENT}/") for path in paths]
    told = " ".join(done.output.split())
    assert [name for name in names if f"{name} " not in told and f"{name}. " not in told] == []
    assert "checks.yaml. Do not rely on it" not in told, "what is read is no stray"


def test_the_first_page_names_the_signer(sealed: tuple[Path, Result]) -> None:
    page = (sealed[0] / "evidence" / "2026-Q4" / "README.html").read_text()
    assert "Signed by audit.example.test" in page
    assert "SHA256:" in page


def test_a_private_key_in_the_workspace_is_refused_before_the_run(
    sealed: tuple[Path, Result], key: Path, tmp_path: Path
) -> None:
    workspace = sealed[0]
    shutil.copy(key, workspace / "key")
    before = sorted(path.name for path in (workspace / "evidence").iterdir())
    result = preuve("audit", "-w", workspace, "--signing-key", workspace / "key")
    assert isinstance(result.exception, UsageError)
    assert "lies in the workspace" in str(result.exception)
    other = preuve("audit", "-w", workspace, "--signing-key", make_key(tmp_path))
    assert "is not that of evidence.signing" in str(other.exception)
    assert sorted(path.name for path in (workspace / "evidence").iterdir()) == before


def test_without_a_key_and_an_authority_the_audit_closes_with_a_notice(
    tmp_path: Path, key: Path, authority: Authority
) -> None:
    workspace = make_workspace(tmp_path / "workspace", key, authority, url="http://127.0.0.1:9")
    done = preuve("audit", "-w", workspace, "--name", "2026-Q4")
    assert done.exit_code in (0, 11), done.output
    bundle = workspace / "evidence" / "2026-Q4"
    assert "the bundle is not signed: there is no private key" in done.stderr
    assert "the bundle has no timestamp" in done.stderr
    assert "Not signed: nothing shows who closed this bundle." in (bundle / "README.html").read_text()
    assert not list(bundle.glob("tagmanifest-sha256.txt.*"))
    settings = (workspace / "preuve.yaml").read_text().replace("http://127.0.0.1:9", authority.url)
    (workspace / "preuve.yaml").write_text(settings)
    assert preuve("seal", bundle, "--timestamp", "-w", workspace).exit_code == 0
    checked = preuve("verify", bundle, "--language", "fr")
    assert checked.exit_code == 11
    assert "Une autorité d'horodatage a vu cette racine" in checked.output
    assert "Le dossier n'est pas signé" in checked.output


def check_catalogue(bundle: Path, forged: Path) -> None:
    """Equal bytes from another catalogue count only if the catalogue is that of the version."""
    assert preuve("assess", "--bundle", bundle).exit_code == 0
    shutil.copytree(bundle, forged)
    names = ("controls/planned.yaml", "scanners/identities.yaml")
    for name in names:
        with (forged / CONTENT / name).open("a") as file:
            file.write("# reviewed\n")
    assert preuve("assess", "--bundle", forged, "--output", forged.with_name("again")).exit_code == 10
    shutil.copytree(forged.with_name("again"), forged, dirs_exist_ok=True)
    done = preuve("assess", "--bundle", forged)
    assert done.exit_code == 10
    assert "Identical: " in done.output and "\nThese verdicts come from a modified catalogue" in done.output
    assert [line.strip() for line in done.output.splitlines() if line.endswith(names)] == list(names)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("preuve.__version__", "9.9.9")
        done = preuve("assess", "--bundle", forged)
        assert done.exit_code == 11, done.output
        assert "(verification/) was not compared: it comes from preuve" in done.output


def test_a_tryout_is_never_sealed(tmp_path: Path, key: Path, authority: Authority) -> None:
    """From the first page to every command that would pass it on; committed, the same workspace gives evidence."""
    workspace = make_workspace(tmp_path / "workspace", key, authority)
    git = ["git", "-C", str(workspace), "-c", "user.name=test", "-c", "user.email=test@example.test"]
    (workspace / ".gitignore").write_text(".key/\nevidence/\n")
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "x"]):
        subprocess.run([*git, *command], check=True, timeout=60)
    (workspace / "infra" / "main.tf").write_text(TERRAFORM.replace("logs", "traces"))
    done = preuve("audit", "-w", workspace, "--name", "2026-Q4", "--signing-key", key)
    assert done.exit_code in (0, 11), done.output
    assert "this is a try-out, and is never sealed" in done.stderr
    assert "files differ from the last commit: infra/main.tf" in done.stderr
    home = workspace / "evidence"
    bundle = home / "try-outs" / "2026-Q4"
    assert [path.name for path in home.iterdir()] == ["try-outs"], "no chain, no bundle"
    assert not [path for path in bundle.iterdir() if path.suffix in (".sig", ".tsr") or path.name == CHAIN]
    assert "This is a try-out" in (bundle / "README.html").read_text()
    assert read_info(bundle)["Try-Out"] == "true"
    record = json.loads((bundle / "data/08-machine/records/s3-encrypted.iac.json").read_text())
    assert (record["run"]["kind"], record["run"]["dirty"]) == ("tryout", True)
    checked = preuve("verify", bundle)
    assert checked.exit_code == 11
    assert "is in no chain of runs" in checked.output
    check_catalogue(bundle, tmp_path / "forged")
    passed_on = (
        preuve("seal", bundle, "-w", workspace, "--signing-key", key),
        preuve("export", bundle, tmp_path / "x.zip"),
    )
    assert ["is a try-out" in str(done.exception) for done in passed_on] == [True] * 2, passed_on

    subprocess.run([*git, "commit", "--quiet", "-am", "y"], check=True, timeout=60)
    done = preuve("audit", "-w", workspace, "--name", "2026-Q4", "--signing-key", key)
    head = HEAD.search(done.stderr)
    assert head and head[1] == "1", done.output
    assert preuve("verify", home / "2026-Q4", "--head", head[2]).exit_code == 0
    record = json.loads((home / "2026-Q4/data/08-machine/records/s3-encrypted.iac.json").read_text())
    assert "previous_run" not in record["history"], "a try-out is no earlier audit"


def test_an_audit_without_its_bundle_is_an_explained_gap(
    tmp_path: Path, key: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails at the renaming, when the line is in the chain."""
    workspace = make_workspace(tmp_path / "workspace", key, authority)
    append = FileChain.append

    def and_then_the_disk_fails(self: FileChain, seen: object, line: Line) -> bool:
        added = append(self, seen, line)  # type: ignore[arg-type]
        if line.data["kind"] == "audit":
            (self.folder / "2026-Q4").mkdir()
        return added

    monkeypatch.setattr(FileChain, "append", and_then_the_disk_fails)
    failed = preuve("audit", "-w", workspace, "--name", "2026-Q4")
    assert isinstance(failed.exception, PreuveError)
    lines = read(workspace / "evidence" / CHAIN).lines
    assert [line.data["kind"] for line in lines] == ["audit", "interrupted"]
    assert lines[1].data["of"] == 1
    assert not list((workspace / "evidence").glob(".incomplete-*"))


# ---- gaps that a killed run leaves --------------------------------------------------------------------------------

RUN = Run("audit", "2026-11-24T12:00:00Z", "2026-Q4")


def killed(home: FileChain, *, appended: bool) -> Path:
    """Return the remains of a killed run whose line is in its own bundle, and in the chain or not yet."""
    seen = home.read()
    line = next_line(seen, RUN)
    left = home.folder / ".incomplete-2026-Q4"
    left.mkdir(parents=True)
    (left / CHAIN).write_bytes(b"".join(item.raw for item in (*seen.lines, line)))
    if appended:
        assert home.append(seen, line)
    return left


def test_a_run_killed_after_adding_its_line_is_explained_once(tmp_path: Path) -> None:
    home = FileChain(tmp_path)
    record(home, RUN)
    killed(home, appended=True)
    record(home, RUN)
    assert list(explain_gaps(home, tmp_path)) == [2]
    assert list(explain_gaps(home, tmp_path)) == []
    lines = read(tmp_path / CHAIN).lines
    assert [line.data.get("of") for line in lines] == [None, None, None, 2]


def test_a_run_killed_before_adding_its_line_leaves_no_gap(tmp_path: Path) -> None:
    home = FileChain(tmp_path)
    killed(home, appended=False)
    assert list(explain_gaps(home, tmp_path)) == []
    assert not (tmp_path / CHAIN).exists()


def test_a_line_of_another_chain_is_not_explained(tmp_path: Path) -> None:
    home, other = FileChain(tmp_path / "one"), FileChain(tmp_path / "other")
    record(home, RUN)
    assert not explain(home, record(other, RUN))


# ---- scans --------------------------------------------------------------------------------------------------------


def test_a_scan_of_the_account_is_a_run_of_the_chain(emulator: Emulator, tmp_path: Path) -> None:
    workspace = with_few(write_workspace(tmp_path, emulator.endpoint), "s3-encrypted", "iam-root-mfa")
    assert preuve("scan", "aws", "-w", workspace, "--framework", "gdpr", "--record").exit_code != 0
    done = preuve("scan", "aws", "-w", workspace, "--record", "--output", tmp_path / "results")
    head = HEAD.search(done.stderr)
    assert head, done.output
    (line,) = read(workspace / "evidence" / CHAIN).lines
    assert (line.data["kind"], line.digest) == ("scan", head[2])
    assert line.data["results"] == hashlib.sha256((tmp_path / "results" / "results.jsonl").read_bytes()).hexdigest()


def test_an_unrelated_folder_is_a_wrong_argument(tmp_path: Path) -> None:
    result = preuve("verify", tmp_path)
    assert isinstance(result.exception, UsageError)
    assert "is not an evidence bundle" in str(result.exception)


@pytest.mark.parametrize("left", ["manifest-sha256.txt", "chain.jsonl", "verification"])
def test_a_remnant_of_a_bundle_does_not_hold(tmp_path: Path, left: str) -> None:
    (tmp_path / left).write_text("")
    assert preuve("verify", tmp_path).exit_code == 10


@pytest.mark.parametrize("head", ["5d0c", "g" * 64])
def test_half_a_head_is_refused(sealed: tuple[Path, Result], head: str) -> None:
    result = preuve("verify", sealed[0] / "evidence" / "2026-Q4", "--head", head)
    assert result.exit_code == 2
    assert "64 hexadecimal digits" in result.output


# ---- sealed by another process than the one that reads the account --------------------------------------------------


@pytest.fixture(scope="module")
def unsealed(tmp_path_factory: pytest.TempPathFactory, key: Path, authority: Authority) -> tuple[Path, Path]:
    workspace = make_workspace(tmp_path_factory.mktemp("company") / "workspace", key, authority)
    done = preuve("audit", "-w", workspace, "--name", "2026-Q4", "--no-seal", "-o", workspace.parent / "unsealed")
    assert "is not sealed yet" in done.stderr, done.output
    return workspace, workspace.parent / "unsealed" / "2026-Q4"


def test_a_bundle_that_is_not_sealed_speaks_its_language_and_shows_nothing_of_others(
    unsealed: tuple[Path, Path], sealed: tuple[Path, Result], tmp_path: Path
) -> None:
    french = tmp_path / "2026-Q4"
    shutil.copytree(unsealed[1] / "data/08-machine/snapshot", french / "data/08-machine/snapshot")
    told = french / SNAPSHOT / "workspace.json"
    told.write_text(json.dumps({**json.loads(told.read_text()), "language": "fr"}))
    assert (language_of(unsealed[1]), language_of(french)) == ("en", "fr")
    bundle = sealed[0] / "evidence" / "2026-Q4"
    checked = preuve("verify", bundle, "--previous", unsealed[1])
    assert checked.exit_code == 11 and "proves nothing: it was not sealed" in checked.stdout
    listed = preuve("diff", unsealed[1], bundle)
    assert listed.exit_code == 0 and "is not sealed" in listed.stderr


def test_a_bundle_without_a_seal_is_not_written_where_the_sealed_ones_lie(
    unsealed: tuple[Path, Path], key: Path
) -> None:
    for output in ([], ["-o", unsealed[0] / "evidence"]):
        done = preuve("audit", "-w", unsealed[0], "--no-seal", *output)
        assert "needs a folder of its own" in str(done.exception)
    done = preuve("seal", unsealed[1], "-w", unsealed[0], "-o", unsealed[1].parent, "--signing-key", key)
    assert "where the sealed bundle belongs" in str(done.exception)


def test_the_holder_of_the_key_seals_without_access_to_the_account(
    unsealed: tuple[Path, Path], key: Path, tmp_path: Path, authority: Authority
) -> None:
    workspace, bundle = unsealed
    assert not (bundle / CHAIN).exists()
    assert not (bundle.parent / CHAIN).exists()
    before = {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    done = preuve("seal", bundle, "-w", workspace, "-o", tmp_path, "--signing-key", key)
    head = HEAD.search(done.stdout)
    assert head, done.output
    assert {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()} == before
    sealed = tmp_path / "2026-Q4"
    assert preuve("verify", sealed, "--head", head[2], "--ca", authority.ca).exit_code == 0
    assert "Signed by audit.example.test" in (sealed / "README.html").read_text()
    assert read(tmp_path / CHAIN).lines[0].data["counts"] == read(sealed / CHAIN).lines[0].data["counts"] != {}
    again = preuve("seal", bundle, "-w", workspace, "-o", tmp_path, "--signing-key", key)
    assert "exists" in str(again.exception)
    twice = preuve("seal", sealed, "-w", workspace, "-o", tmp_path / "other", "--signing-key", key)
    assert "is sealed" in str(twice.exception)


def test_a_bundle_that_names_a_signer_needs_the_key_to_be_sealed(unsealed: tuple[Path, Path], tmp_path: Path) -> None:
    workspace, bundle = unsealed
    done = preuve("seal", bundle, "-w", workspace, "-o", tmp_path)
    assert "cannot be signed" in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_changed_bundle_or_one_of_another_commit_is_not_sealed(
    unsealed: tuple[Path, Path], key: Path, tmp_path: Path
) -> None:
    workspace, bundle = unsealed
    changed = shutil.copytree(bundle, tmp_path / "2026-Q4")
    (changed / "README.html").write_text("<p>all is well")
    done = preuve("seal", changed, "-w", workspace, "-o", tmp_path / "evidence", "--signing-key", key)
    assert "has changed since it was closed" in str(done.exception)
    elsewhere = shutil.copytree(workspace, tmp_path / "elsewhere")
    git = ["git", "-C", str(elsewhere), "-c", "user.name=test", "-c", "user.email=test@example.test"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "x"]):
        subprocess.run([*git, *command], check=True, timeout=60)
    done = preuve("seal", bundle, "-w", elsewhere, "-o", tmp_path / "evidence", "--signing-key", key)
    assert "rests on a commit other than" in str(done.exception)
