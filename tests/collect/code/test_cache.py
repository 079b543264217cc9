"""Results of earlier scans: used only if nothing that they depend on has changed, and always checked."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from collect.code.conftest import CHECKS, FIXTURES, ROOTS, Scan, volume, write
from preuve.collect.code import IacJob, scan
from preuve.collect.code.files.modules import Call, Folder, folder_from_json, reach
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.run.reuse import Result, Reuse
from preuve.collect.code.run.store import Store
from preuve.collect.code.run.units import Unit
from preuve.model.company.code import IacRoot
from preuve.model.errors import UsageError
from preuve.model.progress import Step

FILES = {
    "infra/a/main.tf": 'module "disk" {\n  source = "../../modules/disk"\n}\n',
    "infra/b/main.tf": volume("b", "true"),
    "modules/disk/main.tf": volume("disk"),
}
RECORD = {
    "kind": "record",
    "root": "infra/b",
    "address": "aws_ebs_volume.b",
    "type": "aws_ebs_volume",
    "file": "infra/b/main.tf",
    "line": 1,
    "end_line": 4,
    "check": "CKV_AWS_3",
    "result": "PASSED",
    "keys": [],
    "detail": "",
    "tags": None,
}


class Cached:
    """A workspace and a cache, and what a scan of it evaluated."""

    def __init__(self, folder: Path) -> None:
        self.base = folder / "workspace"
        self.cache = folder / "cache"
        self._folder = folder
        self._runs = 0
        write(self.base, FILES.items())
        self.job = IacJob(self.base, (IacRoot("infra", "terraform"),), CHECKS)

    def scan(self, job: IacJob | None = None, *, cache: bool = True) -> tuple[Scan, list[str]]:
        """Return the results of a scan, and the roots that it evaluated."""
        self._runs += 1
        folder = self._folder / f"snapshot-{self._runs}"
        evaluated: list[str] = []

        def progress(step: Step, done: int = 0, total: int = 0) -> None:
            if step.code == "root":
                evaluated.append(str(step.values["root"]))

        found = scan(job or self.job, folder, cache=self.cache if cache else None, progress=progress)
        return Scan(folder, found), sorted(evaluated)

    def entries(self) -> list[Path]:
        return [path for path in self.cache.rglob("*") if path.is_file()]


@pytest.fixture
def cached(tmp_path: Path) -> Cached:
    return Cached(tmp_path)


def test_unchanged_code_is_not_evaluated_again_and_gives_the_same_lines(tmp_path: Path) -> None:
    first, second = (
        Scan(tmp_path / name, scan(IacJob(FIXTURES, ROOTS, CHECKS), tmp_path / name, cache=tmp_path / "cache"))
        for name in ("first", "second")
    )
    assert second.files() == first.files()
    assert (first.summary.cached, second.summary.cached) == (0, 11)
    assert replace(second.summary, cached=0, written=()) == replace(first.summary, written=())


def test_a_change_costs_only_the_roots_that_it_affects(cached: Cached) -> None:
    assert cached.scan()[1] == ["infra/a", "infra/b"]
    assert cached.scan()[1] == []
    write(cached.base, [("modules/disk/main.tf", volume("disk", "true"))])
    found, evaluated = cached.scan()
    assert evaluated == ["infra/a"]
    assert found.record("infra/a", "module.disk.aws_ebs_volume.disk", "CKV_AWS_3")["result"] == "PASSED"


ASKING = {
    "exists": 'fileexists("${path.module}/../../config/open") ? false : true',
    "read": 'can(file("../../config/open")) ? false : true',
    "behind a link": 'fileexists("${path.module}/../../link/../config/open") ? false : true',
    "no name of a file": 'fileexists("../../config/open") || fileexists("a\\u0000b") ? false : true',
}


@pytest.mark.parametrize("asking", ASKING.values(), ids=ASKING)
def test_a_file_that_was_not_there_is_noticed_when_it_comes_and_when_it_goes(cached: Cached, asking: str) -> None:
    write(cached.base, [("infra/b/main.tf", volume("b", asking)), ("config/other", ""), ("lib/x", "")])
    (cached.base / "link").symlink_to("lib")
    without, evaluated = cached.scan()
    assert "infra/b" in evaluated
    assert cached.scan()[1] == []
    write(cached.base, [("config/open", "0.0.0.0/0")])
    found, evaluated = cached.scan()
    assert evaluated == ["infra/b"]
    assert found.files() == cached.scan(cache=False)[0].files()
    (cached.base / "config" / "open").unlink()
    assert cached.scan()[0].files() == without.files()


CHANGES: dict[str, Callable[[Path], object]] = {
    "a variable file": lambda base: write(base, [("infra/b/terraform.tfvars", "x = 1\n")]),
    "an override": lambda base: write(base, [("infra/b/b_override.tf", volume("b"))]),
    "a file of OpenTofu": lambda base: write(base, [("infra/b/main.tofu", volume("b"))]),
    "a file that is gone": lambda base: (base / "infra/b/main.tf").rename(base / "infra/b/other.tf"),
    "a file that cannot be read": lambda base: write(base, [("infra/b/more.tf", b"\xff")]),
    "a file that was opened": lambda base: write(base, [("infra/b/policy.json", "{}")]),
    "a plan": lambda base: write(base, [("ci/b.json", "{}")]),
    "a folder that was missing": lambda base: write(base, [("infra/b/gone/main.tf", volume())]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_any_relevant_file_is_noticed(tmp_path: Path, change: Callable[[Path], object]) -> None:
    base = tmp_path / "workspace"
    write(base, [*FILES.items(), ("infra/b/policy.json", "[]")])
    write(base, [("infra/b/call.tf", 'module "gone" {\n  source = "./gone"\n}\n')])
    _, unit = _kept(base, tmp_path / "cache")
    assert _reuse(base, tmp_path / "cache").result(unit(base)) is not None
    change(base)
    assert _reuse(base, tmp_path / "cache").result(unit(base)) is None


@pytest.mark.parametrize("name", ["infra/b/main.tf", "infra/b/policy.json"])
def test_a_result_is_not_kept_if_a_file_changed_meanwhile(tmp_path: Path, name: str) -> None:
    base, cache = tmp_path / "workspace", tmp_path / "cache"
    write(base, [*FILES.items(), ("infra/b/policy.json", "[]")])
    result, unit = _kept(base, tmp_path / "other")
    reuse, begun = _reuse(base, cache), time.time_ns()
    before = (base / name).read_bytes()
    while (base / name).stat().st_ctime_ns <= begun:  # a file system measures milliseconds at best
        (base / name).write_bytes(b"another")
        (base / name).write_bytes(before)
    reuse.keep(unit(base), result, ["infra/b/policy.json"])
    assert _reuse(base, cache).result(unit(base)) is None


def _reuse(base: Path, cache: Path) -> Reuse:
    return Reuse(Store(cache), IacJob(base, (IacRoot("infra", "terraform"),), CHECKS), Sources(base))


def _kept(base: Path, cache: Path) -> tuple[Result, Callable[[Path], Unit]]:
    """A result that was kept for infra/b, and how to make the unit that it is of."""
    calls = (Call("gone", "./gone", base / "infra/b/call.tf", 1),)

    def unit(base: Path) -> Unit:
        class Folders:
            sources = Sources(base)

            def at(self, path: Path) -> Folder:
                files = tuple(sorted(path.glob("*.tf")))
                return Folder(path, files, calls=calls if path == base / "infra/b" else ())

        return Unit("terraform", "infra/b", reach=reach(Folders(), base / "infra/b"), plan="ci/b.json")

    root = {"kind": "root", "root": "infra/b", "framework": "terraform", "files": 1, "resources": 0, "types": {}}
    result = Result([root], {"checkov": "3", "unknown_checks": []})
    _reuse(base, cache).keep(unit(base), result, ["infra/b/policy.json"])
    return result, unit


def test_other_checks_have_other_entries(cached: Cached) -> None:
    cached.scan()
    fewer = replace(cached.job, checks=frozenset({"CKV2_AWS_2"}))
    found, evaluated = cached.scan(fewer)
    assert evaluated == ["infra/a", "infra/b"]
    assert {line["check"] for line in found.lines if line["kind"] == "record"} <= {"CKV2_AWS_2"}


def test_a_copy_of_the_workspace_uses_the_same_entries(cached: Cached, tmp_path: Path) -> None:
    cached.scan()
    cached.base = cached.base.rename(tmp_path / "elsewhere")
    assert cached.scan(replace(cached.job, base=cached.base))[1] == []


def _as_entry(entry: object) -> bytes:
    text = json.dumps(entry).encode()
    return sha256(text).hexdigest().encode() + text


def _twisted_records() -> list[dict[str, object]]:
    changes: list[dict[str, object]] = [
        {"result": "COMPLIANT"},
        {"result": ["PASSED"]},
        {"tags": "all"},
        {"line": True},
        {"line": -1},
        {"kinds": "x"},
        {"kind": "verdict"},
        {"suppressed": 1},
        {"values": {"a": None}},
        {"called_from": [["module.a", "main.tf", "1"]]},
        {"called_from": [["module.a"]]},
        {"at": "elsewhere:1"},
    ]
    lacking = ({name: value for name, value in RECORD.items() if name != left} for left in ("kind", "check"))
    return [*({**RECORD, **change} for change in changes), *lacking]


def _twisted(raw: bytes) -> list[bytes]:
    """Return damaged and forged forms of an entry; a forged one has a valid checksum."""
    entry = json.loads(raw[64:])
    root = entry["lines"][0]["root"]
    forged = [
        {},
        None,
        [entry],
        {**entry, "lines": []},
        {**entry, "lines": [{**line, "root": "other"} for line in entry["lines"]]},
        {**entry, "lines": [{"kind": "record"}]},
        *({**entry, "lines": [*entry["lines"], {**record, "root": root}]} for record in _twisted_records()),
        {**entry, "lines": [*entry["lines"], RECORD | {"root": "another"}]},
        {**entry, "lines": None},
        {**entry, "inputs": ["x"]},
        {**entry, "inputs": None},
        *({**entry, "inputs": {name: ""}} for name in ("/etc/passwd", "../" * 9 + "etc/passwd", "x" * 5_000)),
        {**entry, "about": []},
    ]
    return [b"", raw[:-1], raw[:64], b"\xff" * 100, b"[" * 100_000, *map(_as_entry, forged), _as_entry("[" * 9)]


def test_a_damaged_or_malformed_entry_is_ignored(tmp_path: Path) -> None:
    base, cache = tmp_path / "workspace", tmp_path / "cache"
    write(base, FILES.items())
    kept, unit = _kept(base, cache)
    path = next(path for path in cache.rglob("*") if path.is_file())
    raw = path.read_bytes()
    assert _reuse(base, cache).result(unit(base)) == kept
    for twisted in _twisted(raw):
        path.write_bytes(twisted)
        assert _reuse(base, cache).result(unit(base)) is None, twisted


@pytest.mark.parametrize("entry", [None, [], {}, {"files": ["../x"]}, {"files": "main.tf"}, {"calls": [[1, 2, 3, 4]]}])
def test_a_malformed_folder_is_read_again(tmp_path: Path, entry: object) -> None:
    whole = {
        "files": [],
        "variables": [],
        "gaps": [],
        "calls": [],
        "size": 0,
        "applied": False,
        "kept": False,
        "asks": False,
    }
    forged = {**whole, **entry} if isinstance(entry, dict) and entry else entry
    with pytest.raises((TypeError, ValueError, KeyError)):
        folder_from_json(tmp_path, forged)


def test_unexpected_files_in_place_of_an_entry_are_not_changed(tmp_path: Path) -> None:
    store, secret = Store(tmp_path / "cache"), tmp_path / "secret"
    secret.write_bytes(_as_entry("mine"))
    for number, place in enumerate((lambda path: path.symlink_to(secret), os.mkfifo, Path.mkdir)):
        key = f"{number}" * 64
        store.put(key, "ours")
        path = store.folder / key[:2] / key[2:]
        path.unlink()
        place(path)
        assert store.get(key) is None
        store.put(key, "ours")
    assert secret.read_bytes() == _as_entry("mine")


def test_a_cache_inside_the_scanned_code_is_refused(cached: Cached) -> None:
    cached.cache = cached.base / ".preuve" / "cache"
    with pytest.raises(UsageError, match="inside the workspace"):
        cached.scan()


def test_an_unwritable_cache_has_no_entries(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    store = Store(tmp_path / "cache")
    store.put("0" * 64, "entry")
    store.trim()
    assert store.get("0" * 64) is None


def test_a_stopped_run_leaves_no_partial_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        Store(tmp_path).put("0" * 64, "entry")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_reader_finds_a_whole_entry_during_writes(tmp_path: Path) -> None:
    entries = [str(number) * 100_000 for number in range(8)]

    def write_and_read(entry: str) -> list[str]:
        store = Store(tmp_path, most_bytes=300_000)
        store.put("0" * 64, entry)
        store.put(sha256(entry.encode()).hexdigest(), entry)
        store.trim()
        return [found for found in [store.get("0" * 64)] if found is not None]

    with ThreadPoolExecutor(8) as pool:
        assert all(found in entries for seen in pool.map(write_and_read, entries * 5) for found in seen)


def test_the_least_recently_used_entries_are_removed_first(tmp_path: Path) -> None:
    store = Store(tmp_path, most_bytes=5_000)
    keys = [sha256(str(number).encode()).hexdigest() for number in range(10)]
    for age, key in enumerate(keys):
        store.put(key, "x" * 1_000)
        os.utime(tmp_path / key[:2] / key[2:], (1_000 + age, 1_000 + age))
    assert store.get(keys[0]) is not None  # and is the last used now
    store.trim()
    left = [key for key in keys if store.get(key) is not None]
    assert left == [keys[0], *keys[8:]]
