"""A page for each policy, control, evidence item and type of resource, in one language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from preuve.library.iam.actions import actions
from preuve.library.iam.permissions import calls
from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.validation.rules import Needs, needs
from preuve.model.content import AwsRule, Call, CheckText, Control, EvidenceItem, Library, Policy, ResourceType, Text
from preuve.publish.words.code_texts import FENCES
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import called
from preuve.publish.words.text import blocks
from tools.site.markdown import code, fenced, prose, section, table

POLICIES, CONTROLS, EVIDENCE, TYPES = "policies", "controls", "evidence", "resources"


@dataclass(frozen=True)
class Reference:
    """The pages for the content of `library`. `words` are the words of the site, `rules` the policies' rules,
    checked.
    """

    library: Library
    rules: Sequence[CheckedRule]
    locale: Locale
    words: Mapping[str, str]

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield (file below the language's folder, Markdown) of each page and of the page that lists a kind."""
        for kind, title, entries in self._kinds():
            listed = [(name, about) for name, about, _ in entries]
            yield f"{kind}/index.md", self._list(title, listed)
            for name, _, page in entries:
                yield f"{kind}/{file_name(name)}", page

    def _kinds(self) -> Iterator[tuple[str, str, list[tuple[str, str, str]]]]:
        library, say = self.library, self._say
        policies = [(one.id, say(one.title), self._policy(one)) for one in library.policies.values()]
        controls = [(one.id, say(one.title), self._control(one)) for one in self._controls]
        evidence = [(one.id, say(one.title), self._evidence(one)) for one in library.evidence.values()]
        types = [(one.name, one.service, self._type(one)) for one in library.types.values()]
        yield POLICIES, self.words["policies"], policies
        yield CONTROLS, self.words["controls"], controls
        yield EVIDENCE, self.words["evidence"], evidence
        yield TYPES, self.words["resources"], types

    def _list(self, title: str, entries: Sequence[tuple[str, str]]) -> str:
        rows = [(f"[{code(name)}]({file_name(name)})", prose(about)) for name, about in entries]
        return "\n".join([f"# {title}\n", *table((self.words["name"], self.words["about"]), rows)])

    # ---- policies -------------------------------------------------------------------------------------------------

    def _policy(self, policy: Policy) -> str:
        t = self.locale
        about = (t.word("severity", policy.severity), t("site.rev", rev=policy.rev), code(policy.position.file))
        parts = [
            *self._head(policy.title, policy.id, about),
            *self._paragraphs(policy.rationale),
            *section(t("site.policy.rule"), (part for rule in policy.aws for part in self._rule(rule))),
            *section(t("site.policy.code"), self._code(policy)),
            *section(t("site.policy.params"), self._parameters(policy)),
            *section(t("site.policy.limits"), self._paragraphs(policy.limits)),
            *section(t("site.policy.remediation"), [*self._paragraphs(policy.remediation), *self._fixes(policy)]),
            *section(self.words["examples"], self._examples(policy)),
            *section(t("site.policy.controls"), self._supported(policy)),
            *section(self.words["calls"], self._calls(policy)),
        ]
        return "\n".join(parts)

    def _rule(self, rule: AwsRule) -> Iterator[str]:
        t = self.locale
        yield f"{self._page_of(TYPES, rule.resource)}\n"
        if rule.asks:
            yield f"{self.words['asks']} {prose(self._say(rule.asks))}.\n"
        if rule.when:
            yield f"{t('site.policy.when')}\n\n{fenced(rule.when)}"
        yield f"{t('site.policy.assert')}\n\n{fenced(rule.assert_)}"
        for member, absence in rule.absent.items():
            value = f" {code(_json(absence.value))}" if absence.kind == "is" else ""
            yield f"- {code(member)} {t(f'site.policy.absent.{absence.kind}')}{value}\n"
        yield from self._paragraphs(rule.breach_only)

    def _code(self, policy: Policy) -> Iterator[str]:
        rule = policy.iac
        if rule is None:
            return
        for check in rule.checkov:
            told = self.library.checks.get(check)
            yield f"- {code(check)}{self._told(told)}"
        asked = ", ".join(map(code, rule.checkov))
        yield f"\n{asked} {prose(self.locale(f'site.policy.equivalence.{rule.equivalence}'))}\n"
        yield from self._paragraphs(rule.note)

    def _told(self, check: CheckText | None) -> str:
        return f" — {prose(self._say(check.why))}." if check else ""

    def _parameters(self, policy: Policy) -> Iterator[str]:
        for name in policy.params:
            known = self.library.parameters[name]
            value = f"{code(name)} = {code(_json(known.value))} {prose(self._say(known.unit))}"
            yield f"- {value} — {prose(self._say(known.source))}"

    def _fixes(self, policy: Policy) -> Iterator[str]:
        """Yield code that passes: `${params.<id>}` stands for the requirement of the workspace."""
        for kind, text in policy.fix.items():
            yield f"### {self.locale.word('code_kind', kind)}\n\n{fenced(text, FENCES.get(kind, ''))}"

    def _examples(self, policy: Policy) -> Iterator[str]:
        rows = [(self._english(one.name) or code(one.type), self.words[one.expected]) for one in policy.examples]
        yield from table((self.words["example"], self.words["expected"]), rows)

    def _english(self, name: str) -> str:
        """Return the name of an example, which is in English; a page in another language marks that for browsers."""
        said = prose(name)
        return said if not said or self.locale.language == "en" else f'<span lang="en">{said}</span>'

    def _supported(self, policy: Policy) -> Iterator[str]:
        t = self.locale
        rows = [
            (self._linked(control), t.word("strength", one.strength))
            for control in self._controls
            for one in control.policies
            if one.policy == policy.id
        ]
        yield from table((self.words["control"], self.words["strength"]), rows)

    def _calls(self, policy: Policy) -> Iterator[str]:
        mine = [rule for rule in self.rules if rule.policy.id == policy.id]
        made = {_call(one): one for one in calls(self.library, needs(self.library, mine))} if mine else {}
        rows = [(code(name), ", ".join(map(code, actions(one)))) for name, one in sorted(made.items())]
        yield from table((self.words["call"], self.words["permission"]), rows)

    # ---- controls and evidence ------------------------------------------------------------------------------------

    @cached_property
    def _controls(self) -> tuple[Control, ...]:
        return tuple(one for framework in self.library.frameworks.values() for one in framework.controls)

    def _control(self, control: Control) -> str:
        t, framework = self.locale, self.library.frameworks[control.framework]
        about = (prose(self._say(framework.title)), t.word("automation", control.automated()))
        claims = [f"- {prose(self._say(one.text))}" for one in control.claimed(self.library.policies)]
        parts = [
            *self._head(control.title, control.id, about),
            *self._paragraphs(control.objective),
            *section(t("site.control.shows"), [*claims, "", *self._paragraphs(control.not_shown)]),
            *section(t("site.control.policies"), self._policies(control)),
            *section(t("site.control.planned"), self._planned(control)),
            *section(t("site.control.manual"), self._manual(control)),
        ]
        return "\n".join(parts)

    def _policies(self, control: Control) -> Iterator[str]:
        known = self.library.policies
        rows = [
            (
                self._page_of(POLICIES, one.policy),
                prose(self._say(known[one.policy].title)),
                self.locale.word("strength", one.strength),
            )
            for one in control.policies
            if one.policy in known
        ]
        yield from table((self.words["policy"], self.words["about"], self.words["strength"]), rows)

    def _planned(self, control: Control) -> Iterator[str]:
        for name in control.planned:
            title = self.library.planned_policies.get(name)
            yield f"- {code(name)} {prose(self._say(title)) if title else ''}"

    def _manual(self, control: Control) -> Iterator[str]:
        for name in control.evidence:
            item = self.library.evidence.get(name)
            if item:
                yield f"- {self._page_of(EVIDENCE, name)} {prose(self._say(item.title))}"

    def _evidence(self, item: EvidenceItem) -> str:
        t = self.locale
        due = t(
            "explain.due",
            cadence=t.word("cadence", item.cadence),
            role=t.word("role", item.owner_role),
            days=item.freshness_days,
        )
        controls = [one for one in self._controls if one.id in item.controls]
        parts = [
            *self._head(item.title, item.id, (prose(due),)),
            *([prose(t("explain.compulsory", by=item.mandatory_by)) + "\n"] if item.mandatory_by else []),
            *section(t("explain.expected"), self._paragraphs(item.auditor_expects)),
            *section(t("explain.controls"), [f"- {self._linked(one)}" for one in controls]),
        ]
        return "\n".join(parts)

    def _linked(self, control: Control) -> str:
        (name,) = called([control.id], self.library, self.locale)
        return f"[{prose(name)}](../{CONTROLS}/{file_name(control.id)}) {prose(self._say(control.title))}"

    # ---- types of resources ---------------------------------------------------------------------------------------

    def _type(self, declared: ResourceType) -> str:
        every = calls(self.library, Needs({declared.name: frozenset(declared.details)}))
        rows = {_call(one): (code(_call(one)), ", ".join(map(code, actions(one)))) for one in every}
        judged = [one for one in self.library.policies.values() if any(r.resource == declared.name for r in one.aws)]
        known = [
            (f"[{code(one.id)}](../{POLICIES}/{file_name(one.id)})", prose(self._say(one.title))) for one in judged
        ]
        parts = [
            f"# {declared.name}\n",
            f"{code(declared.position.file)}\n",
            *section(self.words["calls"], table((self.words["call"], self.words["permission"]), rows.values())),
            *section(self.words["policies"], table((self.words["policy"], self.words["about"]), known)),
        ]
        return "\n".join(parts)

    # ---- parts ----------------------------------------------------------------------------------------------------

    def _head(self, title: Text, name: str, about: Iterable[str]) -> Iterator[str]:
        yield f"# {prose(self._say(title))} ({code(name)})\n"  # who searches for the id finds its page first
        yield " · ".join(about) + "\n"

    def _paragraphs(self, text: Text | None) -> Iterator[str]:
        for block in blocks(text.in_language(self.locale.language)) if text else ():
            yield fenced(block.text) if block.code else f"{prose(block.text)}\n"

    def _page_of(self, kind: str, name: str) -> str:
        return f"[{code(name)}](../{kind}/{file_name(name)})"

    def _say(self, text: Text) -> str:
        return " ".join(text.in_language(self.locale.language).split())


def file_name(name: str) -> str:
    """Return the file of the page of an id: characters that a file system or an address does not allow are replaced."""
    return f"{PurePosixPath(name.replace('::', '-')).name}.md"


def _call(call: Call) -> str:
    return f"{call.service}:{call.operation}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
