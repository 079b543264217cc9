"""The paths of pages: names that Windows accepts, short paths, relative links that work from `file://`.

A page's name is its path from the bundle's root without language and extension: `data/03-controls/A.8.24/index` is
written as `index.en.html` and `index.fr.html` in that folder.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from functools import lru_cache

from preuve.model.layout import (
    CONTROLS,
    DATA,
    GDPR,
    HISTORY,
    IAC,
    LIMITS,
    RECORDS,
    REFERENCE,
    REGISTERS,
    SCOPE,
    SUMMARY,
)

ISO_FRAMEWORK = "iso27001-2022"
GDPR_FRAMEWORK = "gdpr"

HOME = f"{SUMMARY}/index"
FINDINGS = f"{SUMMARY}/findings"
RESOURCES = f"{SUMMARY}/resources/index"
ACCOUNTS = f"{SUMMARY}/accounts/index"
SCOPE_PAGE = f"{SCOPE}/index"
REFERENCE_PAGE = f"{REFERENCE}/index"
CROSSWALK = f"{REFERENCE}/crosswalk"
SOA = f"{REFERENCE}/soa"
CODE = f"{IAC}/index"
REGISTERS_PAGE = f"{REGISTERS}/index"
HISTORY_PAGE = f"{HISTORY}/index"
LIMITS_PAGE = f"{LIMITS}/index"
SHEET = f"{DATA}/pages.css"
PAPER_SHEET = f"{DATA}/papers.css"


MAX_STEM = 60
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


def safe_name(name: str) -> str:
    """Return `name` if it can be a file name everywhere, else a readable part of it and a hash of the whole."""
    if _SAFE.fullmatch(name) and len(name) <= MAX_STEM and not name.endswith(".") and not _DEVICE.fullmatch(name):
        return name
    readable = re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-")[: MAX_STEM - 20]
    digest = hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()[:12]
    return f"x-{readable}-{digest}"


def page_file(page: str, language: str) -> str:
    """Return the file of a page in one language, from the bundle's root."""
    return f"{page}.{language}.html"


def framework_page(framework: str) -> str:
    """Return the page of a framework: those of ISO and of the GDPR come first in their folders."""
    if framework == GDPR_FRAMEWORK:
        return f"{GDPR}/index"
    return f"{CONTROLS}/index" if framework == ISO_FRAMEWORK else f"{CONTROLS}/framework-{safe_name(framework)}"


def control_folder(framework: str, control: str) -> str:
    """Return the folder of everything about a control."""
    return f"{GDPR if framework == GDPR_FRAMEWORK else CONTROLS}/{safe_name(control)}"


def control_page(framework: str, control: str) -> str:
    """Return the page of a control."""
    return f"{control_folder(framework, control)}/index"


def guide_page(guide: str) -> str:
    """Return the page of a guide of the crosswalk."""
    return f"{REFERENCE}/guide-{safe_name(guide)}"


def policy_page(policy: str, number: int = 1) -> str:
    """Return a page of a policy. Further pages are in a folder with the policy's name, so that no other policy can have
    them.
    """
    return f"{SUMMARY}/policies/{safe_name(policy)}{'' if number == 1 else f'/{number}'}"


def type_page(type_: str, number: int = 1) -> str:
    """Return a page of the resources of one type (`AWS::S3::Bucket` is `AWS.S3.Bucket`)."""
    stem = safe_name(f"{type_}:" if "." in type_ else type_.replace("::", "."))  # a dot in the type would look like ::
    return f"{SUMMARY}/resources/{stem}{'' if number == 1 else f'/{number}'}"


def quiet_page(number: int = 1) -> str:
    """Return the path of a page of resources that need no attention, of all types."""
    return f"{SUMMARY}/resources/nothing-to-look-at{'' if number == 1 else f'/{number}'}"


def account_page(account: str) -> str:
    """Return the page of an account."""
    return f"{SUMMARY}/accounts/{safe_name(f'{account}:' if account == 'index' else account)}"


def call_page(account: str, region: str, number: int = 1) -> str:
    """Return a page of the API calls that were made in a region of an account."""
    return f"{SUMMARY}/calls/{safe_name(f'{account}.{region}')}{'' if number == 1 else f'/{number}'}"


def code_page(number: int = 1) -> str:
    """Return a page of the blocks of code."""
    return CODE if number == 1 else f"{IAC}/blocks/{number}"


def policy_record(policy: str, *, code: bool = False) -> str:
    """Return the record of a policy, from the bundle's root; `code`: the one on code, for a policy tested on both."""
    return f"{RECORDS}/{safe_name(policy)}{'.iac' if code else ''}.json"


def attestation_record(attestation: str) -> str:
    """Return the record of an attestation, from the bundle's root."""
    return f"{RECORDS}/attestations/{safe_name(attestation)}.json"


def relative(target: str, page: str) -> str:
    """Return the link from `page` to `target`, both from the bundle's root."""
    return _from(target, page.rpartition("/")[0])


@lru_cache(maxsize=1 << 13)
def _from(target: str, folder: str) -> str:
    return posixpath.relpath(f"/{target}", f"/{folder}")  # without "/" it is a link to the current folder
