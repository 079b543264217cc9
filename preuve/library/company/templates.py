"""Templates of manual evidence: documents to fill in, and registers with the columns that they must have."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from preuve.library.company.register.rows import table_rows
from preuve.library.yaml.place import content_root

DOCUMENTS, REGISTERS = "reports/evidence-templates", "reports/register-templates"
FILLED = "inlets/registers"  # registers that only inlets fill: no item of manual evidence requires them
FALLBACK = "en"
_APOSTROPHES = str.maketrans("’ʼ", "''")  # a spreadsheet replaces the typed character by another one


@dataclass(frozen=True)
class Template:
    """A template in one language: a document (.md) or a register (.csv)."""

    name: str
    language: str
    path: Path

    @property
    def is_register(self) -> bool:
        """Whether it is a table that a company keeps up to date, and no document."""
        return self.path.suffix == ".csv"

    def text(self) -> str:
        """Return the text of the template."""
        return self.path.read_text(encoding="utf-8-sig")


def find(name: str, language: str) -> Template | None:
    """Return the template of this name, in English if it does not exist in the language; None if there is none
    at all.
    """
    root = content_root()
    for tried in dict.fromkeys((language, FALLBACK)):
        for path in (root / DOCUMENTS / tried / f"{name}.md", root / REGISTERS / f"{name}.{tried}.csv"):
            if name and path.is_file():
                return Template(name, tried, path)
    return None


def register_columns(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the columns of a register, per language and in the same order; empty for a company's own register."""
    return tuple(tuple(table[0]) for table in _tables(name))


def shown_examples(name: str) -> Iterator[dict[str, str]]:
    """Yield the example of a register's template in each language, by the English names of the columns."""
    for table in (tables := _tables(name)):
        yield from (dict(zip(tables[0][0], row, strict=False)) for row in table[1:])


def _tables(name: str) -> list[list[list[str]]]:
    folders = (content_root() / folder for folder in (REGISTERS, FILLED))
    paths = sorted(path for folder in folders for path in folder.glob(f"{_literal(name)}.*.csv"))
    return [rows(path.read_text(encoding="utf-8-sig")) for path in paths]


def heading(column: str) -> str:
    """Return the name of a column in the form for comparison: in lower case, each character in one spelling."""
    return unicodedata.normalize("NFC", " ".join(column.split()).casefold()).translate(_APOSTROPHES)


def registers() -> tuple[str, ...]:
    """Return the names of the registers that have a template."""
    folders = (content_root() / folder for folder in (REGISTERS, FILLED))
    return tuple(sorted({path.name.split(".")[0] for folder in folders for path in folder.glob("*.*.csv")}))


def template_hint(name: str, columns: Sequence[str] = ()) -> str:
    """Return what to do about a register that lacks columns: no command writes a template over a register that is
    filled.

    `columns` are all of its columns in the language in which it is kept, if that is known.
    """
    if not (content_root() / FILLED / f"{name}.{FALLBACK}.csv").is_file():
        return "start from the template: preuve attest EVIDENCE_ID --template"
    return f"put its columns back, as its first row: {';'.join(columns or _header(name, FALLBACK))}"


def names_in(name: str, language: str) -> dict[str, str]:
    """Return the titles of a register's columns in a language, by their English names; empty if it has none."""
    english, other = (_header(name, tried) for tried in (FALLBACK, language))
    return dict(zip(english, other, strict=False))


def examples(name: str, language: str) -> dict[str, str]:
    """Return the cells of the example in a register's template, by their columns; empty if it has no template."""
    header, *others = _rows_of(name, language) or [[]]
    return dict(zip(header, others[0] if others else [], strict=False))


def _header(name: str, language: str) -> list[str]:
    return (_rows_of(name, language) or [[]])[0]


def _rows_of(name: str, language: str) -> list[list[str]]:
    folders = (content_root() / folder for folder in (REGISTERS, FILLED))
    paths = [path for folder in folders if (path := folder / f"{name}.{language}.csv").is_file()]
    return rows(paths[0].read_text(encoding="utf-8-sig")) if paths else []


def rows(text: str) -> list[list[str]]:
    """Return the rows of a table with its header, without empty ones. Raises PreuveError if it is no table."""
    return [row.cells for row in table_rows(text)] or [[]]


def _literal(name: str) -> str:
    """Return a name as a pattern in which no character is a wildcard."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
