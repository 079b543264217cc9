"""The files in a bundle with which anyone can verify it: the verifier, scripts for standard tools,
keys, instructions.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from preuve.evidence import verifier
from preuve.evidence.signature import allowed_signers
from preuve.evidence.verifier.__main__ import TEXTS
from preuve.evidence.verifier.chain import Line
from preuve.evidence.verifier.programs import AUTHORITY, SIGNERS
from preuve.library.yaml.place import content_root
from preuve.model.company.workspace import SigningKey

FOLDER = "verification"
WITNESSES = f"{FOLDER}/witnesses.csv"
_LAUNCHER = "launcher.py"
_COLUMNS = ("number", "kind", "time", "period", "head", "seen_where", "seen_by", "seen_on")


@dataclass(frozen=True)
class Verification:
    """The content of `verification/`."""

    sentences: Mapping[str, Mapping[str, str]]  # language -> code -> sentence
    language: str
    signing: SigningKey | None = None  # only where the bundle is signed
    ca: bytes = b""

    def write(self, bundle: Path, lines: Sequence[Line]) -> None:
        """Write all files again. `lines` are the runs before this one."""
        folder = bundle / FOLDER
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(content_root() / "reports" / FOLDER, folder)
        _copy_verifier(folder)
        texts = {"language": self.language, "sentences": self.sentences}
        (folder / TEXTS).write_text(json.dumps(texts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if self.signing:
            (bundle / SIGNERS).write_text(allowed_signers(self.signing), encoding="utf-8")
        if self.ca:
            (bundle / AUTHORITY).write_bytes(self.ca)
        _write_witnesses(bundle / WITNESSES, lines)


def _copy_verifier(folder: Path) -> None:
    source = Path(verifier.__file__).parent
    modules = folder / source.name
    modules.mkdir()
    for path in sorted(source.glob("*.py")):
        target = folder / "verify.py" if path.name == _LAUNCHER else modules / path.name
        target.write_bytes(path.read_bytes())


def _write_witnesses(path: Path, lines: Sequence[Line]) -> None:
    """Write the heads that reports and messages have printed, with empty columns for the person who compares them."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, delimiter=";", lineterminator="\r\n")
        table.writerow(_COLUMNS)
        for line in lines:
            known = [str(line.number), line.text("kind"), line.text("time"), line.text("period"), line.digest]
            table.writerow([*(_inert(cell) for cell in known), "", "", ""])


def _inert(cell: str) -> str:
    """Return a cell that no spreadsheet treats as a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
