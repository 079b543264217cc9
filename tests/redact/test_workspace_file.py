"""The workspace in a snapshot: enough to judge again, and no name of a person."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preuve.library.vocabulary import own_texts
from preuve.model.company.code import IacRoot
from preuve.model.company.organization import Account, Role
from preuve.model.company.workspace import (
    Attestation,
    Decision,
    Exclusion,
    Nonconformity,
    RefusedAttestation,
    RefusedWaiver,
    Register,
    Waiver,
    Workspace,
)
from preuve.model.content import Severity
from preuve.model.errors import Position, Problem, UsageError
from preuve.redact.known_names import KnownNames
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor
from preuve.redact.workspace_file import dump, restore

WAIVER = Waiver(
    "W-001", "rds-multi-az", "crm*", "A test database.", "ciso", "management",
    date(2026, 9, 1), date(2027, 3, 1), Position("waivers.yaml", 2, 5),
)  # fmt: skip
REFUSED = RefusedWaiver(
    "W-002", "rds-multi-az", "crm*", "A test database.", "ciso", "ciso", "2026-09-01", "2027-03-01",
    "nothing shows that owner and approver are two people",
)  # fmt: skip
ATTESTATION = Attestation(
    "ATT-001", "GOV-03", "document", "PSSI", "ciso", date(2026, 3, 1), "in_place",
    Position("attestations/a.yaml", 1, 1), expires=date(2027, 3, 1), file="pssi.pdf", sha256="cd" * 32,
)  # fmt: skip
WORKSPACE = Workspace(
    root=Path("there"), organisation="TechStart", country="FR", language="fr", frameworks=("gdpr",),
    accounts=(Account("123456789012", "production", environment="prod"),),
    regions=("eu-west-3",), iac=(IacRoot("infra", "terraform"),),
    params={"rpo_hours": 4, "allowed_regions": ["eu-west-3"], "vuln_sla_days": {"critical": 7}},
    gate=Severity.MEDIUM, evidence_folder="evidence", pseudonym_key="~/.config/key",
    endpoint_url="http://127.0.0.1:5555", demonstration=True, exclusions=(Exclusion("A.7.1", "No premises."),),
    waivers=(WAIVER,), refused=(REFUSED,), attestations=(ATTESTATION, replace(ATTESTATION, id="ATT-002", expires=None)),
    refused_attestations=(
        RefusedAttestation("ATT-003", "GOV-03", Problem(Position("attestations/c.yaml", 8, 7), "it changed")),
    ),
    registers=(Register("soa", "registers/soa.csv", 1, "ef" * 32),),
    decisions=(Decision("A.8.24", "Risk R-004.", "ciso", "2026-04-15"),),
    nonconformities=(Nonconformity("NC-1", "2026-09-14", owner="ciso", due="2026-12-01"),),
    problems=(Problem(Position("waivers.yaml", 9, 3), "W-003 counts for nothing", "fix it"),),
    to_complete=("scope.iac",),
)  # fmt: skip
KEY = Pseudonyms(b"k" * 32)
ROLES = frozenset({"ciso", "management"})


def dumped(workspace: Workspace) -> dict[str, Any]:
    text = json.dumps(dump(workspace, Redactor(Pseudonyms(b"k" * 32)), ROLES))
    data: dict[str, Any] = json.loads(text)
    return data


def test_a_workspace_without_names_reads_back_equal() -> None:
    restored = restore(dumped(WORKSPACE), Path("here"))
    committed = tuple(replace(one, sha256=KEY.committed(one.sha256)) for one in WORKSPACE.registers)
    attested = tuple(replace(one, sha256=KEY.committed(one.sha256)) for one in WORKSPACE.attestations)
    assert restored == replace(
        WORKSPACE, root=Path("here"), pseudonym_key="", endpoint_url="", registers=committed, attestations=attested
    )


def test_hashes_in_a_workspace_cannot_be_tested_without_the_salt() -> None:
    """At every place of the hash. A person who gets digest and salt can check the file."""
    digest, source, policy, earlier = ("ab" * 32, "cd" * 32, "ef" * 32, "12" * 32)
    named = replace(
        WORKSPACE,
        registers=(Register("people", "registers/people.csv", 7, digest, (f"hr: 2026-11-20, sha256 {source}",)),),
        attestations=(
            replace(ATTESTATION, kind="document", file="", sha256=digest),
            replace(ATTESTATION, id="ATT-2", kind="document", file="", sha256=earlier),
            replace(ATTESTATION, id="ATT-3", kind="document", file="copy.csv", sha256=digest),
            replace(ATTESTATION, id="ATT-4", kind="document", file="policy.pdf", sha256=policy),
        ),
    )
    pseudonyms = Pseudonyms(b"k" * 32)
    data = dump(named, Redactor(pseudonyms), ROLES)
    text = json.dumps(data)
    assert [one in text for one in (digest, source, earlier, policy)] == [False] * 4
    (register,) = data["registers"]
    assert [item["sha256"] == register["sha256"] for item in data["attestations"]] == [True, False, True, False]
    told = re.fullmatch(r"sha256 (\w{64}), salt (\w{64})", pseudonyms.names[register["sha256"]])
    assert told is not None and told[1] == digest
    assert hashlib.sha256((told[2] + told[1]).encode()).hexdigest() == register["sha256"]
    assert register["sha256"] != Pseudonyms(b"l" * 32).committed(digest)


def test_the_paths_of_the_key_and_of_the_workspace_are_not_kept() -> None:
    text = json.dumps(dumped(WORKSPACE))
    assert ".config" not in text and "there" not in text and "5555" not in text


def test_the_access_to_an_account_is_not_kept() -> None:
    (account,) = WORKSPACE.accounts
    role = Role("arn:aws:iam::210987654321:role/spoke", "techstart-7", {"Why": "audit"})
    text = json.dumps(dumped(replace(WORKSPACE, accounts=(replace(account, roles=(role,), profile="jane"),))))
    assert not any(part in text for part in ("spoke", "techstart-7", "Why", "jane"))


def test_the_owner_of_a_decision_becomes_a_pseudonym() -> None:
    named = Decision("A.8.24", "Jane Doe asked for it.", "Jane Doe (CISO)")
    text = json.dumps(dumped(replace(WORKSPACE, decisions=(named, replace(named, control="A.8.5", owner="")))))
    assert "Jane" not in text and "(CISO)" in text


def test_no_person_is_named() -> None:
    named = replace(
        WORKSPACE,
        waivers=(
            replace(
                WAIVER, owner="Nadia Belkacem (DPO)", approver="paul@techstart.fr",
                reason="Nadia Belkacem asked paul@techstart.fr.", resource="arn:aws:iam::123456789012:user/nadia",
            ),
        ),
        attestations=(replace(ATTESTATION, owner="Nadia Belkacem", statement="Signed: Nadia Belkacem, x@y.fr"),),
    )  # fmt: skip
    data = dumped(named)
    text = json.dumps(data)
    assert not any(name in text for name in ("Nadia", "Belkacem", "paul", "nadia", "@"))
    owner = data["attestations"][0]["owner"]
    assert data["waivers"][0]["owner"] == f"{owner} (DPO)"
    assert data["waivers"][0]["reason"].startswith(f"{owner} asked person-")


def test_a_short_name_is_not_replaced_inside_other_words() -> None:
    named = replace(WORKSPACE, waivers=(replace(WAIVER, owner="Al", reason="Also: Al, legal, AWS::Al::x"),))
    data = dumped(named)
    owner = data["waivers"][0]["owner"]
    assert owner.startswith("person-")
    assert data["waivers"][0]["reason"] == f"Also: {owner}, legal, AWS::{owner}::x"


def test_the_owner_of_an_action_becomes_a_pseudonym_and_a_function_stays() -> None:
    entry = Nonconformity("NC-1", owner="Léa Petit", effective="yes, Léa Petit")
    entries = (entry, replace(entry, owner="CISO", effective=""))
    named, function = dumped(replace(WORKSPACE, nonconformities=entries))["nonconformities"]
    assert named["owner"].startswith("person-") and named["effective"] == f"yes, {named['owner']}"
    assert function["owner"] == "CISO"


@pytest.mark.parametrize(
    "function",
    [
        "Responsable de la sécurité des systèmes d'information", "Direction générale", "directeur général",
        "Directrice des systèmes d'information", "comité de direction", "Chief information security officer",
        "Déléguée à la protection des données", "Head of Legal", "Tech lead", "Cheffe de projet", "DSI",
        "Directrice administrative et financière", "R.S.S.I.", "Délégué·e à la protection des données",
        "Directeur/trice sécurité & qualité", "Responsable de la sécurité du système d'information (par intérim)",
    ],
)  # fmt: skip
def test_a_function_that_owns_or_approves_is_no_name(function: str) -> None:
    """Taken for one, words of preuve's own texts would be a person's name, and no audit could close."""
    pseudonyms = Pseudonyms(b"k" * 32)
    waiver, refused = (
        replace(WAIVER, owner=function, approver=f"Léa Martel, {function}"),
        replace(REFUSED, owner=function),
    )
    data = dump(replace(WORKSPACE, waivers=(waiver,), refused=(refused,)), Redactor(pseudonyms), ROLES)
    assert data["waivers"][0]["owner"] == data["refused"][0]["owner"] == function
    assert re.fullmatch(rf"person-\w{{12}}, {re.escape(function)}", data["waivers"][0]["approver"])
    assert not KnownNames(pseudonyms.names).found(own_texts())


def test_a_name_of_ordinary_words_is_a_name() -> None:
    names = ("Claire Petit", "Max Page", "Paul Directeur", "Will Lead", "Grace Head", "Petit", "Head", "Chef")
    posts = ("DSI", "Directeur", "Général", "Chef", "Mark")
    behind = ("Petit", "Grand", "Page", "Head", "Constant", "Blanc", "Leroy")
    for name in (*names, *(f"{post} {last}" for post in posts for last in behind)):
        (waiver,) = dumped(replace(WORKSPACE, waivers=(replace(WAIVER, owner=name),)))["waivers"]
        assert waiver["owner"].startswith("person-")


def test_a_name_in_brackets_behind_a_function_is_a_name() -> None:
    named = replace(WAIVER, owner="DSI (Paul Roche)", approver="Direction (produit)", reason="Paul Roche asked.")
    (waiver,) = dumped(replace(WORKSPACE, waivers=(named,)))["waivers"]
    assert re.fullmatch(r"DSI \(person-\w{12}\)", waiver["owner"]) and waiver["approver"] == "Direction (produit)"
    assert re.fullmatch(r"person-\w{12} asked\.", waiver["reason"])


def test_a_further_last_name_in_brackets_goes_with_the_first() -> None:
    for cell in ("Marie Durand (née Petit)", "Marie Durand (Petit-Roy)", "Marie Durand, née Petit"):
        data = dumped(replace(WORKSPACE, waivers=(replace(WAIVER, owner=cell, approver="Marie Durand (RSSI)"),)))
        (waiver,) = data["waivers"]
        assert "Petit" not in json.dumps(data) and waiver["owner"].startswith(waiver["approver"].split()[0])
        assert waiver["approver"].endswith(" (RSSI)")


def test_owner_and_approver_stay_two_people() -> None:
    named = replace(WORKSPACE, waivers=(replace(WAIVER, owner="Paul Martin", approver="Paul"),))
    (waiver,) = dumped(named)["waivers"]
    assert waiver["owner"] != waiver["approver"]


ADDRESS = st.from_regex(r"[a-z]{1,6}\.[a-z]{1,6}@[a-z]{2,6}\.(fr|com)", fullmatch=True)


@settings(max_examples=60)
@given(ADDRESS, st.text(max_size=10))
def test_an_address_is_the_same_pseudonym_everywhere_and_the_rest_is_readable(address: str, text: str) -> None:
    named = replace(
        WORKSPACE,
        organisation=f"{text} {address}",
        params={"x": [address, {"y": address}]},
        exclusions=(Exclusion("A.7.1", f"ask {address}"),),
        waivers=(replace(WAIVER, owner=address, approver=f"{address} (CTO)", resource=f"{address}/*"),),
        attestations=(replace(ATTESTATION, title=address, statement=f"{text} {address}"),),
        problems=(Problem(Position("waivers.yaml", 1, 1), f"{address} is not valid"),),
    )
    data = dumped(named)
    assert address not in json.dumps(data)
    assert len(set(re.findall(r"person-[a-z2-7]{12}", json.dumps(data)))) == 1
    assert restore(data, Path("here")).waivers[0].expires == WAIVER.expires


def test_the_people_of_a_refused_waiver_are_pseudonyms_too() -> None:
    named = replace(REFUSED, owner="Nadia Benali (RSSI)", approver="Nadia BENALI", reason="Nadia Benali says so.")
    text = json.dumps(dumped(replace(WORKSPACE, refused=(named,))))
    assert "Benali" not in text and "BENALI" not in text
    assert "(RSSI)" in text


def test_a_member_that_the_format_does_not_know_is_left_out_and_half_a_workspace_is_an_error() -> None:
    kept = json.loads(json.dumps(dumped(WORKSPACE)))
    assert restore({**kept, "note": "relu: conforme"}, Path()) == restore(kept, Path())
    for half in ({**kept, "accounts": [{"id": "123456789012"}]}, {"language": "fr"}):
        with pytest.raises(UsageError, match="whole workspace"):
            restore(half, Path())
