"""Texts about findings in code: why they fail, and the code that fixes them, with the values of the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from preuve.library.validation.code.fixes import filled, fix_of, kind_of
from preuve.model.content import CheckText, Library
from preuve.model.grouping import grouped
from preuve.model.results import Finding, FindingStatus, Reason, deviation_of
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import code_lines, short_json

FENCES = {"terraform": "hcl", "cloudformation": "yaml", "dockerfile": "dockerfile", "github_actions": "yaml"}

_BY_COMMENT = frozenset({"iac_suppressed", "iac_comment"})

_Cause = tuple[str, int]  # a check and the number of one of its causes


class CodeTexts:
    """The texts in one language; `params` are the parameters that the workspace sets."""

    def __init__(self, library: Library, params: Mapping[str, Any], locale: Locale) -> None:
        self._library, self.locale = library, locale
        self._params, self._own = library.values(params), frozenset(params)
        # Shared by many findings; there may be thousands.
        self._why, self._fix = cache(self._sentences), cache(self._code)
        self.defaults = cache(self._defaults)

    def reason(self, finding: Finding) -> str:
        """Return the reason of a verdict; for a failure, the defect and the requirement."""
        verdict = self.verdict(finding)
        if finding.status is not FindingStatus.FAIL:
            return verdict
        return " ".join([verdict, *self.defaults(finding.policy)])

    def verdict(self, finding: Finding) -> str:
        """Return the reason without the default parameters of the policy."""
        if finding.reason.code == "iac_failed":
            return self._why(finding.policy, finding.place.type, self._causes(finding))
        waived, deviation = deviation_of(finding.reason)
        reason = self.locale.reason(waived)
        if deviation is not None:
            return f"{reason} {self.verdict(replace(finding, reason=deviation))}"
        if finding.reason.code in _BY_COMMENT:
            return f"{reason} {self._why(finding.policy, finding.place.type, self._causes(finding))}"
        return reason

    def _defaults(self, policy: str) -> tuple[str, ...]:
        """Return a text for each parameter of a policy that the workspace has not set, and where to set it."""
        known = self._library.policies.get(policy)
        names = [name for name in known.params if name not in self._own and name in self._params] if known else []
        return tuple(self.locale("push.default", name=name, value=short_json(self._params[name], 80)) for name in names)

    def fix(self, finding: Finding) -> str:
        """Return code that passes, for the type of the failing resource; "" in the account, or if there is none."""
        return self._fix(finding.policy, finding.place.type) if finding.source == "iac" else ""

    def fixes(self, policy: str) -> dict[str, str]:
        """Return all the code that corrects failures of a policy, by kind of code."""
        known = self._library.policies.get(policy)
        texts = known.fix if known else {}
        return {kind: _harmless(filled(text, self._params, hcl=kind == "terraform")) for kind, text in texts.items()}

    def _code(self, policy: str, type_: str) -> str:
        known = self._library.policies.get(policy)
        return _harmless(fix_of(known, type_, self._params, self._library.code_rules)) if known else ""

    def _causes(self, finding: Finding) -> tuple[_Cause, ...]:
        """Return the failed checks, each with its causes according to the deciding values; -1 if no cause matches."""
        found: list[_Cause] = []
        for check in finding.checks or tuple(filter(None, finding.reason.values.get("checks", "").split(", "))):
            text = self._library.checks.get(check)
            causes = text.causes if text else ()
            told = [number for number, cause in enumerate(causes) if cause.is_told(finding.observed)]
            found += [(check, number) for number in told or [-1]]
        return tuple(found)

    def _sentences(self, policy: str, type_: str, causes: tuple[_Cause, ...]) -> str:
        """Return the defect, then the requirement: once if several checks have the same."""
        known = self._library.policies.get(policy)
        kind = kind_of(known, type_) if known else ""
        groups = grouped((self._asks(cause, kind) or repr(cause), cause) for cause in causes)
        alike = grouped((self._whys(group) or (name,), group) for name, group in groups.items())
        return " ".join(self._sentence(found, kind) for found in alike.values())

    def _whys(self, causes: list[_Cause]) -> tuple[str, ...]:
        texts = map(self._text, causes)
        return tuple(dict.fromkeys(text.why.in_language(self.locale.language) for text in texts if text))

    def _sentence(self, groups: list[list[_Cause]], kind: str) -> str:
        causes, whys = [cause for group in groups for cause in group], self._whys(groups[0])
        asks = self.locale("list.between").join(filter(None, (self._asks(group[0], kind) for group in groups)))
        checks = ", ".join(dict.fromkeys(check for check, _ in causes))
        values = {"why": ". ".join(whys), "asks": asks, "checks": checks}
        return self.locale.reason(Reason("iac_asked" if whys else "iac_failed", values))

    def _asks(self, cause: _Cause, kind: str) -> str:
        text = self._text(cause)
        asks = text.asks.get(kind) if text else None
        return filled(asks.in_language(self.locale.language), self._params, hcl=False) if asks else ""

    def _text(self, cause: _Cause) -> CheckText | None:
        check, number = cause
        text = self._library.checks.get(check)
        return text.of(number) if text else None


def _harmless(code: str) -> str:
    return "\n".join(code_lines(code.rstrip("\n")))
