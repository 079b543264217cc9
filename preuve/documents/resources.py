"""Decides which resources a statement of an identity covers; the question is about a resource that no document
names.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Sequence

from preuve.documents.answer import NO, Answer, known, unknown
from preuve.documents.callers.parties import fixed
from preuve.documents.document import ARN_PARTS, Text
from preuve.documents.names import GIVEN, LENGTHS, LETTERS, MANY, SIDES, Among, is_loose
from preuve.documents.patterns import FIXED, FRESH, ONESELF, arn_common, arn_meets, clean, is_wild, meets, widest

_OF_IAM = ("role", "user", "group", "policy", "instance-profile", "oidc-provider", "saml-provider", "mfa")
_SERVICES = {"sts": "iam"}  # services whose actions are about the resources of another
# AWS itself writes log groups by region and account (`arn:aws:logs:eu-west-3:111122223333:*`): that names them.
_OF_ONE_PLACE = ("logs",)
_ANYWHERE = (f"{FRESH}:*", f"*:{FRESH}")
# Actions that give their holder rights even if allowed on the holder alone, by the kind of holder.
_GIVES_RIGHTS = {
    "user": (
        *("iam:attachuserpolicy", "iam:putuserpolicy"),
        *("iam:deleteuserpermissionsboundary", "iam:putuserpermissionsboundary"),
    ),
    "group": ("iam:attachgrouppolicy", "iam:putgrouppolicy"),
    "role": (
        *("iam:attachrolepolicy", "iam:putrolepolicy"),
        *("iam:deleterolepermissionsboundary", "iam:putrolepermissionsboundary"),
    ),
    "policy": ("iam:createpolicyversion", "iam:setdefaultpolicyversion"),
}
# Actions that let their holder act as another user.
_TAKES_A_USER = ("iam:createaccesskey", "iam:createloginprofile", "iam:updateloginprofile")
_USERNAME = re.compile(r"\$\{aws:username\}", re.IGNORECASE)
_FRESH = re.compile(f"{FRESH}+")
_UNSEEN = "\0"
_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9-]*[/:]")
_TYPE_BEGUN = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_WITHOUT_TYPES = ("s3", "sns", "sqs")  # services in whose ARNs the name follows the account directly
# Policies that AWS manages: nobody else changes them.
# docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
MANAGED_BY_AWS = re.compile(r"arn:[^:]*:iam::aws:")
# A beginning after which no wildcard can match every name.
_NAMED = re.compile(r"arn:[^:]*:s3:::[^*?]+|arn:(?:[^:]*:){4}[^*?]*[/:][^*?/:]+")


def domains(action: str, patterns: Iterable[str]) -> list[str]:
    """Return the resources to test for an action: of its service, of each type that IAM or a pattern has, and of each
    form of identifiers that AWS gives.
    """
    service = action.split(":", maxsplit=1)[0]
    service = _SERVICES.get(service, service)
    if action == "sts:assumeroot":
        return [f"arn:*:iam::{FRESH}:root"]
    if service == "iam":
        return [f"arn:*:iam::*:{kind}/{name}" for kind in _OF_IAM for name in (FRESH, f"{FRESH}/{FRESH}")]
    found = _typed(service, patterns, (FRESH, f"{FRESH}/{FRESH}"))
    return found + given(action) + [domain for side in SIDES.get(action, ())[:1] for domain in side]


def domains_and_parts(action: str, patterns: Sequence[str]) -> list[str]:
    """Return the domains, and the parts of resources: the stream of a log group, the version of a function."""
    service = action.split(":", maxsplit=1)[0]
    named = service not in ("iam", "s3", *_SERVICES)
    return domains(action, patterns) + (_typed(service, patterns, (f"{FRESH}:{FRESH}",)) if named else [])


def _typed(service: str, patterns: Iterable[str], names: Sequence[str]) -> list[str]:
    """Return resources of a service with these names, without a type and of each that a pattern has."""
    types = {match[0] for pattern in patterns if (match := _TYPE.match(_name(pattern)))} if service != "s3" else set()
    places = _ANYWHERE if service in _OF_ONE_PLACE else ("*:*",)
    return [f"arn:*:{service}:{at}:{kind}{name}" for at in places for kind in ("", *sorted(types)) for name in names]


def given(action: str, _: Sequence[str] = ()) -> list[str]:
    """Return only the resources of an action's service in the forms of the names that AWS gives."""
    service = action.split(":", maxsplit=1)[0]
    return [f"arn:*:{service}:*:*:{name}" for name in GIVEN.get(service, ())]


def sides(action: str, holder: str) -> list[Among]:
    """Return the resources to test for an action that gains rights, each kind by itself: a command needs a machine and
    a document.
    """
    if action not in SIDES:
        return [functools.partial(domains_and_oneself, holder=holder)]
    return [lambda _action, _patterns, side=side: list(side) for side in SIDES[action]]  # type: ignore[misc]


def by_letters(domain: str, patterns: Iterable[str]) -> list[list[str]]:
    """Return families of resources whose names together are all names, for patterns such as `a*`, `b*`, …."""
    loose = {one for one in patterns if is_loose(_TYPE.sub("", _name(one), count=1))}
    if not loose or FRESH not in domain:
        return []
    found = ([_FRESH.sub(name, domain) for name in family] for family in (*LETTERS, LENGTHS))
    return [names for names in found if sum(any(_reaches(one, name) for one in loose) for name in names) >= MANY]


@functools.lru_cache(maxsize=100_000)
def _reaches(pattern: str, name: str) -> bool:
    return arn_meets(_fixed(pattern), name)


def domains_and_oneself(action: str, patterns: Sequence[str], holder: str = "") -> list[str]:
    """Return the resources of `domains`. If the action gives rights, add the caller: the user that a pattern names by
    its variable, and the holder.

    `user/${aws:username}*` also covers other users, whose names begin with the caller's.
    """
    found = domains(action, patterns)
    if action in _GIVES_RIGHTS["user"] and not _name(holder).startswith("role/"):  # a role has no user name
        names = (_name(_with_oneself(pattern)) for pattern in patterns)
        own = {name.replace("*", "").replace("?", "") for name in names if ONESELF in name}
        found += [f"arn:*:iam::*:{name}" for name in sorted(own)]
    if action in _TAKES_A_USER and not _name(holder).startswith("role/"):
        found += [f"arn:*:iam::*:{name}" for name in sorted(_named_alike(patterns))]
    if action in _GIVES_RIGHTS.get(_name(holder).split("/")[0], ()):
        found.append(holder)
    return found


def _named_alike(patterns: Iterable[str]) -> set[str]:
    """Return users whose names patterns build from the caller's name and further letters."""
    names = (_name(_with_oneself(pattern)) for pattern in patterns)
    alike = (name for name in names if ONESELF in (last := name.rsplit("/", 1)[-1]) and is_wild(last))
    return {name.replace("*", FRESH).replace("?", FRESH) for name in alike}


def chosen(kind: str, patterns: Iterable[Text]) -> list[str]:
    """Return the resources of a kind whose complete name one pattern, or two together, leave open."""
    form = f"arn:*:iam::*:{kind}/*"
    of_kind = {one: name for one in map(_written, patterns) if (name := arn_common(one, form))}
    both = {arn_common(one, other) for one, other in itertools.combinations(sorted(of_kind), 2)}
    names = {*of_kind.values(), *(one for one in both if arn_meets(form, one))}
    return sorted(name for name in names if FRESH in _name(name))


def _written(pattern: Text) -> str:
    """Replace unknown parts and variables of a pattern by one name."""
    return _fixed(pattern) if isinstance(pattern, str) else FIXED.join(map(_fixed, pattern.known))


def _with_oneself(pattern: str) -> str:
    return _USERNAME.sub(ONESELF, pattern)


def _name(pattern: str) -> str:
    parts = pattern.split(":", ARN_PARTS - 1)
    return parts[-1] if len(parts) == ARN_PARTS else ""


def reaches(pattern: Text, domain: str) -> Answer:
    """Return whether a pattern of a statement matches the resource; a variable in it expands to one specific name."""
    if (isinstance(pattern, str) or pattern.plain) and MANAGED_BY_AWS.match(widest(pattern)):
        return NO
    if isinstance(pattern, str):
        return known(arn_meets(_fixed(pattern), domain))
    pieces = [_fixed(piece) for piece in pattern.known]
    if pattern.plain:
        return known(bool(pieces[0]) and arn_meets(FIXED.join(pieces), domain))
    if FIXED in domain and arn_meets(FIXED.join(pieces), domain):
        return unknown(pattern.cause)
    if _NAMED.match(pieces[0]) or not _may_match(pieces[0], domain) or _says_enough(pieces, domain):
        return NO
    return unknown(pattern.cause)


def _says_enough(pieces: Sequence[str], domain: str) -> bool:
    """Return whether no pattern with these known pieces matches, whatever is between them: a wildcard is the widest
    possible piece, if the pieces show where the name begins. They do not show it for a part that a colon follows.
    """
    name = _name(_UNSEEN.join(pieces))
    before, unseen, after = name.partition(_UNSEEN)
    if not name or (unseen and ":" in after):
        return False
    asked = _of_types_begun(domain, before) if unseen else [domain]
    return not any(arn_meets("*".join(pieces), one) for one in asked)


def _of_types_begun(domain: str, word: str) -> list[str]:
    """Return a domain; if it has no type, those whose type may be a longer word: in `parameter${var.path}` the unknown
    part may end the type.
    """
    parts, name = domain.split(":")[: ARN_PARTS - 1], _name(domain)
    typed = not name.startswith(FRESH) or parts[2] in _WITHOUT_TYPES
    if typed or not _TYPE_BEGUN.fullmatch(word):
        return [domain]
    return [domain, *(":".join([*parts, f"{word}{end}{name}"]) for end in "/:")]


def _fixed(text: str) -> str:
    return fixed(_with_oneself(clean(text)))


def _may_match(beginning: str, domain: str) -> bool:
    """Return whether a pattern with this beginning may match, whatever follows: judged by its complete parts."""
    parts = beginning.split(":", ARN_PARTS - 1)[:-1]
    return all(
        meets(part, of) for part, of in zip(parts, domain.split(":", ARN_PARTS - 1), strict=False) if "*" not in part
    )
