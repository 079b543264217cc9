"""What an audit writes besides the pages: papers for people, tables for spreadsheets, OSCAL for other tools."""

from __future__ import annotations

from pathlib import Path

from preuve.publish.locale import load_locale
from preuve.publish.oscal.files import write_oscal
from preuve.publish.site import Site

OSCAL = "08-machine/oscal"


def write_papers(data: Path, site: Site) -> None:
    """Write everything below the folder `data` of a bundle; the same input gives the same bytes."""
    locale = load_locale(site.workspace.language)
    write_oscal(data / OSCAL, site, locale)
