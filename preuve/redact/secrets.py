"""Detectors of secrets. Each has a name, so that a finding can say which one matched without the value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from preuve.library.words import announcing, tells_secret
from preuve.redact.lists.tokens import TOKENS

# A whole name with a telling word. Names begin outside others and do not backtrack: linear time.
_SAID = r"password|passwd|pwd|secret|token|api_?key|mot_?de_?passe|mdp|jeton|(?<![a-z])cle_?api"
_NAME = rf"(?<![a-z0-9_.-])(?=[a-z0-9_.-]*(?:{_SAID}))[a-z0-9_.-]++"
# A bare colon also joins the parts of ARNs (`…:secret:prod/db`) and IAM actions (`secretsmanager:GetSecretValue`).
_COLON = r"(?:(?<![:/]password)(?<=password)|(?<![:/]passwd)(?<=passwd)|(?<![:/]pwd)(?<=pwd)):"
# What redaction leaves is no secret: a pseudonym that is all of the value, or a word in place of what was there.
PSEUDONYM = r"(?:person|key|phone|iban)-[a-z2-7]{12}(?![A-Za-z0-9])"
_LEFT = rf"\[removed: |{PSEUDONYM}(?=[)\]».:!?]{{0,2}}(?:[\s\"'{{}}$<>,;]|$))"
_ACCENTS = {"e": "éèê", "a": "àâ", "c": "ç", "i": "î", "u": "ù", "o": "ô"}
_JOIN = r"[\s_.'’-]{0,2}"  # between the words of a phrase, however people write it


def _spelt(words: Iterable[str]) -> set[str]:
    """Return patterns for phrases, with accents or none, and with any joint."""
    joined = {sign: f"[{sign}{accented}][\u0300-\u0327]?" for sign, accented in _ACCENTS.items()} | {" ": _JOIN}
    return {word[0] + "".join(joined.get(sign, sign) for sign in word[1:]) for word in words}


def _announced() -> str:
    """Return a pattern for what announces a secret in a sentence: `mot de passe :`, `clé d'API :`, `passphrase:`."""
    (phrases, _, _), (said, keys, of) = announcing("en"), announcing("fr")
    opening = rf"{_JOIN}(?:d[eu]?s?{_JOIN})?(?:{'|'.join(sorted(_spelt(of)))})"
    forms = _spelt([*phrases, *said, "code secret"]) | {f"{key}{opening}" for key in _spelt(keys)}
    return _by_first_letter(forms)


def _by_first_letter(forms: Iterable[str]) -> str:
    """Return a pattern for any of some forms, in any case, which fails fast on other first letters."""
    rests: dict[str, list[str]] = {}
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        rests.setdefault(form[0], []).append(form[1:])
    each = (rf"[{first}{first.upper()}](?i:{'|'.join(rest)})" for first, rest in rests.items())
    return rf"(?:{'|'.join(each)})"


# A sentence says much after such a phrase: what looks like a secret has letters and digits, and names nothing that is
# known by its form. A reference that is removed is missing in the evidence, so all that may be one stays.
_ENDS = r"(?=[\s,;:)\]\"'»]|\.?$|\.\s)"
_NAMES = (
    r"arn:|[a-z]+://|\{\{|[/.~$§]"  # references
    r"|(?![A-Za-z0-9/+]{40}(?![A-Za-z0-9/+]))[\w.!@-]+/"  # a path, but not a secret access key of AWS
    r"|(?:[A-Za-z0-9._-]+:)+(?:[a-zA-Z0-9_*]|$)"  # image and tag, an action, a digest
    r"|(?:appflow|databrew|ecs-sc|events|opsworks-cm|rds|redshift|sqlworkbench)!"  # secrets that AWS manages
    r"|(?:AKIA|ASIA|AIDA|AROA|AGPA|ANPA|ANVA|ASCA|APKA)[0-9A-Z]{12,}"
    r"|(?:mrk-)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|(?:[a-z]+-)+(?:[0-9a-f]{8}|[0-9a-f]{17})\b"  # `vpc-`, `tgw-attach-`
    r"|[a-z]{2}(?:-[a-z]+)+-[0-9][a-z]?\b|[0-9]{12}\b"  # regions, zones, accounts
    r"|(?:19|20)[0-9]{2}(?:[-/.]?(?:0[1-9]|1[0-2])){1,2}|(?:19|20)[0-9]{2}[-/.]?(?:0[1-9]|1[0-2])[-/.]?[0-3][0-9]"
    r"|(?:19|20)[0-9]{2}-?[QTSW][0-9]|[0-3]?[0-9][/.-][01]?[0-9][/.-](?:19|20)[0-9]{2}"
    rf"|[vV]?[0-9]+(?:\.[0-9]+)+(?:[-+][\w.]+)?{_ENDS}|[vVrR][0-9]+{_ENDS}"
    r"|(?i:sha|md5|bcrypt|argon|scrypt|aes|rsa|tls|oauth|saml)-?[0-9(]"
    r"|(?i:cf|art|r[eé]f|voir|see|chap|annexe|fiche|section)[.:-]"
    r"|[0-9]+-?[^\W\d_]+[\s).]|[A-Z]{2,6}(?:/[A-Z]{2,6})*[§-]?v?[0-9]+\b|[A-Z]\.[0-9]"
    r"|[^\W\d_]+-?[0-9]+-?(?i:jours?|j|days?|d|heures?|hours?|h|mois|months?|ans?|years?|bits?|mots|words|chars?"
    rf"|caract[eè]res|characters){_ENDS}|(?:[^\W\d_]+-)+[A-Z]?[0-9]{{1,2}}{_ENDS}"
)
_NO_SECRET = rf"(?!{_LEFT}|{_NAMES})"
_IN_VALUE = r"[^\s\"'{}$<>,;«»]"
_LIKE_SECRET = (
    rf"{_NO_SECRET}(?:(?={_IN_VALUE}*[0-9])(?={_IN_VALUE}*[A-Za-z])|(?={_IN_VALUE}*[@#^*])(?={_IN_VALUE}*[A-Za-z])"
    rf"|(?=[0-9]{{6,}}(?:[\s.)]|$))){_IN_VALUE}{{6,}}"
)
# Only prose announces: words of their own, and a blank before or after the colon. Names, ARNs, paths, tags of images
# and addresses have neither.
_PROSE = r"(?<![^\s\"'«(\[{,;>])"
_APART = r"(?=[^\s:=]{2,40}(?:[\s=]|:\s))"
_WORDS = r"(?![a-z]+[0-9]{0,2}(?:-[a-z]+[0-9]{0,2})+(?![\w-])|[A-Z0-9_]+(?![\w.~+/=-]))"  # joined, or a setting
# `mot de passe de la base : …`: words between make it vaguer, so only what has a sign of passwords alone counts.
_FEW_WORDS = r"(?:[\s'’][^\W\d_]{1,15}){0,4}(?:\s?[:=]\s|\s?[«→]\s?|\s-\s)"
_PASSWORD = rf"{_NO_SECRET}(?={_IN_VALUE}*[0-9])(?={_IN_VALUE}*[A-Za-z])(?=[A-Za-z0-9_.+*?!#^-]*[!#^]){_IN_VALUE}{{8,}}"
_SCHEMES = r"(?i:bearer|basic|digest|token|apikey)"
_OPAQUE = r"(?=[A-Za-z0-9._~+/=-]*[0-9=])[A-Za-z0-9._~+/-]"
_WEBHOOK = (
    r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/+-]{20,}"
    r"|[\w-]+\.webhook\.office\.com/webhookb2/[\w@/-]{20,}"
    r"|events(?:\.eu)?\.pagerduty\.com/integration/[0-9a-zA-Z]{20,}"
    r"|(?:\w+\.)?discord(?:app)?\.com/api/webhooks/[0-9]{15,20}/[\w-]{30,}"
)
_NOT_INSIDE = r"(?<![A-Za-z0-9_.+/=-])"  # inside another text
_PATTERNS = {
    "private_key": r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
    r"[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)",
    "putty_key": r"PuTTY-User-Key-File-[0-9]: ?[\s\S]{1,4000}",
    "aws_access_key": r"(?<![0-9A-Za-z])(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Za-z])",
    "aws_secret_key": r"(?i:aws_?secret[a-z_]*\s*[=:]\s*[\"']?)[A-Za-z0-9/+=]{40}",
    "json_web_token": r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}+\.[A-Za-z0-9_-]{10,}+\.[A-Za-z0-9_-]*",
    "github_token": r"\b(?:gh[pousr]_[A-Za-z0-9_]{30,}|github_pat_[A-Za-z0-9_]{30,})\b",
    "gitlab_token": r"gl(?<!\wgl)(?:pat|dt|rt|rtr|ptt|soat|cbt|ffct|ft|imt|agent|oas)-[A-Za-z0-9_-]{20,}",
    "slack_token": r"\b(?:xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{20,})",
    "stripe_key": r"\b[rs]k_(?:live|test|prod)_[A-Za-z0-9]{20,}\b",
    "service_token": rf"{_NOT_INSIDE}(?:{'|'.join(dict.fromkeys(form for _, form in TOKENS))})",
    "twilio_key": r"SK[0-9a-fA-F]{32}(?![0-9a-zA-Z])",
    "discord_token": r"[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38}(?![\w-])",
    "webhook": rf"(?<![\w.-])(?:{_WEBHOOK})",
    "azure_storage_key": r"(?i:account_?key)[\s=:\"']{1,8}[A-Za-z0-9+/]{86}==",
    "azure_signature": r"(?:(?<=[?&;])sig=(?:[\w/+-]|%2[bBfF]){43}(?:=|%3[dD])?(?![\w/+%-])"
    r"|\.azurewebsites\.net/api/[\w/.-]{1,200}\?code=[\w%/+=-]{40,})",
    "npm_token": r"_authToken[\s=:\"']{1,5}[\w.~-]{20,}",
    "url_password": r"(?<![A-Za-z0-9+.-])[a-z][a-z0-9+.-]*+://[^/\s:@]*:[^/\s@]+@",
    "assignment": (
        rf"(?i:{_NAME}(?:[\"']?\s*+(?:=|:(?=[\s\"']))|{_COLON}))"
        rf"\s*+[\"']?(?!arn:|{_LEFT})[^\s\"'{{}}$<>,;]{{6,}}"
    ),
    "announced": (
        rf"{_PROSE}{_APART}{_announced()}s?(?:\s?[\"'»]?\s{{0,2}}[:=]\s{{0,2}}[\"'«]?\s?{_LIKE_SECRET}"
        rf"|\s{_NO_SECRET}(?=[^\s\"<>]*[0-9])(?=[^\s\"<>]*[A-Za-z])(?=[^\s\"<>]*[!@#$%^&*?+])[^\s\"'{{}}<>,;]{{8,}}"
        rf"|{_FEW_WORDS}{_PASSWORD})"
        rf"|(?<![A-Za-z])(?:[bB](?i:earer)\s{{1,2}}(?!{_LEFT}){_WORDS}{_OPAQUE}{{20,}}=*"
        rf"|[aA](?i:uthorization)[\"']?\s?[:=]\s?[\"']?{_SCHEMES}\s{{1,2}}(?!{_LEFT}){_WORDS}{_OPAQUE}{{8,}}=*)"
        rf"|{_PROSE}[aA](?i:uthorization)[\"']?\s?[:=]\s?[\"']?{_NO_SECRET}{_WORDS}{_OPAQUE}{{20,}}=*"
    ),
}
_LITERAL = re.compile(r"(?:[\w-]|\\\.){2,}(?![\w?*+{-])")  # the literal beginning of a form
_GROUP = re.compile(r"\([^()]*\)")


def _alone(form: str) -> str:
    """Return a form that does not begin inside another text. Its first letters come first, if possible, for speed."""
    begins = _LITERAL.match(form)
    if begins is None or "|" in _GROUP.sub("", form):  # alternatives have different beginnings
        return f"{_NOT_INSIDE}(?:{form})"
    return f"{begins[0]}{_NOT_INSIDE[:-1]}{begins[0]}){form[begins.end() :]}"


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of some words as a tree of letters: a hundred words are found as quickly as one."""
    ends: dict[str, list[str]] = {}
    for word in words:
        ends.setdefault(word[:1], []).append(word[1:])
    return "" if "" in ends else f"(?:{'|'.join(re.escape(sign) + _any_of(rest) for sign, rest in ends.items())})"


SECRET = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS.items()))
# Forms that are secrets anywhere, each with a part that any text with one contains in lower case: most texts have none.
# An assignment is a secret in data only: in a sentence it is a word and a colon.
_CERTAIN = {
    "private_key": ("private key",),
    "putty_key": ("putty-user-key-file",),
    "aws_access_key": ("akia", "asia", "a3t", "abia", "acca"),
    "aws_secret_key": ("aws_secret", "awssecret"),
    "json_web_token": ("eyj",),
    "github_token": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    "gitlab_token": ("gl",),
    "slack_token": ("xox", "xapp-"),
    "stripe_key": ("k_live_", "k_test_", "k_prod_"),
    "twilio_key": ("sk",),
    "discord_token": (".",),
    "webhook": ("hooks.slack.com/", "webhook.office.com/", "/api/webhooks/", "pagerduty.com/integration/"),
    "azure_storage_key": ("accountkey", "account_key"),
    "azure_signature": ("sig=", "?code="),
    "npm_token": ("_authtoken",),
    "url_password": ("@",),
}
# In a file a quote or a bracket ends a text, whatever follows it there; no URL has one.
_IN_URL = r"(?<![A-Za-z0-9+.-])[a-z][a-z0-9+.-]*+://[^/\s:@\"<>\\^`{|}]+:[^/\s@\"<>\\^`{|}]+@"
_EACH = {name: _PATTERNS[name] for name in _CERTAIN} | {"url_password": _IN_URL}
# Each with a part that every match contains, so that few forms are searched for.
_FORMS = [(name, parts, _EACH[name]) for name, parts in _CERTAIN.items()]
_FORMS += [("service_token", (part,), _alone(form)) for part, form in TOKENS]
_RARE = 3  # letters of a part that few texts hold
_PARTS = [(part, (name, form)) for name, parts, form in _FORMS for part in parts]
_FREQUENT = [(part, found) for part, found in _PARTS if len(part) < _RARE]
_RARE_ONE = _any_of(part for part, _ in _PARTS if len(part) >= _RARE)
_IN_SHORT = [("url_password", _EACH["url_password"])]
_SHORT = 300  # characters of texts that recur and are cached
_SHORTEST = 15  # characters of any match but a password in a URL
_REFERENCE = re.compile(r"(?i)arn:.*|\{\{resolve:.*|/[\w./-]+|https?://[^@]*|true|false|\d{1,5}|[a-z0-9-]+/[a-z0-9/-]+")
# The form of a secret access key of AWS, with slashes; a path lacks one of the three kinds of signs.
_KEY_LIKE = re.compile(r"(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])(?=[^0-9]*[0-9])[A-Za-z0-9/+]{40}")


@cache  # compiled when first needed: most forms occur in no text
def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(form)


def detectors(text: str) -> list[str]:
    """Return the names of the detectors that match, each once."""
    return list(_detectors(text) if len(text) <= _SHORT else _detectors.__wrapped__(text))


@lru_cache(maxsize=1 << 13)  # accounts repeat each other
def _detectors(text: str) -> tuple[str, ...]:
    return tuple(sorted({match.lastgroup or "" for match in SECRET.finditer(text)}))


def certain(text: str, lower: str = "") -> list[str]:
    """Return the names of the detectors of what is a secret in any text, each once; quick on long texts without any.

    `lower` is the text in small letters, where it is at hand.
    """
    return list(dict.fromkeys(name for name, form in _likely(text, lower) if _holds(name, form, text)))


def certain_at(text: str) -> list[tuple[str, int]]:
    """Return the certain secrets in a text: the name of the detector, and the position."""
    found = ((name, form) for name, form in _likely(text) if _holds(name, form, text))
    return [(name, match.start()) for name, form in found for match in form.finditer(text)]


def _likely(text: str, lower: str = "") -> list[tuple[str, re.Pattern[str]]]:
    if len(text) < _SHORTEST:
        found = _IN_SHORT if "@" in text else []
    else:
        lower = lower or text.lower()
        parts = _PARTS if _compiled(_RARE_ONE).search(lower) else _FREQUENT
        found = list(dict.fromkeys([found for part, found in parts if part in lower]))
    return [(name, _compiled(form)) for name, form in found]


def _holds(name: str, form: re.Pattern[str], text: str) -> bool:
    if name == "url_password":  # it never crosses lines, and is slow on those without one
        return any(form.search(line) for line in text.split("\n") if "://" in line and "@" in line)
    return form.search(text) is not None


def without_certain(text: str) -> str:
    """Return the text with a word in place of each secret of a kind that is one in any text."""
    for name, form in _likely(text):
        if _holds(name, form, text):
            text = form.sub(f"removed-{name.replace('_', '-')}", text)
    return text


def in_text(text: str) -> list[dict[str, str]]:
    """Return secrets found in a text, as `{Key, Detector}` without the values."""
    return [{"Key": "", "Detector": name} for name in detectors(text)]


def in_map(values: Mapping[str, object]) -> list[dict[str, str]]:
    """Return secrets found in a map, such as environment variables: by value, or by a telling name of a literal one."""
    found = []
    for key, value in sorted(values.items()):
        text = str(value)
        names = detectors(text)
        if not names and text and tells_secret(key) and not is_reference(text):
            names = ["telling_name"]
        found += [{"Key": key, "Detector": name} for name in names]
    return found


def is_reference(text: str) -> bool:
    """Return whether a value only says where a secret is, or is a setting."""
    return _REFERENCE.fullmatch(text) is not None and _KEY_LIKE.fullmatch(text) is None
