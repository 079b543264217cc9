"""Where each page lies: names that Windows accepts, short paths, relative links that work from `file://`."""

from __future__ import annotations

import hashlib
import posixpath
import re

from preuve.model.layout import CONTROLS, GDPR

MAX_STEM = 60
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


def safe_name(name: str) -> str:
    """`name` where it can be a file name everywhere, else a readable part of it and a hash of the whole."""
    if _SAFE.fullmatch(name) and len(name) <= MAX_STEM and not name.endswith(".") and not _DEVICE.fullmatch(name):
        return name
    readable = re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-")[: MAX_STEM - 20]
    digest = hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()[:12]
    return f"x-{readable}-{digest}"


def control_folder(framework: str, control: str) -> str:
    """The folder of a control's papers and tables, from the bundle's root."""
    return f"{GDPR if framework == 'gdpr' else CONTROLS}/{safe_name(control)}"


def control_page(framework: str, control: str) -> str:
    """The page of a control, below the language's folder."""
    return f"controls/{safe_name(framework)}/{safe_name(control)}.html"


def policy_page(policy: str, number: int = 1) -> str:
    """A page of a policy; later ones lie in a folder of its name, where no other policy's page can be."""
    return f"policies/{safe_name(policy)}{'' if number == 1 else f'/{number}'}.html"


def relative(target: str, page: str) -> str:
    """The link from `page` to `target`, both from the site's root."""
    return posixpath.relpath(f"/{target}", f"/{posixpath.dirname(page)}")  # without "/" it asks for the current folder
