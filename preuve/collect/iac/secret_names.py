"""Names that tell of a secret, and values that are none although such a name holds them.

`changeme` is a password like any other: whoever deploys the code has it. What another program fills in (`$X`, `{{x}}`,
`<x>`, `%x%`) and a mask of one sign are none; nor is what only says where the secret is.
"""

from __future__ import annotations

import re

from preuve.redact.secrets import is_reference

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_ENDINGS = (
    *("password", "passwd", "passphrase", "pwd", "secret", "token", "credential", "apikey", "privatekey", "secretkey"),
    *("accesskey", "authkey", "kennwort", "contraseña", "contrasena", "motdepasse"),
)
_WHOLE = frozenset({"pass", "pw", "psw", "passcode", "authtoken"})
_OF_KEYS = frozenset(
    {
        *("api", "secret", "private", "priv", "access", "auth", "signing", "signature", "encryption", "master", "hmac"),
        *("preshared", "shared", "jwt", "session", "cookie", "consumer", "service", "account", "client", "db", "admin"),
        *(
            "database",
            "license",
            "application",
            "webhook",
            "deploy",
            "crypt",
            "host",
            "bot",
            "integration",
            "recaptcha",
        ),
    }
)
# What may follow: which one it is, or how it is written.
_BESIDE = frozenset(
    {
        *(
            "value",
            "string",
            "text",
            "plaintext",
            "plain",
            "raw",
            "wo",
            "base64",
            "b64",
            "json",
            "hex",
            "binary",
            "env",
        ),
        *("prod", "production", "dev", "development", "staging", "stage", "test", "live", "old", "new", "current"),
        *("previous", "primary", "secondary", "default", "main", "backup", "literal"),
    }
)
# Names that end so say something about a secret, such as where it is.
_ABOUT = frozenset(
    {
        *(
            "name",
            "names",
            "arn",
            "arns",
            "id",
            "ids",
            "path",
            "paths",
            "url",
            "urls",
            "uri",
            "endpoint",
            "file",
            "files",
        ),
        *(
            "length",
            "policy",
            "ttl",
            "second",
            "seconds",
            "minute",
            "minutes",
            "hour",
            "hours",
            "day",
            "days",
            "expiry",
        ),
        *(
            "expires",
            "expiration",
            "expire",
            "validity",
            "unit",
            "units",
            "required",
            "enabled",
            "disabled",
            "rotation",
        ),
        *("version", "versions", "type", "algorithm", "method", "format", "source", "header", "issuer", "audience"),
        *("count", "size", "min", "max", "prefix", "suffix", "region", "table", "bucket", "queue", "topic", "strategy"),
        *("mode", "status", "label", "description", "engine", "store", "manager", "provider", "backend", "location"),
        *(
            "alias",
            "parameter",
            "param",
            "ref",
            "reference",
            "limit",
            "scope",
            "scopes",
            "usage",
            "plan",
            "key",
            "keys",
        ),
        *("host", "port", "user", "username", "timeout", "interval", "age", "window", "cache", "service", "lifetime"),
        *(
            "encryption",
            "hashing",
            "hash",
            "auth",
            "authentication",
            "attempts",
            "retries",
            "reuse",
            "history",
            "recovery",
            "reset",
            "mount",
            "dir",
            "directory",
            "folder",
            "stage",
        ),
    }
)
_NOT_SECRET = frozenset(
    {
        *("httptokens", "creationtoken", "clienttoken", "clientrequesttoken", "idempotencytoken", "nexttoken"),
        *("continuationtoken", "pagetoken", "paginationtoken", "publicapikey", "managemasteruserpassword"),
        *("generatesecret", "requirepassword", "passwordauthentication", "secrets"),
    }
)
_PLACEHOLDER = re.compile(
    r"\$\{?[A-Za-z_][\w.:-]*\}?|\$\(.*\)|`.*`|\$?\{\{.*\}\}|<[^<>]*>|%[\w-]+%|@@\w+@@|([*xX.•#_-])\1*", re.DOTALL
)
_ELSEWHERE = re.compile(
    r"(?:arn:|\{\{resolve:|(?:secretsmanager|ssm|vault|sops|op|awssm|aws-sm|keyvault|gcpsm|file)(?::|://))\S*"
)
# What somebody writes who sets the value by hand later, where the code says that it will be another: words, among them
# one of these or the beginning of one.
_LATER = re.compile(
    r"(?i)(?:[a-z]+[\W_]+)*?(?:change|replac|placeholder|dummy|todo|tbd|temp|initial|default|none|null|unset|empty|set|fill"
    r"|example|fake|updat|manual|later|invalid|ignor|overrid|overwrit|bogus|mock)[a-z]*(?:[\W_]+[a-z]+)*[\W_]*"
)
_LONGEST_WORDS = 60
_STAND_INS = frozenset({"fake", "test", "dummy", "mock", "placeholder", "none", "unused", "foo", "bar", "ignored", "x"})
_SETTINGS = frozenset(
    {"true", "false", "null", "none", "on", "off", "yes", "no", "enabled", "disabled", "required", "optional", "auto"}
)


def words_of(name: str) -> list[str]:
    """The words of a name in lower case: of `dbPassword_2` db, password, 2."""
    return [word.lower() for word in _WORD.findall(name)]


def tells(name: str, *, free: bool) -> bool:
    """Whether a name tells that its value is a secret.

    `free` names are those that people choose (of variables of an environment), where a word in the middle tells too;
    others are arguments, which say what they are at their end.
    """
    words = words_of(name)
    if "".join(words) in _NOT_SECRET:
        return False
    while words and (words[-1] in _BESIDE or words[-1].isdigit()):
        words.pop()
    if not words:
        return False
    if _is_secret(words, len(words) - 1):
        return True
    return free and words[-1] not in _ABOUT and any(_is_secret(words, number) for number in range(len(words)))


def _is_secret(words: list[str], number: int) -> bool:
    word = words[number]
    single = word[:-1] if word.endswith("s") and word != "pass" else word
    if single in _WHOLE or single.endswith(_ENDINGS):
        return True
    before = words[number - 1] if number else ""
    return single == "key" and (before in _OF_KEYS or (before == "access" and number > 0))


def is_literal(value: str, *, free: bool) -> bool:
    """Whether a value under such a name is the secret itself."""
    text = value.strip()
    if not text or _PLACEHOLDER.fullmatch(text) or _ELSEWHERE.fullmatch(text):
        return False
    return not (free and is_reference(text)) and text.lower() not in _SETTINGS


def is_set_later(value: str) -> bool:
    """Whether a value only holds the place of one that is set by hand."""
    return len(value) <= _LONGEST_WORDS and _LATER.fullmatch(value.strip()) is not None


def is_stand_in(value: str) -> bool:
    """Whether a value only fills an argument that a provider asks for and does not use."""
    return value.strip().lower() in _STAND_INS
