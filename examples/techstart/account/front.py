"""The front of the emulated account: a WSGI application around moto's that never makes an SDK wait for nothing.

It answers from saved responses what moto lacks, ends every other unknown operation with a final 4xx, keeps a ledger of
calls and injects faults. moto is asked one call at a time.

- `GET /_front/health`, `GET /_front/ledger`
- `POST /_front/faults`: a list of rules (`faults.py`), in place of those before
- `POST /_front/responses`: {service, operation, region, cases} (`saved.py`), before any file
- `POST /_front/backdate`: a list of changes (`backdate.py`)
- `POST /_front/reset`: forgets faults, added responses and the ledger; {state: true} empties the account too

Below `/_github` it is GitHub that answers (`github/`).
"""

from __future__ import annotations

import io
import json
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from . import faults
from .amend import amend
from .answers import Answer, error
from .backdate import backdate
from .github.organization import GitHub
from .github.replies import JSON
from .identify import Asked, Request, identify
from .moto_state import asking
from .saved import SavedResponses, now_utc

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
MISSING_CODE = "EmulatorOperationMissing"  # no AWS code: it must never be taken for "not set"
FAILED_CODE = "EmulatorFailed"
_READS = ("Get", "List", "Describe", "Head", "BatchGet", "Lookup", "GenerateCredentialReport", "AssumeRole")
_FRESH = ("GenerateCredentialReport", "GetCredentialReport")  # whose answers change by asking
_SHOWN = 2000  # how much is kept of what moto said where it failed
GITHUB = "/_github"  # the address of its API ends so
_LOCAL_HOSTS = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Entry:
    """One call in the ledger; `by` says who answered: moto, saved, fault, missing, and `why` what moto lacks.

    `account` is the one whose keys signed the call.
    """

    service: str
    operation: str
    region: str
    digest: str
    params: Mapping[str, Any]
    path: str
    status: int
    by: str
    why: str
    account: str


class Ledger:
    """Every call that was made, in the order of the answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[Entry] = []
        self._age = 0

    @property
    def age(self) -> int:
        """How often the ledger was cleared."""
        return self._age

    def add(self, entry: Entry, age: int) -> None:
        """Notes one call, unless the ledger was cleared since the call came in at `age`."""
        with self._lock:
            if age == self._age:
                self._entries.append(entry)

    def clear(self) -> None:
        """Forgets all calls, also those that are still under way."""
        with self._lock:
            self._entries, self._age = [], self._age + 1

    def read(self) -> list[dict[str, Any]]:
        """The calls so far, ready for JSON."""
        with self._lock:
            return [asdict(entry) for entry in self._entries]


class Front:
    """The WSGI application."""

    def __init__(self, moto: WsgiApp, saved: SavedResponses, github: GitHub) -> None:
        self._moto = moto
        self._github = github
        self._saved = saved
        self._ledger = Ledger()
        self._faults = faults.Faults()
        self._changed = False
        # moto is not made for threads. One that makes the routes of a service for the first time, for instance, may get
        # botocore's model of an operation where it needs moto's, because both are kept under one key. All of it is
        # Python under one interpreter lock, so that nothing is lost by waiting.
        self._alone = threading.Lock()
        self._kept: dict[tuple[str, ...], Answer] = {}
        self._steering: Mapping[tuple[str, str], Callable[[Any], Any]] = {
            ("GET", "/_front/health"): lambda _: {"ok": True},
            ("GET", "/_front/ledger"): lambda _: self._ledger.read(),
            ("POST", "/_front/backdate"): self._backdate,
            ("POST", "/_front/faults"): self._set_faults,
            ("POST", "/_front/responses"): self._add_response,
            ("POST", "/_front/reset"): self._reset,
        }

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers one request."""
        request = _read(environ)
        if request.path.startswith(f"{GITHUB}/"):
            answer = self._ask_github(request)
        else:
            answer = self._steer(request) if request.path.startswith("/_front/") else self._call(request, environ)
        start_response(f"{answer.status} -", _headers(answer))
        return [b"" if request.method == "HEAD" else answer.body]

    def _ask_github(self, request: Request) -> Answer:
        reply = self._github.answer(f"{request.path.removeprefix(GITHUB)}?{request.query}", request.headers)
        return Answer(reply.status, {**JSON, **reply.headers}, json.dumps(reply.body).encode())

    # ---- steering

    def _steer(self, request: Request) -> Answer:
        # A page in a browser may not steer the emulator through a name that it made point here.
        if request.headers.get("host", "").rpartition(":")[0] not in _LOCAL_HOSTS:
            return _json_answer(403, {"error": "only through 127.0.0.1 or localhost"})
        action = self._steering.get((request.method, request.path))
        if action is None:
            return _json_answer(404, {"error": f"no such endpoint: {request.method} {request.path}"})
        try:
            return _json_answer(200, action(json.loads(request.body or b"{}")))
        except (ValueError, KeyError) as wrong:
            return _json_answer(400, {"error": str(wrong)})

    def _backdate(self, changes: Any) -> Any:
        with self._alone:
            self._changed = True
            self._kept.clear()
            backdate(changes)
        return {"ok": True}

    def _set_faults(self, rules: Any) -> Any:
        self._faults.set(rules if isinstance(rules, list) else [rules])
        return {"ok": True}

    def _add_response(self, read: Any) -> Any:
        self._saved.add(read.get("region", ""), f"{read['service']}.{read['operation']}", read["cases"])
        return {"ok": True}

    def _reset(self, read: Any) -> Any:
        self._faults.set(())
        self._saved.clear()
        # Loading moto's state anew costs a second of managed policies: not for tests that only read.
        with self._alone:
            if read.get("state") and self._changed:
                self._changed = False
                self._kept.clear()
                self._send(Request("POST", "/moto-api/reset", "", {}, b""), _empty_environ("POST", "/moto-api/reset"))
        self._ledger.clear()
        return {"ok": True}

    # ---- calls

    def _call(self, request: Request, environ: dict[str, Any]) -> Answer:
        asked, age = identify(request), self._ledger.age
        with asking(request.headers) as owner:
            answer, by, why = *self._fault(asked, request, environ), ""
            if answer is None:
                with self._alone:
                    answer, by, why = self._answer(asked, request, {**environ, "HTTP_X_MOTO_ACCOUNT_ID": owner})
        shown = {key: value for key, value in asked.params.items() if len(str(value)) < 500}
        identity = (asked.service, asked.operation, asked.region, asked.digest)
        self._ledger.add(Entry(*identity, shown, request.path, answer.status, by, why, owner), age)
        return answer

    def _fault(self, asked: Asked, request: Request, environ: Mapping[str, Any]) -> tuple[Answer | None, str]:
        for rule in self._faults.strike(asked, request):
            if rule.kind == "latency":
                time.sleep(min(rule.seconds, faults.LONGEST_HANG))
            elif rule.kind in ("hang", "drop"):
                _say_nothing(environ, rule)
                return Answer(503), "fault"
            else:
                return faults.answer(rule, asked), "fault"
        return None, ""

    def _answer(self, asked: Asked, request: Request, environ: dict[str, Any]) -> tuple[Answer, str, str]:
        saved = self._saved.answer(asked, now_utc())
        if saved is not None:
            return saved, "saved", ""
        try:
            answer = self._known(asked, request, environ)
        except NotImplementedError as lacking:
            return self._missing(asked), "missing", _told(lacking)
        except Exception as stray:  # noqa: BLE001 - moto runs in here, and whatever it raises must end the call
            message = f"moto failed on {asked.service}:{asked.operation}: {type(stray).__name__}: {stray}"
            return error(asked, 400, FAILED_CODE, message), "missing", _told(stray)
        if answer.status >= 500 or _is_no_route(answer):
            said = answer.body[:_SHOWN].decode("utf-8", "replace")
            return self._missing(asked), "missing", f"moto answered {answer.status}: {said}"
        return amend(asked, answer, now_utc()), "moto", ""

    def _known(self, asked: Asked, request: Request, environ: dict[str, Any]) -> Answer:
        """What moto answers; to the same question the same as before, as long as nothing was written."""
        if not asked.operation.startswith(_READS):
            self._changed = True
            self._kept.clear()
        if asked.service == "sts" or asked.operation in _FRESH or not asked.operation.startswith(_READS):
            return self._send(request, environ)
        question = (request.method, request.path, request.query, str(request.body), environ["HTTP_X_MOTO_ACCOUNT_ID"])
        key = (*question, asked.service, asked.operation, asked.region, asked.digest)
        if key not in self._kept:
            self._kept[key] = self._send(request, environ)
        return self._kept[key]

    def _missing(self, asked: Asked) -> Answer:
        message = f"the emulated account has no {asked.service or 'service'}:{asked.operation or 'operation'}"
        return error(asked, 400, MISSING_CODE, message)

    def _send(self, request: Request, environ: dict[str, Any]) -> Answer:
        environ = {**environ, "wsgi.input": io.BytesIO(request.body), "CONTENT_LENGTH": str(len(request.body))}
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[[bytes], None]:
            started[:] = [int(status.split(maxsplit=1)[0]), dict(headers)]
            return lambda _: None

        body = b"".join(self._moto(environ, start))
        return Answer(started[0], started[1], body)


def _read(environ: Mapping[str, Any]) -> Request:
    headers = {key[5:].replace("_", "-").lower(): str(value) for key, value in environ.items() if key[:5] == "HTTP_"}
    headers["content-type"] = str(environ.get("CONTENT_TYPE", ""))
    path = str(environ.get("PATH_INFO", "/")).encode("latin-1").decode("utf-8", "replace")
    body = _body(environ)
    return Request(str(environ["REQUEST_METHOD"]), path, str(environ.get("QUERY_STRING", "")), headers, body)


def _body(environ: Mapping[str, Any]) -> bytes:
    if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
        return bytes(environ["wsgi.input"].read())
    return bytes(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))


def _empty_environ(method: str, path: str) -> dict[str, Any]:
    from werkzeug.test import EnvironBuilder  # noqa: PLC0415 - only the emulator has werkzeug

    return EnvironBuilder(path=path, method=method).get_environ()


def _told(stray: Exception) -> str:
    return "".join(traceback.format_exception(stray, limit=-4))[-_SHOWN:]


def _is_no_route(answer: Answer) -> bool:
    kind = next((value for name, value in answer.headers.items() if name.lower() == "content-type"), "")
    page = kind.startswith("text/html") and b"<!doctype html>" in answer.body[:40].lower()
    return page and answer.status in (404, 405)


def _say_nothing(environ: Mapping[str, Any], rule: faults.Rule) -> None:
    connection: socket.socket = environ["werkzeug.socket"]
    if rule.kind == "hang":
        _wait_for_hangup(connection, min(rule.seconds or faults.LONGEST_HANG, faults.LONGEST_HANG))
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was faster


def _wait_for_hangup(connection: socket.socket, seconds: float) -> None:
    connection.settimeout(seconds)
    try:
        while connection.recv(4096):
            continue
    except OSError:
        return  # the time is over


def _headers(answer: Answer) -> list[tuple[str, str]]:
    skip = ("content-length", "transfer-encoding", "connection")
    headers = [(name, value) for name, value in answer.headers.items() if name.lower() not in skip]
    length = next((value for name, value in answer.headers.items() if name.lower() == "content-length"), None)
    return [*headers, ("Content-Length", length if length and not answer.body else str(len(answer.body)))]


def _json_answer(status: int, value: Any) -> Answer:
    return Answer(status, {"Content-Type": "application/json"}, json.dumps(value, default=str).encode())
