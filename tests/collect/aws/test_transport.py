"""Requests are sent by threads that are used again, and an answer that does not come keeps no other one waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from typing import Any

import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import EndpointConnectionError
from botocore.httpsession import URLLib3Session

from preuve.collect.aws.http.answers import NotAwsError
from preuve.collect.aws.http.transport import Sender

PATIENT = 30  # seconds


@contextmanager
def server() -> Iterator[tuple[str, threading.Event]]:
    """A server that says who asked for what; it answers `/late` only once the event is set."""
    late = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/late":
                late.wait(PATIENT)
            body = self.path.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listening.server_port}", late
        finally:
            late.set()
            listening.shutdown()


def asked(sender: Sender, url: str, seconds: float = PATIENT) -> str:
    """The body of an answer."""
    session = URLLib3Session(timeout=PATIENT)
    answer = sender.send(session, AWSRequest(method="GET", url=url).prepare(), seconds)
    return bytes(answer.content).decode()


def senders() -> set[threading.Thread]:
    """The threads that send requests."""
    return {thread for thread in threading.enumerate() if thread.name == "request"}


def test_one_thread_sends_requests_that_follow_each_other() -> None:
    before, sender = senders(), Sender()
    with server() as (url, _):
        seen = set[threading.Thread]()
        for number in range(20):
            assert asked(sender, f"{url}/{number}") == f"/{number}"
            seen |= senders() - before
    assert len(seen) == 1


def test_an_answer_that_does_not_come_keeps_no_other_waiting() -> None:
    sender = Sender()
    with server() as (url, late):
        with pytest.raises(NotAwsError, match="no complete answer"):
            asked(sender, f"{url}/late", seconds=0.2)
        assert asked(sender, f"{url}/next") == "/next", "and it is not the one that came too late"
        late.set()
        assert [asked(sender, f"{url}/{number}") for number in range(5)] == [f"/{number}" for number in range(5)]


def test_an_error_of_a_request_is_raised_where_it_was_sent_and_its_thread_goes_on() -> None:
    sender = Sender()
    with server() as (url, _):
        for _number in range(3):
            with pytest.raises(EndpointConnectionError):
                asked(sender, "http://127.0.0.1:9/nobody")
            assert asked(sender, f"{url}/somebody") == "/somebody"


def test_a_copy_of_the_process_begins_threads_of_its_own() -> None:
    sender = Sender()
    with server() as (url, _):
        assert asked(sender, f"{url}/here") == "/here"
        copy = get_context("fork").Process(target=asked, args=(sender, f"{url}/there", 5.0))
        copy.start()
        copy.join(PATIENT)
    assert copy.exitcode == 0


def test_a_thread_without_requests_ends() -> None:
    before, sender = senders(), Sender(idle=0.05)
    with server() as (url, _):
        assert asked(sender, f"{url}/once") == "/once"
        until = time.monotonic() + PATIENT
        for thread in senders() - before:
            thread.join(until - time.monotonic())
        assert not senders() - before
        assert asked(sender, f"{url}/again") == "/again"
