"""Of entries that do not count, a bundle keeps no word that may be a name."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from preuve.library.company.workspace import MALFORMED, load_workspace
from preuve.library.load import load_library
from preuve.model.company.workspace import Workspace
from preuve.model.errors import Position, Problem
from preuve.publish.words.withheld_entries import as_told
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor
from preuve.redact.workspace_file import dump
from redact.people import PEOPLE, Person, written

LIBRARY = load_library()
SETTINGS = "schema: 1\norganisation: {name: Acme, country: FR}\nscope: {accounts: [], regions: [eu-west-3]}\n"
WAIVER = {
    "id": "W-001", "policy": "rds-multi-az", "resource": "crm*", "reason": "A test database.",
    "owner": "Léa Martel (RSSI)", "approver": "Yann Colas", "created": "2026-09-01", "expires": "2027-03-01",
}  # fmt: skip
ATTESTATION = {
    "id": "ATT-001", "evidence": "GOV-03", "kind": "statement", "title": "PSSI", "owner": "RSSI",
    "effective": "2026-03-01", "conclusion": "in_place", "statement": "It is so.",
}  # fmt: skip
SOA = ["mesure", "applicable", "justification", "responsable", "décidé le", "mise en œuvre"]


def loaded(files: Mapping[str, str]) -> Workspace:
    """A workspace with these files, and a register of people that lacks its columns."""
    with tempfile.TemporaryDirectory() as place:
        for name, text in {"preuve.yaml": SETTINGS, **files}.items():
            path = Path(place) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load_workspace(Path(place), LIBRARY)


def told(workspace: Workspace) -> str:
    redactor = Redactor(Pseudonyms(b"k" * 32))
    return json.dumps(dump(as_told(workspace, LIBRARY), redactor, frozenset()), ensure_ascii=False)


@st.composite
def spoilt(draw: st.DrawFn, entry: Mapping[str, str], name: str) -> dict[str, object]:
    """An entry of the wrong form, that names a person somewhere."""
    values: dict[str, object] = dict(entry)
    for key in draw(st.lists(st.sampled_from(sorted(entry)), min_size=1, max_size=4)):
        values[key] = draw(st.sampled_from([name, [name], {"nom": name}, {name: 1}, f"{name} (RSSI), direction"]))
    del values[draw(st.sampled_from(sorted(entry)))]
    return values | draw(st.sampled_from([{}, {name: "x"}, {"validé par": name}]))


def cut(data: st.DataObject, text: str) -> str:
    """Return a text that mostly is no YAML any more."""
    at = data.draw(st.integers(0, len(text)))
    sign = data.draw(st.sampled_from(["", "[", "\t", '"', ": ", "\n- ", "*", "!", "&", "{", "@", "\\"]))
    return f"{text[:at]}{sign}{text[at:]}"


@given(st.data(), PEOPLE)
def test_nobody_named_in_an_entry_that_does_not_count_is_named_in_a_bundle(data: st.DataObject, who: Person) -> None:
    name = data.draw(written(who))
    waivers = yaml.safe_dump({"waivers": [data.draw(spoilt(WAIVER, name))]}, allow_unicode=True)
    attestation = yaml.safe_dump(data.draw(spoilt(ATTESTATION, name)), allow_unicode=True)
    row = [*data.draw(st.sampled_from([["A.5.1", "oui", "x", "RSSI", "2026-04-15"], ["?"] * 5])), "oui"]
    row[data.draw(st.sampled_from([0, 1, 4, 5]))] = name
    files = {
        "waivers.yaml": cut(data, waivers),
        f"attestations/{data.draw(st.sampled_from(['GOV-03', name]))}.yaml": cut(data, attestation),
        f"attestations/{name}": "x",
        f"registers/{name}.docx": "x",
        "registers/people.csv": f"{name};personne\n{name};{name}\n",
        "registers/soa.csv": ";".join(SOA) + "\n" + ";".join(f'"{cell}"' for cell in row) + "\n",
    }
    workspace = loaded(files)
    assert len(workspace.problems) >= 4
    assert not who.stands_in(told(workspace))


def test_what_is_said_of_an_entry_stays_as_far_as_it_is_ours() -> None:
    entry = {**WAIVER, "policy": "rds-multi-z"}
    files = {"waivers.yaml": yaml.safe_dump({"waivers": [entry]}), "registers/people.csv": "x;y\n"}
    files["registers/soa.csv"] = ";".join(SOA) + "\nA.5.1;oui;x;RSSI;hier;oui\n"
    kept = as_told(loaded(files), LIBRARY)
    assert [str(problem) for problem in kept.problems] == [
        "waivers.yaml:2:3: waiver W-001 counts for nothing: there is no policy … (near it: rds-multi-az,"
        " compute-multi-az, trail-multi-region)",
        "registers/people.csv: this register does not count: it has no column person, kind (employee, contractor),"
        " company, contract until, AWS users and 2 more (put its columns back, as its first row: …)",
        "registers/soa.csv: decision on A.5.1: … is no date such as 2026-11-24",
    ]
    (waiver,) = kept.refused
    assert (waiver.id, waiver.reason, waiver.resource) == ("W-001", "A test database.", "crm*")


@pytest.mark.parametrize("message", ["Jane Doe", "alas, Jane Doe is here", "waiver W-1 counts for nothing: Jane Doe"])
def test_a_message_that_is_not_ours_is_not_kept(message: str) -> None:
    problem = Problem(Position("attestations/Jane.Doe"), message, "ask Jane Doe")
    (kept,) = as_told(replace(loaded({}), problems=(problem,)), LIBRARY).problems
    assert "Jane" not in str(kept) and "Doe" not in str(kept)


def test_of_a_malformed_waiver_neither_reason_nor_resource_is_kept() -> None:
    entry = {**WAIVER, "owner": ["Jane Doe"], "reason": "Jane Doe asked", "resource": "jane-doe*"}
    (waiver,) = as_told(loaded({"waivers.yaml": yaml.safe_dump({"waivers": [entry]})}), LIBRARY).refused
    assert (waiver.reason, waiver.resource, waiver.defect) == ("", "…", MALFORMED)
