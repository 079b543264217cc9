"""Papers as PDF/A-2a by Typst, which the extra `pdf` brings: tagged, with embedded fonts, the same bytes each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from preuve.library.yaml.place import content_root
from preuve.model.errors import QUOTED, PreuveError
from preuve.publish.papers.document import Document
from preuve.publish.papers.pdf_compression import compress
from preuve.system.causes import number_of

STANDARD: Literal["a-2a"] = "a-2a"
# PDF/A refuses a character for which no font has a shape. The embedded fonts have these; the pages show the others.
_DRAWN = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x3FF), (0x400, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x202F, 0x203E),
    (0x20A0, 0x20BF), (0x2190, 0x2199), (0x2200, 0x226F),
)  # fmt: skip
_OTHER = "▯"
_UNWRITTEN = 74  # how the process of the PDFs ends where the system refuses to write (EX_IOERR)
_PROGRAM = (sys.executable, "-P", "-m", "preuve.publish.papers.pdf")


def available() -> bool:
    """Return whether the extra `pdf` is installed."""
    return find_spec("typst") is not None


def pdf(paper: Document, organisation: str) -> bytes:
    """Make the PDF of a paper."""
    return _made(_template(), _data(paper, organisation))


def write_pdfs(papers: Mapping[Path, Document], organisation: str) -> None:
    """Write PDFs, if the extra is there: all in one process of their own, which takes its memory along when it ends.

    Raises PreuveError if one could not be made, OSError if it could not be written.
    """
    if not papers or not available():
        return
    orders = [{"path": str(path.resolve()), "paper": _data(paper, organisation)} for path, paper in papers.items()]
    lines = "".join(f"{json.dumps(order)}\n" for order in orders)
    done = subprocess.run(
        _PROGRAM, input=lines.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    if done.returncode == _UNWRITTEN:
        number, _, path = done.stderr.decode("utf-8", "surrogateescape").strip().rpartition("\n")[2].partition(" ")
        raise OSError(int(number), os.strerror(int(number)), path)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2] or f"exit {done.returncode}"
        raise PreuveError(f"the PDFs could not be made: {QUOTED}", "this is a defect of preuve: report it", quoted=said)


def main() -> None:
    """Make the PDFs that are ordered on stdin, each into its file."""
    template = _template()
    for line in sys.stdin.buffer:
        order = json.loads(line)
        made = _made(template, order["paper"])
        try:
            Path(order["path"]).write_bytes(made)
        except OSError as error:  # no defect of ours
            sys.stderr.buffer.write(f"{number_of(error)} {order['path']}\n".encode("utf-8", "surrogateescape"))
            sys.exit(_UNWRITTEN)


def _template() -> bytes:
    return (content_root() / "reports" / "templates" / "paper.typ").read_bytes()


def _data(paper: Document, organisation: str) -> str:
    return json.dumps(_drawn({**asdict(paper), "organisation": organisation}))


def _made(template: bytes, data: str) -> bytes:
    import typst  # noqa: PLC0415 - an extra, and heavy

    return compress(
        typst.compile(template, sys_inputs={"paper": data}, pdf_standards=STANDARD, ignore_system_fonts=True)
    )


def _drawn(value: Any) -> Any:
    """Return the data with a mark in place of each character that the fonts do not have."""
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


if __name__ == "__main__":
    main()
