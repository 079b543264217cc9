"""Decides which people a resource policy gives two duties at once: some actions of one list, and some of another.

A person is a role, whatever its path, with all its sessions, a user, or somebody whom the policy does not name. An
account that the policy allows stands for its IAM, which decides there. A person chooses what a request contains, but
not who they are: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (properties of the
principal)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from preuve.documents.access.requests import holds
from preuve.documents.answer import NO, YES, Answer, all_of, any_of, known, unknown
from preuve.documents.callers import keys
from preuve.documents.callers.keys import Caller
from preuve.documents.document import Condition, Document, Principal, Statement, Text, Unknown
from preuve.documents.patterns import CLEANED, FRESH, clean, covers, is_wild, meets, sample_texts
from preuve.documents.permitted_actions import all_conditions, allowed_on, combine

_ROLE = re.compile(
    r"(?P<partition>arn:[^:]*):(?:sts::(?=[0-9]*:assumed-role/)|iam::(?=[0-9]*:role/))(?P<account>[0-9]{12}):"
    r"(?:assumed-role/(?P<session>[^/]+)/.+|role/(?:.*/)?(?P<role>[^/]+))"
)
_ACCOUNT = re.compile(r"([0-9]{12})|arn:[^:]*:iam::([0-9]{12}):root")
_COLONS = 5  # of an ARN: `*` and the unique id of a deleted principal have none
_TOO_MANY_COLONS = "*" + ":*" * (_COLONS + 1)
_DIGITS = re.compile(r"(?<=:)[0-9]{12}(?=:)")
_NAME = "aws:principalarn"
# Besides `aws:principal…`: keys that identify the caller.
_OF_A_PERSON = frozenset({"aws:userid", "aws:username"})


@dataclass(frozen=True)
class Person:
    """A user or a role by its ARN."""

    arn: str

    @property
    def account(self) -> str:
        """The account that they are of."""
        return self.arn.split(":", 5)[4]

    def values(self, key: str) -> Collection[str] | None:
        """Return the values that a key (in lower case) may have, "" for a key that only services send; None if any."""
        sent = {
            _NAME: (self.arn,),
            "aws:principalaccount": (self.account,),
            "kms:calleraccount": (self.account,),
            "aws:principalisawsservice": ("false",),
        }
        return sent.get(key) or (None if keys.sent_value(key, Caller.ANYBODY).present else ("",))


def both_allowed(document: Document, resource: str, these: Collection[str], those: Collection[str]) -> Answer:
    """Return whether somebody may do one of these actions and one of those on a resource (its ARN). The places are the
    people.
    """
    rights = combine([document])

    def may(person: Person, action: str) -> Answer:
        return allowed_on(
            rights,
            action.lower(),
            resource,
            lambda statement: all_of((_is_for(statement, person), _met(statement, person, YES))),
            lambda statement: all_of((_is_against(statement, person), _met(statement, person, NO))),
        )

    def both(person: Person) -> Answer:
        return all_of(any_of(may(person, action) for action in actions) for actions in (these, those))

    partition, account = resource.split(":", 5)[1::3]
    people = dict.fromkeys((*_named(document, account), f"arn:{partition}:iam::{account}:role/{FRESH}"))
    found = any_of(both(Person(arn)).at(arn.replace(FRESH, "*")) for arn in people)
    return found if found.value else any_of((found, _any_of_several(document, partition, account, both)))


def holder_of(principal: str) -> str:
    """Return the ARN of a role, without its path, for the role or a session of it; any other principal unchanged."""
    match = _ROLE.fullmatch(principal)
    if not match:
        return principal
    return f"{match['partition']}:iam::{match['account']}:role/{match['session'] or match['role']}"


def _named(document: Document, account: str) -> Iterator[str]:
    """Yield the ARN of each person whom a statement names, directly or in a condition on their name. Letters replace
    wildcards, and `account` replaces wildcards for the account.
    """
    for statement in document.statements:
        for one in statement.principals if isinstance(statement.principals, tuple) else ():
            if isinstance(one, Principal) and one.kind == "AWS" and isinstance(one.value, str):
                yield from _people(clean(one.value))
    for pattern in _patterns(document):
        yield from _people(_one_of(pattern, account))


def _patterns(document: Document) -> Iterator[str]:
    """Yield the values that conditions compare the name of a person with."""
    for statement in document.statements:
        for condition in statement.conditions if isinstance(statement.conditions, tuple) else ():
            if isinstance(condition, Condition) and condition.key == _NAME and isinstance(condition.values, tuple):
                yield from (clean(value) for value in condition.values if isinstance(value, str))


def _any_of_several(document: Document, partition: str, account: str, both: Callable[[Person], Answer]) -> Answer:
    """Return whether somebody may do both whom several patterns match at once, or whom a pattern matches that is no
    complete ARN.
    """
    patterns = [one for one in dict.fromkeys(_patterns(document)) if is_wild(one)]
    accounts = {account, *(found for one in patterns for found in _DIGITS.findall(one))} if patterns else ()
    answers = []
    for form in (f"arn:{partition}:iam::{one}:{kind}/?*" for one in sorted(accounts) for kind in ("role", "user")):
        texts = sample_texts([form, _TOO_MANY_COLONS, *(one for one in patterns if meets(one, form))])
        people = [one for one in texts or () if covers(form, one) and one.count(":") == _COLONS]
        answers += [both(Person(one)).at(clean(one).replace(CLEANED, "*")) for one in people]
        answers += [unknown("too many patterns")] if texts is None else []
    return any_of(answers)


def _one_of(pattern: str, account: str) -> str:
    """Return the ARN of somebody whom a pattern matches."""
    parts = pattern.split(":", 5)
    parts[4:5] = [account if is_wild(one) else one for one in parts[4:5]]
    return re.sub(r"[*?]", FRESH, ":".join(parts))


def _people(text: str) -> Iterator[str]:
    if text.count(":") >= _COLONS and not _ACCOUNT.fullmatch(text):
        yield holder_of(text) if ":sts:" in text else text


@dataclass(frozen=True)
class _PersonName:
    """How a statement may name a person: the person, one of their sessions, or their account."""

    person: Answer
    session: Answer
    account: Answer


def _is_for(statement: Statement, person: Person) -> Answer:
    """Return whether an Allow is for a person. Allow with NotPrincipal allows everybody else."""
    if statement.not_principals is not None:
        return ~_among(statement.not_principals, person, _PersonName(YES, YES, unknown(statement.place)))
    return _among(statement.principals, person, _PersonName(YES, YES, NO))


def _is_against(statement: Statement, person: Person) -> Answer:
    """Return whether a Deny is for all sessions of a person. Whom it exempts by NotPrincipal depends on the session."""
    open_ = unknown(statement.place)
    if statement.not_principals is not None:
        return ~_among(statement.not_principals, person, _PersonName(open_, open_, open_))
    return _among(statement.principals, person, _PersonName(YES, open_, open_))


def _among(principals: tuple[Principal | Unknown, ...] | Unknown | None, person: Person, named: _PersonName) -> Answer:
    if not isinstance(principals, tuple):
        return unknown(principals.cause) if principals else NO
    return any_of(
        unknown(one.cause) if isinstance(one, Unknown) else _is(one.kind, one.value, person, named)
        for one in principals
    )


def _is(kind: Text, value: Text, person: Person, named: _PersonName) -> Answer:
    if isinstance(kind, Unknown) or isinstance(value, Unknown):
        return unknown(*(one.cause for one in (kind, value) if isinstance(one, Unknown)))
    text = clean(value)
    if kind != "AWS" or is_wild(text):
        return known(kind == "AWS")
    match = _ACCOUNT.fullmatch(text)
    if match:
        return named.account if (match[1] or match[2]) == person.account else NO
    if holder_of(text) != holder_of(person.arn):
        return NO
    return named.session if ":sts:" in text else named.person


def _met(statement: Statement, person: Person, of_request: Answer) -> Answer:
    """Return whether a person meets the conditions of a statement; `of_request` is the answer for keys that they may
    choose.
    """

    def met(condition: Condition) -> Answer:
        key = condition.key
        if isinstance(key, Unknown):
            return unknown(key.cause)
        chosen = not (key.startswith("aws:principal") or key in _OF_A_PERSON or person.values(key) is not None)
        return of_request if chosen else holds(condition, person.values)

    return all_conditions(statement, met)
