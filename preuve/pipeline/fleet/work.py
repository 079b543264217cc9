"""The work of a worker: the same wherever it runs."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from preuve.model.company.run_secrets import OF_RUN
from preuve.model.errors import PreuveError
from preuve.model.progress import Show
from preuve.pipeline.fleet.engine import Order
from preuve.pipeline.fleet.part import PartRequest, causes, collect_part
from preuve.pipeline.fleet.places import place_of
from preuve.pipeline.run.demonstration import on_port
from preuve.pipeline.run.preparation import Preparation, prepare
from preuve.publish.terminal.summary import unread_lines
from preuve.publish.words.locale import load_locale
from preuve.snapshot.part import Part
from preuve.system.causes import cause

_SHOWN = 300  # characters of an error


def collect_order(order: Order, show: Show) -> Part:
    """Read the account of an order into its part."""
    prepared = _prepared(order.workspace, order.frameworks, order.port, order.run)
    wanted = PartRequest(order.account, float(order.hours), keep_raw=order.raw)
    return collect_part(prepared, wanted, place_of(order.place, prepared.workspace, new=True), show)


def unread(order: Order, part: Part) -> Iterator[str]:
    """Yield what could not be read in an account, and what to do, in the language of the workspace."""
    if part.about["unread"]:
        locale = load_locale(_prepared(order.workspace, order.frameworks, order.port, order.run).workspace.language)
        yield locale("summary.unread_account", account=order.account)
        yield from (f"  {line}" for line in unread_lines(causes(part), locale))


@lru_cache(maxsize=1)
def _prepared(workspace: str, frameworks: tuple[str, ...], port: str, _run: str) -> Preparation:
    """Load content and workspace, once for all accounts of a run that this process reads."""
    prepared = prepare(Path(workspace), frameworks)
    return replace(prepared, workspace=on_port(prepared.workspace, int(port))) if port else prepared


def work(sent: Mapping[str, Any]) -> str:
    """Read the account of an order that was sent here; return why that failed, or nothing. The part shows what was
    read.
    """
    try:
        collect_order(Order(**{**sent, "frameworks": tuple(sent["frameworks"])}), lambda *_: None)
    except PreuveError as error:
        return str(error)[:_SHOWN]
    except OSError as error:
        return cause(error)
    gc.collect()  # sessions and clients of an account form cycles
    _keep_loaded()
    return ""


@cache
def _keep_loaded() -> None:
    """Keep the loaded data out of Python's search for cycles, since the next accounts need it."""
    gc.freeze()


def serve(orders: Iterable[str], answer: Callable[[str], None]) -> None:
    """Read one account after the other, an order in each line, and answer each with a line: empty, or why it failed."""
    OF_RUN.learn_environment(os.environ)
    for line in orders:
        answer(json.dumps(work(json.loads(line))))
