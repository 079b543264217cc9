"""Reads infrastructure as code with Checkov, in a separate worker process, into the `iac/` part of a snapshot.

No module here loads Checkov in the caller's process: the worker does.
"""

from __future__ import annotations

from preuve.collect.code.checkov.versions import proven_version
from preuve.collect.code.job import IacJob, IacSummary
from preuve.collect.code.run.process import EarlyWorker
from preuve.collect.code.run.scan import look, scan
from preuve.collect.code.run.selection import concerns_all

__all__ = ["EarlyWorker", "IacJob", "IacSummary", "concerns_all", "look", "proven_version", "scan"]
