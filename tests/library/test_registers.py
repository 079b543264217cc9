"""Registers whose entries are read: the nonconformities with their actions."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from content_copy import bundled
from preuve.library.company.register.file import RegisterFile
from preuve.library.company.register.rows import TableRow, table_rows
from preuve.library.company.registers import entries, load_registers
from preuve.library.company.templates import registers, rows
from preuve.library.yaml.place import content_root
from preuve.model.errors import PreuveError

ENTRY = {
    "en": 'NC-1,2026-09-14,audit,A.8.13,no restore test,major,none,forgot,"test, each quarter",ciso,2026-12-01,,\n',
    "fr": "NC-1;2026-09-14;audit;A.8.13;no restore test;major;none;forgot;test, each quarter;ciso;2026-12-01;;\n",
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nonconformities_are_read_from_the_template_in_either_language(tmp_path: Path, language: str) -> None:
    template = content_root() / f"reports/register-templates/capa-register.{language}.csv"
    (tmp_path / "registers").mkdir()
    text = template.read_text(encoding="utf-8-sig") + ENTRY[language]
    (tmp_path / "registers/capa-register.csv").write_text(text, encoding="utf-8-sig")
    (entry,) = load_registers(tmp_path, bundled(), ()).nonconformities
    assert (entry.number, entry.found_on, entry.control, entry.grade) == ("NC-1", "2026-09-14", "A.8.13", "major")
    assert (entry.finding, entry.cause, entry.correction) == ("no restore test", "forgot", "none")
    assert (entry.action, entry.owner, entry.due) == ("test, each quarter", "ciso", "2026-12-01")
    assert (entry.effective, entry.closed) == ("", "")


ENGLISH = "control,applicable,justification,owner,decided on"
FRENCH = "mesure;applicable;justification;responsable;décidé le"


@pytest.mark.parametrize(
    ("header", "row", "implemented"),
    [
        (ENGLISH, "A.8.24,yes,R-004,ciso,2026-04-15", ""),
        (f"{ENGLISH},implemented", "A.8.24,yes,R-004,ciso,2026-04-15,Partly", "partly"),
        (f"{FRENCH};mise en œuvre", "A.8.24;oui;R-004;RSSI;2026-04-15;prévue", "planned"),
    ],
    ids=["an earlier register", "English", "French"],
)  # fmt: skip
def test_a_decision_may_state_the_implementation(tmp_path: Path, header: str, row: str, implemented: str) -> None:
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers/soa.csv").write_text(f"{header}\n{row}\n", encoding="utf-8-sig")
    found = load_registers(tmp_path, bundled(), ())
    assert found.problems == ()
    (decision,) = found.decisions
    assert (decision.control, decision.implemented) == ("A.8.24", implemented)


def test_an_unknown_word_for_implementation_is_a_defect(tmp_path: Path) -> None:
    (tmp_path / "registers").mkdir()
    text = "control,applicable,justification,owner,decided on,implemented\nA.8.24,yes,R-004,ciso,2026-04-15,almost\n"
    (tmp_path / "registers/soa.csv").write_text(text, encoding="utf-8-sig")
    (problem,) = load_registers(tmp_path, bundled(), ()).problems
    assert "implemented must be yes, partly, no or planned" in problem.message


def test_a_register_of_breaches_with_the_heading_of_an_earlier_template_is_read(tmp_path: Path) -> None:
    template = content_root() / "reports/register-templates/breach-register.fr.csv"
    (tmp_path / "registers").mkdir()
    header = template.read_text(encoding="utf-8-sig").splitlines()[0]
    earlier = header.replace("notifiée à l'autorité le", "notifiée à la CNIL le")
    assert earlier != header
    (tmp_path / "registers/breach-register.csv").write_text(f"{earlier}\n1;2026-11-01\n", encoding="utf-8-sig")
    found = load_registers(tmp_path, bundled(), ())
    assert (found.problems, [item.rows for item in found.registers]) == ((), [1])


TEMPLATES = [
    (name, path)
    for name in registers()
    for folder in ("reports/register-templates", "inlets/registers")
    for path in sorted((content_root() / folder).glob(f"{name}.*.csv"))
]


def kept(root: Path, name: str, *table: Sequence[str]) -> list[str]:
    """Write a register and return the first cells of its entries."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(table)
    (root / "registers").mkdir(exist_ok=True)
    (root / "registers" / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8-sig")
    return [next(iter(row.values())) for row in entries(root, name) or ()]


@pytest.mark.parametrize(("name", "path"), TEMPLATES, ids=[path.name for _, path in TEMPLATES])
def test_only_the_example_of_the_template_is_no_entry(tmp_path: Path, name: str, path: Path) -> None:
    header, example = rows(path.read_text(encoding="utf-8-sig"))
    entry = ["X-1", *example[1:]]
    spreadsheet = [re.sub(r"^(\d{4})-(\d\d)-(\d\d)T?(\d\d:\d\d)?Z?$", r"\3/\2/\1 \4", cell) for cell in example]
    for same in (example, spreadsheet, [f" {cell} " for cell in example], example[:1]):
        assert len(kept(tmp_path, name, header, same, entry)) == 1
    changed = [[*example[:at], f"{cell} 4", *example[at + 1 :]] for at, cell in enumerate(example)]
    swapped = [re.sub(r"\b(\d\d)([-:])(\d\d)\b", r"\3\2\1", cell, count=1) for cell in example]  # another day, or hour
    changed += [[*example[:at], cell, *example[at + 1 :]] for at, cell in enumerate(swapped) if cell != example[at]]
    emptied = [[*example[:at], "", *example[at + 1 :]] for at, cell in enumerate(example) if at and cell]
    for other in (*changed, *emptied, ["EXEMPLE-7", *example[1:]], ["Example d'incident", *example[1:]]):
        with pytest.raises(PreuveError, match="line 3 begins with EXAMPLE, but is not the template's example"):
            kept(tmp_path, name, header, entry, other)


def test_a_line_of_a_companys_own_register_that_begins_as_an_example_is_told(tmp_path: Path) -> None:
    with pytest.raises(PreuveError, match="line 2 begins with EXAMPLE"):
        kept(tmp_path, "own", ["number", "what"], ["EXEMPLE-1", "x"])
    (problem,) = load_registers(tmp_path, bundled(), ()).problems
    assert problem.position.file == "registers/own.csv" and "line 2" in problem.message


OPEN_QUOTES = ['"2', '2;"open', '2;x;"open', '"a"b;2', '2;"x" y']


@pytest.mark.parametrize("broken", OPEN_QUOTES)
@pytest.mark.parametrize("below", ["3;x;y\n", "", '3;x;"y\n', "3;x;y\n4;x;y\n"])
def test_a_quotation_mark_swallows_no_row_in_silence(tmp_path: Path, broken: str, below: str) -> None:
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers/own.csv").write_text(f"a;b;c\n1;x;y\n{broken}\n{below}", encoding="utf-8")
    found = load_registers(tmp_path, bundled(), ())
    assert found.registers == ()
    assert "the quotes of line 3 do not fit" in found.problems[0].message


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("swallowed", ["", "{row}", "\n{row}\n\n", "{row};\n{row}", '{row};""R; S""'])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_cell_whose_lines_may_be_rows_is_told(tmp_path: Path, place: int, swallowed: str, end: str) -> None:
    opened, closed = ["4", "x", "y"], ["5", "x", "y"]
    opened[place], closed[place] = '"open', 'y"'
    between = swallowed.format(row="3;x;y")
    table = "\n".join(["a;b;c", "1;x;y", ";".join(opened), *([between] if between else []), ";".join(closed)])
    with pytest.raises(PreuveError, match="row on line 3 has a cell of several lines") as told:
        list(table_rows(f"{table}\n".replace("\n", end)))
    assert all(word in told.value.hint for word in ("close it", "if not", "one line"))
    note = 'a;b;c\n1;"1 Main St, Dublin, Ireland\n\nground floor, left, 2";"see, or\nask, A, B"\n'
    assert [row.cells[0] for row in table_rows(note)] == ["a", "1"], "commas separate nothing there"


def test_a_register_that_is_filled_compares_no_row_with_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers/own.csv").write_text("a;b\n1;2\n1;2\n", encoding="utf-8")

    def refused(*_: object) -> bool:
        raise AssertionError("20,000 rows would be compared 400 million times")

    monkeypatch.setattr(TableRow, "__eq__", refused)
    assert RegisterFile.open(tmp_path, "own", "en").entries() == [0, 1]


def test_a_cell_may_have_several_lines_and_quotation_marks(tmp_path: Path) -> None:
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers/own.csv").write_text('a;b;c\n1;"x\ny; z";"say ""yes"""\n2;x;y\n', encoding="utf-8")
    assert [item.rows for item in load_registers(tmp_path, bundled(), ()).registers] == [2]


def test_utf16_of_ascii_letters_is_no_register(tmp_path: Path) -> None:
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers/own.csv").write_bytes("a;b\n1;2\n".encode("utf-16-le"))
    found = load_registers(tmp_path, bundled(), ())
    assert found.registers == ()
    assert "it is not UTF-8" in found.problems[0].message
