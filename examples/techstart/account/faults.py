"""Faults that a test asks for: how AWS says no, is slow, or says nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .answers import Answer, error
from .identify import Asked, Request
from .moto_state import account

LONGEST_HANG = 30.0
_DENIED = "User: arn:aws:iam::123456789012:role/preuve-audit is not authorized to perform: {action}"


@dataclass(frozen=True)
class Rule:
    """One fault. Empty fields fit everything; `times` is how often it strikes, 0 = always, and `after` how often it
    does not before. `account` is whose keys sign a call.
    """

    kind: str
    service: str = ""
    operation: str = ""
    region: str = ""
    resource: str = ""
    times: int = 0
    seconds: float = 0.0
    status: int = 0
    code: str = ""
    message: str = ""
    account: str = ""
    after: int = 0

    def fits(self, asked: Asked, request: Request) -> bool:
        """Whether the call is one that this fault strikes."""
        wanted = (
            (self.service, asked.service),
            (self.operation, asked.operation),
            (self.region, asked.region),
            (self.account, account()),
        )
        return all(not rule or rule == value for rule, value in wanted) and self.resource in request.text


class Faults:
    """The rules in force, counted down under a lock since calls come in parallel."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._struck: list[int] = []

    def set(self, rules: Iterable[Mapping[str, Any]]) -> None:
        """Replaces all rules; an unknown kind or field is a ValueError."""
        read = [_rule(rule) for rule in rules]
        with self._lock:
            self._rules, self._struck = read, [0] * len(read)

    def strike(self, asked: Asked, request: Request) -> list[Rule]:
        """The faults for this call, in order: any number of delays, then at most one that ends the call."""
        struck: list[Rule] = []
        with self._lock:
            for index, rule in enumerate(self._rules):
                if (rule.times and self._struck[index] >= rule.after + rule.times) or not rule.fits(asked, request):
                    continue
                self._struck[index] += 1
                if self._struck[index] <= rule.after:
                    continue
                struck.append(rule)
                if rule.kind != "latency":
                    break
        return struck


def _rule(read: Mapping[str, Any]) -> Rule:
    kind = str(read.get("kind", ""))
    if kind not in KINDS:
        raise ValueError(f"unknown kind of fault {kind!r}: use one of {', '.join(KINDS)}")
    try:
        return Rule(**{str(key): value for key, value in read.items()})
    except TypeError as wrong:
        raise ValueError(f"unknown field in a fault: {wrong}") from wrong


def _deny(asked: Asked) -> tuple[int, str, str]:
    message = _DENIED.format(action=f"{asked.service}:{asked.operation}")
    shapes = {"ec2": (403, "UnauthorizedOperation"), "json": (400, "AccessDeniedException")}
    shapes |= {"rest-json": (403, "AccessDeniedException"), "smithy-rpc-v2-cbor": (400, "AccessDeniedException")}
    return *shapes.get(asked.protocol, (403, "AccessDenied")), message


def _throttle(asked: Asked) -> tuple[int, str, str]:
    if asked.service == "s3":
        return 503, "SlowDown", "Please reduce your request rate."
    shapes = {"ec2": (503, "RequestLimitExceeded"), "rest-json": (429, "TooManyRequestsException")}
    shapes |= {"query": (400, "Throttling"), "rest-xml": (400, "Throttling")}
    return *shapes.get(asked.protocol, (400, "ThrottlingException")), "Rate exceeded"


def _error(asked: Asked) -> tuple[int, str, str]:
    code = "InternalError" if asked.protocol in ("ec2", "rest-xml") else "InternalFailure"
    return 500, code, "We encountered an internal error. Please try again."


def _expired(asked: Asked) -> tuple[int, str, str]:
    message = "The security token included in the request is expired"
    shapes = {"ec2": (400, "RequestExpired"), "query": (403, "ExpiredToken"), "rest-xml": (403, "ExpiredToken")}
    if asked.service == "s3":
        return 400, "ExpiredToken", "The provided token has expired."
    return *shapes.get(asked.protocol, (400, "ExpiredTokenException")), message


def _region_off(asked: Asked) -> tuple[int, str, str]:
    message = "The security token included in the request is invalid."
    if asked.service == "s3":
        return 403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."
    shapes = {"ec2": (401, "AuthFailure"), "query": (403, "InvalidClientTokenId")}
    shapes |= {"rest-xml": (403, "InvalidClientTokenId"), "rest-json": (403, "UnrecognizedClientException")}
    return *shapes.get(asked.protocol, (400, "UnrecognizedClientException")), message


_ANSWERS = {
    "deny": _deny,
    "throttle": _throttle,
    "error": _error,
    "expired": _expired,
    "region_off": _region_off,
}
KINDS = (*_ANSWERS, "hang", "drop", "latency")


def answer(rule: Rule, asked: Asked) -> Answer:
    """What AWS answers to the call for a fault that has an answer; the rule's own status, code and message win."""
    status, code, message = _ANSWERS[rule.kind](asked)
    return error(asked, rule.status or status, rule.code or code, rule.message or message)
