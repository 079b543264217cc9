"""The condition keys that distinguish a stranger, and who sends them: an allow-list, each with AWS's documentation.

A key that is not listed does not restrict: a caller may send any value for it, or none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from preuve.documents.callers import parties
from preuve.documents.callers.parties import Kind

_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"
_S3 = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"
_KMS = "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"


class Caller(Enum):
    """The caller of a request: a principal of some account or an unspecified one, a service on behalf of some
    account, or an identity of a provider that assumes a role.
    """

    ANYBODY = "anybody"
    SERVICE = "service"
    FEDERATED = "federated"


@dataclass(frozen=True)
class Key:
    """What a caller sends for a key: a value of the kind (None: any), or nothing if it may be absent.

    `choices` are all its values, if they are few. `ranges`: its values are addresses, which are judged together.
    `as_text`: the kind under an operator that compares texts, where that decides otherwise.
    """

    kind: Kind | None = None
    as_text: Kind | None = None
    present: bool = True
    absent: bool = True
    choices: tuple[str, ...] = ()
    ranges: bool = False
    source: str = _GUIDE


ANY = Key()
_NEVER = Key(present=False)


def _only(caller: Caller, key: Key) -> Mapping[Caller, Key]:
    """Return a key that one kind of caller sends."""
    return {one: key if one is caller else _NEVER for one in Caller}


def _of_the_caller(kind: Kind, source: str = _GUIDE) -> Mapping[Caller, Key]:
    """Return a key that identifies the calling principal. Services, and identities before they assume a role, do not
    send it.
    """
    return _only(Caller.ANYBODY, Key(kind, source=source))


def _of_the_way(kind: Kind, source: str = _GUIDE) -> Mapping[Caller, Key]:
    """Return a key for the network or access point through which a principal's request comes."""
    return _of_the_caller(parties.of_the_way(kind), source)


def _of_the_source(kind: Kind) -> Mapping[Caller, Key]:
    """Return a key with which a service states for whom it acts."""
    return _only(Caller.SERVICE, Key(kind, source=_GUIDE))


def _everyone(key: Key) -> Mapping[Caller, Key]:
    return dict.fromkeys(Caller, key)


def _everyone_but_the_federated(key: Key) -> Mapping[Caller, Key]:
    """Return a key that every request has; AWS does not document what an identity sends before it assumes a role."""
    return {**_everyone(key), Caller.FEDERATED: _NEVER}


_NETWORK = {
    Caller.ANYBODY: Key(parties.network),
    Caller.SERVICE: _NEVER,
    Caller.FEDERATED: Key(parties.network),
}
_TRUTH = Key(choices=("true", "false"), absent=False)

KEYS: Mapping[str, Mapping[Caller, Key]] = {
    # In the context of "all requests" by AWS's guide, `anonymous` where nobody has signed: so of services too.
    "aws:principalaccount": _everyone_but_the_federated(Key(parties.caller_account, absent=False)),
    "aws:principalarn": _only(Caller.ANYBODY, Key(parties.arn, parties.caller_arn)),
    "aws:principalorgid": _of_the_caller(parties.organisation),
    "aws:principalorgpaths": _of_the_caller(parties.organisation_path),
    "aws:userid": _everyone_but_the_federated(Key(parties.unique_id, absent=False)),
    "kms:calleraccount": _of_the_caller(parties.account, _KMS),
    "aws:vpceaccount": _of_the_way(parties.account),
    "aws:vpceorgid": _of_the_way(parties.organisation),
    "aws:vpceorgpaths": _of_the_way(parties.organisation_path),
    "s3:dataaccesspointaccount": _of_the_way(parties.account, _S3),
    "s3:dataaccesspointarn": _of_the_way(parties.arn, _S3),
    "aws:sourceaccount": _of_the_source(parties.account),
    "aws:sourcearn": _of_the_source(parties.arn),
    "aws:sourceorgid": _of_the_source(parties.organisation),
    "aws:sourceorgpaths": _of_the_source(parties.organisation_path),
    # In the policy that SNS gives a new topic, of whoever asks: docs.aws.amazon.com/sns/latest/dg (access policies)
    "aws:sourceowner": _everyone(Key(parties.account)),
    # The owner of the resource: the same for all callers, unless it is compared with the caller.
    "aws:resourceaccount": _everyone(Key(parties.of_owner)),
    "aws:resourceorgid": _everyone(Key(parties.of_owner)),
    "aws:sourcevpcarn": {**_of_the_way(parties.arn), Caller.FEDERATED: Key(parties.of_the_way(parties.arn))},
    "aws:sourcevpc": _NETWORK,
    "aws:sourcevpce": _NETWORK,
    "aws:sourceip": _everyone(Key(ranges=True)),
    "aws:principalisawsservice": {
        Caller.ANYBODY: Key(choices=("false",)),  # not sent without credentials
        Caller.SERVICE: Key(choices=("true",), absent=False),
        Caller.FEDERATED: Key(choices=("false",)),
    },
    "aws:principalservicename": _only(Caller.SERVICE, Key(absent=False)),
    "aws:principalservicenameslist": _only(Caller.SERVICE, Key(absent=False)),
    "aws:securetransport": _everyone(_TRUTH),
    "aws:viaawsservice": _everyone(_TRUTH),
    "aws:currenttime": _everyone(Key(absent=False)),
    "aws:epochtime": _everyone(Key(absent=False)),
    "aws:requestedregion": _everyone(Key(absent=False)),
    # Who does not come through the network of the file system sends false:
    # docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
    "elasticfilesystem:accessedviamounttarget": _everyone(Key(choices=("false",))),
    # The owner of the table: docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    "kms:encryptioncontext:aws:dynamodb:subscriberid": {
        **_everyone(ANY),
        Caller.SERVICE: Key(parties.account, source=_KMS),
    },
    # Alexa skills: docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
    "lambda:eventsourcetoken": {**_everyone(ANY), Caller.SERVICE: Key(parties.exact)},
}

# The resource that a service encrypts for, by its ARN (aws:logs:arn, aws:events:event-bus:arn, aws:sns:topicArn):
# docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html,
# …/eventbridge/latest/userguide/eb-encryption-key-policy.html, …/sns/latest/dg/sns-enable-encryption-for-topic.html
_CONTEXT = re.compile(r"kms:encryptioncontext:aws:[a-z0-9-]+(:[a-z0-9-]+)*:[a-z0-9-]*arn")
_OF_CONTEXT = {**_everyone(ANY), Caller.SERVICE: Key(parties.arn, source=_KMS)}


def sent_value(name: str, caller: Caller) -> Key:
    """Return what a caller sends for a key; `name` is in lower case."""
    if name in KEYS:
        return KEYS[name][caller]
    return _OF_CONTEXT[caller] if _CONTEXT.fullmatch(name) else ANY
