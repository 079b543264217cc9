"""Writes the files of an audit besides its pages: approvals, papers for people, tables for spreadsheets, OSCAL for
programs.
"""

from __future__ import annotations

from pathlib import Path

from preuve.model.layout import MACHINE, REFERENCE
from preuve.publish.history.tables import write_history
from preuve.publish.oscal.files import write_oscal
from preuve.publish.papers import files
from preuve.publish.site.facts import Site
from preuve.publish.tables.accounts import write_accounts
from preuve.publish.tables.registers import write_registers
from preuve.publish.tables.soa import write_soa
from preuve.publish.words.approvals import write_approvals
from preuve.publish.words.locale import load_locale


def write_papers(bundle: Path, site: Site) -> None:
    """Write everything below a bundle's folder; the same input gives the same bytes."""
    locale = load_locale(site.workspace.language)
    write_approvals(bundle, site.workspace)
    write_oscal(bundle / MACHINE / "oscal", site, locale)
    write_soa(bundle / REFERENCE, site, locale)
    write_registers(bundle, site, locale)
    write_accounts(bundle, site, locale)
    write_history(bundle, site, locale)
    files.write_papers(bundle, site)
