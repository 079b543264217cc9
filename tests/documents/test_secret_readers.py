"""Each read of AWS that answers with a secret is in the table of reads that act, or it is said why it is not."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session

from content_copy import bundled
from preuve.library.yaml.documents import load

_READS = re.compile("(Get|List|Describe|BatchGet|BatchDescribe|Lookup|Search|View|Simulate)")
# By the names of members and of what holds them: what a member called `value` holds no model tells. The configuration
# of a device has the keys of its connection, and the address of an embedded page signs in whoever opens it.
_SECRET = re.compile(
    "(router_?config|sample_?configuration|(embed|session)_?url|secret|secret_?(access)?_?(key|value|string|binary)|passwo?r?d(data)?|passphrase|token|credentials?"
    "|(private|api|auth|shared|stream|app|nwk)_?s?_?keys?|unlock_?code|auth_?code)$",
    re.IGNORECASE,
)
# Tokens with which one asks again, or goes on.
_GOES_ON = re.compile(
    "(next|client|paginat|continu|page|paging|sync|request|idempot|creation|change|lock|update|version|result|resume"
    "|sequence|report|term|import|export|offer|verification|anomaly).*token$|^token$|^next",
    re.IGNORECASE,
)
_TEXTS = {"string", "blob"}

SESSION = botocore.session.Session()
ACTIONS = {action.lower() for action in bundled().reference["iam_reads_that_act"]["data"]}


def _model(service: str) -> Any:
    return SESSION.get_service_model(service)


def _names_secret(name: str) -> bool:
    return bool(_SECRET.search(name)) and not _GOES_ON.search(name)


def _answers_with_secret(shape: Any, holder: str = "", above: tuple[str, ...] = ()) -> bool:
    if shape is None or shape.name in above:
        return False
    below = (*above, shape.name)
    if shape.type_name == "structure":
        return any(
            _names_secret(name) or (_names_secret(holder) and bool(member.metadata.get("sensitive")))
            if member.type_name in _TEXTS
            else _answers_with_secret(member, name, below)
            for name, member in shape.members.items()
        )
    inner = {"list": "member", "map": "value"}.get(shape.type_name)
    return bool(inner) and _answers_with_secret(getattr(shape, inner), holder, below)


@functools.cache
def readers() -> dict[tuple[str, str], str]:
    """Return the action of each read, by service and operation."""
    return {
        (service, name): f"{_model(service).signing_name}:{name}".lower()
        for service in SESSION.get_available_services()
        for name in _model(service).operation_names
        if _READS.match(name) and _answers_with_secret(_model(service).operation_model(name).output_shape)
    }


def _listed() -> Iterator[tuple[str, str]]:
    for group in load(Path(__file__).with_name("secret_readers.yaml")):
        assert group["reason"].endswith(".")
        for service, names in group["operations"].items():
            yield from ((service, name) for name in names.split())


def test_each_read_that_answers_with_a_secret_is_in_the_table_or_has_a_reason() -> None:
    in_table = {one for one, action in readers().items() if action in ACTIONS}
    listed = list(_listed())
    assert sorted(set(readers()) - in_table - set(listed)) == []
    assert sorted(set(listed) - set(readers())) == []
    assert sorted(set(listed) & in_table) == []
    assert len(listed) == len(set(listed))
