"""Turns documents into the dataclasses of the model. Documents were validated: shapes are known here."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from preuve.library.shared import LIVE, Pieces, meaning, pieces, places, rules_of, written_out
from preuve.library.yaml.documents import Document, Path_
from preuve.model.content import (
    GITHUB,
    WORKSPACE,
    Absence,
    AbsentError,
    AuditQuarter,
    Automation,
    AwsRule,
    Call,
    CheckText,
    Claim,
    Control,
    Counted,
    CountedBy,
    Crosswalk,
    CrosswalkLink,
    EvidenceItem,
    Example,
    Guide,
    GuideEntry,
    IacRule,
    Policy,
    PolicyLink,
    Prepare,
    Relation,
    ResourceType,
    Severity,
    Text,
)
from preuve.model.errors import Position
from preuve.model.later import Later

_DAYS = re.compile(r"([0-9]+)d")
_SECONDS = re.compile(r"([0-9]+)s")
_WORDS = frozenset(
    {"title", "objective", "label", "rationale", "remediation", "limits", "not_shown", "details", "examples", "fix"}
)
_BESIDE = frozenset(
    {"rev", "planned", "claims"}
)  # the lock holds the revision itself; building a planned policy adds a link


def text(value: Any) -> Text:
    """A `{en, fr, …}` mapping as Text."""
    return Text(value["en"], value["fr"], {name: words for name, words in value.items() if name not in ("en", "fr")})


def optional_text(value: Any) -> Text | None:
    """A `{en, fr}` mapping, or nothing."""
    return text(value) if value else None


def digest(data: Mapping[str, Any]) -> str:
    """The hash of what an item means: everything except its words and examples."""
    meaning = {key: value for key, value in data.items() if key not in _WORDS | _BESIDE}
    for side in LIVE:
        if rules := meaning.get(side):
            meaning[side] = list(map(_without_words, rules)) if isinstance(rules, list) else _without_words(rules)
    return _hash(meaning)


def _hash(data: Any) -> str:
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _without_words(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in rule.items() if key != "asks"}


def control(document: Document, framework: str) -> Control:
    """A control file."""
    data = document.data
    return Control(
        id=data["id"],
        framework=framework,
        rev=data["rev"],
        title=text(data["title"]),
        objective=text(data["objective"]),
        automation=Automation(data["automation"]),
        position=document.position(),
        group=data.get("group", ""),
        ref=data.get("ref", ""),
        label=optional_text(data.get("label")),
        claims=tuple(Claim(text(item["text"]), tuple(item["policies"])) for item in data.get("claims") or ()),
        not_shown=optional_text(data.get("not_shown")),
        policies=tuple(PolicyLink(name, strength) for name, strength in (data.get("policies") or {}).items()),
        planned=tuple(data.get("planned") or ()),
        evidence=tuple(data.get("evidence") or ()),
        same_policies_as=data.get("same_policies_as", ""),
        details=data.get("details") or {},
        digest=digest(data),
    )


def evidence(document: Document) -> dict[str, EvidenceItem]:
    """The manual evidence items of `controls/evidence.yaml`."""
    items = {}
    for index, item in enumerate(document.data["evidence"]):
        items[item["id"]] = EvidenceItem(
            id=item["id"],
            title=text(item["title"]),
            template=item.get("template", ""),
            controls=tuple(item["controls"]),
            auditor_expects=text(item["auditor_expects"]),
            cadence=item["cadence"],
            freshness_days=item["freshness_days"],
            owner_role=item["owner_role"],
            position=document.position("evidence", index),
            mandatory_by=item.get("mandatory_by", ""),
        )
    return items


def crosswalk(document: Document) -> Crosswalk:
    """`controls/crosswalk.yaml`."""
    links = tuple(
        CrosswalkLink(
            item["from"],
            tuple(item["to"]),
            item["strength"],
            text(item["why"]),
            text(item["gap"]),
            document.position("links", index),
        )
        for index, item in enumerate(document.data["links"])
    )
    return Crosswalk(links, tuple(_guide(document, index) for index in range(len(document.data["guides"]))))


def _guide(document: Document, index: int) -> Guide:
    data = document.data["guides"][index]
    entries = tuple(
        GuideEntry(
            item["id"], text(item["title"]), item["links"], document.position("guides", index, "entries", number)
        )
        for number, item in enumerate(data["entries"])
    )
    return Guide(data["id"], text(data["title"]), entries, optional_text(data.get("note")))


def audit_rotation(document: Document) -> tuple[AuditQuarter, ...]:
    """The quarters of the internal audit in `controls/evidence.yaml`, in their order."""
    declared = document.data.get("internal_audit_rotation") or {}
    return tuple(
        AuditQuarter(name, text(item["theme"]), frozenset([*item["iso"], *item["gdpr"]]))
        for name, item in sorted(declared.items())
    )


# ---- policies -----------------------------------------------------------------------------------------------------


def policy(document: Document, known: Pieces) -> Policy:
    """A policy file; `known` are the conditions that policies share."""
    data, known = document.data, {**known, **pieces(document, "shared")}
    rules = tuple(_rule(rule, document, path, known) for path, rule in rules_of(document))
    return Policy(
        id=data["id"],
        rev=data["rev"],
        title=text(data["title"]),
        severity=Severity(data["severity"]),
        rationale=text(data["rationale"]),
        remediation=_remediation(data["remediation"]),
        position=document.position(),
        aws=rules,
        iac=_iac(data.get("iac")),
        params=tuple(data.get("params") or ()),
        limits=optional_text(data.get("limits")),
        examples=_examples(document, rules),
        digest=digest(meaning(data, known)),
        fix=data.get("fix") or {},
    )


def _remediation(data: Mapping[str, Any]) -> Text:
    """The words of each language with the code that is written once for all of them."""
    blocks = (f"```{kind}\n{code.rstrip()}\n```\n" for block in data.get("code") or () for kind, code in block.items())
    code, then = "".join(blocks), data.get("then") or {}

    def whole(language: str) -> str:
        words = data[language].rstrip("\n") + "\n" if code else data[language]
        behind = then.get(language) or then.get("en", "")
        return f"{words}{code}\n{behind}" if behind else words + code

    return text({language: whole(language) for language in data if language not in ("code", "then")})


def check_texts(document: Document) -> dict[str, CheckText]:
    """`scanners/checks.yaml`."""
    return {
        name: CheckText(text(item["why"]), document.position(name), _asks(item.get("asks") or {}))
        for name, item in document.data.items()
    }


def _asks(data: Mapping[str, Any]) -> dict[str, Text]:
    """What is code alone is the same in all languages."""
    return {kind: text(value) if isinstance(value, dict) else Text(value, value) for kind, value in data.items()}


def _rule(data: Mapping[str, Any], document: Document, path: Path_, known: Pieces) -> AwsRule:
    asserted, when = data["assert"].strip(), data.get("when", "").strip()
    position, when_position = document.text_position(*path, "assert"), document.text_position(*path, "when")
    return AwsRule(
        resource=data["resource"],
        assert_=written_out(asserted, known).strip(),
        position=position,
        when=written_out(when, known).strip(),
        when_position=when_position if when else None,
        places=places(asserted, position, known),
        when_places=places(when, when_position, known),
        absent={member: _absence(value) for member, value in (data.get("absent") or {}).items()},
        within=data.get("within", ""),
        breach_only=optional_text(data.get("breach_only")),
        asks=optional_text(data.get("asks")),
    )


def _absence(value: Any) -> Absence:
    return Absence("is", value["is"]) if isinstance(value, dict) else Absence(value)


def _iac(data: Any) -> IacRule | None:
    if not data:
        return None
    return IacRule(
        checkov=tuple(data["checkov"]),
        equivalence=data["equivalence"],
        note=optional_text(data.get("note")),
        tagged=_tag_sets(data.get("tagged")),
        untagged=_tag_sets(data.get("untagged")),
        one_suffices=data.get("one_suffices", False),
        other_providers=data.get("other_providers", False),
    )


def _tag_sets(data: Any) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    return tuple({name: tuple(values) for name, values in item.items()} for item in data or ())


def _examples(document: Document, rules: tuple[AwsRule, ...]) -> Sequence[Example]:
    apart = document.examples
    return _examples_in(document, rules) if apart is None else Later(lambda: _examples_in(apart(), rules))


def _examples_in(document: Document, rules: tuple[AwsRule, ...]) -> tuple[Example, ...]:
    only = rules[0].resource if len(rules) == 1 else ""
    return tuple(
        Example(
            expected=expected,
            position=document.position("examples", expected, index),
            type=item.get("type", only),
            resource=item["resource"],
            name=item.get("name", ""),
            account=item.get("account") or {},
            region=item.get("region") or {},
            org=item.get("org") or {},
            params=item.get("params") or {},
            environment=item.get("environment", ""),
            now=item.get("now", ""),
            unread=tuple(item.get("unread") or ()),
            newer=item.get("newer", False),
        )
        for expected, items in (document.data.get("examples") or {}).items()
        for index, item in enumerate(items)
    )


# ---- collectors ---------------------------------------------------------------------------------------------------


def resource_types(document: Document) -> dict[str, ResourceType]:
    """The resource types of a collector file."""
    service = document.data.get("service", "")
    return {name: _resource_type(name, service, data, document) for name, data in document.data["resources"].items()}


def github_types(document: Document) -> dict[str, ResourceType]:
    """The resource types of a file in `scanners/github/`: each is read once for the organization."""
    unit = document.data["service"]
    return {
        name: replace(_resource_type(name, GITHUB, data, document), service=unit, scope="global")
        for name, data in document.data["resources"].items()
    }


def _resource_type(name: str, service: str, data: Mapping[str, Any], document: Document) -> ResourceType:
    base: tuple[str | int, ...] = ("resources", name)
    at = document.position(*base)
    singleton = data["list"] == "one"
    identity = data.get("identity") or {}
    return ResourceType(
        name=name,
        service=service,
        position=at,
        scope=data.get("scope", "region"),
        singleton=singleton,
        declared=data.get("members") or {},
        newer=data.get("newer") or {},
        lists=() if singleton else _lists(data["list"], service, document, (*base, "list")),
        hydrate=_call(data["hydrate"], service, document.position(*base, "hydrate")) if data.get("hydrate") else None,
        transforms=data.get("as") or {},
        identity=identity.get("id", ""),
        arn=identity.get("arn", ""),
        in_region=data.get("in_region", ""),
        fallback=_calls(data.get("fallback"), service, document, (*base, "fallback")),
        details=_calls(data.get("details"), service, document, (*base, "details")),
        relations={member: _relation(value) for member, value in (data.get("relations") or {}).items()},
        personal=tuple(data.get("personal") or ()),
        counted_by=CountedBy(**data["counted_by"]) if "counted_by" in data else None,
        digest=_hash([service, data]),
    )


def register_types(document: Document) -> dict[str, ResourceType]:
    """The resource types of a file in `scanners/registers/`."""
    return {
        name: ResourceType(
            name=name,
            service="",
            position=document.position("resources", name),
            scope=WORKSPACE,
            declared={member: item["type"] for member, item in data["members"].items()},
            registers=tuple(data["registers"]),
            columns={member: item["column"] for member, item in data["members"].items()},
            identity=data["identity"],
            relations={member: _relation(value) for member, value in (data.get("relations") or {}).items()},
            personal=tuple(data.get("personal") or ()),
            digest=_hash(data),
        )
        for name, data in document.data["resources"].items()
    }


def _lists(data: Any, service: str, document: Document, path: tuple[str | int, ...]) -> tuple[Call, ...]:
    if isinstance(data, list):
        return tuple(_call(item, service, document.position(*path, index)) for index, item in enumerate(data))
    return (_call(data, service, document.position(*path)),)


def _calls(data: Any, service: str, document: Document, path: tuple[str | int, ...]) -> dict[str, Call]:
    return {member: _call(value, service, document.position(*path, member)) for member, value in (data or {}).items()}


def _call(data: Mapping[str, Any], service: str, position: Position) -> Call:
    own = data.get("service", service)
    return Call(
        service=own,
        operation=data["call"],
        position=position,
        take=data.get("take", ""),
        with_=data.get("with") or {},
        const=data.get("const") or {},
        ago={name: _number(_DAYS, value) for name, value in (data.get("ago") or {}).items()},
        transform=data.get("as"),
        absent=tuple(_absent_error(item) for item in data.get("absent") or ()),
        iam=(f"{data['permission']}: read",) if "permission" in data else tuple(data.get("iam") or ()),
        for_each=data.get("for_each", ""),
        name=data.get("name", ""),
        only_in=data.get("only_in", ""),
        needs=data.get("needs", ""),
        batch=data.get("batch") or {},
        batch_size=data.get("size", 0),
        match=data.get("match") or {},
        prepare=_prepare(data.get("prepare"), own, position),
        counted=_counted(data.get("counted"), own, position),
    )


def _counted(data: Any, service: str, position: Position) -> Counted | None:
    return Counted(_call(data, service, position), tuple(data["sum"])) if data else None


def _prepare(data: Any, service: str, position: Position) -> Prepare | None:
    if not data:
        return None
    return Prepare(_call(data, service, position), data["until"], _number(_SECONDS, data["at_most"]))


def _number(pattern: re.Pattern[str], value: str) -> int:
    match = pattern.fullmatch(value)
    return int(match.group(1)) if match else 0


def _absent_error(item: Any) -> AbsentError:
    return AbsentError(item["code"], item.get("message", "")) if isinstance(item, dict) else AbsentError(item)


def _relation(data: Mapping[str, Any]) -> Relation:
    return Relation(
        type=data["type"],
        where=data.get("where") or {},
        one=data.get("one", False),
        across=data.get("across", "region"),
        distinct=data.get("distinct", False),
        only=data.get("only") or {},
    )
