"""Speed patches to Checkov's internals. Tests proved that they change no record.

On a small repository the start of Checkov takes most of the time. `tests/collect/code/test_worker.py` compares the
records with and without the patches.
"""

from __future__ import annotations

import functools
import re
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

# What Checkov imports at its start and evaluating code never uses: containers, its vendor's platform, cloning of
# repositories, models of its other products, its reports, the scan for secrets, its own reading of Terraform, and
# networkx, as rustworkx holds its graphs. Together with checks of other clouds they are more than half of its start.
_UNUSED = frozenset(
    {"aiohttp", "asyncio", "boto3", "botocore", "charset_normalizer", "docker", "lark", "pydantic"}
    | {"detect_secrets", "junit_xml", "networkx", "prettytable", "requests", "tabulate", "tqdm", "urllib3", "yarl"}
)
_OPTIONAL = ("git", "numpy", "regex")  # the importing modules work without these
_SIGNATURES = "checkov.common.external_checks.verification."  # for checks of third parties, which are never loaded
# Where Checkov keeps the lines of a block. Its parser is not used: reading the grammar took a third of a start.
LINES = {"START_LINE": "__start_line__", "END_LINE": "__end_line__"}
_NOT_AWS = re.compile(r"checkov\.terraform\.checks\.(resource|data|provider)\.(?!aws\b|base_|registry\b)\w+")


def import_less(*, aws_only: bool, of_rights: bool) -> None:
    """Keep unneeded modules from being imported. Called before Checkov is loaded. Without the checks `of_rights`,
    cloudsplaining is one of them, with the names of all actions of AWS.
    """
    absent: dict[str, Any] = dict.fromkeys(_OPTIONAL)  # None makes an import fail, which they expect
    sys.modules.update(absent)
    sys.modules["hcl2"] = _module("hcl2", **LINES)
    sys.modules["cached_property"] = _module("cached_property", cached_property=functools.cached_property)
    unused = _UNUSED if of_rights else _UNUSED | {"cloudsplaining"}
    sys.meta_path.insert(0, _StandIns(unused, aws_only=aws_only))


def _module(name: str, **members: Any) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(members)
    return module


class _StandIns(MetaPathFinder, Loader):
    """Imports modules that nothing uses as placeholders. A placeholder can be inherited from, caught and called."""

    def __init__(self, unused: frozenset[str], *, aws_only: bool) -> None:
        self._unused, self._aws_only = unused, aws_only

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        unused = name.partition(".")[0] in self._unused or name.startswith(_SIGNATURES)
        unused = unused or (self._aws_only and _NOT_AWS.fullmatch(name) is not None)
        return ModuleSpec(name, self, is_package=True) if unused else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {"__init__": lambda *_, **__: None})
