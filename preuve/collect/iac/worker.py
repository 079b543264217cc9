"""The worker process: a job as JSON on stdin, one JSON message a line on stdout. It alone loads Checkov.

Messages: first `{"plan": [{"kind", "root"}], "checkov", "accelerated", "unknown_checks"}`, then for every planned unit
`{"unit": number, "lines": [...]}` as it completes.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import IO, Any

from preuve.collect.iac.job import IacJob, Line, failed, job_from_json

Unit = Callable[[], list[Line]]

_FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.system", "os.exec")
_MEMORY = 8 * 1024**3  # bytes: the largest repository measured needed 2.7 GB; a hostile file must not take the machine


def main() -> None:
    """Read a job on stdin, answer on stdout. Whatever else writes to stdout goes to stderr."""
    output = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    job, workers = job_from_json(sys.stdin.read())
    confine()
    answer(job, workers, output)
    output.flush()


def confine() -> None:
    """From here on this process opens no connection, starts no program and stays below a limit of memory."""

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError(f"{event} is refused: the IaC worker is offline")

    sys.addaudithook(refuse)
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - exists on POSIX only

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def answer(job: IacJob, workers: int, output: IO[str]) -> None:
    """Plan the units of a job, evaluate them, and send each as it completes."""
    from preuve.collect.iac.plan import make_plan  # noqa: PLC0415 - loads Checkov, after the process is confined

    plan = make_plan(job)
    names = [{"kind": unit.kind, "root": unit.root} for unit in plan.units]
    about = {"checkov": plan.checkov, "accelerated": plan.accelerated, "unknown_checks": list(plan.unknown_checks)}
    _send(output, {"plan": names, **about})
    # Fork keeps what was parsed and imported, gives the memory of a root back, and survives a crash of one root.
    # On macOS a fork after imports is unsafe.
    run = _forked if sys.platform == "linux" else _inline
    for number, lines in run([(unit.evaluate, unit.kind, unit.root) for unit in plan.units], workers):
        _send(output, {"unit": number, "lines": lines})


def _send(output: IO[str], message: dict[str, Any]) -> None:
    output.write(json.dumps(_presentable(message)) + "\n")
    output.flush()


def _presentable(value: Any) -> Any:
    """The same value with file names that are not UTF-8 written in backslash escapes."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if isinstance(value, dict):
        return {_presentable(key): _presentable(item) for key, item in value.items()}
    return [_presentable(item) for item in value] if isinstance(value, list | tuple) else value


Task = tuple[Unit, str, str]  # what to run; kind and root of the unit


def _inline(tasks: list[Task], _: int) -> Iterator[tuple[int, list[Line]]]:
    for number, task in enumerate(tasks):
        yield number, _evaluate(task)


def _evaluate(task: Task) -> list[Line]:
    unit, kind, root = task
    try:
        return unit()
    except Exception as error:  # noqa: BLE001 - boundary: a root that breaks Checkov is a gap, and the others go on
        print(f"{root}: {type(error).__name__}", file=sys.stderr)
        return failed(root, kind, f"Checkov failed on this root: {type(error).__name__}")


def _forked(tasks: list[Task], workers: int) -> Iterator[tuple[int, list[Line]]]:
    """Each unit in a process of its own, `workers` at a time."""
    context = get_context("fork")
    waiting = list(enumerate(tasks))[::-1]
    running: dict[Connection, tuple[int, Any]] = {}
    while waiting or running:
        while waiting and len(running) < workers:
            number, task = waiting.pop()
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=_child, args=(task, sender))
            process.start()
            sender.close()
            running[receiver] = (number, process)
        for ready in wait(list(running)):
            assert isinstance(ready, Connection)
            number, process = running.pop(ready)
            yield number, _received(ready, tasks[number])
            process.join()


def _child(task: Task, sender: Connection) -> None:
    sender.send(_evaluate(task))
    sender.close()


def _received(receiver: Connection, task: Task) -> list[Line]:
    try:
        lines: list[Line] = receiver.recv()
    except EOFError:
        return failed(task[2], task[1], "the process of this root died")
    finally:
        receiver.close()
    return lines
