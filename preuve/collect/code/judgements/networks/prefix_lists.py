"""The ranges in prefix lists that the code around a rule makes."""

from __future__ import annotations

import re
from typing import Any

from preuve.collect.code.judgements.bodies import argument, blocks, listed
from preuve.collect.code.judgements.networks.openness import ranges_of
from preuve.collect.code.judgements.relations.neighbourhood import KEY as BESIDE
from preuve.collect.code.verdict.marks import MADE
from preuve.documents.network.ranges import Network

_TYPE = "aws_ec2_managed_prefix_list"
_REFERENCE = re.compile(MADE + r"\$\{(?P<address>[^{}]+)\.id\}")
_RESOURCE = re.compile(MADE + r"\$\{(?P<name>\w+)(?:\.PrefixListId)?\}")
_ELSEWHERE = "depends on a value that is not in the code: what the prefix list contains"

Ranges = tuple[tuple[Network, ...], str]


def in_terraform(value: Any, beside: Any) -> Ranges:
    """Return the ranges of the prefix list that a value names, and why there may be more."""
    match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    named, lists = (match["address"], beside.all.of_type(_TYPE)) if match and beside else ("", ())
    body = next((body for made, body in lists if made.address.replace('"', "") == named), None)
    if body is None:
        return (), _ELSEWHERE
    surely, perhaps, hidden = blocks(body, "entry")
    apart = body[BESIDE].naming(f"{_TYPE}_entry", "prefix_list_id", "")
    ranges, why = ranges_of(
        [*(argument(one, "cidr") for one in surely), *(argument(one, "cidr") for one in apart.surely)]
    )
    loops = [f"dynamic block: {_TYPE}" for _ in (*perhaps, *apart.perhaps)] + [why for _, why in apart.doubts]
    return ranges, why or next(iter([*hidden, *loops]), "")


def in_template(value: Any, beside: Any) -> Ranges:
    """Return the ranges of the template's prefix list that a value names, and why there may be more."""
    match = _RESOURCE.fullmatch(value) if isinstance(value, str) and beside else None
    _, body = (match and beside.all.at(match["name"])) or (None, None)
    if body is None:
        return (), _ELSEWHERE
    return ranges_of(entry.get("Cidr") if isinstance(entry, dict) else entry for entry in listed(body, "Entries"))
