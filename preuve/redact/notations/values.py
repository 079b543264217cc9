"""The grammars of values that `definition.py` judges by: of what is no secret, and of what is built like one.

`changeme` is a password like any other: everybody who deploys the code has it. A placeholder that another program
fills in (`$X`, `{{x}}`, `<x>`, `%x%`) and a mask of one repeated character are not; nor is a value that only says
where the secret is.
"""

from __future__ import annotations

import base64
import re
import string

from preuve.library.words import without_which_one, words_of
from preuve.library.yaml.word_lists import words_in
from preuve.redact.announcements.values import PSEUDONYM, ROUTE, SCHEME
from preuve.redact.forms import ARN, RESOLVED, is_masked, is_reference
from preuve.redact.notations.ciphertexts import is_ciphertext, without_ciphertexts
from preuve.redact.notations.names import Telling, announces, tells

_LISTS = "secret_values"
_SETTINGS, _TYPES, _STAND_INS = (words_in(_LISTS, key) for key in ("settings", "types", "stand_ins"))
_DENYING, _DENIED, _NOTHING = (words_in(_LISTS, key) for key in ("denying", "denied", "nothing"))
_OPENS, _DOING = words_in(_LISTS, "opens"), words_in(_LISTS, "doing")
HOLE = "$/"  # replaces an unknown part: no secret extends across it
_LEFT = re.compile(PSEUDONYM)
_MESSAGE = re.compile(r"(?<=\w):?\?[^{}]*\}$")  # what a shell says where a variable is not set
_IN_CAPITALS = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"  # as variables are called
# One placeholder from end to end: what stands between two of them is a value of its own.
_PLACEHOLDER = re.compile(
    r"\$\{?[A-Za-z_][\w.:-]*\}?|\$\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|`[^`]*`|\$?\{\{(?:(?!\}\}).)*\}\}|<[^<>]*>"
    r"|\$\{\w+:?\?[^{}]*\}"  # behind the sign stands what a shell says where nothing is set
    r"|<{2,3} ?[A-Za-z]+(?:[_. :-][A-Za-z]+)*[0-9]? ?>{2,3}"
    r"|%[\w-]+%|%[sdvq]|@@\w+@@|__[A-Za-z]\w*__|\{%(?:(?!%\}).)*%\}|\{ ?[\w.]* ?\}"
    r"|#\{[^{}]*\}"
    rf"|\[{_IN_CAPITALS}\]"
    r"|[\"']{2}"
    r"|(?:\$?\{\{[^{}'\"]*\}\}[-_:/.@]?){2,}"  # several, with nothing but a sign between them
    r"|([*xX.•#_-])\1*",
    re.DOTALL,
)
# Places that one tool fills in, each with its own signs: only there, and a password may have them as well. What stands
# in it says which it is.
_OF_A_TOOL = re.compile(
    rf"!{_IN_CAPITALS}!|~{_IN_CAPITALS}~|%%[\w-]+%%"
    r"|\(\([\w./:-]+\)\)|\[\[ ?[\w./-]+ ?\]\]|\$\[[^\[\]]*\]|\{\$\w+\}"
    r"|\$\{(?:ssm|cf|s3|file|vault|sm|kms|self|opt|env|aws|param|custom)[:(.](?:[^{},]|\$\{[\w:./()~-]*\})*\}"
    r"|!(?:Ref|GetAtt|Sub|ImportValue|secret) [\w.:-]+"
    r"|env:[A-Z][A-Z0-9_]*"
    r"|(?:ref\+[a-z0-9]+|akv|[a-z][a-z0-9+.-]{1,30})://[^@\s]+|(?:secretref|keyvaultref):[\w./:-]+"
    r"|projects/[\w-]+/secrets/[\w-]+(?:/versions/\w+)?"
)
_SIGNS_OF_A_TOOL = re.compile(r"[!~%()\[\]{}$ ]+|(?:!(?:Ref|GetAtt|Sub|ImportValue|secret)|env:|ref\+) *")
_OF_AN_ADDRESS = re.compile(r"[a-z][\w+.-]*:|projects/|\$\{")  # it begins with who looks it up
# What a program looks up that knows these signs; in an argument of AWS nobody does but CloudFormation,
# in a template.
_LOOKED_UP = re.compile(
    rf"{RESOLVED}|(?:alias/|sm://"
    r"|(?:secretsmanager|ssm|vault|sops|op|awssm|aws-sm|keyvault|gcpsm|file|fileb)(?::|://))\S*"
    r"|@Microsoft\.KeyVault\([^()]*\)"
    r"|op://[^/\n]+(?:/[^/\n]+){2,3}"  # the names of vaults and of what is in them have blanks
    r"|#/[\w.$/-]+"  # another part of the same document of JSON
)
_SHARED_KEY = "mrk-[0-9a-f]{32}"  # the id of a key of KMS in several regions
_ELSEWHERE = re.compile(rf"{ARN}|{_LOOKED_UP.pattern}|{_SHARED_KEY}")
_OF_AWS = re.compile(rf"{ARN}|{RESOLVED}|{_SHARED_KEY}")
# Parameters of an address, of which CloudFormation puts in at least one.
_PUT_IN = re.compile(rf"(?=.*{RESOLVED})(?:[?&][\w.-]{{1,80}}=(?:{RESOLVED}|[\w.-]{{0,80}}))+")
_GIVEN = re.compile(r"[?&](?P<name>[\w.-]+)=(?P<value>[\w.-]+)(?=&|$)")
_FUNCTION = re.compile(r"\s*+(?:async\s++)?function\b[^()\n]{0,100}\([^()\n]{0,300}\)\s*+\{[^\n]*\n")
_STEP = re.compile(r"[/:#?&=;(){}@]+")
_SEGMENT = r"[\w.-]+|%[sdvq]|\{\w*\}|\$\{\w+\}|\$[A-Za-z_]\w*|\$?\{\{[^{}]*+\}\}"
# The place of a file, also below a folder that another program names, and a path of which it puts in a part.
_KEPT_AT = re.compile(
    r"(?:\$\{?\w+\}?/)?[\w.@-]+(?:/[\w.@-]+)+\.(?:pem|key|crt|cer|pub|p12|pfx|jks|json|ya?ml|txt|conf|ini)"
    rf"|(?=.*[%{{$])/?(?:{_SEGMENT})(?:/(?:{_SEGMENT}))+"
)
_OF_ONE_NAME = re.compile(r"/[\w-]+")  # a path
_BRACKETS = re.compile(r"[\[\](){}]+")  # what is set stands below
_SENTENCE = re.compile(r"[A-Z][a-z']*(?:,? [A-Za-z'-]+){2,}[.!?:]")
# A file: the place of a key, or what holds one.
_FILE = re.compile(
    r"(?:~|\.{1,2}|[A-Za-z]:)?[/\\][\w.@ /\\-]+"
    r"|[\w.@/\\-]+\.(?:pem|key|crt|cer|pub|json|ya?ml|txt|p12|pfx|jks|env|conf|ini)"
)
# What somebody writes who sets the value by hand later, where the code says that it will be another: words, among them
# one of these or the beginning of one.
_LATER = re.compile(
    r"(?is)(?=[a-z\W_]*+\Z)(?:[a-z]+[\W_]+)*?(?:change|replac|placeholder|dummy|todo|tbd|temp|initial|default|none|null|unset|empty|set|fill"
    r"|example|fake|updat|manual|later|invalid|ignor|overrid|overwrit|bogus|mock).*"
)
_LONGEST_WORDS = 60
_DIGITS = re.compile(r"[0-9]+")
_CAPITALS = re.compile(r"[A-Z]+[0-9]*(?:_[A-Z]+[0-9]*)+")
# Example keys of AWS's documentation, and the tokens that jwt.io shows to everybody, with what they are signed: they
# open nothing. Signed with another key, the same words may.
_JOHN_DOE = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwi"
_DOCUMENTED = re.compile(
    rf"(?<![A-Za-z0-9/+._-]){re.escape(_JOHN_DOE)}(?:aWF0IjoxNTE2MjM5MDIyfQ\.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
    r"|YWRtaW4iOnRydWV9\.TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ"
    r"|YWRtaW4iOnRydWUsImlhdCI6MTUxNjIzOTAyMn0\.KMUFsIDTnFmyG3nMiGM6H9FNFUROf3wh7SmqJp-QV30)(?![A-Za-z0-9/+=._-])"
    r"|(?<![A-Za-z0-9/+])(?:A[KS]IA(?:IOSFODNN7|I44QH8DHB)EXAMPLE"
    r"|wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY|je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY)(?![A-Za-z0-9/+=])"
)
# A whole block: lines of base64 and nothing else, each ended as texts or programs end one.
_LINE_END = r"(?:[ \t]*+(?:\\[nr]|\r?\n))"
_FOR_EVERYBODY = re.compile(
    r"-----BEGIN (?P<what>(?:[A-Z0-9]+ )?(?:CERTIFICATE|PUBLIC KEY))-----"
    rf"{_LINE_END}++(?P<body>(?:[ \t]*+[A-Za-z0-9+/]{{40,}}+{_LINE_END}++)*+"
    rf"(?:[ \t]*+[A-Za-z0-9+/]++={{0,2}}{_LINE_END}++)?)"
    r"[ \t]*+-----END (?P=what)-----"
)
_OF_BODY = re.compile(r"(?<!\\)[A-Za-z0-9+/=]")
_YOURS = re.compile(r"(?i)(?=[a-z_ -]+\Z)(?:(?:your|insert|enter)[-_ ].+|.+[-_ ]here)")
_OF_NOTHING = re.compile(r"[*<(\[-]{0,3}[A-Za-z]{2,20}(?:[ _/-][A-Za-z]{2,20}){0,5}[*>)\]-]{0,3}")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_OF_WORDS = re.compile(r"[A-Za-z][a-z]{3,}")
_LONG_HEX = re.compile(r"(?i)(?:0x)?(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{32,}")
_OF_CIPHER = re.compile(r"[0-9a-f]{64}|[0-9A-F]{64}|[A-Za-z0-9+/_-]{43}=?")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
# Base64 with a slash in it looks like a path. The steps of a path are names; between the slashes of a key are none.
_STEPS = re.compile(r"[A-Za-z0-9/]{12,}")
# A word of two letters (`MyApp`) needs a longer one beside it: in a key it stands by chance.
_STEP_NAME = re.compile(
    r"v[0-9]++[a-z]*+[0-9]*+|[a-z]*[A-Z]*(?:[A-Z][a-z]{2,})*[0-9]{0,4}|[0-9]+"
    r"|(?=[A-Za-z]*[A-Z][a-z]{2})[a-z]*(?:[A-Z][a-z]+)*[0-9]{0,4}"
)
_MIXED = re.compile(r"(?=[^A-Z]*+[A-Z])(?=[^a-z]*+[a-z])(?=[^0-9]*+[0-9])[A-Za-z0-9]{8,}")
_NAME = re.compile(r"/?[a-z]+(?:[-_./][a-z]+)+")
_NUMBERED = re.compile(r"/?[a-z]+(?:[-_./](?:[a-z]+[0-9]{0,2}|[0-9]{1,4}))+")  # with a date or a version in its path
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH = re.compile(
    r"(?i)(?:sha\d+[:-])?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})"
    r"|sha(?:1-[a-z0-9+/]{27}=|(?:256|384|512)-[a-z0-9+/]{43,86}={0,2})"
)
_RECIPIENT = re.compile(r"age1[0-9a-z]{58}")  # whom age encrypts for, which everybody may know
_OF_PGP = re.compile(r"[mx][A-Za-z0-9+/]{199,}+={0,2}")
# RFC 9580, sections 4.2 and 5.5: the kind of the packet, its length, its version.
_PACKET_OF_PUBLIC = re.compile(rb"(?s:\x98.|\x99..|\xc6(?:[\0-\xbf]|[\xc0-\xdf].|\xff.{4}))[\x03-\x06]")
_SCHEDULE = re.compile(r"(?:rate|cron)\([^()]{1,60}\)|P?T?[0-9]{1,4}[A-Za-z]{1,7}")
_HASHES = frozenset({"hash", "digest"})  # as the last word of a name
_KUBERNETES = frozenset({"kube", "k8s", "kubernetes"})
_WORD = re.compile(r"[a-z][a-z.-]*")
_ONE_WORD = re.compile(r"[^\W_]{4,}")
_WORDS = re.compile(r"[^\W\d]+(?:[.:/-]+[^\W\d]+)*[.,:;!?)]*")
_REMARK = re.compile(r"\s+[#;]\s")
_DURATION = re.compile(r"(?:[0-9]{1,6}(?:ns|us|ms|[wdhms])){1,6}")  # `10h0m0s`
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?")
# Words with numbers or ids: `eu-west-3`, `t3.micro`, `python3.12`, `ami-0abc…`, `db.example.com`.
_LABEL = re.compile(r"[A-Za-z]*\d*(?:[-_.:][A-Za-z]*\d*)+|[A-Za-z]+-[0-9a-f]{8,17}")
_ALGORITHM = re.compile(
    r"(?i)(?:[rhep]s|sha|hmac|hmacsha|hmac_sha|aes|md|utf|base|bcrypt|argon|v|ed|rsa|ecdsa|secp|curve|python|node|nodejs"
    r"|postgres|postgresql|mysql|aurora|java|go|ruby|php|http|ipv|oauth|saml|tls|ssl)\d+[a-z]?"
)
_GLOB = re.compile(
    r"/?(?:[\w.-]+/)+\*{1,2}(?:/?[\w.*-]+)*+"
    r"|[\w.-]*\*[\w*-]*\.(?:\*|[jt]sx?|pyc?|go|rb|rs|java|tf|tfvars|json|ya?ml|toml|xml|sh|sql|txt|md|log|csv|conf)"
)
_SCHEME = re.compile(rf"\A{SCHEME}\s+(?=\S+$)")
# How things are called, and where they are.
_CALLED = (_UUID, _HASH, _DATE, _DURATION, _LABEL, _ALGORITHM, re.compile(ROUTE))
# No blank, a letter, and a digit or a sign.
_BUILT = re.compile(r"(?=\S++\Z)(?=[\W\d_]*+[^\W\d_])(?:[^\d!#$%^&*+=~?]*+[\d!#$%^&*+=~?])")
# The words that are the key of a wallet: 12 to 24, three at a time, as the lists of them have them.
_MNEMONIC = re.compile(r"(?:[a-z]{3,8} ){11}(?:(?:[a-z]{3,8} ){3}){0,4}[a-z]{3,8}")
_SHORTEST, _LONGEST_TOKEN, _LEAST_WORD = 6, 200, 4
_DIGITS_OF_CODE = (4, 5)
_LEAST_KEY = 16
_SIGNS_OF_SETTINGS = re.compile(r"^\w{1,9}=|/")
_NAME_OF_USER = re.compile(r"[A-Za-z]+(?:[_.-][A-Za-z]+)*")
_MASK = re.compile(r"([A-Za-z0])\1{2,}")
_KEY_OF_ONE = re.compile(r"[A-Za-z_.][\w.-]*")


def is_setting(text: str) -> bool:
    """Return whether a value is a word for a setting, which a program takes at its word."""
    return text.strip().lower() in _SETTINGS


def is_program(text: str) -> bool:
    """Return whether a value is the source of a function, which is searched as a text."""
    return _FUNCTION.match(text) is not None and text.rstrip().endswith("}")


def is_truth_value(text: str) -> bool:
    """Return whether a value is true or false."""
    return text.strip().lower() in ("true", "false")


def is_literal(value: str, *, free: bool) -> bool:
    """Return whether a value under a name that announces a secret is the secret itself."""
    none = (is_setting, is_filled_in, is_ciphertext, is_for_everybody, is_empty)
    return not any(is_one(value.strip()) for is_one in none) and not is_path(value, free=free)


def is_empty(text: str) -> bool:
    """Return whether nothing stands in a value, or what is set stands below it."""
    return not text.strip() or _BRACKETS.fullmatch(text.strip()) is not None


def is_for_everybody(text: str) -> bool:
    """Return whether all of a value is a key that everybody may know: of documentation, a public one, a certificate."""
    forms = (_DOCUMENTED, _RECIPIENT, _FOR_EVERYBODY)
    return any(form.fullmatch(text.strip()) for form in forms) or _is_public_of_pgp(text.strip())


def _is_public_of_pgp(text: str) -> bool:
    """Return whether a text is base64 that begins with the packet of a public key, as a private one does not."""
    return _OF_PGP.fullmatch(text) is not None and _PACKET_OF_PUBLIC.match(base64.b64decode(text[:16])) is not None


def is_path(value: str, *, free: bool) -> bool:
    """Return whether a value is a path or a file; under a name that people chose also an address or a number."""
    text = value.strip()
    if _is_kept_at(_REMARK.split(text)[0]):
        return True
    return is_reference(text) if free else _FILE.fullmatch(text) is not None and is_place(text)


def _is_kept_at(text: str) -> bool:
    """Return whether a text is the path of a file, without a secret next to a placeholder."""
    if _KEPT_AT.fullmatch(text) is None:
        return False
    filled = "{{" in text or "$" in text
    return not filled or not any(looks_secret(part.lstrip("$")) for part in text.split("/") if "{" not in part)


def holds_key(text: str) -> bool:
    """Return whether a part of a value is built like a key. The names that AWS gives its resources may be so."""
    if _OF_AWS.fullmatch(text.strip()):
        return False
    parts = filter(is_key, _BETWEEN_WORDS.split(text))  # a short one may be a name with a word for a secret in it
    if is_key(text) or any(len(part) >= _LEAST_KEY or not _says_what(part) for part in parts):
        return True
    return any(map(_is_key_with_slashes, _STEPS.findall(text)))


def _is_key_with_slashes(text: str) -> bool:
    """Return whether capitals and small letters alternate between slashes, and not in names alone."""
    alternating = "/" in text and text not in (text.lower(), text.upper())
    return alternating and not all(map(_STEP_NAME.fullmatch, text.split("/")))


def is_key(text: str) -> bool:
    """Return whether all of a value is built like a key, also as long hex or in base64, and not like a name with a
    number at its end: `subnetAz1`.
    """
    whole = text.strip()
    if _LONG_HEX.fullmatch(whole):
        return True
    word = _BETWEEN_WORDS.sub("", whole) if _BASE64.fullmatch(whole) else whole
    return is_built_like_key(word.rstrip(string.digits))


def is_key_of_cipher(text: str) -> bool:
    """Return whether a value is 32 bytes in hexadecimal digits or in base64, as the keys of most ciphers are."""
    return _OF_CIPHER.fullmatch(text.strip()) is not None and is_key(text)


def is_built_like_key(step: str) -> bool:
    """Return whether capitals, small letters and digits alternate in a word, with hardly any words of letters."""
    return _MIXED.fullmatch(step) is not None and 2 * sum(map(len, _OF_WORDS.findall(step))) < len(step)


def is_whole(value: str) -> bool:
    """Return whether a value in a text is complete, no search pattern, and not left by redaction."""
    begins = value[:1] in "$`\\" or value[:2] in (".*", ".+") or value.startswith("[removed")
    return HOLE not in value and not begins and _LEFT.fullmatch(value) is None


def is_filled_in(text: str) -> bool:
    """Return whether a value is empty or a placeholder that another program replaces."""
    return not text or says_which(text) or any(form.fullmatch(text) for form in (_PLACEHOLDER, _ELSEWHERE, _DOCUMENTED))


def is_of_a_tool(text: str) -> bool:
    """Return whether a value is a placeholder that a tool replaces in the files that it reads."""
    return _OF_A_TOOL.fullmatch(text.strip()) is not None


def says_which(text: str) -> bool:
    """Return whether the text in a placeholder says what belongs there, or where it is."""
    if not is_of_a_tool(text):
        return False
    parts = parts_of_one(text)
    named = _OF_AN_ADDRESS.match(text) and not text.startswith("env:")
    return not any(map(looks_secret, parts)) and bool(named or any(map(_says_what, parts)))


def parts_of_one(text: str) -> list[str]:
    """Return the parts of the address or name in a placeholder."""
    return [part for part in _STEP.split(_SIGNS_OF_A_TOOL.sub("/", text)) if part]


def is_looked_up(text: str) -> bool:
    """Return whether a value says where another program finds the secret."""
    return _ELSEWHERE.fullmatch(text.strip()) is not None


def is_place_of_one(text: str) -> bool:
    """Return whether a value has the form of any program's placeholder, or of a path with one name."""
    whole = text.strip()
    has_form = _PLACEHOLDER.fullmatch(whole) or _OF_ONE_NAME.fullmatch(whole)
    return bool(has_form) and _ELSEWHERE.fullmatch(whole) is None


def is_code(text: str) -> bool:
    """Return whether a value is a number as long as a code is that people type in, or one of a port."""
    return text.strip().isdecimal() and len(text.strip()) in _DIGITS_OF_CODE


def hides_one(text: str) -> bool:
    """Return whether a value with the form of a placeholder or a path looks like a secret inside."""
    inside = _inside(text)
    return inside != text.strip() and not inside.isupper() and not _says_what(inside) and looks_secret(inside)


def may_hide_one(text: str, *, of_a_shell: bool) -> bool:
    """Return whether the one word in such a form does not say what belongs there (`$oleil`, unlike `$DB_PASSWORD` and
    `<change-me>`), or whether it looks something up by a text that looks like a secret: `vault:aX7…`. If a shell may
    read the value, capitals are the name of a variable.
    """
    if _LOOKED_UP.fullmatch(text.strip()):
        return any(map(looks_secret, _STEP.split(text.strip())))
    inside = _inside(text)
    variable = of_a_shell and inside.isupper()
    word = looks_secret(inside) or (not variable and inside.isalnum() and len(inside) >= _LEAST_WORD)
    return inside != text.strip() and word and not _says_what(inside) and not is_set_later(inside)


def _says_what(inside: str) -> bool:
    return tells(inside, free=True) is not Telling.NOTHING


def _inside(text: str) -> str:
    """Return the text inside a placeholder, or after the slash of a path with one name."""
    whole = text.strip()
    return _MESSAGE.sub("", whole).strip("$%`<>{}()[]/@_ ") if is_place_of_one(whole) else whole


def without_documented(text: str) -> str:
    """Return a text with a mask of the same length in place of public values: keys and tokens from documentation,
    certificates, public keys, encrypted values.
    """
    shown = "EXAMPLE" in text or _JOHN_DOE in text
    text = without_ciphertexts(text)
    text = _FOR_EVERYBODY.sub(_without_body, text) if "-----BEGIN " in text else text
    return _DOCUMENTED.sub(lambda found: "x" * len(found[0]), text) if shown else text


def _without_body(block: re.Match[str]) -> str:
    return block[0].replace(block["body"], _OF_BODY.sub("x", block["body"]))


def is_id_of_key(name: str, text: str) -> bool:
    """Return whether a value is a UUID under a name that ends in a key: AWS knows keys of KMS by such, others use them
    as keys.
    """
    return is_uuid(text) and words_of(name)[-1:] == ["key"] and not _OPENS.intersection(words_of(name))


def is_uuid(text: str) -> bool:
    """Return whether a text has the form of a UUID."""
    return _UUID.fullmatch(text.strip()) is not None


def is_name_of_one(text: str) -> bool:
    """Return whether a text consists of words that end in a word for a secret, possibly followed by `name`: it is then
    probably the name of a secret.
    """
    name = re.sub(r"[-_./](?:name|id|arn|ref)$", "", text.strip())
    form = _NUMBERED if "/" in text else _NAME
    return form.fullmatch(text.strip()) is not None and announces(name)


def names_one(name: str, text: str) -> bool:
    """Return whether a value is the name of a secret, by its own words or by those of its name: `Secret: location-key`,
    `OPERATOR_SECRET: operator`, `kube_secret: app`.
    """
    if is_name_of_one(text):
        return True
    value, (*which, last) = text.strip(), words_of(name) or [""]
    if last != "secret":
        return False
    if not which:
        return _NAME.fullmatch(value) is not None and value.endswith("key")
    after = words_of(value) == which and is_words(value)
    return after or (not _KUBERNETES.isdisjoint(which) and bool(_WORD.fullmatch(value)) and not looks_secret(value))


def stands_in(value: str) -> bool:
    """Return whether words alone say that something else belongs there: `access-token-value`, `replace-me`; a word
    such as `admin-token` may be what a small service asks for.
    """
    return is_words(value) and (words_of(value)[-1:] == ["value"] or is_set_later(value))


def is_beside_reference(text: str) -> bool:
    """Return whether CloudFormation puts a value into the parameters of an address, none of which holds a secret
    beside it: `?key={{resolve:…}}&v=1`. Any other text beside it is a part of the secret.
    """
    text = _SCHEME.sub("", text.strip())
    if not _PUT_IN.fullmatch(text):
        return re.fullmatch(RESOLVED, text) is not None
    return not any(tells(one["name"], free=True) or looks_secret(one["value"]) for one in _GIVEN.finditer(text))


def is_hash_of_one(name: str, text: str) -> bool:
    """Return whether a value is a hash and its name says so: `hashed_secret`, `password_hash`, not `hash_key`."""
    words = words_of(name)
    named = "hashed" in words or not _HASHES.isdisjoint(without_which_one(words)[-1:])
    return named and _HASH.fullmatch(text.strip()) is not None


def may_be_setting(name: str, text: str) -> bool:
    """Return whether a value is a word or a schedule under a name that may ask whether or when something is done with
    a secret: `ROTATE_SECRET: daily`.
    """
    asked = not _DOING.isdisjoint(words_of(name)[:-1])
    return asked and (is_words(text) or _SCHEDULE.fullmatch(text.strip()) is not None)


def is_sentence(text: str) -> bool:
    """Return whether a value is a sentence: words, and a sign at their end."""
    return _SENTENCE.fullmatch(text.strip()) is not None


def is_word(text: str) -> bool:
    """Return whether a text is one word, and none of those for a setting, a type or what is asked for."""
    word = text.strip()
    if _ONE_WORD.fullmatch(word) is None or word.casefold() in _TYPES or not is_literal(word, free=True):
        return False
    return not (word.istitle() and tells(word, free=True))  # as it is called on a page: `Password`


def is_words(text: str) -> bool:
    """Return whether a value consists of words without a number, as names do: `dockerhub_credentials`."""
    return _WORDS.fullmatch(text.strip()) is not None


def is_mask(text: str) -> bool:
    """Return whether one letter, or 0, stands again and again in place of a value, or of a token behind its prefix."""
    return _MASK.fullmatch(text.strip()) is not None or is_masked(text)


def is_name_of_key(text: str) -> bool:
    """Return whether a text may be a secret's name for one of its values: a word, and nothing like a secret."""
    return _KEY_OF_ONE.fullmatch(text.strip()) is not None and not looks_secret(text)


def is_place(text: str) -> bool:
    """Return whether a text that may be a path is one, and not a key with slashes in it."""
    return is_reference(text) or text[:1] in ("~", ".") or "." in text


def looks_secret(value: str) -> bool:
    """Return whether a value is built like a password or a key: one word in which letters stand beside digits or signs,
    and that is not how things are called or found; or the words of a wallet.
    """
    text = _SCHEME.sub("", value.strip())
    if _MNEMONIC.fullmatch(text):
        return True
    if not _SHORTEST <= len(text) <= _LONGEST_TOKEN or text[0] in "[({$" or "://" in text or _BUILT.match(text) is None:
        return False
    if says_nothing(text) or _is_put_in_behind_user(text) or any(form.fullmatch(text) for form in _CALLED):
        return False
    if _GLOB.fullmatch(text) and not holds_key(text):
        return False
    return is_literal(text, free=True) and is_literal(text, free=False)


def is_a_token(text: str) -> bool:
    """Return whether a text that looks like a secret has a digit, and no sign as settings have: `m=65536`, `Go!`."""
    return any(map(str.isdigit, text)) and not _SIGNS_OF_SETTINGS.search(text)


def _is_put_in_behind_user(text: str) -> bool:
    """Return whether another program puts in what follows a user: `app:$PASSWORD`."""
    user, _, rest = text.partition(":")
    return _NAME_OF_USER.fullmatch(user) is not None and _PLACEHOLDER.fullmatch(rest) is not None


def is_set_later(value: str) -> bool:
    """Return whether a value is a placeholder for one that is set by hand."""
    return len(value) <= _LONGEST_WORDS and _LATER.fullmatch(value.strip()) is not None


def is_stand_in(value: str) -> bool:
    """Return whether a value only fills an argument that a provider asks for and does not use, or says what belongs
    there, or that nothing does, or that something replaces it: `your-token-here`, `NO_TOKEN`, `REPLACED_BY_PIPELINE`.
    """
    text = value.strip()
    if text.lower() in _STAND_INS or _YOURS.fullmatch(text) or says_nothing(text):
        return True
    return _CAPITALS.fullmatch(text) is not None and is_set_later(_DIGITS.sub("", text))


def says_nothing(text: str) -> bool:
    """Return whether a text is a word for nothing or for a type, or words with one that denies: `NO_TOKEN`, `**None**`,
    `string`.
    """
    if _OF_NOTHING.fullmatch(text.strip()) is None:
        return False
    words = [word for word in _BETWEEN_WORDS.split(text.lower()) if word]
    if len(words) == 1:
        return words[0] in _NOTHING
    denied = words[1:] if words[0] == "do" else words
    return denied[0] in _DENYING and _DENIED.issuperset(denied[1:])
