"""`assessment-results.json`: a finding per assessed control, with its observations and risks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from preuve.assess.plan import LAW
from preuve.model.content import title_of
from preuve.model.results import ControlResult, ControlStatus
from preuve.publish.oscal.declarations import declarations, examination
from preuve.publish.oscal.observations import LISTED, PolicyFindings, Weakness, observation, risk, seen, weaknesses
from preuve.publish.oscal.parts import Part, inventory, markup, metadata, props, tool, uid, without_empty
from preuve.publish.site.facts import Site
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import CountGroup, is_theme, standings

SCOPE = "../snapshot/workspace.json"  # from the folder of the OSCAL files
# OSCAL has two answers; "other than satisfied" also covers what nobody has checked. A control
# without evidence either way gets none, and so does one outside the scope, and one that people declare alone: what
# was examined is an observation.
_STATES = {
    ControlStatus.SUPPORTED: ("satisfied", "pass"),
    ControlStatus.PARTLY_SUPPORTED: ("not-satisfied", "other"),
    ControlStatus.NOT_SUPPORTED: ("not-satisfied", "fail"),
}
_REVIEWED = frozenset({*_STATES, ControlStatus.DECLARED, ControlStatus.PARTLY_DECLARED})


def assessment_results(site: Site, locale: Locale) -> Mapping[str, Any]:
    """Return the document of one assessment; the same input gives the same document."""
    plan = uid("plan", site.workspace.organisation)
    return {
        "assessment-results": {
            "uuid": uid("assessment-results", site.workspace.organisation, site.assessment.now),
            "metadata": metadata(site, locale("oscal.results", organisation=markup(site.workspace.organisation))),
            "import-ap": {"href": f"#{plan}"},
            "results": [_Result(site, locale).part()],
            "back-matter": {
                "resources": [
                    {
                        "uuid": plan,
                        "title": locale("oscal.scope"),
                        "description": locale("oscal.scope_means"),
                        "rlinks": [{"href": SCOPE, "media-type": "application/json"}],
                    }
                ]
            },
        }
    }


# No setting of AWS decides whether the law is complied with: here nothing is satisfied, and nothing fails.
_OF_LAW = ("not-satisfied", "other")


class _Result:
    """Builds the one result of a document."""

    def __init__(self, site: Site, locale: Locale) -> None:
        self._site = site
        self._locale = locale
        self._seen = seen(site.assessment.findings)
        waivers = {waiver.id: waiver for waiver in site.assessment.waivers}
        self._weaknesses = list(weaknesses(self._seen, waivers))
        self._by_policy: dict[str, list[PolicyFindings]] = {}
        for item in self._seen:
            self._by_policy.setdefault(item.policy, []).append(item)
        self._declared = {item.evidence: item for item in declarations(site)}
        self._risks: dict[str, list[Weakness]] = {}
        for weakness in self._weaknesses:
            self._risks.setdefault(weakness.policy, []).append(weakness)

    def part(self) -> Part:
        """Return the result with its reviewed controls, observations and findings."""
        site, t = self._site, self._locale
        listed = [finding for item in self._seen if item.status in LISTED for finding in item.findings]
        return without_empty(
            {
                "uuid": uid("result", site.workspace.organisation, site.assessment.now),
                "title": t("oscal.results", organisation=markup(site.workspace.organisation)),
                "description": t("site.index.claim"),
                "start": site.meta.started or site.assessment.now,
                "end": site.meta.finished or site.assessment.now,
                "props": props(examined=site.assessment.examined, incomplete=site.assessment.incomplete),
                "local-definitions": without_empty(
                    {
                        "inventory-items": inventory(listed),
                        "assessment-assets": {
                            "components": [tool(site)],
                            "assessment-platforms": [{"uuid": uid("platform", "preuve")}],
                        },
                    }
                ),
                "reviewed-controls": self._reviewed(),
                "observations": [
                    *(observation(item, site, t) for item in self._seen),
                    *(examination(item, site, t) for item in self._declared.values()),
                ],
                "risks": [risk(item, site, t) for item in self._weaknesses],
                "findings": [self._finding(item) for item in site.assessment.controls if item.status in _STATES],
            }
        )

    def _reviewed(self) -> Part:
        found = standings(self._site.assessment, self._site.library, self._locale)
        selections = [self._selection(item) for item in found]
        return {"remarks": self._locale("oscal.reviewed"), "control-selections": selections or [{}]}

    @staticmethod
    def _selection(standing: CountGroup) -> Part:
        looked_at = [{"control-id": item.control} for item in standing.results if item.status in _REVIEWED]
        left_out = [{"control-id": item.control} for item in standing.results if item.status not in _REVIEWED]
        # The schema requires one of them.
        selected: Part = {"include-controls": looked_at} if looked_at else {"include-all": {}}
        return {"description": markup(standing.title), **selected, **without_empty({"exclude-controls": left_out})}

    def _finding(self, item: ControlResult) -> Part:
        control = self._site.library.control(item.control)
        title = title_of(control, self._locale.language, item.control)
        law = item.framework == LAW
        state, reason = _OF_LAW if law else _STATES[item.status]
        text = " ".join(markup(self._locale.reason(why)) for why in item.reasons)
        return without_empty(
            {
                "uuid": uid("finding", item.framework, item.control),
                "title": markup(title if is_theme(item, self._site.library) else f"{item.control} {title}"),
                "description": text or self._means(item),
                "props": props(
                    framework=item.framework,
                    status=item.status.value,
                    result="not_assessed" if law else "",
                    deviations=", ".join(item.deviations),
                    attention=", ".join(item.attention),
                ),
                "target": {
                    "type": "objective-id",
                    "target-id": item.control,
                    "status": {
                        "state": state,
                        "reason": reason,
                        "remarks": " ".join([*self._reading(item.framework), *self._meaning(item)]),
                    },
                },
                "related-observations": [{"observation-uuid": name} for name in self._behind(item)],
                "related-risks": [{"risk-uuid": one.id} for one in self._at_risk(item)],
            }
        )

    def _means(self, item: ControlResult) -> str:
        """Return the status and its meaning, as a sentence."""
        t = self._locale
        return f"{t.word('control', item.status)}{t('site.colon')} {t.word('control_means', item.status)}."

    def _meaning(self, item: ControlResult) -> Iterator[str]:
        """Yield the meaning of the status, and that the points of attention do not decide it."""
        yield self._means(item)
        if item.attention:
            yield self._locale("oscal.attention")

    def _reading(self, framework: str) -> Iterator[str]:
        """Yield the meaning of a framework's statuses, if its content has a text for it."""
        found = self._site.library.frameworks.get(framework)
        if found and (text := found.reading(self._locale.language)):
            yield markup(text)

    def _observed(self, item: ControlResult) -> Iterator[PolicyFindings]:
        for policy in item.policies:
            yield from self._by_policy.get(policy, ())

    def _behind(self, item: ControlResult) -> Iterator[str]:
        """Yield the observations of tests, then those of declarations."""
        yield from (one.id for one in self._observed(item))
        yield from (self._declared[one.id].id for one in item.evidence if one.id in self._declared)

    def _at_risk(self, item: ControlResult) -> Iterator[Weakness]:
        for policy in item.deciding:
            for one in self._risks.get(policy, ()):
                if any(item.counts(finding) for seen in one.seen for finding in seen.findings):
                    yield one
