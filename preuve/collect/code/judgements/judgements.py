"""Judgements of our own on one block, where no check of Checkov asks what a policy asks: rules name them in
`scanners/iac/` and give them their parameters.

A judgement says itself what is not known and why. Its result is final: nothing about it is guessed from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from preuve.collect.code.judgements.answer import ELSEWHERE, SEARCHED, WHOLE, Ruling
from preuve.collect.code.judgements.api_definitions import TYPES as APIS
from preuve.collect.code.judgements.api_definitions import authorised
from preuve.collect.code.judgements.bodies import Body, argument, blocks, cause, is_set
from preuve.collect.code.judgements.documents import questions
from preuve.collect.code.judgements.forbidden_values import forbids
from preuve.collect.code.judgements.grants import OBJECTS, OPEN, openings
from preuve.collect.code.judgements.networks import group_rules, own_firewalls, template_rules
from preuve.collect.code.judgements.networks.acl_rules import ACL, ENTRY, open_acl
from preuve.collect.code.judgements.networks.acl_rules import TYPES as ACLS
from preuve.collect.code.judgements.networks.group_rules import ALONE as INGRESS_RULE
from preuve.collect.code.judgements.networks.group_rules import BY_TYPE, EGRESS, GROUPS, INGRESS, opens_default_group
from preuve.collect.code.judgements.networks.openness import opened, opened_by, ports_open, rules_in
from preuve.collect.code.judgements.pinning import LOCAL, LOOSE, PINNED, pin_of
from preuve.collect.code.judgements.programs.scans import blocking_scan
from preuve.collect.code.judgements.relations.neighbourhood import KEY as BESIDE
from preuve.collect.code.judgements.settings import said
from preuve.collect.code.secrets.places import BUILDS, COMPUTING
from preuve.collect.code.secrets.search import Detection, Secrets, secrets_of
from preuve.collect.code.verdict.deciding_values import NOT_SET
from preuve.collect.code.verdict.grounds import path_without_numbers, texts_of
from preuve.collect.code.verdict.marks import OPEN as OPEN_KEY
from preuve.collect.code.verdict.marks import made_causes
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN, told

_MOST_SHOWN = 8
_NETWORK = "AWS::EC2::VPC"  # the default group of a VPC admits its own members, and no template can close it
FIREWALLS = frozenset({*own_firewalls.TYPES, *own_firewalls.IN_TEMPLATES})
RULES_IN_TEMPLATES = tuple(sorted(template_rules.ALONE.values()))


@dataclass(frozen=True)
class Judgement:
    """A question that can be asked of blocks of some types ("*": of all), with the parameters of a rule."""

    ask: Callable[[str, Body, Mapping[str, Any]], Ruling | None]
    # by kind of block: resource | data | provider | module | template (a resource of CloudFormation)
    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of_documents: bool = False  # for types that hold documents of the rule's kinds (`of`)
    named_by: str = ""  # the option that has the types of blocks as its keys
    # Types to which another block may add what fails, each with the argument that is its own name ("": none): what is
    # handed to a module that is not seen may have it there.
    added_to: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[str, ...] = ()  # types of blocks of code that is no graph of resources: workflows


def open_ports(kind: str, body: Body, options: Mapping[str, Any]) -> Ruling | None:
    """Return whether a security group opens one of some TCP or UDP ports, or all ports, to the internet.

    A rule is judged together with the other rules of its group that help to open it. For outgoing traffic
    (`direction: egress`) the group is judged with all its rules.
    """
    direction = options.get("direction", "ingress")
    of = own_firewalls if kind in FIREWALLS else template_rules if kind.startswith("AWS::") else group_rules
    rules, whole = rules_in(of.rules_of, kind, body, direction), direction == "egress"
    if rules is None or (whole and kind not in (*GROUPS, template_rules.GROUP)):
        return None
    ports, others = options["ports"], of.others_of(kind, body, direction)
    found, opened_it = opened_by(chain(rules, others), ports, body.get(BESIDE))
    opening = [rule for rule in rules if id(rule) in opened_it]
    if found.open and (opening or whole):
        here = frozenset[int]() if ports == "all" else ports_open(rules, ports)
        which = [str(port) for port in ports if port in here]
        keys = tuple(key for rule in opening for key in rule.keys) or (direction,)
        return Ruling(FAILED, keys=keys, told={"port": ", ".join(which)} if which else {})
    causes = (found if whole else opened(rules, ports)).causes
    return Ruling(UNKNOWN, told(causes)) if causes else Ruling(PASSED, keys=(direction,) if kind in GROUPS else ())


def default_group_closed(kind: str, body: Body, _options: Mapping[str, Any]) -> Ruling | None:
    """Return whether a default security group, as this block configures it, admits no traffic in or out."""
    if kind == _NETWORK:
        return Ruling(
            UNKNOWN, told(["depends on a value that is not in the code: what closes the default group of the network"])
        )
    if kind in RULES_IN_TEMPLATES:
        return _in_default_group(body)
    if kind != "aws_default_security_group":
        return _added_to_default_group(kind, body)
    causes: list[str] = []
    for name in ("ingress", "egress"):
        surely, perhaps, hidden = blocks(body, name)
        if surely:
            return Ruling(FAILED, keys=(name,))
        causes += hidden + [f"dynamic block: {name}" for _ in perhaps]
    return Ruling(UNKNOWN, told(causes)) if causes else Ruling(PASSED, keys=("egress", "ingress"))


def _added_to_default_group(kind: str, body: Body) -> Ruling | None:
    """Return whether a separate rule belongs to a default group; None for any other rule."""
    opens = opens_default_group(kind, body)
    if opens is None:
        return Ruling(UNKNOWN, cause(argument(body, "security_group_id")))
    return Ruling(FAILED, keys=("security_group_id",)) if opens else None


def _in_default_group(body: Body) -> Ruling | None:
    """Return whether a template's rule belongs to a default group; None for any other rule."""
    named = str(body.get("GroupId", body.get(OPEN_KEY, "")))
    if any(name.endswith(".DefaultSecurityGroup") for name in made_causes(named)):
        return Ruling(FAILED, keys=("GroupId",))
    return None


def acl_private(kind: str, body: Body, _options: Mapping[str, Any]) -> Ruling | None:
    """Return whether no ACL of a bucket or object grants access to everybody, or to all AWS customers.

    None for an object without an ACL.
    """
    if kind in OBJECTS and not any(is_set(body, name) for name in ("acl", "grant", OPEN_KEY, "dynamic")):
        return None
    found = list(openings(body))
    if places := tuple(place for place, why in found if why == OPEN):
        return Ruling(FAILED, keys=places)
    if OPEN_KEY in body and "AccessControl" not in body:
        found.append(("AccessControl", cause(body[OPEN_KEY])))
    return Ruling(UNKNOWN, told([why for _, why in found])) if found else Ruling(PASSED, keys=("acl",))


def module_pinned(_kind: str, body: Body, _options: Mapping[str, Any]) -> Ruling | None:
    """Return whether a module call pins the module's code; None for a module in the same repository."""
    pin = pin_of(argument(body, "source"), argument(body, "version"))
    if pin.how == LOCAL:
        return None
    results = {PINNED: PASSED, LOOSE: FAILED}
    return Ruling(results.get(pin.how, UNKNOWN), pin.cause, pin.decided_by)


def literal_secrets(kind: str, body: Body, options: Mapping[str, Any]) -> Ruling | None:
    """Return whether a block contains a literal secret; only its place and kind are reported.

    `of: computing` covers blocks that configure programs and machines, `of: builds` those of them that configure
    builds, `of: others` all other blocks; there, a block without a place for a secret gets no result.
    """
    others = options["of"] == "others"
    if (kind in (BUILDS if options["of"] == "builds" else COMPUTING)) is others:
        return None
    return secrets_judged(secrets_of(kind, body), speaks=not others)


def secrets_judged(secrets: Secrets, *, speaks: bool) -> Ruling | None:
    """Convert the secrets found in a block to a ruling. With `speaks`, a block without a place for a secret gets a
    ruling too.
    """
    if secrets.found:
        places = tuple(dict.fromkeys(item.path for item in secrets.found))[:_MOST_SHOWN]
        every = tuple(f"{path_without_numbers(item.path)} {item.kind} {item.mark}" for item in secrets.found)
        return Ruling(FAILED, keys=places, values=_shown(secrets.found), grounds=every)
    if secrets.hidden:
        return Ruling(UNKNOWN, told(list(secrets.hidden)))
    said = dict.fromkeys(secrets.elsewhere, ELSEWHERE) | dict.fromkeys(secrets.places, SEARCHED)
    said |= dict.fromkeys(secrets.unset, NOT_SET)
    places = tuple(said)[:_MOST_SHOWN]
    values = {_written(place): said[place] for place in places} or {WHOLE: SEARCHED}
    return Ruling(PASSED, keys=places, values=values) if speaks or said else None


def settings(kind: str, body: Body, options: Mapping[str, Any]) -> Ruling | None:
    """Return whether a resource is configured as a rule requires for its type (`settings.py`)."""
    asked = options["resources"][kind]
    found = said(asked, body)
    if not found.result:
        return None
    names = () if found.keys else sorted(set(_read(asked)))
    read = tuple(text for name in names for text in texts_of(name, body.get(name)))
    beside = found.beside if found.result == FAILED else ()
    shown = dict(found.told) if found.result == PASSED or beside else {}
    return Ruling(found.result, told(found.causes), found.keys[:_MOST_SHOWN], None, shown, read, beside)


def _read(asked: Any) -> Iterator[str]:
    """Yield the arguments that a question reads: the ruling rests on them if it names none."""
    parts = asked.items() if isinstance(asked, Mapping) else enumerate(asked) if isinstance(asked, list) else ()
    for word, part in parts:
        if word in _READING and isinstance(part, str):
            yield part.partition(".")[0]
        yield from _read(part)


_READING = frozenset({"at", "named", "some", "each", "elsewhere"})  # the words of a condition that a name follows


def _shown(found: Iterable[Detection]) -> dict[str, str]:
    return {_written(item.path): f"[removed: {item.kind}]" for item in list(found)[:_MOST_SHOWN]}


def _written(path: str) -> str:
    """Return a path in Terraform's notation: `environment.variables.DB_PASSWORD`."""
    return path.replace("/[", "[").replace("/", ".")


JUDGEMENTS: Mapping[str, Judgement] = {
    "open_ports": Judgement(
        open_ports,
        {
            "resource": (*INGRESS, *own_firewalls.TYPES),
            "template": (*template_rules.TYPES, *own_firewalls.IN_TEMPLATES),
        },
        added_to=dict.fromkeys(GROUPS, ""),
    ),
    "default_group_closed": Judgement(
        default_group_closed,
        {
            "resource": ("aws_default_security_group", BY_TYPE, INGRESS_RULE, EGRESS),
            "template": (_NETWORK, *RULES_IN_TEMPLATES),
        },
    ),
    "api_authorised": Judgement(authorised, {"resource": APIS}),
    "open_acl": Judgement(open_acl, {"resource": ACLS, "template": (ENTRY,)}, added_to={ACL: ""}),
    "acl_private": Judgement(
        acl_private,
        {"resource": ("aws_s3_bucket", "aws_s3_bucket_acl", *OBJECTS), "template": ("AWS::S3::Bucket",)},
        added_to={"aws_s3_bucket": "bucket"},
    ),
    "module_pinned": Judgement(module_pinned, {"module": ("module",)}),
    "blocking_scan": Judgement(blocking_scan, parts=("repository",)),
    "forbids": Judgement(forbids, named_by="values"),
    "settings": Judgement(settings, named_by="resources"),
    "literal_secrets": Judgement(
        literal_secrets, dict.fromkeys(("resource", "data", "module", "provider", "template"), ("*",))
    ),
    **{name: Judgement(ask, of_documents=True) for name, ask in questions.ASKED.items()},
}
