"""Sends a request and reads its whole answer, of a limited size and in a limited time."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any

import botocore.exceptions
import urllib3.exceptions
from botocore.awsrequest import AWSResponse

from preuve.collect.aws.http.answers import NotAwsError

LARGEST = 64 * 1024 * 1024  # bytes of one answer; the largest pages of AWS have some millions
_AT_ONCE = 64 * 1024
_IDLE = 5.0  # seconds


@dataclass(frozen=True)
class _Job:
    """A request with its deadline, and the place where its answer or its error arrives."""

    http_session: Any
    request: Any
    until: float
    settled: SimpleQueue[tuple[Any, BaseException | None]]


class Sender:
    """Sends requests in its own threads. Each thread waits some time for its next request: starting a thread for each
    request costs more than handing the request over.
    """

    def __init__(self, idle: float = _IDLE) -> None:
        """Start no thread yet; a thread ends after `idle` seconds without a request."""
        self._idle = idle
        self._lock = Lock()
        self._process = os.getpid()
        self._waiting: list[SimpleQueue[_Job]] = []  # queues of the idle threads, the latest last

    def send(self, http_session: Any, request: Any, seconds: float) -> Any:
        """Send a request and return the answer, within `seconds`. Raises what botocore's session raises, and
        NotAwsError for an answer that does not end.

        Socket time-outs restart with each byte, so that a server which sends one byte a second could take for ever.
        Therefore another thread reads the answer. If it does not finish in time, it is abandoned and gets no further
        request.
        """
        job = _Job(http_session, request, time.monotonic() + seconds, SimpleQueue())
        self._hand_over(job)
        try:
            answer, error = job.settled.get(timeout=seconds)
        except Empty:
            raise NotAwsError(kind="HTTP", why=f"no complete answer in {seconds:g} s") from None
        try:
            if error is not None:
                raise error
            return answer
        finally:
            del error  # the error holds this frame, and this frame the error

    def _hand_over(self, job: _Job) -> None:
        with self._lock:
            if self._process != os.getpid():  # a copy of the process has none of its threads
                self._process = os.getpid()
                self._waiting.clear()
            jobs = self._waiting.pop() if self._waiting else None
        if jobs is None:
            jobs = SimpleQueue()
            Thread(target=self._work, args=(jobs,), name="request", daemon=True).start()
        jobs.put(job)

    def _work(self, jobs: SimpleQueue[_Job]) -> None:
        while True:
            try:
                job = jobs.get(timeout=self._idle)
            except Empty:
                with self._lock:
                    if jobs in self._waiting:
                        self._waiting.remove(jobs)
                        return
                continue  # a request is on its way
            self._settle(job, jobs)
            del job  # otherwise an answer of megabytes stays in memory until the next one

    def _settle(self, job: _Job, jobs: SimpleQueue[_Job]) -> None:
        answer, error = None, None
        try:
            answer = _answer(job.http_session, job.request, job.until)
        except BaseException as caught:  # noqa: BLE001 - it is raised where the answer is waited for
            error = caught
        with self._lock:  # before the waiting thread gets the answer and sends its next request
            self._waiting.append(jobs)
        try:
            job.settled.put((answer, error))
        finally:
            del error


def _answer(http_session: Any, request: Any, until: float) -> Any:
    request.stream_output = True  # so that the session leaves the body to us
    response = http_session.send(request)
    try:
        body = b"".join(_chunks(response.raw, until))
    except urllib3.exceptions.ReadTimeoutError as error:
        raise botocore.exceptions.ReadTimeoutError(endpoint_url=request.url, error=error) from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise botocore.exceptions.ConnectionClosedError(endpoint_url=request.url, error=error) from error
    finally:
        response.raw.release_conn()
    return AWSResponse(request.url, response.status_code, response.headers, _Body(body))


def _chunks(raw: Any, until: float) -> Iterator[bytes]:
    size = 0
    while chunk := raw.read1(_AT_ONCE, decode_content=False):
        size += len(chunk)
        if size > LARGEST or time.monotonic() > until:
            raw.close()
            raise NotAwsError(kind="HTTP", why=f"the body does not end: {size} bytes so far")
        yield chunk


class _Body(io.BytesIO):
    """A body as botocore reads it."""

    def stream(self, *_: Any) -> Iterator[bytes]:
        """Yield the whole body."""
        yield self.read()
