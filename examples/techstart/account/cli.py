"""The two commands of the emulated account: `serve` and `run`."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .server import HOST, demonstration_environment, make_server, settle_environment

WORKSPACE_PORT = 5599  # the port in ../preuve.yaml
PORT = "{port}"  # in a command: the port that was free


def main(arguments: Sequence[str]) -> int:
    """Parses and runs; returns the exit code."""
    options = _parser().parse_args(arguments)
    inherited = dict(os.environ)
    settle_environment()
    if options.action == "serve":
        return _serve(options)
    return _run(options, demonstration_environment(inherited))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="account", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    serve = actions.add_parser("serve", help="serve the emulated account until SIGTERM or Ctrl-C")
    serve.add_argument("--ready-file", type=Path, help="write the endpoint into this file once it answers")
    serve.add_argument("--no-responses", action="store_true", help="leave out the saved responses of TechStart")
    about = f"seed, run a command against the account, return the command's exit code; {PORT} in it is a free port"
    run = actions.add_parser("run", help=about)
    for action in (serve, run):
        action.add_argument(
            "--port", type=int, help=f"0 takes a free port (default: {WORKSPACE_PORT}, or 0 with {PORT})"
        )
        action.add_argument("--benchmark", type=int, metavar="N", default=0, help="add N times a larger estate")
    serve.add_argument("--seed", action="store_true", help="fill the account with TechStart's estate first")
    run.add_argument("--organisation", action="store_true", help="serve thirteen accounts; some cannot be read")
    run.add_argument("command", nargs=argparse.REMAINDER, help="-- COMMAND ARGUMENT…")
    return parser


def _serve(options: argparse.Namespace) -> int:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    port = WORKSPACE_PORT if options.port is None else options.port
    with serving(port, with_responses=not options.no_responses) as endpoint:
        if options.seed or options.benchmark:
            _fill(endpoint, options.benchmark, estate=options.seed)
        if options.ready_file:
            _write_whole(options.ready_file, endpoint)
        print(f"DEMONSTRATION account on {endpoint}", flush=True)
        stop.wait()
    return 0


def _run(options: argparse.Namespace, environment: dict[str, str]) -> int:
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        print("run: say which command, as in: run -- preuve audit", file=sys.stderr)
        return 2
    if shutil.which(command[0], path=environment.get("PATH")) is None:
        print(f"run: there is no command {command[0]}", file=sys.stderr)
        return 127
    asked = any(PORT in part for part in command)
    port = options.port if options.port is not None else 0 if asked else WORKSPACE_PORT
    with serving(port) as endpoint, ExitStack() as stack:
        if options.organisation:
            from .organisation import disturbed, fill  # noqa: PLC0415 - the test server starts without it

            print(f"DEMONSTRATION organisation: {fill(endpoint)} accounts", file=sys.stderr, flush=True)
            stack.enter_context(disturbed(endpoint))
        else:
            _fill(endpoint, options.benchmark, estate=True)
        command = [part.replace(PORT, endpoint.rpartition(":")[2]) for part in command]
        return subprocess.run(command, env=environment, check=False).returncode


@contextmanager
def serving(port: int, *, with_responses: bool = True) -> Iterator[str]:
    """Serves the account from a thread of this process; gives its endpoint."""
    from .server import RESPONSES  # noqa: PLC0415

    server = make_server(port, RESPONSES if with_responses else None)
    thread = threading.Thread(target=server.serve_forever, name="account", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _fill(endpoint: str, benchmark: int, *, estate: bool) -> None:
    from .seed import fill  # noqa: PLC0415 - the test server starts without it

    count = fill(endpoint, estate=estate, benchmark=benchmark)
    print(f"DEMONSTRATION account: {count} resources", file=sys.stderr, flush=True)


def _write_whole(path: Path, text: str) -> None:
    beside = path.with_suffix(path.suffix + ".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
