"""Reading the registers of a workspace, and reports of unreadable ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from content_copy import bundled
from preuve.collect.registers import read_registers
from preuve.library.company.templates import find, register_columns
from preuve.library.company.workspace import load_workspace
from preuve.library.validation.rules import Needs
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor

NEEDS = Needs({"Register::Ropa": frozenset({"Reference", "OnAws"})})


def workspace(folder: Path, **registers: str) -> Path:
    (folder / "registers").mkdir()
    (folder / "preuve.yaml").write_text("schema: 1\norganisation: {name: TechStart}\n", encoding="utf-8")
    for name, text in registers.items():
        (folder / "registers" / f"{name.replace('_', '-')}.csv").write_text(text, encoding="utf-8")
    return folder


def register(name: str, *rows: Mapping[str, str]) -> str:
    template = find(name, "fr")
    assert template is not None
    header = template.text().split("\n")[0].split(";")
    assert all(set(row) <= set(header) for row in rows)
    return "\n".join([";".join(header), *(";".join(row.get(column, "") for column in header) for row in rows)])


def read(folder: Path) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    lines = read_registers(bundled(), NEEDS, load_workspace(folder, bundled()), Redactor(Pseudonyms(b"k" * 32)), {})
    ((name, (listing, *entries)),) = lines
    assert name == "register-ropa"
    return listing, entries


def test_both_registers_are_read_with_only_their_declared_columns(tmp_path: Path) -> None:
    mine = register("ropa-controller", {"référence": "TRT-1", "données sur AWS": "oui", "responsable interne": "Zoé"})
    clients = register("ropa-processor", {"référence": "ST-1", "données sur AWS": "non"})
    listing, entries = read(workspace(tmp_path, ropa_controller=mine, ropa_processor=clients))
    assert (listing["count"], listing["unread"]) == (2, None)
    assert [entry["data"] for entry in entries] == [
        {"Reference": "TRT-1", "OnAws": True},
        {"Reference": "ST-1", "OnAws": False},
    ]


def test_example_rows_of_a_template_are_no_entries(tmp_path: Path) -> None:
    template = find("ropa-controller", "en")
    assert template is not None
    listing, entries = read(workspace(tmp_path, ropa_controller=template.text()))
    assert (listing["count"], listing["unread"], entries) == (0, None, [])


def test_a_missing_register_is_unread_and_not_empty(tmp_path: Path) -> None:
    listing, _ = read(workspace(tmp_path))
    assert listing["unread"]["cause"] == "no_register"


@pytest.mark.parametrize("text", ["processing,owner\nPayroll,HR\n", 'reference\n"open'])
def test_an_unusable_register_is_unread_although_the_other_is_usable(tmp_path: Path, text: str) -> None:
    good = register("ropa-processor", {"référence": "ST-1", "données sur AWS": "non"})
    listing, entries = read(workspace(tmp_path, ropa_controller=text, ropa_processor=good))
    assert (listing["unread"]["cause"], listing["pagination"], entries) == ("register_unusable", "failed", [])


@pytest.mark.parametrize("answer", ["", "peut-être"])
def test_an_entry_without_an_answer_is_unread_and_never_a_no(tmp_path: Path, answer: str) -> None:
    text = register("ropa-controller", {"référence": "TRT-1", "données sur AWS": answer})
    _, (entry,) = read(workspace(tmp_path, ropa_controller=text))
    assert entry["unread"]["OnAws"]["cause"] == "not_filled"
    assert "OnAws" not in entry["data"]


def test_a_person_in_a_reference_is_redacted(tmp_path: Path) -> None:
    text = register("ropa-controller", {"référence": "zoe@exemple.fr", "données sur AWS": "oui"})
    _, (entry,) = read(workspace(tmp_path, ropa_controller=text))
    assert "zoe@" not in str(entry)


def test_an_entry_with_an_outdated_source_is_unread(tmp_path: Path) -> None:
    """So is one with an unreadable date. An entry written by people does not age here."""
    header = register("ropa-controller").split("\n")[0]
    empty = ";" * header.count(";")
    cells = [f"TRT-1{empty}", f"TRT-2{empty}", f"TRT-3{empty}", f"TRT-4{empty}"]
    ends = [";inlet: f;2026-11-24", ";inlet: f;2026-11-23", ";inlet: f;", ";;"]
    lines = [
        f"{header};rempli depuis;à jour jusqu'au",
        *(f"{cell}{end}" for cell, end in zip(cells, ends, strict=True)),
    ]
    folder = workspace(tmp_path, ropa_controller="\n".join(lines))
    redactor, today = Redactor(Pseudonyms(b"k" * 32)), date(2026, 11, 24)
    ((_, (listing, short, *entries)),) = read_registers(
        bundled(), NEEDS, load_workspace(folder, bundled()), redactor, {}, today
    )
    assert (listing["count"], short["unread"]["cause"]) == (4, "register_short")
    found = [entry["unread"].get("Reference", {}).get("cause") for entry in entries]
    assert found == [None, "entry_outdated", "entry_outdated", None]
    assert [entry["data"].get("Reference") for entry in entries] == ["TRT-1", None, None, "TRT-4"]


PEOPLE = Needs({"Register::Person": frozenset({"Person", "ContractUntil", "AwsUsers"})})


@pytest.mark.parametrize(
    ("until", "users", "expected"),
    [
        ("2026-12-31", "a, b", {"ContractUntil": "2026-12-31T00:00:00Z", "AwsUsers": 2}),
        ("sans terme", "aucun", {"ContractUntil": "9999-01-01T00:00:00Z", "AwsUsers": 0}),
        ("31/12/2026", "", {"ContractUntil": "2026-12-31T00:00:00Z"}),
        ("12/31/2026", "", {}),
        ("31/12/26", "", {}),
        ("", "", {}),
    ],
)
def test_days_and_lists_are_read_and_an_empty_cell_has_no_value(
    tmp_path: Path, until: str, users: str, expected: Mapping[str, Any]
) -> None:
    header = ";".join(register_columns("people")[1])
    text = f"{header}\nzoe@exemple.fr;prestataire;;{until};{users};;;\n"
    folder = workspace(tmp_path, people=text)
    redactor = Redactor(Pseudonyms(b"k" * 32))
    ((_, (_, entry)),) = read_registers(bundled(), PEOPLE, load_workspace(folder, bundled()), redactor, {})
    data = dict(entry["data"])
    assert str(data.pop("Person")).startswith("person-")
    people = data.get("AwsUsers")
    assert {**data, **({} if people is None else {"AwsUsers": len(people)})} == expected
    assert people is None or all(user == redactor.person(name) for user, name in zip(people, "ab", strict=False))
    assert set(entry["unread"]) == {"ContractUntil", "AwsUsers", "GitHubUsers"} - set(expected)


def test_rows_of_one_name_are_entries_with_names_of_their_own(tmp_path: Path) -> None:
    """Of a renewed contract, of an address in several systems, and of references that two registers share."""
    mine = register("ropa-controller", {"référence": "1"}, {"référence": "1"}, {"référence": "2"})
    clients = register("ropa-processor", {"référence": "1"})
    _, entries = read(workspace(tmp_path, ropa_controller=mine, ropa_processor=clients))
    assert [entry["id"] for entry in entries] == ["1", "1 (2)", "2", "1 (3)"]


def test_one_address_in_two_systems_is_two_accounts(tmp_path: Path) -> None:
    columns = ";".join(register_columns("identity-accounts")[0])
    rows = [f"{system};carl@acme.fr;carl@acme.fr;yes" for system in ("Okta", "Entra ID")]
    folder = workspace(tmp_path, identity_accounts="\n".join((columns, *rows)))
    needs = Needs({"Register::IdentityAccount": frozenset({"Account"})})
    redactor = Redactor(Pseudonyms(b"k" * 32))
    ((_, (_, *entries)),) = read_registers(bundled(), needs, load_workspace(folder, bundled()), redactor, {})
    person = Pseudonyms(b"k" * 32).of("carl@acme.fr")
    assert [entry["id"] for entry in entries if entry["kind"] == "resource"] == [f"{person} Okta", f"{person} Entra ID"]
