"""A front between preuve and AWS that spoils a chosen share of the answers, like proxies, portals and bad lines."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import re
import socket
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>Accept the terms</form></body></html>"
CLEAN_PAGE = b"<html><body>Blocked by policy</body></html>"
_SKIPPED = frozenset({"content-length", "transfer-encoding", "connection"})
_IDS = frozenset({"x-amzn-requestid", "x-amz-request-id"})


@dataclass(frozen=True)
class Answer:
    """An answer in transit. `whole` is whether it has as many bytes as it declares."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True
    drips: bool = False  # a byte at a time, without an end: the body, or the headers where there is no body


Spoiler = Callable[[Answer, random.Random], Answer | None]  # None: no answer at all


def _page(answer: Answer, chance: random.Random) -> Answer:
    kind = chance.choice(["text/html", "text/html; charset=utf-8", "application/json", "text/xml", ""])
    return Answer(200, {"Content-Type": kind} if kind else {}, chance.choice([PAGE, CLEAN_PAGE]))


def _page_under_aws_headers(answer: Answer, chance: random.Random) -> Answer:
    return Answer(200, answer.headers, chance.choice([PAGE, CLEAN_PAGE]))


def _nobody(answer: Answer, chance: random.Random) -> Answer:
    """An answer with an empty body, for an operation whose answers have one."""
    return Answer(200, chance.choice([answer.headers, {}]), b"")


def _strange_document(answer: Answer, chance: random.Random) -> Answer:
    texts = [
        b"null",
        b"[]",
        b"{}",
        b'"ok"',
        b"0",
        b"<ok/>",
        b"<a><b/></a>",
        b'{"status": "ok"}',
        b"\xff\xfe",
        b"[" * 9999,
    ]
    return Answer(200, {"Content-Type": chance.choice(["application/json", "text/xml"])}, chance.choice(texts))


def _error_with_200(answer: Answer, chance: random.Random) -> Answer:
    documents = [
        b'{"__type": "InternalServerError", "message": "try again"}',
        b"<Error><Code>InternalError</Code><Message>try again</Message></Error>",
        b"<ErrorResponse><Error><Code>Throttling</Code></Error><RequestId>1</RequestId></ErrorResponse>",
    ]
    return Answer(200, answer.headers, chance.choice(documents))


def _refusal_of_a_proxy(answer: Answer, chance: random.Random) -> Answer:
    status = chance.choice([300, 302, 307, 401, 403, 404, 407, 418, 429, 451, 500, 502, 503, 504])
    bodies = [PAGE, CLEAN_PAGE, b"", b"{}", b"[]", b'{"error": "blocked"}', b"<error/>", b"\x1f\x8b\x08"]
    headers = {"Content-Type": chance.choice(["text/html", "application/json"]), "Location": "http://127.0.0.1:9/login"}
    return Answer(status, headers, chance.choice(bodies))


def _cut(answer: Answer, chance: random.Random) -> Answer:
    """Return the beginning of the answer, declared as complete or as longer."""
    body = answer.body.rstrip()
    return Answer(
        answer.status, answer.headers, body[: chance.randrange(len(body))] if body else b"", chance.random() < 0.5
    )


def _garbage(answer: Answer, chance: random.Random) -> Answer:
    return Answer(200, {**answer.headers, "Content-Encoding": "gzip"}, chance.randbytes(200))


def _unsigned(answer: Answer, chance: random.Random) -> Answer:
    """The answer without its request id."""
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in _IDS}
    body = re.sub(rb"(?i)<(requestid)>[^<]*</\1>", b"", answer.body)
    return Answer(answer.status, headers, body)


def _wrong_type(answer: Answer, chance: random.Random) -> Answer:
    """One value of another type."""
    with contextlib.suppress(ValueError):
        return Answer(answer.status, answer.headers, json.dumps(_spoiled(json.loads(answer.body), chance)).encode())
    try:
        root = ElementTree.fromstring(answer.body)
    except ElementTree.ParseError:
        return _page(answer, chance)
    node = chance.choice(list(root.iter()))
    if len(node):
        node.text = "spoiled"
    else:
        ElementTree.SubElement(node, "spoiled").text = "spoiled"
    return Answer(answer.status, answer.headers, ElementTree.tostring(root))


def _spoiled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict) and value and chance.random() < 0.8:
        name = chance.choice(sorted(value))
        return {**value, name: _spoiled(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return [*value[:at], _spoiled(value[at], chance), *value[at + 1 :]]
    return {"spoiled": 1} if isinstance(value, list | str | int | float) else [1] if value is not None else value


def _nothing_in_lists(answer: Answer, chance: random.Random) -> Answer:
    """Null in place of each item of a list."""
    return _nulled(answer, lambda items: [None] * len(items))


def _nothing_for_lists(answer: Answer, chance: random.Random) -> Answer:
    """Null in place of each list."""
    return _nulled(answer, lambda _: None)


def _nulled(answer: Answer, of_list: Callable[[list[Any]], Any]) -> Answer:
    def nulled(value: Any) -> Any:
        if isinstance(value, list) and value:
            return of_list(value)
        return {name: nulled(item) for name, item in value.items()} if isinstance(value, dict) else value

    with contextlib.suppress(ValueError):
        return Answer(answer.status, answer.headers, json.dumps(nulled(json.loads(answer.body))).encode())
    return Answer(answer.status, answer.headers, answer.body)


def _the_same_page_again(answer: Answer, chance: random.Random) -> Answer:
    """A token for a next page, which is the same page; or an invalid token."""
    token = chance.choice(["again", 7, {}, ["again"]])
    with contextlib.suppress(ValueError):
        value = json.loads(answer.body)
        if isinstance(value, dict) and answer.status == 200:
            tokens = dict.fromkeys(("NextToken", "nextToken", "NextMarker", "nextMarker", "Marker"), token)
            return Answer(200, answer.headers, json.dumps({**value, **tokens, "Truncated": True}).encode())
    return _unsigned(answer, chance)


def _silence(answer: Answer, chance: random.Random) -> None:
    return None


SPOILERS: Mapping[str, Spoiler] = {
    "page": _page,
    "page under AWS's headers": _page_under_aws_headers,
    "nobody": _nobody,
    "strange document": _strange_document,
    "error with 200": _error_with_200,
    "refusal of a proxy": _refusal_of_a_proxy,
    "cut": _cut,
    "garbage": _garbage,
    "unsigned": _unsigned,
    "wrong type": _wrong_type,
    "nothing in lists": _nothing_in_lists,
    "nothing for lists": _nothing_for_lists,
    "the same page again": _the_same_page_again,
    "silence": _silence,
}


@dataclass
class Misbehaviour:
    """The faults for requests: the same request gets the same fault each time."""

    seed: int = 0
    share: float = 0.0
    kinds: tuple[str, ...] = tuple(SPOILERS)
    spared: tuple[str, ...] = ("GetCallerIdentity",)
    gone_after: int | None = None  # after that, nothing answers
    always: Answer | None = None  # sent in place of everything
    seen: Counter[str] = field(default_factory=Counter)

    def fate(self, request: bytes) -> tuple[Spoiler, random.Random] | None:
        """Return the fault for the answer to a request."""
        self.seen["asked"] += 1
        if self.gone_after is not None and self.seen["asked"] > self.gone_after:
            self.seen["after"] += 1
            return _silence, random.Random()
        chance = random.Random(repr((self.seed, request)))
        if any(name.encode() in request for name in self.spared) or chance.random() >= self.share:
            return None
        if self.always is not None:
            return lambda *_: self.always, chance
        kind = chance.choice(self.kinds)
        self.seen[kind] += 1
        return SPOILERS[kind], chance


class Between:
    """A running front."""

    def __init__(self, endpoint: str, behind: str) -> None:
        self.endpoint = endpoint
        self.behind = behind
        self.does = Misbehaviour()
        self.ended = Event()


@contextmanager
def between(behind: str) -> Iterator[Between]:
    """Starts a front for the account at `behind` on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.front = Between(f"http://127.0.0.1:{server.server_address[1]}", behind)  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.front  # type: ignore[attr-defined]
    finally:
        server.front.ended.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _any(self) -> None:
        front: Between = self.server.front  # type: ignore[attr-defined]
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        scope = re.search(r"Credential=[^/]*/\d+/([^,]*)", self.headers.get("Authorization", ""))
        asked = (self.command, self.path, self.headers.get("X-Amz-Target", ""), scope[1] if scope else "")
        fate = front.does.fate(repr(asked).encode() + sent)
        answer: Answer | None = self._forwarded(front.behind, sent)
        if fate is not None:
            answer = fate[0](answer, fate[1])
        if answer is None:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
        elif answer.drips:
            self._drip(answer)
        else:
            self._write(answer)

    do_GET = do_POST = do_HEAD = do_PUT = _any  # noqa: N815 - as the server calls them

    def _forwarded(self, behind: str, sent: bytes) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(behind).netloc, timeout=60)
        try:
            connection.request(self.command, self.path, sent, dict(self.headers))
            got = connection.getresponse()
            headers = {name: value for name, value in got.getheaders() if name.lower() not in _SKIPPED}
            return Answer(got.status, headers, got.read())
        finally:
            connection.close()

    def _write(self, answer: Answer) -> None:
        with contextlib.suppress(OSError):
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) + (0 if answer.whole else 10)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)
            self.close_connection = not answer.whole

    def _drip(self, answer: Answer) -> None:
        begun = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n" + (
            b"Content-Length: 100000\r\n\r\n" if answer.body else b""
        )
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.wfile.write(begun)
            while not self.server.front.ended.wait(0.02):  # type: ignore[attr-defined]
                self.wfile.write(answer.body or b"x")

    def log_message(self, *_: Any) -> None:
        """Print nothing."""
