"""The worker process: a job as JSON on stdin, one JSON message a line on stdout. It alone loads Checkov.

Messages: first `{"plan": [{"kind", "root"}], "checkov", "accelerated", "unknown_checks"}`, then for every planned unit
`{"unit": number, "lines": [...]}` as it completes, at last `{"end": true}`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import wait
from typing import IO, Any

from preuve.collect.iac.job import IacJob, Line, Unit, failed, job_from_json

_FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.system", "os.exec")
_MEMORY = 8 * 1024**3  # bytes: the largest repository measured needed 2.7 GB; a hostile file must not take the machine


def main() -> None:
    """Read a job on stdin, answer on stdout. Whatever else writes to stdout goes to stderr."""
    output = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    job, workers = job_from_json(sys.stdin.read())
    confine()
    answer(job, workers, output)


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
    # A fork has what was parsed and imported, and a crash costs one root. On macOS a fork after imports is unsafe.
    run = _forked if sys.platform == "linux" else _inline
    for number, lines in run(list(plan.units), workers, output):
        _send(output, {"unit": number, "lines": lines})
    _send(output, {"end": True})


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


def _inline(units: list[Unit], _: int, __: IO[str]) -> Iterator[tuple[int, list[Line]]]:
    for number, unit in enumerate(units):
        yield number, _evaluate(unit)


def _evaluate(unit: Unit) -> list[Line]:
    try:
        return unit.evaluate()
    except Exception as error:  # noqa: BLE001 - boundary: a root that breaks Checkov is a gap, and the others go on
        print(f"{unit.root}: {type(error).__name__}", file=sys.stderr)
        return failed(unit.root, unit.kind, f"Checkov failed on this root: {type(error).__name__}")


def _forked(units: list[Unit], workers: int, output: IO[str]) -> Iterator[tuple[int, list[Line]]]:
    """The units, shared out among child processes; one that dies costs the unit that it had."""
    waiting = list(range(len(units)))[::-1]
    running: dict[Any, tuple[int, Any]] = {}
    while waiting or running:
        while waiting and len(running) < workers:
            channel, child = _start(units, [output, *running])
            running[channel] = (waiting.pop(), child)
            channel.send(running[channel][0])
        for channel in _ready(running):
            number, child = running.pop(channel)
            lines = _received(channel)
            yield number, lines or failed(units[number].root, units[number].kind, "the process of this root died")
            if lines and waiting:
                running[channel] = (waiting.pop(), child)
                channel.send(running[channel][0])
            else:
                channel.close()  # the child sees the end and leaves
                child.join()


def _start(units: list[Unit], open_here: list[Any]) -> tuple[Any, Any]:
    context = get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=_child, args=(units, there, [*open_here, here]))
    child.start()
    there.close()
    return here, child


def _child(units: list[Unit], channel: Any, inherited: list[Any]) -> None:
    for stream in inherited:  # else no end of file is ever seen where they lead
        os.close(stream.fileno())
    while (number := _next(channel)) is not None:
        channel.send(_evaluate(units[number]))


def _next(channel: Any) -> int | None:
    try:
        return int(channel.recv())
    except EOFError:
        return None


def _ready(running: dict[Any, Any]) -> list[Any]:
    return list(wait(list(running)))


def _received(channel: Any) -> list[Line]:
    """What a child sends, or nothing if it has died."""
    try:
        lines: list[Line] = channel.recv()
    except (EOFError, ConnectionResetError):
        return []
    return lines
