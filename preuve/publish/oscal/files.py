"""Writes both documents."""

from __future__ import annotations

from pathlib import Path

from preuve.publish.oscal.parts import write
from preuve.publish.oscal.poam import plan_of_action
from preuve.publish.oscal.results import assessment_results
from preuve.publish.site.facts import Site
from preuve.publish.words.locale import Locale

RESULTS, POAM = "assessment-results.json", "poam.json"


def write_oscal(folder: Path, site: Site, locale: Locale) -> None:
    """Write `assessment-results.json` and, if anything is open, `poam.json`."""
    write(folder / RESULTS, assessment_results(site, locale))
    plan = plan_of_action(site, locale)
    if plan is not None:
        write(folder / POAM, plan)
