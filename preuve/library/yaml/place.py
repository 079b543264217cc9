"""The place of the content: next to the package in a checkout or an editable install, under `preuve/_bundled` in a
wheel.
"""

from __future__ import annotations

from pathlib import Path

import preuve
from preuve.model.errors import PreuveError

FOLDERS = ("controls", "policies", "scanners", "reports", "ci", "inlets", "indicators")
LOCALES = "reports/locales"


def languages(root: Path | None = None) -> tuple[str, ...]:
    """Return the languages of results: one for each locale file below `root` (the bundled content)."""
    return tuple(sorted(path.stem for path in ((root or content_root()) / LOCALES).glob("*.yaml")))


def content_root() -> Path:
    """Return the folder that contains the content folders. Raises PreuveError if the installation lacks them."""
    package = Path(preuve.__file__).resolve().parent
    for root in (package / "_bundled", package.parent):
        if all((root / folder).is_dir() for folder in FOLDERS):
            return root
    raise PreuveError("the bundled content is missing", "reinstall preuve from the same source")
