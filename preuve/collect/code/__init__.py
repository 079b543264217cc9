"""Reads infrastructure as code with Checkov, in a separate worker process, into the `iac/` part of a snapshot.

No module here loads Checkov in the caller's process: the worker does. The names are loaded when they are asked for,
because the worker needs none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from preuve.collect.code.checkov.versions import proven_version
    from preuve.collect.code.job import IacJob, IacSummary
    from preuve.collect.code.run.process import EarlyWorker
    from preuve.collect.code.run.scan import look, scan
    from preuve.collect.code.run.selection import concerns_all

_PLACES = {
    "EarlyWorker": "run.process",
    "IacJob": "job",
    "IacSummary": "job",
    "concerns_all": "run.selection",
    "look": "run.scan",
    "proven_version": "checkov.versions",
    "scan": "run.scan",
}

__all__ = ["EarlyWorker", "IacJob", "IacSummary", "concerns_all", "look", "proven_version", "scan"]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
