"""Makes calls to GitHub: reads all pages, records every request, makes none twice, turns refusals into their cause."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode

import botocore.exceptions as http

from preuve.collect.answer import Answer, CallPages, FailedError, Failure, UnreadError, digest, failed, settled, taken
from preuve.collect.aws.http.answers import NotAwsError
from preuve.collect.github.answers import NotGitHubError, kind, page, refusal
from preuve.collect.github.limits import Pause, limited, passing, wait_for
from preuve.collect.github.wire import Response, Wire, same_host
from preuve.collect.recorder import Recorder
from preuve.library.validation.openapi import Operation, described
from preuve.model.company.run_secrets import OF_RUN
from preuve.model.company.workspace import Waiver
from preuve.model.content import Call
from preuve.model.snapshot import GLOBAL, Unread
from preuve.redact.redactor import Redactor

_MOST_PAGES = 10_000
_PER_PAGE = 100
_READINGS = 4  # of a list of several pages, at most
TRIES = 5
_NEXT = re.compile(r'<([^<>]*)>\s*;[^,]*\brel="?next"?')
_LAST = re.compile(r'<([^<>]*)>\s*;[^,]*\brel="?last"?')
_MORE = re.compile(r'next|\brel="?last"?')  # GitHub names the last page on all others
_NUMBER = re.compile(r"[?&]page=([0-9]+)")
_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass
class Access:
    """The state that all units of an organization share."""

    api: str
    wire: Wire
    waivers: Sequence[Waiver] = ()
    quiet: Pause = field(default_factory=Pause)
    stopped: bool = False  # set once no further call is to be made
    claimed: set[str] = field(default_factory=set)
    answers: dict[str, Future[CallPages | Failure]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


@dataclass(frozen=True)
class _Request:
    call: Call
    operation: Operation
    parameters: Mapping[str, Any]
    personal: Collection[str]

    @property
    def key(self) -> str:
        return json.dumps([self.operation.name, self.parameters], default=str, sort_keys=True)

    @property
    def action(self) -> str:
        return next(iter(self.call.iam), "")

    def unread(self, cause: str, code: str = "", message: str = "", *, quoted: bool = False) -> Unread:
        return Unread(cause, code, message, self.action, self.operation.name, "", quoted)

    def url(self, api: str) -> str:
        """Return the URL. A value stays one part of the path, whatever characters it has."""
        inside = _PARAMETER.sub(lambda found: quote(str(self.parameters[found[1]]), safe=""), self.operation.path)
        query = {name: _text(value) for name, value in self.parameters.items() if name in self.operation.in_query}
        if self.operation.paged:
            query["per_page"] = str(_PER_PAGE)
        return f"{api}{inside}" + (f"?{urlencode(query)}" if query else "")


@dataclass
class GitHubCaller(Recorder):
    """Calls for one unit."""

    access: Access
    redactor: Redactor
    unit: str
    deadline: float
    records: list[dict[str, Any]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @property
    def waivers(self) -> Sequence[Waiver]:
        """The waivers of the workspace."""
        return self.access.waivers

    def claim(self, resource: str) -> bool:
        """Return whether this is the first unit that names a resource."""
        with self.access.lock:
            first = resource not in self.access.claimed
            self.access.claimed.add(resource)
            return first

    def knows(self, call: Call) -> bool:
        """Return true: GitHub's operations come with the collectors."""
        return True

    def known(self, call: Call, path: str) -> bool:
        """Return false: GitHub's answers are not cut to a model."""
        return False

    def parameters(self, call: Call) -> Collection[str]:
        """Return the parameters of a call in a collector: GitHub's description has all of them."""
        return call.newer_const.keys()

    def close(self) -> None:
        """Do nothing: this caller holds nothing."""

    def make(self, call: Call, region: str, parameters: Mapping[str, Any], personal: Collection[str] = ()) -> Answer:
        """Return the answer of a call; the same call is made once. Raises NotSetError or UnreadError."""
        operation = described(call.operation)
        if operation is None:
            raise UnreadError(Unread("defect", "NoOperation", f"{call.operation} is not described"), "")
        request = _Request(call, operation, parameters, personal)
        read = settled(self._once(request), call)
        answer = taken(call, read)
        if answer.value is None:  # GitHub writes members that are off or empty too: a missing member was withheld
            raise UnreadError(request.unread("not_shown"), read.call)
        return answer

    def _once(self, request: _Request) -> CallPages | Failure:
        with self.access.lock:
            known = self.access.answers.get(request.key)
            mine: Future[CallPages | Failure] = known or Future()
            self.access.answers[request.key] = mine
        if known is not None:
            return known.result()
        try:
            mine.set_result(self._outcome(request))
            return mine.result()
        finally:
            mine.cancel()  # only if there is no result, so that no thread waits for ever

    def _outcome(self, request: _Request) -> CallPages | Failure:
        try:
            found = self._confirmed(request)
        except FailedError as error:
            return error.failure
        return CallPages(tuple(body for _, body in found), tuple(record for record, _ in found))

    def _confirmed(self, request: _Request) -> list[tuple[str, Any]]:
        """Return the pages of an answer: several only once two readings in succession agree. An object that is created
        or removed in between moves others from page to page, so that one of them is on two pages, or on none.

        Raises FailedError if the readings go on to differ, or if an object is listed twice.
        """
        before: list[Any] = []
        record = ""
        for _ in range(_READINGS):
            found = list(self._pages(request))
            names = [name for _, body in found for name in _names(body)]
            if (len(found) == 1 or names == before) and len(set(names)) == len(names):
                return found
            before, record = names, found[-1][0]
        raise failed(request.unread("listing_moved"), record)

    def _pages(self, request: _Request) -> Iterator[tuple[str, Any]]:
        url, seen = request.url(self.access.api), set[str]()
        while url:
            record, response, body = self._page(request, url)
            yield record, body
            mark = digest(body)
            if mark in seen or len(seen) >= _MOST_PAGES:
                message = f"the listing does not end: {len(seen) + 1} pages"
                raise failed(request.unread("not_github", "PaginationError", message), record)
            seen.add(mark)
            url = self._next(request, response, record, len(seen) + 1)

    def _next(self, request: _Request, response: Response, record: str, following: int) -> str:
        """Return the URL of the next page, if it is on the same host and has the number that follows, or none; "" ends
        the listing.
        """
        link = response.header("link")
        found = _NEXT.search(link)
        if found is None:
            if _more(link, following):
                raise failed(request.unread("not_github", "PaginationError", "there is more, and no way to it"), record)
            return ""
        if not same_host(found[1], self.access.api):
            raise failed(request.unread("not_github", "PaginationError", "the next page is on another host"), record)
        number = _NUMBER.search(found[1])
        if number is not None and int(number[1][:9]) != following:
            raise failed(request.unread("not_github", "PaginationError", "the next page is not the one after"), record)
        return found[1]

    def _page(self, request: _Request, url: str) -> tuple[str, Response, Any]:
        response, tries = self._sent(request, url)
        try:
            if response.status >= 300:
                raise self._refused(request, response, tries)
            body = page(response, request.operation.answer)
        except NotGitHubError as error:
            found = request.unread("not_github", kind(response), str(error))
            raise failed(found, self._record(request, response, tries, found.code)) from error
        return self._record(request, response, tries, "", body), response, body

    def _refused(self, request: _Request, response: Response, tries: int) -> FailedError:
        message = OF_RUN.hidden(refusal(response))
        cause = "github_throttled" if limited(response) else of_status(response.status)
        found = request.unread(cause, str(response.status), self.redactor.text(message), quoted=True)
        said = {"status": response.status, "message": message}
        record = self._record(request, response, tries, found.code, said, message)
        return failed(found, record, None if cause == "github_throttled" else message)

    def _sent(self, request: _Request, url: str) -> tuple[Response, int]:
        """Return the response once GitHub's limits and faults have passed, or the last one. Raises FailedError."""
        for tried in range(1, TRIES + 1):
            if self.access.stopped or time.monotonic() > self.deadline:
                raise failed(request.unread("time_limit", "", "the time for this unit was over"))
            if not self.access.quiet.wait(self.deadline):
                raise failed(request.unread("github_throttled", "429", "it asks to wait longer than this run may take"))
            try:
                response = self.access.wire(url)
            except Exception as error:
                if tried == TRIES:
                    told = self.redactor.text(OF_RUN.hidden(str(error)))
                    found = request.unread(of_exception(error), type(error).__name__, told)
                    raise failed(found, self._record(request, None, tried, found.code)) from error
                self.access.quiet.pause(_backoff(tried))
                continue
            if tried == TRIES or not (limited(response) or passing(response)):
                return response, tried
            if limited(response):
                self.access.quiet.ask(wait_for(response, tried, time.time()))
            else:
                self.access.quiet.pause(_backoff(tried))
        raise AssertionError("the last try answers or raises")

    def _record(
        self, request: _Request, response: Response | None, tries: int, error: str, body: Any = None, message: str = ""
    ) -> str:
        call = {
            "service": request.call.service,
            "operation": request.operation.name,
            "region": GLOBAL,
            "status": response.status if response else 0,
            "request_id": response.header("x-github-request-id") if response else "",
            "attempts": tries,
            "error": error,
            "action": request.action,
        }
        return self.note(call, request.parameters, request.personal, body, message)


def _names(body: Any) -> list[Any]:
    """Return what tells the objects of a page apart; the rules of a branch have no number, so they may look alike."""
    listed = body if isinstance(body, list) else [body]
    return [item.get("id") or item.get("number") or (place, digest(item)) for place, item in enumerate(listed)]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _backoff(tried: int) -> float:
    return float(2 ** (tried - 1))


# ---- causes ---------------------------------------------------------------------------------------------------------
# Why a call to GitHub gave no answer, in the words of the reports.


_OF_STATUS = {401: "github_credentials", 403: "github_denied", 404: "github_hidden"}
_SERVER = 500


def of_status(status: int) -> str:
    """Return the cause of an HTTP status. GitHub also answers 404 for objects that the token may not see."""
    return _OF_STATUS.get(status, "github_error" if status >= _SERVER else "github_refused")


def of_exception(error: Exception) -> str:
    """Return the cause if no answer, or no complete one, came."""
    return next((cause for kinds, cause in _EXCEPTIONS if isinstance(error, kinds)), "defect")


_EXCEPTIONS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((NotAwsError,), "not_github"),
    ((http.ReadTimeoutError, http.ConnectTimeoutError), "time_out"),
    ((http.HTTPClientError, http.ConnectionError, OSError), "connection"),
)


def _more(link: str, following: int) -> bool:
    """Return whether a header without a next page that can be read says that there is one.

    A page may name itself as the last.
    """
    last = _LAST.search(link)
    number = _NUMBER.search(last[1]) if last is not None else None
    if number is not None and int(number[1][:9]) < following and "next" not in link:
        return False
    return _MORE.search(link) is not None
