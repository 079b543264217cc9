"""Rules for the engine's tree (docs/architecture.md)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import preuve

PACKAGE = Path(preuve.__file__).parent
MOST = 12  # modules that one looks over


def test_no_package_has_more_than_a_dozen_modules() -> None:
    modules = [path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"]
    counted = Counter(path.parent.relative_to(PACKAGE).as_posix() for path in modules)
    assert {name: count for name, count in counted.items() if count > MOST} == {}


def test_no_module_has_the_name_of_a_package_beside_it() -> None:
    beside = [path for path in PACKAGE.rglob("*.py") if path.with_suffix("").is_dir()]
    assert beside == []
