"""The working paper of a control, for an auditor who neither wrote the checks nor runs the systems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from preuve.assess.repositories import LEFT_OUT
from preuve.model.content import AWS, Control
from preuve.model.grouping import grouped
from preuve.model.results import ControlResult, EvidenceResult, Finding, FindingStatus
from preuve.publish.papers import tallies
from preuve.publish.papers.document import Blank, Block, Code, Document, Grid, Items, Prose, Section
from preuve.publish.papers.head import foot, mark, subtitle
from preuve.publish.papers.sample import Sample
from preuve.publish.records.population import CountComparison
from preuve.publish.site.calls import CitedCalls
from preuve.publish.site.facts import Site
from preuve.publish.site.views import ClaimView, ListingView, RegionListings, spread
from preuve.publish.site.views import Facts as Index
from preuve.publish.words.attestations import set_aside
from preuve.publish.words.code_texts import CodeTexts
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import place_name, place_scope, policy_title, relative_file, strengths_of, titles
from preuve.publish.words.origins import reading_sentences, sources
from preuve.publish.words.text import one_line

MOST_EXCEPTIONS = 5
_ATTENTION = "attention"  # the reason that names failing policies which only support a control
_MOST_NAMES = 10  # of one finding; the page of its policy has all of them
_SHOWN = (FindingStatus.FAIL, FindingStatus.NOT_EVALUATED)
REPERFORM = "sha256sum -c --quiet manifest-sha256.txt tagmanifest-sha256.txt\npreuve assess --bundle ."


class WorkingPapers:
    """Builds the papers of one assessment in one language."""

    def __init__(self, site: Site, index: Index, locale: Locale) -> None:
        self._site = site
        self._index = index
        self._t = locale
        self._titles = titles(site.library, locale.language)
        self._code = CodeTexts(site.library, site.workspace.params, locale)

    def findings(self, result: ControlResult) -> list[Finding]:
        """Return the findings of a control's policies that count for it."""
        return [finding for policy in result.policies for finding in self._index.within(result, policy)]

    def population(self, result: ControlResult) -> list[ListingView]:
        """Return the listings that gave the population of a control."""
        return self._index.population(result.policies, CitedCalls(self._index.calls))

    def paper(self, result: ControlResult, drawn: Sample) -> Document:
        """Return the paper; `drawn` is the sample in `sample.csv` in the same folder."""
        t = self._t
        control = self._site.library.control(result.control)
        parts: Sequence[tuple[str, Iterator[Block]]] = (
            ("site.control.objective", self._objective(control)),
            ("site.control.shows", self._shows(result, control)),
            ("paper.tested", self._tested(result, control)),
            ("paper.population", self._population(result)),
            ("paper.method", self._method(result)),
            ("paper.result", self._result(result)),
            ("site.control.attention", self._attention(result)),
            ("paper.exceptions", self._exceptions(result)),
            ("site.nav.waivers", self._waivers(result)),
            ("site.control.manual", self._manual(result)),
            ("paper.reperform", self._reperform(result)),
            ("site.paper.sample", self._sample(result, drawn)),
            ("site.paper.conclusion", iter((self._conclusion(),))),
        )
        sections = [Section(t(key), blocks) for key, found in parts if (blocks := list(found))]
        named = (tell(result.control, self._site, t) for tell in (tallies.control_number, tallies.control_title))
        title = " ".join(filter(None, (t("site.paper.title"), *named)))
        about = f"{tallies.framework_title(result.framework, self._site, t)} · {subtitle(self._site, t)}"
        now = self._site.assessment.now
        return Document(t.language, title, about, now[:10], mark(self._site, t), foot(self._site, t), sections)

    # ---- what was tested, on what --------------------------------------------------------------------------------

    def _objective(self, control: Control | None) -> Iterator[Block]:
        if control is None:
            return
        yield Prose(one_line(control.objective.in_language(self._t.language)))

    def _shows(self, result: ControlResult, control: Control | None) -> Iterator[Block]:
        if claims := self._index.claims(result):
            yield Items([self._claim(seen) for seen in claims])
        if unclaimed := self._index.unclaimed(result, self._t):
            yield Prose(self._t("site.control.unclaimed", policies=unclaimed))
        if control and control.not_shown:
            yield Prose(one_line(control.not_shown.in_language(self._t.language)))

    def _claim(self, seen: ClaimView) -> str:
        said = one_line(seen.claim.text.in_language(self._t.language))
        return " ".join(filter(None, (said, self._index.caveats(seen, self._t))))

    def _tested(self, result: ControlResult, control: Control | None) -> Iterator[Block]:
        t = self._t
        if not result.policies:
            yield Prose(t("site.control.no_policy"))
            return
        strengths = {name: t.word("strength", word) for name, word in strengths_of(control, result).items()}
        yield Items([self._counted(result, name, strengths.get(name, "")) for name in result.policies])
        if result.planned:
            planned = t.count("site.control.planned_count", len(result.planned))
            yield Prose(f"{planned}{t('site.colon')} {t('site.control.planned_means')}")

    def _second(self, name: str, item: CountComparison) -> str:
        numbers = {"listed": self._t.number(item.listed), "count": self._t.number(item.count)}
        return self._t("site.api.second", type=name, source=item.source, **numbers)

    def _counted(self, result: ControlResult, policy: str, strength: str) -> str:
        t, within = self._t, self._index.within(result, policy)
        counts = Counter(item.status for item in within)
        left = sum(item.reason.code == LEFT_OUT for item in within)
        counts[FindingStatus.NOT_APPLICABLE] -= left
        told = [f"{t.word('finding', status)} {t.number(counts[status])}" for status in FindingStatus if counts[status]]
        told += [t.count("paper.left_out", left)] if left else []
        verdicts = ", ".join(told) or t("site.control.no_finding")
        return f"{policy_title(policy, self._site.library, t)} ({strength}){t('site.colon')} {verdicts}"

    def _population(self, result: ControlResult) -> Iterator[Block]:
        t = self._t
        if not result.policies:
            return
        read = grouped((self._read(item), self._found(item)) for item in spread(self.population(result)))
        for words, rows in read.items():
            yield Prose(words)
            yield Items(rows)
        if left := {item.place for item in self.findings(result) if item.reason.code == LEFT_OUT}:
            yield Prose(t.count("paper.left_out_population", len(left)))
        if seconds := self._index.seconds(result.policies):
            yield Items([self._second(name, item) for name, item in seconds.items()])
        code = sorted({place.root for item in self.findings(result) for place in item.places if place.root})
        if code:
            roots = ", ".join(t("site.code.root") if root == "." else root for root in code)
            yield Prose(t("paper.code_population", roots=roots))
        yield Prose(t("paper.population_means") if read or code else t("paper.no_population"))

    def _read(self, item: RegionListings) -> str:
        t = self._t
        unread = ", ".join(t.word("causes", cause.cause or "other") for cause in item.unread)
        read = f"{t('paper.not_read')}{t('site.colon')} {unread}" if unread else t.word("pagination", item.pagination)
        return ", ".join(filter(None, (item.account, f"{read}{t('site.colon')}")))

    def _found(self, item: RegionListings) -> str:
        unread = item.unread and not any(count for _, count in item.regions)  # then the number is not known
        regions = ", ".join(region if unread else f"{region} {self._t.number(count)}" for region, count in item.regions)
        return f"{item.type}{self._t('site.colon')} {regions}"

    def _method(self, result: ControlResult) -> Iterator[Block]:
        t = self._t
        if result.policies:
            found = sources(self.population(result), self.findings(result))
            yield Prose(reading_sentences(found, t))
            callers = filter(None, self._site.meta.callers.values() if AWS in found else ())
            if told := [t("paper.read_as", caller=one_line(caller)) for caller in callers]:
                yield Items(told)

    # ---- what came out -------------------------------------------------------------------------------------------

    def _result(self, result: ControlResult) -> Iterator[Block]:
        t = self._t
        status = t.word("control", result.status)
        yield Prose(f"{status}{t('site.colon')} {t.word('control_means', result.status)}.")
        reasons = (reason for reason in result.reasons if reason.code != _ATTENTION)  # they have their own section
        yield Items([one_line(t.reason(reason, self._titles)) for reason in reasons])
        if result.policies:
            yield from tallies.reading(result.framework, self._site, t)

    def _attention(self, result: ControlResult) -> Iterator[Block]:
        if result.attention:
            yield Prose(self._t("site.control.attention_means"))
            yield Items([policy_title(name, self._site.library, self._t) for name in result.attention])

    def _exceptions(self, result: ControlResult) -> Iterator[Block]:
        t = self._t
        found = [
            item for policy in result.deciding for item in self._index.within(result, policy) if item.status in _SHOWN
        ]
        if not result.deciding:
            return
        found.sort(key=lambda item: (_SHOWN.index(item.status), item.severity.rank))  # only the first are shown
        if not found:
            yield Prose(t("paper.no_exception"))
            return
        rows = [self._exception(item) for item in found[:MOST_EXCEPTIONS]]
        columns = ("site.col.status", "site.col.resource", "site.col.place", "site.col.policy", "site.col.reason")
        yield Grid([t(key) for key in columns], rows, (4, 7, 6, 6, 9))
        failing = dict.fromkeys(item.policy for item in found if item.status is FindingStatus.FAIL)
        if chosen := list(dict.fromkeys(text for name in failing for text in self._code.defaults(name))):
            yield Items(chosen)
        if len(found) > MOST_EXCEPTIONS:
            yield Prose(t.count("paper.more_exceptions", len(found) - MOST_EXCEPTIONS))

    def _exception(self, item: Finding) -> list[str]:
        t = self._t
        place = [t.few([place_name(one) for one in item.places], _MOST_NAMES), place_of(item)]
        return [t.word("finding", item.status), *place, item.policy, one_line(self._code.verdict(item))]

    def _waivers(self, result: ControlResult) -> Iterator[Block]:
        items = [self._waiver(name, deviation=name in result.deviations) for name in result.waivers]
        if items:
            yield Items(items)

    def _waiver(self, name: str, *, deviation: bool) -> str:
        t = self._t
        waiver = self._index.waivers.get(name)
        told = [name]
        if waiver:
            until = t.date(waiver.expires)
            known = {"owner": waiver.owner, "approver": waiver.approver, "fingerprint": waiver.approval_key}
            unverified = "" if waiver.approval_verified else t.word("approval", waiver.approval)
            line = t("site.waiver.line", id=name, expires=until, approval=unverified, **known)
            told = [one_line(line), one_line(waiver.reason)]
        return " ".join([*told, t("site.waiver.deviation")] if deviation else told)

    def _manual(self, result: ControlResult) -> Iterator[Block]:
        t = self._t
        if result.evidence:
            yield Items([self._document(item) for item in result.evidence])
        else:
            yield Prose(t("site.control.no_manual"))

    def _document(self, item: EvidenceResult) -> str:
        t = self._t
        known = self._site.library.evidence.get(item.id)
        title = one_line(known.title.in_language(t.language)) if known else ""
        people = (("declared_by", item.owner), ("reviewed_by", item.approver), ("expires", t.date(item.expires)))
        said = [f"{t(f'site.col.{key}')}{t('site.colon')} {value}" for key, value in people if value]
        concluded = [t.word("conclusion", item.conclusion)] if item.conclusion else []
        told = ", ".join([t.word("evidence_state", item.state), *concluded, *said])
        return " ".join([f"{item.id} {title}{t('site.colon')} {told}.", *set_aside(item, self._site, t)])

    # ---- what the auditor does -----------------------------------------------------------------------------------

    def _reperform(self, result: ControlResult) -> Iterator[Block]:
        if result.policies:
            yield Prose(self._t("paper.reperform_means"))
            yield Code(REPERFORM)

    def _sample(self, result: ControlResult, drawn: Sample) -> Iterator[Block]:
        t = self._t
        if not result.policies:
            return
        if not drawn.population:
            yield Prose(t("paper.no_sample"))
            return
        yield Prose(method(drawn, t))
        rows = [[place_name(place), place.type, "", ""] for place, _ in drawn.resources]
        columns = [t("site.col.resource"), t("site.col.type"), t("paper.seen"), t("paper.remark")]
        yield Grid(columns, rows, (8, 6, 4, 8))

    def _conclusion(self) -> Block:
        t = self._t
        return Blank(((t("site.paper.conclusion"), 4), (t("site.paper.name"), 1), (t("site.paper.date"), 1)))


def place_of(item: Finding) -> str:
    """Return account and region, or file and line."""
    file = relative_file(item.place.file)
    return (f"{file}:{item.place.line}" if item.place.line else file) if file else place_scope(item.place)


def method(drawn: Sample, t: Locale) -> str:
    """Return how a sample was drawn, so that another person can repeat it."""
    size = len(drawn.resources)
    told = (
        t.count("paper.sample_all", size)
        if size == drawn.population
        else t("paper.sample_of", size=t.number(size), population=t.number(drawn.population))
    )
    return t("paper.sample_method", drawn=told, seed=drawn.seed)
