"""Secrets that are written out in a block: by their form, or as a literal value under a name that tells of one.

Looked through are all values, and what is packed in them: JSON, base64, gzip, and assignments in scripts. Where a value
comes from outside of the code (a variable without one, a resource, a data source) there is no secret in the code. What
runs on a machine and was not seen (a file that is not read) is not known. A value is never kept: only its place and
what kind of secret it is.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from preuve.collect.iac.bodies import PART, Body, argument, cause, leaves, not_known
from preuve.collect.iac.marks import shown
from preuve.collect.iac.secret_names import is_literal, is_set_later, is_stand_in, tells
from preuve.redact.secrets import certain

NAMED = "telling_name"

# What runs programs or makes machines: whoever may look at it reads its configuration.
COMPUTING = frozenset(
    {
        *(
            "aws_lambda_function",
            "aws_ecs_task_definition",
            "aws_instance",
            "aws_launch_template",
            "aws_spot_instance_request",
        ),
        *("aws_launch_configuration", "aws_spot_fleet_request", "aws_batch_job_definition", "aws_apprunner_service"),
        *("aws_codebuild_project", "aws_elastic_beanstalk_environment", "aws_elastic_beanstalk_configuration_template"),
        *(
            "aws_lightsail_instance",
            "aws_lightsail_container_service_deployment_version",
            "aws_glue_job",
            "aws_amplify_app",
        ),
        *("aws_amplify_branch", "aws_sagemaker_model", "aws_sagemaker_notebook_instance_lifecycle_configuration"),
        *("aws_imagebuilder_component", "aws_imagebuilder_image_recipe", "aws_mwaa_environment", "aws_ssm_document"),
        *("aws_emr_cluster", "aws_emrserverless_application", "aws_ecs_service", "aws_synthetics_canary"),
        *(
            "aws_opsworks_application",
            "aws_datapipeline_pipeline_definition",
            "aws_gamelift_fleet",
            "aws_cloudfront_function",
        ),
    }
)

_META = frozenset(
    {"depends_on", "lifecycle", "provider", "providers", "count", "for_each", "source", "version", "timeouts"}
)
# The value of these says what programs run with or on what: if it is not known, nothing was seen.
_CONTENT = frozenset(
    {
        *(
            "user_data",
            "user_data_base64",
            "container_definitions",
            "container_properties",
            "node_properties",
            "variables",
        ),
        *("environment", "environment_variables", "runtime_environment_variables", "buildspec", "default_arguments"),
        *("inline", "data", "content", "on_create", "on_start", "airflow_configuration_options", "build_spec"),
    }
)
_STRICT: Mapping[str, frozenset[str]] = {
    "aws_api_gateway_api_key": frozenset({"value"}),
    "aws_secretsmanager_secret_version": frozenset({"secret_string", "secret_binary", "secret_string_wo"}),
    "kubernetes_secret": frozenset({"data", "binary_data", "string_data"}),
    "kubernetes_secret_v1": frozenset({"data", "binary_data", "data_wo", "binary_data_wo"}),
}
# Beside a secret in the same document.
_OPEN_MEMBERS = frozenset(
    {
        *(
            "username",
            "user",
            "engine",
            "host",
            "hostname",
            "port",
            "dbname",
            "database",
            "dbinstanceidentifier",
            "region",
        ),
        *(
            "dbclusteridentifier",
            "endpoint",
            "url",
            "masterarn",
            "account",
            "name",
            "type",
            "clientid",
            "email",
            "schema",
        ),
    }
)
_PARAMETER = "aws_ssm_parameter"
PROVIDER = "provider."
_AWS = f"{PROVIDER}aws"  # its keys have forms of their own, and one that has not is a stand-in
_NAME_MEMBERS, _VALUE_MEMBERS = ("name", "Name", "key", "Key", "env_name"), ("value", "Value")
_REFERENCED = re.compile(r"parameter_?store|secrets_?manager", re.IGNORECASE)

_REFERENCE = r"(?:var|module|data|local|self|ephemeral|path|[a-z][a-z0-9]*_\w+)\.[\w.\[\]\"'*/-]+"
# References, and what only takes a part of what they name: no literal is in it.
_TAKING = (
    r"(?:(?:jsondecode|yamldecode|nonsensitive|sensitive|tostring|try|coalesce|one|lookup|element|trimspace|chomp)\()*"
)
_OUTSIDE = re.compile(rf"{_TAKING}{_REFERENCE}\)*[\w.\[\]\"'*-]*(?:, ?{_REFERENCE}\)*)*")
_PART_OF_A_SECRET = 6  # characters
_HOLE = "$/"  # in place of what is not known: no secret goes over it

_ASSIGNED = re.compile(
    r"(?<![\w.-])(?:--)?(?P<name>[A-Za-z_][\w.-]{1,80}?)[\"']?\s{0,3}(?:=|:(?=[\s\"']))\s{0,3}"
    r"(?=\"(?P<double>[^\"\n]{1,400})\"|'(?P<single>[^'\n]{1,400})'|(?P<plain>[^\s\"'<>,;|&)(=]{4,400}))"
)
_OPTION = re.compile(r"--[a-z-]*(?:password|passwd|token|api-key|secret)[ =][\"']?(?P<value>[^\s\"']{4,})")
_LOGIN = re.compile(
    r"(?:\s-u|--user)[ =]?[\"']?[\w.@-]+:(?P<value>[^\s\"'@/]{4,})"
    r"|\becho\s+[\"']?\w+:(?P<changed>[^\s\"'|]{4,})[\"']?\s*\|\s*(?:sudo\s+)?chpasswd"
)
_HEADER = re.compile(r"(?i)\bauthorization[\"']?\s*[:=]\s*[\"']?(?:bearer|basic|token)\s+(?P<value>[\w.+/=~-]{8,})")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:(?P<value>[^/\s@]+)@")
_KEY_LIKE = re.compile(
    r"(?<![A-Za-z0-9/+=_-])(?=[^A-Z]{0,40}[A-Z])(?=[^a-z]{0,40}[a-z])(?=[^0-9]{0,40}[0-9])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_-])"
)
_RANDOM = 4.25  # bits for each sign: of 40 random ones some 4.7, of words fewer
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{24,}={0,2}\s*")
_GZIP = b"\x1f\x8b"
_LONGEST = 1_000_000  # characters that are looked through
_DEEPEST = 40
_LEAST_NUMBER = 100_000  # a smaller one is a port or a number of seconds


@dataclass(frozen=True)
class Found:
    """A secret: where it is and how it was told, without its value."""

    path: str
    kind: str


@dataclass(frozen=True)
class _Place:
    """Where a value is: its path, the name that it has, and how that name is to be read."""

    path: str = ""
    name: str = ""
    free: bool = False  # people chose the name
    strict: bool = False  # whatever stands here is a secret
    depth: int = 0

    def step(self, name: str, *, free: bool, strict: bool = False) -> _Place:
        path = f"{self.path}/{name}" if self.path else name
        return _Place(path, name, free, strict, self.depth + 1)

    def at(self, number: int) -> _Place:
        return _Place(f"{self.path}/[{number}]", self.name, self.free, self.strict, self.depth + 1)


@dataclass
class _Search:
    kind: str
    later: frozenset[str]  # arguments of which changes are ignored
    runs: bool  # it is what a program runs on
    found: dict[Found, None] = field(default_factory=dict)
    hidden: dict[str, None] = field(default_factory=dict)
    places: dict[str, None] = field(default_factory=dict)

    def value(self, value: Any, place: _Place) -> None:
        if place.depth > _DEEPEST:
            self.hidden[f"{place.path}: too deep"] = None
        elif isinstance(value, Mapping):
            self.members(value, place)
        elif isinstance(value, list | tuple):
            for number, item in enumerate(value):
                self.value(item, place if len(value) == 1 else place.at(number))
        elif isinstance(value, str):
            self.text(value, place)
        elif isinstance(value, int) and value >= _LEAST_NUMBER:
            self.named(str(value), place)

    def members(self, value: Body, place: _Place) -> None:
        """The members of a block or a map; of a pair of name and value the value under that name."""
        name_member = next((name for name in _NAME_MEMBERS if isinstance(argument(value, name), str)), "")
        value_member = next((name for name in _VALUE_MEMBERS if name in value), "")
        pair = bool(name_member and value_member)
        for name, item in value.items():
            if str(name).startswith("__") or (place.depth == 0 and name in _META):
                continue
            if pair and name == value_member:
                if not _REFERENCED.search(str(argument(value, "type"))):
                    self.value(item, self.paired(str(argument(value, name_member)), value, place))
            else:
                self.value(item, self.member(str(name), item, place))

    def paired(self, name: str, pair: Body, place: _Place) -> _Place:
        """The place of the value of a pair, under the name that the pair gives it."""
        told = "" if not_known(name) else name.rsplit("/", 1)[-1]
        strict = place.strict or "value" in _STRICT.get(self.kind, ())
        strict = strict or (self.kind == _PARAMETER and argument(pair, "type") == "SecureString")
        step = place.step("value" if place.depth == 0 else told or "value", free=True, strict=strict)
        return replace(step, name=told)

    def member(self, name: str, item: Any, place: _Place) -> _Place:
        free = not isinstance(item, list) and place.depth > 0
        strict = name in _STRICT.get(self.kind, ()) or (
            place.strict and name.lower().replace("_", "") not in _OPEN_MEMBERS
        )
        return place.step(name, free=free, strict=strict)

    def text(self, text: str, place: _Place) -> None:
        """A text as it is, and what is packed in it."""
        if len(text) > _LONGEST:
            self.hidden[f"{place.path}: longer than {_LONGEST} characters"] = None
            return
        if not_known(text):
            self.unknown(text, place)
            text = PART.sub(_HOLE, text) if PART.search(text) else f"{_HOLE} {text}"
        inner = _unpacked(text)
        if inner is not None:
            self.value(inner, replace(place, depth=place.depth + 1))
            return
        kinds = list(_kinds(text))
        for kind in kinds:
            self.note(Found(place.path, kind))
        if not kinds and _HOLE not in text:
            self.named(text, place)

    def unknown(self, text: str, place: _Place) -> None:
        """Why a text that is not known in whole or in part may hold a secret."""
        telling = place.strict or tells(place.name, free=place.free)
        if telling:
            self.places[place.path] = None
        outside = all(_OUTSIDE.fullmatch(part.strip()) for part in _parts(text))
        beside = PART.sub("", text).strip()  # what is written out beside what is not known
        whole = not beside or not PART.search(text)
        open_ = not outside or len(beside) >= _PART_OF_A_SECRET
        if (telling and open_) or (self.runs and place.name in _CONTENT and (whole or not outside)):
            self.hidden[f"{place.path}: {cause(text)}"] = None

    def named(self, text: str, place: _Place) -> None:
        if self.kind == _AWS or not (place.strict or tells(place.name, free=place.free)):
            return
        self.places[place.path] = None
        later = "all" in self.later or place.path.split("/", 1)[0] in self.later
        spared = (later and is_set_later(text)) or (self.kind.startswith(PROVIDER) and is_stand_in(text))
        if is_literal(text, free=place.free and not place.strict) and not spared:
            self.note(Found(place.path, NAMED))

    def note(self, found: Found) -> None:
        self.found[found] = None


def secrets_of(kind: str, body: Body) -> tuple[tuple[Found, ...], tuple[str, ...], tuple[str, ...]]:
    """The secrets in a block, why there may be others, and the places where one would be."""
    search = _Search(kind, frozenset(_ignored(body)), kind in COMPUTING)
    search.value(body, _Place())
    return tuple(search.found), tuple(search.hidden), tuple(search.places)


def _ignored(body: Body) -> Iterator[str]:
    for block in leaves(body.get("lifecycle")):
        if isinstance(block, Mapping):
            yield from (
                re.split(r"[.\[]", str(name).strip("${}"), maxsplit=1)[0]
                for name in leaves(block.get("ignore_changes"))
            )


def _parts(text: str) -> list[str]:
    """The expressions in a text; the text where it is one as a whole."""
    return [match[1] or "" for match in PART.finditer(text)] or [shown(text)]


def _unpacked(text: str) -> Any:
    """What a text holds that is JSON or base64; None where it is neither."""
    stripped = text.strip()
    if stripped[:1] in ("{", "["):
        try:
            value = json.loads(stripped)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict | list) else None
    return _decoded(stripped) if _BASE64.fullmatch(stripped) else None


def _decoded(text: str) -> str | None:
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
        if data.startswith(_GZIP):
            data = zlib.decompressobj(wbits=31).decompress(data, _LONGEST)
        found = data.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, zlib.error):
        return None
    return found if found and all(sign.isprintable() or sign.isspace() for sign in found) else None


def _kinds(text: str) -> Iterator[str]:
    """The kinds of secrets in a text by their form: what is one anywhere, and what a script sets or sends."""
    yield from (name for name in certain(text) if name != "url_password")
    if "@" in text and any(is_literal(match["value"], free=False) for match in _URL.finditer(text)):
        yield "url_password"
    if any(_is_random(match[0]) for match in _KEY_LIKE.finditer(text)):
        yield "aws_secret_key"
    if " " in text or "\n" in text or "=" in text or ":" in text:
        if any(_assigns(match) for match in _ASSIGNED.finditer(text)):
            yield "assignment"
        said = (match for pattern in (_OPTION, _LOGIN, _HEADER) for match in pattern.finditer(text))
        if any(is_literal(value, free=True) for match in said for value in match.groups() if value):
            yield "argument"


def _is_random(text: str) -> bool:
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values()) >= _RANDOM


def _assigns(match: re.Match[str]) -> bool:
    value = match["double"] or match["single"] or match["plain"] or ""
    return (
        tells(match["name"], free=True)
        and is_literal(value, free=True)
        and _HOLE not in value
        and value[:1] not in "$`\\"
    )
