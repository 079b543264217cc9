"""The texts of a finding in all outputs of a push, in the language of the workspace, each safe on one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property

from preuve.assess.changes.known_findings import finding_id, mark
from preuve.library.company.workspace import FILE as WORKSPACE
from preuve.model.company.grounds import is_elsewhere
from preuve.model.content import Control
from preuve.model.grouping import grouped
from preuve.model.push import Push
from preuve.model.results import Finding, FindingStatus
from preuve.publish.words.code_texts import CodeTexts
from preuve.publish.words.locale import Locale, load_locale
from preuve.publish.words.names import LinkedControls, Links, citation, place_name, relative_file
from preuve.publish.words.text import first_sentence, one_line

LONGEST, LONGEST_REASON = 300, 900


class Words:
    """The texts of one push."""

    def __init__(self, push: Push) -> None:
        self.push = push
        self.locale: Locale = load_locale(push.language)
        # Shared by many findings; there may be thousands.
        self._title, self._fix, self._controls_of = cache(self._title_of), cache(self._fix_of), cache(self._lines_of)

    @cached_property
    def _code(self) -> CodeTexts:
        return CodeTexts(self.push.library, self.push.params, self.locale)

    @cached_property
    def _links(self) -> tuple[Links, Links]:
        return LinkedControls(self.push.assessment).by_policy(())

    def severity(self, finding: Finding) -> str:
        """Return the severity, in words."""
        return self.locale.word("severity", finding.severity)

    def title(self, finding: Finding) -> str:
        """Return the title of the policy."""
        return self._title(finding.policy)

    def _title_of(self, policy: str) -> str:
        return one_line(self.push.library.policies[policy].title.in_language(self.locale.language))

    def fix(self, finding: Finding) -> str:
        """Return the fix in one sentence."""
        return self._fix(finding.policy)

    def _fix_of(self, policy: str) -> str:
        text = self.push.library.policies[policy].remediation.in_language(self.locale.language)
        return first_sentence(text)

    def reason(self, finding: Finding) -> str:
        """Return the reason of the verdict."""
        return one_line(self._code.reason(finding) + self._before(finding), LONGEST_REASON)

    def verdict(self, finding: Finding) -> str:
        """Return the reason without the policy's defaults, for outputs that show these once for many findings."""
        return one_line(self._code.verdict(finding) + self._before(finding), LONGEST_REASON)

    def _before(self, finding: Finding) -> str:
        """Return a sentence if a resource failed before too, as another object or for another cause; else ""."""
        before = self.push.before.get(mark(finding))
        if before is None or finding.status is not FindingStatus.FAIL or finding.known:
            return ""
        if is_elsewhere(finding.grounds, before):
            return f" {self.locale('push.other_object')}"
        return f" {self.locale('push.other_cause')}"

    def defaults(self, finding: Finding) -> tuple[str, ...]:
        """Return the parameters of the policy that the workspace has not set, with their values."""
        return self._code.defaults(finding.policy)

    def code(self, findings: Iterable[Finding]) -> str:
        """Return the code that corrects some findings of one policy, each block once; "" if there is none."""
        return "\n\n".join(dict.fromkeys(block for each in findings for block in self._blocks(each)))

    def _blocks(self, finding: Finding) -> list[str]:
        text = self._code.fix(finding)
        return text.split("\n\n") if text else []

    def fixes(self, policy: str) -> Mapping[str, str]:
        """Return all the code that corrects failures of a policy, by kind of code."""
        return self._code.fixes(policy)

    def resource(self, finding: Finding) -> str:
        """Return the resource, as `root:address` in code."""
        return place_name(finding.place)

    def file(self, finding: Finding) -> str:
        """Return the file of a finding, from the top of the repository."""
        return self.from_top(finding.place.file) if finding.place.file else ""

    def anchor(self, finding: Finding) -> str:
        """Return the file of a finding, or else the workspace's: some readers need one even for missing code."""
        return self.file(finding) or self.from_top(WORKSPACE)

    def from_top(self, file: str) -> str:
        """Return a file of the workspace, from the top of the repository."""
        return relative_file(f"{self.push.prefix}/{file}")

    def where(self, finding: Finding) -> str:
        """Return file and line, from the top of the repository; "" if there is none."""
        file = self.file(finding)
        return f"{file}:{finding.place.line}" if file and finding.place.line else file

    def values(self, finding: Finding) -> tuple[str, ...]:
        """Return the deciding attributes with their values, and the variables that these come from."""
        unset = self.locale("push.unset")
        found = finding.observed.items()
        return tuple(one_line(f"{name} = {unset if value is None else value}", LONGEST) for name, value in found)

    def called(self, finding: Finding) -> tuple[str, ...]:
        """Return the module calls that lead to the resource, the outermost first."""
        return tuple(
            one_line(f"{module} {self.from_top(file)}:{line}", LONGEST)
            for module, file, line in finding.place.called_from
        )

    def others(self, finding: Finding) -> str:
        """Return the number of further instances of the block with the same finding; "" if there is none."""
        more = len(self.push.alike(finding).findings) - 1
        return self.locale.count("push.instances", more) if more and not finding.incomplete else ""

    def some(self, lines: Sequence[str], most: int) -> list[str]:
        """Return the first of some lines, and the number of the others."""
        left = len(lines) - most
        return [*lines[:most], *([self.locale("push.and_more", n=self.locale.number(left))] if left > 0 else [])]

    def more_places(self, group: Sequence[Finding], shown: int) -> list[str]:
        """Return the number of findings of a group that are not shown; nothing if all are."""
        return [self.locale.count("push.more_places", len(group) - shown)] if len(group) > shown else []

    def controls(self, finding: Finding) -> tuple[str, ...]:
        """Return the controls that the policy tests, a line for each framework, then those that it only supports; the
        GDPR by article.
        """
        return self._controls_of(finding.policy)

    def _lines_of(self, policy: str) -> tuple[str, ...]:
        tested, supported = (self._by_framework(links.get(policy, ())) for links in self._links)
        helps = {name: self.locale("paper.only_supports", controls=text) for name, text in supported.items()}
        return tuple(
            self.locale("push.labelled", label=self.locale.word("push.framework", name), text=text)
            for name, text in (*tested.items(), *helps.items())
        )

    def _by_framework(self, names: Iterable[str]) -> Mapping[str, str]:
        lines = grouped(
            (control.framework, self._control(control))
            for control in filter(None, map(self.push.library.control, names))
        )
        return {name: self.locale.clauses(controls) for name, controls in lines.items()}

    def control_ids(self, policy: str) -> tuple[str, ...]:
        """Return the ids of the controls that a policy tests, then of those that it only supports."""
        return tuple(name for links in self._links for name in links.get(policy, ()))

    def _control(self, control: Control) -> str:
        label = (control.label or control.title).in_language(self.locale.language)
        return one_line(f"{citation(control, self.locale)} {label}", 120)

    def paragraph(self, finding: Finding) -> str:
        """Return everything in one paragraph, for readers that show no table."""
        fix = self.locale("push.labelled", label=self.locale("push.label.fix"), text=self.fix(finding))
        resource = " ".join(filter(None, (self.resource(finding), self.others(finding))))
        why = " ".join((f"{resource}: {self.reason(finding)}", ", ".join(self.values(finding)))).strip()
        called = " → ".join(self.called(finding))
        via = self.locale("push.labelled", label=self.locale("push.label.via"), text=called) if called else ""
        return one_line(" · ".join(part for part in (why, via, fix, *self.controls(finding)) if part))

    def dispute(self, finding: Finding) -> str:
        """Return the command that disputes the finding; "" if there is no workspace for it."""
        return "" if self.push.bare else f"preuve dispute {finding_id(finding)}"

    def headline(self) -> str:
        """Return the outcome in one sentence."""
        push, locale = self.push, self.locale
        if push.untouched:
            return locale("push.untouched")
        if not push.assessment.examined:
            return locale("push.no_verdict" if push.assessment.findings else "push.nothing")
        severity = locale.word("severity", push.gate)
        if push.stopping:
            return locale.count("push.stopped", len(push.stopping), severity=severity)
        if push.assessment.incomplete or push.beyond:
            return locale("push.incomplete", severity=severity)
        return locale("push.hidden" if push.hidden else "push.passed", severity=severity)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by severity, then in the order of the assessment."""
    return sorted(findings, key=lambda finding: finding.severity.rank)


def by_policy(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Group findings by policy, in the order of the policies' first findings."""
    groups = grouped((finding.policy, finding) for finding in findings)
    return list(groups.values())
