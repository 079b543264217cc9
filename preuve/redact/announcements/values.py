"""The values that may stay beside a name for a secret: references, settings, counts and words of sentences."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from preuve.redact.lists.harmless import OF_AWS, WORDS

# The results of redaction are no secrets: a pseudonym as the whole value, or a word in place of a value.
PSEUDONYM = r"(?:person|key|phone|iban)-[a-z2-7]{12}(?![A-Za-z0-9])"
SCHEME = r"(?i:(?:[a-z]{1,20}-)?token|bearer|basic|digest|apikey|negotiate)"  # of a header, RFC 9110, 11.6.2
_LONGEST = 300  # characters of a value that may be known


class Proof(IntEnum):
    """How surely a name and a joint announce the value beside them."""

    NONE = 0
    FAR = 1  # a secret if it is built like a password
    WEAK = 2  # a secret if it is more than a word
    SURE = 3  # a secret unless it is known to be harmless


_COUNT = r"[<>≥≤=~+-]{0,2}[0-9]{1,3}(?:[.,][0-9]{1,3})?%?"
_UNIT = (
    r"(?i:s|m|h|d|j|jours?|days?|heures?|hours?|mois|months?|ans?|years?|minutes?|seconds?|secondes?|bits?|mots|words"
    r"|chars?|signes?|caract[eè]res|characters)"
)
_VERB = "Get|List|Describe|Create|Delete|Put|Update|Modify|Rotate|Reset|Change|Start|Stop|Tag|Untag|Assume|Batch"
# A text has only one division into segments: otherwise a long path with a wrong end would backtrack.
_SEGMENT = r"(?:[a-z0-9_.*@-]+|[A-Z][a-z]+|_*[A-Z][A-Z_]*|[{$%]+\w+[}%]?)"
_STEP = r"(?:[a-z]+|\{[a-z_]+\})"
# The beginning of an address without a query, of words in small letters: no password looks like that.
ROUTE = rf"(?:/{_STEP}|{_STEP}[-/]{_STEP})(?:[-/.]{_STEP})*\?[a-z_]+="
_KNOWN = re.compile(
    rf"(?:\[removed: [a-z0-9_]+\]|{PSEUDONYM})[)\]»}}.:!?,;]*"
    r"|arn:[\w-]+:[\w-]+:[\w-]*:[\w-]*:\S+|alias/[\w/-]+"
    r"|[a-z][a-z0-9+.-]*://[\w.:/%~{}$*-]*"  # a URL without a user and without parameters
    rf"|(?:~|\.{{1,2}}|[A-Za-z]:)?[/\\](?:{_SEGMENT}[/\\])*(?:{_SEGMENT})?"
    rf"|{_SEGMENT}(?:/{_SEGMENT})+(?:-[A-Za-z0-9]{{6}})?(?::[\w.-]+)?"  # a path, a name of Secrets Manager, an image
    rf"|[a-z0-9-]+:(?:(?:{_VERB})[A-Z*][A-Za-z0-9]*\*?|\*)"  # an action
    r"|(?:appflow|databrew|ecs-sc|events|opsworks-cm|rds|redshift|sqlworkbench)![\w-]+"  # secrets that AWS manages
    r"|(?:AKIA|ASIA|AIDA|AROA|AGPA|ANPA|ANVA|ASCA|APKA)[0-9A-Z]{12,}"
    r"|[a-z]{2,8}(?:-[a-z]{2,8})?-(?:[0-9a-f]{8}|[0-9a-f]{17})|[a-z]{2}(?:-[a-z]+)+-[0-9][a-z]?"  # ids, regions
    r"|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?|[0-3][0-9]/[01][0-9]/(?:19|20)[0-9]{2}"
    rf"|{_COUNT}(?:-?{_UNIT})?|{_UNIT}|(?i:rotation)-?{_COUNT}-?{_UNIT}"
    r"|[vV]?[0-9]{1,3}(?:\.[0-9]{1,3}){1,3}(?:-[a-z]+[0-9]?)?|[vV][0-9]{1,3}"
    r"|(?i:(?:hmac|sha|md|bcrypt|argon|scrypt|aes|rsa|tls|ssl|oauth|saml)[-_]?[0-9]{1,4}(?:[-_/][0-9]{1,4})?)"
    r"|(?i:argon2(?:id?|d)|bcrypt|scrypt|pbkdf2(?:[-_](?:hmac[-_])?sha[0-9]{1,3})?)"
    r"|\$(?:[A-Z_][A-Z0-9_]*|[a-z_]+|[0-9@*])|\$\{[^{}]*\}|\$\([^()]*\)|\$?\{\{(?:(?!\}\}).)*\}\}|<[^<>0-9!@#$%^&*?+]*[0-9]{0,2}>|%[A-Z_]+%"
    r"|\{ ?[a-z_]* ?\}"
    r"|(?:var|local|data|module|each|self|path|params|resource|env|secrets|random_\w+|aws_\w+)\.[\w.\[\]*?-]+"
    r"|(?:max|min|try|coalesce|lookup|length|sensitive|file|templatefile|jsonencode|base64decode)\(\S*|![A-Z][A-Za-z]+"
    rf"|{ROUTE}"
    r"|amzn1\.ask\.skill\.[\w-]+"
    r"|(?i:cf|art|r[eé]f|chap|annexe|fiche|section)[.:-][\w.§-]+"
    r"|(?:PSSI|ISO|IEC|RGPD|GDPR|DORA|ANSSI|CIS|NIST|PCI)(?:/[A-Z]+)*[§:-]?[0-9.:]*|[A-Z](?:\.[0-9]{1,2}){1,3}"
    r"|([*xX.•#_-])\1*|[^\w\s]{1,3}",  # a mask, signs alone
    re.DOTALL,
)
_SIGNS_OF_KEY = "[A-Za-z0-9/+]"
# A secret access key of AWS: what is no longer than one, and has letters of both cases and digits.
KEY = (
    rf"(?={_SIGNS_OF_KEY}{{0,39}}[A-Z])(?={_SIGNS_OF_KEY}{{0,39}}[a-z])(?={_SIGNS_OF_KEY}{{0,39}}[0-9])"
    rf"{_SIGNS_OF_KEY}{{40}}(?![A-Za-z0-9/+=])"
)
KEY_LIKE = re.compile(KEY)
_ENDS = ".,;:!?)]»"
_PARTICIPLE = re.compile(r"(?i)[a-zà-ÿ]{2,}(?:ed|ing|és?|ées?)")
_GOES_ON = re.compile(r",?[ \u00a0]+[^\W\d_]|[ \u00a0]+[0-9]{1,4}\b")
_CHANGES = re.compile(r"[0-9]+|[^\W\d_]+")
_SIGNS = re.compile(r"[\W_]")
_HEX = re.compile(r"(?i)[0-9a-f-]+")
_LEAST_CHANGES = 5  # runs of letters and of digits in a generated code
_LEAST, _LEAST_FAR, _LEAST_DIGITS = 6, 8, 6


def goes(value: str, after: str, proof: Proof) -> bool:
    """Return whether a value is removed as a secret; `after` is the text that follows it."""
    known = len(value) <= _LONGEST and (is_known(value) or (_PARTICIPLE.fullmatch(value) and _GOES_ON.match(after)))
    return not known and _looks(value, proof)


@lru_cache(maxsize=1 << 12)
def is_known(value: str) -> bool:
    """Return whether a value is known to be no secret."""
    if KEY_LIKE.fullmatch(value):
        return False
    if value in OF_AWS or value.casefold() in WORDS or _KNOWN.fullmatch(value):
        return True
    words = [word.strip(_ENDS) for word in value.split()]
    return len(words) > 1 and all(map(_speaks, words))


def _speaks(word: str) -> bool:
    return word.casefold() in WORDS or bool(_PARTICIPLE.fullmatch(word) or _KNOWN.fullmatch(word))


def _looks(value: str, proof: Proof) -> bool:
    """Return whether a value looks enough like a secret, given how surely it is announced."""
    if proof is Proof.SURE:
        return True
    letters, digits = any(map(str.isalpha, value)), any(map(str.isdigit, value))
    signs = any(sign in "!@#$%^&*?+" for sign in value)
    if proof is Proof.FAR:
        mixed = value != value.lower() and value != value.upper()
        built = letters and digits and (signs or mixed or _is_code(value))
        return len(value) >= _LEAST_FAR and built
    plain = value.isdigit() and len(value) >= _LEAST_DIGITS
    return plain or (len(value) >= _LEAST and letters and (digits or signs))


def _is_code(value: str) -> bool:
    """Return whether letters and digits alternate as in generated codes. Ids and hashes are hexadecimal."""
    return not _HEX.fullmatch(value) and len(_CHANGES.findall(_SIGNS.sub("", value))) >= _LEAST_CHANGES
