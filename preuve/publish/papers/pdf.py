"""Papers as PDF/A-2a by Typst, which the extra `pdf` brings: tagged, with embedded fonts, the same bytes each time."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from preuve.library.yaml.place import content_root
from preuve.model.errors import PreuveError
from preuve.publish.papers.document import Document
from preuve.publish.papers.packed import packed

STANDARD: Literal["a-2a"] = "a-2a"
# PDF/A refuses a character for which no font has a shape. The embedded fonts have these; the pages show the others.
_DRAWN = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x3FF), (0x400, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x202F, 0x203E),
    (0x20A0, 0x20BF), (0x2190, 0x2199), (0x2200, 0x226F),
)  # fmt: skip
_OTHER = "▯"


def available() -> bool:
    """Whether the extra `pdf` is installed."""
    return find_spec("typst") is not None


def pdf(paper: Document, organisation: str) -> bytes:
    """Make the PDF of a paper. Raises PreuveError where typst refuses it."""
    import typst  # noqa: PLC0415 - an extra, and heavy

    template = content_root() / "reports" / "templates" / "paper.typ"
    data = _drawn({**asdict(paper), "organisation": organisation})
    try:
        made = typst.compile(
            template.read_bytes(),
            sys_inputs={"paper": json.dumps(data)},
            pdf_standards=STANDARD,
            ignore_system_fonts=True,
        )
    except RuntimeError as error:  # what typst raises for every defect of a document
        hint = "this is a defect of preuve: report it"
        raise PreuveError(f"the PDF {paper.title!r} could not be made: {error}", hint) from error
    return packed(made)


def write_pdf(path: Path, paper: Document, organisation: str) -> None:
    """Write a PDF, if the extra is there."""
    if available():
        path.write_bytes(pdf(paper, organisation))


def _drawn(value: Any) -> Any:
    """The data with a mark in place of each character that the fonts do not have."""
    if isinstance(value, str):
        return "".join(letter if _has(letter) else _OTHER for letter in unicodedata.normalize("NFC", value))
    if isinstance(value, Mapping):
        return {key: _drawn(item) for key, item in value.items()}
    return [_drawn(item) for item in value] if isinstance(value, list | tuple | range) else value


def _has(letter: str) -> bool:
    if letter == "\n":
        return True
    drawn = any(first <= ord(letter) <= last for first, last in _DRAWN)
    return drawn and unicodedata.category(letter) not in ("Cc", "Cf", "Cn")
