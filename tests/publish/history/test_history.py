"""The history read back from bundles: how long weaknesses lasted, what came back, what is missing."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.assess.changes.comparison import Kind, Run, Scope, compare, key
from preuve.evidence.bag import write_declaration, write_manifest, write_tag_manifest
from preuve.model.company.code import IacRoot, Omission
from preuve.model.company.workspace import Workspace
from preuve.model.content import Severity
from preuve.model.layout import RESULTS, SNAPSHOT
from preuve.model.results import Assessment, Finding, FindingStatus, PolicyResult, Reason
from preuve.pipeline.bundle.kept_history import agrees
from preuve.pipeline.run.redaction import made_otherwise
from preuve.publish.history.balance import Balance, balance
from preuve.publish.history.charts import WIDTH, charts
from preuve.publish.history.durations import Outcome
from preuve.publish.history.history import Gap, History, PeopleNames, closed_before, read_history
from preuve.publish.history.page_facts import PageFacts, read_kept, write_kept
from preuve.publish.history.runs import READ_BACK, ChainRun
from preuve.publish.history.store import Store
from preuve.publish.history.tables import days, write_history
from preuve.publish.papers.document import Grid, Prose
from preuve.publish.papers.history import change_counts, history_sections
from preuve.publish.papers.management import management_summary
from preuve.publish.results import write_results
from preuve.publish.site.facts import SealDescription
from preuve.publish.site.writer import write_site
from preuve.publish.words.locale import load_locale
from preuve.redact.known_names import KnownNames
from preuve.system.manifests import CHAIN, MANIFEST

from .. import factory

S = FindingStatus
FAIL = factory.findings()[4]  # s3-encrypted on techstart-exports
PASS = replace(FAIL, status=S.PASS)
OPEN = replace(FAIL, status=S.NOT_EVALUATED)
WORKSPACE = factory.workspace("fr")


def assessment(now: str, *findings: Finding) -> Assessment:
    policies = {"s3-encrypted": PolicyResult("s3-encrypted", S.PASS, {})}
    return Assessment(f"{now}T10:00:00Z", findings, policies, (), ())


def close(home: Path, name: str, now: str, *findings: Finding, **scope: object) -> Path:
    """A bundle as far as the history reads one."""
    folder = home / name
    write_results(folder / RESULTS, assessment(now, *findings))
    data: Mapping[str, object] = {
        "accounts": [{"id": account.id} for account in WORKSPACE.accounts],
        "regions": list(WORKSPACE.regions),
        "iac": [{"path": root.path} for root in WORKSPACE.iac],
        "params": dict(WORKSPACE.params),
        **scope,
    }
    (folder / SNAPSHOT).mkdir(parents=True)
    (folder / SNAPSHOT / "workspace.json").write_text(json.dumps(data), encoding="utf-8")
    (folder / SNAPSHOT / "meta.json").write_text("{}", encoding="utf-8")
    return folder


def history(home: Path, *findings: Finding) -> History:
    return read_history(home, "2026-Q4", assessment("2026-11-24", *findings), WORKSPACE)


KEYS = "a1" * 8, "b2" * 8
NOOR, NOOR_TOO = ("person-4mruvb2v65qe", "person-tsnnbt7d7bws")  # of one person, by either key


def named(name: str, status: FindingStatus) -> Finding:
    return replace(FAIL, status=status, place=replace(FAIL.place, id=name, arn=""))


@pytest.mark.parametrize(("before", "now", "kinds"), [
    (KEYS[0], KEYS[1], {Kind.OTHER_KEY: 2, Kind.FIXED: 1}),
    (KEYS[0], KEYS[0], {Kind.NEW: 1, Kind.FIXED: 2}),
    ("", KEYS[1], {Kind.NEW: 1, Kind.FIXED: 2}),  # an earlier version did not tell
])  # fmt: skip
@pytest.mark.parametrize("status", [S.FAIL, S.WAIVED])
def test_what_another_key_names_is_neither_new_nor_mended(
    tmp_path: Path, before: str, now: str, kinds: Mapping[Kind, int], status: FindingStatus
) -> None:
    """A bucket, which has no pseudonym, is compared as ever; so is a person whose pseudonym both runs have."""
    folder = close(tmp_path, "2026-Q3", "2026-08-01", named(NOOR, status), FAIL)
    (folder / SNAPSHOT / "meta.json").write_text(json.dumps({"pseudonym_key_id": before}), encoding="utf-8")
    this = assessment("2026-11-24", named(NOOR_TOO, status), PASS)
    found = read_history(tmp_path, "2026-Q4", this, WORKSPACE, named=PeopleNames(now))
    assert found.comparison is not None
    assert Counter(change.kind for change in found.comparison.changes) == kinds
    assert len(found.comparison.renamed) == (Kind.OTHER_KEY in kinds and status is S.FAIL)
    (moved,) = found.balances
    apart = Kind.OTHER_KEY in kinds
    assert (moved.new, moved.came, moved.fixed, moved.left) == ((0, 1, 1, 1) if apart else (1, 0, 2, 0))
    outcomes = {spell.key[6]: spell.outcome for spell in found.spells}
    assert outcomes[NOOR] is (Outcome.OTHER_KEY if apart else Outcome.GONE)
    for language in ("en", "fr"):
        told = " ".join(
            block.text
            for block in change_counts(replace(factory.site(language), history=found), load_locale(language))
            if isinstance(block, Prose)
        )
        assert (load_locale(language)("history.other_key") in told) is apart


ENDING = "-tsnnbt7d7bws"


@pytest.mark.parametrize("around", ["{}", "a/{}", "{}/b", "arn:aws:iam::1:user/{}", "x {}"])
@pytest.mark.parametrize(("name", "hidden"), [
    *((f"{kind}{ENDING}", True) for kind in ("person", "key", "phone", "iban")),
    *((f"{before}person{ENDING}", True) for before in ("for", "backup-", "9")),  # as the name stood there
    *((f"{before}{kind}{ENDING}", False) for before in ("mon", "prod-", "7") for kind in ("key", "phone", "iban")),
])  # fmt: skip
def test_only_a_pseudonym_makes_a_resource_one_that_another_key_names(around: str, name: str, hidden: bool) -> None:
    earlier, later = (Scope(frozenset(), frozenset(), frozenset(), {}, {}, key=key) for key in KEYS)
    assert earlier.renames(later, "", around.format(name)) is hidden


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / f"data/07-history/{name}.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_a_first_run_has_no_comparison(tmp_path: Path) -> None:
    found = history(tmp_path, FAIL)
    assert found.comparison is None and len(found.runs) == 1 and found.gaps == []
    assert [item.outcome for item in found.spells] == [Outcome.OPEN]


def test_the_comparison_uses_the_newest_bundle_by_time_and_not_by_name(tmp_path: Path) -> None:
    close(tmp_path, "zz", "2026-05-01", PASS)
    close(tmp_path, "aa", "2026-08-01", FAIL)
    close(tmp_path, "later", "2026-12-01", PASS)
    found = history(tmp_path, FAIL)
    assert [run.name for run in found.runs] == ["zz", "aa", "2026-Q4"]
    assert found.comparison is not None and found.comparison.earlier == "aa"


def test_the_kept_history_gives_the_same_pages_and_tables(tmp_path: Path) -> None:
    close(tmp_path / "home", "2026-Q2", "2026-05-01", PASS, params={"days": [1, 2]})
    close(tmp_path / "home", "2026-Q3", "2026-08-01", FAIL)
    run = ChainRun(1, "scan", "2026-09-01T10:00:00Z", "ab" * 32, "2026-Q3", counts={S.FAIL: 4})
    this = assessment("2026-11-24", PASS)
    found = read_history(tmp_path / "home", "2026-Q4", this, WORKSPACE, (run,))
    write_kept(tmp_path / "bundle", PageFacts(found, SealDescription("audit", "SHA256:abc", "https://tsa"), pdf=True))
    kept = read_kept(tmp_path / "bundle")
    assert (
        kept.sealing == SealDescription("audit", "SHA256:abc", "https://tsa") and kept.pdf and kept.history is not None
    )
    said = []
    for history_, folder in ((found, tmp_path / "one"), (kept.history, tmp_path / "other")):
        site = replace(factory.site("en"), history=history_)
        write_history(folder, site, load_locale("en"))
        tables = [path.read_bytes() for path in sorted(folder.rglob("*.csv"))]
        said.append((history_sections(site, load_locale("en")), tables))
    assert said[0] == said[1] and len(said[0][1]) == 5
    assert read_kept(tmp_path / "another") == PageFacts()


def test_scans_are_listed_beside_audits_and_every_row_has_all_columns(tmp_path: Path) -> None:
    close(tmp_path / "home", "2026-Q3", "2026-08-01", FAIL)
    audit = ChainRun(1, "audit", "2026-08-01T10:00:00Z", "aa" * 32, "2026-Q3", counts={S.FAIL: 1})
    scan = ChainRun(2, "scan", "2026-09-01T10:00:00Z", "ab" * 32, "2026-Q3", counts={S.FAIL: 4})
    found = read_history(tmp_path / "home", "2026-Q4", assessment("2026-11-24", FAIL), WORKSPACE, (audit, scan))
    site = replace(factory.site("en"), history=found)
    write_history(tmp_path / "b", site, load_locale("en"))
    text = (tmp_path / "b/data/07-history/runs.csv").read_bytes().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert {len(line) for line in lines} == {len(lines[0])}
    assert [line[0] for line in lines[1:]] == ["1", "2", "when closed"]
    (runs,) = (section for section in history_sections(site, load_locale("en")) if section.title == "Runs")
    grid = runs.blocks[0]
    assert isinstance(grid, Grid)
    rests = ["the chain and its own bundle", "the chain alone", "this bundle"]
    assert [row[-1] for row in grid.rows] == rests
    assert [line[lines[0].index("Source")] for line in lines[1:]] == rests
    assert [[*row[:3], row[4]] for row in grid.rows] == [
        ["1", "Audit", "2026-Q3", "1"], ["2", "Scan", "—", "4"], ["when closed", "Audit", "2026-Q4", "1"],
    ]  # fmt: skip
    assert {len(row) for row in grid.rows} == {len(grid.columns)}


@pytest.mark.parametrize(
    ("runs", "every", "gaps"),
    [
        (("08-01", "09-01", "09-30", "10-20", "11-03"), 35, []),
        # The first complete run ends a gap too, which began with the first run, of 15 August.
        (("10-20", "11-03"), 35, ["2026-08-15T10:00:00Z → 2026-10-20T10:00:00Z (66 > 35)"]),
        (("07-27", "09-07", "10-10", "11-03"), 35, ["2026-07-27T10:00:00Z → 2026-09-07T10:00:00Z (42 > 35)"]),
        (("08-14", "09-15", "10-19"), 35, ["2026-10-19T10:00:00Z → 2026-11-24T10:00:00Z (36 > 35)"]),
        (("07-27", "09-07", "11-03"), None, []),
    ],
)
def test_a_gap_longer_than_allowed_between_complete_runs_is_named(
    tmp_path: Path, runs: tuple[str, ...], every: int | None, gaps: list[str]
) -> None:
    chain = [ChainRun(n, "scan", f"2026-{day}T10:00:00Z", "aa", incomplete=0) for n, day in enumerate(runs)]
    chain.append(ChainRun(9, "scan", "2026-08-15T10:00:00Z", "aa", incomplete=3))
    this = assessment("2026-11-24", FAIL)
    found = read_history(tmp_path, "2026-Q4", this, WORKSPACE, sorted(chain, key=lambda run: run.time), every)
    assert [gap.what for gap in found.gaps if gap.kind == "apart"] == gaps


def test_open_findings_are_listed_beside_their_number(tmp_path: Path) -> None:
    """Two on one policy and resource, and one in the previous run that this run could not evaluate."""
    other = replace(FAIL, place=replace(FAIL.place, id="other", arn="arn:aws:s3:::other"))
    close(tmp_path, "2026-Q3", "2026-08-01", other)
    found = history(tmp_path, FAIL, replace(FAIL, status=S.WAIVED), replace(other, status=S.NOT_EVALUATED))
    said = str(history_sections(replace(factory.site("en"), history=found), load_locale("en")))
    assert (
        "Open weaknesses: 2. This run found 1 of them, in 2 findings that fail or are waived, of which 1 is on a policy"
        in said
    )
    assert "Not verified by this run: 1." in said


def test_zero_parts_of_the_open_findings_are_left_out(tmp_path: Path) -> None:
    close(tmp_path, "2026-Q3", "2026-08-01", FAIL)
    site = factory.site("en")
    texts = []
    for status in (S.FAIL, S.PASS):
        found = history(tmp_path, replace(FAIL, status=status))
        sections = history_sections(replace(site, history=found), load_locale("en"))
        texts += [block.text for section in sections for block in section.blocks if isinstance(block, Prose)]
    assert [text for text in texts if text.startswith("Open weaknesses: ")] == [
        "Open weaknesses: 1. This run found 1 of them, failing or waived.",
        "Open weaknesses: 0.",
    ]


def test_charts_show_failures_changes_and_ages(tmp_path: Path) -> None:
    low = replace(FAIL, place=replace(FAIL.place, id="low", arn=""), severity=Severity.LOW)
    close(tmp_path / "home", "2026-Q1", "2026-02-01", FAIL)
    close(tmp_path / "home", "2026-Q3", "2026-08-01", FAIL, low)
    found = history(tmp_path / "home", replace(FAIL, status=S.PASS), low)
    severity, changes, age = charts(found, load_locale("en"))
    assert [word for _, word in severity.series] == ["critical", "high", "medium", "low", "info"]
    assert [(bar.label, list(bar.figures)) for bar in severity.bars] == [
        ("2026-Q1", [0, 1, 0, 0, 0]), ("2026-Q3", [0, 1, 0, 1, 0]), ("2026-Q4", [0, 0, 0, 1, 0]),
    ]  # fmt: skip
    assert [(bar.label, tuple(bar.figures)) for bar in changes.bars] == [
        ("2026-Q3", (1, 0, 0, 0, 0, 0)), ("2026-Q4", (0, 0, 0, 1, 0, 0)),
    ]  # fmt: skip
    assert [(bar.label, sum(bar.figures)) for bar in age.bars] == [
        ("0 to 30 days", 0), ("31 to 90 days", 0), ("91 to 180 days", 1), ("more than 180 days", 0),
    ]  # fmt: skip
    for chart in (severity, changes, age):
        for bar in chart.bars:
            assert sum(segment.width for segment in bar.segments) == pytest.approx(bar.end, abs=0.2)
            assert bar.end <= WIDTH + 0.2
    site = replace(factory.site("fr"), history=found)
    write_site(tmp_path / "site", site)
    for page in ("07-history/index", "00-summary/index"):
        text = (tmp_path / f"site/data/{page}.fr.html").read_text(encoding="utf-8")
        assert text.count("<figure class=chart>") == (3 if "history" in page else 2)
        assert "plus de 180" in text and "Constats apparus et disparus" in text
    assert charts(None, load_locale("en")) == []


def test_the_chart_of_changes_agrees_with_the_comparison(tmp_path: Path) -> None:
    """New excludes failures that no earlier run examined, failures by a changed rule, and failures that had passed."""
    there = {name: replace(FAIL, place=replace(FAIL.place, id=name, arn="")) for name in ("a", "b", "c")}
    elsewhere = replace(FAIL, place=replace(FAIL.place, region="us-east-1"))
    steps: list[list[Finding]] = [
        [there["a"], replace(there["b"], status=S.PASS)],
        [there["a"], there["b"], there["c"], elsewhere],  # b came back, c is new, another region is in scope
        [
            replace(item, rev=FAIL.rev + 1)
            for item in (there["b"], there["c"], elsewhere, replace(FAIL, status=S.WAIVED))
        ],
        [replace(item, status=S.NOT_EVALUATED, rev=FAIL.rev + 1) for item in there.values()],
        [replace(item, status=S.PASS, rev=FAIL.rev + 1) for item in there.values()],
    ]
    regions = list(WORKSPACE.regions)
    for number, findings in enumerate(steps):
        home = tmp_path / str(number)
        for before, earlier in enumerate(steps[:number]):
            close(
                home, f"r{before}", f"2026-0{before + 1}-01", *earlier, regions=regions + ["us-east-1"] * (before > 0)
            )
        home.mkdir(exist_ok=True)
        found = read_history(home, "now", assessment("2026-11-01", *findings), in_regions(number > 0))
        if found.comparison:
            told = tuple(len(found.comparison.of(kind)) for kind in (Kind.NEW, Kind.REGRESSED, Kind.FIXED))
            new, back, _, fixed, *_ = charts(found, load_locale("en"))[1].bars[-1].figures
            assert (new, back, fixed) == told, number
            assert added_up(found.balances[-1]) == found.runs[-1].findings.get(S.FAIL, 0), number


def added_up(item: Balance) -> int:
    came = item.new + item.back + item.came
    return item.before + came - item.fixed - item.left - item.unsettled + item.waivers + item.repeated


PLACES = [
    replace(FAIL.place, id=name, arn="", region=region) for name in "abc" for region in ("eu-west-3", "us-east-1")
]
JUDGED = st.builds(
    lambda place, status, rev, unread: replace(
        FAIL, place=place, status=status, rev=rev, reason=Reason("unread_listing") if unread else FAIL.reason
    ),
    st.sampled_from(PLACES), st.sampled_from(list(S)), st.integers(1, 2), st.booleans(),
)  # fmt: skip
RUNS = st.builds(
    lambda findings, regions, accounts: Run(
        "x", "", Scope(accounts, regions, frozenset(), {f.policy: f.rev for f in findings}, {}, frozenset()), findings
    ),
    st.lists(JUDGED, max_size=9),
    st.sampled_from([frozenset({"eu-west-3"}), frozenset({"eu-west-3", "us-east-1"})]),
    st.sampled_from([frozenset({FAIL.place.account}), frozenset[str]()]),
)


@given(RUNS, RUNS)
def test_failures_of_a_run_equal_those_before_plus_added_minus_removed(earlier: Run, later: Run) -> None:
    found = balance(earlier, later, compare(earlier, later))
    failing = [sum(item.status is S.FAIL for item in run.findings) for run in (earlier, later)]
    assert [found.before, found.now] == failing
    assert added_up(found) == found.now
    assert min(found.new, found.back, found.came, found.fixed, found.left, found.unsettled) >= 0


def test_what_a_changed_rule_leaves_undecided_did_not_disappear(tmp_path: Path) -> None:
    close(tmp_path, "a", "2026-08-01", FAIL)
    found = history(tmp_path, replace(OPEN, rev=FAIL.rev + 1))
    assert (found.balances[-1].left, found.balances[-1].unsettled) == (0, 1)
    assert found.comparison is not None and [key(item) for item in found.comparison.unsettled] == [key(FAIL)]
    lines = management_summary(replace(factory.site("en"), history=found), load_locale("en")).sections[0]
    assert "Failures of the previous audit without a verdict in this one: 1" in str(lines)


def test_failures_that_return_or_come_from_a_changed_rule_are_in_chart_and_table(tmp_path: Path) -> None:
    """No failure is new, and yet two more fail: the page gives the reason."""
    other = replace(FAIL, place=replace(FAIL.place, id="other", arn=""), policy="s3-tls-only")
    close(tmp_path, "2026-Q3", "2026-08-01", PASS, replace(other, status=S.PASS))
    found = history(tmp_path, FAIL, replace(other, rev=other.rev + 1))
    assert list(charts(found, load_locale("en"))[1].bars[-1].figures) == [0, 1, 1, 0, 0, 0]
    sections = history_sections(replace(factory.site("en"), history=found), load_locale("en"))
    (section,) = (section for section in sections if section.title == "From one run to the next")
    (grid,) = (block for block in section.blocks if isinstance(block, Grid))
    assert [list(row) for row in grid.rows] == [["2026-Q4", "0", "0", "+1", "+1", "0", "0", "0", "0", "0", "2"]]
    assert len(grid.columns) == 11


def in_regions(more: bool) -> Workspace:
    return replace(WORKSPACE, regions=(*WORKSPACE.regions, *(["us-east-1"] if more else [])))


def test_findings_that_neither_audit_settled_are_counted(tmp_path: Path) -> None:
    close(tmp_path, "a", "2026-02-01", FAIL, replace(OPEN, place=replace(FAIL.place, id="open", arn="")))
    found = history(tmp_path, FAIL, replace(OPEN, place=replace(FAIL.place, id="open", arn="")))
    for language, said in (
        ("en", "1 of these lines is not an open weakness"),
        ("fr", "1 de ces lignes n'est pas une faiblesse"),
    ):
        blocks = list(change_counts(replace(factory.site(language), history=found), load_locale(language)))
        assert any(said in block.text for block in blocks if isinstance(block, Prose))


def test_the_time_to_fix_and_a_regression_are_computed(tmp_path: Path) -> None:
    close(tmp_path, "2026-Q1", "2026-02-01", FAIL)
    close(tmp_path, "2026-Q2", "2026-05-01", OPEN)
    close(tmp_path, "2026-Q2.2", "2026-05-11", PASS)
    close(tmp_path, "2026-Q3", "2026-08-01", FAIL)
    found = history(tmp_path, FAIL)
    fixed, back = found.spells
    assert (fixed.outcome, days(found, fixed)) == (Outcome.FIXED, 99), "what could not be read ends nothing"
    assert (back.outcome, back.again, days(found, back)) == (Outcome.OPEN, True, 115)
    assert found.regressions == [back]
    write_history(tmp_path / "b", replace(factory.site("fr"), history=found), load_locale("fr"))
    (row,) = rows(tmp_path / "b", "regressions")
    assert (row["Réapparu dans"], row["Réapparu le"]) == ("2026-Q3", "2026-08-01")
    assert [row["Issue"] for row in rows(tmp_path / "b", "time-to-fix")] == ["corrigé", "en cours"]
    assert [row["Échec"] for row in rows(tmp_path / "b", "runs")] == ["1", "0", "0", "1", "1"]
    told = [(row["Évolution"], row["Motif"]) for row in rows(tmp_path / "b", "changes")]
    assert told == [("Inchangé", "")], "findings.csv has the reason"


def test_a_failure_by_a_changed_rule_is_no_regression(tmp_path: Path) -> None:
    """The table of regressions agrees with the comparison."""
    close(tmp_path, "2026-Q3", "2026-08-01", PASS)
    found = history(tmp_path, replace(FAIL, rev=FAIL.rev + 1))
    assert found.comparison is not None
    assert [change.kind for change in found.comparison.changes] == [Kind.RULE_CHANGED]
    assert found.regressions == []


def test_regressions_are_counted_one_way_in_each_run(tmp_path: Path) -> None:
    """By verdict, and by what else changed: each row of the table is one in the comparison with the run before."""
    verdicts = (PASS, FAIL, OPEN, replace(PASS, status=S.NOT_APPLICABLE), replace(PASS, rev=PASS.rev + 1))
    for number, (one, other) in enumerate(product(verdicts, repeat=2)):
        home = tmp_path / str(number)
        close(home, "2026-Q2", "2026-05-01", one)
        close(home, "2026-Q3", "2026-08-01", other)
        found = history(home, FAIL)
        counts = Counter(item.first for item in found.regressions)
        assert [counts[run] for run in (1, 2)] == [item.back for item in found.balances], (one.status, other.status)


@pytest.mark.parametrize(
    ("later", "outcome"),
    [
        ({"accounts": []}, Outcome.SCOPE_CHANGED),
        ({"regions": ["eu-west-1"]}, Outcome.SCOPE_CHANGED),
        ({}, Outcome.GONE),
    ],
)
def test_a_finding_not_seen_any_more_is_gone_or_out_of_scope(
    tmp_path: Path, later: dict[str, object], outcome: Outcome
) -> None:
    close(tmp_path, "2026-Q2", "2026-05-01", FAIL)
    close(tmp_path, "2026-Q3", "2026-08-01", **later)
    assert [item.outcome for item in history(tmp_path).spells] == [outcome]


def test_a_pass_under_another_revision_is_not_a_fix(tmp_path: Path) -> None:
    close(tmp_path, "2026-Q3", "2026-08-01", FAIL)
    found = history(tmp_path, replace(PASS, rev=FAIL.rev + 1))
    assert [item.outcome for item in found.spells] == [Outcome.RULE_CHANGED]


def test_a_quarter_without_a_run_and_an_unreadable_bundle_are_gaps(tmp_path: Path) -> None:
    close(tmp_path, "2025-Q4", "2025-12-31", FAIL)
    close(tmp_path, "2026-Q2", "2026-05-01", FAIL)
    damaged = close(tmp_path, "2026-Q3", "2026-08-01", FAIL)
    with (damaged / RESULTS).open("a", encoding="utf-8") as file:
        file.write('{"kind":"finding"}\n')
    empty = close(tmp_path, "empty", "2026-08-01")
    (empty / RESULTS).write_text("", encoding="utf-8")
    close(tmp_path, ".incomplete-x", "2026-08-02", FAIL)
    gaps = {(gap.kind, gap.what.split(" ")[0].split("/")[-1].rstrip(":")) for gap in history(tmp_path, FAIL).gaps}
    assert gaps == {("quarter", "2026-Q1"), ("quarter", "2026-Q3"), ("unreadable", "2026-Q3"), ("unreadable", "empty")}


VERDICTS = st.lists(st.sampled_from([S.FAIL, S.PASS, S.NOT_EVALUATED, S.WAIVED, None]), min_size=1, max_size=8)


@given(VERDICTS, st.one_of(st.just("techstart-exports"), st.text(st.characters(), min_size=1, max_size=20)))
def test_the_database_returns_the_results_of_the_runs(verdicts: list[FindingStatus | None], name: str) -> None:
    place = replace(FAIL.place, id=name, arn="")
    with Store() as store:
        for number, status in enumerate(verdicts):
            store.add(number, [replace(FAIL, status=status, place=place)] if status else [])
        tracks = list(store.tracks())
    assert all(track.key[6] == name.encode("utf-8", "backslashreplace").decode() for track in tracks)
    weak = any(status in (S.FAIL, S.WAIVED) for status in verdicts)
    seen = [(number, status) for number, status in enumerate(verdicts) if status]
    assert [[(item.run, item.status) for item in track.seen] for track in tracks] == ([seen] if weak else [])


def test_a_github_repository_that_is_gone_ends_its_finding(tmp_path: Path) -> None:
    place = replace(FAIL.place, type="GitHub::Repository", account="acme", region="global", id="try-1", arn="")
    scope = {"github": {"organization": "acme"}}
    close(tmp_path, "a", "2026-01-01", replace(FAIL, place=place), **scope)
    close(tmp_path, "b", "2026-04-01", **scope)
    (spell,) = history(tmp_path).spells
    assert spell.outcome is Outcome.GONE


def test_a_finding_excluded_from_the_next_run_is_not_fixed_and_the_scope_reads_back_equal(tmp_path: Path) -> None:
    code = replace(FAIL, source="iac", place=replace(FAIL.place, account="", region="", root="infra"))
    narrower = replace(
        WORKSPACE, iac=(IacRoot("infra", "terraform"),), left_out=(Omission("infra/a", "kept by another team"),)
    )
    close(tmp_path, "first", "2026-08-01", code, iac=[{"path": "infra"}])
    found = read_history(tmp_path, "2026-Q4", assessment("2026-11-24"), narrower)
    assert [item.outcome for item in found.spells] == [Outcome.SCOPE_CHANGED]
    close(tmp_path, "second", "2026-09-01", code, iac=[{"path": "infra"}], left_out=[{"path": "infra/a"}])
    found = read_history(tmp_path, "2026-Q4", assessment("2026-11-24"), narrower)
    assert [item.outcome for item in found.spells] == [Outcome.REMOVED]
    assert [(item.fixed, item.left) for item in found.balances] == [(0, 0), (0, 1)]


@pytest.mark.parametrize("damaged", ["", "{", "[]", "3", '"a"', "null", "\ufffd{"])
@pytest.mark.parametrize("name", ["meta.json", "workspace.json"])
def test_a_damaged_document_of_an_earlier_run_is_a_gap_and_its_key_is_not_known(
    tmp_path: Path, name: str, damaged: str
) -> None:
    """Also in a folder without a manifest, that nothing can check."""
    path = close(tmp_path / "evidence", "first", "2026-08-01", FAIL) / SNAPSHOT / name
    path.write_text(damaged, encoding="utf-8")
    workspace = replace(WORKSPACE, root=tmp_path, pseudonym_key=str(tmp_path / "none.key"))
    assert made_otherwise(workspace, tmp_path / "evidence") == ""
    found = history(tmp_path / "evidence", FAIL)
    assert [gap.kind for gap in found.gaps] == ["unreadable"] and len(found.runs) == 1


@pytest.mark.parametrize("name", [MANIFEST, *READ_BACK])
def test_a_bundle_that_was_altered_is_a_gap_and_no_history(tmp_path: Path, name: str) -> None:
    folder = close(tmp_path, "first", "2026-08-01", FAIL)
    write_manifest(folder)
    write_declaration(folder, [])
    assert closed_before(tmp_path, "2026-11-24T10:00:00Z") == ([], [Gap("unsealed", "first")])
    (folder / CHAIN).write_text("{}\n")
    write_tag_manifest(folder)
    whole, gaps = closed_before(tmp_path, "2026-11-24T10:00:00Z")
    assert whole == [folder] and gaps == []
    (folder / name).write_bytes((folder / name).read_bytes() + b"\n")
    whole, gaps = closed_before(tmp_path, "2026-11-24T10:00:00Z")
    assert whole == [] and [gap.kind for gap in gaps] == ["unreadable"] and name in gaps[0].what + MANIFEST
    (folder / name).unlink()
    assert closed_before(tmp_path, "2026-11-24T10:00:00Z")[0] == []


def test_a_name_that_became_known_after_a_bundle_was_closed_is_replaced_in_what_is_read_from_it(tmp_path: Path) -> None:
    named = replace(FAIL, place=replace(FAIL.place, id="jérôme-dupont-bucket", arn=""))
    earlier = close(tmp_path / "home", "2026-Q3", "2026-08-24", named)
    names = KnownNames({"person-ay2z7msluuq7": "Jérôme Dupont"})
    now = replace(FAIL, place=replace(FAIL.place, id="person-ay2z7msluuq7-bucket", arn=""))
    found = read_history(
        tmp_path / "home", "2026-Q4", assessment("2026-11-24", now), WORKSPACE, named=PeopleNames("", names.renaming)
    )
    assert [(spell.key[6], spell.first, spell.last) for spell in found.spells] == [("person-ay2z7msluuq7-bucket", 0, 1)]
    assert found.comparison is not None and [change.kind for change in found.comparison.changes] == [Kind.UNCHANGED]
    assert agrees(found, earlier) is True
    other = replace(FAIL, place=replace(FAIL.place, id="another-store", arn=""))
    assert agrees(found, close(tmp_path / "other", "2026-Q3", "2026-08-24", other)) is False
