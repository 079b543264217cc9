"""Tells which places in code may hold secrets: configuration of programs, arguments that expect a secret, and the names
that pairs give.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from preuve.library.words import is_secret, without_which_one, words_of
from preuve.library.yaml.word_lists import word_lists, words_in
from preuve.redact.notations.names import Telling, remembered, tells


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _sets(key: str) -> Mapping[str, frozenset[str]]:
    return {name: _set(words) for name, words in word_lists(_LISTS)[key].items()}


_LISTS = "secret_places"
COMPUTING, BUILDS = words_in(_LISTS, "computing"), words_in(_LISTS, "builds")
PARAMETERS, POLICIES = words_in(_LISTS, "parameters"), words_in(_LISTS, "policies")
_OF_A_GRANT, _TAGS, _CALLED = (words_in(_LISTS, key) for key in ("of_a_grant", "tags", "called"))
_CONTENT_OF_A_SECRET = words_in(_LISTS, "content_of_a_secret")
_OPEN, _NO_SECRETS = words_in(_LISTS, "open"), words_in(_LISTS, "no_secrets")
_USUAL_HEADERS, _VERIFYING = words_in(_LISTS, "usual_headers"), words_in(_LISTS, "verifying")
_STRICT, _RETURNED, _WORDS = _sets("strict"), _sets("returned"), _sets("roles")

# Terraform's own arguments, which the program that is configured never sees: those of a call of a module, and of any
# other block. What a provider calls `source` or `version` is its own.
_META: Mapping[str, frozenset[str]] = {"module": _set("depends_on providers count source version")}
_META_OF_BLOCKS = _set("depends_on lifecycle provider count timeouts")
_GRANTS, _STATEMENTS = _set("permissions"), _set("Statement statement")
# An attribute of a resource or of a data source, and at most one member of it.
_ATTRIBUTE = re.compile(
    r"(?:module\.[\w-]+(?:\[[^\[\]]*\])?\.)*(?:data\.)?([a-z][a-z0-9]*_\w+)\.[\w-]+(?:\[[^\[\]]*\])?"
    r"\.(\w+)((?:\.\w+|\[[^\[\]]*\])?)"
)
_NAMES_ONE = _set("master_user_secret")  # below it are the names of a secret and of its key
_SPACE_OF_VARIABLES = "aws:elasticbeanstalk:application:environment"
_OF_NONE = _set("encrypted public")  # words before a name that make it public
_OF_A_TYPE = re.compile(r"(?:_(?:version|data|v\d+))+$")
# A Kubernetes object that holds a secret.
OF_A_MANIFEST = _set("data stringData")
PROVIDER, DATA = "provider.", "data."
# Members to which Terraform and CloudFormation themselves give names.
_OF_CODE = _set("variable local output module Parameters Mappings Outputs")
_OF_AWS = ("aws_", "awscc_", "AWS::")
# Systems Manager replaces `{{ name }}` by a parameter of the document.
_FILLED_IN = _set("aws_ssm_document awscc_ssm_document AWS::SSM::Document")
AWS = f"{PROVIDER}aws"  # its keys have known forms: any other value is a placeholder
_KEPT_OUTSIDE = _set("external existing")  # words, in the path of a setting, for a secret that exists elsewhere


class Role(StrEnum):
    """The meaning of a member by its name, in small letters without punctuation."""

    CONTENT = "content"  # input of a program: an unknown value may hold a secret
    CHOSEN = "chosen"  # a map whose names people choose
    ENVIRONMENT = "environment"  # the variables of a program
    NAME = "name"  # the name of the value beside it
    HEADER_NAME = "header_name"  # the name of a header that a rule compares
    VALUE = "value"  # the value of a pair
    REFERENCE = "reference"  # a secret that is stored elsewhere
    KEY = "key"  # beside a reference: the key of a value in that secret
    SAYS_SO = "says_so"  # declares the value beside it to be a secret
    HEADERS = "headers"  # headers sent to a server, which may authenticate the sender
    COMPARED = "compared"  # the value that a rule compares with a request
    PART = "part"  # below it: the part of the request that is compared
    HEADER = "header"  # that part, if it is a header


@remembered
def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def is_for(name: str, role: Role) -> bool:
    """Return whether a name gives its value, or what is below it, a role."""
    return _plain(name) in _WORDS[role]


def is_of_tags(path: str) -> bool:
    """Return whether a path leads to a tag: it configures no program, whatever its name."""
    steps = path.split("/")
    first = next((at for at, step in enumerate(steps) if _plain(step) in _TAGS), len(steps))
    return first < len(steps) and not any(is_for(step, Role.CONTENT) for step in steps[:first])


def metas(kind: str) -> frozenset[str]:
    """Return the meta-arguments of a block, which do not configure what it creates."""
    return _META.get(kind, frozenset() if kind.startswith("AWS::") else _META_OF_BLOCKS)


def is_strict(kind: str, path: str) -> bool:
    """Return whether every value at a path of names in a block is a secret."""
    written = path.removesuffix("_wo")
    if written in _STRICT.get(kind.removeprefix(DATA), ()):
        return True
    words = words_of(written)
    if "." in path or not words or words[-1] not in _CONTENT_OF_A_SECRET or not _OF_NONE.isdisjoint(words):
        return False
    return _is_type_of_a_secret(kind)


def returns_secret(kind: str, path: str) -> bool:
    """Return whether a resource or a data source of a kind returns a secret at a path of names."""
    first, _, rest = path.partition(".")
    if first in _NAMES_ONE:
        return False
    of_kind = first in _RETURNED.get(kind.removeprefix(DATA), ()) or is_strict(kind, first)
    return of_kind or tells(rest.rpartition(".")[2] or first, free=False) is Telling.SURELY


def is_kept_as_secret(cause: str) -> bool:
    """Return whether a Terraform reference leads to a value that its type creates or stores as a secret, whatever its
    name (`random_password.db.result`). A member that is a user or an address is not a secret.
    """
    found = _ATTRIBUTE.fullmatch(cause)
    if found is None:
        return False
    kind, first, rest = found.groups()
    return (first in _RETURNED.get(kind, ()) or is_strict(kind, first)) and not is_open(rest.strip('[]".'))


def names_resource(kind: str, name: str) -> bool:
    """Return whether an attribute is the name or the address of an AWS resource whose type is not a secret."""
    return kind.startswith("aws_") and kind not in _STRICT and kind not in PARAMETERS and name in _CALLED


def calls_it(kind: str, name: str) -> bool:
    """Return whether an argument is the name of an AWS resource: `name`, `KeyName`, `username`."""
    words = words_of(name)
    return kind.startswith(_OF_AWS) and (name in _CALLED or words[-1:] in (["name"], ["identifier"], ["id"]))


def may_name_one(kind: str, name: str) -> bool:
    """Return whether a name that may announce a secret may just as well be the name of a key pair, of a recipient, or
    of a stored item; the value decides.
    """
    said = "".join(without_which_one(words_of(name)))
    return kind in _OF_CODE and (said in ("auth", "secrets") or said.endswith(("sshkey", "sshkeys")))


def says_a_variable(namespace: str) -> bool:
    """Return whether the settings in a namespace of Elastic Beanstalk are variables of the program."""
    return namespace == _SPACE_OF_VARIABLES


@remembered
def _is_type_of_a_secret(kind: str) -> bool:
    """Return whether the name of another provider's resource type says that the resource is a secret."""
    of_another = "_" in kind and not kind.startswith((*_OF_AWS, DATA, PROVIDER))
    return of_another and is_secret(words_of(_OF_A_TYPE.sub("", kind)))


def grants(name: str, item: Any) -> bool:
    """Return whether the members of a value grant access, as a policy statement does; the rules of a firewall do not
    count.
    """
    if name not in _STATEMENTS:
        return name in _GRANTS
    inside = _members(item)
    return not inside or any(_plain(member) in _OF_A_GRANT for member in inside)


def _members(item: Any) -> list[str]:
    """Return the names of the members of a value, or of the maps in a list; a repeated part is read once."""
    names, waiting, seen = list[str](), [item], set[int]()
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            names += map(str, part)
        elif isinstance(part, list | tuple) and id(part) not in seen:
            seen.add(id(part))
            waiting += part
    return names


def is_taken_as_it_is(kind: str) -> bool:
    """Return whether `$X` and `<x>` in a block of a kind are taken literally: Terraform, CloudFormation and AWS replace
    neither, except in Systems Manager documents.
    """
    of_aws = kind.startswith((*_OF_AWS, f"{DATA}aws_", f"{DATA}awscc_", PROVIDER))
    return kind in _OF_CODE or (of_aws and kind not in _FILLED_IN)


def is_of_code(kind: str) -> bool:
    """Return whether people chose the names in a block of a kind: a variable, a parameter, the argument of a module."""
    return kind in _OF_CODE


def takes_password(kind: str, name: str) -> bool:
    """Return whether an argument of an AWS resource takes a password, so that even a plain word is one."""
    words = words_of(name.removesuffix("_wo"))
    return kind.startswith(_OF_AWS) and (words[-1:] == ["password"] or words == ["auth", "token"])


@remembered
def is_open(name: str) -> bool:
    """Return whether a member of a secret document is not secret itself."""
    words = words_of(name)
    return _plain(name) in _OPEN or bool(words and words[-1] in _OPEN)


def names_a_key_outside(path: str) -> bool:
    """Return whether the path of a setting names a key of an existing secret: `externalSecret.secretKey`."""
    *above, name = path.split(".")
    return is_for(name, Role.KEY) and any(not _KEPT_OUTSIDE.isdisjoint(words_of(step)) for step in above)


def says_that_it_is_none(name: str) -> bool:
    """Return whether the name of an encrypted value says that the value is no secret: a user, a host, a telephone
    number.
    """
    return not _NO_SECRETS.isdisjoint(words_of(name)[-1:]) and not tells(name, free=True)


def is_own_header(name: str) -> bool:
    """Return whether neither browsers nor proxies send a header by themselves: its value may authenticate."""
    return _plain(name).startswith("x") and _plain(name) not in _USUAL_HEADERS


def says_who_sends(name: str) -> bool:
    """Return whether the name of a header says that its value identifies the sender."""
    return not _VERIFYING.isdisjoint(words_of(name))
