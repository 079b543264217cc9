"""An organization over HTTP: discovered accounts are read, unread ones have a cause, and a part is
never taken for all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from emulator import ACCOUNT, Emulator, running
from pipeline.fleet.kit import HOURS, InProcess, judged
from pipeline.runs import LIMITS, Run, narrowed, run
from preuve.cli.main import main
from preuve.model.errors import ContentError, Exit, UsageError
from preuve.model.results import FindingStatus
from preuve.pipeline.fleet.assembly import Fleet
from preuve.pipeline.fleet.part import PartRequest, collect_part
from preuve.pipeline.fleet.places import Folder
from preuve.pipeline.run.preparation import Preparation, prepare
from preuve.pipeline.workspace.doctor.aws import checks
from preuve.pipeline.workspace.doctor.check import State
from preuve.publish.words.locale import load_locale

WORKSPACE = """schema: 1
organisation: {{name: Try, country: FR, language: en}}
scope:
  organization:
    accounts: {{role_arn: "arn:aws:iam::{{account}}:role/preuve-scan"}}
{rules}
  regions: [eu-west-3]
evidence: {{pseudonym_key: .key/p.key}}
aws: {{endpoint_url: "{endpoint}", demonstration: true}}
"""


@dataclass(frozen=True)
class Company:
    """An emulated organization: accounts by name."""

    emulator: Emulator
    folder: Path
    accounts: dict[str, str]

    def prepared(self, rules: str = "") -> Preparation:
        lines = "\n".join(f"    {line}" for line in rules.splitlines())
        text = WORKSPACE.format(rules=lines, endpoint=self.emulator.endpoint)
        (self.folder / "preuve.yaml").write_text(text, encoding="utf-8")
        return narrowed(prepare(self.folder), lambda rule: rule.policy.id == "iam-password-reuse")

    def run(self, rules: str = "") -> Run:
        return run(self.prepared(rules), self.folder / "snapshot", LIMITS)

    def states(self, **states: str) -> None:
        """Answer with other states than those of the emulator, which knows no other."""
        found = self.emulator.client("organizations").list_accounts()["Accounts"]
        body = [
            {
                "Id": item["Id"],
                "Name": item["Name"],
                "Email": item["Email"],
                "State": states.get(item["Name"], "ACTIVE"),
            }
            for item in found
        ]
        self.emulator.respond("organizations", "ListAccounts", {"Accounts": body})


@pytest.fixture(scope="module")
def organization() -> Iterator[Company]:
    """Made once: an account of the emulator takes seconds."""
    with running() as emulator:
        yield made(emulator)


@pytest.fixture
def company(organization: Company, tmp_path: Path) -> Company:
    """Without faults, and with a folder of its own."""
    organization.emulator.reset(state=False)
    return replace(organization, folder=tmp_path)


def made(emulator: Emulator) -> Company:
    """An organization with four accounts in three units."""
    client = emulator.client("organizations")
    client.create_organization(FeatureSet="ALL")
    (root,) = client.list_roots()["Roots"]
    work = client.create_organizational_unit(ParentId=root["Id"], Name="Workloads")["OrganizationalUnit"]["Id"]
    prod = client.create_organizational_unit(ParentId=work, Name="Prod")["OrganizationalUnit"]["Id"]
    lab = client.create_organizational_unit(ParentId=root["Id"], Name="Lab")["OrganizationalUnit"]["Id"]
    client.create_organizational_unit(ParentId=root["Id"], Name="Empty")
    accounts = {"management": ACCOUNT}
    for name, unit in (("billing", prod), ("shop", work), ("playground", lab)):
        tags = [{"Key": "Environment", "Value": "Prod"}, {"Key": "Owner", "Value": "jane.doe@techstart.fr"}]
        status = client.create_account(
            Email=f"jane.doe+{name}@techstart.fr", AccountName=name, Tags=tags if name == "shop" else []
        )["CreateAccountStatus"]
        accounts[name] = status["AccountId"]
        client.move_account(AccountId=status["AccountId"], SourceParentId=root["Id"], DestinationParentId=unit)
    return Company(emulator, Path(), accounts)


def told(found: Run) -> dict[str, Any]:
    """Return the snapshot's facts about each account, by name."""
    return {item["name"]: item for item in asdict(found.snapshot.meta)["organization"]["members"]}


def test_discovered_accounts_are_each_read_by_their_own_role(company: Company) -> None:
    rules = (
        "units: [/Workloads]\n"
        f'exclude: [{{account: "{company.accounts["billing"]}", reason: sold in March to another company}}]\n'
        "environments: [{tag: Environment}]"
    )
    found = company.run(rules)
    decisions = {name: item["decision"] for name, item in told(found).items()}
    assert decisions == {"master": "outside", "billing": "excluded", "shop": "read", "playground": "outside"}
    shop = company.accounts["shop"]
    assert found.snapshot.meta.accounts == (shop,)
    assert {listing.account for listing in found.snapshot.listings} == {shop}
    assert told(found)["billing"]["unit"] == "/Workloads/Prod"
    assert found.code is Exit.OK
    kept = json.loads((found.folder / "workspace.json").read_text(encoding="utf-8"))
    assert kept["accounts"] == [{"id": shop, "name": "shop", "environment": "prod"}]
    text = "".join(path.read_text(encoding="utf-8") for path in found.folder.rglob("*.json*"))
    assert "jane" not in text  # neither addresses nor tags that were not requested
    assert "preuve-scan" not in kept  # the access to an account is private
    calls = [call for call in found.calls if call["id"].startswith("organization/")]
    assert {call["operation"] for call in calls} == {
        "ListAccounts", "ListParents", "ListOrganizationalUnitsForParent", "ListTagsForResource",
    }  # fmt: skip
    assert {call["status"] for call in calls} == {200}


def test_pages_are_read_to_the_end(company: Company) -> None:
    """moto returns small pages on request; here each page has one account, and one page has none."""
    accounts = company.emulator.client("organizations").list_accounts()["Accounts"]
    plain = [{"Id": item["Id"], "Name": item["Name"], "State": "ACTIVE"} for item in accounts]
    first, *others = plain
    cases = [
        {"when": {"NextToken": "2"}, "body": {"Accounts": [], "NextToken": "3"}},
        {"when": {"NextToken": "3"}, "body": {"Accounts": others}},
        {"body": {"Accounts": [first], "NextToken": "2"}},
    ]
    company.emulator.respond("organizations", "ListAccounts", cases=cases)
    assert set(told(company.run())) == {"master", *set(company.accounts) - {"management"}}


@pytest.mark.parametrize("state", ["SUSPENDED", "PENDING_CLOSURE"])
def test_a_closed_account_is_not_called_and_is_not_evaluated(company: Company, state: str) -> None:
    company.states(shop=state)
    found = company.run("units: [/Workloads]")
    unread = [item for item in found.assessment.findings if item.place.account == company.accounts["shop"]]
    assert {(item.status, item.reason.values["cause"]) for item in unread} == {
        (FindingStatus.NOT_EVALUATED, f"account_{state.lower()}")
    }
    assert found.code is Exit.INCOMPLETE
    assert not [call for call in found.calls if call["id"].startswith(company.accounts["shop"])]


@pytest.mark.parametrize(("operation", "cause"), [("ListAccounts", "access_denied"), ("AssumeRole", "role_refused")])
def test_an_organization_that_does_not_answer_makes_no_empty_scope(
    company: Company, operation: str, cause: str
) -> None:
    company.emulator.faults({"kind": "deny", "operation": operation})
    found = company.run("role_arn: arn:aws:iam::123456789012:role/asks")
    assert found.code is not Exit.OK
    assert found.assessment.incomplete
    assert {item.reason.values["cause"] for item in found.assessment.findings} == {cause}
    assert {item.place.account for item in found.assessment.findings} == {"not-discovered"}


@pytest.mark.parametrize(
    ("operation", "rules"),
    [
        ("ListParents", "units: [/Workloads]"),
        ("ListTagsForResource", "tags: {Environment: [Prod]}"),
        ("ListOrganizationalUnitsForParent", "exclude: [{unit: /Lab, reason: for trials of one day}]"),
    ],
)
def test_a_refused_call_that_decides_the_scope_leaves_accounts_not_evaluated(
    company: Company, operation: str, rules: str
) -> None:
    company.emulator.faults({"kind": "deny", "operation": operation})
    found = company.run(rules)
    assert {item["decision"] for item in told(found).values()} == {"unknown"}
    assert {item.status for item in found.assessment.findings} == {FindingStatus.NOT_EVALUATED}
    assert {item.reason.values["cause"] for item in found.assessment.findings} == {"access_denied"}
    assert {item.place.account for item in found.assessment.findings} == set(company.accounts.values())


def test_throttled_calls_are_repeated(company: Company) -> None:
    company.emulator.faults({"kind": "throttle", "service": "organizations", "operation": "ListParents", "times": 1})
    found = company.run()
    assert {item["decision"] for item in told(found).values()} == {"read"}


def test_an_unknown_unit_or_account_is_an_error_with_file_and_line(company: Company) -> None:
    prepared = company.prepared('units:\n  - /Workload\nexclude:\n  - {account: "999988887777", reason: sold in March}')
    with pytest.raises(ContentError) as raised:
        run(prepared, company.folder / "snapshot", LIMITS)
    assert raised.value.exit_code is Exit.INVALID
    assert [str(problem).split(" (")[0] for problem in raised.value.problems] == [
        "preuve.yaml:7:9: there is no unit /Workload in the organization",
        "preuve.yaml:9:19: there is no account 999988887777 in the organization",
    ]
    assert not (company.folder / "snapshot").exists()


def test_a_unit_without_accounts_is_no_success(company: Company) -> None:
    with pytest.raises(ContentError, match="no account of the organization is in scope"):
        company.run("units: [/Empty]")


def test_settings_for_a_single_account_override_the_discovery(company: Company) -> None:
    prepared = company.prepared()
    shop = company.accounts["shop"]
    own = replace(prepared.workspace.organization.account(shop, "the shop", "test"), roles=())  # type: ignore[union-attr]
    named = replace(prepared, workspace=replace(prepared.workspace, accounts=(own,)))
    found = run(named, company.folder / "snapshot", LIMITS)
    first, *others = json.loads((found.folder / "workspace.json").read_text(encoding="utf-8"))["accounts"]
    assert first == {"id": shop, "name": "the shop", "environment": "test"}
    assert len(others) == len(company.accounts) - 1


def test_accounts_to_read_are_printed_for_separate_jobs(company: Company) -> None:
    company.states(shop="SUSPENDED")
    company.prepared("units: [/Workloads]")
    result = CliRunner().invoke(main, ["accounts", "--json", "-w", str(company.folder)])
    assert json.loads(result.stdout) == {"accounts": [company.accounts["billing"]]}
    assert f"{company.accounts['shop']}: account_suspended" in result.stderr
    assert result.exit_code == Exit.INCOMPLETE
    told = checks(prepare(company.folder), load_locale("en"))
    shop = [check for check in told if check.name == f"account {company.accounts['shop']}"]
    assert [check.state for check in shop] == [State.FAIL]


def test_discovered_accounts_are_read_in_parts_and_closed_ones_are_not_called(company: Company) -> None:
    company.states(billing="SUSPENDED")
    prepared, place = company.prepared("units: [/Workloads]"), Folder(company.folder / "parts")
    alone = run(prepared, company.folder / "alone", LIMITS)
    engine = InProcess(prepared, place)
    together = judged(prepared, company.folder / "together", Fleet(place, HOURS, engine))
    assert engine.asked == [company.accounts["shop"]]
    assert together.verdicts == alone.verdicts
    meta, before = together.snapshot.meta, alone.snapshot.meta
    assert (meta.organization, meta.callers) == (before.organization, before.callers)
    assert set(meta.parts) == {company.accounts["shop"]}


def test_a_text_that_is_no_account_number_is_refused(company: Company) -> None:
    prepared = company.prepared()
    with pytest.raises(UsageError, match="not in scope"):
        collect_part(prepared, PartRequest("../elsewhere"), Folder(company.folder / "parts"), lambda *_: None)
    assert not (company.folder / "elsewhere").exists()


def test_an_account_that_is_excluded_by_its_number_is_not_entered(company: Company) -> None:
    number = company.accounts["shop"]
    prepared = company.prepared(f"exclude: [{{account: '{number}', reason: run by a partner}}]")
    with pytest.raises(UsageError, match=f"account {number} is excluded: run by a partner"):
        collect_part(prepared, PartRequest(number), Folder(company.folder / "parts"), lambda *_: None)
    assert not (company.folder / "parts" / number).exists()
