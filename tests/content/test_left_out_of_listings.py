"""No condition reads a member that the listing of its type leaves out, as AWS's own texts say of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import botocore.session

from content_copy import bundled, linted
from preuve.library.validation.shapes import message_name
from preuve.model.content import Call, ResourceType

LEAVES_OUT = re.compile(
    r"\b(omits?|omitted|(is|are) ?(not|n't) (returned|included)|only (returned|included) (by|when|if|in))\b",
    re.IGNORECASE,
)
# Texts that are about something else: a request, a log, another operation, or what is then not there at all.
OF_SOMETHING_ELSE = {
    "AWS::CloudWatch::Alarm.TreatMissingData",
    "AWS::EC2::VPCPeeringConnection.AccepterVpcInfo",  # active ones alone are judged
    "AWS::EC2::VPCPeeringConnection.RequesterVpcInfo",
    "AWS::EC2::Volume.Attachments",
    "AWS::Lambda::Function.Environment",
    "AWS::Route53::RecordSet.Name",
    "AWS::Route53::RecordSet.ResourceRecords",
}


def texts_of(call: Call, declared: ResourceType) -> Iterator[tuple[str, str]]:
    """Return what AWS's models say of each member of what a listing gives."""
    model = botocore.session.get_session().get_service_model(call.service or declared.service)
    shape: Any = model.operation_model(call.operation).output_shape
    for part in filter(None, call.take.split(".")):
        shape = shape.members[part.removesuffix("[]")]
        while shape.type_name == "list":
            shape = shape.member
    for name, member in getattr(shape, "members", {}).items():
        yield name, re.sub("<[^>]+>", "", member.documentation)


def test_no_condition_reads_what_a_listing_leaves_out() -> None:
    read = defaultdict[str, set[str]](set)
    for rule in linted().rules:
        for message, members in rule.reads.items():
            read[message] |= members
    left_out = {
        f"{declared.name}.{name}"
        for declared in bundled().types.values()
        if declared.service and not declared.singleton and not declared.hydrate
        for call in declared.lists
        if "/" not in call.operation and "*" not in call.take
        for name, text in texts_of(call, declared)
        if name in read[message_name(declared.name)] and LEAVES_OUT.search(text)
    }
    assert left_out == OF_SOMETHING_ELSE


def test_that_the_listing_of_analyzers_leaves_out_their_configuration_is_told_so() -> None:
    analyzer = bundled().types["AWS::AccessAnalyzer::Analyzer"]
    assert LEAVES_OUT.search(dict(texts_of(analyzer.lists[0], analyzer))["configuration"])
