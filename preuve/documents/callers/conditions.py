"""Whether a stranger's request may meet the conditions of a statement.

Source of the operators: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
of their prefixes: …/reference_policies_condition-single-vs-multi-valued-context-keys.html. Only the operators in
`ALIKE` restrict; those in `_LITERAL` treat `*` and `?` as letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import MAXYEAR, UTC, datetime, timedelta
from operator import eq, ge, gt, le, lt

from preuve.documents.answer import NO, YES, Answer, all_of, any_of, known, unknown
from preuve.documents.callers import keys
from preuve.documents.callers.keys import Caller, Key
from preuve.documents.callers.parties import Asked, addresses, literal
from preuve.documents.document import Condition, Statement, Text, Unknown
from preuve.documents.patterns import FRESH, lower, text_covers, text_is, text_meets

_OPERATOR = re.compile(r"(?:(?P<set>forallvalues|foranyvalue):)?(?P<base>[a-z]+?)(?P<exists>ifexists)?")
UNLIKE = ("stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike")
ALIKE = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})
_LITERAL = frozenset({"stringequals", "stringequalsignorecase"})
_POSITIVE = ALIKE | {"bool", "ipaddress", "binaryequals", "numericequals", "dateequals"}
_COMPARING = frozenset(
    {
        f"{kind}{way}{equal}"
        for kind in ("numeric", "date")
        for way in ("lessthan", "greaterthan")
        for equal in ("", "equals")
    }
)
_TIMES = frozenset({"aws:currenttime", "aws:epochtime"})
_SINCE = frozenset({f"{kind}greaterthan{equal}" for kind in ("date", "numeric") for equal in ("", "equals")})
_LIKE = frozenset({"stringlike", "arnlike", "arnequals"})
_UNLIKE = frozenset({"stringnotlike", "arnnotlike", "arnnotequals"})
_TELLS = {
    f"{kind}{way}": compare
    for kind in ("date", "numeric")
    for way, compare in (
        *(("lessthan", lt), ("lessthanequals", le), ("equals", eq)),
        *(("greaterthan", gt), ("greaterthanequals", ge)),
    )
}
_NUMBER = re.compile(r"[0-9]{1,15}")
_WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)

# What every direct request with credentials sends; two kinds of callers: a value that fits both restricts nobody.
_BROUGHT = {
    "aws:principalaccount": (FRESH,),
    "aws:principalarn": (f"arn:aws:iam::{FRESH}:role/{FRESH}", f"arn:aws:iam::{FRESH}:user/{FRESH}"),
    "aws:principalisawsservice": ("false",),
    "aws:principaltype": ("AssumedRole", "User"),
    "aws:requestedregion": (FRESH,),
    "aws:securetransport": ("true",),
    "aws:useragent": (FRESH,),
    "aws:userid": (FRESH,),
    "aws:viaawsservice": ("false",),
    # Of the time, the resource, and the actions that are asked about: the service authorization reference of each.
    **dict.fromkeys(("aws:currenttime", "aws:epochtime", "aws:resourceaccount", "aws:resourceorgid"), (FRESH,)),
    **dict.fromkeys(("dynamodb:leadingkeys", "iam:passedtoservice", "iam:policyarn", "kms:calleraccount"), (FRESH,)),
    **dict.fromkeys(("s3:resourceaccount", "secretsmanager:secretid"), (FRESH,)),
}
# Keys that a request may lack, so that any value of them excludes somebody: …/reference_policies_condition-keys.html
_MAY_LACK = re.compile(
    r"[^/]*tag/.*|saml:.*|aws:(tagkeys|multifactorauth(age|present)|tokenissuetime|sourcevpc|sourcevpce|"
    r"sourcevpcarn|sourceidentity|principalorgid|principalorgpaths|calledvia(first|last)?|federatedprovider|"
    r"source(account|arn|orgid|orgpaths)|referer)"
)
_HAS_IT = unknown("it is not known whether each request has the key of a condition")
# Whose resource it is: of all in one's own account or organization it says so.
_OF_OWNER = frozenset({"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "s3:resourceaccount"})


def possible(statement: Statement, caller: Caller, asked: Asked, more: Mapping[str, Key] | None = None) -> Answer:
    """Return whether some stranger's request meets all conditions. `more`: keys that only this caller has."""
    if isinstance(statement.conditions, Unknown):
        return unknown(statement.conditions.cause)
    groups: dict[str, list[Condition]] = {}
    answers: list[Answer] = []
    for condition in statement.conditions:
        if isinstance(condition, Unknown):
            answers.append(unknown(condition.cause))
        elif isinstance(condition.key, Unknown):
            answers.append(unknown(condition.key.cause))
        else:
            groups.setdefault(condition.key.lower(), []).append(condition)
    for name, conditions in groups.items():
        key = (more or {}).get(name) or keys.sent_value(name, caller)
        answers.append(_key(key, conditions, asked))
    return all_of([not_over(statement), *answers])


def _key(key: Key, conditions: Sequence[Condition], asked: Asked) -> Answer:
    """Return whether one value of a key, or its absence, meets all conditions on it."""
    branches = [all_of(without_key(one) for one in conditions)] if key.absent else []
    if key.choices:
        branches += [all_of(_chosen(one, choice) for one in conditions) for choice in key.choices]
    elif key.present:
        branches.append(all_of(_present(key, one, asked) for one in conditions))
    return any_of(branches)


def operator_of(operator: str) -> tuple[str, str, bool]:
    """Return the operator's set prefix, its base and whether it holds without the key; ("", "", False) if it is no
    operator.
    """
    match = _OPERATOR.fullmatch(operator.lower())
    return (match["set"] or "", match["base"], bool(match["exists"])) if match else ("", "", False)


def without_key(condition: Condition) -> Answer:
    """Return whether a condition holds if its key is not sent."""
    if isinstance(condition.operator, Unknown):
        return unknown(condition.operator.cause)
    quantifier, base, if_exists = operator_of(condition.operator)
    if base == "null":
        return _among(condition, lambda value: text_is(lower(value), "true"))
    if if_exists or quantifier == "forallvalues":
        return YES
    return known(base not in _POSITIVE | _COMPARING and quantifier != "foranyvalue")


def _present(key: Key, condition: Condition, asked: Asked) -> Answer:
    if isinstance(condition.operator, Unknown):
        return unknown(condition.operator.cause)
    _, base, _ = operator_of(condition.operator)
    if base == "null":
        return _among(condition, lambda value: text_is(lower(value), "false"))
    if key.ranges and base in ALIKE | {"ipaddress"}:
        if isinstance(condition.values, Unknown):
            return unknown(condition.values.cause)
        return addresses(condition.values, asked)
    kind = key.kind if key.as_text is None or base.startswith("arn") else key.as_text
    if kind is not None and base in ALIKE:
        return _among(condition, lambda value: any_of(kind(one, asked) for one in _spellings(base, value)))
    # Of what is there, nothing is unlike `*`.
    return ~_among(condition, lambda value: text_covers(value, "*")) if base in _UNLIKE else YES


def _spellings(base: str, value: Text) -> Iterable[Text]:
    """Return the texts that a value of an operator may mean: without wildcards if they are letters, in any case if that
    makes no difference.
    """
    written = literal(value) if base in _LITERAL else value
    return (written, lower(written)) if base == "stringequalsignorecase" else (written,)


def _chosen(condition: Condition, choice: str) -> Answer:
    """Return whether a condition holds for this very value."""
    if isinstance(condition.operator, Unknown):
        return unknown(condition.operator.cause)
    _, base, _ = operator_of(condition.operator)
    if base == "null":
        return _among(condition, lambda value: text_is(lower(value), "false"))
    if base in ALIKE | {"bool"}:
        return _among(condition, lambda value: text_meets(choice, lower(value)))
    if base.replace("not", "") in ALIKE:
        return ~_among(condition, lambda value: text_meets(choice, lower(value)))
    return YES


def without_bounds(statement: Statement) -> Answer:
    """Return whether all conditions of a statement hold for every holder of its rights."""
    if isinstance(statement.conditions, Unknown):
        return unknown(statement.conditions.cause)
    return all_of(unknown(one.cause) if isinstance(one, Unknown) else ~_bounds(one) for one in statement.conditions)


def _bounds(condition: Condition) -> Answer:
    """Return whether a condition excludes any caller with credentials and TLS at a time after this code was written."""
    operator, key = condition.operator, condition.key
    if isinstance(operator, Unknown) or isinstance(key, Unknown):
        return unknown(*(one.cause for one in (operator, key) if isinstance(one, Unknown)))
    quantifier, base, if_exists = operator_of(operator)
    name = key.lower()
    if base in _SINCE and name in _TIMES:
        return ~begun(condition)
    if base in ("ipaddress", "notipaddress") and name == "aws:sourceip" and isinstance(condition.values, tuple):
        wide = addresses(condition.values, None)
        return ~wide if base == "ipaddress" else wide
    if base == "null" and name in _BROUGHT:
        return ~_among(condition, lambda value: text_is(lower(value), "false"))
    lax = (if_exists or quantifier == "forallvalues") and base not in UNLIKE
    return _bounds_by_value(condition, base, _BROUGHT.get(name, (FRESH,) if lax else ()))


def _bounds_by_value(condition: Condition, base: str, brought: Sequence[str]) -> Answer:
    """Return whether a condition excludes some callers by a value that they send. If callers need not send the key, the
    condition restricts unless any value meets it.
    """
    name = str(condition.key).lower()
    if base in ALIKE and name in _OF_OWNER:
        return NO
    if brought:
        return any_of(~_holds(condition, base, value) for value in brought)
    anything = _among(condition, lambda value: text_covers(value, "*")) if base in _LIKE else NO
    return YES if anything.value is False or _MAY_LACK.fullmatch(name) else _HAS_IT


def _holds(condition: Condition, base: str, brought: str) -> Answer:
    """Return whether a condition surely holds for a value of its key."""
    if base == "bool":
        return _among(condition, lambda value: text_is(lower(value), brought))
    if base in UNLIKE:
        return ~_among(condition, lambda value: text_covers(value, brought))
    return _among(condition, lambda value: text_covers(value, brought)) if base in _LIKE else NO


def _is_of_time(condition: Condition) -> bool:
    """Return whether a condition is about the time."""
    return condition.key in _TIMES


def begun(condition: Condition) -> Answer:
    """Return whether a condition requires a time after a moment in the past: it holds for every caller."""
    if not isinstance(condition.operator, str) or operator_of(condition.operator)[1] not in _SINCE:
        return NO
    return _among(condition, lambda value: known(_over(value))) if _is_of_time(condition) else NO


def not_over(statement: Statement) -> Answer:
    """Return whether a statement may still apply: all its conditions on time hold now, or at a moment to come."""
    conditions = statement.conditions if isinstance(statement.conditions, tuple) else ()
    asked = [one for one in conditions if isinstance(one, Condition) and _is_of_time(one)]
    if not asked:
        return YES
    named = (value for one in asked if isinstance(one.values, tuple) for value in one.values)
    ends = [moment for moment in map(_moment, named) if moment is not None and moment > _WRITTEN]
    return any_of(
        all_of(_fits(one, moment) for one in asked) for moment in (_WRITTEN, *ends, *(_next(one) for one in ends))
    )


def _next(moment: datetime) -> datetime:
    return moment + timedelta(microseconds=1) if moment.year < MAXYEAR else moment


def _fits(condition: Condition, now: datetime) -> Answer:
    """Return whether a condition on the time holds at a moment, as far as preuve understands it."""
    compare = _TELLS.get(operator_of(condition.operator)[1]) if isinstance(condition.operator, str) else None
    if compare is None:
        return YES

    def holds(value: Text) -> Answer:
        if isinstance(value, Unknown):
            return unknown(value.cause)
        moment = _moment(value)
        return known(moment is None or compare(now, moment))

    return _among(condition, holds)


def _over(moment: Text) -> bool:
    """Return whether a moment lies before this code was written, and so in the past for every caller."""
    parsed = _moment(moment)
    return parsed is not None and parsed < _WRITTEN


def _moment(text: Text) -> datetime | None:
    """Return the moment in a text, a date or seconds since 1970; None if it is neither, or unknown."""
    if not isinstance(text, str):
        return None
    try:
        parsed = datetime.fromtimestamp(float(text), UTC) if _NUMBER.fullmatch(text) else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _among(condition: Condition, ask: Callable[[Text], Answer]) -> Answer:
    """Return whether one of the values meets the condition."""
    if isinstance(condition.values, Unknown):
        return unknown(condition.values.cause)
    return any_of(ask(value) for value in condition.values)


def named(statement: Statement, name: str) -> Iterable[Condition]:
    """Return the known conditions of a statement on a key."""
    if isinstance(statement.conditions, Unknown):
        return ()
    return tuple(one for one in statement.conditions if isinstance(one, Condition) and one.key == name)
