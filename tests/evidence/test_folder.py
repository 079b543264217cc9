"""The evidence folder: numbered, whole or not there, never touched again, and enough to judge again."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import bagit
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content_copy import bundled
from preuve.evidence.closing import NoSeal, close
from preuve.evidence.folder import OWN, OpenBundle, evidence_folder, keep_content, period
from preuve.library.load import load_library
from preuve.model.content import Library
from preuve.model.errors import PreuveError
from preuve.publish.words.errors import shown
from preuve.publish.words.locale import load_locale
from preuve.system.folders import leftovers
from preuve.system.manifests import CHAIN

ROOT = Path(__file__).parents[2]


def write(home: Path, covered: str = "2026-Q4", *, sealed: bool = True) -> OpenBundle:
    """Return a closed bundle whose first page has its name."""
    with evidence_folder(home, covered) as begun:
        (begun.folder / "data").mkdir()
        (begun.folder / "README.html").write_text(begun.name)
        if sealed:
            (begun.folder / CHAIN).write_text("{}\n")
        close(begun.folder, [], NoSeal())
    return begun


def quick(home: Path) -> str:
    """Write a bundle of one page, and return its name."""
    with evidence_folder(home, "2026-Q4") as begun:
        (begun.folder / "README.html").write_text(begun.name)
    return begun.name


def test_bundles_whose_folder_is_a_file_are_refused_at_once(tmp_path: Path) -> None:
    for home in (tmp_path / "file", tmp_path / "link"):
        if home.name == "file":
            home.write_text("x")
        else:
            home.symlink_to("nowhere")
        with pytest.raises(PreuveError, match="could not be written"):
            quick(home)


def content(home: Path) -> dict[str, str]:
    """The first pages of the bundles."""
    return {path.parent.name: path.read_text() for path in home.glob("*/README.html")}


@pytest.mark.parametrize(
    ("month", "day", "name"), [(1, 1, "2026-Q1"), (3, 31, "2026-Q1"), (4, 1, "2026-Q2"), (12, 31, "2026-Q4")]
)
def test_a_period_is_a_quarter(month: int, day: int, name: str) -> None:
    assert period(datetime(2026, month, day, 23, 59, tzinfo=UTC)) == name


def test_bundles_of_a_period_are_numbered_and_name_the_previous_one(tmp_path: Path) -> None:
    begun = [write(tmp_path / "evidence") for _ in range(3)]
    assert [item.name for item in begun] == ["2026-Q4", "2026-Q4.2", "2026-Q4.3"]
    assert [item.previous for item in begun] == ["", "2026-Q4", "2026-Q4.2"]
    assert content(tmp_path / "evidence") == {item.name: item.name for item in begun}


@pytest.mark.parametrize("here", [(), (1,), (2,), (1, 2), (3,), (1, 2, 3)])
def test_a_name_that_an_audit_of_the_chain_has_is_not_given_again(tmp_path: Path, here: tuple[int, ...]) -> None:
    """Its bundle may have been moved away; the previous one is the last that is here."""
    begun = [write(tmp_path / "all") for _ in range(3)]
    (tmp_path / "here").mkdir()
    for number in here:
        shutil.move(tmp_path / "all" / begun[number - 1].name, tmp_path / "here")
    with evidence_folder(tmp_path / "here", "2026-Q4", 3) as found:
        (found.folder / "README.html").write_text("")
    assert found.name == "2026-Q4.4"
    assert found.previous == (begun[here[-1] - 1].name if here else "")


def test_a_bundle_that_is_not_sealed_is_no_previous_one(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, sealed=False)
    assert write(tmp_path).previous == "2026-Q4"


def test_two_concurrent_audits_do_not_collide(tmp_path: Path) -> None:
    with evidence_folder(tmp_path, "2026-Q4") as first, evidence_folder(tmp_path, "2026-Q4") as second:
        assert (first.name, second.name) == ("2026-Q4", "2026-Q4.2")
        assert leftovers(tmp_path) == []  # both are alive
        (second.folder / "README.html").write_text("second")
        (first.folder / "README.html").write_text("first")
    assert content(tmp_path) == {"2026-Q4": "first", "2026-Q4.2": "second"}


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns after every few steps, so that what can come between two of them does."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hasty")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(2, 8), st.integers(0, 8))
def test_many_concurrent_audits_each_get_a_bundle(running: int, waiting: int) -> None:
    with TemporaryDirectory() as home, ThreadPoolExecutor(running) as pool:
        names = list(pool.map(lambda _: quick(Path(home)), range(running + waiting)))
        assert len(set(names)) == running + waiting
        assert content(Path(home)) == {name: name for name in names}


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir])
def test_an_existing_file_or_folder_of_the_name_is_not_changed(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "2026-Q4")
    begun = write(tmp_path)
    assert (begun.name, begun.previous) == ("2026-Q4.2", "")  # the existing one is no bundle
    assert not (tmp_path / "2026-Q4").is_dir() or not list((tmp_path / "2026-Q4").iterdir())


def test_a_folder_created_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(PreuveError, match="File exists"), evidence_folder(tmp_path, "2026-Q4"):
        (tmp_path / "2026-Q4").mkdir()
    assert [path.name for path in tmp_path.iterdir()] == ["2026-Q4"]
    assert list((tmp_path / "2026-Q4").iterdir()) == []


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_interruption_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), evidence_folder(tmp_path, "2026-Q4") as begun:
        (begun.folder / "data").mkdir()
        assert not (tmp_path / "2026-Q4").exists()
        raise error
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_reported_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(PreuveError, match="No space left on device") as caught, evidence_folder(tmp_path, "x"):
        raise OSError(28, "No space left on device")
    assert "disk" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


EVIDENCE = """\
schema: 1
content_version: "1.0.0"
effective_date: "2026-01-01"
catalogues: {gdpr: "1.0.0"}
changelog: [{version: "1.0.0", date: "2026-01-01", author: me, change: {en: x, fr: x}}]
evidence:
  - id: OWN-01
    title: {en: Ours, fr: Le nôtre}
    template: own
    controls: [GDPR.5.2]
    auditor_expects: {en: x, fr: x}
    cadence: yearly
    freshness_days: 400
    owner_role: ciso
"""


def without_examples(library: Library) -> Library:
    """The content as it judges: examples prove it and are not kept."""
    policies = {name: replace(item, examples=()) for name, item in library.policies.items()}
    rules = {name: replace(item, examples=frozenset()) for name, item in library.code_rules.items()}
    return replace(library, policies=policies, code_rules=rules)


def test_a_disk_that_refuses_many_files_is_reported_in_one_line(tmp_path: Path) -> None:
    each = [(f"/content/{n}.yaml", f"/folder/{n}.yaml", "[Errno 28] No space left on device") for n in range(500)]
    with pytest.raises(PreuveError) as refused, evidence_folder(tmp_path, "2026-Q4"):
        raise shutil.Error(each)
    assert "No space left on device" in str(refused.value) and len(str(refused.value)) < 200
    assert "MB free at" in refused.value.hint


@pytest.mark.parametrize(
    ("number", "told", "hint"),
    [
        (
            errno.EROFS,
            "système de fichiers en lecture seule",
            "evidence.folder",
        ),
        (errno.EACCES, "accès refusé", "evidence.folder"),
        (errno.ENOSPC, "plus d'espace disque", "Mo libres"),
        (errno.EIO, "erreur d'entrée-sortie", "vérifiez le disque"),
    ],
)
def test_what_to_do_depends_on_how_the_disk_refuses(tmp_path: Path, number: int, told: str, hint: str) -> None:
    with pytest.raises(PreuveError) as refused, evidence_folder(tmp_path, "2026-Q4"):
        raise OSError(number, os.strerror(number), "x")
    message, advice = shown(refused.value, load_locale("fr"))
    assert message.endswith(told) and hint in advice
    assert ("Mo libres" in advice) is (number == errno.ENOSPC)


def test_the_kept_content_is_the_content_that_judged(tmp_path: Path) -> None:
    workspace, kept = tmp_path / "workspace", tmp_path / "kept"
    (workspace / "controls").mkdir(parents=True)
    (workspace / "controls/evidence.yaml").write_text(EVIDENCE, encoding="utf-8")
    (workspace / "preuve.yaml").write_text("secret: stays")
    keep_content(kept, workspace)
    before, after = load_library(workspace), load_library(kept / OWN, root=kept)
    assert "OWN-01" in after.evidence and "GOV-01" in after.evidence
    assert without_examples(after) == without_examples(before)
    assert without_examples(after).policies == without_examples(bundled()).policies
    assert not list(kept.rglob("preuve.yaml"))


# ---- killed at any moment ------------------------------------------------------------------------------------------

# The audit's last steps in a process of their own, which kills itself at the n-th call that changes a file.
CLOSES = """\
import os, signal, sys
from pathlib import Path
from preuve.evidence.closing import NoSeal, close
from preuve.evidence.folder import evidence_folder
from preuve.system.folders import remove_leftovers

home, left = Path(sys.argv[1]), int(sys.argv[2])

def hook(event, arguments):
    global left
    changes = event in ("os.mkdir", "os.rename", "os.rmdir") or (event == "open" and arguments[1] == "w")
    if changes and str(home) in str(arguments[0]):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
print([path.name for path in remove_leftovers(home)])
with evidence_folder(home, "2026-Q4") as begun:
    (begun.folder / "data").mkdir()
    (begun.folder / "data" / "results.jsonl").write_text("{}")
    (begun.folder / "README.html").write_text(begun.name)
    close(begun.folder, [], NoSeal())
"""


def closes(home: Path, steps: int) -> subprocess.CompletedProcess[str]:
    """Closes a bundle in `home`, and is killed after so many steps."""
    command = [sys.executable, "-c", CLOSES, str(home), str(steps)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_a_process_killed_at_any_step_leaves_a_whole_bundle_or_none(tmp_path: Path) -> None:
    killed = 0
    for steps in range(30):
        home = tmp_path / str(steps)
        done = closes(home, steps)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        killed += done.returncode != 0
        for bundle in home.glob("[!.]*"):
            bagit.Bag(str(bundle)).validate()
        if done.returncode == 0:
            break
        left = [path.name for path in home.glob(".incomplete-*")]
        again = closes(home, 1000)
        assert again.stdout.strip() == str(left)  # the next run reports the remains …
        assert again.returncode == 0
        assert sorted(path.name for path in home.iterdir()) == ["2026-Q4"]  # … and nothing of it is left
    assert killed >= 8, "the home, the folder, two of the payload, four of the bag, the name"
    assert done.returncode == 0


def test_a_closed_bundle_survives_a_killed_second_audit_byte_by_byte(tmp_path: Path) -> None:
    assert closes(tmp_path, 1000).returncode == 0
    before = {path: path.read_bytes() for path in (tmp_path / "2026-Q4").rglob("*") if path.is_file()}
    assert closes(tmp_path, 5).returncode == -signal.SIGKILL
    assert closes(tmp_path, 1000).returncode == 0
    assert {path: path.read_bytes() for path in (tmp_path / "2026-Q4").rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-Q4", "2026-Q4.2"]
