"""`preuve fill`: good rows are added to a register, bad ones are reported with their place, and values written by
people stay.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Literal

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content_copy import bundled
from interruption import files_in, killed_after
from preuve.cli.main import main
from preuve.collect.inlets.content import Content
from preuve.collect.inlets.intake import FileFacts
from preuve.collect.inlets.objects import json_lines, jsonl_lines
from preuve.collect.registers import read_registers
from preuve.library.company.fill_ledger import missing
from preuve.library.company.indicators import load_indicators
from preuve.library.company.inlets import load_inlets
from preuve.library.company.register.cells import users
from preuve.library.company.registers import entries
from preuve.library.company.templates import register_columns
from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.library.validation.rules import Needs
from preuve.library.yaml.place import content_root
from preuve.model.company.indicator import Figure
from preuve.model.company.inlet import Shortfall
from preuve.model.errors import ContentError, Exit, PreuveError, UsageError
from preuve.pipeline.workspace import fill as work
from preuve.pipeline.workspace.report import registers_of
from preuve.redact.pseudonyms import Pseudonyms, load_key
from preuve.redact.redactor import Redactor
from preuve.system.folders import folder_turn

TODAY = datetime.now(UTC).date()
WORKSPACE = """schema: 1
organisation: {name: Test, country: FR, language: en}
evidence: {pseudonym_key: .preuve/key}
"""
HEADER = "E-mail;Company;Contract end;AWS users"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "preuve.yaml").write_text(WORKSPACE, encoding="utf-8")
    return tmp_path


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["fill", *arguments, "-w", str(root)])


def fill(root: Path, inlet: str, name: str, text: str | bytes, *options: str) -> Result:
    path = root / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return run(root, inlet, str(path), *options)


def refused(root: Path, inlet: str, name: str, text: str | bytes) -> str:
    error = fill(root, inlet, name, text, "--write").exception
    assert isinstance(error, PreuveError), error
    assert not (root / "registers").exists()
    return str(error)


def contractors(root: Path, *rows: str, write: bool = True) -> Result:
    text = "\n".join([HEADER, *rows, ""])
    return fill(root, "contractors", "c.csv", text, *(["--write"] if write else []))


def rows(root: Path, register: str) -> list[dict[str, str]]:
    text = (root / "registers" / f"{register}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def edit(root: Path, old: str, new: str) -> None:
    path = root / "registers" / "people.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_folder_is_refused_as_one(root: Path) -> None:
    error = run(root, "contractors", str(root)).exception
    assert isinstance(error, UsageError) and str(error) == f"{root} is a folder"


# ---- what is written ----------------------------------------------------------------------------------------------


def test_nothing_is_written_without_the_write_option(root: Path) -> None:
    result = contractors(root, "a@ex.com;Durand;31/12/2026;a", write=False)
    assert (result.exit_code, "new: a@ex.com" in result.stdout) == (0, True)
    assert "--write" in result.stdout
    assert not (root / "registers").exists()


def test_rows_name_their_source_and_expiry(root: Path) -> None:
    assert contractors(root, "A@ex.com;Durand;31/12/2026;a, b").exit_code == 0
    (row,) = rows(root, "people")
    assert (row["person"], row["contract until"], row["AWS users"]) == ("a@ex.com", "2026-12-31", "a, b")
    assert row["kind (employee, contractor)"] == "contractor"
    assert re.fullmatch(rf'contractors: "c.csv", {TODAY}, sha256 [0-9a-f]{{64}}', row["filled from"])
    assert row["fresh until"] == (TODAY + timedelta(days=35)).isoformat()


def test_a_bundle_names_the_inlet_of_a_register_and_not_the_file_name(root: Path) -> None:
    path = root / "Zoé Petit.csv"
    path.write_text(f"{HEADER}\na@ex.com;;2026-12-31;none\n", encoding="utf-8")
    run(root, "contractors", str(path), "--made", "2026-11-20", "--write")
    edit(root, "\n", ";\n")  # with any other value in that column
    (register,) = load_workspace(root, bundled()).registers
    (origin,) = register.origins
    assert re.fullmatch(r"contractors: 2026-11-20, sha256 [0-9a-f]{64}", origin)
    assert register.fresh_until == ("2026-12-25",)
    edit(root, "contractors: ", "Zoé Petit said: ")
    assert load_workspace(root, bundled()).registers[0].origins == ()


def test_a_row_that_looks_like_an_example_is_refused_or_kept(root: Path) -> None:
    assert contractors(root, "example@ex.com;;31/12/2026;a").exit_code == 0
    assert len(entries(root, "people") or ()) == 1
    text = "Supplier\nExample: us\nExample Ltd\nExamples\n"
    result = fill(root, "suppliers", "s.csv", text, "--write")
    kept = [row["supplier"] for row in entries(root, "supplier-register") or ()]
    assert "s.csv:2, supplier" in result.stdout and len(kept) + result.stdout.count("refused: ") == 3


def test_freshness_counts_from_the_date_of_the_export(root: Path) -> None:
    path = root / "c.csv"
    path.write_text(f"{HEADER}\na@ex.com;;2026-12-31;none\n", encoding="utf-8")
    made = datetime(2026, 3, 2, 12, tzinfo=UTC)
    os.utime(path, (made.timestamp(), made.timestamp()))
    result = run(root, "contractors", str(path), "--write")
    assert rows(root, "people")[0]["fresh until"] == "2026-04-06"
    assert "out of date" in result.stdout


def test_an_older_export_does_not_replace_a_later_one(root: Path) -> None:
    contractors(root, "a@ex.com;;31/12/2026;a")
    result = run(root, "contractors", str(root / "c.csv"), "--made", "2026-01-05", "--write")
    assert "was filled from one of" in str(result.exception)


def test_bad_rows_are_named_with_file_row_and_column_and_good_rows_are_counted(root: Path) -> None:
    result = contractors(
        root,
        "good@ex.com;Durand;31/12/2026;a",
        "no address;Durand;31/12/2026;a",
        "b@ex.com;Durand;31/02/2026;a",
        "c@ex.com;Durand;31/12/2026",
        '=HYPERLINK("http://x");Durand;31/12/2026;a',
        ";Durand;31/12/2026;a",
    )
    assert result.exit_code == Exit.INCOMPLETE
    for told in ("c.csv:3, E-mail", "c.csv:4, Contract end", "c.csv:5:", "c.csv:6, E-mail", "c.csv:7, E-mail"):
        assert f"refused: {told}" in result.stdout
    assert "1 good, 5 refused" in result.stdout
    assert not re.search(r"\b0 ", result.stdout.splitlines()[-2])  # zero counts are left out
    assert [row["person"] for row in rows(root, "people")] == ["good@ex.com"]


def test_different_rows_with_one_key_are_refused_and_equal_ones_count_once(root: Path) -> None:
    same = "a@ex.com;Durand;31/12/2026;a"
    result = contractors(root, same, same, "b@ex.com;X;31/12/2026;b", "B@ex.com;X;31/01/2026;b")
    assert [row["person"] for row in rows(root, "people")] == ["a@ex.com"]
    assert "4, 5" in result.stdout


def test_a_file_of_a_french_register_fills_the_french_columns(root: Path) -> None:
    (root / "preuve.yaml").write_text(WORKSPACE.replace("language: en", "language: fr"), encoding="utf-8")
    contractors(root, "a@ex.com;;31/12/2026;a")
    (row,) = rows(root, "people")
    assert (row["nature (salarié, prestataire)"], row["contrat jusqu'au"]) == ("prestataire", "2026-12-31")
    assert {"rempli depuis", "à jour jusqu'au"} <= set(row)


# ---- what people wrote --------------------------------------------------------------------------------------------


def test_a_cell_changed_by_a_person_stays_and_is_reported(root: Path) -> None:
    contractors(root, "a@ex.com;Durand;31/12/2026;a")
    edit(root, "Durand", "Durand SAS")
    result = contractors(root, "a@ex.com;Durand SARL;30/06/2027;a")
    (row,) = rows(root, "people")
    assert (row["company"], row["contract until"]) == ("Durand SAS", "2027-06-30")
    assert "company: Durand SAS → Durand SARL" in result.stdout
    edit(root, "Durand SAS", "Durand")  # as the file had it once: it is still a person's
    contractors(root, "a@ex.com;Durand SARL;30/06/2027;a")
    assert rows(root, "people")[0]["company"] == "Durand"


def test_a_day_that_a_spreadsheet_wrote_anew_stays_that_of_the_file(root: Path) -> None:
    (root / "preuve.yaml").write_text(WORKSPACE.replace("language: en", "language: fr"), encoding="utf-8")
    contractors(root, "a@ex.com;;31/12/2026;a", "b@ex.com;;30/06/2026;b")
    edit(root, "2026-12-31", "31/12/2026")
    edit(root, "2026-06-30", "30/06/2026")
    assert "31/12/2026" not in contractors(root, "a@ex.com;;31/12/2026;a", "b@ex.com;;30/06/2026;b").stdout
    contractors(root, "a@ex.com;;15/11/2026;a", "b@ex.com;;30/06/2026;b")
    found = entries(root, "people") or ()
    assert [row["contract until"] for row in found] == ["2026-11-15", "2026-06-30"]


SESSIONS = "Formation;Date de la session;Inscrits;Présents\naccueil;22/10/2025;6;6\nphishing;05/11/2025;10;9\n"


def sessions(root: Path, text: str = SESSIONS) -> Result:
    return fill(root, "training-sessions", "tr.csv", text, "--whole", "--write")


@pytest.mark.parametrize("own", [True, False])
def test_a_row_whose_key_has_a_day_is_found_after_a_spreadsheet_saved_it(root: Path, own: bool) -> None:
    """It is a person's, or one that the inlet made before."""
    (root / "preuve.yaml").write_text(WORKSPACE.replace("language: en", "language: fr"), encoding="utf-8")
    sessions(root)
    path = root / "registers" / "training-records.csv"
    text = path.read_text(encoding="utf-8").replace("2025-10-22", "22/10/2025").replace("2025-11-05", "05/11/2025")
    path.write_text(text.replace("\n", "\r\n"), encoding="utf-8", newline="")
    if own:
        (root / "registers" / ".filled" / "training-records.jsonl").unlink()
    result = sessions(root, SESSIONS.replace("10;9", "10;10"))
    assert result.exit_code == (Exit.INCOMPLETE if own else 0) and not re.search("nouvelle|supprimé", result.stdout)
    found = entries(root, "training-records") or ()
    assert [(row["date"], row["present"]) for row in found] == [
        ("2025-10-22", "6"), ("2025-11-05", "9" if own else "10"),
    ]  # fmt: skip


def test_a_register_whose_key_has_an_unreadable_day_is_not_filled(root: Path) -> None:
    (root / "preuve.yaml").write_text(WORKSPACE.replace("language: en", "language: fr"), encoding="utf-8")
    sessions(root, SESSIONS.replace("22/10", "12/10"))
    path = root / "registers" / "training-records.csv"
    text = path.read_text(encoding="utf-8").replace("2025-10-12", "12/10/2025").replace("2025-11-05", "05/11/2025")
    path.write_text(text, encoding="utf-8")
    error = sessions(root).exception
    assert isinstance(error, UsageError) and "days under date, which identify its rows, cannot be read in 2" in str(
        error
    )
    assert path.read_text(encoding="utf-8") == text


def test_two_fills_at_once_lose_no_row(root: Path) -> None:
    """The second one reads the register when the first has written it."""
    path = root / "c.csv"
    path.write_text(f"{HEADER}\na@ex.com;A;2026-12-31;a\n", encoding="utf-8")
    header = ",".join(f'"{name}"' for name in register_columns("people")[0])
    with ThreadPoolExecutor() as pool:
        with folder_turn(root):
            asked = FileFacts(None, "", TODAY)
            second = pool.submit(work.fill, root, "contractors", path, asked, write=True)
            with pytest.raises(TimeoutError):
                second.result(timeout=1.5)
            (root / "registers").mkdir()
            (root / "registers" / "people.csv").write_text(f"{header}\nb@ex.com,,,,,\n", encoding="utf-8")
        second.result(timeout=60)
    assert [row["person"] for row in entries(root, "people") or ()] == ["b@ex.com", "a@ex.com"]


def test_a_day_that_nobody_can_read_is_not_taken_for_a_persons(root: Path) -> None:
    (root / "preuve.yaml").write_text(WORKSPACE.replace("language: en", "language: fr"), encoding="utf-8")
    contractors(root, "a@ex.com;;05/12/2026;a")
    edit(root, "2026-12-05", "12/5/2026")  # an English spreadsheet
    contractors(root, "a@ex.com;;05/12/2026;a")
    assert [row["contract until"] for row in entries(root, "people") or ()] == ["12/5/2026"]
    edit(root, "12/5/2026", "2026-12-05")
    contractors(root, "a@ex.com;;15/01/2027;a")
    assert [row["contract until"] for row in entries(root, "people") or ()] == ["2027-01-15"]


def test_a_cell_emptied_by_a_person_is_not_filled_again(root: Path) -> None:
    contractors(root, "a@ex.com;Durand;31/12/2026;a")
    edit(root, ";Durand;", ";;")
    contractors(root, "a@ex.com;Durand;31/12/2026;a")
    assert rows(root, "people")[0]["company"] == ""


def test_only_empty_cells_of_a_row_written_by_a_person_are_filled(root: Path) -> None:
    register = root / "registers" / "people.csv"
    register.parent.mkdir()
    header = "person,kind (employee, contractor),company,contract until,AWS users,responsible,checked on"
    quoted = header.replace("kind (employee, contractor)", '"kind (employee, contractor)"')
    example = "EXAMPLE: c.durand@example.com,contractor,Durand Conseil,2026-12-31,c.durand,CTO,2026-09-28\n"
    register.write_text(f"{quoted}\na@ex.com,,Mine,,a1,CTO,\n\n{example}", encoding="utf-8")
    contractors(root, "a@ex.com;Theirs;31/12/2026;a2")
    text = register.read_text(encoding="utf-8")
    (_, row, _) = csv.reader(io.StringIO(text))
    assert row[:6] == ["a@ex.com", "contractor", "Mine", "2026-12-31", "a1", "CTO"]
    assert example in text


@pytest.mark.parametrize("text", ["person;company\n", 'person\n"open', "", "é".encode("latin-1")])
def test_an_unusable_register_is_not_changed(root: Path, text: str | bytes) -> None:
    register = root / "registers" / "people.csv"
    register.parent.mkdir()
    content = text if isinstance(text, bytes) else text.encode()
    register.write_bytes(content)
    error = contractors(root, "a@ex.com;;31/12/2026;a").exception
    assert isinstance(error, PreuveError) and "people.csv cannot be filled" in str(error)
    assert register.read_bytes() == content


def test_without_the_ledger_cells_belong_to_people_and_confirmed_rows_stay_fresh(root: Path) -> None:
    path = root / "c.csv"
    path.write_text(f"{HEADER}\na@ex.com;A;31/12/2026;a\nb@ex.com;B;31/12/2026;b\n", encoding="utf-8")
    run(root, "contractors", str(path), "--made", "2026-10-01", "--write")
    (root / "registers" / ".filled" / "people.jsonl").unlink()
    result = contractors(root, "a@ex.com;A;31/12/2026;a", "b@ex.com;B;31/12/2027;b")
    assert "contract until: 2026-12-31 → 2027-12-31" in result.stdout
    found = [(row["contract until"], row["fresh until"]) for row in rows(root, "people")]
    assert found == [("2026-12-31", str(TODAY + timedelta(days=35))), ("2026-12-31", "2026-11-05")]


def test_rows_of_files_that_the_records_do_not_know_are_told_and_counted_by_nobody(root: Path) -> None:
    """The register was committed without the hidden folder beside it, or with an older one."""
    folder = root / "registers" / ".filled"
    incidents(root, {"key": "SEC-1"}, **WHOLE)
    older = {path: path.read_bytes() for path in folder.iterdir()}
    told = incidents(root, {"key": "SEC-1"}, {"key": "SEC-2"}, **WHOLE)
    assert (told.exit_code, major(root)) == (0, Figure(0.0))
    newer = {path: path.read_bytes() for path in folder.iterdir()}
    for lost in ({"jsonl"}, {"json"}, {"jsonl", "json"}):
        for path in older:
            path.write_bytes((older if path.suffix.lstrip(".") in lost else newer)[path])
        if "json" in lost:
            assert major(root) == Figure(why="short_unknown")
        result = run(root, "jira-incidents", str(root / "i.json"))
        assert ("registers/.filled does not mention" in result.stdout) is ("jsonl" in lost)
        assert result.exit_code == (Exit.INCOMPLETE if "jsonl" in lost else 0)


PEOPLE = tuple(f"{name}@ex.com;;31/12/2026;{name}" for name in "abcdef")


def is_short(root: Path) -> str:
    """Why who reads the register does not take it for whole."""
    return missing(root, "people", entries(root, "people") or ())


def as_of_an_earlier_version(root: Path) -> None:
    """It kept the newest whole file alone."""
    record = root / "registers" / ".filled" / "people.files.json"
    kept = {inlet: files[-1:] for inlet, files in json.loads(record.read_text(encoding="utf-8")).items()}
    record.write_text(json.dumps(kept), encoding="utf-8")


def test_a_register_whose_earlier_version_forgot_the_file_of_a_row_that_ended_is_whole(root: Path) -> None:
    contractors(root, *PEOPLE[:3])
    contractors(root, *PEOPLE[:2])
    as_of_an_earlier_version(root)
    assert is_short(root) == ""
    assert contractors(root, *PEOPLE[:2], PEOPLE[4]).exit_code == 0 and is_short(root) == ""


@settings(max_examples=30, deadline=None)
@given(
    fills=st.lists(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4, unique=True), min_size=2, max_size=4),
    lost=st.lists(st.sampled_from(["line", "version", "ledger", "files"]), min_size=1, max_size=2),
)
@example(fills=[list(PEOPLE[:3]), list(PEOPLE[:2])], lost=["line"])
@example(fills=[list(PEOPLE[:3]), list(PEOPLE[3:]), list(PEOPLE[3:])], lost=["files", "version"])
def test_the_command_says_what_who_reads_the_register_says(
    tmp_path_factory: pytest.TempPathFactory, fills: Sequence[Sequence[str]], lost: Sequence[str]
) -> None:
    """Whatever became of the records: it ends with 0 only if the register is known to be whole, and says what to do."""
    root = tmp_path_factory.mktemp("ws")
    (root / "preuve.yaml").write_text(WORKSPACE, encoding="utf-8")
    for number, people in enumerate(fills):
        told = contractors(root, *people)
        assert not is_short(root) or (told.exit_code, "registers/.filled does not mention" in told.stdout) == (11, True)
        kept = root / "registers" / ".filled" / "people"
        match lost[number] if number < min(len(lost), len(fills) - 1) else "":
            case "line":
                lines = kept.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
                kept.with_suffix(".jsonl").write_text("".join(lines[1:]), encoding="utf-8")
            case "version":
                as_of_an_earlier_version(root)
            case "ledger":
                kept.with_suffix(".jsonl").unlink(missing_ok=True)
            case "files":
                kept.with_suffix(".files.json").unlink(missing_ok=True)
    contractors(root, *PEOPLE)  # each source again
    assert is_short(root) == ""


def test_a_file_of_another_inlet_that_was_not_whole_is_told_with_each(root: Path) -> None:
    contractors(root, PEOPLE[0], "b@ex.com;;31/31/2026;b")
    told = staff(root, "x@ex.com,")
    assert (told.exit_code, is_short(root)) == (Exit.INCOMPLETE, "refused")
    assert "c.csv" in told.stdout and "Export that source again" in told.stdout


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"register":"x"}', b"\xff"])
def test_damaged_records_that_were_prepared_are_told_in_words(root: Path, content: bytes) -> None:
    contractors(root, *PEOPLE)
    (root / "registers" / ".filled" / "people.next.json").write_bytes(content)
    for write in (True, False):
        error = contractors(root, *PEOPLE, write=write).exception
        assert isinstance(error, PreuveError) and "next.json is not what preuve fill keeps there" in str(error)


MONTHS = (
    ("a@ex.com;Durand;31/12/2026;a", "b@ex.com;;31/12/2026;b", "c@ex.com;;31/12/2026;c"),
    ("a@ex.com;Martin;31/12/2027;a", "b@ex.com;;31/12/2026;b", "d@ex.com;;31/12/2026;d"),
    ("a@ex.com;Benali;31/12/2028;a", "b@ex.com;;30/11/2027;b", "d@ex.com;;30/11/2027;d"),
)


def month(root: Path, number: int) -> None:
    path = root / f"{number}.csv"
    path.write_text("\n".join([HEADER, *MONTHS[number], ""]), encoding="utf-8")
    work.fill(root, "contractors", path, FileFacts(TODAY, "", TODAY), write=True)


def test_a_fill_that_is_stopped_anywhere_loses_no_record(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """After each of its writes: the next command of any file finds the cells of the stopped one as its own."""
    month(root, 0)
    begun = tmp_path_factory.mktemp("begun") / "ws"
    shutil.copytree(root, begun)
    month(root, 1)
    second = files_in(root)
    month(root, 2)
    third = files_in(root)
    for number in count():
        for again in (1, 2) if number % 2 else (2,):
            shutil.rmtree(root)
            shutil.copytree(begun, root)
            with killed_after(number, root / "registers") as watch:
                month(root, 1)
            assert missing(root, "people", entries(root, "people") or ()) == "", "either month is whole"
            month(root, again)
            left, wanted = files_in(root), second if again == 1 else third
            ended = {name: text for name, text in left.items() if name.startswith("registers/")}
            wanted = {name: text for name, text in wanted.items() if name.startswith("registers/")}
            cells = [[row[c] for c in ("person", "company", "contract until")] for row in rows(root, "people")]
            assert ended == wanted or (again == 2 and [row for row in cells if row[0] != "c@ex.com"] == LAST)
        if not watch.over:
            break
    assert number > 5


LAST = [["a@ex.com", "Benali", "2028-12-31"], ["b@ex.com", "", "2027-11-30"], ["d@ex.com", "", "2027-11-30"]]


def test_the_rights_of_a_register_stay(root: Path) -> None:
    contractors(root, "a@ex.com;;31/12/2026;a")
    path = root / "registers" / "people.csv"
    path.chmod(0o600)
    contractors(root, "a@ex.com;;31/12/2027;a")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_row_missing_from_the_file_is_reported_and_kept(root: Path) -> None:
    contractors(root, "a@ex.com;;31/12/2026;a", "b@ex.com;;31/12/2026;b")
    result = contractors(root, "a@ex.com;;31/12/2026;a", "c@ex.com;;31/31/2026;c")
    assert "delete it in the register: b@ex.com" in result.stdout
    assert [row["fresh until"] for row in rows(root, "people")] == [str(TODAY + timedelta(days=35))] * 2


def test_a_row_that_a_whole_newer_file_does_not_have_says_nothing_until_it_comes_back(root: Path) -> None:
    both = "a@ex.com;;31/12/2026;a", "b@ex.com;;31/12/2026;b"
    contractors(root, *both)
    contractors(root, "z@ex.com;;31/12/2026;z")  # of another subsidiary: it says nothing of these
    fresh = str(TODAY + timedelta(days=35))
    assert [row["fresh until"] for row in rows(root, "people")] == [fresh] * 3
    for _ in range(2):
        result = contractors(root, both[0])
        assert "no longer in the file, which is complete" in result.stdout and ": b@ex.com" in result.stdout
        yesterday = str(TODAY - timedelta(days=1))
        assert [row["fresh until"] for row in rows(root, "people")] == [fresh, yesterday, fresh]
    contractors(root, *both)
    assert [row["fresh until"] for row in rows(root, "people")] == [fresh] * 3


@given(wholes=st.lists(st.booleans(), max_size=3))
@settings(max_examples=8, deadline=None)
@example(wholes=[False])
@example(wholes=[False, False])
@example(wholes=[True, False])
def test_a_gone_row_ends_with_the_next_whole_file_whatever_came_between(
    tmp_path_factory: pytest.TempPathFactory, wholes: list[bool]
) -> None:
    root = tmp_path_factory.mktemp("ws")
    (root / "preuve.yaml").write_text(WORKSPACE, encoding="utf-8")
    left = "a@ex.com;;31/12/2026;a", "b@ex.com;;31/12/2026;b", "d@ex.com;;31/12/2026;d"
    contractors(root, *left, "gone@ex.com;;31/12/2026;g")
    for number, whole in enumerate([*wholes, True]):
        contractors(root, *left, *([] if whole else [f"c{number}@ex.com;;31/31/2026;c"]))
    until = {row["person"]: row["fresh until"] for row in rows(root, "people")}
    assert until.pop("gone@ex.com") == str(TODAY - timedelta(days=1))
    assert set(until.values()) == {str(TODAY + timedelta(days=35))}


def without_row(root: Path, key: str) -> Path:
    """A person deletes a row from the register of people."""
    path = root / "registers" / "people.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if key not in line), encoding="utf-8")
    return path


def test_a_row_deleted_by_a_person_stays_out_and_is_reported(root: Path) -> None:
    both = "a@ex.com;;31/12/2026;a", "b@ex.com;Durand;31/12/2026;b"
    contractors(root, *both)
    path = without_row(root, "b@ex.com")
    for _ in range(2):
        result = contractors(root, *both)
        assert "a person deleted this row" in result.stdout and "b@ex.com" in result.stdout
        assert "1 that a person deleted" in result.stdout and len(rows(root, "people")) == 1
    with path.open("a", encoding="utf-8") as file:
        file.write("b@ex.com" + ";" * path.read_text(encoding="utf-8").partition("\n")[0].count(";") + "\n")
    contractors(root, *both)
    assert rows(root, "people")[1]["company"] == "Durand", "taken back by a person"


def test_a_deleted_row_that_the_file_lost_too_is_new_when_it_comes_back(root: Path) -> None:
    both = "a@ex.com;;31/12/2026;a", "b@ex.com;;31/12/2026;b"
    contractors(root, *both)
    path = without_row(root, "b@ex.com")
    contractors(root, both[0])
    assert "new: b@ex.com" in contractors(root, *both).stdout
    path.unlink()
    assert contractors(root, *both).stdout.count("new: ") == 2, "a register that begins anew has all rows"


def test_the_address_at_work_is_the_person_where_a_file_has_both(root: Path) -> None:
    fill(
        root,
        "hr-employees",
        "hr.csv",
        "Email;Email professionnel;Fin de contrat\nme@private.com;a@ex.com;\n",
        "--write",
    )
    assert rows(root, "people")[0]["person"] == "a@ex.com"
    fill(
        root,
        "contractors",
        "c.csv",
        "E-mail;E-mail professionnel;Contract end\nme@p.com;b@ex.com;2026-12-31\n",
        "--write",
    )
    assert rows(root, "people")[1]["person"] == "b@ex.com"


def test_a_row_of_another_inlet_is_not_changed(root: Path) -> None:
    contractors(root, "a@ex.com;Durand;31/12/2026;a")
    result = fill(root, "hr-employees", "hr.csv", "E-mail,Contract end\na@ex.com,\n", "--write")
    assert "filled by contractors from another file, which says something else" in result.stdout
    assert "a@ex.com (kind (employee, contractor): contractor → employee; contract until: 2026-12-31 → no term)" in (
        result.stdout
    )
    assert rows(root, "people")[0]["contract until"] == "2026-12-31"


def staff(root: Path, *rows: str) -> Result:
    return fill(root, "hr-employees", "hr.csv", "\n".join(["E-mail,Contract end", *rows, ""]), "--write")


def test_a_row_that_another_inlet_filled_otherwise_is_not_lost_in_silence(root: Path) -> None:
    assert staff(root, "a@ex.com,", "b@ex.com,").exit_code == 0
    result = contractors(root, "a@ex.com;Durand;30/06/2026;a")
    assert result.exit_code == Exit.INCOMPLETE and "1 row of the file is not in the register" in result.stdout
    record = json.loads((root / "registers" / ".filled" / "people.files.json").read_bytes())
    assert record["contractors"][0]["refused"] == 1, "what reads the register must know that the end is not in it"


def test_a_row_that_its_inlet_has_given_up_is_taken_over(root: Path) -> None:
    staff(root, "a@ex.com,", "b@ex.com,")
    contractors(root, "a@ex.com;Durand;30/06/2026;a")
    assert staff(root, "b@ex.com,").exit_code == Exit.INCOMPLETE, "the row of the other one is not there yet"
    assert contractors(root, "a@ex.com;Durand;30/06/2026;a").exit_code == 0
    (row,) = (row for row in rows(root, "people") if row["person"] == "a@ex.com")
    assert (row["contract until"], row["company"]) == ("2026-06-30", "Durand")


def test_a_row_is_as_old_as_the_cells_that_its_newest_file_does_not_have(root: Path) -> None:
    """A renamed column is not read, and what it said does not become young again."""
    first, second = TODAY - timedelta(days=40), TODAY - timedelta(days=10)
    heads = (HEADER, "E-mail;Company;Contract end;AWS accounts")
    for head, made in ((heads[0], first), (heads[1], second)):
        text = f"{head}\na@ex.com;Durand;31/12/2026;a\nb@ex.com;Durand;31/12/2026;\n"
        result = fill(root, "contractors", "c.csv", text, "--made", str(made), "--write")
    assert "empty them in the register if the tool emptied them: a@ex.com (AWS users)" in result.stdout
    until = {row["person"]: row["fresh until"] for row in rows(root, "people")}
    assert until == {"a@ex.com": str(first + timedelta(days=35)), "b@ex.com": str(second + timedelta(days=35))}
    edit(root, "2026-12-31;a;", "2026-12-31;;")  # a person takes the old name out
    fill(root, "contractors", "c.csv", text, "--made", str(second), "--write")
    assert {row["fresh until"] for row in rows(root, "people")} == {str(second + timedelta(days=35))}
    contractors(root, "a@ex.com;Durand;31/12/2026;c")
    assert rows(root, "people")[0]["fresh until"] == str(TODAY + timedelta(days=35))


def test_a_row_is_not_taken_over_while_its_inlet_may_still_have_it(root: Path) -> None:
    staff(root, "a@ex.com,", "b@ex.com,")
    staff(root, "a@ex.com,soon", "b@ex.com,")
    assert contractors(root, "a@ex.com;Durand;30/06/2026;a").exit_code == Exit.INCOMPLETE


def test_a_row_that_another_inlet_filled_alike_is_no_loss(root: Path) -> None:
    fill(root, "okta-users", "u.json", json.dumps([USER]), "--write")
    own = (root / "inlets") / "other-users.yaml"
    own.parent.mkdir()
    text = (content_root() / "inlets" / "okta-users.yaml").read_text(encoding="utf-8")
    own.write_text(text.replace("id: okta-users", "id: other-users"), encoding="utf-8")
    result = fill(root, "other-users", "u.json", json.dumps([USER]), "--write")
    assert result.exit_code == 0 and "filled by another inlet, left as it is" in result.stdout


def test_a_register_that_says_it_already_is_not_called_written(root: Path) -> None:
    assert "wrote" in staff(root, "a@ex.com,").stdout
    again = staff(root, "a@ex.com,").stdout
    assert "wrote" not in again and "registers/people.csv is unchanged." in again


_CELL = st.text("ab é;,\"'\n-+", max_size=6)


@settings(max_examples=12)  # each is two runs of the command
@given(before=st.lists(_CELL, min_size=3, max_size=3), after=st.lists(_CELL, min_size=3, max_size=3))
def test_cells_written_by_a_person_survive_any_file(
    tmp_path_factory: pytest.TempPathFactory, before: Sequence[str], after: Sequence[str]
) -> None:
    root = tmp_path_factory.mktemp("ws")
    (root / "preuve.yaml").write_text(WORKSPACE, encoding="utf-8")
    contractors(root, "a@ex.com;Durand;31/12/2026;a")
    columns = ["company", "responsible", "checked on"]
    path = root / "registers" / "people.csv"
    (row,) = rows(root, "people")
    row |= dict(zip(columns, before, strict=True))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerow(row)
    path.write_text(text.getvalue(), encoding="utf-8")
    said = io.StringIO()
    csv.writer(said, delimiter=";").writerow(["a@ex.com", after[0], "30/06/2027", "b"])
    contractors(root, said.getvalue().strip("\r\n"))
    (found,) = rows(root, "people")
    for column, text_ in zip(columns, before, strict=True):
        if text_.strip() and text_.strip() != "Durand":
            assert found[column].strip() == text_.strip()


# ---- hostile files ------------------------------------------------------------------------------------------------


def workbook(*lines: Sequence[Any], sheets: int = 1) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for number in range(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        for line in lines:
            sheet.append(list(line))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def archive(members: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # of a fixed time: it names a test
    return written.getvalue()


def test_a_workbook_gives_its_dates_and_a_formula_is_refused(root: Path) -> None:
    lines = [["E-mail", "Contract end"], ["a@ex.com", datetime(2026, 12, 31)], ["b@ex.com", "=TODAY()"]]
    result = fill(root, "contractors", "c.xlsx", workbook(*lines), "--write")
    assert "refused: c.xlsx:3, Contract end" in result.stdout
    assert [row["contract until"] for row in rows(root, "people")] == ["2026-12-31"]


@pytest.mark.parametrize("sign", ["=", "@", "+", "-", "＝", "＠"])
@pytest.mark.parametrize("inlet", ["jira-incidents", "contractors"])
def test_a_text_that_begins_as_a_formula_is_a_text_that_no_spreadsheet_runs(root: Path, inlet: str, sign: str) -> None:
    """What people write in tickets and lists: "=== ALERT", "@channel phishing", "-20 % availability"."""
    text = f"{sign}x ALERT"
    if inlet == "contractors":
        assert contractors(root, f"a@ex.com;{text};31/12/2026;a").exit_code == 0
        assert rows(root, "people")[0]["company"] == f"'{text}"
    else:
        assert incidents(root, {"summary": text}, **WHOLE).exit_code == 0
        assert major(root) == Figure(0.0) and f"'{text}" in str(rows(root, "incident-register"))
        assert "unchanged" in incidents(root, {"summary": text}, **WHOLE).stdout


DEVICE = {
    "deviceName": "m1", "serialNumber": "s1", "userPrincipalName": "jane.doe@ex.com", "osVersion": "15.1",
    "isEncrypted": True, "complianceState": "compliant", "lastSyncDateTime": f"{TODAY}T10:00:00Z",
}  # fmt: skip
DEVICES = json.dumps({"value": [DEVICE]})


def test_a_fill_that_writes_nothing_makes_no_key(root: Path) -> None:
    shown = fill(root, "intune-devices", "d.json", DEVICES)
    assert "1 new" in shown.stdout and not (root / ".preuve").exists() and not (root / "registers").exists()
    fill(root, "intune-devices", "d.json", DEVICES, "--write")
    kept = (root / "registers" / "devices.csv").read_bytes()
    assert (root / ".preuve" / "key").exists() and b"person-" in kept
    # Another machine, or one that lost the key: nobody becomes somebody else.
    (root / ".preuve").rename(root / "first")
    for options in ((), ("--write",)):
        error = fill(root, "intune-devices", "d.json", DEVICES, *options).exception
        assert isinstance(error, UsageError) and ".preuve/key" in str(error)
        assert not (root / ".preuve").exists() and (root / "registers" / "devices.csv").read_bytes() == kept
    (root / "first").rename(root / ".preuve")
    assert "m1" not in fill(root, "intune-devices", "d.json", DEVICES).stdout  # the same


@pytest.mark.parametrize("here", [False, True])
def test_a_fill_with_another_key_than_the_last_bundles_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch, here: bool
) -> None:
    monkeypatch.setattr(work, "made_otherwise", lambda *_: "2026-Q3")
    if here:
        load_key(root / ".preuve" / "key")
    error = fill(root, "intune-devices", "d.json", DEVICES, "--write").exception
    assert isinstance(error, UsageError) and str(error).startswith("2026-Q3 was made with")
    assert (root / ".preuve").exists() is here and not (root / "registers").exists()


def test_a_person_as_forges_write_it_is_that_person(root: Path) -> None:
    assert contractors(root, 'a@ex.com;@durand;31/12/2026;"@ali-ext, @b.c"').exit_code == 0
    assert [rows(root, "people")[0][column] for column in ("company", "AWS users")] == ["durand", "ali-ext, b.c"]


@pytest.mark.parametrize(
    "entity",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY e "aaaaaaaaaa"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">]>',
    ],
)
def test_a_workbook_that_defines_entities_is_refused(root: Path, entity: str) -> None:
    good = workbook(["E-mail", "Contract end"], ["a@ex.com", datetime(2026, 12, 31)])
    with zipfile.ZipFile(io.BytesIO(good)) as file:
        members = {name: file.read(name) for name in file.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    body = members[sheet][members[sheet].index(b"<worksheet") :]
    assert b"a@ex.com" in body
    members[sheet] = entity.encode() + body.replace(b"a@ex.com", b"&e;")
    assert "no workbook" in refused(root, "contractors", "c.xlsx", archive(members))


def test_a_cell_covered_by_a_merged_one_is_refused(root: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for line in (["E-mail", "Contract end"], ["a@ex.com", "30/06/2026"], ["b@ex.com", None], ["c@ex.com", "1/7/2026"]):
        book.active.append(line)
    book.active.merge_cells("B2:B3")
    written = io.BytesIO()
    book.save(written)
    result = fill(root, "contractors", "c.xlsx", written.getvalue(), "--write")
    assert "refused: c.xlsx:3, Contract end: another cell is merged with it" in result.stdout
    assert [row["person"] for row in rows(root, "people")] == ["a@ex.com", "c@ex.com"]


def test_one_date_in_another_order_makes_the_dates_of_its_column_doubtful(root: Path) -> None:
    result = contractors(root, "a@ex.com;A;12/31/2026;a", "b@ex.com;B;01/12/2026;b", "c@ex.com;C;2026-12-31;c")
    assert "it is not a date: 12/31/2026; write 31/12/2026 or 2026-12-31" in result.stdout
    assert "01/12/2026: not accepted. Row 2 writes the month first" in result.stdout
    assert [row["person"] for row in rows(root, "people")] == ["c@ex.com"]


def test_one_date_in_another_order_makes_the_dates_of_other_columns_doubtful(root: Path) -> None:
    table = "Fournisseur;Fin de contrat;Prochaine revue\nAWS;05/06/2027;\nOVH;;01/13/2027\nScaleway;;2027-01-05\n"
    result = fill(root, "suppliers", "s.csv", table, "--write")
    assert "s.csv:2, Fin de contrat: 05/06/2027: not accepted. Row 3" in result.stdout
    assert "s.csv:3, Prochaine revue: it is not a date: 01/13/2027" in result.stdout
    assert [row["supplier"] for row in rows(root, "supplier-register")] == ["Scaleway"]


@pytest.mark.parametrize(
    ("inlet", "name", "content"),
    [
        ("contractors", "c.csv", f"{HEADER}\n"),
        ("okta-users", "u.json", "[]"),
        ("okta-users", "u.jsonl", "\n"),
        ("intune-devices", "d.json", '{"value": []}'),
    ],
)
def test_a_file_without_rows_is_refused(root: Path, inlet: str, name: str, content: str) -> None:
    assert "has no row" in refused(root, inlet, name, content)


def test_an_empty_scanner_result_is_accepted(root: Path) -> None:
    sarif = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t"}}, "results": []}]}
    assert fill(root, "sarif", "r.sarif", json.dumps(sarif), "--write").exit_code == 0
    assert rows(root, "scanner-results") == []


@pytest.mark.parametrize(
    ("text", "said"), [("\n\n", "c.csv is empty"), ("Staff 2026\n", "its first row is staff 2026")]
)
def test_a_table_without_its_header_is_refused_with_the_cause(root: Path, text: str, said: str) -> None:
    assert said in refused(root, "contractors", "c.csv", text)


def test_a_past_event_dated_in_the_future_is_refused(root: Path) -> None:
    users = [{**USER, "lastLogin": "2099-01-01T00:00:00.000Z"}]
    assert "u.json:1, lastLogin: a date in the future" in fill(root, "okta-users", "u.json", json.dumps(users)).stdout


def test_an_inlet_that_begins_as_asked_is_named(root: Path) -> None:
    error = run(root, "--show", "hr").exception
    assert isinstance(error, UsageError) and error.hint == "near it: hr-employees"


def test_a_day_that_has_begun_somewhere_does_not_lie_in_the_future(root: Path) -> None:
    path = root / "c.csv"
    path.write_text(f"{HEADER}\na@ex.com;Durand;31/12/2026;a\n", encoding="utf-8")
    tomorrow, later = (str(datetime.now(UTC).date() + timedelta(days=days)) for days in (1, 3))
    assert run(root, "contractors", str(path), "--made", tomorrow).exit_code == 0
    assert "is in the future" in str(run(root, "contractors", str(path), "--made", later).exception)


@pytest.mark.parametrize(
    "spelled", [str.upper, lambda text: text.replace("'", "’"), partial(unicodedata.normalize, "NFD")]
)
def test_a_heading_of_a_register_counts_however_it_is_spelled(root: Path, spelled: Callable[[str], str]) -> None:
    (root / "preuve.yaml").write_text(WORKSPACE.replace("language: en", "language: fr"), encoding="utf-8")
    contractors(root, "a@ex.com;Durand;31/12/2026;a")
    path = root / "registers/people.csv"
    header, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(f"{spelled(header)}\n{rest}", encoding="utf-8")
    assert contractors(root, "a@ex.com;Durand;31/01/2027;a").exit_code == 0
    kept = path.read_text(encoding="utf-8")
    assert kept.startswith(spelled(header)) and "2027-01-31" in kept and "2026-12-31" not in kept


@pytest.mark.parametrize("address", ["a\u202eb@ex.com", "\x1b[31ma@ex.com", "a\u200bb@ex.com"])
def test_invisible_characters_in_an_address_are_refused(root: Path, address: str) -> None:
    users = [
        {**USER, "profile": {"login": address, "email": "a@ex.com"}},
        {**USER, "profile": {"login": "\ufeffz@ex.com "}},
    ]
    assert "not an e-mail address" in fill(root, "okta-users", "u.json", json.dumps(users), "--write").stdout
    assert [row["account"] for row in rows(root, "identity-accounts")] == ["z@ex.com"]


# Punctuation and symbols, and three that Unicode calls letters or marks.
_SIGNS = (chr(code) for code in (*range(0x21, 0x250), *range(0x2010, 0x2C00), *range(0xFF01, 0xFF10)))
SIGNS = [*(sign for sign in _SIGNS if unicodedata.category(sign)[0] in "PS"), "\u02bc", "\u02c8", "\ufe0f"]
ADDRESSES = [
    "o'b#x@ex.com", "jane.doe+it@sub.ex-ample.co.uk", "_svc@ex.com", "guest_ex.org#EXT#@ex.onmicrosoft.com",
    "x@münchen.de", "иван@пример.рф", "राम@उदाहरण.भारत", "1@2.fr", "r&d@ex.com",
]  # fmt: skip


@pytest.mark.parametrize(
    ("around", "may"),
    [
        ("{}a@ex.com", "_"), ("a@ex.com{}", ""), ("{0}a@ex.com{0}", ""), ("a{}@ex.com", "\ufe0f"), ("a@{}ex.com", ""),
        ("a@ex.com{}b", ".-"),
    ],
)  # fmt: skip
def test_an_address_with_a_sign_around_it_is_none(root: Path, around: str, may: str) -> None:
    wrong = [around.format(sign) for sign in (*SIGNS, "mailto:", "smtp:", "http://", "nom=", "a b") if sign not in may]
    users = [{**USER, "profile": {"login": item}} for item in (*wrong, *ADDRESSES)]
    told = fill(root, "okta-users", "u.json", json.dumps(users), "--write").stdout
    assert {row["account"] for row in rows(root, "identity-accounts")} == {item.casefold() for item in ADDRESSES}
    assert "not an e-mail address" in told


# Names of users in IAM's form; the first ones in GitHub's, too.
LOGINS = ["hugo", "Ines-Lopez", "h-p, lea", "@hugo, @lea", "a1,b2", "none", "Aucun", "néant", "hugo_acme", "h" * 39]
NAMES = ["camille.durand", "lea@ex.com", "svc_ci+x=1", "-hugo", "hu--go", "h" * 64, "hugo-"]
NO_NAMES = [
    "arn:aws:iam::123456789012:user/hugo", "user/hugo", "https://github.com/hugo", "github.com/hugo", "a / b", "a et b",
    "a b", "a\u00a0b", "Hugo Petit", "hugo (perso)", "-", "--", "?", "n/a", "aucun.", "none, hugo", "«hugo»", "é",
    "hugo|lea", "hugo:lea", "a; b c", "'hugo'", "h" * 65, "AKIAIOSFODNN7EXAMPLE", "hugo, AIDAIOSFODNN7EXAMPLE", ",",
    "@", "a, b c", "hu\\go", "hugo, Inconnu", "N.A.",
]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "good", "bad"),
    [("AWS users", [*LOGINS, *NAMES], NO_NAMES), ("GitHub users", LOGINS, [*NO_NAMES, *NAMES, "h" * 40])],
)
def test_what_cannot_be_the_name_of_a_user_is_told_and_joins_nobody(
    root: Path, column: str, good: Sequence[str], bad: Sequence[str]
) -> None:
    cells = {f"{number}@ex.com": cell for number, cell in enumerate((*good, *bad))}
    text = "".join(f'{who};Durand;31/12/2026;"{cell}"\n' for who, cell in cells.items())
    told = fill(root, "contractors", "c.csv", f"E-mail;Company;Contract end;{column}\n{text}", "--write").stdout
    kept = {row["person"]: row[column] for row in rows(root, "people")}
    assert [cells[who] for who in kept] == good
    assert told.count(f"{column}: these are not names of ") == len(bad)
    assert all(users(row[column]) is not None for row in entries(root, "people") or ())


@pytest.mark.parametrize("language", [0, 1])
@pytest.mark.parametrize(
    ("column", "good", "bad"),
    [("AWS users", [*LOGINS, *NAMES], NO_NAMES), ("GitHub users", LOGINS, [*NO_NAMES, *NAMES, "h" * 40])],
)
def test_lint_asks_of_names_written_by_hand_what_fill_asks(
    root: Path, column: str, good: Sequence[str], bad: Sequence[str], language: int
) -> None:
    titles = register_columns("people")
    place = titles[0].index(column)
    (root / "registers").mkdir()
    for cell in (*good, *bad):
        row = ["" for _ in titles[0]]
        row[0], row[place] = "person-a", cell
        text = "\n".join(";".join(f'"{one}"' for one in line) for line in (titles[language], row))
        (root / "registers" / "people.csv").write_text(text, encoding="utf-8")
        problems = load_workspace(root, load_library(None, validate=False)).problems
        told = [f"registers/people.csv:2:1: the value under {titles[language][place]}"]
        assert [str(item).split(" is no list")[0] for item in problems] == (told if cell in bad else []), cell


@pytest.mark.parametrize("cell", NO_NAMES)
def test_a_cell_written_by_hand_that_cannot_be_names_of_users_says_nothing(cell: str) -> None:
    assert users(cell) is None


@pytest.mark.parametrize("day", ["31/05/2570", "31/12/9999", "9999-12-31", "01/01/1900", "1447-06-09"])
def test_a_day_of_another_calendar_or_of_a_blank_cell_is_no_end_of_a_contract(root: Path, day: str) -> None:
    told = contractors(root, f"a@ex.com;Durand;{day};a", "b@ex.com;Durand;31/12/2026;b").stdout
    assert "c.csv:2, Contract end: " in told
    assert [row["person"] for row in rows(root, "people")] == ["b@ex.com"]


def test_a_cell_that_is_too_long_is_told_as_that(root: Path) -> None:
    error = contractors(root, f"a@ex.com;{'x' * 200_000};31/12/2026;a").exception
    assert isinstance(error, UsageError) and "c.csv:2: a cell has more than" in str(error)


def test_a_workbook_with_several_sheets_is_refused(root: Path) -> None:
    text = refused(root, "contractors", "c.xlsx", workbook(["E-mail", "Contract end"], sheets=2))
    assert "2 sheets" in text


@pytest.mark.parametrize("separator", [";", ","])
@pytest.mark.parametrize("title", ["Staff list of 28/11/2026", "Staff list, 28/11", "List;of;staff"])
def test_a_title_above_the_header_is_told_with_the_row_of_the_header(root: Path, title: str, separator: str) -> None:
    table = "E-mail;Société;Contract end\na@ex.com;x;2026-12-31\n".replace(";", separator)
    path = root / "c.csv"
    path.write_text(f"{title}\n\n{table}", encoding="utf-8")
    error = run(root, "contractors", str(path)).exception
    assert isinstance(error, UsageError) and "none of these columns" in str(error)
    assert error.hint == "they are in row 3: delete the rows above it, and fill again"
    path.write_text(f"{title}\n\n{table}".replace("E-mail", "Nickname").replace("a@", "a"), encoding="utf-8")
    error = run(root, "contractors", str(path)).exception
    assert isinstance(error, UsageError) and "none of these columns" in str(error)
    assert error.hint == "how to export it: preuve fill --show contractors"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("c.xlsx", archive({"xl/workbook.xml": b"0" * 70_000_000}), "unpacks to more than"),
        ("c.xlsx", archive({f"xl/{name}": b"0" * 7_000_000 for name in range(10)}), "unpacks to more than"),
        ("c.xlsx", b"PK\x03\x04 no archive", "not an XLSX file"),
        ("c.xlsx", archive({"xl/workbook.xml": b"<x/>"}), "no workbook"),
        ("c.csv", "E-mail;Société;Contract end\nà@ex.com;é;2026-12-31\n".encode("latin-1"), "c.csv:1: it is not utf-8"),
        ("c.csv", b"E-mail;Contract end\n\0;\n", "NUL"),
        ("c.csv", "E-mail;E-mail;Contract end\n", "more than once"),
        ("c.csv", "E-mail;Company\n", "none of these columns: Contract End Date"),
        ("c.csv", 'E-mail;Contract end\n"open;2026\n', "not a table"),
        ("c.csv", "E-mail;Contract end\n" + "a" * 200_000 + ";2026-12-31\n", "a cell has more than"),
        ("c.csv", '"E-mail;Contract end\na@ex.com;2026-12-31\n', "not a table"),
        ("c.csv", "E-mail;Contract end\n" + '"a"b;2026-12-31\n' * 101, "not a table"),
        ("c.csv", b"x" * 50_000_001, "more than 50 MB"),
        ("c.txt", "E-mail;Contract end\n", "does not read c.txt"),
    ],
    ids=lambda given: "" if len(given) > 40 else None,
)
def test_an_untrusted_file_is_refused_as_a_whole(root: Path, name: str, content: str | bytes, said: str) -> None:
    assert said in refused(root, "contractors", name, content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[{"status": "ACTIVE", "status": "SUSPENDED"}]', "appears twice"),
        ("[" * 100_000, "JSON"),
        ("[NaN]", "NaN"),
        ('{"value": 1', "JSON"),
    ],
)
def test_ambiguous_or_empty_json_is_refused(root: Path, content: str, said: str) -> None:
    assert said in refused(root, "okta-users", "u.json", content)


def test_one_page_of_several_is_refused(root: Path) -> None:
    page = {"issues": [], "nextPageToken": "more"}
    assert "one page of several" in refused(root, "jira-incidents", "i.json", json.dumps(page))
    assert "totalCount says 9" in refused(
        root, "jamf-computers", "d.json", json.dumps({"results": [], "totalCount": 9})
    )
    assert "totalCount says None" in refused(root, "jamf-computers", "d.json", json.dumps({"results": []}))
    assert "no list issues[]" in refused(root, "jira-incidents", "i.json", json.dumps({"errors": ["denied"]}))


INCIDENT = {"created": "2026-11-05T00:12:00Z", "summary": "s", "priority": {"id": "5"}}


def incidents(root: Path, *issues: Any, **more: Any) -> Result:
    found = [{"key": f"SEC-{number}", "fields": {**INCIDENT, **fields}} for number, fields in enumerate(issues, 1)]
    return fill(root, "jira-incidents", "i.json", json.dumps({"issues": found, **more}), "--write")


def major(root: Path) -> Figure:
    """The figure of the management committee dashboard for November."""
    indicator = next(item for item in load_indicators(root) if item.id == "major-incidents")
    assert indicator.source.count
    return registers_of(root, TODAY).count("2026-11", indicator.id, indicator.source.count)


WHOLE = {"isLast": True}
NESTED = {"summary": {"text": "leak"}, "priority": {"id": "1"}}
UNKNOWN = {"summary": "leak", "priority": {"id": "10001"}}


@pytest.mark.parametrize("bad", [NESTED, UNKNOWN])
def test_what_counts_a_register_is_not_measured_while_rows_were_refused(root: Path, bad: dict[str, Any]) -> None:
    assert incidents(root, bad, {}, **WHOLE).exit_code == Exit.INCOMPLETE
    assert major(root) == Figure(why="short_refused")
    assert incidents(root, {"priority": {"id": "1"}}, {}, **WHOLE).exit_code == 0
    assert major(root) == Figure(1.0)


def test_a_file_without_a_good_row_takes_the_figures_back(root: Path) -> None:
    incidents(root, {}, **WHOLE)
    assert major(root) == Figure(0.0)
    before = rows(root, "incident-register")
    assert incidents(root, NESTED, **WHOLE).exit_code == Exit.INCOMPLETE
    assert (rows(root, "incident-register"), major(root)) == (before, Figure(why="short_refused"))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"isLast": True}, ""),
        ({"total": 1, "startAt": 0, "maxResults": 50}, ""),  # REST v2
        ({}, "short_unproved"),  # pages put together by hand
        ({"isLast": None}, "short_unproved"),
    ],
)
def test_a_list_of_jira_says_that_it_is_whole(root: Path, said: dict[str, Any], why: str) -> None:
    result = incidents(root, {}, **said)
    assert result.exit_code == (Exit.INCOMPLETE if why else 0)
    assert ("it is complete" in result.stdout, major(root).why) == (bool(why), why)


@pytest.mark.parametrize("said", [{"isLast": False}, {"total": 120, "startAt": 0, "maxResults": 1}, {"isLast": "no"}])
def test_a_page_of_jira_is_refused(root: Path, said: dict[str, Any]) -> None:
    result = incidents(root, {}, **said)
    assert isinstance(result.exception, UsageError) and not (root / "registers").exists()


@pytest.mark.parametrize("value", ["text", ["text"], {"a": "text"}, 7, 0, True, False])
@pytest.mark.parametrize("key", ["warningMessages", "errorMessages", "errors", "truncated", "@odata.error"])
def test_an_answer_with_a_key_that_its_inlet_does_not_know_is_not_known_to_be_whole(key: str, value: Any) -> None:
    tried = 0
    for inlet in load_inlets().values():
        first, *_ = inlet.source.rows.partition("[]")
        if first:
            whole = {first: [], **({inlet.source.total: 0} if inlet.source.total else {})}
            for name in ("json", *(["jsonl"] if "jsonl" in inlet.source.formats else [])):
                read = {"json": json_lines, "jsonl": jsonl_lines}[name]
                content = Content(f"a.{name}", json.dumps({**whole, key: value}).encode(), TODAY)
                told = read(content, inlet)
                assert (told.short is not Shortfall.NONE, list(told.notices)) == (True, [(key, value)]), inlet.id
                tried += 1
            known = {**whole, **dict.fromkeys(inlet.source.members, value), key: []}
            content = Content("a.json", json.dumps(known).encode(), TODAY)
            assert not json_lines(content, inlet).notices, f"{inlet.id}: each key is known, or empty"
    assert tried >= 8


def test_the_words_of_a_tool_are_told_and_the_figures_are_not_measured(root: Path) -> None:
    said = "The value 'Incident majeur' does not exist for the field 'type'."
    assert incidents(root, {}, **WHOLE).exit_code == 0
    result = incidents(root, {}, **WHOLE, warningMessages=[said])
    assert (result.exit_code, major(root)) == (Exit.INCOMPLETE, Figure(why="short_notice"))
    assert f'warningMessages: ["{said}"]' in result.stdout
    assert run(root, "jira-incidents", str(root / "i.json"), "--write", "--whole").exit_code == 0, (
        "a person has read it"
    )


def paged(root: Path, *pages: dict[str, Any]) -> Result:
    """As the recipe of the inlets puts them together: jq -s . page*.json"""
    return fill(root, "jira-incidents", "i.json", json.dumps(pages), "--write")


def page(number: int, **more: Any) -> dict[str, Any]:
    return {"issues": [{"key": f"SEC-{number}", "fields": INCIDENT}], **more}


OPEN, END = {"nextPageToken": "t", "isLast": False}, {"isLast": True}
NEXT = {"nextPageToken": "u", "isLast": False}


def test_pages_in_one_list_are_whole_with_exactly_one_last(root: Path) -> None:
    assert paged(root, page(1, **OPEN), page(10, **END), page(2, **NEXT)).exit_code == 0, "jq sorts 10 before 2"
    assert len(rows(root, "incident-register")) == 3


@pytest.mark.parametrize(
    "pages",
    [
        [],
        [page(1, **OPEN)],
        [page(1, **OPEN), {"errorMessages": ["429"]}],
        [page(1, **OPEN), {"errorMessages": ["429"]}, page(3, **END)],
        [page(1, **OPEN), page(2, **END), page(3, **END)],
        [page(1), page(2, **END)],
        [page(1, total=3), page(2, total=3)],
        [page(1, **OPEN), "text", page(3, **END)],
    ],
)
def test_pages_of_a_fetch_that_stopped_are_refused(root: Path, pages: list[Any]) -> None:
    assert isinstance(paged(root, *pages).exception, UsageError)
    assert not (root / "registers").exists()


@pytest.mark.parametrize("said", [{"warningMessages": ["x"]}, {"startAt": 50}])
def test_a_page_that_says_that_something_is_missing_counts_for_all(root: Path, said: dict[str, Any]) -> None:
    assert paged(root, page(1, **OPEN, **said), page(2, **END)).exit_code == Exit.INCOMPLETE


def test_the_recipes_put_pages_together_without_leaving_out_a_key() -> None:
    for inlet in load_inlets().values():
        for text in (inlet.how.in_language("en"), inlet.how.in_language("fr")):
            assert "jq -s" not in text or re.findall(r"jq -s (\S+) page", text) in (["."], ["add"]), inlet.id


@pytest.mark.parametrize("bad", [None, "device", 7, [], True])
def test_an_entry_of_a_list_that_is_no_object_is_refused_with_its_place(root: Path, bad: Any) -> None:
    good = {"deviceName": "a", "serialNumber": "S1"}
    result = fill(root, "intune-devices", "d.json", json.dumps({"value": [good, bad]}), "--write")
    assert (result.exit_code, len(rows(root, "devices"))) == (Exit.INCOMPLETE, 1)
    assert "d.json:2: the entry of the list is no object" in result.stdout


def test_a_count_of_a_tool_that_its_list_does_not_reach_is_refused(root: Path) -> None:
    some = {"value": [{"deviceName": "a", "serialNumber": "S1"}], "@odata.count": 2, "@odata.context": "c"}
    assert "@odata.count says 2" in refused(root, "intune-devices", "d.json", json.dumps(some))


@pytest.mark.parametrize("total", [{"a": 1}, [1], "1", True, -1, 1.5])
def test_a_count_that_is_no_number_is_refused(root: Path, total: Any) -> None:
    text = json.dumps({"value": [{"deviceName": "a", "serialNumber": "S1"}] * 2, "@odata.count": total})
    assert "@odata.count says" in refused(root, "intune-devices", "d.json", text)


@pytest.mark.parametrize("counts", [(2, 1), (3, 3), (2, None), (None, 1)])
def test_a_count_is_that_of_a_page_or_of_all(root: Path, counts: tuple[int | None, int | None]) -> None:
    pages = [
        {"value": [{"deviceName": f"d{n}", "serialNumber": f"S{n}"} for n in page], "@odata.count": count}
        for page, count in zip(((1, 2), (3,)), counts, strict=True)
    ]
    pages[0]["@odata.nextLink"] = "x"
    kept = [{key: value for key, value in page.items() if value is not None} for page in pages]
    assert fill(root, "intune-devices", "d.json", json.dumps(kept), "--write").exit_code == Exit.OK
    assert len(rows(root, "devices")) == 3


def test_a_page_that_was_saved_twice_is_told(root: Path) -> None:
    pages: list[dict[str, Any]] = [
        {"value": [{"deviceName": f"d{n}", "serialNumber": f"S{n}"}], "@odata.nextLink": f"n{n}"} for n in (1, 2, 1)
    ]
    last = {"value": [{"deviceName": "d4", "serialNumber": "S4"}]}
    assert "the same page twice" in refused(root, "intune-devices", "d.json", json.dumps([*pages, last]))
    assert fill(root, "intune-devices", "d.json", json.dumps([*pages[:2], last]), "--write").exit_code == Exit.OK


def test_a_file_with_a_date_in_the_future_is_told_as_such(root: Path) -> None:
    path = root / "c.csv"
    path.write_text(f"{HEADER}\nada@ex.com;A;;\n", encoding="utf-8")
    ahead = datetime.now(UTC) + timedelta(days=150)
    os.utime(path, (ahead.timestamp(), ahead.timestamp()))
    error = run(root, "contractors", str(path)).exception
    assert isinstance(error, UsageError) and f"{ahead.date()}, is in the future" in str(error)
    assert run(root, "contractors", str(path), "--made", f"{TODAY}").exit_code == 0


def test_who_has_checked_a_file_may_say_that_it_is_whole(root: Path) -> None:
    path = root / "i.json"
    path.write_text(json.dumps({"issues": [{"key": "SEC-1", "fields": INCIDENT}]}), encoding="utf-8")
    assert run(root, "jira-incidents", str(path), "--write", "--whole").exit_code == 0
    assert major(root) == Figure(0.0)
    path.write_text(json.dumps({"issues": [{"key": "SEC-1", "fields": {**INCIDENT, **NESTED}}]}), encoding="utf-8")
    assert run(root, "jira-incidents", str(path), "--write", "--whole").exit_code == Exit.INCOMPLETE
    assert major(root) == Figure(why="short_refused"), "nobody vouches for a row that was refused"


GOOD, BAD, NAMELESS = "31/12/2026", "31/31/2026", "nobody"
_ROW = st.sampled_from(["", GOOD, BAD, NAMELESS])
_EXPORT = st.tuples(st.sampled_from("ab"), st.tuples(_ROW, _ROW, _ROW), st.booleans()).filter(lambda it: any(it[1]))


@settings(max_examples=8, deadline=None)
@given(exports=st.lists(_EXPORT, min_size=2, max_size=4))
@example([("a", (GOOD, BAD, ""), False), ("b", (GOOD, "", ""), False)])  # the second is whole
@example([("a", (BAD, "", ""), False), ("b", (GOOD, "", ""), False), ("a", (GOOD, "", ""), False)])
@example([("a", (GOOD, BAD, ""), True), ("b", (GOOD, "", ""), False)])  # a person removes the rows of the first
@example([("a", ("", BAD, GOOD), False), ("b", (GOOD, "", GOOD), False)])  # both have the last one
@example([("a", (BAD, NAMELESS, ""), False), ("a", (GOOD, "", ""), False)])
def test_a_file_that_was_not_read_whole_is_remembered_until_its_rows_come(
    tmp_path_factory: pytest.TempPathFactory, exports: list[tuple[str, tuple[str, ...], bool]]
) -> None:
    """Two subsidiaries fill one register by one inlet and share a person; the file of one says nothing of the other's
    people, and what a person deletes in the register brings no row of a file.
    """
    root = tmp_path_factory.mktemp("ws")
    (root / "preuve.yaml").write_text(WORKSPACE, encoding="utf-8")
    files: list[dict[str, str]] = []
    newest: dict[str, dict[str, str]] = {}
    for number, (source, ends, deleted) in enumerate(exports):
        names = (f"{source}0@ex.com", f"{source}1@ex.com", "both@ex.com")
        said = {"" if end == NAMELESS else name: end for name, end in zip(names, ends, strict=True) if end}
        path = root / f"{number}.csv"
        path.write_text("\n".join([HEADER, *(f"{who};;{end};" for who, end in said.items())]), encoding="utf-8")
        work.fill(root, "contractors", path, FileFacts(TODAY, "", TODAY), write=True)
        files.append(said)
        newest[source] = said
        if deleted and (register := root / "registers" / "people.csv").exists():
            register.write_text(register.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")
    brought = [{who for who, end in said.items() if end == GOOD} for said in files]
    kept = entries(root, "people") or ()
    short = any(
        set(said) - brought[number] and set(said) - set().union(*brought[number + 1 :])
        for number, said in enumerate(files)
    )
    assert missing(root, "people", kept) == ("refused" if short else "")
    good = {who for said in newest.values() for who, end in said.items() if end == GOOD}
    fresh = {row["person"] for row in kept if row["fresh until"] > str(TODAY)}
    assert good <= fresh or any(deleted for *_, deleted in exports), "a file of one source ends no row of the other"


def test_a_file_of_which_not_even_a_key_could_be_read_is_settled_by_a_person(root: Path) -> None:
    assert incidents(root, {}, **WHOLE).exit_code == 0
    text = json.dumps({"issues": [{"key": "", "fields": INCIDENT}], **WHOLE})
    assert fill(root, "jira-incidents", "i.json", text, "--write").exit_code == Exit.INCOMPLETE
    told = incidents(root, {}, **WHOLE).stdout
    assert "nothing says which of its rows were not read" in told and major(root) == Figure(why="short_refused")
    assert run(root, "jira-incidents", str(root / "i.json"), "--write", "--whole").exit_code == 0
    assert major(root) == Figure(0.0)


def test_without_a_record_of_its_files_a_filled_register_is_not_known_to_be_whole(root: Path) -> None:
    incidents(root, {}, **WHOLE)
    record = root / "registers" / ".filled" / "incident-register.files.json"
    record.unlink()
    assert major(root) == Figure(why="short_unknown")
    record.write_text("[]", encoding="utf-8")
    assert major(root) == Figure(why="register_unusable")


def test_a_record_of_an_earlier_version_is_read(root: Path) -> None:
    """It has one file of an inlet, and not which rows that had."""
    record = root / "registers" / ".filled" / "incident-register.files.json"
    for refused_, why in ((0, ""), (1, "short_refused")):
        incidents(root, {}, **WHOLE)
        was = {"made": "2026-01-02", "sha256": "0" * 64, "refused": refused_, "short": ""}
        record.write_text(json.dumps({"jira-incidents": was}), encoding="utf-8")
        told = incidents(root, {}, **WHOLE)
        assert (told.exit_code, major(root).why) == (Exit.INCOMPLETE if why else 0, why)
        assert ("nothing says which of its rows" in told.stdout) is bool(why)
    assert run(root, "jira-incidents", str(root / "i.json"), "--write", "--whole").exit_code == 0
    assert major(root).why == ""


def test_a_register_that_lacks_rows_leaves_its_listing_unread(root: Path) -> None:
    contractors(root, "a@ex.com;Durand;31/12/2026;a", "b@ex.com;Durand;31/31/2026;b")
    needs = Needs({"Register::Person": frozenset({"Person"})})
    read = read_registers(bundled(), needs, load_workspace(root, bundled()), Redactor(Pseudonyms(b"k" * 32)), {})
    ((_, lines),) = read
    listings = [line for line in lines if line["kind"] == "listing"]
    assert [(line["count"], (line["unread"] or {}).get("cause")) for line in listings] == [
        (1, None),
        (0, "register_short"),
    ]


def test_the_line_with_the_separator_of_a_spreadsheet_is_no_header(root: Path) -> None:
    text = f"sep=;\r\n{HEADER}\r\na@ex.com;Durand;31/12/2026;a\r\nb@ex.com;;x;\r\n"
    result = fill(root, "contractors", "c.csv", text, "--write")
    assert [row["person"] for row in rows(root, "people")] == ["a@ex.com"] and "c.csv:4" in result.stdout


def test_links_and_devices_are_not_read(root: Path) -> None:
    (root / "real.csv").write_text(f"{HEADER}\n", encoding="utf-8")
    (root / "link.csv").symlink_to("real.csv")
    os.mkfifo(root / "pipe.csv")
    for name in ("link.csv", "pipe.csv"):
        assert isinstance(run(root, "contractors", str(root / name)).exception, PreuveError)
    elsewhere = root / "elsewhere.csv"
    elsewhere.write_text("mine\n", encoding="utf-8")
    (root / "registers").mkdir()
    (root / "registers" / "people.csv").symlink_to(elsewhere)
    assert "is a link" in str(contractors(root, "a@ex.com;;2026-12-31;a").exception)
    assert elsewhere.read_text(encoding="utf-8") == "mine\n"


# ---- bundled inlets -----------------------------------------------------------------------------------------------

USER = {
    "status": "SUSPENDED",
    "created": "2026-01-12T14:22:11.000Z",
    "lastLogin": None,
    "profile": {"login": "A@ex.com", "email": "a@ex.com"},
}


def test_okta_users_fill_their_register(root: Path) -> None:
    result = fill(root, "okta-users", "u.jsonl", f"{json.dumps(USER)}\n{{\n", "--write")
    assert "u.jsonl:2" in result.stdout
    (row,) = rows(root, "identity-accounts")
    assert (row["account"], row["active"], row["last sign-in"]) == ("a@ex.com", "no", "")


@pytest.mark.parametrize("cell", ["CDI", "sans terme", "no term", "0000-00-00", ""])
def test_an_open_end_of_a_contract_is_taken_as_staff_lists_write_it(root: Path, cell: str) -> None:
    assert staff(root, f"a@ex.com,{cell}").exit_code == 0
    assert rows(root, "people")[0]["contract until"] == "no term"


@pytest.mark.parametrize("nothing", ["0000-00-00", "CDI", "sans terme", " ", ""])
def test_what_stands_for_an_empty_cell_hides_no_end_in_another_column(root: Path, nothing: str) -> None:
    head = "Work Email,Termination Date,Contract End Date"
    fill(
        root,
        "hr-employees",
        "h.csv",
        f"{head}\na@ex.com,{nothing},31/12/2026\nb@ex.com,31/12/2026,{nothing}\n",
        "--write",
    )
    assert [row["contract until"] for row in rows(root, "people")] == ["2026-12-31"] * 2
    result = fill(root, "hr-employees", "h.csv", f"{head}\na@ex.com,{nothing},soon\n")
    assert "h.csv:2, Contract End Date: " in result.stdout


def test_a_device_that_never_synchronised_has_no_day(root: Path) -> None:
    device = {"deviceName": "d", "serialNumber": "s", "osVersion": "14", "isEncrypted": True}
    device |= {"complianceState": "compliant", "lastSyncDateTime": "0001-01-01T00:00:00Z"}
    fill(root, "intune-devices", "d.json", json.dumps({"value": [device]}), "--write")
    assert [row["last seen on"] for row in rows(root, "devices")] == [""]


def test_a_user_that_was_deactivated_after_an_earlier_file_is_no_longer_active(root: Path) -> None:
    fill(root, "okta-users", "u.json", json.dumps([{**USER, "status": "ACTIVE"}]), "--whole", "--write")
    fill(root, "okta-users", "v.json", json.dumps([{**USER, "status": "DEPROVISIONED"}]), "--whole", "--write")
    assert [row["active"] for row in rows(root, "identity-accounts")] == ["no"]
    assert "DEPROVISIONED" in CliRunner().invoke(main, ["fill", "--show", "okta-users"]).output


@pytest.mark.parametrize(("rows_", "told"), [(199, False), (200, True), (201, False)])
def test_a_file_with_a_full_page_of_rows_gives_a_warning(root: Path, rows_: int, told: bool) -> None:
    users = [{**USER, "profile": {"login": f"u{number}@ex.com", "email": "a@ex.com"}} for number in range(rows_)]
    assert ("one page of the tool" in fill(root, "okta-users", "u.json", json.dumps(users)).stdout) == told


def test_a_secret_does_not_get_into_a_register(root: Path) -> None:
    fields = {"created": "2026-11-05T00:12:00Z", "summary": "key AKIAIOSFODNN7REALKEY in chat", "priority": {"id": "1"}}
    fill(root, "jira-incidents", "i.json", json.dumps({"issues": [{"key": "SEC-1", "fields": fields}]}), "--write")
    assert "AKIA" not in (root / "registers" / "incident-register.csv").read_text(encoding="utf-8")


def test_an_unknown_status_is_neither_yes_nor_no(root: Path) -> None:
    result = fill(root, "okta-users", "u.json", json.dumps([{**USER, "status": "HIBERNATING"}]))
    assert "u.json:1, status" in result.stdout and "unknown value: HIBERNATING (known: ACTIVE, " in result.stdout


@pytest.mark.parametrize(("cell", "day"), [("06/07/2026 00:00", "2026-07-06"), ("06/07/2026 00:00:00", "2026-07-06")])
def test_a_day_with_midnight_is_that_day(root: Path, cell: str, day: str) -> None:
    assert contractors(root, f"a@ex.com;A;{cell};a").exit_code == 0
    assert rows(root, "people")[0]["contract until"] == day


@pytest.mark.parametrize("cell", ["CDI", "-", "31/02/2026", "06/07/2026 14:00"])
def test_what_is_no_day_is_told_with_the_ways_to_write_one(root: Path, cell: str) -> None:
    told = contractors(root, f"a@ex.com;A;{cell};a", "b@ex.com;B;31/12/2026;b").stdout
    assert f"it is not a date: {cell}; write 31/12/2026 or 2026-12-31" in told
    assert "Dates: 31/12/2026 or 2026-12-31" in run(root, "--show", "contractors").stdout


def test_whole_is_not_asked_for_where_it_cannot_help(root: Path) -> None:
    path = root / "c.csv"
    path.write_text(f"{HEADER}\na@ex.com;A;CDI;a\n", encoding="utf-8")
    told = run(root, "contractors", str(path), "--whole").stdout
    assert "--whole" not in told and "1 row of the file is not in the register" in told


@pytest.mark.parametrize(("inlet", "register"), [("contractors", "people"), ("suppliers", "supplier-register")])
def test_a_register_without_its_columns_is_told_what_can_be_done(root: Path, inlet: str, register: str) -> None:
    (root / "registers").mkdir()
    (root / "registers" / f"{register}.csv").write_text("a;b\n", encoding="utf-8")
    error = fill(root, inlet, "c.csv", f"{HEADER}\n").exception
    assert isinstance(error, UsageError)
    said = {"people": "put its columns back, as its first row: person;kind", "supplier-register": "--template"}
    assert said[register] in error.hint


def test_a_row_of_another_width_is_told_with_both(root: Path) -> None:
    told = contractors(root, "a@ex.com;A;2026-12-31", "b@ex.com;B;2026-12-31;b;c").stdout
    assert "3 cells, and the header has 4" in told and "5 cells, and the header has 4" in told


def test_the_download_of_the_entra_portal_is_read_with_its_american_times(root: Path) -> None:
    text = (
        "userPrincipalName,displayName,mail,userType,accountEnabled,createdDateTime\n"
        "a@ex.com,A,a@ex.com,Member,True,8/19/2021 1:25:31 PM\n"
    )
    assert fill(root, "microsoft-365-users", "u.csv", text, "--write").exit_code == 0
    assert [row["created on"] for row in rows(root, "identity-accounts")] == ["2021-08-19"]


def test_google_workspace_users_fill_their_register(root: Path) -> None:
    names = ["Email Address [Required]", "Status [READ ONLY]", "Last Sign In [READ ONLY]", "2sv Enrolled [READ ONLY]"]
    text = ",".join(names) + "\na@ex.com,Active,Never logged in,True\nb@ex.com,Suspended,2026/11/20 08:00:00,False\n"
    fill(root, "google-workspace-users", "u.csv", text, "--write")
    found = [(row["active"], row["MFA"], row["last sign-in"]) for row in rows(root, "identity-accounts")]
    assert found == [("yes", "yes", ""), ("no", "no", "2026-11-20")]


def test_jira_incidents_use_pseudonyms_and_utc_times(root: Path) -> None:
    fields = {
        "created": "2026-11-05T00:12:00.000+0100",
        "summary": "Key in a script",
        "priority": {"id": "2"},
        "reporter": {"displayName": "Zoé Petit"},
        "resolutiondate": None,
    }
    fill(root, "jira-incidents", "i.json", json.dumps({"issues": [{"key": "SEC-1", "fields": fields}]}), "--write")
    (row,) = rows(root, "incident-register")
    assert (row["detected (UTC)"], row["severity (1-4)"]) == ("2026-11-04T23:12Z", "3")
    assert row["reported by"].startswith("person-")
    assert "Zoé Petit" in (root / ".preuve" / "key.names.json").read_text(encoding="utf-8")


def test_results_of_scanners_keep_tool_and_version(root: Path) -> None:
    driver = {"driver": {"name": "Trivy", "version": "0.68.1"}}
    result = {"ruleId": "DS-0002", "level": "error", "message": {"text": "root"}}
    place = {"locations": [{"physicalLocation": {"artifactLocation": {"uri": "portal/Dockerfile"}}}]}
    log = {"runs": [{"tool": driver, "results": [{**result, **place}]}]}
    fill(root, "sarif", "trivy.sarif", json.dumps(log), "--write")
    (row,) = rows(root, "scanner-results")
    assert (row["tool"], row["version"], row["place"], row["result"]) == (
        "Trivy",
        "0.68.1",
        "portal/Dockerfile",
        "fails",
    )
    assert row["filled from"].startswith('sarif: Trivy 0.68.1, "trivy.sarif", ')


@pytest.mark.parametrize(
    ("said", "result"),
    [
        ({"baselineState": "absent"}, "no longer found"),
        ({"baselineState": "unchanged"}, "fails"),
        ({"suppressions": []}, "fails"),
        ({"suppressions": [{"kind": "inSource"}]}, "suppressed in the tool"),
        ({"suppressions": [{"kind": "external", "status": "accepted"}]}, "suppressed in the tool"),
        ({"suppressions": [{"kind": "external", "status": "underReview"}]}, "fails"),
        ({"suppressions": [{"kind": "inSource"}, {"kind": "external", "status": "rejected"}]}, "fails"),
    ],
)
def test_a_result_that_its_tool_does_not_count_is_told_as_such(root: Path, said: dict[str, Any], result: str) -> None:
    place = {"locations": [{"physicalLocation": {"artifactLocation": {"uri": "a"}}}]}
    found = {"ruleId": "A", "level": "error", "message": {"text": "b"}, **place, **said}
    log = {"runs": [{"tool": {"driver": {"name": "T"}}, "results": [found]}]}
    fill(root, "sarif", "t.sarif", json.dumps(log), "--write")
    assert [row["result"] for row in rows(root, "scanner-results")] == [result]


OVERRIDE = {"descriptor": {"id": "A"}, "configuration": {"level": "note"}}
RULES = {"rules": [{"id": "A", "defaultConfiguration": {"level": "error"}}, {"id": "B"}]}


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ({"ruleId": "A", "level": "note"}, "note"),
        ({"ruleId": "A"}, "error"),  # Semgrep
        ({"rule": {"id": "A"}}, "error"),
        ({"ruleId": "A", "kind": "pass"}, "none"),
        ({"ruleId": "B"}, "not said, which SARIF takes for warning"),  # gitleaks
        ({"ruleId": "C"}, "not said, which SARIF takes for warning"),
    ],
)
def test_a_result_without_a_level_has_that_of_its_rule(root: Path, said: dict[str, Any], severity: str) -> None:
    place = {"locations": [{"physicalLocation": {"artifactLocation": {"uri": "a"}}}]}
    log = {
        "runs": [{"tool": {"driver": {"name": "T", **RULES}}, "results": [{"message": {"text": "b"}, **place, **said}]}]
    }
    fill(root, "sarif", "t.sarif", json.dumps(log), "--write")
    assert [row["severity"] for row in rows(root, "scanner-results")] == [severity]


@pytest.mark.parametrize(
    ("run_", "said", "severity"),
    [
        ({"tool": {"driver": {"rules": []}, "extensions": [{}, RULES]}}, {"ruleId": "A"}, "error"),  # CodeQL
        ({"tool": {"driver": {}, "extensions": [{"rules": "B"}, RULES]}}, {"rule": {"id": "A"}}, "error"),
        ({"tool": {"driver": RULES}}, {"ruleId": "A/1"}, "error"),
        ({"tool": {"driver": RULES}}, {"ruleId": "/1"}, "not said, which SARIF takes for warning"),
        ({"tool": {"driver": RULES}}, {"ruleId": "A1"}, "not said, which SARIF takes for warning"),
        (
            {"tool": {"driver": RULES}, "invocations": [{"ruleConfigurationOverrides": [OVERRIDE]}]},
            {"ruleId": "A"},
            "note",
        ),
        ({"tool": {"driver": RULES}, "invocations": [{}]}, {"ruleId": "A"}, "error"),
    ],
)
def test_the_level_of_a_rule_is_found_wherever_sarif_puts_it(
    root: Path, run_: dict[str, Any], said: dict[str, Any], severity: str
) -> None:
    place = {"locations": [{"physicalLocation": {"artifactLocation": {"uri": "a"}}}]}
    run_["tool"]["driver"] = {"name": "T", **run_["tool"]["driver"]}
    log = {"runs": [{**run_, "results": [{"message": {"text": "b"}, **place, **said}]}]}
    fill(root, "sarif", "t.sarif", json.dumps(log), "--write")
    assert [row["severity"] for row in rows(root, "scanner-results")] == [severity]


def test_a_vulnerability_that_was_withdrawn_is_left_out(root: Path) -> None:
    found = [
        {"id": "CVE-1", "rejected": "2026-01-01T00:00:00Z", "affects": [{"ref": "pkg:a"}]},
        {"id": "CVE-2", "affects": [{"ref": "pkg:a"}]},
        {"id": "CVE-3"},
    ]
    bom = {"metadata": {"tools": [{"name": "t"}], "component": {"name": "image"}}, "vulnerabilities": found}
    result = fill(root, "cyclonedx", "image.json", json.dumps(bom), "--write")
    assert [row["rule"] for row in rows(root, "scanner-results")] == ["CVE-2", "CVE-3"]
    assert "1 not requested" in result.stdout


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_column_is_found_in_either_form_of_its_accents(root: Path, form: Literal["NFC", "NFD"]) -> None:
    text = "E-mail;Société;Fin de contrat\na@ex.com;Durand;31/12/2026\n"
    fill(root, "contractors", "c.csv", unicodedata.normalize(form, text), "--write")
    assert [row["company"] for row in rows(root, "people")] == ["Durand"]


def test_a_component_that_a_vulnerability_does_not_affect_does_not_fail(root: Path) -> None:
    affects = [
        {"ref": "pkg:a", "versions": [{"version": "1", "status": "unaffected"}]},
        {
            "ref": "pkg:b",
            "versions": [{"version": "1", "status": "unaffected"}, {"version": "2", "status": "affected"}],
        },
        {"ref": "pkg:c", "versions": [{"version": "1", "status": "unknown"}]},
        {"ref": "pkg:d", "status": "unaffected"},
    ]
    bom = {"vulnerabilities": [{"id": "CVE-1", "affects": affects}], "metadata": {"tools": [{"name": "t"}]}}
    fill(root, "cyclonedx", "image.json", json.dumps(bom), "--write")
    assert [row["result"] for row in rows(root, "scanner-results")] == [
        "not affected",
        "fails",
        "fails",
        "not affected",
    ]


def test_every_component_counts_with_the_worst_rating_of_a_vulnerability(root: Path) -> None:
    ratings = [
        {"severity": "low", "method": "CVSSv2"},
        {"severity": "critical", "method": "CVSSv31"},
        {"severity": "unknown", "source": {"name": "vendor"}},
        {"score": 9.8, "method": "CVSSv4"},
    ]
    found = [
        {"id": "CVE-1", "ratings": ratings, "affects": [{"ref": "pkg:a"}, {"ref": "pkg:b"}]},
        {"id": "CVE-2", "ratings": [{"severity": "unknown"}]},
    ]
    tool = {"components": [{"name": "trivy", "version": "0.68.1"}]}
    bom = {"metadata": {"tools": tool, "component": {"name": "image"}}, "vulnerabilities": found}
    fill(root, "cyclonedx", "image.json", json.dumps(bom), "--write")
    assert [(row["rule"], row["place"], row["severity"]) for row in rows(root, "scanner-results")] == [
        ("CVE-1", "pkg:a", "critical (CVSSv31), 9.8 (CVSSv4)"),
        ("CVE-1", "pkg:b", "critical (CVSSv31), 9.8 (CVSSv4)"),
        ("CVE-2", "image", "not said"),
    ]


@pytest.mark.parametrize(("told", "made"), [("2026-01-05T08:00:00Z", "2026-01-05"), ("", "")])
def test_a_scan_is_as_old_as_the_file_says_within(root: Path, told: str, made: str) -> None:
    wanted = (date.fromisoformat(made) if made else TODAY) + timedelta(days=35)
    result = {
        "ruleId": "A",
        "message": {"text": "b"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a"}}}],
    }
    ended = {"executionSuccessful": True, **({"endTimeUtc": told} if told else {})}
    run_ = {"tool": {"driver": {"name": "T"}}, "results": [result], "invocations": [ended]}
    fill(root, "sarif", "t.sarif", json.dumps({"runs": [run_]}), "--write")
    assert rows(root, "scanner-results")[0]["fresh until"] == wanted.isoformat()


def test_no_scanner_has_seen_anything_on_a_day_to_come() -> None:
    inlets = load_inlets()
    seen = {name: inlet.fields["seen on"] for name, inlet in inlets.items() if "seen on" in inlet.fields}
    assert len(seen) >= 3
    assert [name for name, item in seen.items() if not item.past] == []


def test_a_result_of_a_day_to_come_is_refused(root: Path) -> None:
    place = {"locations": [{"physicalLocation": {"artifactLocation": {"uri": "a"}}}]}
    found = {"ruleId": "A", "message": {"text": "b"}, **place}
    ended = {"executionSuccessful": True, "endTimeUtc": "2099-01-01T00:00:00Z"}
    run_ = {"tool": {"driver": {"name": "T"}}, "results": [found], "invocations": [ended]}
    result = fill(root, "sarif", "t.sarif", json.dumps({"runs": [run_]}), "--write")
    assert (result.exit_code, "a date in the future" in result.output) == (Exit.INCOMPLETE, True)


RUN: dict[str, Any] = {"tool": {"driver": {"name": "T"}}, "results": []}
ENDED = {"executionSuccessful": True}
LATER = {"location": {"uri": "results.sarif-external-properties"}, "itemCount": 1000}


@pytest.mark.parametrize(
    "log",
    [
        {"runs": []},
        *(
            {"runs": [RUN, {**RUN, "invocations": [item]}]}
            for item in (
                {},
                {"exitCode": 0},
                {"executionSuccessful": None},
                {"executionSuccessful": "no"},
                {"exitCode": 137, "exitSignalName": "SIGKILL", "processStartFailureMessage": "x"},
                {**ENDED, "exitSignalName": "SIGKILL"},
                {**ENDED, "exitSignalNumber": 9},
                {**ENDED, "processStartFailureMessage": "no such file"},
                {**ENDED, "toolExecutionNotifications": [{"level": "error"}]},
                {**ENDED, "toolConfigurationNotifications": [{"level": "note"}, {"level": "error"}]},
                {**ENDED, "toolExecutionNotifications": {"level": "error"}},
                {**ENDED, "toolExecutionNotifications": [{"level": "fatal"}]},
                "ended",
                None,
            )
        ),
        {"runs": [{**RUN, "invocations": [ENDED, {"executionSuccessful": False}]}]},
        {"runs": [{**RUN, "invocations": ENDED}]},
        {"runs": [{**RUN, "externalPropertyFileReferences": {"results": [LATER]}}]},
        {"runs": [{**RUN, "externalPropertyFileReferences": {"invocations": [LATER]}}]},
        {"runs": [RUN], "inlineExternalProperties": [{"runGuid": "x", "results": [{}]}]},
        {"runs": [{**RUN, "conversion": {"invocation": {"executionSuccessful": False}}}]},
    ],
    ids=lambda log: json.dumps(log).replace(json.dumps(RUN)[:-1], "")[:90],
)
def test_a_log_that_does_not_say_that_its_tool_ran_to_the_end_declares_nothing(root: Path, log: dict[str, Any]) -> None:
    result = fill(root, "sarif", "t.sarif", json.dumps(log), "--write")
    assert (result.exit_code, "did not read everything" in result.stdout) == (Exit.INCOMPLETE, True)
    assert not any((root / "registers").glob("*.csv"))  # an empty register would declare that there are none


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"invocations": []},
        {"invocations": [ENDED, {**ENDED, "exitCode": 1}]},
        {"invocations": [{**ENDED, "toolExecutionNotifications": [{"level": "note"}, {}]}]},
        {"conversion": {"tool": {}}, "externalPropertyFileReferences": {}},
    ],
)
def test_a_log_of_a_tool_that_ran_to_the_end_declares_that_there_is_nothing(root: Path, more: dict[str, Any]) -> None:
    log = {"runs": [{**RUN, **more}], "inlineExternalProperties": []}
    assert fill(root, "sarif", "t.sarif", json.dumps(log), "--write").exit_code == 0
    assert rows(root, "scanner-results") == []


@pytest.mark.parametrize(
    ("aggregate", "whole"),
    [("complete", True), ("unknown", True), ("incomplete", False), ("incomplete_third_party_only", False), ("", False)],
)
def test_a_list_of_parts_that_says_that_it_is_incomplete_proves_nothing(
    root: Path, aggregate: str, whole: bool
) -> None:
    bom = {"vulnerabilities": [], "compositions": [{"aggregate": "complete"}, {"aggregate": aggregate}]}
    result = fill(root, "cyclonedx", "b.json", json.dumps(bom), "--write")
    assert result.exit_code == (Exit.OK if whole else Exit.INCOMPLETE)


@pytest.mark.parametrize("results", [[], [{"ruleId": "A", "message": {"text": "b"}, "level": "error"}]])
def test_results_of_an_unfinished_tool_are_incomplete(root: Path, results: list[Any]) -> None:
    place = {"locations": [{"physicalLocation": {"artifactLocation": {"uri": "a"}}}]}
    run_ = {"tool": {"driver": {"name": "T"}}, "results": [{**item, **place} for item in results]}
    log = {"runs": [{**run_, "invocations": [{"executionSuccessful": False}]}]}
    result = fill(root, "sarif", "t.sarif", json.dumps(log), "--write")
    assert (result.exit_code, "did not read everything" in result.stdout) == (Exit.INCOMPLETE, True)
    # An empty register would declare that there are none.
    assert any((root / "registers").glob("*.csv")) is bool(results)


def test_a_row_with_broken_quotes_is_named_with_its_column_and_the_others_count(root: Path) -> None:
    result = contractors(
        root,
        "a@ex.com;Durand;31/12/2026;a",
        'b@ex.com;"Durand" SARL;31/12/2026;b',
        "c@ex.com;Durand;31/12/2026;c",
        'd@ex.com;Durand;31/12/2026;"d',
        "e@ex.com;Durand;31/12/2026;e",
    )
    assert result.exit_code == Exit.INCOMPLETE
    assert "refused: c.csv:3, Company" in result.stdout
    assert "refused: c.csv:5, AWS users" in result.stdout
    assert [row["person"] for row in rows(root, "people")] == ["a@ex.com", "c@ex.com", "e@ex.com"]


@pytest.mark.parametrize("shown", ["#REF!", "#N/A", "#VALEUR!", "#NOM?", "#DIV/0!", "####", "Err:502"])
def test_an_error_of_a_spreadsheet_is_no_value(root: Path, shown: str) -> None:
    result = contractors(root, f"a@ex.com;Durand;31/12/2026;{shown}", "b@ex.com;Client #3!;31/12/2026;b")
    assert "refused: c.csv:2, AWS users: the spreadsheet shows an error there" in result.stdout
    assert [row["person"] for row in rows(root, "people")] == ["b@ex.com"]
    text = workbook(["E-mail", "Contract end", "AWS users"], ["c@ex.com", datetime(2026, 12, 31), shown])
    assert "refused: c.xlsx:2, AWS users" in fill(root, "contractors", "c.xlsx", text).stdout


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_rows_between_two_stray_quotes_are_refused_and_not_lost(root: Path, ending: str) -> None:
    lost = [
        'a@ex.com;"Durand;31/12/2026;a', "b@ex.com;Durand;31/12/2026;b", 'c@ex.com;Durand";31/12/2026;c',
        'd@ex.com;"Durand, 3 rue; des Lilas\nParis";31/12/2026;d',
    ]  # fmt: skip
    result = fill(root, "contractors", "c.csv", ending.join([HEADER, *lost, ""]), "--write")
    assert [f"c.csv:{line}, Company" in result.stdout for line in (2, 3, 4)] == [True] * 3
    assert "1 good, 3 refused" in result.stdout and result.exit_code == Exit.INCOMPLETE


def test_a_cell_of_several_lines_with_as_many_commas_as_a_row_is_no_open_quote(root: Path) -> None:
    address = '"AWS EMEA, SARL, 38 av. Kennedy, L-1855\nLuxembourg"'
    text = f"Reference,Processor,Signed on,Owner\nR1,{address},01/02/2026,Z\nR2,Acme,13/02/2026,Z\n"
    assert fill(root, "processors", "p.csv", text, "--write").exit_code == 0
    assert [row["reference"] for row in rows(root, "dpa-list")] == ["R1", "R2"]


def test_two_spellings_of_a_letter_are_one_key(root: Path) -> None:
    composed, apart = "zo\u00e9@ex.com", "zoe\u0301@ex.com"
    contractors(root, f"{composed};Soci\u00e9t\u00e9;31/12/2026;a")
    result = contractors(root, f"{apart};Socie\u0301te\u0301;31/12/2026;a")
    assert "1 the same" in result.stdout and len(rows(root, "people")) == 1
    edit(root, composed, apart)
    assert "1 the same" in contractors(root, f"{composed};Soci\u00e9t\u00e9;31/12/2026;a").stdout


@pytest.mark.parametrize("day", ["31/12/0026", "1899-12-30"])
def test_a_year_that_nobody_can_mean_is_no_date(root: Path, day: str) -> None:
    assert "c.csv:2, Contract end" in contractors(root, f"a@ex.com;Durand;{day};a").stdout


def test_an_older_file_does_not_take_the_place_of_a_later_one_whose_rows_were_all_bad(root: Path) -> None:
    contractors(root, "a@ex.com;Durand;31/12/2026;a")
    (root / "registers" / ".filled" / "people.jsonl").unlink()
    contractors(root, "a@ex.com;Durand;nonsense;a")
    result = run(root, "contractors", str(root / "c.csv"), "--made", "2026-01-05", "--write")
    assert isinstance(result.exception, UsageError) and "was filled from one of" in str(result.exception)


def test_the_version_of_a_tool_stands_on_one_line(root: Path) -> None:
    contractors(root, "a@ex.com;Durand;31/12/2026;a")
    run(root, "contractors", str(root / "c.csv"), "--write", "--tool-version", "1\n;\u202ex")
    (row,) = rows(root, "people")
    assert row["filled from"].startswith('contractors: 1 ;x, "c.csv"')


def test_every_bundled_inlet_is_listed_with_the_way_to_get_its_file(root: Path) -> None:
    listed = run(root, "--list").stdout
    for name in load_inlets():
        assert f"{name} → " in listed
        assert run(root, "--show", name).exit_code == 0


# ---- inlets of the workspace --------------------------------------------------------------------------------------

OWN = """id: mine
title: {en: Mine, fr: Le mien}
how: {en: Export it., fr: Exportez-le.}
tool: ERP
register: supplier-register
source: {formats: [csv], encoding: windows-1252, only: {State: [open]}}
key: [supplier]
fresh_days: 30
fields:
  supplier: {from: [Name]}
"""


def test_a_workspace_may_define_its_own_inlet(root: Path) -> None:
    (root / "inlets").mkdir()
    (root / "inlets" / "mine.yaml").write_text(OWN, encoding="utf-8")
    text = "Name,State\nCafé,open\nOld,closed\n".encode("cp1252")
    assert "1 not requested" in fill(root, "mine", "s.csv", text, "--write").stdout
    assert [row["supplier"] for row in rows(root, "supplier-register")] == ["Café"]


def test_rows_that_contradict_each_other_are_told_by_the_column_of_the_register(root: Path) -> None:
    (root / "preuve.yaml").write_text(WORKSPACE.replace("language: en", "language: fr"), encoding="utf-8")
    (root / "inlets").mkdir()
    own = OWN.replace("fields:\n", "fields:\n  service: {from: [State]}\n")
    own = own.replace(", only: {State: [open]}", "")
    (root / "inlets" / "mine.yaml").write_text(own, encoding="utf-8")
    told = fill(root, "mine", "s.csv", "Name,State\nA,open\nA,closed\n").stdout
    assert "s.csv:2, fournisseur" in told, told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: mine", "id: okta-users", "bundled already"),
        ("register: supplier-register", "register: soa", "cannot be filled"),
        ("  supplier: {from", "  vendor: {from", "no column vendor"),
        ("key: [supplier]", "key: [service]", "key service is not filled"),
        ("{from: [Name]}", "{from: [Name], means_yes: [a]}", "go together"),
        ("fresh_days: 30", "fresh_days: 0", "fresh_days"),
    ],
)
def test_lint_reports_a_defective_inlet(root: Path, old: str, new: str, said: str) -> None:
    (root / "inlets").mkdir()
    name = "okta-users" if "okta" in new else "mine"
    (root / "inlets" / f"{name}.yaml").write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=said):
        load_inlets(root)


def test_a_column_added_to_the_template_since_is_added_to_the_register(root: Path) -> None:
    register = root / "registers" / "people.csv"
    register.parent.mkdir()
    header = "personne;nature (salarié, prestataire);société;contrat jusqu'au;utilisateurs AWS;responsable;vérifié le"
    register.write_text(f"{header}\n", encoding="utf-8")
    text = "E-mail;Company;Contract end;GitHub users\na@ex.com;Own;31/12/2026;a-hub\n"
    fill(root, "contractors", "c.csv", text, "--write")
    (names, row) = csv.reader(io.StringIO(register.read_text(encoding="utf-8")), delimiter=";")
    assert dict(zip(names, row, strict=True))["utilisateurs GitHub"] == "a-hub"


def test_a_file_without_a_good_row_creates_no_register(root: Path) -> None:
    """A register without an entry would declare that there is none."""
    file = root / "c.csv"
    file.write_text("Adresse;Société;Fin de contrat\n=cmd;X;31/12/2026\n;Y;31/12/2026\n", encoding="utf-8")
    done = run(root, "contractors", str(file), "--write")
    assert done.exit_code == 11
    assert "c.csv:3, Adresse" in done.output
    assert "none of the file's rows can be used" in done.output and "--write" not in done.output
    assert not (root / "registers/people.csv").exists()


def test_the_first_bad_rows_are_listed_and_the_others_counted(root: Path) -> None:
    said = contractors(root, *("nobody;X;31/12/2026;a" for _ in range(60)))
    assert said.stdout.count("refused: c.csv") == 50
    assert "refused: 10 more" in said.stdout


def test_a_register_without_a_column_is_told_its_columns_in_its_own_language(root: Path) -> None:
    (root / "preuve.yaml").write_text(WORKSPACE.replace("language: en", "language: fr"), encoding="utf-8")
    contractors(root, "a@ex.com;Durand;31/12/2026;a")
    edit(root, "contrat jusqu'au", "contrat jusqu")
    error = contractors(root, "a@ex.com;Durand;31/12/2026;a").exception
    assert isinstance(error, PreuveError) and "its first row: personne;" in str(error.hint)
    assert "contrat jusqu'au" in str(error.hint) and "contract until" not in str(error.hint)


def test_columns_of_a_register_are_named_in_the_language_of_the_workspace(root: Path) -> None:
    settings = root / "preuve.yaml"
    settings.write_text(settings.read_text("utf-8").replace("language: en", "language: fr"), "utf-8")
    shown = run(root, "--show", "contractors").output
    assert "contrat jusqu'au :" in shown.replace("\u00a0", " ").replace("\u202f", " ")
    assert "contract until :" not in shown.replace("\u00a0", " ")


def _secret(line: int) -> dict[str, Any]:
    where = {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": line}}
    return {"ruleId": "aws-key", "message": {"text": "found"}, "locations": [{"physicalLocation": where}]}


def test_two_results_of_one_file_are_two_rows_and_equal_ones_are_counted(root: Path) -> None:
    log = {"runs": [{"tool": {"driver": {"name": "T"}}, "results": [_secret(1), _secret(99), _secret(99)]}]}
    told = fill(root, "sarif", "t.sarif", json.dumps(log), "--whole", "--write").output
    assert "Rows of the file: 2 good, 1 duplicate." in told
    assert [row["place"] for row in rows(root, "scanner-results")] == ["a.py:1", "a.py:99"]


def _prowler(**said: Any) -> str:
    finding = {
        "metadata": {"event_code": "s3", "product": {"name": "Prowler", "version": "5.1"}},
        "resources": [{"uid": "arn:aws:s3:::a"}],
        "finding_info": {"title": "b", "created_time_dt": "2026-01-05T08:00:00"},
        "severity": "High",
        "status_code": "FAIL",
        **said,
    }
    return json.dumps([finding])


@pytest.mark.parametrize(("status", "result"), [("New", "fails"), ("Suppressed", "suppressed in the tool")])
def test_a_finding_on_the_mutelist_of_prowler_does_not_fail(root: Path, status: str, result: str) -> None:
    fill(root, "prowler-ocsf", "p.json", _prowler(status=status), "--write")
    assert [row["result"] for row in rows(root, "scanner-results")] == [result]


@pytest.mark.parametrize("name", ["p.json", "p.jsonl"])
def test_a_finding_on_several_resources_is_a_row_of_each(root: Path, name: str) -> None:
    found = _prowler(resources=[{"uid": "a"}, {"uid": "b"}])
    fill(root, "prowler-ocsf", name, found if name == "p.json" else found[1:-1], "--write")
    told = [(row["place"], row["result"], row["rule"]) for row in rows(root, "scanner-results")]
    assert told == [("a", "fails", "s3"), ("b", "fails", "s3")]


@pytest.mark.parametrize("more", [{"resources": []}, {"resources": [{}]}])
def test_a_finding_on_nothing_is_refused(root: Path, more: Mapping[str, Any]) -> None:
    assert fill(root, "prowler-ocsf", "p.json", _prowler(**more)).exit_code == Exit.INCOMPLETE


def test_a_copy_of_prowlers_file_is_as_old_as_the_scan(root: Path) -> None:
    fill(root, "prowler-ocsf", "p.json", _prowler(), "--write")
    assert rows(root, "scanner-results")[0]["fresh until"] == "2026-02-09"


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("A;12/03/2026;45;-3", "Present", "it is not a whole number of 0 or more: -3"),
        ("A;12/03/2026;twelve;3", "Expected", "it is not a whole number of 0 or more: twelve"),
        ("A;12/03/2026;12,5;12", "Expected", "it is not a whole number of 0 or more: 12,5"),
        ("A;12/03/2026;45;3 people", "Present", "it is not a whole number of 0 or more: 3 people"),
        ("A;12/03/2026;45;", "Present", "empty cell: without it, the row says nothing"),
        ("A;12/03/2999;45;3", "Date", "a date in the future: 12/03/2999"),
    ],
)
def test_a_session_without_its_numbers_is_refused_with_the_column(root: Path, row: str, column: str, why: str) -> None:
    told = fill(root, "training-sessions", "t.csv", f"Session;Date;Expected;Present\n{row}\n", "--write")
    assert (told.exit_code, f"t.csv:2, {column}: {why}" in told.output) == (11, True)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("1 000", "1000"), ("1\u00a0000", "1000"), ("12\u202f345\u202f678", "12345678"), ("1000", "1000"), ("0", "0"),
        ("1 00", ""), ("1000 000", ""), ("0 100", ""), ("1,000", ""), ("1.000", ""), ("1 000,5", ""), ("1 2", ""),
    ],
)  # fmt: skip
def test_thousands_are_read_as_french_people_write_them_and_no_other_number(root: Path, cell: str, read: str) -> None:
    table = f"Session;Date;Expected;Present\nA;12/03/2026;{cell};0\n"
    told = fill(root, "training-sessions", "t.csv", table, "--write")
    assert ("t.csv:2, Expected: it is not a whole number" in told.output) == (not read)
    if read:
        assert [row["expected"] for row in rows(root, "training-records")] == [read]


@pytest.mark.parametrize("cell", ["46115", "46115.5"])
def test_a_day_as_a_spreadsheet_counts_it_is_told_what_to_do(root: Path, cell: str) -> None:
    table = f"Session;Date;Expected;Present\nA;{cell};1;1\n"
    told = fill(root, "training-sessions", "t.csv", table, "--write").output
    assert f"it is a number, not a date: {cell}: give the column a date format" in told


@pytest.mark.parametrize("serial", ["0", "None", "Default string", "To Be Filled By O.E.M.", "System Serial Number"])
def test_machines_without_a_serial_number_are_told_apart_by_their_own_id(root: Path, serial: str) -> None:
    device = {"osVersion": "14", "isEncrypted": True, "complianceState": "compliant", "serialNumber": serial}
    device |= {"lastSyncDateTime": "2026-01-05T08:00:00Z"}
    machines = [{**device, "deviceName": name, "id": f"id-{name}"} for name in ("a", "b")]
    fill(root, "intune-devices", "d.json", json.dumps({"value": machines}), "--write")
    assert [row["serial number"] for row in rows(root, "devices")] == ["id-a", "id-b"]


@pytest.mark.parametrize("end", ["tacite reconduction", "Tacite reconduction", "Durée indéterminée"])
def test_a_contract_of_a_supplier_without_a_known_end_is_no_bad_row(root: Path, end: str) -> None:
    text = f"Fournisseur;Fin de contrat\nDurand;{end}\nMartin;31/12/2027\n"
    assert fill(root, "suppliers", "s.csv", text, "--write").exit_code == 0
    assert [row["contract until"] for row in rows(root, "supplier-register")] == ["", "2027-12-31"]


def test_an_issue_without_the_fields_that_were_to_be_asked_for_is_refused(root: Path) -> None:
    issues = {"issues": [{"key": "SEC-1", "fields": {"summary": "lost"}}], "isLast": True}
    told = fill(root, "jira-incidents", "i.json", json.dumps(issues), "--write")
    assert (told.exit_code, "detected (UTC): empty cell" in told.output) == (11, True)


def test_a_contract_without_its_processor_is_refused(root: Path) -> None:
    told = fill(root, "processors", "p.csv", "Reference;Processor;Signed on\nR3;;01/01/2026\n", "--write")
    assert (told.exit_code, "p.csv:2, Processor: empty cell" in told.output) == (11, True)


def test_each_column_that_policies_read_is_asked_for_what_it_takes() -> None:
    """`none` in a column of yes and no is unknown as before."""
    library = load_library()
    asked = [
        (inlet.id, field.column, declared.declared[name], field.kind)
        for inlet in load_inlets().values()
        for declared in library.types.values()
        if inlet.register in declared.registers
        for name, column in declared.columns.items()
        for field in inlet.fields.values()
        if field.column == column
    ]
    assert asked
    assert all((kind == "boolean") is (read == "boolean") for _, _, kind, read in asked)


@pytest.mark.parametrize(("language", "word"), [("en", "Write yes or no in"), ("fr", "Écrivez « oui » ou « non »")])
def test_an_empty_cell_for_yes_or_no_is_asked_for_one_of_them(root: Path, language: str, word: str) -> None:
    (root / "preuve.yaml").write_text(WORKSPACE.replace("language: en", f"language: {language}"), encoding="utf-8")
    user = {"userPrincipalName": "svc@ex.com", "mail": "", "accountEnabled": None, "userType": "Guest"}
    told = fill(root, "microsoft-365-users", "u.json", json.dumps({"value": [user]}), "--whole", "--write").stdout
    assert word in told


@pytest.mark.parametrize("said", ["aucun", "None", "sans terme", ""])
def test_what_a_person_wrote_where_the_file_says_nothing_contradicts_nobody(root: Path, said: str) -> None:
    assert contractors(root, f"c@ex.com;Durand;{said};c").exit_code == 0
    assert rows(root, "people")[0]["contract until"] == "", "nobody has said that it never ends"
    edit(root, ";Durand;;", ";Durand;none;")
    for _ in range(2):
        assert "contract until" not in contractors(root, f"c@ex.com;Durand;{said};c").stdout
        assert rows(root, "people")[0]["contract until"] == "none"
    assert "none → 2026-12-31" in contractors(root, "c@ex.com;Durand;31/12/2026;c").stdout
