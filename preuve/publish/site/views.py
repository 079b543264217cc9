"""The views of pages, computed once: findings in reading order, counts by group, recorded calls with anchors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TypeVar

from preuve.assess.plan import DONE
from preuve.model.content import Claim, title_of
from preuve.model.grouping import grouped
from preuve.model.results import ControlResult, Disagreement, Finding, FindingStatus, Join, Place, WaiverResult
from preuve.model.snapshot import Listing, Unread
from preuve.publish.records.population import CountComparison
from preuve.publish.site.accounts import account_rows, several
from preuve.publish.site.calls import CallLink, Calls, CitedCalls, Source, noted
from preuve.publish.site.facts import Site
from preuve.publish.site.lines import Line, Lines, in_files, line_of, line_of_resource, lines_beside
from preuve.publish.site.subjects import Subject, Subjects
from preuve.publish.words.code_texts import CodeTexts
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import cite, cited, file_line, numbered, place_name, recorded
from preuve.publish.words.text import one_line

CODE = "code"  # the part of a policy that judges code
_SHORT = 100  # characters shown of a value that made a policy not apply; the snapshot has all
_VERDICTS = (FindingStatus.PASS, FindingStatus.FAIL, FindingStatus.WAIVED)
_STATUS_ORDER = {status: number for number, status in enumerate(FindingStatus)}


@dataclass(frozen=True)
class ResourceLink:
    """The name of a resource, with its file and line in code, and its page if it has one."""

    name: str
    where: str
    subject: Subject | None


@dataclass(frozen=True)
class Row:
    """A finding as a line of a table."""

    finding: Finding
    name: str
    others: tuple[ResourceLink, ...]  # the other resources that it is about
    account: str
    reason: str
    observed: tuple[tuple[str, str, str], ...]  # member, value as JSON, code by which AWS answered that there is none
    where: str
    calls: tuple[CallLink, ...]
    line: Line | None  # of the snapshot
    beside: tuple[Lines, ...]  # other lines of its evidence, unless a note has them
    notes: tuple[int, ...]  # numbers of the notes of the page with more of its evidence
    waiver: WaiverResult | None
    subject: Subject | None  # the resource or block, where the finding is about one


@dataclass(frozen=True)
class ClaimView:
    """A claim about what checks show, and the parts of its policies that do not support it: not evaluated or not
    everywhere, without resources, or out of scope. Parts are types of resources, or CODE; no parts means the whole
    policy. `in_code` are the policies with a verdict, if all verdicts are on code and the claim covers more.
    """

    claim: Claim
    open: Mapping[str, Sequence[str]]
    nothing: Mapping[str, Sequence[str]]
    outside: Mapping[str, Sequence[str]]
    in_code: Mapping[str, Sequence[str]]


# ---- findings -----------------------------------------------------------------------------------------------------


class Facts:
    """The assessment indexed for the pages."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.findings: dict[str, list[Finding]] = {}
        for finding in site.assessment.findings:
            self.findings.setdefault(finding.policy, []).append(finding)
        for findings in self.findings.values():
            findings.sort(key=lambda finding: _STATUS_ORDER[finding.status])
        self._counts = {name: Counter(f.status for f in findings) for name, findings in self.findings.items()}
        self.waivers = {waiver.id: waiver for waiver in site.assessment.waivers}
        self.accounts = {account.id: account.name for account in site.workspace.accounts}
        self.account_rows = account_rows(site) if several(site) else []
        self.results = {result.control: result for result in site.assessment.controls}
        self.frameworks: dict[str, list[ControlResult]] = {}
        self.controls: dict[str, list[ControlResult]] = {}
        for control in site.assessment.controls:
            self.frameworks.setdefault(control.framework, []).append(control)
            for policy in control.policies:
                self.controls.setdefault(policy, []).append(control)
        self.subjects = Subjects(site.assessment.findings, [item.cloud for item in site.assessment.disagreements])
        self.calls = Calls(site.calls)
        self._joins: dict[Place, list[Join]] = {}
        for join in site.assessment.joins:
            for place in filter(None, (join.cloud, join.code)):
                self._joins.setdefault(_named(place), []).append(join)
        self._parts = {name: _parts(site, name, self.findings.get(name, ())) for name in self.policies}
        self._apart: dict[str | Place, list[Disagreement]] = {}
        for item in site.assessment.disagreements:
            for key in (item.policy, _named(item.cloud), _named(item.code)):
                self._apart.setdefault(key, []).append(item)
        self._texts: dict[str, CodeTexts] = {}

    @property
    def policies(self) -> list[str]:
        """The policies that have a page: all that were assessed or that an assessed control names."""
        return sorted({*self.site.assessment.policies, *self.findings, *self.controls})

    def titled(self, policies: Iterable[str], t: Locale) -> str:
        """Return the titles of policies, as parts of a sentence."""
        named = (self.site.library.title(policy, t.language) for policy in policies)
        return ", ".join(t.title(title) for title in named)

    def short(self, result: ControlResult, t: Locale, *, mixed: bool = True) -> str:
        """Return the shortest name of a control: its id, the number of its article, the title of a theme.

        Next to controls of other frameworks (`mixed`), the number of an article includes its law.
        """
        control = self.site.library.control(result.control)
        if control is None:
            return result.control
        return (cited(control, t) if mixed else numbered(control, t)) or control.title.in_language(t.language)

    def full(self, result: ControlResult, t: Locale) -> str:
        """Return a control by its number and its title."""
        control = self.site.library.control(result.control)
        title = title_of(control, t.language)
        return " ".join(filter(None, (self.cite(result.control, t), title))) or result.control

    def claims(self, result: ControlResult) -> list[ClaimView]:
        """Return the claims of a control that its checks support in this run; a claim without a verdict has no
        support.
        """
        control = self.site.library.control(result.control)
        claims = control.claimed(result.policies) if control else ()
        return [self._seen(claim) for claim in claims if any(map(self._told, claim.policies))]

    def unclaimed(self, result: ControlResult, t: Locale) -> str:
        """Return the titles of the policies of a control that gave a verdict and belong to none of its claims: a page
        must introduce every check that may fail on it.
        """
        control = self.site.library.control(result.control)
        said = {name for claim in (control.claims if control else ()) for name in claim.policies}
        return self.titled((name for name in result.policies if name not in said and self._told(name)), t)

    def _seen(self, claim: Claim) -> ClaimView:
        found = {policy: self._parts.get(policy, {}) for policy in claim.policies}
        lacking = (_lacking(found, _is_open), _lacking(found, _is_nothing), _lacking(found, _is_outside))
        return ClaimView(claim, *lacking, _in_code_alone(found))

    def _told(self, policy: str) -> bool:
        """Return whether a policy gave a verdict on anything."""
        return not self.counts([policy]).keys().isdisjoint(_VERDICTS)

    def caveats(self, seen: ClaimView, t: Locale) -> str:
        """Return the policies of a claim, or parts of them, that do not support it, and why."""
        groups = {
            "site.control.claim_in_code": seen.in_code,
            "site.control.claim_open": seen.open,
            "site.control.claim_nothing": seen.nothing,
            "site.control.claim_outside": seen.outside,
        }
        return " ".join(t(key, policies=self._named(lacking, t)) for key, lacking in groups.items() if lacking)

    def _named(self, lacking: Mapping[str, Sequence[str]], t: Locale) -> str:
        return ", ".join(self._part_of(policy, parts, t) for policy, parts in lacking.items())

    def _part_of(self, policy: str, parts: Sequence[str], t: Locale) -> str:
        words = (t("site.control.claim_code") if part == CODE else part for part in parts)
        title = self.titled([policy], t)
        return t("site.control.claim_part", policy=title, parts=", ".join(words)) if parts else title

    def automation(self, result: ControlResult) -> str:
        """Return how far a control is automated, a word of `automation`; "" if the library does not know it."""
        control = self.site.library.control(result.control)
        current = {item.id for item in result.evidence if item.state == DONE}
        return control.automated(current).value if control else ""

    def cite(self, name: str, t: Locale) -> str:
        """Return a control as its readers cite it, such as GDPR Art. 32(1)(a); "" for a theme of preuve."""
        control = self.site.library.control(name)
        return cited(control, t) if control else name

    def called(self, name: str, t: Locale) -> str:
        """Return the name of a control where its title does not follow: a theme by its title."""
        return cite([name], self.site.library, t)[0]

    def name(self, place: Place) -> str:
        """Return a resource by its usual name."""
        return place_name(place)

    def of(self, policy: str, *statuses: FindingStatus) -> list[Finding]:
        """Return the findings of a policy with one of these statuses."""
        return [finding for finding in self.findings.get(policy, ()) if finding.status in statuses]

    def within(self, result: ControlResult, policy: str) -> list[Finding]:
        """Return the findings of a policy that count for a control."""
        return [finding for finding in self.findings.get(policy, ()) if result.counts(finding)]

    def line(self, place: Place) -> Line | None:
        """Return the line of the snapshot with a resource."""
        return line_of_resource(place, self.site.lines)

    def seconds(self, policies: Iterable[str]) -> dict[str, CountComparison]:
        """Return the counts of second sources for the types in the population of these policies."""
        types = sorted({name for policy in policies for name in self.types(policy)})
        return {name: self.site.seconds[name] for name in types if name in self.site.seconds}

    def joins(self, place: Place) -> Sequence[Join]:
        """Return the matches of a resource with code, or of a block with resources."""
        return self._joins.get(_named(place), ())

    def apart(self, of: str | Place) -> Sequence[Disagreement]:
        """Return the disagreements between code and account: for a policy, or for a resource or block."""
        return self._apart.get(of if isinstance(of, str) else _named(of), ())

    def counts(self, policies: Iterable[str]) -> Counter[FindingStatus]:
        """Count the findings of these policies by status."""
        return sum((self._counts.get(policy, Counter()) for policy in policies), Counter())

    def types(self, policy: str) -> set[str]:
        """Return the resource types whose listings are a policy's population."""
        found = self.site.library.policies.get(policy)
        declared = {rule.resource for rule in found.aws} if found else set()
        return declared | {finding.place.type for finding in self.findings.get(policy, ()) if finding.source == "aws"}

    def population(self, policies: Iterable[str], evidence: CitedCalls) -> list[ListingView]:
        """Return the listings that gave the population of these policies; their calls become evidence of the page."""
        types = {name for policy in policies for name in self.types(policy)}
        chosen = [listing for listing in self.site.listings if listing.type in types]
        evidence.cite(call for listing in chosen for call in listing.calls)
        return listed(chosen)

    def texts(self, locale: Locale) -> CodeTexts:
        """Return the texts of findings in one language; all pages have the same."""
        if locale.language not in self._texts:
            self._texts[locale.language] = CodeTexts(self.site.library, self.site.workspace.params, locale)
        return self._texts[locale.language]

    def rows(self, findings: Iterable[Finding], locale: Locale, evidence: CitedCalls) -> list[Row]:
        """Return the findings as lines of a table; the calls that they name become evidence of the page."""
        texts = self.texts(locale)
        found = list(findings)
        sources = [self._sources(finding) for finding in found]
        notes = noted(sources, evidence)
        pairs = zip(found, sources, strict=True)
        return [self._row(finding, rests, notes, texts, evidence) for finding, rests in pairs]

    def _denials(self, finding: Finding) -> dict[str, str]:
        """Return, by member, the error with which AWS answers that a resource does not have the member, if it did."""
        declared = self.site.library.types.get(finding.place.type)
        errors = self.calls.errors(finding.calls)
        details = declared.details if declared else {}
        return {name: errors[call.operation] for name, call in details.items() if call.operation in errors}

    def _sources(self, finding: Finding) -> Sequence[Source]:
        return [*finding.calls, *lines_beside(finding, self.site.lines)]

    def _row(
        self, finding: Finding, rests: Sequence[Source], notes: Mapping[Source, int], texts: CodeTexts,
        evidence: CitedCalls,
    ) -> Row:  # fmt: skip
        place = finding.place
        evidence.cite(finding.calls)
        own = [source for source in rests if source not in notes]
        first, *others = map(self._named_place, finding.places)
        return Row(
            finding=finding,
            name=first.name,
            others=tuple(others),
            account=self.accounts.get(place.account, ""),
            reason=texts.verdict(finding),
            observed=_observed(finding, self._denials, texts.locale),
            where=first.where,
            calls=self.calls.links(source for source in own if isinstance(source, str)),
            line=line_of(finding, self.site.lines),
            beside=tuple(in_files(source for source in own if isinstance(source, Line))),
            notes=tuple(sorted({notes[source] for source in rests if source in notes})),
            waiver=self.waivers.get(finding.waiver),
            subject=first.subject,
        )

    def _named_place(self, place: Place) -> ResourceLink:
        return ResourceLink(place_name(place), file_line(place), self.subjects.of(place))


def _parts(site: Site, policy: str, findings: Iterable[Finding]) -> Mapping[str, Set[FindingStatus]]:
    """Return the outcome of a policy for each part: every type of resource that it judges, and code. A verdict on one
    part proves nothing about the others. Code without a block for the policy is no part.
    """
    known = site.library.policies.get(policy)
    found: dict[str, set[FindingStatus]] = {rule.resource: set() for rule in known.aws} if known else {}
    for finding in findings:
        part = CODE if finding.source == "iac" else finding.place.type
        found.setdefault(part, set()).add(finding.status)
    return found


def _lacking(
    found: Mapping[str, Mapping[str, Set[FindingStatus]]], lacks: Callable[[Set[FindingStatus]], bool]
) -> dict[str, Sequence[str]]:
    """Return the policies without such a verdict on some parts, with these parts; without parts if all lack it."""
    lacking = {policy: [part for part, came in parts.items() if lacks(came)] for policy, parts in found.items()}
    return {
        policy: [] if len(parts) == len(found[policy]) else parts
        for policy, parts in lacking.items()
        if parts or (not found[policy] and lacks(frozenset()))
    }


def _in_code_alone(found: Mapping[str, Mapping[str, Set[FindingStatus]]]) -> dict[str, Sequence[str]]:
    """Return the policies with a verdict, if all of them judged only code and could have judged more."""
    judged = {
        policy: {part for part, came in parts.items() if not came.isdisjoint(_VERDICTS)}
        for policy, parts in found.items()
    }
    beyond = any(parts.keys() - {CODE} for parts in found.values())
    alone = beyond and set().union(*judged.values()) == {CODE}
    return {policy: [] for policy, parts in judged.items() if parts} if alone else {}


def _is_open(came: Set[FindingStatus]) -> bool:
    return FindingStatus.NOT_EVALUATED in came


def _is_nothing(came: Set[FindingStatus]) -> bool:
    return came == {FindingStatus.NOT_APPLICABLE}


def _is_outside(came: Set[FindingStatus]) -> bool:
    return not came


def _observed(
    finding: Finding, denials: Callable[[Finding], Mapping[str, str]], t: Locale
) -> tuple[tuple[str, str, str], ...]:
    most = _SHORT if finding.status is FindingStatus.NOT_APPLICABLE else None
    shown = [(name, recorded(value, t)) for name, value in finding.observed.items()]
    none = denials(finding) if any(value == "null" for _, value in shown) else {}
    return tuple(
        (one_line(name, 120), one_line(value, most) if most else value, none.get(name, "") if value == "null" else "")
        for name, value in shown
    )


def grouped_rows(rows: Iterable[Row]) -> list[list[Row]]:
    """Group rows that are the same for different resources in one place, in the order of the first of each.

    Resources to which a policy does not apply are in one row, with the observed values of each.
    """
    found: dict[Hashable, list[Row]] = {}
    for row in rows:
        place = row.finding.place
        where = (row.where, place.account, place.region, place.type)
        decided = () if row.finding.status is FindingStatus.NOT_APPLICABLE else row.observed
        key = (row.finding.status, row.reason, decided, *where, row.finding.waiver, row.finding.checks)
        found.setdefault(key, []).append(row)
    return list(found.values())


def _named(place: Place) -> Place:
    """Return a place with its name alone: the lines of a block may be those of one of its attributes."""
    return Place(place.type, place.id, place.account, place.region, place.arn, place.root)


# ---- listings -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListingView:
    """The listings of one type in one place: one, or one for each parent."""

    type: str
    account: str
    region: str
    listings: int
    count: int
    pagination: str
    unread: tuple[Unread, ...]


def listed(listings: Iterable[Listing]) -> list[ListingView]:
    """Return listings by type and place, in the order in which they were read."""
    places = grouped(((listing.type, listing.account, listing.region), listing) for listing in listings)
    return [_together(key, group) for key, group in places.items()]


def _together(place: tuple[str, str, str], group: Sequence[Listing]) -> ListingView:
    broken = next((item for item in group if item.pagination != "exhausted"), group[0])
    return ListingView(
        *place,
        listings=len(group),
        count=sum(item.count for item in group),
        pagination=broken.pagination,
        unread=tuple(dict.fromkeys(item.unread for item in group if item.unread)),
    )


@dataclass(frozen=True)
class RegionListings:
    """The listings of one type in an account with the same outcome, with the number found in each region."""

    type: str
    account: str
    pagination: str
    unread: tuple[Unread, ...]
    regions: tuple[tuple[str, int], ...]


def spread(listings: Iterable[ListingView]) -> list[RegionListings]:
    """Return listings by type and account: one for the complete ones, one for those that were broken off for the same
    reason.
    """
    found = grouped(((item.type, item.account, item.pagination, item.unread), item) for item in listings)
    return [
        RegionListings(
            items[0].type,
            items[0].account,
            items[0].pagination,
            items[0].unread,
            tuple((item.region, item.count) for item in items),
        )
        for items in found.values()
    ]


T = TypeVar("T")


def cut(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """Cut the items into pages; one empty page when there are none."""
    return [items[start : start + size] for start in range(0, len(items), size)] or [()]
