"""The questions about policy documents in a block, with the definitions of `preuve.documents` that also judge the
account.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from preuve.collect.code.judgements.answer import Ruling
from preuve.collect.code.judgements.bodies import Body
from preuve.collect.code.judgements.documents.actions import restrictable
from preuve.collect.code.judgements.documents.block_documents import BlockDocument, Table
from preuve.collect.code.judgements.documents.buckets import bucket_of, of_one_bucket
from preuve.collect.code.judgements.documents.deciding_statements import Ask, decided_by, denied_by, grounds_beside
from preuve.collect.code.judgements.documents.holders import NOBODY, Holder, Other, holders_of
from preuve.collect.code.judgements.documents.providers import with_unknown_hosts
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN, told
from preuve.documents import audience, denials, grants
from preuve.documents.answer import NO, Answer, all_of, any_of
from preuve.documents.document import Document, Statement, Unknown

Options = Mapping[str, Any]
_PERHAPS = "this block may not be created, or may be for another resource"
_WHOSE = "depends on a value that is not in the code: whether an account that is named is known"
_CLAIM = "claim"  # a claim of the token that no condition narrows: `:sub`, `:aud`


def public_access(kind: str, body: Body, options: Options) -> Ruling | None:
    """Judge whether a document gives access to anybody. It fails if a statement does and no condition narrows it.

    `services`: access for anybody through an AWS service counts too. `trusted`: the known accounts. The code does not
    show whether another named account is known, nor an account whose number it does not contain.
    """
    services = bool(options.get("services"))
    held = _held(kind, body, options)
    trusted = options.get("trusted")

    def opens(document: Document) -> Answer:
        return audience.opens_wide(document, services=services)

    found = _each(held, opens)
    if found is not None and found.result == FAILED:
        return _with_all(found, held, opens, trusted)
    return (
        _by_name(held, trusted) or found
        if found is not None and found.result == PASSED and trusted is not None
        else found
    )


def _with_all(
    found: Ruling, helds: Sequence[BlockDocument], opens: Callable[[Document], Answer], trusted: Any
) -> Ruling:
    """Return a failure that also rests on each other statement that may open access, so that one failure hides no
    other.
    """
    asks: list[Ask] = [lambda documents: opens(documents[0])]
    if trusted is not None:
        asks.append(lambda documents: audience.opens_to_strange_accounts(documents[0], trusted))
    return replace(found, grounds=(*found.grounds, *grounds_beside(helds, asks, found.grounds)))


def _by_name(helds: Sequence[BlockDocument], trusted: Sequence[str]) -> Ruling | None:
    """Return an open answer if a document may name a principal of an untrusted account; otherwise None."""
    named = any_of(audience.opens_to_strange_accounts(held.document, trusted) for held in helds)
    if named.value is False:
        return None
    return Ruling(UNKNOWN, told([_WHOSE] if named.value else named.causes))


def ci_trust_beyond_repository(kind: str, body: Body, options: Options) -> Ruling | None:
    """Return whether a trust policy lets in a CI service beyond named repositories' pipelines; None without one."""
    found = [replace(held, document=with_unknown_hosts(held.document)) for held in _held(kind, body, options)]
    about_one = [held for held in found if audience.trusts_ci(held.document).value is not False]
    judged = _each(about_one, audience.opens_beyond_repository)
    if judged is None or judged.result != FAILED:
        return judged
    claims = dict.fromkeys(claim for held in about_one for claim in audience.open_claims(held.document))
    return replace(judged, told={_CLAIM: ", ".join(claims)}) if claims else judged


def denied(kind: str, body: Body, options: Options) -> Ruling | None:
    """Return whether a bucket policy denies everybody some actions, on the bucket and on all its objects.

    `sent`: the values of condition keys with which the policy must deny. A data source that nothing uses is not a
    policy yet.
    """
    held = [one for one in _held(kind, body, options) if one.kind in options["of"]]
    bucket = bucket_of(body)
    own = [replace(one, document=of_one_bucket(one, bucket)) for one in held]
    parts = (bucket.arn, f"{bucket.arn}/?*")
    asked = [
        partial(denials.denies, actions=options["actions"], resource=part, request=options["sent"]) for part in parts
    ]
    found = _each(own, lambda document: ~all_of(ask(document) for ask in asked))
    if found is not None and found.result == PASSED:
        return replace(found, values=denied_by(own, asked))
    if found is None or found.result != FAILED:
        return found
    paths = tuple(one.path for one in held)
    return replace(found, keys=paths, values=None, grounds=paths)  # a missing denial decided


def admin_access(kind: str, body: Body, options: Options) -> Ruling | None:
    """Return whether the documents of a block allow every action on every resource."""
    return _together(kind, body, options, grants.administers)


def full_access(kind: str, body: Body, options: Options) -> Ruling | None:
    """Return whether the documents of a block allow every action of one of some services (`all_of`) on every
    resource.
    """
    return _together(kind, body, options, lambda documents: grants.owns_service(documents, options["all_of"]))


def privilege_escalation(kind: str, body: Body, options: Options) -> Ruling | None:
    """Return whether the holder of a block's documents can raise their own rights, together with their other inline
    policies.
    """
    held = _held(kind, body, options)
    if not held:
        return None
    found = list(holders_of(kind, body, options["holders"])) or [(NOBODY, ())]
    return _worst([_escalates(held, _held_by(others, options), options["ways"], one) for one, others in found])


def _held_by(others: Sequence[Other], options: Options) -> list[BlockDocument]:
    """Return the documents in other blocks; a document that may belong to another holder may be missing."""
    return [
        one if surely else replace(one, surely=False, doubt=_PERHAPS)
        for type_, beside, surely in others
        for one in _held(type_, beside, options)
    ]


def _escalates(
    held: Sequence[BlockDocument], others: Sequence[BlockDocument], ways: Mapping[str, str], holder: Holder
) -> Ruling:
    own = [holder.in_document(one) for one in held]

    def ask(documents: Sequence[Document]) -> Answer:
        return grants.escalates(documents, ways, holder.arn)

    alone = _judged(own, ask)
    if not others or alone.result == FAILED:
        return alone
    every = [*own, *(holder.in_document(one) for one in others)]
    joined = _judged(every, ask)
    if joined.result == PASSED or not grants.takes_part(
        [one.document for one in own], ways, ask([one.document for one in every])
    ):
        return alone
    if joined.result == UNKNOWN:
        return alone if alone.result == UNKNOWN else replace(joined, keys=alone.keys)
    by = decided_by(own, ask, NO)
    return Ruling(FAILED, keys=by.keys, values=by.texts, grounds=by.grounds)


def unbounded_access(kind: str, body: Body, options: Options) -> Ruling | None:
    """Return whether a document allows an action without a condition on any resource, although IAM can limit the action
    to resources.
    """
    return _together(kind, body, options, lambda documents: grants.unbounded(documents, restrictable(documents)))


def _held(kind: str, body: Body, options: Options) -> list[BlockDocument]:
    """Return the documents in a block that a question concerns."""
    table: Table = options["documents"]
    found = (document_of_kinds(held, options["of"]) for held in table.held(kind, body))
    return [held for held in found if held is not None]


def _each(helds: Sequence[BlockDocument], ask: Callable[[Document], Answer]) -> Ruling | None:
    """Return the worst result of documents that are judged separately; None if there is none."""
    return _worst([_judged([held], lambda documents: ask(documents[0])) for held in helds])


def _worst(found: Sequence[Ruling]) -> Ruling | None:
    worst = [one for wanted in (FAILED, UNKNOWN, PASSED) for one in found if one.result == wanted]
    if not worst or worst[0].result != FAILED:
        return worst[0] if worst else None
    return replace(worst[0], grounds=tuple(text for one in worst if one.result == FAILED for text in one.grounds))


def _together(kind: str, body: Body, options: Options, ask: Ask) -> Ruling | None:
    found = _held(kind, body, options)
    return _judged(found, ask) if found else None


def _judged(helds: Sequence[BlockDocument], ask: Ask) -> Ruling:
    """Judge documents that apply together. A document that may be missing leaves the result open, unless the result is
    the same without it.
    """
    most = [_with_loops(held.document, "Allow") for held in helds]
    with_all = ask(most)
    sure = [replace(held, document=_with_loops(held.document, "Deny")) for held in helds if held.surely]
    least = [held.document for held in sure]
    without = with_all if least == most else ask(least) if sure else NO
    if with_all.value is True and without.value is True:
        by = decided_by(sure, ask, without)
        return Ruling(FAILED, keys=by.keys, values=by.texts, grounds=by.grounds)
    if with_all.value is False and without.value is False:
        return Ruling(PASSED, keys=tuple(held.path for held in helds if held.path))
    perhaps = [held.doubt or f"dynamic block: {held.path}" for held in helds if not held.surely]
    perhaps += [f"dynamic block: {one.place}" for held in helds for one in held.document.statements if one.perhaps]
    return Ruling(UNKNOWN, told([*with_all.causes, *without.causes, *perhaps]) or "a document that is not known")


def _with_loops(document: Document, effect: str) -> Document:
    """Return a document with those statements of loops that have an effect or an unknown one: with those that allow, it
    opens most; with those that deny, it denies least.
    """
    if not any(one.perhaps for one in document.statements):
        return document
    gone = {"Allow": "Deny", "Deny": "Allow"}[effect]
    kept = (one for one in document.statements if not (one.perhaps and one.effect == gone))
    return replace(document, statements=tuple(kept))


ASKED: Mapping[str, Callable[[str, Body, Options], Ruling | None]] = {
    "admin_access": admin_access,
    "denied": denied,
    "ci_trust_beyond_repository": ci_trust_beyond_repository,
    "full_access": full_access,
    "privilege_escalation": privilege_escalation,
    "public_access": public_access,
    "unbounded_access": unbounded_access,
}


# ---- concerned statements -------------------------------------------------------------------------------------------
# Selects the documents, or the statements of a data source, that a question concerns. A data source that nothing
# uses does not show whose policy it builds, but its statements do. Those without a principal belong to an identity,
# those that allow `sts:AssumeRole…` to a role's trust policy, the others to the service of their actions.


IDENTITY, TRUST, ANY = "identity", "trust", "any"


def document_of_kinds(held: BlockDocument, kinds: Collection[str]) -> BlockDocument | None:
    """Return the document with the statements that concern documents of some kinds; None if no statement does."""
    if held.kind in kinds:
        return held
    if held.kind != ANY:
        return None
    statements = held.document.statements
    kept = tuple(one for one in statements if _concerns(one, kinds))
    return replace(held, document=replace(held.document, statements=kept)) if kept or not statements else None


def _concerns(statement: Statement, kinds: Collection[str]) -> bool:
    """Return whether a statement may belong to a document of these kinds."""
    if statement.principals is None and statement.not_principals is None:
        return IDENTITY in kinds
    if not isinstance(statement.actions, tuple) or not statement.actions:
        return kinds != {IDENTITY}
    services = {_service(action) for action in statement.actions}
    if None in services or "*" in services:
        return set(kinds) != {IDENTITY}
    return bool(services & {_service_of(kind) for kind in kinds})


def _service(action: str | Unknown) -> str | None:
    text = action if isinstance(action, str) else action.known[0]
    return text.split(":", 1)[0].lower() if ":" in text or isinstance(action, str) else None


_SERVICES = {"opensearchservice": "es", "ses": "ses"}


def _service_of(kind: str) -> str:
    if kind == TRUST:
        return "sts"
    name = kind.split("::")[1].lower() if "::" in kind else kind
    return _SERVICES.get(name, name)
