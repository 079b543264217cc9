"""Decides whom a value of a condition or a principal names: a specific party, an untrusted one, or anybody.

Each kind of value has a function that says whether a stranger may match it. A stranger holds some account,
organisation, resource or address that no document names; with `trusted`, also any named party that is not among
those. A value with wildcards in its identifying part is open to strangers; a value of another kind matches nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace

from preuve.documents.answer import NO, YES, Answer, all_of, any_of, known, unknown
from preuve.documents.document import ARN_PARTS, Condition, Items, Statement, Text, Unknown
from preuve.documents.network.ranges import is_wide, parsed
from preuve.documents.patterns import FIXED, FRESH, clean, is_wild, lower, meets, text_is, text_meets

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_WILD_LETTER = re.compile(r"[*?](?![^${}]*\})")  # outside of a variable
# Variables for the owner of the resource, not for the caller.
_OF_THE_OWNER = frozenset({"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"})
# Variables for the caller, or for whom a service acts; they have no value that could replace them.
_OF_WHO_ASKS = tuple(
    f"${{aws:{name}}}" for name in ("principalaccount", "principalorgid", "sourceaccount", "sourceorgid")
)
_LITERALS = frozenset("*?$")
_ANONYMOUS = "anonymous"  # what AWS sends for a caller who has not signed the request
_CLOUDFRONT = "cloudfront"  # stands for the account in the ARN of an origin access identity, which anybody may have
OWNER = "\ue002"  # the account or organisation that owns the resource

_ACCOUNT = re.compile(r"[0-9]{12}")
_ACCOUNT_THEN_WILD = re.compile(r"(?:[^:*?]*:){4}([0-9]{12})[*?].*", re.DOTALL)
_ORGANISATION = re.compile(r"o-[a-z0-9]{10,32}")
_NETWORK = re.compile(r"vpce?-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_DESCRIBING = re.compile(r"kms:(describe|get|list)[a-z*?]*")
_GRANTING = re.compile(r"kms:creategrant")
_FOR_AWS = "kms:grantisforawsresource"
_BESIDE = re.compile(r"sts:(tagsession|setsourceidentity|setcontext)")
_WITH_TOKEN = "sts:assumerolewithwebidentity"  # noqa: S105 - an action
# The name of a bucket, also with fixed parts that are not known here; and what may begin one.
_BUCKET = re.compile(rf"[a-z0-9][a-z0-9.-]{{1,61}}[a-z0-9]|[a-z0-9.-]*{FIXED}[a-z0-9.{FIXED}-]*")
_BUCKET_BEGUN = re.compile(r"[a-z0-9.-]{0,63}")
_UNIQUE_ID = re.compile(r"A[A-Z0-9]{15,}")

# The ARNs in aws:PrincipalArn with a part that may hold colons: the path. Users of AWS STS and root have none.
# docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html (Path: any character from ! to ~)
_STRANGERS = tuple(
    f"arn:{partition}:iam::{FRESH * 12}:{kind}/*"
    for partition in ("aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f")
    for kind in ("role", "user")
)

_NO_RESOURCE = unknown("a condition names an ARN without a resource")
_NOT_TOLD = unknown("a condition names a network, a bucket or a principal without saying whose it is")


@dataclass(frozen=True)
class TrustedParties:
    """The accounts (12 digits) and organisations (o-…) that are not strangers.

    `elsewhere` is the answer for a value that does not show its owner: a network, a bucket, the unique id of a
    principal. `nameless`, if not None, is that for an ARN without an account. `way`, if not None, is that for the owner
    of the network or the access point through which a request comes.
    """

    ids: Container[str]
    elsewhere: Answer = _NOT_TOLD
    nameless: Answer | None = None
    way: Answer | None = None


class _All(Container[str]):
    def __contains__(self, _: object) -> bool:
        return True


ALL = _All()  # everyone who is named
# For whom a service acts, if known: anybody may take the name of a bucket that its owner has given up.
# docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html (SourceAccount)
TOLD = TrustedParties(ALL, elsewhere=NO, nameless=_NOT_TOLD)
Asked = TrustedParties | None  # None: nobody who is named is a stranger
Kind = Callable[[Text, Asked], Answer]


def account(value: Text, asked: Asked) -> Answer:
    """Return whether a stranger may match an account id."""
    return _decide(value, asked, _account)


def caller_account(value: Text, asked: Asked) -> Answer:
    """Return whether a stranger may match the account of the caller, or may be somebody without an account."""
    return _decide(value, asked, lambda text, who: YES if text.lower() == _ANONYMOUS else _account(text, who))


def organisation(value: Text, asked: Asked) -> Answer:
    """Return whether a stranger may match an organisation id."""
    return _decide(value, asked, _organisation)


def organisation_path(value: Text, asked: Asked) -> Answer:
    """Return whether a stranger may match o-…/r-…/ou-…/; whatever follows the organisation only narrows."""
    return _decide(value, asked, lambda text, who: _organisation(text.split("/", 1)[0], who), until="/")


def arn(value: Text, asked: Asked) -> Answer:
    """Return whether a stranger may match an ARN; without an account (a bucket), unless no wildcard is in its name."""
    return _decide(value, asked, _arn, until=_has_account)


def caller_arn(value: Text, asked: Asked) -> Answer:
    """Return whether a stranger may match the ARN of the caller, compared as a text: a wildcard matches colons, and the
    path of a stranger's role may spell the rest of the pattern.
    """
    return _decide(
        value, asked, lambda text, who: any_of((_arn(text, who), known(_fits_a_path(text)))), until=_has_account
    )


def network(value: Text, asked: Asked) -> Answer:
    """Judge the id of a VPC or of an endpoint: it does not show its owner."""
    return _decide(value, asked, lambda text, who: _unattributed(text, who, _NETWORK))


def of_the_way(kind: Kind) -> Kind:
    """Return a kind of value that names the owner of the network or the access point through which a request comes: not
    the caller, but every caller comes from there.
    """
    return lambda value, asked: kind(value, asked) if asked is None or asked.way is None else asked.way


def unique_id(value: Text, asked: Asked) -> Answer:
    """Return whether a stranger may match `aws:userid`: a user's or role's id with its session, an account's id, or
    `anonymous`.
    """
    return _decide(value, asked, _user_id, until=":")


def of_owner(value: Text, _: Asked) -> Answer:
    """Judge the owner of a resource: `${aws:PrincipalAccount}` requires the caller's own, and what names no owner is
    never met. Other values distinguish nobody.
    """
    if isinstance(value, Unknown):
        return YES if value.plain else ~text_is(lower(value), *_OF_WHO_ASKS)
    text = expanded(clean(value))
    names = is_wild(text) or text == OWNER or _ACCOUNT.fullmatch(text) or _ORGANISATION.fullmatch(text)
    return all_of((known(bool(names)), ~text_is(lower(value), *_OF_WHO_ASKS)))


def exact(value: Text, asked: Asked) -> Answer:
    """Return whether a stranger may match a name that is given out once, such as a client id: yes unless the name is
    complete.
    """
    return _decide(value, asked, lambda text, _: known(is_wild(text)))


def addresses(values: tuple[Text, ...], asked: Asked) -> Answer:
    """Return whether a stranger may match ranges of addresses, taken together."""
    ranges = [parsed(clean(value)) for value in values if isinstance(value, str)]
    hidden = [value.cause for value in values if isinstance(value, Unknown)]
    if None in ranges or is_wide(one for one in ranges if one is not None):
        return YES
    if hidden:
        return unknown(*hidden)
    return asked.elsewhere if asked and ranges else NO


def _decide(
    value: Text, asked: Asked, of_text: Callable[[str, Asked], Answer], until: str | Callable[[str], bool] = ""
) -> Answer:
    """Return the answer for a text; for a partly known one, if its beginning decides (up to `until`)."""

    def judged(text: str) -> Answer:
        return any_of(of_text(reading, asked) for reading in _readings(text))

    if isinstance(value, str):
        return judged(clean(value))
    pieces = [clean(piece) for piece in value.known]
    if value.plain:  # a text that begins with the ARN or the id of one thing is that thing
        return judged(FIXED.join(pieces)) if pieces[0] or len(pieces) > 2 else NO
    begins = expanded(pieces[0])
    decided = until(begins) if callable(until) else bool(until) and until in begins
    return judged(pieces[0] + FIXED) if decided else unknown(value.cause)  # the name of something follows


def _readings(text: str) -> Iterable[str]:
    """Return the possible values of a text: an owner in no organisation has none, and the default of a variable of the
    owner is used.
    """
    default = _VARIABLE.sub(_default_of, text)
    return dict.fromkeys((expanded(text), expanded(default)))


def _default_of(match: re.Match[str]) -> str:
    """Return the default in a variable of the owner (`${aws:PrincipalTag/x, 'default'}`); any other variable
    unchanged.
    """
    name, comma, default = match[1].partition(",")
    taken = comma and name.strip().lower() in _OF_THE_OWNER
    return default.strip().removeprefix("'").removesuffix("'") if taken else match[0]


def expanded(text: str) -> str:
    """Expand the variables of a text to the owner, or to anything that the caller sends."""
    return _VARIABLE.sub(_of_variable, text) if "${" in text else text


def literal(value: Text) -> Text:
    """Return a text with a fixed letter in place of each `*` and `?`, for operators that treat them as letters: no text
    that names a party contains one.
    """
    if isinstance(value, str):
        return _WILD_LETTER.sub(FIXED, value)
    return replace(value, known=tuple(_WILD_LETTER.sub(FIXED, piece) for piece in value.known))


def fixed(text: str) -> str:
    """Expand the variables of a text to one specific name."""
    return _VARIABLE.sub(FIXED, text) if "${" in text else text


def _of_variable(match: re.Match[str]) -> str:
    name = match[1].split(",")[0].strip().lower()
    if name in _LITERALS:
        return name if name == "$" else FIXED
    return OWNER if name in _OF_THE_OWNER else "*"


def _account(text: str, asked: Asked) -> Answer:
    if is_wild(text):
        return YES
    return known(bool(_ACCOUNT.fullmatch(text)) and _strange(text, asked))


def _organisation(text: str, asked: Asked) -> Answer:
    if is_wild(text):
        return YES
    return known(bool(_ORGANISATION.fullmatch(text)) and _strange(text, asked))


def _strange(name: str, asked: Asked) -> bool:
    return asked is not None and name not in asked.ids


def _arn(text: str, asked: Asked) -> Answer:
    parts = text.split(":", ARN_PARTS - 1)
    if len(parts) < ARN_PARTS:
        # A colon follows the twelve digits of an account, whatever a wildcard in them matches.
        in_full = _ACCOUNT_THEN_WILD.fullmatch(text)
        return _account(in_full[1], asked) if in_full else known(is_wild(text))
    return _full_arn(text, parts, asked) if parts[-1] else _NO_RESOURCE  # nothing has an ARN without a resource


def _fits_a_path(text: str) -> bool:
    """Return whether the ARN of a role or user of an unnamed account matches. Its name contains no colon."""
    last = text.rsplit(":", 1)[-1]
    return is_wild(text) and ("/" in last or is_wild(last)) and any(meets(text, one) for one in _STRANGERS)


def _full_arn(text: str, parts: list[str], asked: Asked) -> Answer:
    owner, name = parts[4:]
    if (parts[2], owner) == ("iam", _CLOUDFRONT):
        return known(is_wild(text) or _strange(text, asked))
    if parts[2] == "s3" and _BUCKET.fullmatch(name):
        owner = ""  # a full name of a bucket identifies it, whatever the region and the account
    elif owner:
        spans = not (is_wild(owner) or _ACCOUNT.fullmatch(owner) or owner in (OWNER, FIXED)) and "*" in text
        return YES if spans else _account(owner, asked)  # a `*` may match colons, so parts may be elsewhere
    if is_wild(parts[0]) or is_wild(parts[2]) or is_wild(name):  # one party, in any partition
        return YES
    if asked is None:
        return NO
    return asked.elsewhere if asked.nameless is None else asked.nameless


def _has_account(beginning: str) -> bool:
    """Return whether an ARN with this beginning belongs to the account in it: not if it may be that of a bucket."""
    parts = beginning.split(":", ARN_PARTS - 1)
    of_bucket = parts[2:3] == ["s3"] and _BUCKET_BEGUN.fullmatch(parts[-1]) is not None
    return len(parts) == ARN_PARTS and parts[4] != "" and not of_bucket


def _unattributed(text: str, asked: Asked, form: re.Pattern[str]) -> Answer:
    if is_wild(text):
        return YES
    return asked.elsewhere if asked and form.fullmatch(text) else NO


def _user_id(text: str, asked: Asked) -> Answer:
    name = text.split(":", 1)[0]
    if _ACCOUNT.fullmatch(name):
        return _account(name, asked)
    if name.lower() == _ANONYMOUS:
        return YES
    return _unattributed(name, asked, _UNIQUE_ID)


def describes(statement: Statement) -> bool:
    """Return whether a statement surely allows only to read the properties of a key, which contain no secret.

    docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html gives it to the service
    without a condition, …/amazondynamodb/latest/developerguide/encryption.usagenotes.html Describe*, Get* and List*.
    """
    return _allows_only(statement, _DESCRIBING)


def grants_to_aws(statement: Statement) -> bool:
    """Return whether a statement surely allows only grants on a key for resources of AWS.

    docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html gives it to the
    service without another condition.
    """
    conditions = statement.conditions if isinstance(statement.conditions, tuple) else ()
    for_aws = any(
        isinstance(one, Condition) and (str(one.operator).lower(), one.key, one.values) == ("bool", _FOR_AWS, ("true",))
        for one in conditions
    )
    return for_aws and _allows_only(statement, _GRANTING)


def assumes_nothing(statement: Statement) -> bool:
    """Return whether a statement surely allows only what goes with assuming a role, which it does not allow itself.

    docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
    """
    return _allows_only(statement, _BESIDE)


def allows_nothing(statement: Statement) -> bool:
    """Return whether a statement surely covers no action or no resource, because it excepts all."""
    no_action = statement.actions == () if statement.not_actions is None else _names_all(statement.not_actions)
    return no_action or _names_all(statement.not_resources)


def _names_all(items: Items) -> bool:
    return isinstance(items, tuple) and any(isinstance(one, str) and one and not one.strip("*") for one in items)


def takes_tokens(statement: Statement) -> Answer:
    """Return whether a statement allows to assume a role with the token of an identity provider."""
    actions = statement.actions if statement.not_actions is None else None
    return any_of(text_meets(_WITH_TOKEN, lower(one)) for one in actions) if isinstance(actions, tuple) else YES


def _allows_only(statement: Statement, some: re.Pattern[str]) -> bool:
    actions = statement.actions if statement.not_actions is None else None
    return (
        isinstance(actions, tuple)
        and bool(actions)
        and all(isinstance(one, str) and some.fullmatch(one.lower()) for one in actions)
    )
