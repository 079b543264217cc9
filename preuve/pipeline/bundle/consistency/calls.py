"""Whether a recorded call is one that the content declares: its parameters, its action, its region, its answer.

Parameters are those of one declaration, each with the shape in AWS's models or GitHub's description.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from preuve.collect.aws.calls import WHO
from preuve.collect.aws.organization import ALL_CALLS
from preuve.collect.aws.session import Limits
from preuve.collect.github.calls import TRIES
from preuve.collect.github.run import WHO as ORGANIZATION
from preuve.library.iam.actions import actions
from preuve.library.iam.permissions import calls as possible_calls
from preuve.library.iam.permissions import calls_to_github
from preuve.library.validation.rules import Needs
from preuve.library.validation.shapes import Shape, has_operation, of_botocore, operation_model
from preuve.library.validation.text_conformity import as_sent
from preuve.model.content import GITHUB, Call, Library
from preuve.model.snapshot import GLOBAL
from preuve.redact.announcements.values import PSEUDONYM

Line = Mapping[str, Any]
NAMED = re.compile(PSEUDONYM)
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_SKEW = timedelta(minutes=10)  # between the clocks of machines that read parts
_OK = 200
_REFUSED = range(300, 600)
_NUMBERED = re.compile(r"(?:HTTP )?([0-9]{3})(?![0-9])")  # an error code that begins with its status
_PAGE_OF_S3 = ("s3", "200", 500)  # botocore takes a page with status 200 for an error of the server
_ATTEMPTS = Limits().attempts + 1  # S3 may send a caller to another region once


@dataclass(frozen=True)
class DeclaredCalls:
    """The calls that the content declares, and where each may be made apart from the place of its file."""

    calls: Mapping[tuple[str, str], tuple[Call, ...]]
    regions: Mapping[tuple[str, str], frozenset[str]]
    home: str  # the region that global services are called from


def declared_calls(library: Library, needs: Needs, home: tuple[str, ...]) -> DeclaredCalls:
    """Return the declarations of each operation. In a `home` region, runs ask for the caller's identity, and count some
    resources.
    """
    calls: dict[tuple[str, str], list[Call]] = defaultdict(list)
    regions: dict[tuple[str, str], set[str]] = defaultdict(set)
    collected = [*possible_calls(library, needs), *calls_to_github(library, needs)]
    elsewhere = [item.call for call in collected for item in (call.counted, call.proved) if item is not None]
    for call in (*collected, WHO, ORGANIZATION, *ALL_CALLS):
        calls[_key(call)].append(call)
        regions[_key(call)].update({call.only_in} - {""})
    for call in (WHO, *elsewhere):
        regions[_key(call)].update(home)
    return DeclaredCalls(
        {name: tuple(some) for name, some in calls.items()},
        {name: frozenset(some) for name, some in regions.items()},
        next(iter(home), ""),
    )


def _key(call: Call) -> tuple[str, str]:
    return call.service, call.operation


def told_of_call(
    line: Line, file: str, number: int, declared: DeclaredCalls, regions: set[str], meta: Line
) -> Iterator[str]:
    """Yield the defects of a call, the `number`th of its file; the file has resources in `regions`."""
    _, account, place, name = file.split("/")
    unit, _, last = line["id"].rpartition("/")
    # An organization may be named like a person.
    if last != str(number) or (unit != f"{account}/{place}/{name.removesuffix('.jsonl')}" and not NAMED.search(unit)):
        yield "id"
    known = declared.calls.get((line["service"], line["operation"]), ())
    if not known:
        yield "operation"
        return
    fitting = [call for call in known if is_sent(line, call, account)]
    if not fitting:
        yield from _parameters(line, known, account)
    if line["action"] not in {_action(call) for call in fitting or known}:
        yield "action"
    elsewhere = declared.regions[line["service"], line["operation"]]
    if line["region"] not in {declared.home if _is_global_of_aws(line, place) else place, *elsewhere, *regions}:
        yield "region"
    yield from _answer(line)
    if not _within(line["time"], meta):
        yield "time"


def _is_global_of_aws(line: Line, place: str) -> bool:
    return place == GLOBAL and line["service"] != GITHUB


def is_sent(line: Line, call: Call, account: str) -> bool:
    """Return whether a call was sent as a declaration requires: with exactly these parameters."""
    sent = line["params"]
    names = {*call.const, *call.with_, *call.ago, *call.batch}
    return (
        (line["service"], line["operation"]) == _key(call)
        and names <= set(sent) <= {*names, *call.newer_const}
        and all(_may_be(line, call, account, name) for name in sent)
    )


def _may_be(line: Line, call: Call, account: str, name: str) -> bool:
    value, path = line["params"][name], call.with_.get(name)
    if name in call.const or name in call.newer_const:
        return bool(value == {**call.const_in(account, line["region"]), **call.newer_const}[name])
    if path in ("Account", "Region"):
        held = account if path == "Account" else line["region"]
        return value == held or (isinstance(value, str) and NAMED.search(value) is not None)
    if call.service == GITHUB:
        return isinstance(value, str | int)  # a part of an address
    return as_sent(value, _shape(call, name))


def _shape(call: Call, name: str) -> Shape | None:
    if not has_operation(call.service, call.operation):  # the run had newer models
        return None
    given = operation_model(call.service, call.operation).input_shape
    return of_botocore(given.members[name], call.service) if given is not None and name in given.members else None


def _parameters(line: Line, known: tuple[Call, ...], account: str) -> Iterator[str]:
    """Yield the parameters that fit no declaration; if each fits one, all of them together."""
    wrong = [
        name
        for name in line["params"]
        if not any(
            name in {*call.const, *call.newer_const, *call.with_, *call.ago, *call.batch}
            and _may_be(line, call, account, name)
            for call in known
        )
    ]
    yield from (f"params.{name}" for name in wrong) if wrong else ("params",)


def _action(call: Call) -> str:
    return next(iter(call.iam), "") if call.service == GITHUB else actions(call)[0]


def _answer(line: Line) -> Iterator[str]:
    """Yield what no answer has: an error has a code and a status; an answer took at least one attempt."""
    status, error = line["status"], line["error"]
    said = _NUMBERED.match(error)
    if status != _OK if not error else not (status == 0 or status in _REFUSED or error.startswith("HTTP ")):
        yield "error"
    elif said and status not in (0, int(said[1])) and (line["service"], said[1], status) != _PAGE_OF_S3:
        yield "status"
    if not error and line["service"] != GITHUB and not line["request_id"]:  # AWS never answers so
        yield "request_id"
    if not error and "message" in line:
        yield "message"
    if not bool(status) <= line["attempts"] <= (TRIES if line["service"] == GITHUB else _ATTEMPTS):
        yield "attempts"


def is_answered(line: Line) -> bool:
    """Return whether there was a body to which a record can commit; one that the provider did not write is none."""
    return line["status"] != 0 and not line["error"].startswith("HTTP ")


def _within(time: str, meta: Line) -> bool:
    """Return whether a time is between begin and end of the run, as far as `meta.json` has them."""
    if not (meta.get("started") and meta.get("finished")):
        return True
    try:
        began, ended, moment = (datetime.strptime(text, _TIME) for text in (meta["started"], meta["finished"], time))
    except ValueError:  # no such day
        return False
    return began - _SKEW <= moment <= ended + _SKEW
