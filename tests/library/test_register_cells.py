"""The one reading of the cells of a register: what is a day, a month or a number, and what is none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from content_copy import bundled
from preuve.library.company.register.cells import _ANSWERS, day, is_month, number, users
from preuve.library.company.registers import entries, load_registers
from preuve.library.company.templates import register_columns

ENGLISH, FRENCH = 0, 1


def written(root: Path, name: str, language: int, *rows: dict[str, str]) -> Path:
    """Write a register with rows by the English names of its columns."""
    columns = register_columns(name)
    lines = [columns[language], *([row.get(column, "") for column in columns[0]] for row in rows)]
    (root / "registers").mkdir(exist_ok=True)
    text = "\r\n".join(";".join(f'"{cell}"' for cell in line) for line in lines)
    (root / f"registers/{name}.csv").write_text(text, encoding="utf-8-sig", newline="")
    return root


def due(root: Path, language: int, *cells: str) -> list[str]:
    rows = [{"number": f"NC-{place}", "due on": cell} for place, cell in enumerate(cells)]
    return [
        item.due
        for item in load_registers(written(root, "capa-register", language, *rows), bundled(), ()).nonconformities
    ]


@pytest.mark.parametrize(
    ("language", "cell", "expected"),
    [
        (ENGLISH, "2026-11-24", "2026-11-24"),
        (ENGLISH, "2026-11-24T09:40Z", "2026-11-24"),
        (ENGLISH, "2026-11-24 09:40:00", "2026-11-24"),
        (FRENCH, "24/11/2026", "2026-11-24"),
        (FRENCH, "24/1/2026", "2026-01-24"),
        (FRENCH, "24/11/2026 09:40", "2026-11-24"),
        (FRENCH, "4/11/2026", ""),  # one that kept its French columns may mean either order, too
        (FRENCH, "04/11/2026", ""),
        (ENGLISH, "24/11/2026", ""),  # an English spreadsheet may mean either order
        (ENGLISH, "04/11/2026", ""),
        (FRENCH, "11/24/2026", ""),
        (FRENCH, "24/11/26", ""),
        (FRENCH, "31/02/2026", ""),
        (FRENCH, "24/11/2026 25:40", ""),
        (FRENCH, "2026-13-01", ""),
        (FRENCH, "2026-W48-2", ""),
        (FRENCH, "20261124", ""),
        (FRENCH, "1899-12-30", ""),
        (FRENCH, "fin novembre", ""),
        (FRENCH, "24-nov", ""),
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_spelling_of_its_register(tmp_path: Path, language: int, cell: str, expected: str) -> None:
    (found,) = due(tmp_path, language, cell)
    assert day(found) == expected
    problems = load_registers(tmp_path, bundled(), ()).problems
    assert [bool(problems)] == [not expected]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["04/11/2026", "24/11/2026", "2026-10-01"], ["2026-11-04", "2026-11-24", "2026-10-01"]),
        (["04/11/2026", "5/12/2026", "2026-10-01"], ["", "", "2026-10-01"]),
        (["04/11/2026", "11/24/2026"], ["", ""]),
        (["24/11/2026", "11/24/2026"], ["", ""]),
    ],
)
def test_the_order_of_day_and_month_is_what_the_days_of_the_column_tell(
    tmp_path: Path, cells: list[str], expected: list[str]
) -> None:
    assert list(map(day, due(tmp_path, FRENCH, *cells))) == expected
    (problem, *others) = load_registers(tmp_path, bundled(), ()).problems or (None,)
    assert not others and (problem is not None) == ("" in expected)


@pytest.mark.parametrize(
    ("until", "others", "expected"),
    [
        ("03/01/2028", ["28/11/2026", ""], "2028-01-03"),
        ("03/01/2028", ["03/11/2026", ""], ""),  # nothing tells the order
        ("1/3/2028", ["28/11/2026", ""], ""),  # of an American spreadsheet, which left the other day as text
        ("03/01/2028", ["28/11/2026", "11/28/2026"], ""),
        ("2028-01-03", ["28/11/2026", ""], "2028-01-03"),
    ],
)
def test_the_day_that_preuve_wrote_is_read_in_the_order_of_the_other_columns(
    tmp_path: Path, until: str, others: list[str], expected: str
) -> None:
    days = ("found on", "closed on")
    row = {"number": "1", "due on": "04/11/2026", **dict(zip(days, others, strict=True))}
    path = written(tmp_path, "capa-register", FRENCH, row) / "registers/capa-register.csv"
    header, line = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text(f"{header};à jour jusqu'au\n{line};{until}\n", encoding="utf-8")
    ((found),) = entries(tmp_path, "capa-register") or ()
    assert (day(found["fresh until"]), day(found["due on"])) == (expected, "")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-11", "2026-11"), ("nov-26", "2026-11"), ("Nov-26", "2026-11"), ("janv.-26", "2026-01"),
        ("févr-26", "2026-02"), ("mai-26", "2026-05"), ("août-26", "2026-08"), ("déc-26", "2026-12"),
        ("aou\u0302t-26", "2026-08"),
        ("26-nov", ""), ("nov-2026", ""), ("hiver-26", ""), ("11/2026", ""), ("2026-13", ""),
    ],
)  # fmt: skip
def test_a_month_that_a_spreadsheet_wrote_is_that_month(tmp_path: Path, cell: str, expected: str) -> None:
    written(tmp_path, "indicator-values", FRENCH, {"month": cell, "indicator": "a", "value": "3"})
    ((row),) = entries(tmp_path, "indicator-values") or ()
    assert (row["month"] if is_month(row["month"]) else "") == expected


@pytest.mark.parametrize(
    ("name", "row", "told"),
    [
        ("capa-register", {"number": "1", "due on": "06/30/2026"}, "échéance is no day such as 2026-11-24"),
        ("capa-register", {"number": "1", "closed on": "oui"}, "clos le is no day such as 2026-11-24"),
        ("people", {"person": "a", "contract until": "bientôt"}, "contrat jusqu'au is no day such as 2026-11-24"),
        ("people", {"person": "a", "contract until": "sans terme"}, ""),
        ("people", {"person": "a", "checked on": "souvent"}, ""),  # nothing reads it
        ("indicator-values", {"value": "3", "month": "26-nov"}, "mois is no month such as 2026-11"),
        ("indicator-values", {"month": "2026-11", "value": "3 / 4"}, "valeur is no number"),
        (
            "incident-register",
            {"number": "1", "detected (UTC)": "hier"},
            "détecté (UTC) is no day such as 2026-11-24",
        ),
        ("training-records", {"session": "a", "expected": "tous"}, "attendus is no number"),
        ("incident-register", {"number": "1", "severity (1-4)": "élevée"}, "gravité (1-4) is no number"),
    ],
)
def test_a_cell_that_something_reads_and_cannot_is_told_with_its_place(
    tmp_path: Path, name: str, row: dict[str, str], told: str
) -> None:
    problems = load_registers(written(tmp_path, name, FRENCH, {}, row), bundled(), ()).problems
    found = [str(item).split(" (write")[0] for item in problems]
    assert found == ([f"registers/{name}.csv:3:1: the value under {told}"] if told else [])
    said = [cell for column, cell in row.items() if column == list(row)[-1]]
    assert not any(cell in str(item) for item in problems for cell in said)  # a cell may name a person


@pytest.mark.parametrize("cells", [["2026-11-24"] * 3, ["demain"] * 9])
def test_a_column_is_told_once_however_many_cells_cannot_be_read(tmp_path: Path, cells: Sequence[str]) -> None:
    due(tmp_path, ENGLISH, *cells)
    problems = load_registers(tmp_path, bundled(), ()).problems
    told = ["in lines 2, 3, 4, 5, 6 and 4 more, the value under due on is no day such as 2026-11-24"]
    assert [item.message for item in problems] == (told if cells[0] == "demain" else [])


@pytest.mark.parametrize(
    ("text", "value"), [("1 234,5", 1234.5), ("99.7", 99.7), ("-3", -3.0), ("3 %", None), ("", None)]
)
def test_a_number_is_read_as_french_and_english_people_write_it(text: str, value: float | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("cell", "english", "french"),
    [
        ("1,234", None, 1.234),
        ("1.234", 1.234, None),
        ("-99,812", None, -99.812),
        ("99.812", 99.812, None),
        ("100,000", None, 100.0),
        ("1,200,000", None, None),
        ("1,234.5", None, None),
        ("0,234", 0.234, 0.234),  # no thousands begin with 0
        ("1234,567", 1234.567, 1234.567),
        ("1 234,567", 1234.567, 1234.567),
        ("99,81", 99.81, 99.81),
        ("1234", 1234.0, 1234.0),
    ],
)
def test_what_may_be_thousands_or_decimals_is_no_number(
    tmp_path: Path, cell: str, english: float | None, french: float | None
) -> None:
    for language, expected in ((ENGLISH, english), (FRENCH, french)):
        written(tmp_path, "training-records", language, {"session": "a", "expected": cell})
        ((row),) = entries(tmp_path, "training-records") or ()
        assert number(row["expected"]) == expected
        problems = load_registers(tmp_path, bundled(), ()).problems
        told = [item.position.line for item in problems if "it is empty" not in item.message]
        assert told == ([] if expected is not None else [2])


@pytest.mark.parametrize("answer", ["N.A.", "n-a", "s.o.", "T.B.D.", "@unknown", "-x-", *sorted(_ANSWERS)])
def test_an_answer_instead_of_a_name_is_nobodys_name(answer: str) -> None:
    for cell in (answer, answer.upper(), f"hugo, {answer}", f"{answer};hugo"):
        assert users(cell) is None
    assert users(f"hugo{answer.strip('@')}") == [f"hugo{answer.strip('@')}"]


def test_a_nul_character_is_told_with_its_line_and_utf16_as_such(tmp_path: Path) -> None:
    path = written(tmp_path, "capa-register", FRENCH, {"number": "1"}) / "registers/capa-register.csv"
    text = path.read_text(encoding="utf-8")
    for content, told in (
        ((text + "\0").encode(), "line 2 has a NUL character"),
        (b"a\0;b;c;d;e\n", "line 1 has a NUL character"),
        ("number;found on\n1;2".encode("utf-16-le"), "it is not UTF-8"),
        ("number;found on\n1;2".encode("utf-16-be"), "it is not UTF-8"),
    ):
        path.write_bytes(content)
        (problem,) = load_registers(tmp_path, bundled(), ()).problems
        assert told in problem.message
