"""`poam.json`: a plan of action with an item per weakness that is open or accepted for a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from preuve.publish.oscal.observations import LISTED, Weakness, observation, risk, seen, weaknesses
from preuve.publish.oscal.parts import (
    NAMESPACE,
    Part,
    inventory,
    markup,
    metadata,
    props,
    tool,
    uid,
    without_empty,
)
from preuve.publish.site.facts import Site
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import LinkedControls


def plan_of_action(site: Site, locale: Locale) -> Mapping[str, Any] | None:
    """Return the document of one assessment; None if no weakness is open, because OSCAL has no empty plan."""
    waivers = {waiver.id: waiver for waiver in site.assessment.waivers}
    found = seen(site.assessment.findings)
    open_ = list(weaknesses(found, waivers))
    if not open_:
        return None
    organisation = site.workspace.organisation
    behind = {part.id for item in open_ for part in item.seen}
    used = [item for item in found if item.id in behind]
    listed = [finding for item in used if item.status in LISTED for finding in item.findings]
    linked = LinkedControls(site.assessment)
    plan = {
        "uuid": uid("poam", organisation, site.assessment.now),
        "metadata": metadata(site, locale("oscal.poam", organisation=markup(organisation))),
        "system-id": {"identifier-type": NAMESPACE, "id": uid("organisation", organisation)},
        "local-definitions": {"components": [tool(site)], "inventory-items": inventory(listed)},
        "observations": [observation(item, site, locale, planned=True) for item in used],
        "risks": [risk(item, site, locale, planned=True) for item in open_],
        "poam-items": [_item(item, linked, site, locale) for item in open_],
    }
    return {"plan-of-action-and-milestones": plan}


def _outside(item: Weakness) -> str:
    """Return by framework the number of resources that are outside the framework."""
    found = Counter(name for part in item.seen for finding in part.findings for name in finding.outside)
    return ", ".join(f"{name}: {count}" for name, count in sorted(found.items()))


def _item(item: Weakness, linked: LinkedControls, site: Site, locale: Locale) -> Part:
    controls, supported = linked.of([finding for part in item.seen for finding in part.findings])
    title = site.library.title(item.policy, locale.language)
    count = sum(len(part.findings) for part in item.seen)
    return without_empty(
        {
            "uuid": uid("poam-item", item.policy, item.waiver.id if item.waiver else ""),
            "title": markup(title),
            "description": locale("oscal.risk", n=locale.number(count), policy=item.policy),
            "props": props(
                policy=item.policy,
                severity=item.severity.value,
                controls=", ".join(controls),
                attention=", ".join(supported),
                outside=_outside(item),
                waiver=item.waiver.id if item.waiver else "",
            ),
            "related-observations": [{"observation-uuid": part.id} for part in item.seen],
            "related-risks": [{"risk-uuid": item.id}],
        }
    )
