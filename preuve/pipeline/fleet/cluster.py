"""Reads accounts by the workers of a cluster (Dask `distributed`, the extra `fleet`): on this machine, or elsewhere.

A scheduler runs whatever it receives. So preuve connects to it only under mutual TLS, or on this machine. It sends only
text and the name of one of its own functions; a worker uses the credentials of its own machine.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from preuve.model.errors import QUOTED, PreuveError, UsageError
from preuve.pipeline.fleet.engine import Order, ReadingResult, Told
from preuve.pipeline.fleet.work import work

_MEMORY = "2GiB"  # limit for a worker; one that needs more is restarted
_CONNECT = 20  # seconds
_KILLED = "worker_killed"
_HERE = ("127.0.0.1", "localhost")
_SETTINGS = {
    "distributed.scheduler.allowed-failures": 1,  # a task whose worker was killed is tried once more
    "distributed.comm.timeouts.connect": f"{_CONNECT}s",
    "distributed.comm.retry.count": 0,
    "distributed.admin.log-length": 0,
    "logging": {"distributed": "critical"},
}
Work = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Tls:
    """The files with which both sides authenticate, in PEM."""

    ca: str
    cert: str
    key: str


@dataclass(frozen=True)
class Cluster:
    """Workers of a scheduler at an address, or as many as there are processors on this machine."""

    at_once: int
    scheduler: str = ""
    tls: Tls | None = None
    work: Work = work

    def __post_init__(self) -> None:
        place = urlsplit(self.scheduler)
        if self.scheduler and place.scheme != "tls" and (place.scheme != "tcp" or place.hostname not in _HERE):
            raise UsageError(
                f"{self.scheduler}: nothing protects this scheduler from strangers", "name it as tls://HOST:PORT"
            )
        if place.scheme == "tls" and self.tls is None:
            raise UsageError(f"{self.scheduler} needs certificates", "give --tls-ca, --tls-cert and --tls-key")

    def read(self, orders: Sequence[Order], told: Told) -> Mapping[str, ReadingResult]:
        """Run one task for each account. If a worker is killed, all its accounts count as killed: they are run again
        one at a time, to find the account that kills its worker.
        """
        ends: dict[str, ReadingResult] = {}
        if not orders:
            return ends
        with self._client() as client:
            width = sum(client.nthreads().values()) or self.at_once
            for tries, at_once in enumerate((width, 1)):
                left = [order for order in orders if order.account not in ends]
                for ended in self._ends(client, left, at_once, tries):
                    if ended.cause != _KILLED or tries:
                        ends[ended.account] = ended
                        told(ended)
        return ends

    def _ends(self, client: Any, orders: Sequence[Order], at_once: int, tries: int) -> Iterator[ReadingResult]:
        """Yield how each account ended; a worker receives an account only when it can read it."""
        _, distributed = _imported()
        waiting, accounts = iter(orders), dict[Any, str]()
        done = distributed.as_completed(loop=client.loop, raise_errors=False)

        def begin(count: int) -> None:
            for order in islice(waiting, count):
                future = client.submit(self.work, asdict(order), key=f"preuve-{order.account}-{tries}", pure=False)
                accounts[future] = order.account
                done.add(future)

        begin(at_once)
        for future in done:
            yield _ended(accounts.pop(future), future)
            begin(1)

    @contextmanager
    def _client(self) -> Iterator[Any]:
        dask, distributed = _imported()
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        with dask.config.set(_SETTINGS):
            try:
                cluster = None if self.scheduler else _local(distributed, self.at_once)
                client = distributed.Client(
                    cluster.scheduler_address if cluster else self.scheduler,
                    security=cluster.security if cluster else self._security(distributed),
                    timeout=_CONNECT,
                    set_as_default=False,
                )
            except (OSError, RuntimeError) as error:
                hint = "check that it runs and that the certificates match. What was already read is not read again"
                raise PreuveError(f"the scheduler does not answer: {QUOTED}", hint, quoted=str(error)) from error
            try:
                yield client
            finally:
                client.close(timeout=_CONNECT)
                if cluster is not None:
                    cluster.close(timeout=_CONNECT)

    def _security(self, distributed: Any) -> Any:
        if self.tls is None:
            return None
        return distributed.Security(
            tls_ca_file=self.tls.ca, tls_client_cert=self.tls.cert, tls_client_key=self.tls.key, require_encryption=True
        )


def _imported() -> tuple[Any, Any]:
    try:
        import dask  # noqa: PLC0415 - an extra
        import distributed  # noqa: PLC0415
    except ImportError as error:
        raise UsageError("the engine needs the extra `fleet`", "pip install 'preuve[fleet]'") from error
    return dask, distributed


def _local(distributed: Any, workers: int) -> Any:
    """Start a cluster on this machine that other machines cannot reach: with its own certificates, and without web
    pages.
    """
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        protocol="tls://",
        security=distributed.Security.temporary(),
        dashboard_address=None,
        memory_limit=_MEMORY,
        silence_logs=logging.CRITICAL,
    )


def _ended(account: str, future: Any) -> ReadingResult:
    """Return how a task ended. A cancelled task means that the scheduler is gone.

    A worker keeps its answers until they are fetched. If another account kills it before that, the scheduler runs the
    task again: this function waits for its end.
    """
    _, distributed = _imported()
    gone = PreuveError("the scheduler disappeared", "audit again: what was already read is not read again")
    error = future.exception()
    if future.cancelled():
        raise gone
    if error is None:
        try:
            said = future.result()
        except distributed.KilledWorker:
            return ReadingResult(account, _KILLED, distributed.KilledWorker.__name__)
        except distributed.client.FutureCancelledError as lost:
            raise gone from lost
        else:
            return ReadingResult(account, "worker_failed", "", said) if said else ReadingResult(account)
    killed = isinstance(error, distributed.KilledWorker)
    return ReadingResult(account, _KILLED if killed else "worker_failed", type(error).__name__)
