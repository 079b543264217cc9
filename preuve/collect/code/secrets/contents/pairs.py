"""Recognises pairs of a name and a value in a block, and members that name the value of another one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from preuve.collect.code.judgements.bodies import Body, argument
from preuve.collect.code.secrets.places import (
    Role,
    is_for,
    is_own_header,
    names_a_key_outside,
    says_who_sends,
)
from preuve.redact.notations.ciphertexts import is_encoded_ciphertext
from preuve.redact.notations.values import is_name_of_key

_SEALED, _BASE64 = "secure", re.compile(r"(?:v1:)?[A-Za-z0-9+/:]{16,}={0,2}")
# Members that take an encrypted value, and how its base64 begins: of KMS, and of a controller that decrypts in a
# Kubernetes cluster (after the length of its key).
_OF_KMS, _BY_KMS = ("data.aws_kms_secrets", "payload"), re.compile(r"AQ[EI][BCD]A|Ci[A-D]")
_OF_SEALED_SECRETS, _BY_A_CONTROLLER = "encryptedData", re.compile(r"A[gQ][A-D]")
_LOOKED_UP = frozenset({"Ref", "Fn::GetAtt", "Fn::ImportValue", "vault", "gcp_secret_manager", "azure_key_vault"})
_OF_DRONE = "from_secret"  # the name of a secret that the server keeps
_INTERFACES = ("openapi", "swagger", "asyncapi")
EXAMPLES = frozenset(
    {"x-code-samples", "x-codeSamples", "example", "examples", "default", "description", "summary"}
)  # members that only show an example, in a description of an interface


def describes_interface(value: Body) -> bool:
    """Return whether a map describes an interface, as OpenAPI does."""
    return any(isinstance(argument(value, name), str | float) for name in _INTERFACES if name in value)


@dataclass(frozen=True)
class PairName:
    """The name that a name-value pair gives its value."""

    text: str
    compared: bool = False  # it names the part of a request that a rule compares
    in_header: bool = False  # that part is a header that no client sends by itself
    verifies: bool = False  # and the header's name says that it identifies the sender


def name_in(value: Body, names: list[str]) -> PairName | None:
    """Return the name that a pair gives its value, or the part of a request that the neighbouring value is compared
    with; None if there is neither.
    """
    for name in (name for name in names if is_for(name, Role.NAME)):
        text = _text(argument(value, name))
        if isinstance(text, str):
            return _of_header(text) if is_for(name, Role.HEADER_NAME) else PairName(text)
    for name in (name for name in names if is_for(name, Role.PART)):
        inner = argument(value, name)
        if isinstance(inner, Mapping):
            found = name_in(inner, [str(name) for name in inner])
            return found and (_of_header(found.text) if is_for(name, Role.HEADER) else replace(found, compared=True))
    return None


def _text(found: Any) -> Any:
    """Return a name as text; if an expression has one possible result, return that one, known in part."""
    texts = [item for item in found if isinstance(item, str)] if isinstance(found, tuple) else []
    return texts[0] if len(texts) == 1 else found


def _of_header(text: str) -> PairName:
    """Return the name of a header that a rule compares."""
    own = is_own_header(text)
    return PairName(text, compared=True, in_header=own, verifies=own and says_who_sends(text))


def is_value_of(name: str, of: PairName) -> bool:
    """Return whether a member is the value of a pair, or the value that a request is compared with."""
    return is_for(name, Role.VALUE) or (of.compared and is_for(name, Role.COMPARED))


def is_said_so(pair: Body) -> bool:
    """Return whether a pair declares its value to be a secret."""
    return any(is_for(str(name), Role.SAYS_SO) and as_written(argument(pair, name)).lower() == "true" for name in pair)


def as_written(value: Any) -> str:
    """Return a value as text, or the texts that it may be; "" for a map or a list, which may repeat parts endlessly."""
    if isinstance(value, tuple):
        return " ".join(item for item in value if isinstance(item, str))
    return "" if isinstance(value, Mapping | list) else str(value)


def is_secret_of_kubernetes(value: Body) -> bool:
    """Return whether a map is a manifest of a secret of Kubernetes."""
    return argument(value, "kind") == "Secret" and "apiVersion" in value


def space_of(pair: Body) -> Any:
    """Return the namespace of a setting of Elastic Beanstalk."""
    return argument(pair, "namespace" if "namespace" in pair else "Namespace")


def type_of(pair: Body) -> Any:
    """Return the type that a name and value pair declares for its value."""
    return argument(pair, "type" if "type" in pair else "Type")


def is_elsewhere(name: str, item: Any) -> bool:
    """Return whether a member only says where a value is stored, as functions of templates and pipelines do, or holds a
    value that a service encrypted (`secure: …`).
    """
    if name == _SEALED:
        return (
            isinstance(item, str) and (len(item) % 4 == 0 or item.startswith("v1:")) and bool(_BASE64.fullmatch(item))
        )
    if name == _OF_DRONE:
        return isinstance(item, str) and is_name_of_key(item)
    return name in _LOOKED_UP


def is_encrypted(kind: str, name: str, item: Any) -> bool:
    """Return whether a member takes an encrypted value, whatever its name announces."""
    if (kind, name) == _OF_KMS:
        return _begins_so(_BY_KMS, argument({name: item}, name))
    texts = item.values() if name == _OF_SEALED_SECRETS and isinstance(item, Mapping) else ()
    return bool(texts) and all(_begins_so(_BY_A_CONTROLLER, text) for text in texts)


def _begins_so(form: re.Pattern[str], text: Any) -> bool:
    return isinstance(text, str) and form.match(text) is not None and is_encoded_ciphertext(text)


def keys_of_another(value: Body, names: list[str]) -> Iterator[str]:
    """Yield the members that select a value in a secret that another member names (`secret_name`, `secret_key`), or in
    one stored elsewhere under the name that a pair gives.
    """
    of = name_in(value, names)
    outside = of is not None and names_a_key_outside(of.text)
    refer = any(is_for(name, Role.REFERENCE) for name in names)
    for name in names:
        named = (refer and is_for(name, Role.KEY)) or (outside and is_for(name, Role.VALUE))
        if named and is_name_of_key(as_written(argument(value, name))):
            yield name
