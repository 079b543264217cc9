"""The chain of runs in a file: numbers without gap, nothing lost, nothing added to a chain that does not hold."""

from __future__ import annotations

import errno
import json
import multiprocessing
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from evidence.company import Company, now
from preuve.evidence.runs.file import FileChain
from preuve.evidence.runs.lines import Run, explained, next_line, record
from preuve.evidence.verifier.chain import CHAIN, audits, read
from preuve.model.errors import PreuveError

RUN = Run("scan", "2026-11-24T12:00:00Z", "2026-Q4", commit="0" * 40, counts={"PASS": 3})


def append_many(folder: Path, count: int) -> None:
    for _ in range(count):
        record(FileChain(folder), RUN)


def test_the_first_run_is_number_one_and_each_contains_the_digest_of_the_previous(tmp_path: Path) -> None:
    append_many(tmp_path, 3)
    first, second, third = read(tmp_path / CHAIN).lines
    assert [line.number for line in (first, second, third)] == [1, 2, 3]
    assert [line.data["previous"] for line in (first, second, third)] == ["", first.digest, second.digest]
    assert json.loads(third.raw)["counts"] == {"PASS": 3}


def test_concurrent_runs_lose_no_line(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=append_many, args=(tmp_path, 10)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    chain = read(tmp_path / CHAIN)
    assert chain.items == ()
    assert [line.number for line in chain.lines] == list(range(1, 41))


def test_of_two_runs_with_the_same_view_only_the_first_is_added(tmp_path: Path) -> None:
    home = FileChain(tmp_path)
    seen = home.read()
    assert home.append(seen, next_line(seen, RUN))
    assert not home.append(seen, next_line(seen, RUN))
    assert len(read(tmp_path / CHAIN).lines) == 1


def test_a_bundle_that_loses_the_race_is_closed_again(company: Company) -> None:
    class Overtaken(FileChain):
        def append(self, seen, line):  # type: ignore[no-untyped-def]
            if line.number == 1:
                record(FileChain(self.folder), RUN)  # another run, a moment before
            return super().append(seen, line)

    racing = company.with_means(home=Overtaken(company.home))
    bundle, seal = racing.close("2026-Q4", now())
    own = read(bundle / CHAIN)
    assert seal.line is not None
    assert [line.number for line in own.lines] == [1, 2]
    assert own.lines == read(company.home / CHAIN).lines
    assert len((bundle / "verification" / "witnesses.csv").read_text().splitlines()) == 2


@pytest.mark.parametrize("content", [b"x\n", b'{"number":1,"previous":"x"}\n', b'{"number":2,"previous":""}\n', b"{"])
def test_nothing_is_added_to_a_broken_chain(tmp_path: Path, content: bytes) -> None:
    (tmp_path / CHAIN).write_bytes(content)
    with pytest.raises(PreuveError, match="does not verify, so nothing is added"):
        record(FileChain(tmp_path), RUN)
    assert (tmp_path / CHAIN).read_bytes() == content


def test_a_file_in_place_of_the_folder_is_named_in_the_error(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("mine")
    with pytest.raises(PreuveError, match="evidence is a file") as raised:
        record(FileChain(tmp_path / "evidence"), RUN)
    assert "evidence.folder in preuve.yaml" in raised.value.hint


def test_a_lost_chain_does_not_restart_beside_its_bundles(company: Company) -> None:
    company.audit("2026-Q3", now(days=90))
    (company.home / CHAIN).unlink()
    with pytest.raises(PreuveError, match="lacks lines that the bundle 2026-Q3 carries") as raised:
        company.scan(now())
    (company.home / CHAIN).write_bytes((company.home / "2026-Q3" / CHAIN).read_bytes())  # as the hint says
    assert "2026-Q3/chain.jsonl" in raised.value.hint
    assert company.scan(now()).number == 2


def test_a_bundle_of_another_chain_is_named_and_nothing_is_added_beside_it(company: Company, tmp_path: Path) -> None:
    company.scan(now(days=91))
    bundle = company.audit("2026-Q3", now(days=90))
    record(FileChain(tmp_path / "other"), Run("scan", now(), "2026-Q4"))
    foreign = company.home / "acme"
    shutil.copytree(bundle, foreign)
    shutil.copy(tmp_path / "other" / CHAIN, foreign / CHAIN)
    with pytest.raises(PreuveError, match="acme belongs to another chain of runs") as raised:
        company.scan(now())
    assert "move it away" in raised.value.hint
    assert FileChain(company.home, beside=True).read().lines == read(company.home / CHAIN).lines
    # Who only reads still asks for the lines of its own bundles.
    lines = (company.home / CHAIN).read_bytes().splitlines(keepends=True)
    (company.home / CHAIN).write_bytes(lines[0])
    with pytest.raises(PreuveError, match="lacks lines"):
        FileChain(company.home, beside=True).read()


def test_a_chain_is_not_written_through_a_link(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    home = tmp_path / "evidence"
    home.mkdir()
    (home / ".chain.new").symlink_to(target)
    with pytest.raises(PreuveError, match="cannot be written"):
        record(FileChain(home), RUN)
    assert not target.exists()


def test_a_line_half_written_in_a_crash_is_not_part_of_the_chain(tmp_path: Path) -> None:
    append_many(tmp_path, 2)
    (tmp_path / ".chain.new").write_bytes(b'{"number":3,')
    append_many(tmp_path, 1)
    assert [line.number for line in read(tmp_path / CHAIN).lines] == [1, 2, 3]


def test_the_audits_of_a_period_are_those_with_a_bundle(tmp_path: Path) -> None:
    home = FileChain(tmp_path)
    for run in (RUN, replace(RUN, kind="audit"), replace(RUN, kind="audit"), replace(RUN, kind="audit", period="x")):
        record(home, run)
    assert audits(home.read().lines, "2026-Q4") == 2
    home.append(home.read(), explained(home.read(), 2, "2026-11-24T12:00:00Z"))
    assert [audits(home.read().lines, name) for name in ("2026-Q4", "x", "y")] == [1, 1, 0]


def test_a_gap_gets_a_line_that_explains_it(tmp_path: Path) -> None:
    home = FileChain(tmp_path)
    append_many(tmp_path, 1)
    seen = home.read()
    assert home.append(seen, explained(seen, 1, "2026-11-24T12:00:00Z"))
    assert read(tmp_path / CHAIN).lines[1].data["of"] == 1


def test_a_folder_that_cannot_be_locked_is_reported_before_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not after an hour of reading, when the line is added."""

    def refused(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    assert FileChain(tmp_path).try_append()
    monkeypatch.setattr("fcntl.flock", refused)
    for tried in (FileChain(tmp_path).try_append, partial(record, FileChain(tmp_path), RUN)):
        with pytest.raises(PreuveError, match="could not be locked"):
            tried()
    assert not list(tmp_path.iterdir())
