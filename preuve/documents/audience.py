"""Decides whom a resource or trust policy admits: one definition for every policy that asks.

Each statement is tested alone: does it admit a stranger (`parties.py`)? A Deny is not subtracted: a document that needs
a Deny to be closed counts as open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from preuve.documents.answer import NO, YES, Answer, all_of, any_of, known, unknown
from preuve.documents.callers import parties, providers
from preuve.documents.callers.conditions import named, possible
from preuve.documents.callers.keys import Caller
from preuve.documents.callers.parties import Asked, TrustedParties
from preuve.documents.document import ARN_PARTS, Condition, Document, Principal, Statement, Text, Unknown
from preuve.documents.patterns import CLEANED, clean, is_wild, lower, text_is

_AWS, _SERVICE, _FEDERATED, _CANONICAL = "AWS", "Service", "Federated", "CanonicalUser"
_KINDS = (_AWS, _SERVICE, _FEDERATED, _CANONICAL)
_ACCOUNT = re.compile(r"([0-9]{12})|arn:[^:]*:[^:]*:[^:]*:([0-9]{12}):.*", re.DOTALL)
# The unique id of a deleted principal: AWS returns the ARN of any other. In code, such an id is no known text here.
_NOBODY = re.compile(r"A[A-Z0-9]{15,}")
_FOR_ONE = tuple(
    f"{quantifier}{base}"
    for quantifier in ("", "foranyvalue:")
    for base in ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike")
)

_FOR_ITSELF = unknown("a service may create grants for AWS resources, without saying for which account")
_FOR_FUNCTIONS = unknown("AWS provides this for functions of the same account, not for those of other accounts")
# Calls of Lambda to a repository of images for a function of the same account; one of another account needs a
# statement that names that account, too. repost.aws/knowledge-center/lambda-ecr-image
_LAMBDA, _PULLING = "lambda.amazonaws.com", frozenset({"ecr:batchgetimage", "ecr:getdownloadurlforlayer"})
_Asks = Callable[[Statement, Text, Text], Answer]  # of a statement, the kind and the value of one of its principals


def opens_to_everyone(document: Document) -> Answer:
    """Return whether a statement allows everyone, with AWS credentials or without, and no condition restricts it.

    `NotPrincipal` with Allow does so, whomever it names.
    """
    return _let_in(document, lambda statement, kind, value: _everyone(statement, kind, value, None))


def opens_to_any_behind_service(document: Document) -> Answer:
    """Return whether a statement allows an AWS service on behalf of any of its customers (confused deputy): by its
    name, or as part of everybody if nobody else is admitted.

    This is tested for resource policies, not for the trust policy of a role: to give a role to a service one needs the
    right to pass it, and many services send no key that a condition could require.
    docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    return _let_in(document, _any_behind_service)


def opens_to_any_of_provider(document: Document) -> Answer:
    """Return whether a trust policy lets in any identity of an identity provider, or of a whole shared one."""
    return _let_in(document, lambda statement, kind, value: _federated(statement, kind, value, None))


def opens_wide(document: Document, *, services: bool = True) -> Answer:
    """Return whether any of the three questions above is true: the meaning of "public". `services`: false for the trust
    policy of a role.
    """
    asked = [opens_to_everyone(document), opens_to_any_of_provider(document)]
    return any_of([*asked, opens_to_any_behind_service(document)] if services else asked)


def opens_to_strange_accounts(document: Document, ids: Collection[str]) -> Answer:
    """Return whether a statement admits an AWS principal, or a service that acts for a named account or organisation,
    other than these accounts (12 digits) and organisations (o-…).
    """
    asked = TrustedParties(frozenset(ids))
    strange = _strange_account(asked)
    return _let_in(
        document,
        lambda statement, kind, value: any_of(
            (strange(statement, kind, value), _service_for_stranger(statement, kind, asked))
        ),
    )


def opens_without_external_id(document: Document, ids: Collection[str]) -> Answer:
    """Return whether a statement admits somebody outside these accounts without requiring one complete external id.

    docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
    """
    others = _strange_account(TrustedParties(frozenset(ids)))
    return _let_in(
        document, lambda statement, kind, value: all_of((others(statement, kind, value), ~_asks_external_id(statement)))
    )


def opens_beyond_repository(document: Document) -> Answer:
    """Return whether a trust policy admits a CI service beyond the pipelines of named repositories."""
    return _let_in(document, _of_ci(providers.opens_beyond_repository))


def open_claims(document: Document) -> tuple[str, ...]:
    """Return the claims by which a trust policy surely admits a CI service beyond pipelines of named repositories."""
    asks = {":sub": providers.opens_to_subjects, ":aud": providers.opens_to_audiences}
    return tuple(claim for claim, ask in asks.items() if _let_in(document, _of_ci(ask)).value is True)


def _of_ci(ask: Callable[[Statement, Text], Answer]) -> _Asks:
    return lambda statement, kind, value: _ci(ask(statement, value), kind)


def trusts_ci(document: Document) -> Answer:
    """Return whether a trust policy admits a CI service at all."""
    return _let_in(document, lambda statement, kind, value: _ci(providers.is_ci(statement, value), kind))


def _ci(answer: Answer, kind: Text) -> Answer:
    return answer if kind == _FEDERATED else NO


def _strange_account(asked: TrustedParties) -> _Asks:
    def ask(statement: Statement, kind: Text, value: Text) -> Answer:
        return any_of((_everyone(statement, kind, value, asked), _named(statement, kind, value, asked)))

    return ask


def _let_in(document: Document, ask: _Asks) -> Answer:
    answers = [_statement(statement, ask) for statement in document.statements]
    return any_of([*answers, *map(unknown, document.hidden)])


def _statement(statement: Statement, ask: _Asks) -> Answer:
    allowed = text_is(statement.effect, "Allow")
    if allowed.value is False or parties.allows_nothing(statement) or parties.assumes_nothing(statement):
        return NO
    conditions = _conditions(statement)
    answers = [
        all_of((allowed, answer)).at(f"{statement.place}.{label}{conditions}")
        for label, answer in _asked(statement, ask)
        if answer.value is not False
    ]
    return any_of(answers)


def _conditions(statement: Statement) -> str:
    """Return the conditions on a principal: for a stranger, only those that do not keep it out."""
    listed = statement.conditions if isinstance(statement.conditions, tuple) else ()
    told = [f"{_shown(one.operator)} {_shown(one.key)}" for one in listed if isinstance(one, Condition)]
    return f" (Condition: {', '.join(dict.fromkeys(told))})" if told else ""


def _asked(statement: Statement, ask: _Asks) -> Iterator[tuple[str, Answer]]:
    """Yield each principal, in its form for readers, with its answer."""
    if isinstance(statement.principals, Unknown):
        yield "Principal", unknown(statement.principals.cause)
    for principal in statement.principals if isinstance(statement.principals, tuple) else ():
        if isinstance(principal, Unknown):
            yield "Principal", unknown(principal.cause)
        else:
            label = f"Principal.{_shown(principal.kind)}: {_shown(principal.value)}"
            yield label, _known_kind(ask, statement, principal)
    if statement.not_principals is not None:
        answer = ask(statement, _AWS, "*")
        if isinstance(statement.not_principals, Unknown) and answer.value is not False:
            answer = unknown(statement.not_principals.cause)
        yield "NotPrincipal", answer


def _known_kind(ask: _Asks, statement: Statement, principal: Principal) -> Answer:
    if isinstance(principal.kind, Unknown):
        answers = {ask(statement, kind, principal.value).value for kind in _KINDS}
        return NO if answers == {False} else unknown(principal.kind.cause)
    if principal.kind not in _KINDS:
        return unknown(f"{statement.place}: principals of the type {principal.kind} are not known")
    return ask(statement, principal.kind, principal.value)


def _shown(text: Text) -> str:
    return text if isinstance(text, str) else "…".join(text.known)


def _everyone(statement: Statement, kind: Text, value: Text, asked: Asked) -> Answer:
    """Return whether a principal is everyone and a stranger meets the conditions. AWS does not document which services
    a wildcard includes.
    """
    if isinstance(value, str) and is_wild(value) and kind in (_SERVICE, _CANONICAL):
        why = "is not the name of a service" if kind == _SERVICE else "does not say whose identity it is"
        return unknown(f"{statement.place}: {value} {why}")
    if kind != _AWS:
        return NO
    wide = _is_everyone(value)
    if wide.value is False:
        return NO
    callers = any_of(_stranger(statement, caller, asked) for caller in (Caller.ANYBODY, Caller.SERVICE))
    return all_of((wide, callers))


def _stranger(statement: Statement, caller: Caller, asked: Asked) -> Answer:
    """Return whether a stranger meets the conditions. A network of unknown owner leaves this open only if no other
    condition restricts the caller.
    """
    if asked is None:
        return possible(statement, caller, None)
    anywhere = possible(statement, caller, TrustedParties(asked.ids, elsewhere=YES))
    if anywhere.value is False:
        return NO
    named_otherwise = possible(statement, caller, TrustedParties(parties.ALL, elsewhere=YES))
    if named_otherwise.value is False:
        return anywhere
    told = possible(statement, caller, asked)
    return told if named_otherwise.value or told.value is anywhere.value else unknown(*named_otherwise.causes)


def _is_everyone(value: Text) -> Answer:
    """Return whether a principal is `*`. AWS accepts no other wildcard in a principal; any other is treated like `*`,
    and a text that begins as an ARN is one identity.

    docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    if isinstance(value, str):
        return known(is_wild(value))
    return NO if value.plain or value.known[0].startswith("arn:") else unknown(value.cause)


def _any_behind_service(statement: Statement, kind: Text, value: Text) -> Answer:
    if kind != _AWS:
        found = _service(statement, kind, parties.TOLD)
        return _FOR_FUNCTIONS if found.value and value == _LAMBDA and _only_pulls(statement) else found
    among_all = all_of((_is_everyone(value), _service(statement, _SERVICE, parties.TOLD)))
    return all_of((~_everyone(statement, kind, value, None), among_all)) if among_all.value is not False else NO


def _only_pulls(statement: Statement) -> bool:
    """Return whether a statement allows only to pull images, and has no condition: AWS writes none."""
    actions = statement.actions if isinstance(statement.actions, tuple) else ()
    pulls = bool(actions) and all(isinstance(action, str) and action.lower() in _PULLING for action in actions)
    return pulls and not statement.conditions


def _service(statement: Statement, kind: Text, asked: Asked) -> Answer:
    if kind != _SERVICE or parties.describes(statement):
        return NO
    found = possible(statement, Caller.SERVICE, asked)
    return _FOR_ITSELF if found.value and parties.grants_to_aws(statement) else found


def _service_for_stranger(statement: Statement, kind: Text, asked: TrustedParties) -> Answer:
    """Return whether a service acts for a named account that is a stranger: that account is admitted."""
    return all_of((~_service(statement, kind, parties.TOLD), _service(statement, kind, asked)))


def _federated(statement: Statement, kind: Text, value: Text, asked: Asked) -> Answer:
    return providers.opens(statement, value, asked) if kind == _FEDERATED else NO


def _named(statement: Statement, kind: Text, value: Text, asked: TrustedParties) -> Answer:
    """Return whether a principal's name is a stranger's; neither a name of unknown owner nor the network of the request
    excludes strangers.
    """
    if kind not in (_AWS, _CANONICAL):
        return NO
    stranger = _is_stranger(value, asked)
    if stranger.value is False:
        return NO
    return all_of((stranger, possible(statement, Caller.ANYBODY, TrustedParties(asked.ids, elsewhere=YES, way=YES))))


def _is_stranger(value: Text, asked: TrustedParties) -> Answer:
    """Return whether a principal that is not everyone belongs to an untrusted account. A canonical id names no account,
    and neither does the ARN of a CloudFront origin access identity: S3 accepts that of any account.

    The name of something that the code makes or looks up is no stranger; an account number that it looks up may be one.
    """
    if isinstance(value, Unknown):
        parts = value.known[0].split(":")
        owner = parts[4] if len(parts) >= ARN_PARTS else ""
        if value.plain or owner == CLEANED:
            return NO
        return known(owner not in asked.ids) if _ACCOUNT.fullmatch(owner) else unknown(value.cause)
    text = clean(value)
    if is_wild(text) or _NOBODY.fullmatch(text) or text in asked.ids:
        return NO
    match = _ACCOUNT.fullmatch(text)
    if match is None and text.startswith("arn:"):
        return unknown(f"{text} does not say whose identity it is")
    return known(match is None or (match[1] or match[2]) not in asked.ids)


def _asks_external_id(statement: Statement) -> Answer:
    """Return whether a condition requires one complete external id. It is a secret between two parties: a pattern is
    none.
    """
    found = [_names_one(one) for one in named(statement, "sts:externalid")]
    hidden = statement.conditions if isinstance(statement.conditions, tuple) else (statement.conditions,)
    return any_of([*found, *(unknown(one.cause) for one in hidden if isinstance(one, Unknown))])


def _names_one(condition: Condition) -> Answer:
    operator = text_is(lower(condition.operator), *_FOR_ONE)
    if isinstance(condition.values, Unknown):
        return all_of((operator, unknown(condition.values.cause)))
    values = [
        known(value != "" and not is_wild(value) and "${" not in value)
        if isinstance(value, str)
        else YES
        if value.plain
        else unknown(value.cause)
        for value in condition.values
    ]
    return all_of((operator, known(bool(values)), *values))
