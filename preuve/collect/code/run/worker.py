"""The worker process: one JSON message a line, on stdin and on stdout. It alone loads Checkov.

It is told how to begin (`job.Preamble`) and loads Checkov, so that it may be started before there is a job. Then it
reads the job and answers with what it is; then it answers requests, each answer closed by `{"end": true}`:

- `{"read": [folder, …]}`: `{"folder": …, "found": …}` for each, as it parsed;
- `{"evaluate": [[kind, root, template], …]}`: `{"unit": number, "lines": [...], "opened": [...]}` for each as it
  completes, where `opened` are paths of the workspace that evaluating it opened or asked for, those that are not there
  among them; null where that cannot be told.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from itertools import chain
from typing import Any

from preuve.collect.code.checkov.speed_patches import import_less
from preuve.collect.code.checkov.versions import proven_version
from preuve.collect.code.files.sources import ASKED
from preuve.collect.code.job import IacJob, Line, Preamble, failed, from_text, job_from_json, presentable
from preuve.collect.code.run.pool import ProcessPool

_FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.system", "os.exec")
# Bytes: the largest repository measured needed 2.7 GB; a hostile file must not take the machine.
_MOST_MEMORY = 8 * 1024**3
_LEAST_MEMORY = 2 * 1024**3  # address space: Checkov uses a part before it reads anything
_FORKS = sys.platform == "linux"  # on macOS a fork after imports is unsafe
_END = b'{"end": true}'

Message = dict[str, Any]
Units = list[tuple[str, str, str]]  # kind, root, and one template of the root ("" for the whole root)


def main() -> None:
    """Answer requests until stdin ends. Whatever else writes to stdout goes to stderr."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = map(from_text, sys.stdin)
    beginning = Preamble(**next(requests))
    opened = confine(beginning.base)
    gc.disable()  # loading Checkov makes no garbage
    load(beginning)
    job, workers = job_from_json(next(requests))
    service = Service(job, workers, opened, [0, output.fileno()])
    for message in chain([service.about, _END], chain.from_iterable(map(service.answer, requests))):
        output.write(message + b"\n")
        output.flush()


def _end_with_parent() -> None:
    """End this process and its children when the parent ends."""
    asked = select.poll()
    asked.register(0, 0)  # wait for no input: only a closed other end is reported
    asked.poll()
    os.killpg(os.getpid(), signal.SIGKILL)  # `process.py` starts it as a session leader


def confine(base: str) -> set[str]:
    """Forbid this process to open a connection, to start a program or to exceed a memory limit, from now on.

    Returns the set of paths below `base` that the process opens or asks for; the set grows with each access.
    """
    opened: set[str] = set()
    below = base.rstrip("/") + "/"

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("open", ASKED):
            name = arguments[0]  # of a file, or the number of one that is open already
            if isinstance(name, str | bytes | os.PathLike) and os.fsdecode(name).startswith(below):
                opened.add(os.fsdecode(name))
        elif event.startswith(_FORBIDDEN):
            raise PermissionError(f"{event} is refused: the IaC worker is offline")

    sys.addaudithook(watch)
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - exists on POSIX only

        limit = memory(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), len(os.sched_getaffinity(0)))
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return opened


def memory(machine: int, processors: int) -> int:
    """Return the memory limit of one process in bytes: all processes together leave a quarter of the machine's
    memory free.
    """
    return max(_LEAST_MEMORY, min(_MOST_MEMORY, machine * 3 // 4 // processors))


def load(beginning: Preamble) -> None:
    """Load Checkov, or the part of it that is needed. Raises UsageError if preuve is not proven with its version."""
    proven_version()
    if beginning.accelerate:
        import_less(aws_only=beginning.aws_only, of_rights=beginning.of_rights)
    importlib.import_module("preuve.collect.code.checkov.evaluator")
    importlib.import_module("preuve.collect.code.checkov.engine").graph_registries()


class Service:
    """Answers the requests of one job."""

    def __init__(self, job: IacJob, workers: int, opened: set[str], descriptors: list[int]) -> None:
        from preuve.collect.code.checkov.evaluator import Evaluator  # noqa: PLC0415 - loads Checkov, once we are confined

        self._job = job
        self._opened = opened
        self._crew = (workers, job.limit, descriptors)  # forked processes must close these descriptors
        self._evaluator = Evaluator(job)
        gc.freeze()  # keep loaded objects out of garbage collection while folders are parsed
        gc.set_threshold(5_000, 10, 10)  # collect often: a graph is full of cycles
        gc.enable()

    @property
    def about(self) -> bytes:
        """The message with the versions of its evaluators."""
        return _encoded(self._evaluator.about)

    def answer(self, request: Message) -> Iterator[bytes]:
        """Yield the answers to a request, one message after the other."""
        names = [str(name) for name in request.get("read", ())]
        for name in names:
            yield _encoded({"folder": name, "found": self._evaluator.folder(name).to_json()})
        units = [(str(kind), str(root), str(file)) for kind, root, file in request.get("evaluate", ())]
        self._evaluator.prepare(units)
        gc.freeze()  # exclude it from collection: a forked process would copy it
        # A fork shares what was parsed and imported, and a crash costs only one root.
        yield from (self._forked if _FORKS else self._inline)(units)
        yield _END

    def _inline(self, units: Units) -> Iterator[bytes]:
        return (self._evaluated(units, number) for number in range(len(units)))

    def _forked(self, units: Units) -> Iterator[bytes]:
        crew = ProcessPool(lambda number: self._evaluated(units, number), *self._crew)
        for number, answer in crew.run(range(len(units))):
            yield answer if isinstance(answer, bytes) else _lost(number, units[number], answer)

    def _evaluated(self, units: Units, number: int) -> bytes:
        self._opened.clear()
        return _result(number, self._evaluator.evaluate(*units[number]), self._names())

    def _names(self) -> list[str] | None:
        """Return the paths that the process asked for, relative to the workspace; None if a name is not valid text.

        Paths are kept as requested: a link before `..` would change their meaning.
        """
        names = sorted(path.removeprefix(f"{self._job.base}/") for path in self._opened)
        return names if names == presentable(names) else None


def _lost(number: int, unit: tuple[str, str, str], why: str) -> bytes:
    kind, root, file = unit
    return _result(number, failed(root, kind, why, file), None)


def _result(number: int, lines: list[Line], opened: list[str] | None) -> bytes:
    text = json.dumps({"unit": number, "lines": lines, "opened": opened})
    if "\\ud" in text:  # may contain a name that is not UTF-8, which the snapshot must not contain
        text = json.dumps({"unit": number, "lines": presentable(lines), "opened": opened})
    return text.encode()


def _encoded(message: Message) -> bytes:
    return json.dumps(message).encode()
