"""Names that announce a secret: surely (`db_password`), or perhaps, so that the value decides (`PASSWORD_FOR_APP`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

from preuve.library.words import is_perhaps_secret, is_secret, without_which_one, words_of

Ask = TypeVar("Ask", bound=Callable[..., Any])
_MOST, _LONGEST = 2_048, 80  # names that are cached, and characters of one


def remembered(ask: Ask) -> Ask:
    """Cache the results of a function whose first argument is a name: the same few names recur.

    Results for long names are not cached.
    """
    known = lru_cache(_MOST)(ask)

    @wraps(ask)
    def answer(name: str, **how: bool) -> Any:
        return known(name, **how) if len(name) <= _LONGEST else ask(name, **how)

    return cast("Ask", answer)


class Telling(IntEnum):
    """How clearly a name announces a secret."""

    NOTHING = 0
    PERHAPS = 1  # a secret if the value looks like one
    SURELY = 2  # a secret whatever it says


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Names that end so say something about a secret, such as where it is or when it was used.
_ABOUT = _set(
    """
    name names arn arns id ids path paths url urls uri uris endpoint endpoints file files filename
    length policy policies ttl second seconds minute minutes hour hours day days expiry expires expiration expire
    validity unit units required enabled disabled rotation version versions type types algorithm algorithms method
    methods format source header issuer audience count size min max prefix suffix region table bucket queue topic
    strategy mode status label description engine store manager provider backend location alias parameter param ref
    reference limit scope scopes usage plan key keys host port user username timeout interval age window cache service
    lifetime encryption hashing hash hashes hashed auth authentication attempts retries reuse history recovery reset
    mount dir directory folder stage fingerprint thumbprint thumbprints checksum digest sha sha1 sha256 md5 signature
    used updated created changed modified rotated date time timestamp at last arn role domain realm grant grants
    nom noms chemin fichier dossier longueur duree politique regle regles validite jours heures minutes secondes taille
    adresse nombre actif active expire modifie
    algo alg env var variable rule rules requirement requirements complexity template regex pattern set selector
    property properties field mapping mappings chain class classes namespace namespaces option options
    """
)
# A list under such a name measures or limits secrets; it holds none.
_MEASURES = _set("length policy policies validity unit units rotation rule rules requirements expiry complexity")
# With such a word before it, a name asks whether or how many, or names something that exists.
_ASKING = _set(
    """
    existing require requires allow max min num total pull generate manage hide show count encrypt rotate enable disable
    nombre exiger generer activer desactiver afficher masquer
    """
)
_KEPT = ["secrets"]  # of a container, of a workflow: the names of what is kept elsewhere, unless people chose the name
_OF_PATHS = frozenset({"path", "paths"})  # a name with one before says where a secret is, perhaps
_NOT_SECRET = _set(
    """
    httptokens servicetoken creationtoken clienttoken clientrequesttoken idempotencytoken nexttoken continuationtoken
    pagetoken paginationtoken publicapikey passwordauthentication publickey publishablekey
    """
)
_PUBLIC = _set("public publishable site")
_NEVER_PUBLIC = _set(
    "secret secrets private password passwords passwd pwd passphrase pass credential credentials server"
)
_DOMAIN = re.compile(r"(?i)(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|cloud|amazonaws|eu|fr|gov|uk)")


@remembered
def tells(name: str, *, free: bool) -> Telling:
    """Rate how clearly a name announces a secret.

    `free` names are chosen by people (environment variables): a word in the middle may count. Other names are
    arguments, whose last word says what they are. For the key of a condition (`domain:claim`) the last part is the
    name.
    """
    name = name.rsplit(":", 1)[-1]
    words = words_of(name)
    if name.endswith(".$"):  # in a state machine the value is a path to the data
        return Telling.NOTHING
    if not words or "".join(words) in _NOT_SECRET or _ASKING.intersection(words[:-1]) or _DOMAIN.fullmatch(name):
        return Telling.NOTHING
    words = without_which_one(words)
    if not words or (words == _KEPT and not free):
        return Telling.NOTHING
    if is_secret(words):
        return Telling.PERHAPS if words == _KEPT or (free and not _OF_PATHS.isdisjoint(words)) else Telling.SURELY
    if free and (is_perhaps_secret(words) or (words[-1] not in _ABOUT and _has_secret(words))):
        return Telling.PERHAPS
    return Telling.NOTHING


def may_be_public(name: str) -> bool:
    """Return whether a name announces a public key or token: of a CAPTCHA, or called public."""
    words = words_of(name.rsplit(":", 1)[-1])
    if _NEVER_PUBLIC.intersection(words) or not words:
        return False
    of_captcha = any(word.endswith("captcha") for word in words)
    return of_captcha or not _PUBLIC.isdisjoint(words)


@remembered
def is_about(name: str) -> bool:
    """Return whether a name says that what is below it is about something, such as its form: `pattern`, `type`."""
    return not _ABOUT.isdisjoint(words_of(name)[-1:])


@remembered
def ends_in_one(name: str) -> bool:
    """Return whether the last words of a name are, or may be, those for a secret: `secrets`, `basic_auth`."""
    words = without_which_one(words_of(name))
    return bool(words) and (is_secret(words) or is_perhaps_secret(words)) and bool(tells(name, free=True))


@remembered
def measures(name: str) -> bool:
    """Return whether a name says that what is below it measures secrets: `token_validity_units`, `password_policy`."""
    words = words_of(name)
    return bool(words) and words[-1] in _MEASURES and _has_secret(words)


def _has_secret(words: list[str]) -> bool:
    return any(is_secret(words[:end]) for end in range(1, len(words) + 1))
