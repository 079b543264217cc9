"""Registers whose entries are read: the nonconformities with their actions."""

from __future__ import annotations

from pathlib import Path

import pytest

from content_copy import bundled
from preuve.library.company.registers import load_registers
from preuve.library.yaml.place import content_root

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
