"""Makes API calls: pages exhausted, every request recorded, none made twice, failures turned into their cause."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

import botocore.exceptions
from botocore import xform_name
from botocore.paginate import Paginator

from preuve.collect.answer import (
    Answer,
    CallPages,
    FailedError,
    Failure,
    UnreadError,
    digest,
    failed,
    lacking,
    not_given,
    settled,
    taken,
)
from preuve.collect.aws.causes import in_vain, of_unknown_keys, unread
from preuve.collect.aws.http.answers import NULLS
from preuve.collect.aws.reach import GoneError, Place
from preuve.collect.aws.roles import RoleError
from preuve.collect.aws.session import AccountAccess
from preuve.collect.recorder import Recorder
from preuve.collect.transforms import NoJsonError, TransformError, apply, plain
from preuve.library.iam.actions import actions
from preuve.library.validation.shapes import Shape, ShapeError, walk
from preuve.model.company.run_secrets import OF_RUN
from preuve.model.company.workspace import Waiver
from preuve.model.content import Call, Prepare
from preuve.model.errors import Position
from preuve.model.snapshot import Unread
from preuve.redact.redactor import Redactor

_TOKENS = (
    "NextToken",
    "nextToken",
    "NextMarker",  # stands before a member that a wrapped page repeats from the request
    "Marker",
    "ContinuationToken",
    "PaginationToken",
    "Position",
    "position",
)
_MORE = ("IsTruncated", "Truncated", "isTruncated", "truncated")
WHO = Call("sts", "GetCallerIdentity", Position("preuve"))
_MOST_PAGES = 10_000
_MOST_EMPTY = 50  # empty pages in a row; AWS sends some when it filters
_PAUSE = 1.0  # seconds between two polls of a job
_KEPT_CLIENTS = 12  # unused clients that a unit keeps: one that reads all regions must not hold all connections


@dataclass
class Caller(Recorder):
    """Calls for one unit."""

    access: AccountAccess
    redactor: Redactor
    unit: str
    deadline: float
    records: list[dict[str, Any]] = field(default_factory=list)
    _made: dict[str, CallPages | Failure | Future[CallPages | Failure]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _holding: Lock = field(default_factory=Lock)  # not `_lock`: clients are slow to make, and recording must not wait
    clients: dict[tuple[str, str], int] = field(default_factory=dict)  # held -> calls that use it, latest last

    def make(self, call: Call, region: str, parameters: Mapping[str, Any], personal: Collection[str] = ()) -> Answer:
        """Return the answer of a call; the same call with the same parameters is made once. Raises NotSetError or
        UnreadError.

        `personal` are the parameters whose values name a person.
        """
        request = _Request(call, region, parameters, personal)
        read = settled(self._once(request), call)
        if missing := lacking(call, read):
            raise UnreadError(request.unread("not_aws", "NoList", f"the answer has no {missing}"), read.call)
        lost = {name: reason and request.of(reason) for name, reason in not_given(call, read).items()}
        if not call.batch and (reason := next(filter(None, lost.values()), None)):
            raise UnreadError(reason, read.call)
        try:
            answer = replace(taken(call, read), lost=lost)
            if call.transform is None:
                return answer
            return Answer(apply(answer.value, call.transform), answer.calls)  # it may have made other items
        except NoJsonError as error:
            raise UnreadError(request.unread("not_aws", "NoJson", str(error)), read.call) from error
        except TransformError as error:
            raise UnreadError(request.unread("not_understood", "TransformError", str(error)), read.call) from error

    @property
    def waivers(self) -> Sequence[Waiver]:
        """The waivers of the workspace."""
        return self.access.workspace.waivers

    def claim(self, resource: str) -> bool:
        """Return whether this is the first unit that names a resource."""
        return self.access.claim(resource)

    def knows(self, call: Call) -> bool:
        """Return whether the models of its client have an operation at all."""
        return call.operation in self.access.model(call.service).operation_names

    def known(self, call: Call, path: str) -> bool:
        """Return whether an answer, or the part of it that a call takes, has a member, by the models of its client."""
        whole = self.access.output(call.service, call.operation)
        return any(_leads(whole, name) for name in (path, f"{call.take}.{path}" if call.take else path))

    def parameters(self, call: Call) -> Collection[str]:
        """Return the parameters of a call, by the models of its client."""
        given = self.access.model(call.service).operation_model(call.operation).input_shape
        return given.members.keys() if given is not None else ()

    def close(self) -> None:
        """Release the clients that this unit holds."""
        for service, region in self.clients:
            self.access.release(service, region)

    def _once(self, request: _Request) -> CallPages | Failure:
        """Return the pages of a request. Members that take different parts of the same answer share one call."""
        shared = (request.call.service, request.call.operation) in self.access.shared
        made = self.access.answers if shared else self._made
        with self.access.asking:
            known = made.get(request.key)
            if known is None:
                mine = made[request.key] = Future[CallPages | Failure]()
        if known is not None:
            return known.result() if isinstance(known, Future) else known
        try:
            result = made[request.key] = self._outcome(request)
            mine.set_result(result)
        finally:
            mine.cancel()  # has an effect only without a result: nobody waits for ever
        return result

    def _outcome(self, request: _Request) -> CallPages | Failure:
        try:
            return self._read(request)
        except FailedError as error:
            return error.failure

    def _read(self, request: _Request) -> CallPages:
        if request.call.prepare is not None:
            self._prepare(request.call.prepare, request.region)
        try:
            found = list(self._pages(request))
        except FailedError as error:
            self._believe(request, error.failure)
            raise
        self._unless_strayed(request, found[-1].record if found else "")
        nulls = frozenset(path for page in found for path in page.nulls)
        return CallPages(tuple(page.data for page in found), tuple(page.record for page in found), nulls)

    def _prepare(self, prepare: Prepare, region: str) -> None:
        until = time.monotonic() + prepare.at_most
        request = _Request(prepare.call, region, prepare.call.const, ())
        while True:
            try:
                answer = taken(prepare.call, self._read(request)).value
            except FailedError as error:  # later requests are unread for this reason, never absent
                raise FailedError(replace(error.failure, refusal=None)) from error
            if all(str(answer.get(name)) == wanted for name, wanted in prepare.until.items()):
                return
            if time.monotonic() > until:
                message = f"not ready after {prepare.at_most} s"
                raise failed(request.unread("not_ready", "NotReady", message))
            time.sleep(_PAUSE)

    def _pages(self, request: _Request) -> Iterator[_Page]:
        with self._in_use(request.call.service, request.region):
            client = self._client(request)
            method = xform_name(request.call.operation)
            pages: Iterator[Any]
            if paged := self.access.pagination(request.call.service).get(request.call.operation):
                self._unless_endless(request)
                model = client.meta.service_model.operation_model(request.call.operation)
                pages = iter(Paginator(getattr(client, method), paged, model).paginate(**request.parameters))
                pages = _whole(pages, str(paged.get("more_results", "")))
            else:
                pages = _whole(_by_token(client, request.call, method, dict(request.parameters)))
            yield from self._until_they_end(request, pages)

    def _until_they_end(self, request: _Request, pages: Iterator[Any]) -> Iterator[_Page]:
        """Yield the pages. Raises FailedError if pages repeat or stay empty for long, whatever their tokens."""
        first: Any = None  # the first page is hashed only if a second page comes
        seen, count, empty = set[str](), 0, 0
        while (page := self._next(request, pages)) is not None:
            yield page
            items, again = _items(page.data), False
            count, empty = count + 1, 0 if items else empty + 1
            if count == 1:
                first = items
            elif items:
                seen = seen or {digest(first)}
                again = (hashed := digest(items)) in seen
                seen.add(hashed)
            if again or empty > _MOST_EMPTY or count == _MOST_PAGES:
                self.access.reach.does_not_end(request.place)
                message = f"the listing does not end: {count} pages, the last of them {page.record}"
                raise failed(request.unread("not_aws", "PaginationError", message), page.record)

    def _unless_endless(self, request: _Request) -> None:
        """Raise FailedError if another listing of the service did not end."""
        if self.access.reach.is_endless(request.place):
            raise failed(
                request.unread("not_aws", "NotAsked", "not asked: another listing of the service does not end")
            )

    @contextmanager
    def _in_use(self, service: str, region: str) -> Iterator[None]:
        """Hold a client for this call and the next ones. Of the clients that no call uses, the oldest are released
        first.
        """
        key = (service, region)
        with self._holding:
            if key not in self.clients:
                self.access.hold(service, region)
            self.clients[key] = self.clients.pop(key, 0) + 1
        try:
            yield
        finally:
            with self._holding:
                self.clients[key] -= 1
                idle = [other for other, uses in self.clients.items() if not uses]
                for other in idle[: max(0, len(self.clients) - _KEPT_CLIENTS)]:
                    del self.clients[other]
                    self.access.release(*other)

    def _client(self, request: _Request) -> Any:
        try:
            return self.access.client(request.call.service, request.region)
        except RoleError as error:
            raise failed(error.reason) from error
        except botocore.exceptions.BotoCoreError as error:
            raise failed(request.of(unread(error, request.action))) from error

    def _next(self, request: _Request, pages: Iterator[Any]) -> _Page | None:
        if self.access.stopped or time.monotonic() > self.deadline:
            raise failed(request.unread("time_limit", "", "the time for this unit was over"))
        if self.access.strayed is not None:
            raise failed(request.of(self.access.strayed))
        self.access.attempts()
        try:
            page = next(pages, None)
        except botocore.exceptions.ClientError as error:
            raise self._refused(request, error) from error
        except RoleError as error:  # credentials not renewed: nothing was sent
            raise failed(error.reason) from error
        except GoneError as error:
            found = unread(error, request.action)  # perhaps nothing was sent
            raise failed(found, self._record(request, {}, found.code) if self.access.sent else "") from error
        except Exception as error:
            found = unread(error, request.action)
            record = self._record(request, {}, found.code)
            if in_vain(error):
                self._in_vain(request, found.cause)
            raise failed(request.of(found), record) from error
        if page is None:
            return None
        self._heard(request)
        nulls = page.pop(NULLS, ())
        data = plain(page)
        return _Page(self._record(request, page.get("ResponseMetadata", {}), "", data), data, nulls)

    def _heard(self, request: _Request) -> None:
        self.access.reach.answered(request.place, request.call.operation)
        self.access.regions_on.add(request.region)

    def _in_vain(self, request: _Request, cause: str) -> None:
        """Note that no answer came. After several services in a row, call the home region to find out whether AWS
        answers at all.
        """
        reach = self.access.reach
        reach.in_vain(request.place, request.call.operation, cause)
        if request.call == WHO:
            return
        with self.access.doubting:
            if reach.doubtful and self._who_at_home() is None:
                reach.nobody_answers()

    def _refused(self, request: _Request, error: botocore.exceptions.ClientError) -> FailedError:
        found = request.of(unread(error, request.action))
        said = OF_RUN.hidden(str(error.response.get("Error", {}).get("Message", "")))
        answer = plain(error.response)
        record = self._record(request, error.response.get("ResponseMetadata", {}), found.code, answer, said)
        if in_vain(error):
            self._in_vain(request, found.cause)
            return failed(found, record)
        if found.cause == "throttled":
            self.access.reach.throttled(request.place, request.call.operation)
        else:
            self.access.reach.answered(request.place, request.call.operation)
        if of_unknown_keys(found) and self._is_off(request):
            return failed(replace(found, cause="region_off"), record)
        return failed(found, record, said)

    def _is_off(self, request: _Request) -> bool:
        """Return whether the region is disabled: it rejects keys that the home region still accepts.

        The home region is called once for each region; once for each service of a region that has accepted the keys
        before.
        """
        region = request.region
        if region == self.access.home:
            return False
        key = request.place if region in self.access.regions_on else region
        with self.access.doubting:
            if key not in self.access.known_at_home:
                self.access.known_at_home[key] = self._who_at_home() is True
            return self.access.known_at_home[key]

    def _who_at_home(self) -> bool | None:
        """Return whether AWS still accepts the keys, by a call in the home region; None if no answer comes."""
        try:
            self._read(_Request(WHO, self.access.home, {}, ()))
        except FailedError as error:
            return None if error.failure.refusal is None else False
        return True

    def _believe(self, request: _Request, failure: Failure) -> None:
        """Raise FailedError unless a refusal of AWS may mean "not set": in another account it means nothing."""
        if failure.refusal is None:
            return
        try:
            self._unless_strayed(request, failure.call)
        except FailedError:
            if self.access.strayed is not None:
                raise
            raise failed(failure.reason, failure.call) from None  # AWS has not confirmed whose the keys are

    def _unless_strayed(self, request: _Request, record: str) -> None:
        """Raise FailedError if the keys now belong to another account: the source of the keys may have renewed them
        with others.

        AWS is called for each new key; a key belongs to one account for ever.
        """
        if request.call == WHO or self._proven():
            return
        with self.access.doubting:
            if self._proven():
                return
            keys, own = frozenset(self.access.keys), self.access.account.id
            try:
                (page,) = self._pages(_Request(WHO, self.access.home, {}, ()))
            except FailedError as error:  # the requested data is unread for this reason, never absent
                raise failed(error.failure.reason, error.failure.call) from error
            if (found := page.data.get("Account", "")) != own:
                message = f"the credentials are those of account {found}"
                self.access.strayed = request.unread("wrong_account", "WrongAccount", message)
                raise failed(self.access.strayed, record)
            self.access.proven = keys

    def _proven(self) -> bool:
        """Return whether AWS has confirmed that all keys which signed requests are of this account."""
        return self.access.proven is None or self.access.keys <= self.access.proven

    def _record(
        self, request: _Request, metadata: Mapping[str, Any], error: str, page: Any = None, message: str = ""
    ) -> str:
        call = {
            "service": request.call.service,
            "operation": request.call.operation,
            "region": request.region,
            "status": metadata.get("HTTPStatusCode", 0),
            "request_id": metadata.get("RequestId", ""),
            "attempts": self.access.attempts(),
            "error": error,
            "action": request.action,
        }
        return self.note(call, request.parameters, request.personal, page, message)


@dataclass(frozen=True)
class _Page:
    """The id of its record, the page, and the paths of what is null in it."""

    record: str
    data: Any
    nulls: tuple[str, ...]


@dataclass(frozen=True)
class _Request:
    call: Call
    region: str
    parameters: Mapping[str, Any]
    personal: Collection[str]

    @property
    def key(self) -> str:
        call = self.call
        return json.dumps([call.service, call.operation, self.region, self.parameters], default=str, sort_keys=True)

    @property
    def action(self) -> str:
        return actions(self.call)[0]

    @property
    def place(self) -> Place:
        return Place(self.call.service, self.region)

    def of(self, reason: Unread) -> Unread:
        """Return the reason with the place and the operation of the call."""
        return replace(reason, call=f"{self.call.service}:{self.call.operation}", region=self.region)

    def unread(self, cause: str, code: str, message: str) -> Unread:
        """Return a reason in words of preuve."""
        return self.of(Unread(cause, code, message, self.action))


def _leads(whole: Shape, path: str) -> bool:
    try:
        walk(whole, path)
    except ShapeError:
        return False
    return True


def _items(page: Any) -> list[Any]:
    """Return the lists of a page that hold something, without the metadata of the answer."""
    if isinstance(page, Mapping):
        return [found for name, value in page.items() if name != "ResponseMetadata" for found in _items(value)]
    return [page] if isinstance(page, list) and page else []


def _whole(pages: Iterator[Any], more: str = "") -> Iterator[Any]:
    """Yield the pages. Raises PaginationError if the last page says that more follow, at the path `more` or in the
    usual member: botocore takes a page without a token for the end.
    """
    page: Any = {}
    for page in pages:
        yield page
    if _at(page, more) is True or any(map(_says_more, _parts(page))):
        raise botocore.exceptions.PaginationError(message="there is more, and no token leads to it")


def _parts(page: Any) -> list[Any]:
    """Return a page and its members, one of which may be the list with its token (CloudFront)."""
    return [page, *(value for name, value in page.items() if name != "ResponseMetadata" and isinstance(value, Mapping))]


def _says_more(part: Any) -> bool:
    return any(part.get(name) is True for name in _MORE)


def _at(page: Any, path: str) -> Any:
    for name in path.split("."):
        page = page.get(name) if isinstance(page, Mapping) else None
    return page


def _by_token(client: Any, call: Call, method: str, parameters: dict[str, Any]) -> Iterator[Any]:
    """Yield the pages of an operation that botocore has no paginator for; one page if it has no token either."""
    operation = client.meta.service_model.operation_model(call.operation)
    inputs = operation.input_shape.members if operation.input_shape else {}
    while True:
        page = getattr(client, method)(**parameters)
        yield page
        parts = [page, *filter(_says_more, _parts(page)[1:])]
        token = next(((name, part[name]) for part in parts for name in _TOKENS if part.get(name)), None)
        if token is None:
            return
        name = token[0] if token[0] in inputs else token[0].removeprefix("Next")
        if name not in inputs or parameters.get(name) == token[1]:
            raise botocore.exceptions.PaginationError(message=f"there is more, and {token[0]} does not lead to it")
        parameters[name] = token[1]
