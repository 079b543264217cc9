"""The site as a browser, an auditor and an attacker meet it."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import botocore.session
import pytest

from content_copy import bundled
from preuve.assess.judge import _observed as shown_values
from preuve.library.yaml.place import content_root
from preuve.model.company.workspace import GitHub, Register
from preuve.model.content import Automation, Call, ResourceType
from preuve.model.errors import Position
from preuve.model.results import FindingStatus, Place, Reason
from preuve.model.snapshot import AuditRun
from preuve.publish.pages.findings import ROWS_PER_PAGE
from preuve.publish.pages.frameworks import ROWS_PER_POLICY
from preuve.publish.site.facts import SealDescription
from preuve.publish.site.html.style import load
from preuve.publish.site.paths import (
    CODE,
    CROSSWALK,
    FINDINGS,
    HOME,
    LIMITS_PAGE,
    REGISTERS_PAGE,
    RESOURCES,
    SCOPE_PAGE,
    account_page,
    call_page,
    control_page,
    framework_page,
    page_file,
    policy_page,
    type_page,
)
from preuve.publish.site.views import Facts
from preuve.publish.site.writer import write_site
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor
from preuve.redact.workspace_file import dump, restore

from . import factory

VOID = {"meta", "br", "wbr", "link", "img", "input", "col"}
FLOW = {
    "details",
    "div",
    "dl",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
}  # elements that a browser moves out of others
CELLS = {"td", "th"}
ENDED_BY = {  # if HTML lets a page omit an end tag: the tags that end the element
    "li": {"li"},
    "td": {*CELLS, "tr"},
    "th": {*CELLS, "tr"},
    "tr": {"tr", "tbody"},
    "thead": {"tbody"},
    "tbody": set(),
    "p": {"aside", "details", "div", "dl", "footer", "h1", "h2", "h3", "h4", "ol", "p", "section", "table", "ul"},
}
PHRASING = {"a", "b", "bdi", "button", "code", "label", "p", "span", "strong", *(f"h{level}" for level in range(1, 7))}


class Page(HTMLParser):
    """The parts of a page that tests examine: its elements, its texts, and whether it is well formed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.style = ""
        self.scripts: list[str] = []
        self.data: list[str] = []
        self._open: list[str] = []
        self.broken: list[str] = []
        self.misplaced: list[str] = []
        self.feed(text)
        self.broken += [tag for tag in self._open if tag not in ("html", "body")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        while self._open and tag in ENDED_BY.get(self._open[-1], ()):
            self._open.pop()
        if tag in FLOW and (around := next((item for item in reversed(self._open) if item in PHRASING), "")):
            self.misplaced.append(f"{tag} in {around}")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag == "head" and tag not in self._open:  # HTML lets a page leave out where it begins
            return
        while self._open and self._open[-1] in ENDED_BY.keys() - {tag}:
            self._open.pop()
        if not self._open or self._open.pop() != tag:
            self.broken.append(tag)

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside == "style":
            self.style = data
        elif inside == "script":
            (self.data if self.elements[-1][1].get("type") == "application/json" else self.scripts).append(data)
        else:
            self.texts.append(data)

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))


def read(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("site")
    factory.write_snapshot(path)
    write_site(path, factory.site("fr", demonstration=True))
    return path


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Page]:
    return {path.relative_to(folder).as_posix(): read(path) for path in sorted(folder.rglob("*.html"))}


A_8_24 = control_page("iso27001-2022", "A.8.24")
A_8_13 = control_page("iso27001-2022", "A.8.13")
GDPR_32 = control_page("gdpr", "GDPR.32.1.a")
ENCRYPTED = policy_page("s3-encrypted")
BUCKETS = type_page("AWS::S3::Bucket")


def at(page: str, language: str = "en") -> str:
    return page_file(page, language)


def test_a_page_claims_only_what_its_policies_test(pages: dict[str, Page]) -> None:
    (name,) = (name for name in pages if name.endswith("A.8.24/index.en.html"))
    assert "Shows the settings of buckets." in pages[name].text
    assert "It does not show who chose them." in pages[name].text
    assert not any("Shows what no policy tests." in page.text for page in pages.values())


@pytest.mark.parametrize(
    ("statuses", "seen"),
    [
        ((FindingStatus.FAIL,), True),
        ((FindingStatus.WAIVED,), True),
        ((FindingStatus.PASS, FindingStatus.NOT_EVALUATED), True),
        ((FindingStatus.NOT_EVALUATED,), False),
        ((FindingStatus.NOT_APPLICABLE,), False),
        ((FindingStatus.NOT_APPLICABLE, FindingStatus.NOT_EVALUATED), False),
        ((), False),
    ],
)
def test_a_claim_without_an_evaluated_finding_is_not_shown(statuses: tuple[FindingStatus, ...], *, seen: bool) -> None:
    first = next(item for item in factory.findings() if item.policy == "s3-encrypted")
    site = factory.site("en", found=tuple(replace(first, status=status) for status in statuses))
    (result,) = (item for item in site.assessment.controls if item.control == "GDPR.5.1.f")
    assert result.policies == ("s3-encrypted",)
    assert [said.claim.text.en for said in Facts(site).claims(result)] == ["Shows the settings of buckets."] * seen


def test_a_claim_names_its_policies_without_a_verdict(pages: dict[str, Page]) -> None:
    said = (
        "Shows the settings of buckets. Not evaluated here, or not everywhere: “Buckets are encrypted at "
        "rest” (AWS::S3::Bucket), “Databases are encrypted”. Nothing to judge here: “Keys rotate”."
    )
    assert said in pages[at(A_8_24)].text


@pytest.mark.parametrize(
    "statuses", [*itertools.combinations(FindingStatus, 1), *itertools.combinations(FindingStatus, 2), ()]
)
def test_each_policy_of_a_claim_has_a_verdict_or_is_named_without_one(statuses: tuple[FindingStatus, ...]) -> None:
    shown = next(item for item in factory.findings() if item.policy == "s3-encrypted")
    other = next(item for item in factory.findings() if item.policy == "rds-encrypted")
    site = factory.site("en", found=(shown, *(replace(other, status=status) for status in statuses)))
    (result,) = (item for item in site.assessment.controls if item.control == "GDPR.32.1.a")
    (said,) = Facts(site).claims(replace(result, policies=("s3-encrypted", "rds-encrypted", "s3-versioning")))
    assert ("rds-encrypted" in said.nothing) is (set(statuses) == {FindingStatus.NOT_APPLICABLE})
    assert ("rds-encrypted" in said.open) is (FindingStatus.NOT_EVALUATED in statuses)
    assert ("rds-encrypted" in said.outside) is (not statuses)


def test_a_contradicted_item_of_the_law_has_a_note_on_its_meaning(pages: dict[str, Page]) -> None:
    for language, said in (("en", "The law prescribes no setting."), ("fr", "La loi ne prescrit aucun réglage.")):
        for page in (framework_page("gdpr"), GDPR_32):
            assert said in pages[at(page, language)].text
    assert "prescribes no setting" not in pages[at(A_8_24)].text


def test_an_article_is_cited_in_one_way_in_each_language(pages: dict[str, Page]) -> None:
    for language, whole, others in (
        ("en", "GDPR Art. 32(1)(a)", ("32.1.a", "RGPD")),
        ("fr", "RGPD, art. 32.1.a", ("32(1)", "Art. ")),
    ):
        for page in (GDPR_32, framework_page("gdpr"), ENCRYPTED, LIMITS_PAGE, A_8_24):
            text = pages[at(page, language)].text
            assert whole in text or page in (LIMITS_PAGE, A_8_24), page
            assert [other for other in others if other in text.replace("GDPR.32.1.a", "")] == [], page
        assert pages[at(GDPR_32, language)].named("h1") and f" {whole} " in pages[at(GDPR_32, language)].text


def test_a_control_with_a_planned_check_or_a_missing_document_is_not_fully_automated() -> None:
    site = factory.site("en")
    facts = Facts(site)
    (result,) = (item for item in site.assessment.controls if item.control == "A.8.24")
    control = site.library.control("A.8.24")
    assert control is not None and control.automation is Automation.FULL
    assert facts.automation(result) == "partial"
    assert control.planned and control.evidence
    built = replace(control, planned=())
    assert built.automated(control.evidence) is Automation.FULL
    assert {control.automated(control.evidence), built.automated()} == {Automation.PARTIAL}


def test_one_function_says_how_far_a_control_is_automated() -> None:
    """What the catalogue calls automated is not, while its documents are missing."""
    root = Path(__file__).parents[2]
    told = [path for folder in ("preuve/publish", "tools") for path in (root / folder).rglob("*.py")]
    assert told
    assert [path.name for path in told if re.search(r"\w\.automation\b(?!\")", path.read_text("utf-8"))] == []


def test_both_languages_have_the_same_pages(pages: dict[str, Page]) -> None:
    english = {name.removesuffix(".en.html") for name in pages if name.endswith(".en.html")}
    assert english == {name.removesuffix(".fr.html") for name in pages if name.endswith(".fr.html")}
    assert {
        HOME,
        FINDINGS,
        RESOURCES,
        CODE,
        REGISTERS_PAGE,
        LIMITS_PAGE,
        A_8_24,
        GDPR_32,
        ENCRYPTED,
        BUCKETS,
    } <= english
    others = {name for name in pages if not name.endswith((".en.html", ".fr.html"))}
    assert others == {"README.html"}


def test_the_search_has_every_finding(pages: dict[str, Page]) -> None:
    """Also those about a whole type, which have no resource."""
    index = json.loads(pages[at(FINDINGS)].data[0])
    counted = Counter(index["statuses"][number] for number in index["findings"][::3])
    assert counted == Counter(item.status.value for item in factory.findings())
    whole = [item for item in factory.findings() if not item.place.id and not item.place.arn]
    assert whole
    for item in whole:
        (resource,) = (found for found in index["resources"] if found[0] == item.place.type)
        page = index["pages"][resource[2]]
        assert resource[3] == 0 and unquote(page).endswith(f"policies/{item.policy}.en.html")


def test_findings_about_whole_types_are_counted_on_the_pages_of_resources_and_accounts(pages: dict[str, Page]) -> None:
    for page in (RESOURCES, account_page(factory.ACCOUNT)):
        assert "2 findings are about whole types" in pages[at(page)].text


def test_enabled_regions_out_of_scope_are_named_with_their_resources(pages: dict[str, Page]) -> None:
    text = pages[at(SCOPE_PAGE)].text
    assert "us-east-1 123456789012 2 instances, 1 bucket" in text
    assert "The three calls found nothing in: sa-east-1" in text
    assert "eu-north-1 123456789012 could not be queried: access denied (AccessDenied)" in text


@pytest.mark.parametrize(
    ("period", "wrong"),
    [
        ("2026-Q4", False), ("2026-Q4.2", False), ("2026", False), ("2026-H2", False), ("2026-11", False),
        ("essai", False), ("2026-Q3", True), ("2025-Q4", True), ("2025", True), ("2026-H1", True), ("2026-10", True),
        ("2026-T4", False), ("2026q4", False), ("T4-2026", False), ("2026-W48", False), ("audit-2026", False),
        ("1234567890", False), ("lot-20251", False), ("2026-Q4-bis", False), ("2026-11-27", False),
        ("2026-T3", True), ("2026-q3", True), ("2026Q3", True), ("2026_Q3", True), ("Q3-2026", True),
        ("T3-2026", True), ("2026-W02", True), ("audit-2025", True), ("2026-10-27", True), ("audit_2026-Q3", True),
        ("2026-Q3v2", True),
    ],
)  # fmt: skip
def test_a_bundle_name_outside_its_period_is_recognized(period: str, wrong: bool) -> None:
    made = factory.site("en")
    site = replace(made, meta=replace(made.meta, run=AuditRun(period, period)))
    assert site.outside_period == (period if wrong else "")


def test_a_bundle_named_after_another_period_is_marked_on_its_first_pages(tmp_path: Path) -> None:
    made = factory.site("fr")
    run = AuditRun("2026-Q3", "2026-Q3")
    write_site(tmp_path, replace(made, meta=replace(made.meta, run=run)))
    for name in ("README.html", at(HOME, "fr"), at(SCOPE_PAGE, "fr")):
        assert "Ce dossier porte le nom 2026-Q3" in read(tmp_path / name).text


def test_a_register_names_its_sources(tmp_path: Path) -> None:
    filled = Register("people", "registers/people.csv", 2, "ab" * 32, (f"contractors: 2026-11-20, sha256 {'cd' * 32}",))
    written = Register("soa", "registers/soa.csv", 1, "ef" * 32)
    made = factory.site()
    workspace = replace(made.workspace, registers=(filled, written))
    factory.write_snapshot(tmp_path)
    write_site(tmp_path, replace(made, workspace=workspace))
    text = read(tmp_path / at(REGISTERS_PAGE)).text
    assert filled.origins[0] in text and "by no import of preuve" in text
    kept = json.loads(json.dumps(dump(workspace, Redactor(Pseudonyms(b"k" * 32)), frozenset())))
    back = restore(kept, tmp_path).registers  # hashes are kept as commitments
    assert [(item.name, item.file, item.rows) for item in back] == [
        ("people", filled.file, 2),
        ("soa", written.file, 1),
    ]
    assert back[0].origins[0].startswith("contractors: 2026-11-20, sha256 ") and "ab" * 32 not in str(back)


def test_chips_name_their_control_and_status(pages: dict[str, Page]) -> None:
    chips = [link for link in pages[at(HOME)].named("a") if "chip" in link.get("class", "")]
    assert len(chips) == len(factory.control_results())
    assert "A.8.24 Use of cryptography: Contradicted" in {chip["title"] for chip in chips}


def test_the_overview_gives_the_causes_of_findings_not_evaluated(pages: dict[str, Page]) -> None:
    """Two could not be read and one cannot be proved: 2 is listed under 3, with the difference explained."""
    said = "Not evaluated: 3, of which 2 because something in scope could not be read; 1 because the check can only"
    assert said in pages[at(HOME)].text
    assert "Non évalués : 3, dont 2 parce" in pages[at(HOME, "fr")].text.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_pass_links_to_its_values_snapshot_and_call(folder: Path, pages: dict[str, Page]) -> None:
    """The observed values, folded; the line of the snapshot, in the account and in code; the call and its line."""
    page = pages[at(ENCRYPTED)]
    text = (folder / at(ENCRYPTED)).read_text(encoding="utf-8")
    row = next(part for part in text.split("<tr>") if "techstart-logs" in part and "<details>" in part)
    folded = row[row.index("<details>") : row.index("</details>")]
    assert "1 value observed" in folded and "aws:kms" in folded
    assert "snapshot, line 4" in row
    links = {link["href"] for link in page.named("a")}
    up = "../../08-machine/snapshot"
    assert {f"{up}/aws/{factory.ACCOUNT}/global/s3.jsonl", f"{up}/iac/infra.jsonl"} <= links
    assert "snapshot, line 7" in page.text  # the block of code that passes
    (call,) = (link for link in links if link.endswith("#s3-17"))
    called = pages["data/00-summary/calls/123456789012.eu-west-3.en.html"]
    assert call.endswith("calls/123456789012.eu-west-3.en.html#s3-17")
    assert "GetBucketEncryption s3 · line 3" in called.text and "REQ-17" in called.text
    assert "snapshot, line 4" in pages[at(BUCKETS)].text


def test_the_page_of_calls_names_the_service_of_botocore_and_another_region(pages: dict[str, Page]) -> None:
    """A global service is called in some region: CloudTrail has the event there."""
    text = pages["data/00-summary/calls/123456789012.eu-west-3.en.html"].text
    assert "GetBucketEncryption s3 · us-east-1" in text and "GetBucketEncryption s3 · line" in text


def test_a_page_leads_to_all_that_its_verdicts_rest_on(tmp_path: Path) -> None:
    """What is read for many resources stands once, in a note; its number stands beside those that rest on it alone."""
    account, related = f"aws/{factory.ACCOUNT}/global/account.jsonl", f"aws/{factory.ACCOUNT}/eu-west-3/kms.jsonl"
    found = [
        factory.finding(
            "s3-encrypted",
            FindingStatus.FAIL,
            Reason("failed"),
            factory.bucket(f"b{number}"),
            calls=(f"{factory.ACCOUNT}/eu-west-3/s3/1",),
            lines=(f"{account}:2", *(f"{related}:{line}" for line in (4, 5, 6, 9) if number == 0)),
        )
        for number in range(5)
    ]
    lone = factory.finding("s3-encrypted", FindingStatus.PASS, Reason("asserted"), factory.bucket("lone"))
    write_site(tmp_path, factory.site("en", found=(*found, lone)))
    text = (tmp_path / at(ENCRYPTED)).read_text(encoding="utf-8")
    note = text[text.index('<li id="n1">') :].split("</ul>")[0]
    assert "ListBuckets" in note and "account.jsonl:2" in note and f"../../08-machine/snapshot/{account}" in note
    failing, passing = (part for part in text.split("<tr>") if "<bdi>b0" in part or "<bdi>lone" in part)
    assert "kms.jsonl:4–6, 9</a>" in failing and f"../../08-machine/snapshot/{related}" in failing
    assert "href=#n1" in failing and "ListBuckets" not in failing
    assert "#n1" not in passing


def test_what_was_observed_not_to_be_set_is_said_in_words(pages: dict[str, Page]) -> None:
    for language, said in (("en", "Encryption not set"), ("fr", "Encryption non défini")):
        text = pages[at(ENCRYPTED, language)].text
        assert said in text and "null" not in text


def test_a_value_that_is_left_in_the_snapshot_is_told_in_the_language_of_the_page(tmp_path: Path) -> None:
    made = factory.site("en")
    place = Place("AWS::S3::Bucket", "large", factory.ACCOUNT, "eu-west-3")
    left = shown_values({"Long": "x" * 20_600})
    found = factory.finding("s3-encrypted", FindingStatus.FAIL, Reason("failed"), place, observed=left)
    write_site(
        tmp_path, replace(made, assessment=replace(made.assessment, findings=(*made.assessment.findings, found)))
    )
    for language, said in (("en", "… 20,602 bytes, in the snapshot"), ("fr", "… 20 602 octets, dans le relevé")):
        assert said in read(tmp_path / at(ENCRYPTED, language)).text


def test_an_error_by_which_aws_answers_that_there_is_none_is_named(tmp_path: Path) -> None:
    made = factory.site("en")
    place = Position("s3.yaml", 1, 1)
    asked = Call("s3", "GetBucketEncryption", place)
    buckets = ResourceType("AWS::S3::Bucket", "s3", place, "global", details={"Encryption": asked})
    write_site(tmp_path, replace(made, library=replace(made.library, types={"AWS::S3::Bucket": buckets})))
    for language, said in (("en", "AWS answered that there is none"), ("fr", "AWS a répondu qu'il n'y en a pas")):
        text = read(tmp_path / at(ENCRYPTED, language)).text.replace("’", "'")
        assert f"Encryption {said} (ServerSideEncryptionConfigurationNotFoundError)" in text


def test_a_page_shows_both_counts_of_its_population(pages: dict[str, Page]) -> None:
    for page in (policy_page("rds-encrypted"), A_8_24):
        said = "AWS::RDS::DBInstance: 2 listed; rds:DescribeAccountAttributes DBInstances counts 3."
        assert said in pages[at(page)].text
    assert "rds:DescribeAccountAttributes DBInstances en compte 3" in pages[at(A_8_24, "fr")].text


def test_the_page_of_calls_explains_correctly_how_to_find_a_read_in_cloudtrail(pages: dict[str, Page]) -> None:
    """By the attributes that LookupEvents has: the request id is in an event, and is none of them."""
    cloudtrail = botocore.session.get_session().get_service_model("cloudtrail")
    attributes = cloudtrail.shape_for("LookupAttributeKey").enum
    assert "EventName" in attributes and not [name for name in attributes if "request" in name.lower()]
    for language, said in (
        ("en", "its event history cannot be searched by request ID. Filter the event history (90 days) by EventName"),
        (
            "fr",
            "Filtrez donc l'historique des événements (90 jours) par EventName",
        ),
    ):
        assert said in pages[f"data/00-summary/calls/123456789012.eu-west-3.{language}.html"].text


def test_no_block_element_is_inside_text(pages: dict[str, Page]) -> None:
    assert {name: page.misplaced for name, page in pages.items() if page.misplaced} == {}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_first_page_runs_a_verifier_that_was_kept(tmp_path: Path, language: str) -> None:
    """Whoever rewrites a bundle can rewrite the verifier in it, and what lies beside it is imported without -I."""
    write_site(tmp_path, replace(factory.site(language), sealing=SealDescription()))
    told = re.findall(r"python3 [^\n]*verify\.py \.", read(tmp_path / "README.html").text)
    assert told and all(re.match(r"python3 -I <[^>]+>/verify\.py", text) for text in told)


def test_the_first_page_is_in_the_language_of_the_workspace(pages: dict[str, Page]) -> None:
    assert pages["README.html"].named("html") == [{"lang": "fr"}]
    assert {at(HOME), at(HOME, "fr")} <= {link["href"] for link in pages["README.html"].named("a")}


def test_every_link_works(folder: Path, pages: dict[str, Page]) -> None:
    broken = []
    for name, page in pages.items():
        for link in page.named("a"):
            target, _, anchor = unquote(link["href"]).partition("#")
            path = (folder / name).parent / target if target else folder / name
            if not path.is_file() or (
                anchor and anchor not in {attributes.get("id") for _, attributes in read(path).elements}
            ):
                broken.append((name, link["href"]))
    assert broken == []


def test_names_fit_windows(pages: dict[str, Page]) -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9._/-]{1,119}", name) for name in pages)


ASSETS = content_root() / "reports" / "assets"
OURS = {load(path, "</script") for path in ASSETS.glob("*.js")}


def test_a_page_contains_only_the_scripts_that_it_needs(pages: dict[str, Page]) -> None:
    assert pages["README.html"].scripts == []
    site, opened, search = (load(ASSETS / f"{name}.js", "</script") for name in ("site", "open", "search"))
    assert pages[at(FINDINGS)].scripts == [site, search]
    assert pages[at(A_8_24)].scripts == [opened]
    assert pages[at(ENCRYPTED)].scripts == []  # its table is short


def test_hostile_values_stay_text(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert page.broken == [], name
        assert set(page.scripts) <= OURS, name
        assert page.named("img") == [], name
        assert not [key for _, attributes in page.elements for key in attributes if key.startswith("on")], name
    assert factory.HOSTILE in pages[at(ENCRYPTED)].text
    assert factory.HOSTILE in pages[at(REGISTERS_PAGE)].text


def test_the_content_policy_allows_only_the_inlined_scripts(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        (policy,) = [
            meta["content"] for meta in page.named("meta") if meta.get("http-equiv") == "Content-Security-Policy"
        ]
        allowed = f"script-src {' '.join(map(_source, page.scripts))};" if page.scripts else ""
        assert policy == (f"default-src 'none';style-src 'self' file:;{allowed}base-uri 'none';form-action 'none'")
        assert not [attributes for _, attributes in page.elements if "style" in attributes], name  # would be dropped


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_nothing_is_loaded_from_outside(pages: dict[str, Page]) -> None:
    for page in pages.values():
        assert not page.named("iframe") + page.named("form") + page.named("base")
        assert not [
            a
            for _, a in page.elements
            if "src" in a or a.get("href", "").lower().startswith(("http", "//", "javascript:", "data:"))
        ]
        (sheet,) = page.named("link")
        assert sheet["rel"] == "stylesheet" and sheet["href"].removeprefix("data/").lstrip("./") == "pages.css"
        assert not re.search(r"\bfetch\(|XMLHttpRequest|innerHTML|eval\(", "".join(page.scripts))


def test_the_demonstration_is_marked_on_every_page(pages: dict[str, Page], tmp_path: Path) -> None:
    assert [
        name for name, page in pages.items() if "DEMONSTRATION" not in page.text and "DÉMONSTRATION" not in page.text
    ] == []
    write_site(tmp_path, factory.site())
    assert not [path for path in tmp_path.rglob("*.html") if "DEMONSTRATION" in read(path).text]


def test_same_input_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_site(tmp_path, factory.site("fr", demonstration=True))
    for path in sorted(folder.rglob("*.html")):
        assert path.read_bytes() == (tmp_path / path.relative_to(folder)).read_bytes()


def test_no_overall_score(pages: dict[str, Page]) -> None:
    assert [name for name, page in pages.items() if "%" in page.text or "compliant" in page.text.lower()] == []


# ---- code and account ---------------------------------------------------------------------------------------------


def test_a_disagreement_is_shown_on_the_pages_of_the_policy_the_resource_and_the_block(pages: dict[str, Page]) -> None:
    for name in (ENCRYPTED, BUCKETS, CODE):
        text = pages[at(name)].text
        assert "infra/s3.tf:12" in text and "techstart-logs" in text
    resources = pages[at(BUCKETS)].text
    assert "The account fails, the code passes:" in resources and "The code fails, the account passes:" in resources
    assert "a block of this type, whose resource is not identified, may have created it" in resources
    assert "Only in the account" in resources


def test_a_waived_side_of_a_disagreement_is_no_failure(tmp_path: Path) -> None:
    site = factory.site("en")
    waived = tuple(replace(item, waived=True) for item in site.assessment.disagreements)
    write_site(tmp_path, replace(site, assessment=replace(site.assessment, disagreements=waived)))
    resources = read(tmp_path / at(BUCKETS)).text
    assert "Waived in the account, the code passes:" in resources and "Waived in code, the account passes:" in resources
    assert "fails, the code passes:" not in resources and "fails, the account passes:" not in resources


# ---- what an auditor looks for ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shown",
    [
        "Use of cryptography: the objective in our own words.",
        "It does not show who chose them.",  # what the automated part shows and does not show
        "Cryptography policy; laptop encryption.",  # residual
        "Contradicted",
        "Failing (high): “Buckets are encrypted at rest”.",
        "tests a part of it",  # strength of a link
        "Code and cloud disagree on 2 resources.",
        "Sensitive buckets use a customer key",  # planned
        "Encryption is not set, which counts as a failure.",
        "infra/s3.tf:12",
        "The scanning role lacks s3:GetEncryptionConfiguration.",
        "throttled by AWS (Throttling)",
        "Out of date",
        "CISO",
        "every year",
        "GetBucketEncryption",
        "production",  # name of the account
    ],
)
def test_the_page_of_a_control_shows_its_findings(pages: dict[str, Page], shown: str) -> None:
    assert shown in pages[at(A_8_24)].text


def test_fix_and_calls_are_on_linked_pages_and_not_on_the_page_of_a_control(pages: dict[str, Page]) -> None:
    """Repeated on each page, they were half of a bundle."""
    assert "aws s3 put-it --name <NAME> --on" in pages[at(ENCRYPTED)].text
    assert "read to the end" in pages[at(ENCRYPTED)].text
    called = pages["data/00-summary/calls/123456789012.eu-west-3.en.html"].text
    assert all(shown in called for shown in ("REQ-17", "2026-11-24T11:58:07Z", '{"MaxBuckets": 1000}'))
    assert "REQ-17" not in pages[at(A_8_24)].text and "put-it" not in pages[at(A_8_24)].text
    links = {link["href"] for link in pages[at(A_8_24)].named("a")}
    assert any(link.endswith("calls/123456789012.eu-west-3.en.html#s3-17") for link in links)
    assert any(link.endswith("policies/s3-encrypted.en.html") for link in links)


def test_waivers_show_owner_expiry_and_missing_signature(pages: dict[str, Page]) -> None:
    for name in (at(A_8_13), at(REGISTERS_PAGE)):
        assert all(
            word in pages[name].text for word in ("W-001", "Nadia B.", "Paul M.", "2027", "approval not verified")
        ), name


def test_the_command_that_verifies_a_review_names_its_own_purpose(pages: dict[str, Page]) -> None:
    """With that of a waiver, a genuine review would look forged."""
    command = "ssh-keygen -Y verify -n preuve-attestation -f approvers -I "
    assert command in pages[at(REGISTERS_PAGE)].text


def test_a_waiver_on_a_legal_duty_is_a_deviation(pages: dict[str, Page]) -> None:
    assert "recorded deviation from a rule of the catalogue" in pages[at(GDPR_32)].text
    assert "deviation" not in pages[at(A_8_13)].text


def test_waivers_without_a_verified_approval_are_counted_beside_findings(pages: dict[str, Page]) -> None:
    assert "1 finding waived without a verified approval" in pages[at(HOME)].text
    assert "1 constat sous une dérogation dont l'approbation n'est pas vérifiée" in pages["README.html"].text


@pytest.mark.parametrize(("approver", "noted"), [("Agnès (DPO)", True), ("Agnès, DPD", True), ("Paul M.", False)])
def test_a_deviation_approved_by_a_dpo_has_a_note_that_a_dpo_advises(
    tmp_path: Path, approver: str, noted: bool
) -> None:
    site = factory.site()
    waivers = tuple(replace(waiver, approver=approver) for waiver in site.assessment.waivers)
    write_site(tmp_path, replace(site, assessment=replace(site.assessment, waivers=waivers)))
    assert ("a DPO advises and should not decide" in read(tmp_path / at(REGISTERS_PAGE)).text) is noted


def test_a_verified_approval_has_no_doubt_noted(tmp_path: Path) -> None:
    site = factory.site()
    waivers = tuple(replace(waiver, approval_verified=True) for waiver in site.assessment.waivers)
    write_site(tmp_path, replace(site, assessment=replace(site.assessment, waivers=waivers)))
    text = read(tmp_path / at(REGISTERS_PAGE)).text
    assert "approval verified" in text
    assert "not verified" not in text


def test_the_text_of_a_statement_is_shown_with_its_attestation(tmp_path: Path) -> None:
    said = "The rooms are those of the host, who is certified."
    site = factory.site()
    attested = tuple(replace(item, statement=said) for item in site.workspace.attestations)
    write_site(tmp_path, replace(site, workspace=replace(site.workspace, attestations=attested)))
    assert said in read(tmp_path / at(control_page("iso27001-2022", "A.5.1"))).text


def test_attestations_name_the_document_and_its_hash(pages: dict[str, Page]) -> None:
    text = pages[at(control_page("iso27001-2022", "A.5.1"))].text
    assert all(word in text for word in ("PSSI 2026", "pssi.pdf", "cd" * 32, "5 April 2027"))


@pytest.mark.parametrize(
    "shown",
    [
        "s3:GetEncryptionConfiguration",
        "infra/x.tf",
        "the file could not be parsed",
        "TO COMPLETE",
        "W-003 has no approver",
        "pseudonyms",
        "its own certificate authorities: keys/proxy.pem (SHA-256 ababab",
        "Internal audit",
    ],
)
def test_the_page_of_limits_lists_all_limits(pages: dict[str, Page], shown: str) -> None:
    assert shown in pages[at(LIMITS_PAGE)].text


def test_the_page_of_all_limits_links_to_policies_with_limits(pages: dict[str, Page]) -> None:
    limits = pages[at(LIMITS_PAGE)]
    assert "It does not see objects written before." in pages[at(ENCRYPTED)].text
    assert any(link["href"].endswith("policies/s3-encrypted.en.html") for link in limits.named("a"))


def test_counts_of_a_framework_add_up(pages: dict[str, Page]) -> None:
    text = pages[at(framework_page("iso27001-2022"))].text
    counts = "Supported 1, Declared and reviewed 1, Partly supported 2, Contradicted 1, No conclusion 2, Excluded 1"
    assert f"ISO/IEC 27001:2022: {counts}" in text
    assert "Total 1 1 2 0 1 2 1 8 0" in text, text


def test_french_pages_are_in_french(pages: dict[str, Page]) -> None:
    text = pages[at(A_8_24, "fr")].text
    assert "Encryption n'est pas défini" in text
    assert "Ce qu'une personne doit encore démontrer" in text
    assert not re.search(r"\b(the|and|Failed|Status)\b", pages[at(REGISTERS_PAGE, "fr")].text.replace("Migration", ""))


# ---- size ---------------------------------------------------------------------------------------------------------


def test_many_findings_are_split(tmp_path: Path) -> None:
    write_site(tmp_path, factory.site(found=factory.many(2 * ROWS_PER_PAGE + 1)))
    first, second, third = (read(tmp_path / at(policy_page("s3-encrypted", number))) for number in (1, 2, 3))
    assert "Findings 1 to 500 of 1,001" in first.text
    assert "bucket-00500" in second.text
    assert "bucket-00500" not in first.text
    assert "Findings 1,001 to 1,001 of 1,001" in third.text
    written = [(tmp_path / at(policy_page("s3-encrypted", number))).stat().st_size for number in (2, 3)]
    assert (written[0] - written[1]) / (ROWS_PER_PAGE - 1) < 600, "what a row weighs is most of a bundle"
    control = read(tmp_path / at(control_page("gdpr", "GDPR.5.1.f"))).text
    assert control.count("bucket-0") == ROWS_PER_POLICY
    assert "5 of 1,001 shown." in control


def test_folded_failures_are_counted(folder: Path) -> None:
    site = factory.site()
    failing = Counter(item.policy for item in site.assessment.findings if item.status is FindingStatus.FAIL)
    for result in site.assessment.controls:
        text = (folder / page_file(control_page(result.framework, result.control), "en")).read_text(encoding="utf-8")
        heads = re.findall(r"<summary><h3 id=\"p-([^\"]+)\">(.*?)</summary>", text, re.DOTALL)
        said = {policy: re.search(r"Failed</b> <span class=figure>(\d+)<", head) for policy, head in heads}
        told = {policy: int(match[1]) for policy, match in said.items() if match}
        assert told == {policy: failing[policy] for policy in result.policies if failing[policy]}, result.control


def test_an_empty_run_is_reported(tmp_path: Path) -> None:
    write_site(tmp_path, factory.site(found=()))
    assert "Nothing was examined." in read(tmp_path / at(HOME)).text


# ---- accessibility ------------------------------------------------------------------------------------------------


def _headed(page: Page) -> Iterator[str]:
    """What says which cells a header cell heads: its scope, or its part of the table (a row of headers only, of which
    HTML makes headers of columns).
    """
    part = ""
    for tag, attributes in page.elements:
        part = tag if tag in ("thead", "tbody", "tfoot") else "" if tag == "table" else part
        if tag == "td":
            assert part != "thead"
        if tag == "th":
            yield attributes.get("scope", part)


def test_pages_are_accessible_without_sight(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), name
        assert page.named("html")[0]["lang"] in ("en", "fr")
        assert len(page.named("h1")) == len(page.named("main")) == len(page.named("footer")) == 1, name
        assert next(a["href"] for a in page.named("a")) == "#main"
        assert all(scope in ("row", "rowgroup", "thead") for scope in _headed(page)), name
        labels = [a["aria-labelledby"] for _, a in page.elements if "aria-labelledby" in a]
        assert set(labels) <= set(ids), name
        assert all(a.get("aria-hidden") == "true" or a.get("role") == "img" for a in page.named("svg")), name


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_have_contrast_in_light_dark_and_print() -> None:
    style = (content_root() / "reports/assets/site.css").read_text(encoding="utf-8")
    themes = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))
        for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    ]
    assert len(themes) == 3
    for theme in themes:
        for ink in ("ink", "soft", "link", "pass", "part", "fail", "waived", "open", "none"):
            for paper in ("paper", "raised", "shade"):
                light, dark = sorted((_luminance(theme[ink]), _luminance(theme[paper])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, paper, theme[ink])


def test_pages_do_not_claim_that_github_calls_are_in_cloudtrail(tmp_path: Path) -> None:
    made = factory.site("en")
    call = {**next(iter(made.calls.values())), "operation": "GET /orgs/{org}"}
    workspace = replace(made.workspace, github=GitHub("techstart"))
    write_site(tmp_path, replace(made, workspace=workspace, calls={**made.calls, "techstart/global/access/1": call}))
    places = (call_page("techstart", "global"), call_page(factory.ACCOUNT, "eu-west-3"))
    github, aws = ((tmp_path / f"{place}.en.html").read_text(encoding="utf-8") for place in places)
    assert "request ID that GitHub returned" in github and "EventName" not in github
    assert "EventName" in aws and "GitHub answered" not in aws


def test_an_item_without_a_counterpart_in_the_other_framework_shows_none(tmp_path: Path) -> None:
    crosswalk = bundled().crosswalk
    nothing = [link for link in crosswalk.links if link.strength == "none"]
    assert nothing and not any(link in crosswalk.helped_by(name) for link in nothing for name in link.to)
    made = factory.site("en")
    write_site(tmp_path, replace(made, library=replace(made.library, crosswalk=crosswalk)))
    page = (tmp_path / f"{CROSSWALK}.en.html").read_text(encoding="utf-8")
    for row in page.split("<tr")[2:]:
        assert (">none</span>" in row) == ("chips" not in row), row


def test_a_resource_out_of_reach_shows_what_decided_and_leads_to_the_condition(tmp_path: Path) -> None:
    """Resources stand in one row, each with what was observed of it where that differs."""
    site = factory.site("en")
    policy = site.library.policies["kms-rotation"]
    ruled = replace(policy, aws=(replace(policy.aws[0], when="resource.Kind == 'mine'"),))
    library = replace(site.library, policies={**site.library.policies, policy.id: ruled})
    outside = [
        factory.finding(
            policy.id,
            FindingStatus.NOT_APPLICABLE,
            Reason("outside_condition"),
            Place(policy.aws[0].resource, name, factory.ACCOUNT, "eu-west-3"),
            observed={"Kind": f"kind-{name}"},
        )
        for name in ("one", "two")
    ]
    assessment = replace(site.assessment, findings=(*site.assessment.findings, *outside))
    write_site(tmp_path, replace(site, assessment=assessment, library=library))
    page = (tmp_path / page_file(policy_page(policy.id), "en")).read_text(encoding="utf-8")
    assert re.search('href="?#w1', page) and re.search('id="?w1', page)
    for name in ("one", "two"):
        assert f"kind-{name}" in page


def test_the_page_of_a_control_has_its_note_and_the_law_has_items(tmp_path: Path) -> None:
    """On the page of an article the note says what its checks cannot mean."""
    made = factory.site("en")
    note = {"note": {"en": "Residency and transfer are two things.", "fr": "Ce sont deux choses."}}
    gdpr = made.library.frameworks["gdpr"]
    noted = tuple(replace(item, details=note) if item.id == "GDPR.44" else item for item in gdpr.controls)
    frameworks = {**made.library.frameworks, "gdpr": replace(gdpr, controls=noted)}
    write_site(tmp_path, replace(made, library=replace(made.library, frameworks=frameworks)))
    assert "Residency and transfer are two things." in read(tmp_path / at(control_page("gdpr", "GDPR.44"))).text
    heads = {
        name: re.findall(r"<th[^>]*>(\w+)", (tmp_path / at(framework_page(name), "fr")).read_text("utf-8"))
        for name in ("gdpr", "iso27001-2022")
    }
    assert "Mesure" not in heads["gdpr"] and "Point" in heads["gdpr"] and "Mesure" in heads["iso27001-2022"]


def test_a_parameter_of_the_company_is_shown_as_its_own_beside_that_of_the_catalogue(tmp_path: Path) -> None:
    made = factory.site("en")
    name = "log_retention_min_days"
    known = bundled().parameters[name]
    ruled = replace(made.library.policies["kms-rotation"], params=(name,))
    policies = {**made.library.policies, ruled.id: ruled}
    library = replace(made.library, policies=policies, parameters={name: known})
    write_site(tmp_path, replace(made, library=library, workspace=replace(made.workspace, params={name: 30})))
    said = read(tmp_path / at(policy_page(ruled.id))).text
    assert (
        f"{name} = 30 days: the company's own value, from preuve.yaml; that of the catalogue is {known.value}" in said
    )
