"""The output of `preuve explain` on a policy, a control or an item of manual evidence: headings and plain lines."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from preuve.assess.changes.known_findings import finding_id
from preuve.assess.plan import DONE, obligations
from preuve.library.iam.permissions import Permission
from preuve.model.company.workspace import Workspace
from preuve.model.content import AwsRule, Control, EvidenceItem, IacRule, Library, Policy, Text
from preuve.model.errors import PreuveError
from preuve.model.results import Finding, FindingStatus, Reason
from preuve.publish.site.paths import page_file, policy_page
from preuve.publish.terminal.newest_bundle import KnownControl, NewestBundle
from preuve.publish.words.code_texts import CodeTexts
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import THEME, called, file_line, place_name, place_scope
from preuve.publish.words.text import blocks, one_line

_WIDTH = 100
_FINDINGS_SHOWN = 15
_PLACES_SHOWN = 5  # of one finding


@dataclass(frozen=True)
class Section:
    """A heading and the lines below it."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """Everything about one id."""

    title: str
    about: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Explainer:
    """Explains content in one language, with the changes of a workspace and the findings of its newest audit."""

    library: Library
    locale: Locale
    workspace: Workspace | None = None
    latest: NewestBundle | None = None

    # ---- a policy -------------------------------------------------------------------------------------------------

    def policy(self, policy: Policy, permissions: Sequence[Permission]) -> Page:
        """Explain a policy: why, what exactly, thresholds, fix, limits, controls, permissions, findings."""
        t = self.locale
        parts = [
            (t("site.policy.rationale"), self._prose(policy.rationale)),
            (t("site.policy.rule"), self._rules(policy.aws)),
            (t("site.policy.code"), self._code(policy.iac)),
            (t("site.policy.params"), [line for name in policy.params for line in self._parameter(name)]),
            (t("site.policy.limits"), self._prose(policy.limits)),
            (t("site.policy.remediation"), self._prose(policy.remediation)),
            *((t.word("code_kind", kind), _code(code, 2)) for kind, code in self._fixes(policy).items()),
            (t("site.policy.controls"), self._tested(policy)),
            (t("table.supporting"), self._linking(policy.id, decides=False)),
            (t("explain.permissions"), self._permissions(policy, permissions)),
            (self._dated("explain.findings"), self._findings(policy.id)),
        ]
        about = f"{t.word('severity', policy.severity)}, {t('site.rev', rev=policy.rev)}, {policy.position.file}"
        return self._page(policy.id, policy.title, about, parts)

    def _fixes(self, policy: Policy) -> Mapping[str, str]:
        return self._code_texts().fixes(policy.id)

    def _code_texts(self) -> CodeTexts:
        return CodeTexts(self.library, self.workspace.params if self.workspace else {}, self.locale)

    def _rules(self, rules: Iterable[AwsRule]) -> Iterator[str]:
        t = self.locale
        for rule in rules:
            yield rule.resource
            if rule.when:
                yield f"  {t('site.policy.when')}"
                yield from _code(rule.when, 4)
            yield f"  {t('site.policy.assert')}"
            yield from _code(rule.assert_, 4)
            for member, absence in rule.absent.items():
                value = f" {_json(absence.value)}" if absence.kind == "is" else ""
                yield f"  {member} {t(f'site.policy.absent.{absence.kind}')}{value}"
            yield from (f"  {line}" for line in self._prose(rule.breach_only))

    def _code(self, rule: IacRule | None) -> Iterator[str]:
        if rule is not None:
            yield f"{', '.join(rule.checkov)} {self.locale(f'site.policy.equivalence.{rule.equivalence}')}"
            yield from self._prose(rule.note)

    def _parameter(self, name: str) -> Iterator[str]:
        """Yield a threshold with its unit, and where its value comes from."""
        known = self.library.parameters.get(name)
        if known is None:
            return
        unit = self._say(known.unit)
        changed = self.workspace.params.get(name, known.value) if self.workspace else known.value
        if changed == known.value:
            yield f"{name} = {_json(known.value)} {unit}"
        else:
            yield f"{name} = {_json(changed)} {unit} (preuve.yaml; policies/params.yaml: {_json(known.value)})"
        yield from _wrapped(self._say(known.source), 2)

    def _tested(self, policy: Policy) -> Iterator[str]:
        yield from self._linking(policy.id, decides=True)
        if policy.one_means:
            yield from _wrapped(self.locale("site.policy.one_means"))

    def _linking(self, policy: str, *, decides: bool) -> Iterator[str]:
        links = [(control, link) for control in self._controls() for link in control.policies if link.policy == policy]
        for control, link in links:
            if link.decides is decides:
                yield f"{self._control(control.id)} ({self.locale.word('strength', link.strength)})"
        if not links and decides:
            yield self.locale("site.policy.no_control")

    def _permissions(self, policy: Policy, permissions: Sequence[Permission]) -> Iterator[str]:
        if not policy.aws:
            yield self.locale("explain.no_permission")
        elif permissions:
            yield from _wrapped(", ".join(dict.fromkeys(item.action for item in permissions)))

    def _findings(self, policy: str) -> Iterator[str]:
        if self.latest is None:
            return
        order = list(FindingStatus)
        found = [finding for finding in self.latest.findings if finding.policy == policy]
        found.sort(key=lambda finding: order.index(finding.status))
        if not found:
            yield self.locale("site.policy.no_finding")
            return
        counts = {status: sum(1 for finding in found if finding.status is status) for status in order}
        t = self.locale
        yield ", ".join(t.count(f"summary.status.{status}", count) for status, count in counts.items() if count)
        page = one_line(str(self.latest.folder / page_file(policy_page(policy), t.language)))
        for finding in found[:_FINDINGS_SHOWN]:
            yield from self._finding(finding, page)
        more = len(found) - _FINDINGS_SHOWN
        if more > 0:
            yield t.count("explain.more", more, page=page)

    def _finding(self, finding: Finding, page: str) -> Iterator[str]:
        more = len(finding.places) - _PLACES_SHOWN
        for place in finding.places[:_PLACES_SHOWN]:
            where = " ".join(filter(None, (place_name(place), place_scope(place), file_line(place))))
            yield f"{self._word('finding', finding.status)} {where}"
        if more > 0:
            yield self.locale.count("explain.more", more, page=page)
        yield from _wrapped(self._why(finding), 4)
        if finding.status is FindingStatus.FAIL:
            yield f"    {self.locale('push.label.wrong')} preuve dispute {finding_id(finding)}"

    # ---- a control ------------------------------------------------------------------------------------------------

    def control(self, control: Control) -> Page:
        """Explain a control: objective, what its checks show, status, policies, what is planned, manual evidence."""
        t = self.locale
        known = self.latest.controls.get(control.id) if self.latest else None
        residual = control.details.get("residual")
        parts = [
            (t("site.control.objective"), self._prose(control.objective)),
            (t("site.control.shows"), self._tests(control)),
            (t("site.control.residual"), _wrapped(str(residual.get(t.language, residual["en"]))) if residual else ()),
            (self._dated("explain.status"), self._status(known)),
            (t("site.control.policies"), self._linked(control)),
            (t("site.control.planned"), self._planned(control)),
            (t("site.control.manual"), self._manual(control, known)),
        ]
        framework = self._say(self.library.frameworks[control.framework].title)
        current = {name for name, state in known.evidence.items() if state == DONE} if known else set()
        about = f"{framework}, {t.word('automation', control.automated(current))}, {t('site.rev', rev=control.rev)}"
        (name,) = called([control.id], self.library, t) if control.group != THEME else (control.id,)
        return self._page(name, control.title, about, parts)

    def _tests(self, control: Control) -> Iterator[str]:
        for claim in control.claimed(self.library.policies):
            yield from _wrapped(f"- {self._say(claim.text)}")
        yield from self._prose(control.not_shown)

    def _status(self, known: KnownControl | None) -> Iterator[str]:
        if known is not None:
            yield self.locale.word("control", known.status)
            for reason in known.reasons:
                yield from _wrapped(self._reason(reason), 2)

    def _linked(self, control: Control) -> Iterator[str]:
        known = self.latest.policies if self.latest else {}
        for link in control.policies:
            policy = self.library.policies.get(link.policy)
            strength = self.locale.word("strength", link.strength)
            status = f"{self._word('finding', known[link.policy])} " if link.policy in known else ""
            title = self._say(policy.title) if policy else ""
            yield f"{status}{link.policy}  {title} ({strength})"
        if not control.policies:
            yield self.locale("site.control.no_policy")

    def _planned(self, control: Control) -> Iterator[str]:
        for name in control.planned:
            title = self.library.planned_policies.get(name)
            yield f"{name}  {self._say(title) if title else ''}".rstrip()

    def _manual(self, control: Control, known: KnownControl | None) -> Iterator[str]:
        states = known.evidence if known else {}
        for name in control.evidence:
            item = self.library.evidence.get(name)
            state = f"{self._word('evidence_state', states[name])} " if name in states else ""
            yield f"{state}{name}  {self._say(item.title) if item else ''}".rstrip()
        if not control.evidence:
            yield self.locale("site.control.no_manual")

    # ---- manual evidence, planned policies ------------------------------------------------------------------------

    def evidence(self, item: EvidenceItem) -> Page:
        """Explain an item of manual evidence: what an auditor expects, when, from whom, for which controls."""
        t = self.locale
        due = t(
            "explain.due",
            cadence=t.word("cadence", item.cadence),
            role=t.word("role", item.owner_role),
            days=item.freshness_days,
        )
        by = t("list.between").join(called(obligations(item, self.library, self.workspace), self.library, t))
        when = self._say(item.mandatory_when) if item.mandatory_when else ""
        compulsory = t("explain.compulsory", by=by, when=when) if by else ""
        known = (self.latest.controls.get(name) for name in item.controls) if self.latest else ()
        state = next((control.evidence[item.id] for control in known if control and item.id in control.evidence), "")
        parts = [
            (t("explain.expected"), self._prose(item.auditor_expects)),
            (t("site.col.cadence"), [due, *filter(None, [compulsory])]),
            (self._dated("explain.status"), [t.word("evidence_state", state)] if state else []),
            (t("explain.controls"), map(self._control, item.controls)),
        ]
        return self._page(item.id, item.title, item.position.file, parts)

    def planned(self, name: str, title: Text) -> Page:
        """Explain a policy of the catalogue that is not built yet."""
        t = self.locale
        waiting = [control for control in self._controls() if name in control.planned]
        parts = [
            (t("site.control.planned"), [t("site.control.planned_means")]),
            (t("explain.controls"), [self._control(item.id) for item in waiting]),
        ]
        return self._page(name, title, "controls/planned.yaml", parts)

    # ---- parts ----------------------------------------------------------------------------------------------------

    def _page(self, name: str, title: Text, about: str, parts: Iterable[tuple[str, Iterable[str]]]) -> Page:
        sections = [Section(heading, tuple(lines)) for heading, lines in parts]
        return Page(f"{name}  {self._say(title)}", about, tuple(part for part in sections if part.lines))

    def _controls(self) -> Iterator[Control]:
        for framework in self.library.frameworks.values():
            yield from framework.controls

    def _control(self, name: str) -> str:
        """Return a control as its readers cite it, with its title."""
        known = self.library.control(name)
        (cite,) = called([name], self.library, self.locale)
        return cite if known is None or known.group == THEME else f"{cite:<18} {self._say(known.title)}"

    def _dated(self, key: str) -> str:
        if self.latest is None:
            return ""
        return self.locale(key, folder=one_line(self.latest.folder.name), date=self.locale.date(self.latest.now))

    def _word(self, group: str, name: str) -> str:
        """Return a word of the reports with the colon of the language."""
        return f"{self.locale.word(group, name)}{self.locale('site.colon')}"

    def _say(self, text: Text) -> str:
        return one_line(text.in_language(self.locale.language))

    def _prose(self, text: Text | None) -> Iterator[str]:
        for block in blocks(text.in_language(self.locale.language)) if text else ():
            yield from _code(block.text, 2) if block.code else _wrapped(block.text)

    def _why(self, finding: Finding) -> str:
        known = self.locale.has(f"reasons.{finding.reason.code}")  # of a folder written by another version
        return one_line(self._code_texts().reason(finding)) if known else finding.reason.code

    def _reason(self, reason: Reason) -> str:
        try:
            return one_line(self.locale.reason(reason, self._titles()))
        except PreuveError:  # a folder written by another version may have other reasons
            return reason.code

    def _titles(self) -> Mapping[str, str]:
        """Return the names for a reason: the title with the id, because `preuve explain` takes the id."""
        library = self.library
        titles = {**library.planned_policies, **{control.id: control.title for control in self._controls()}}
        titles |= {name: policy.title for name, policy in library.policies.items()}
        titles |= {name: item.title for name, item in library.evidence.items()}
        return {name: f"{self._say(title)} ({name})" for name, title in titles.items()}


def _wrapped(text: str, indent: int = 0) -> list[str]:
    lead = " " * indent
    wrapped = textwrap.wrap(one_line(text), _WIDTH, break_long_words=False, break_on_hyphens=False)
    return [lead + line for line in wrapped]


def _code(text: str, indent: int) -> list[str]:
    return [(" " * indent + line).rstrip() for line in text.strip("\n").splitlines()]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def page_text(page: Page, headings: Mapping[str, str]) -> str:
    """Return the page as text; `headings` are the start and the end that a terminal marks a heading with."""
    start, end = headings.get("start", ""), headings.get("end", "")
    parts = [f"{start}{page.title}{end}\n{page.about}"]
    for section in page.sections:
        lines = "\n".join(f"  {line}".rstrip() for line in section.lines)
        parts.append(f"{start}{section.heading}{end}\n{lines}")
    return "\n\n".join(parts)
