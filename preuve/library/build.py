"""Turns documents into the dataclasses of the model. Documents were validated before: their shapes are known here."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from msgspec import convert, structs

from preuve.library.shared_conditions import LIVE, Pieces, meaning, pieces, places, rules_of, written_out
from preuve.library.yaml.documents import Document, Path_
from preuve.model.content import (
    GITHUB,
    WORKSPACE,
    Absence,
    AbsentError,
    AuditQuarter,
    AwsRule,
    Call,
    CheckText,
    Control,
    CountCall,
    Crosswalk,
    EvidenceItem,
    Example,
    Framework,
    Parameter,
    PlannedFile,
    Policy,
    PolicyLink,
    Prepare,
    ProofCall,
    ResourceType,
    Text,
)
from preuve.model.errors import Position

T_co = TypeVar("T_co", covariant=True)


class LazySequence(Sequence[T_co]):
    """The items that `make` gives, made once; equal to the tuple of them."""

    def __init__(self, make: Callable[[], tuple[T_co, ...]]) -> None:
        self._make = make

    @cached_property
    def _items(self) -> tuple[T_co, ...]:
        return self._make()

    def __getitem__(self, place: Any) -> Any:
        return self._items[place]

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        return self._items == (other._items if isinstance(other, LazySequence) else other)

    def __hash__(self) -> int:
        return hash(self._items)


FRAMEWORK = "controls/framework.schema.json"
PLANNED = "controls/planned.schema.json"
CROSSWALK = "controls/crosswalk.schema.json"
EVIDENCE = "controls/evidence.schema.json"
PARAMETERS = "policies/params.schema.json"
POLICY = "policies/policy.schema.json"
CONTROL = "controls/control.schema.json"
AWS_COLLECTOR = "scanners/collector.schema.json"
GITHUB_COLLECTOR = "scanners/github.schema.json"
REGISTER_ENTRIES = "scanners/register.schema.json"
T = TypeVar("T")
_DAYS = re.compile(r"([0-9]+)d")
_SECONDS = re.compile(r"([0-9]+)s")
_WORDS = frozenset(
    {"title", "objective", "label", "rationale", "remediation", "limits", "not_shown", "details", "examples", "fix"}
)
# The lock has the revision itself; building a planned policy adds a link; `one_means` is about links only.
_BESIDE = frozenset({"rev", "planned", "claims", "one_means"})


def text(value: Any, kind: type[Text] = Text) -> Text:
    """Return a `{en, fr, …}` mapping as a text, or one string that is the same in all languages."""
    if isinstance(value, str):
        return kind(value, value)
    return kind(value["en"], value["fr"], {name: words for name, words in value.items() if name not in ("en", "fr")})


def digest(data: Mapping[str, Any]) -> str:
    """Return the hash of an item's meaning: everything except its words and examples."""
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


def typed(data: Mapping[str, Any], kind: type[T]) -> T:
    """Convert the data of a file, with additions, to its type."""
    return convert(data, kind, dec_hook=lambda asked, value: value if isinstance(value, asked) else text(value, asked))


def control(document: Document, framework: str) -> Control:
    """Return the control in a control file."""
    data = document.data
    kept = {
        "framework": framework,
        "position": document.position(),
        "policies": tuple(PolicyLink(name, strength) for name, strength in (data.get("policies") or {}).items()),
        "digest": digest(data),
    }
    return typed({**data, **kept}, Control)


def framework(document: Document, name: str, controls: tuple[Control, ...]) -> Framework:
    """Return a framework and its controls, from `controls/<name>/framework.yaml`."""
    return typed({**document.data, "id": name, "controls": controls}, Framework)


def planned(document: Document) -> PlannedFile:
    """Return the content of `controls/planned.yaml`."""
    return typed(document.data, PlannedFile)


def parameters(document: Document) -> dict[str, Parameter]:
    """Return the parameters of `policies/params.yaml` by their ids."""
    return {
        name: typed({**item, "id": name, "position": document.position(name)}, Parameter)
        for name, item in document.data.items()
    }


def evidence(document: Document) -> dict[str, EvidenceItem]:
    """Return the manual evidence items of `controls/evidence.yaml`."""
    return {item["id"]: typed(item, EvidenceItem) for item in _placed(document, "evidence")}


def _placed(document: Document, *path: str | int) -> list[dict[str, Any]]:
    """Return the items of a list, each with its position."""
    data = document.data
    for key in path:
        data = data[key]
    return [{**item, "position": document.position(*path, index)} for index, item in enumerate(data)]


def crosswalk(document: Document) -> Crosswalk:
    """Return the content of `controls/crosswalk.yaml`."""
    links = [{**item, "from_": item["from"]} for item in _placed(document, "links")]
    guides = [
        {**guide, "entries": _placed(document, "guides", index, "entries")}
        for index, guide in enumerate(document.data["guides"])
    ]
    return typed({"links": links, "guides": guides}, Crosswalk)


def audit_rotation(document: Document) -> tuple[AuditQuarter, ...]:
    """Return the quarters of the internal audit in `controls/evidence.yaml`, in their order."""
    declared = document.data.get("internal_audit_rotation") or {}
    return tuple(typed({**item, "id": name}, AuditQuarter) for name, item in sorted(declared.items()))


# ---- policies -----------------------------------------------------------------------------------------------------


def policy(document: Document, known: Pieces) -> Policy:
    """Return the policy in a policy file; `known` are the conditions that policies share."""
    data, known = document.data, {**known, **pieces(document, "shared")}
    rules = tuple(_rule(rule, document, path, known) for path, rule in rules_of(document))
    kept = {
        "remediation": _remediation(data["remediation"]),
        "position": document.position(),
        "aws": rules,
        "iac": _iac(document),
        "examples": (),
        "digest": digest(meaning(data, known)),
    }
    return replace(typed({**data, **kept}, Policy), examples=_examples(document, rules))


def _iac(document: Document) -> dict[str, Any] | None:
    data = document.data.get("iac")
    places = [document.position("iac", "checkov", number) for number in range(len(data["checkov"]) if data else 0)]
    return {**data, "positions": places} if data else None


def _remediation(data: Mapping[str, Any]) -> Text:
    """Return the words of each language with the code that is written once for all of them."""
    blocks = (f"```{kind}\n{code.rstrip()}\n```\n" for block in data.get("code") or () for kind, code in block.items())
    code, then = "".join(blocks), data.get("then") or {}

    def whole(language: str) -> str:
        words = data[language].rstrip("\n") + "\n" if code else data[language]
        behind = then.get(language) or then.get("en", "")
        return f"{words}{code}\n{behind}" if behind else words + code

    return text({language: whole(language) for language in data if language not in ("code", "then")})


def check_texts(document: Document) -> dict[str, CheckText]:
    """Return the content of `scanners/checks.yaml`."""
    return {name: check_text(item, document.position(name)) for name, item in document.data.items()}


def check_text(data: Mapping[str, Any], position: Position) -> CheckText:
    """Return the texts of one check."""
    causes = [{**cause, "asks": _asks(cause.get("asks") or {})} for cause in data.get("causes") or ()]
    kept = {"why": data["why"], "asks": _asks(data.get("asks") or {}), "causes": causes, "position": position}
    return typed(kept, CheckText)


def _asks(data: Mapping[str, Any]) -> dict[str, Text]:
    """Return the requirement of each check as a text; code is the same in all languages."""
    return {kind: text(value) for kind, value in data.items()}


def _rule(data: Mapping[str, Any], document: Document, path: Path_, known: Pieces) -> AwsRule:
    asserted, when = data["assert"].strip(), data.get("when", "").strip()
    position, when_position = document.text_position(*path, "assert"), document.text_position(*path, "when")
    kept = {
        "assert_": written_out(asserted, known).strip(),
        "position": position,
        "when": written_out(when, known).strip(),
        "when_position": when_position if when else None,
        "places": places(asserted, position, known),
        "when_places": places(when, when_position, known),
        "absent": {member: _absence(value) for member, value in (data.get("absent") or {}).items()},
    }
    return typed({**data, **kept}, AwsRule)


def _absence(value: Any) -> Absence:
    return Absence("is", value["is"]) if isinstance(value, dict) else Absence(value)


def _examples(document: Document, rules: tuple[AwsRule, ...]) -> Sequence[Example]:
    apart = document.examples
    return _examples_in(document, rules) if apart is None else LazySequence(lambda: _examples_in(apart(), rules))


def _examples_in(document: Document, rules: tuple[AwsRule, ...]) -> tuple[Example, ...]:
    only = rules[0].resource if len(rules) == 1 else ""
    return tuple(
        typed(
            {"type": only, **item, "expected": expected, "position": document.position("examples", expected, index)},
            Example,
        )
        for expected, items in (document.data.get("examples") or {}).items()
        for index, item in enumerate(items)
    )


# ---- collectors ---------------------------------------------------------------------------------------------------


def resource_types(document: Document) -> dict[str, ResourceType]:
    """Return the resource types of a collector file."""
    service = document.data.get("service", "")
    return {name: _resource_type(name, service, data, document) for name, data in document.data["resources"].items()}


def github_types(document: Document) -> dict[str, ResourceType]:
    """Return the resource types of a file in `scanners/github/`: each is read once for the organization."""
    unit = document.data["service"]
    return {
        name: structs.replace(_resource_type(name, GITHUB, data, document), service=unit, scope="global")
        for name, data in document.data["resources"].items()
    }


def _resource_type(name: str, service: str, data: Mapping[str, Any], document: Document) -> ResourceType:
    base: tuple[str | int, ...] = ("resources", name)
    singleton, identity = data["list"] == "one", data.get("identity") or {}
    kept = {
        "name": name,
        "service": service,
        "position": document.position(*base),
        "singleton": singleton,
        "lists": () if singleton else _lists(data["list"], service, document, (*base, "list")),
        "hydrate": _call(data["hydrate"], service, document.position(*base, "hydrate")) if "hydrate" in data else None,
        "identity": identity.get("id", ""),
        "arn": identity.get("arn", ""),
        "beside": identity.get("beside"),
        "digest": _hash([service, data]),
    }
    calls = {key: _calls(data[key], service, document, (*base, key)) for key in ("fallback", "details") if key in data}
    return typed({**data, **kept, **calls}, ResourceType)


def register_types(document: Document) -> dict[str, ResourceType]:
    """Return the resource types of a file in `scanners/registers/`."""
    return {name: _register_type(name, data, document) for name, data in document.data["resources"].items()}


def _register_type(name: str, data: Mapping[str, Any], document: Document) -> ResourceType:
    kept = {
        "name": name,
        "service": "",
        "position": document.position("resources", name),
        "scope": WORKSPACE,
        "members": {member: item["type"] for member, item in data["members"].items()},
        "columns": {member: item["column"] for member, item in data["members"].items()},
        "digest": _hash(data),
    }
    return typed({**data, **kept}, ResourceType)


def _lists(data: Any, service: str, document: Document, path: tuple[str | int, ...]) -> tuple[Call, ...]:
    if isinstance(data, list):
        return tuple(_call(item, service, document.position(*path, index)) for index, item in enumerate(data))
    return (_call(data, service, document.position(*path)),)


def _calls(data: Any, service: str, document: Document, path: tuple[str | int, ...]) -> dict[str, Call]:
    return {member: _call(value, service, document.position(*path, member)) for member, value in data.items()}


def _call(data: Mapping[str, Any], service: str, position: Position) -> Call:
    own = data.get("service", service)
    kept = {
        "service": own,
        "position": position,
        "ago": {name: _number(_DAYS, value) for name, value in (data.get("ago") or {}).items()},
        "absent": tuple(_absent_error(item) for item in data.get("absent") or ()),
        "iam": (f"{data['permission']}: read",) if "permission" in data else data.get("iam") or (),
        "prepare": _prepare(data.get("prepare"), own, position),
        "counted": _counted(data.get("counted"), own, position),
        "proved": _proved(data.get("proved"), own, position),
    }
    return typed({**data, **kept}, Call)


def _counted(data: Any, service: str, position: Position) -> CountCall | None:
    return CountCall(_call(data, service, position), tuple(data["sum"])) if data else None


def _proved(data: Any, service: str, position: Position) -> ProofCall | None:
    if not data:
        return None
    return ProofCall(_call(data, service, position), {name: tuple(values) for name, values in data["where"].items()})


def _prepare(data: Any, service: str, position: Position) -> Prepare | None:
    if not data:
        return None
    return Prepare(_call(data, service, position), data["until"], _number(_SECONDS, data["at_most"]))


def _number(pattern: re.Pattern[str], value: str) -> int:
    match = pattern.fullmatch(value)
    return int(match.group(1)) if match else 0


def _absent_error(item: Any) -> AbsentError:
    return AbsentError(**item) if isinstance(item, dict) else AbsentError(item)
