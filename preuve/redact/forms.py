"""The forms of secrets, recognised in any text; and texts that only have such a form: a mask, a reference. Each form
has a name, so that a finding can name it without the value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from itertools import islice

from preuve.model.grouping import grouped
from preuve.redact.announcements.joints import BESIDE_ID, IDS
from preuve.redact.announcements.values import KEY, KEY_LIKE, ROUTE
from preuve.redact.lists.tokens import TOKENS
from preuve.redact.notations.web_keys import PRIVATE, WEB_KEY

_WEBHOOK = (
    r"hooks\.slack\.com/(?:services|workflows|triggers)/(?:[\w+-]+/){1,4}[\w+-]{20,}"  # the last part is the secret
    r"|[\w-]+\.webhook\.office\.com/webhookb2/[\w@/-]{20,}"
    r"|events(?:\.eu)?\.pagerduty\.com/integration/[0-9a-zA-Z]{20,}"
    r"|(?:\w+\.)?discord(?:app)?\.com/api/webhooks/[0-9]{15,20}/[\w-]{30,}"
    r"|http-intake\.logs\.(?:[a-z0-9-]+\.)?datadoghq\.(?:com|eu)/(?:v1/input|api/v2/logs)/[0-9a-f]{32}"
)
# An ARN has six parts; region and account may be placeholders, and a word may stand for the account.
_PUT_IN = r"[\w-]*+(?:\$\{[^}\s]*+\}|\$\w++|\{\{[^}]*+\}\}|<[^<>]*+>|%[^%\s:]*+%|\*)[\w-]*+"
ARN = (
    rf"arn:(?:aws(?:-[a-z]+)*|{_PUT_IN}):[a-z][a-z0-9-]*:(?:[a-z0-9-]*|{_PUT_IN})"
    rf":(?:\d{{12}}|[A-Za-z_-]{{2,20}}|{_PUT_IN})?:[^\s?!&]+"
)
RESOLVED = r"\{\{resolve:(?:ssm|ssm-secure|secretsmanager):[^{}\s]+\}\}"  # by CloudFormation
_SCHEME = r"(?<![A-Za-z])[A-Za-z][A-Za-z0-9+]{0,30}+://"
_AFTER = ("[?&;]", "%3f", "%26", r"\\u0026")  # what a member of a query follows, also as URLs and JSON escape it
_SIGNED = [f"{after}{name}" for name in ("sig", "hmac", "signature") for after in _AFTER]
_SIGNED += ["-signature", "-security-token"]
_EQUALS = ("=", "%3d", r"\\u003d")
_IS_SIGNED = "|".join(f"(?<={sign})(?:{'|'.join(f'(?<={name}{sign})' for name in _SIGNED)})" for sign in _EQUALS)
_LONG = r"(?=\w[\w.~:|+/=-]{19})"  # at least 20 characters, as every token has and few words
_LITERAL = re.compile(r"(?:[\w-]|\\\.){2,}(?![\w?*+{-])|\[[^\]]+\](?![?*+{])")  # a form begins so
_HEX = "[0-9A-Fa-f]"
_ESCAPES = (
    r"\\[bfnrtv]",
    rf"\\x{_HEX}{{2}}",
    r"\\[0-7]{3}",
    rf"\\u00{_HEX}{{2}}",
    rf"%{_HEX}{{2}}",
    rf"%25{_HEX}{{2}}",
)
_NO_CHOICE = re.compile(r"\\.|\([^()]*\)")


def _begins(first: str = "") -> str:
    """Return a pattern for the position after the first characters of a token at the beginning of a word. A preceding
    letter or digit makes it part of a longer word, unless that ends an escape or is an option (`-p`). No punctuation
    does: `=` and `/` may precede any value.
    """
    before = (*_ESCAPES, r"[^\w-]-[pP]", r"\A-[pP]")
    ended = "|".join(f"(?<={end}{first})" for end in before)
    return rf"(?:(?<![A-Za-z0-9]{first})|(?<=[fnprtvP0-9A-Fa-f]{first})(?:{ended}))"


def _alone(form: str) -> str:
    """Return the pattern of a form that begins a word. Its first letters come first, where possible, for speed."""
    begins = _LITERAL.match(form)
    if begins is None or "|" in _NO_CHOICE.sub("", form):  # alternatives have different beginnings
        return f"{_begins()}(?:{form})"
    return f"{begins[0]}{_begins(begins[0])}{form[begins.end() :]}"


_JSON_MEMBER = r"\\{0,4}[\"']?\s{0,9}[:=]\s{0,9}\\{0,4}[\"']"
# The same key as the lines of a map of YAML.
_LINE_BEFORE = r"(?<![\w.\"'-])"
_YAML_INDENT = r"[ \t]*"
_YAML_TYPE = r"kty:[ \t]+[\"']?(?:RSA|EC|OKP|oct)\b[^\n]*"
_YAML_PRIVATE = rf"(?:{'|'.join(sorted(PRIVATE))}):[ \t]+[\"']?[\w-]{{20}}[^\n]*"
_YAML_MEMBERS = r"(?:\n[ \t]*[\w#]{1,12}:[^\n]*){0,20}"
_PATTERNS = {
    "private_key": r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
    r"[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)",
    "putty_key": r"PuTTY-User-Key-File-[0-9]: ?[\s\S]{1,4000}",
    "aws_access_key": rf"A{_begins('A')}(?:3T[A-Z0-9]|BIA|CCA|KIA|SIA)[0-9A-Z]{{16}}(?![0-9A-Za-z])",
    "aws_secret_key": r"(?i:aws_?secret[a-z_]{0,40}+\s{0,8}[=:]\s{0,8}[\"']?)[A-Za-z0-9/+=]{40}",
    # A key of RFC 7517 with a private part (RFC 7518, 6.2.2, 6.3.2 and 6.4.1): no public one has such a member.
    WEB_KEY: rf"\{{(?=[^{{}}]*?\bkty{_JSON_MEMBER})"
    rf"(?=[^{{}}]*?\b(?:{'|'.join(sorted(PRIVATE))}){_JSON_MEMBER}[\w-]{{20}})[^{{}}]*\}}"
    rf"|{_LINE_BEFORE}(?:{_YAML_TYPE}{_YAML_MEMBERS}?\n{_YAML_INDENT}{_YAML_PRIVATE}|{_YAML_PRIVATE}{_YAML_MEMBERS}?\n{_YAML_INDENT}{_YAML_TYPE}){_YAML_MEMBERS}",
    # No header holds the beginning of another one: a text of beginnings is not read to its end from each of them.
    "json_web_token": _alone(
        r"eyJ(?=[A-Za-z0-9_-]{10})(?:(?![_-]eyJ)[A-Za-z0-9_-])++\.[A-Za-z0-9_-]{10,}+\.[A-Za-z0-9_-]*"
    ),
    "github_token": f"{_alone(r'gh[pousr]_[A-Za-z0-9_]{30,}')}|{_alone(r'github_pat_[A-Za-z0-9_]{30,}')}",
    "gitlab_token": rf"gl{_begins('gl')}(?:pat|dt|rt|rtr|ptt|soat|cbt|ffct|ft|imt|agent|oas)-[A-Za-z0-9_-]{{20,}}",
    "slack_token": f"{_alone(r'xox[abeoprs]-[A-Za-z0-9-]{10,}')}|{_alone(r'xapp-[A-Za-z0-9-]{20,}')}",
    "stripe_key": _alone(r"[rs]k_(?:live|test|prod)_[A-Za-z0-9]{20,}"),
    "service_token": rf"{_begins()}{_LONG}(?:{'|'.join(dict.fromkeys(form for _, form in TOKENS))})",
    "twilio_key": r"SK[0-9a-fA-F]{32}(?![0-9a-zA-Z])",
    "discord_token": r"[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38}(?![\w-])",
    "webhook": rf"(?<![\w.-])(?:{_WEBHOOK})",
    "azure_storage_key": r"(?i:account_?key)[\s=:\"']{1,8}[A-Za-z0-9+/]{86}==",
    "azure_signature": r"\.azurewebsites\.net/api/[\w/.-]{1,200}\?code=[\w%/+=-]{40,}",
    # What a query is signed with grants what it asks for.
    "url_signature": rf"(?i:{_IS_SIGNED})"
    r"(?=[^\s&]{0,60}[0-9])(?=[^\s&]{0,60}[A-Za-z])[\w%/+~-]{16,}=*",
    "password_hash": r"\$(?:2[abxy]?\$[0-9]{2}\$[./A-Za-z0-9]{53}"
    r"|(?:1|5|6|7|y|gy|apr1|md5)\$(?:rounds=[0-9]{1,9}\$)?(?:[./A-Za-z0-9]{1,40}\$){1,2}[./A-Za-z0-9]{22,}"
    r"|argon2(?:id|i|d)\$[\w=,$]{4,60}\$[./+A-Za-z0-9]{8,}\$[./+A-Za-z0-9]{16,}"
    r"|(?:scrypt|pbkdf2[\w-]{0,20})\$[^\s\"'`]{30,200})",
    "recovery_key": r"(?<![\w-])(?:[0-9]{6}-){7}[0-9]{6}(?![\w-])",  # of BitLocker
    # Alone, it may be the name of a cached item and its hash.
    "mailgun_key": r"(?i:mailgun)[^\n]{0,80}?(?<![0-9A-Za-z])key-(?!(?P<mask>[0-9a-z])(?P=mask){31})[0-9a-z]{32}"
    r"(?![0-9A-Za-z])",
    "npm_token": r"_authToken[\s=:\"']{1,5}[\w.~-]{20,}",
    "url_password": rf"{_SCHEME}[^/\s:@]*:[^/\s]+@",
}
# A password in a URL with a clear end; the part before the `@` is not an e-mail address.
_LOGIN_IN_URL = re.compile(rf"{_SCHEME}[^/?#\s:@,;]*:[^/?#\s,;@]+@")


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of some words as a tree of letters: a hundred words match as fast as one."""
    ends = grouped((word[:1], word[1:]) for word in words)
    return "" if "" in ends else f"(?:{'|'.join(re.escape(sign) + _any_of(rest) for sign, rest in ends.items())})"


# The group that names a form is at its end: `re` skips a form by its first letter only if
# no group begins there.
SECRET = re.compile("|".join(f"(?:{pattern})(?P<{name}>)" for name, pattern in _PATTERNS.items()))
# Forms that are secrets anywhere, each with a part that any text with one contains in lower case: most texts have none.
# A name announces a secret only in data: in a file of code it may be a word and a colon.
_CERTAIN = {
    "private_key": ("private key",),
    "putty_key": ("putty-user-key-file",),
    "aws_access_key": ("akia", "asia", "a3t", "abia", "acca"),
    "aws_secret_key": ("aws_secret", "awssecret"),
    WEB_KEY: ("kty",),
    "json_web_token": ("eyj",),
    "github_token": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    "gitlab_token": ("gl",),
    "slack_token": ("xox", "xapp-"),
    "stripe_key": ("k_live_", "k_test_", "k_prod_"),
    "twilio_key": ("sk",),
    "discord_token": (".",),
    "webhook": (
        "hooks.slack.com/",
        "webhook.office.com/",
        "/api/webhooks/",
        "pagerduty.com/integration/",
        "datadoghq.",
    ),
    "azure_storage_key": ("accountkey", "account_key"),
    "azure_signature": ("?code=",),
    "url_signature": tuple(
        f"{name}{sign}" for name in ("sig", "signature", "token", "hmac") for sign in ("=", "%3d", r"\u003d")
    ),
    "password_hash": (
        "$1$",
        "$2",
        "$5$",
        "$6$",
        "$7$",
        "$y$",
        "$gy$",
        "$apr1$",
        "$md5$",
        "$argon2",
        "$scrypt",
        "$pbkdf2",
    ),
    "mailgun_key": ("mailgun",),
    "npm_token": ("_authtoken",),
    "url_password": ("@",),
}
# In a file, a quote or a bracket ends a text; no URL contains one.
_IN_URL = rf"{_SCHEME}[^/\s:@\"<>\\^`{{|}}]+:[^/\s\"<>\\^`{{|}}]+@"
_EACH = _PATTERNS | {"url_password": _IN_URL}
# Each with a part that every match contains, so that few forms are searched for. The id of a key with the key comes
# before the id alone.
_FORMS: list[tuple[str, tuple[str, ...], str]] = [
    ("aws_key_pair", ("akia", "asia"), rf"A[KS]IA[0-9A-Z]{{16}}{BESIDE_ID}{KEY}"),
    ("aws_key_pair", ("key-", "[removed: "), rf"(?:{'|'.join(IDS[1:])}){BESIDE_ID}{KEY}"),  # left of an id
]
_FORMS += [(name, parts, _EACH[name]) for name, parts in _CERTAIN.items()]
_FORMS += [("service_token", (part,), _alone(form)) for part, form in TOKENS]
_RARE = 3  # letters of a part that few texts hold
_IN_WORDS = frozenset({"a3-", "dp.", "eaa", "key-", "pat", "sk-"})  # also in words: `path`, `key-store`
_PARTS = [(part, (name, form)) for name, parts, form in _FORMS for part in parts]
_FREQUENT = [(part, found) for part, found in _PARTS if len(part) < _RARE or part in _IN_WORDS]
_RARE_ONE = _any_of(part for part, _ in _PARTS if len(part) >= _RARE and part not in _IN_WORDS)
_IN_SHORT = [("url_password", _EACH["url_password"])]
SHORT = 300  # characters of texts that recur and are cached
_WHOLE = frozenset({"private_key", "putty_key", WEB_KEY, "url_password"})  # more than one value
_REPEATED = re.compile(r"([A-Za-z0-9*])\1{2,}")
_MARK = re.compile("T3BlbkFJ")  # in the middle of each older key of OpenAI
_OTHERS = "ABab01"  # characters of each kind: two, so that they may differ
_KIND = 5  # characters for the kind or version of a token (`api03`): fewer than a token has
_LENGTHS = {"aws_secret_key": 40, "mailgun_key": 32, "azure_storage_key": 88}  # of the secret behind its name
# A webhook URL whose last part, the secret, is masked; the parts before it are ids.
_MASKED_WEBHOOK = re.compile(
    r"hooks\.slack\.com/(?:services|workflows|triggers)/(?:[0-9A-Zx]{1,20}/){1,3}([A-Za-z0-9])\1{2,}"
    r"|(?:\w+\.)?discord(?:app)?\.com/api/webhooks/[0-9]{15,20}/([A-Za-z0-9])\2{2,}"
    r"|events(?:\.eu)?\.pagerduty\.com/integration/([A-Za-z0-9])\3{2,}"
    r"|[\w-]+\.webhook\.office\.com/webhookb2/(?=([A-Za-z0-9]))(?:\4|[@/-]|IncomingWebhook)+"
    r"|http-intake\.logs\.[\w.-]+/(?:v1/input|api/v2/logs)/([0-9a-f])\5{2,}"
)
_SHORTEST = 15  # characters of any match but a password in a URL
_REFERENCE = re.compile(
    r"(?i)/[\w./-]+|https?://[^@]*|true|false|\d{1,5}|[a-z0-9-]+/[a-z0-9/-]+"
    rf"|(?-i:{ARN}|{RESOLVED}|{ROUTE})"
)


@cache  # compiled when first needed: most forms occur in no text
def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(form)


def formed(form: re.Pattern[str], text: str, name: str = "") -> Iterator[re.Match[str]]:
    """Yield each match of a form that is not masked, named `name` or after its group."""
    return (found for found in form.finditer(text) if not hides(name or found.lastgroup or "", found[0]))


def hides(name: str, value: str) -> bool:
    """Return whether one repeated character masks the secret part of a token, as documentation does."""
    if name == "webhook":
        return _MASKED_WEBHOOK.fullmatch(value) is not None
    if name in _WHOLE or name not in _EACH:
        return False
    first = len(value) - _LENGTHS.get(name, len(value))
    runs = [*_REPEATED.finditer(value, first)]
    if not runs:
        return False
    ((sign, _),) = Counter(run[1] for run in runs for _ in run[0]).most_common(1)
    known = [*(run for run in runs if run[1] == sign), *_MARK.finditer(value)]
    places = {place for found in known for place in range(*found.span())}
    others = (place for place in range(first, len(value)) if value[place].isalnum() and place not in places)
    chosen = (place for place in others if _is_chosen(_compiled(_EACH[name]), value, place))
    return len([*islice(chosen, _KIND + 1)]) <= _KIND


def _is_chosen(form: re.Pattern[str], value: str, place: int) -> bool:
    """Return whether a character of a token is not fixed by its form."""
    others = (f"{value[:place]}{sign}{value[place + 1 :]}" for sign in _OTHERS if sign != value[place])
    return form.fullmatch(value) is None or any(map(form.fullmatch, others))


def is_masked(text: str) -> bool:
    """Return whether a text is a token of a known form that a repeated character masks: `sk_live_xxxx…`."""
    found = SECRET.fullmatch(text.strip())
    return found is not None and hides(found.lastgroup or "", found[0])


def without_logins(text: str, replaced: Callable[[str, str], str]) -> str:
    """Replace the users and passwords in URLs as `without_secrets` does: with a host, they would look like an e-mail
    address.
    """
    if "://" not in text or "@" not in text:
        return text
    return _LOGIN_IN_URL.sub(lambda found: replaced("url_password", found[0]), text)


def certain(text: str, lower: str = "") -> list[str]:
    """Return the names of the detectors that find a secret in a text, each once; fast for long texts without secrets.

    `lower` is the text in small letters, if the caller has it.
    """
    return list(dict.fromkeys(name for name, form in _likely(text, lower) if _holds(name, form, text)))


def certain_at(text: str) -> list[tuple[str, int]]:
    """Return the certain secrets in a text: the name of the detector, and the position."""
    found = ((name, form) for name, form in _likely(text) if _holds(name, form, text))
    return [(name, match.start()) for name, form in found for match in formed(form, text, name)]


def _likely(text: str, lower: str = "") -> list[tuple[str, re.Pattern[str]]]:
    if len(text) < _SHORTEST:
        found = _IN_SHORT if "@" in text else []
    else:
        lower = lower or text.lower()
        parts = _PARTS if _compiled(_RARE_ONE).search(lower) else _FREQUENT
        found = list(dict.fromkeys([found for part, found in parts if part in lower]))
    return [(name, _compiled(form)) for name, form in found]


def _holds(name: str, form: re.Pattern[str], text: str) -> bool:
    if name == "url_password":  # the form never crosses lines, and is slow on lines without a match
        return any(form.search(line) for line in text.split("\n") if "://" in line and "@" in line)
    return next(formed(form, text, name), None) is not None


def without_certain(text: str) -> str:
    """Return the text with a word in place of each secret that is recognised by form."""
    for name, form in _likely(text):
        if _holds(name, form, text):
            text = form.sub(partial(_named_only, name), text)
    return text


def _named_only(name: str, found: re.Match[str]) -> str:
    return found[0] if hides(name, found[0]) else f"removed-{name.replace('_', '-')}"


def is_reference(text: str) -> bool:
    """Return whether a value only says where a secret is stored, or is a setting."""
    return _REFERENCE.fullmatch(text) is not None and KEY_LIKE.fullmatch(text) is None
