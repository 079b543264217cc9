"""Recognises secrets in a text: by their form anywhere, and in what a script or a configuration assigns or sends."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from itertools import chain

from preuve.collect.code.secrets.contents.encoded_parts import encoded_in
from preuve.collect.code.secrets.places import Role, is_for
from preuve.collect.code.secrets.proximity import has_secret_near_name
from preuve.redact.announcements.values import KEY_LIKE
from preuve.redact.forms import SHORT, certain_at
from preuve.redact.notations.arguments import basic_at, has_word_beside, sends_stand_in
from preuve.redact.notations.assignments import with_assignments
from preuve.redact.notations.definition import SECRET, Column, ValuePlace, judged
from preuve.redact.notations.handed_secrets import ARGUMENT, handed
from preuve.redact.notations.names import Telling, announces, tells
from preuve.redact.notations.values import (
    HOLE,
    is_filled_in,
    is_literal,
    is_mask,
    is_name_of_key,
    is_whole,
    is_words,
    looks_secret,
    without_documented,
)

_ASSIGNED = re.compile(
    r"(?<![\w.-])(?:--|-[DPe])?(?P<name>[A-Za-z_][\w.-]{1,80}?)(?:\\*[\"'])?\]?"
    r"(?P<sign>\s{0,3}(?:[:?+]?=>?[ \t]{0,3}|:(?=[\s\"'\\])\s{0,3}))(?=\\*"
    r"(?:\"(?P<double>[^\"\\\n]{1,400})\\*\"|'(?P<single>[^'\n]{1,400})'"
    # A placeholder of a template, with its blanks, is part of the value.
    r"|(?=[^\s\"'<>,;|&)(=\\]{4}|\{\{)(?P<plain>(?:[^\s\"'<>,;|&)(=\\{]{1,400}+|\{\{[^{}\n]{0,200}+\}\}|\{){1,9}+)))"
)
# A quote followed by this ends a string and does not begin one: `"password=" + word`.
_JOINED = re.compile(r"\s*[+.,%&)\]|]|\s")
# What a pattern has in place of a password, which looks for secrets itself.
_ANYTHING = re.compile(r"(?:(?:\.|\[[^\[\]]{1,20}\]|\\[SDWw])[*+]\??){1,9}")
# As in `redact/secrets.py`. Only the end of a longer scheme is matched: every letter of a text may begin one.
_URL = re.compile(r"[a-z][a-z0-9+.-]{0,20}://[^/\s:@\"<>\\^`{|}]*:(?P<value>[^/\s@\"<>\\^`{|}]+)@")
# A host that is reserved for examples (RFC 2606).
_RESERVED = re.compile(r"(?:[\w-]+\.){0,9}(?:example\.(?:com|net|org)|(?<=\.)(?:example|invalid))(?=[:/?#\"'\s]|$)")
_OTHER_HOST = re.compile(r"[^\s\"'/?#]*[,@]")
# A token in place of a user, without password: names chosen by people change less often between letters and digits.
_TOKEN_IN_URL = re.compile(r"[a-z][a-z0-9+.-]{0,20}://(?P<value>[\w.~%+-]{20,200}):?@")
_CHANGES_OF_TOKEN = 5
# Tokens of Gitea, and earlier ones of GitHub; the 32 characters of a Sentry DSN are not secret.
_HEX_TOKEN = re.compile(r"(?!(?P<sign>.)(?P=sign){39})[0-9a-f]{40}")
# Words for user and password in an example URL, and the beginnings of comments.
_USERS = frozenset({"user", "username", "usr", "login", "name"})
_PASSWORDS = frozenset({"pass", "password", "passwd", "pwd", "pw", "secret", "token"})
_REMARK = re.compile(r"(?:^|\s)(?:#|//|;|--|\*|<!--)")
# A word in place of a host, and the words of a sentence around an address.
_REACH = 100  # characters before an address
_REACH_INSIDE = 400  # characters of an expression
_HOSTS = re.compile(r"(?:host(?:name)?|server|domain|example|endpoint|address)(?![\w.-]*\.[a-z])")
_SENTENCE = re.compile(r"[^\W\d_]{2,}[ ]+(?:[^\W\d_]{2,}[ ]+){0,9}\(?[\"'`]?\Z")
# Logins without a scheme: of Go's drivers (`app:x@tcp(db:3306)/shop`), of Oracle (`thin:app/x@db`), before a host and
# port. The name of an image is not a login (`shop:1.2@sha256:…`).
_CONNECTION = re.compile(
    r"(?<![\w/:@$.{}-])[\w.+-]{1,64}:(?P<driver>[^\s\"'`]{1,200})@(?:[a-z]\w{0,15}\([^)\s\"']{1,200}\))?/[\w-]*"
    r"|(?<![\w/:@$.{}-])(?!(?:mailto|sips?|xmpp|acct|npm|git|ssh):)[\w.+-]{1,64}:(?P<host>[^\s/:@\"'`<>]{3,200})"
    r"@(?!sha\d+:)[\w.-]+:\d{2,5}(?![\w.])"
    r"|\boracle:(?:thin|oci8?):\w+/(?P<oracle>[^\s/@\"']{1,100})@"
)
_BETWEEN = re.compile(r"[^A-Za-z0-9/+=_-]+")
_RUN = re.compile(r"[A-Za-z0-9/+=_-]+")
_LINE_ABOVE = re.compile(r"(?:(?<=\\n)|(?<![A-Za-z0-9+/]))[A-Za-z0-9+/]{64}(?:[A-Za-z0-9+/]{12})?(?:\\n|\r?\n)[ \t]*\Z")
_KEY_LENGTH = 40
_RANDOM = 4.25  # entropy in bits per character: about 4.7 for 40 random characters, less for words
_CHANGES = 15  # changes between small letters, capitals and digits in 40 characters: random 24, few in words
_CLASSES = re.compile(r"[a-z]+|[A-Z]+|[0-9]+|[/+]+")
# Generated names of resources in a template: words in capitals, then the beginning of a hash.
_LOGICAL_ID = re.compile(r"(?:[A-Z][a-z]*[0-9]*)+[0-9A-F]{8}")
# The path of a CDK construct: names of words that end with a number.
_OF_CONSTRUCTS = re.compile(r"(?:[A-Z][a-z]+){1,9}[0-9]{0,2}(?:/(?:[A-Z][a-z]+){1,9}[0-9]{0,2})+")
# Words of four letters or more: only one random key in several thousand contains that many.
_OF_WORDS = re.compile(r"[A-Za-z][a-z]{3,}")
_IN_WORDS = 24  # characters, of 40, that belong to such words in a name that people chose
# In a sentence, a word precedes the name. A setting is preceded by the beginning of a line, a quote or punctuation.
_IN_SENTENCE = re.compile(r"[^\W\d_]{2,} $")
# A private key with content, not only its first line.
_KEY_BODY = re.compile(r"PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,300}?[A-Za-z0-9+/=]{40}")
_KEY = 1_000  # characters of a PEM text that are searched
# Source code: in it, unquoted values are names.
_PROGRAM = re.compile(
    r"(?m)^\s*(?:import \w|from [\w.]+ import|def \w+\(|class \w+|const \w+|let \w+|var \w+|(?:async )?function\b"
    r"|local \w+|exports\.|module\.exports|package \w+$|using [\w.]+;)|=>|\brequire\("
)
# GraphQL types.
_GRAPHQL = re.compile(r"(?m)^[ \t]*(?:extend )?(?:type|input|interface) [A-Z]\w*[^{}\n]{0,200}\{")
# The type between a name and its value: `token: str = "…"`.
_OF_A_TYPE = re.compile(r":\s{0,3}\[{0,2}[\w.]{1,60}[!?\]]{0,3}\s{0,3}(?==\s{0,3}[\"'])")
# A program reads its environment.
_READ = re.compile(r"(?:[a-z]+\.)?(?:environ|env|ENV|getenv|Environment|System)\b\W")
_OWN_NAME = re.compile(r"[A-Za-z_]\w*(?:[.\[][\w.\[\]]*)?")
_BOUND = re.compile(r":[A-Za-z]+(?:_[A-Za-z]+)*[0-9]{0,2}")
_SETS = re.compile(r"(?i:\b(?:set|where|and|or)|,)[ ]\Z")
_OWN_TYPE = re.compile(r"\[*[A-Z][A-Za-z_]*[!\]]*")
_SHELL_BEFORE = re.compile(r"(?:^|[\n;&|]|\b(?:export|local|readonly|declare) |\benv |-e |\bset |\bENV |\bARG )\s*$")
# An assignment on a line of its own, with its indentation; an assignment inside a line.
_SET_AT = re.compile(r"(?P<level>[ \t]*(?:- +)?)[\"']?(?P<name>[A-Za-z_][\w-]*)[\"']?\s*[:=]")
_SET_INSIDE = re.compile(r"[{,]\s*[\"']?([A-Za-z_][\w-]*)[\"']?\s*[:=]")
_OF_USERS = "chpasswd"  # cloud-init reads what is below it line by line
_ALONE = re.compile(r"\s*+(?:- )?[\"']?[\w.-]++[\"']?\s*+:\s++\S++\s*+")
_NUMBERED_WORD = re.compile(r"[A-Za-z_.-]+[0-9]{0,2}")
_in_text = partial(ValuePlace, Column.TEXT)
_BESIDE = 3  # lines before and after an assignment
STAND_IN, WORD, NEAR_NAME, UNOPENED = "stand_in", "word", "beside", "unopened"
_BETWEEN_PARTS = ('""', "''", "\\\n")
_PARTS = re.compile(r"(?<=\w)(?:\"\"|''|\\\n)(?=\w)")
_ESCAPED = re.compile(r"\\x([2-7][0-9A-Fa-f])")
_DOUBTFUL = frozenset({STAND_IN, WORD, NEAR_NAME, UNOPENED})
# A client's login before it is encoded.
_USER_AND_PASSWORD = re.compile(r"(?![0-9]+:)[\w.@-]{1,64}:(?P<value>\S{6,200})\s*+")
_SAYS = re.compile(r"[ \n=:<]")  # between a name and its value
# The end of a value in YAML or a settings file.
_AFTER = re.compile(r"[ \t]*+(?:#[^\n]*+|[,}\]]|;|\\)?[ \t]*+(?:\r?\n|$)|[ \t]*[,}\]]")

# The end of a value in a text that a command writes: a written `\n`, or the end of the quoted text;
# and the target of the command: a file, but no device and no log, whose lines are messages.
_ENDED = re.compile(r"\\+[nrt]|\\*[\"']")
_TO_A_FILE = re.compile(
    r"(?:\\+[nrt])*(?:\\*[\"'])?[ \t]*(?:\d?>{1,2}[ \t]*(?![&> \t]|/dev/|/var/log/|\S+\.log\b)\S"
    r"|\|[ \t]*(?:sudo[ \t]+)?tee\b(?![^\n|;&]*(?:/dev/|/var/log/|\.log\b)))"
)

# A PowerShell command whose result a variable receives; commands that take a secret as an argument nevertheless.
_CALLED = re.compile(
    r"(?i:Get|New|Invoke|Read|Convert|ConvertTo|ConvertFrom|Import|Unprotect|Request|Receive|Resolve|Select|Find|Join)"
    r"-(?![A-Za-z]*[0-9]{3})[A-Za-z][A-Za-z0-9]+"
)
_VARIABLE = re.compile(r"\$(?:(?:env|global|script|local|private|using):)?$")
_HANDED = re.compile(r"[\"']\s*,\s*[\"'][^$%\"']|SecureString\s+(?:-\w+\s+)*[^\s$(-]")


def kinds_by_form(text: str) -> Iterator[str]:
    """Return the kinds of secrets in a text that are recognised by form alone."""
    return iter(_short_forms(text) if len(text) <= SHORT else _forms(text))


def _forms(text: str) -> Iterable[str]:
    return dict.fromkeys(kind for kind, _ in places_by_form(text))


_short_forms = lru_cache(maxsize=1 << 13)(_forms)


def places_by_form(text: str) -> Iterator[tuple[str, int]]:
    """Yield the kind and the position of each secret in a text that is recognised by form, also in its encoded
    parts.
    """
    yield from _places_as_written(text)
    yield from ((kind, start) for kind, start in _encoded(text) if kind not in _DOUBTFUL)


def _encoded(text: str, *, all_of_it: bool = False) -> Iterator[tuple[str, int]]:
    """Yield the kinds of secrets and doubts in the encoded parts of a text, each with the position of the part."""
    for start, inner in encoded_in(text, all_of_it=all_of_it):
        if inner is None:
            yield UNOPENED, start
            continue
        login = _USER_AND_PASSWORD.fullmatch(inner)
        if login and looks_secret(login["value"]):
            yield "basic_login", start
        yield from ((kind, start) for kind in _with_variables(inner))


def _places_as_written(text: str) -> Iterator[tuple[str, int]]:
    text = without_documented(text)
    for kind, start in certain_at(text):
        if kind == "private_key" and not _KEY_BODY.search(text, start, start + _KEY):
            continue
        if kind != "url_password":
            yield kind, start
    if "@" in text and "://" in text:
        urls = (at for at in _URL.finditer(text) if not is_filled_in(at["value"]) and not _is_shown(text, at))
        urls = (at for at in urls if _ANYTHING.fullmatch(at["value"]) is None)
        yield from (("url_password", at.start()) for at in urls)
        yield from (("url_password", at.start()) for at in _TOKEN_IN_URL.finditer(text) if _is_token(at["value"]))
    if "@" in text and ":" in text:
        yield from (("connection_password", at.start()) for at in _CONNECTION.finditer(text) if _has_login(at))
    yield from (("basic_login", start) for start in basic_at(text))
    if len(text) >= _KEY_LENGTH and any(map(_is_key, _BETWEEN.split(text))):
        runs = (match for match in _RUN.finditer(text) if _is_key(match[0]))
        yield from (("aws_secret_key", run.start()) for run in runs if not _is_of_a_place(text, run))


def _is_of_a_place(text: str, run: re.Match[str]) -> bool:
    """Return whether a run of characters belongs to a host name behind a dot, or ends a wrapped base64 text."""
    before = text[max(0, run.start() - 100) : run.start()]
    return (before.endswith(".") and "://" in before.split()[-1]) or _ends_wrapped(text, run.start())


def _ends_wrapped(text: str, start: int) -> bool:
    """Return whether a line is the last line of base64 that a tool has wrapped."""
    return _LINE_ABOVE.search(text, max(0, start - 200), start) is not None


def _is_token(user: str) -> bool:
    return _HEX_TOKEN.fullmatch(user) is not None or (
        looks_secret(user) and len(_CLASSES.findall(user)) > _CHANGES_OF_TOKEN
    )


def _is_shown(text: str, url: re.Match[str]) -> bool:
    """Return whether a URL only shows its form: an example host with a word as password, or a comment or a sentence
    with words in place of user and password.
    """
    reserved = _RESERVED.match(text, url.end()) and not _OTHER_HOST.match(text, url.end())
    if reserved and not looks_secret(url["value"]):
        return True
    user = url[0].rpartition("@")[0].partition("://")[2].partition(":")[0]
    if not _are_words(user, url["value"]):
        return False
    before = _line_before(text, url)
    said = _SENTENCE.search(before[-_REACH:]) and _HOSTS.match(text, url.end())
    return bool(said) or _REMARK.search(before) is not None


def _are_words(user: str, password: str) -> bool:
    """Return whether words for a user and a password stand in place of both."""
    return user.lower() in _USERS and password.lower() in _PASSWORDS


def _line_before(text: str, found: re.Match[str]) -> str:
    return text[text.rfind("\n", 0, found.start()) + 1 : found.start()]


def kinds(text: str) -> Iterator[str]:
    """Yield the kinds of secrets in a text: those recognised by form, and those that a script assigns or sends, both as
    written and with the values of its variables.
    """
    return (kind for kind in kinds_and_doubts(text) if kind not in _DOUBTFUL)


def kinds_and_doubts(text: str, *, all_of_it: bool = False) -> Iterator[str]:
    """Yield the kinds of secrets in a text and in its encoded parts, and these doubts: `STAND_IN` if the text assigns
    or sends a placeholder; `WORD` if a word follows a name that announces a secret without a sign between them;
    `NEAR_NAME` if a value with the form of a secret stands near such a name (`proximity.py`); `UNOPENED` if an encoded
    part cannot be decoded. With `all_of_it` the whole text is expected to be encoded, and needs nothing beside it that
    says so.
    """
    return iter(_short(text, all_of_it) if len(text) <= SHORT else _all_kinds(text, all_of_it))


def _all_kinds(text: str, all_of_it: bool) -> Iterable[str]:
    encoded = (kind for kind, _ in _encoded(text, all_of_it=all_of_it))
    return dict.fromkeys(chain(_with_variables(text), encoded))


_short = lru_cache(maxsize=1 << 13)(_all_kinds)  # names and values recur in code


def _with_variables(text: str) -> Iterator[str]:
    """Yield the kinds of secrets in a text as it is written, and after its variables are replaced by their values."""
    text = without_documented(text)
    found = [kind for one in dict.fromkeys((text, with_assignments(text), _joined(text))) for kind in _kinds(one)]
    yield from found
    if not found and _SAYS.search(text) and has_secret_near_name(text):
        yield NEAR_NAME


def _joined(text: str) -> str:
    """Return a text with adjacent parts joined as a shell does: `"gh""p_…"`, or a line that continues on the next."""
    parts = _PARTS.sub("", text) if any(sign in text for sign in _BETWEEN_PARTS) else text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), parts) if "\\x" in parts else parts


def _kinds(text: str) -> Iterator[str]:
    yield from (kind for kind, _ in _places_as_written(text))
    if not _SAYS.search(text):
        return
    for match in _ASSIGNED.finditer(text):
        if value := _assigned(text, match):
            yield "assignment" if judged(value, _in_text(match["name"])) == SECRET else STAND_IN
    for start, end in handed(text, of_a_program=True):
        verdict = judged(text[start:end], _in_text())
        if verdict or is_mask(text[start:end]):  # no tool fills in the arguments of a command
            yield ARGUMENT if verdict == SECRET else STAND_IN
    if sends_stand_in(text):
        yield STAND_IN
    if has_word_beside(text):
        yield WORD


def written_out(text: str) -> bool:
    """Return whether a program assigns a quoted value that looks like a secret to a name that surely announces one."""
    quoted = any(looks_secret(value) for value, _ in _surely(_OF_A_TYPE.sub("", text), quoted=True))
    return quoted or any(handed(text, of_a_program=False))


def set_in(line: str, *, of_a_program: bool = False) -> bool:
    """Return whether a line, possibly of prose, gives a name that surely announces a secret a value that looks like
    one: in quotes after an assignment, or alone after a colon. With `of_a_program` the line may be a command.
    """
    alone = _ALONE.fullmatch(line) is not None
    plain = [value for value, sign in _surely(line, quoted=False) if alone or "=" in sign]
    plain += [line[start:end] for start, end in handed(line, of_a_program=of_a_program)]
    # A word with a number is an identifier of a program.
    named = any(looks_secret(value) and _NUMBERED_WORD.fullmatch(value) is None for value in plain)
    return named or any(looks_secret(value) for value, _ in _surely(line, quoted=True))


def written_in(line: str) -> bool:
    """Return whether a line of SQL gives a variable or a column a quoted password that looks like a secret."""
    return any(looks_secret(value) for value, sign in _surely(line, quoted=True) if "=" in sign)


def _surely(text: str, *, quoted: bool) -> Iterator[tuple[str, str]]:
    """Yield each value that a text gives a name that surely announces a secret, quoted or not, and the sign
    before it.
    """
    for found in _ASSIGNED.finditer(text):
        if (found["plain"] is None) is quoted and announces(found["name"]):
            yield _assigned(text, found), found["sign"]


def _has_login(match: re.Match[str]) -> bool:
    """Return whether a connection string contains a literal password."""
    password = match["driver"] or match["host"] or match["oracle"] or ""
    if _are_words(match[0].partition(":")[0], password) and _REMARK.search(_line_before(match.string, match)):
        return False
    return HOLE not in password and "{" not in password and is_literal(password, free=True)


def _is_key(text: str) -> bool:
    """Return whether a run of characters has the length and alphabet of an AWS secret access key, and does not consist
    of words.
    """
    if len(text) != _KEY_LENGTH or not KEY_LIKE.fullmatch(text):
        return False
    if _LOGICAL_ID.fullmatch(text) or _OF_CONSTRUCTS.fullmatch(text):
        return False
    if text.isalnum() and sum(map(len, _OF_WORDS.findall(text))) >= _IN_WORDS:
        return False
    counts = Counter(text)
    bits = -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
    return bits >= _RANDOM and len(_CLASSES.findall(text)) > _CHANGES


def _assigned(text: str, match: re.Match[str]) -> str:
    """Return the literal that a match assigns to a name that announces a secret, in code or settings; "" if none."""
    telling = tells(match["name"], free=True)
    if not telling or match["name"] == _OF_USERS:
        return ""
    quoted = match["double"] or match["single"]
    value = quoted or match["plain"] or ""
    if match["plain"] and text.startswith("=", match.end("plain")):  # an `=` that ends the value
        value += "="
    if not is_whole(value) or not judged(value, _in_text(match["name"])):
        return ""
    other = _is_outside(text, match, quoted) if quoted else _is_named(text, match, value)
    if other or _is_said(text, match, value):
        return ""
    if is_for(match["name"], Role.KEY) and is_name_of_key(value) and _is_referred(text, match):
        return ""
    if telling is Telling.PERHAPS and not looks_secret(value):
        return ""
    return value if quoted is not None or _is_value(text, match, value) else ""


def _is_named(text: str, match: re.Match[str], value: str) -> bool:
    """Return whether a word without quotes is the name of a value: a bound parameter, or a variable of a template."""
    return _is_bound(text, match, value) or _is_variable(text, match, value)


def _is_bound(text: str, match: re.Match[str], value: str) -> bool:
    """Return whether a value is a parameter that a program binds to an expression of a database:
    `SET password = :new_password`.
    """
    apart = match["sign"] != match["sign"].strip() or _SETS.search(text, max(0, match.start() - 10), match.start())
    return bool(apart) and "=" in match["sign"] and _BOUND.fullmatch(value) is not None


def _is_variable(text: str, match: re.Match[str], value: str) -> bool:
    """Return whether a word without quotes stands in the expression of a template, where it is a variable."""
    begin = max(0, match.start() - _REACH_INSIDE)
    before = text[begin : match.start()].rpartition("\n")[2]
    inside = before.rfind("{{") > before.rfind("}}")
    return inside and _OWN_NAME.fullmatch(value.rstrip("}")) is not None and not looks_secret(value)


def _is_said(text: str, match: re.Match[str], value: str) -> bool:
    """Return whether a value belongs to a sentence: a word precedes the name and the colon, as in `the token: x`."""
    if "=" in match["sign"] or match["plain"] is None or not is_words(value):
        return False
    if _TO_A_FILE.match(text, match.end() + len(value)):
        return False
    return _IN_SENTENCE.search(text, max(0, match.start() - 20), match.start()) is not None


def _is_referred(text: str, match: re.Match[str]) -> bool:
    """Return whether a setting beside an assignment, with the same indentation, names a stored secret:
    `secretRef: db`.
    """
    start = text.rfind("\n", 0, match.start()) + 1
    before, after = text[:start].splitlines()[-_BESIDE:], text[start:].splitlines()[: 1 + _BESIDE]
    own = _SET_AT.match(after[0]) if after else None
    beside = [found for line in (*before, *after) if (found := _SET_AT.match(line))]
    level = len(own["level"]) if own else -1
    inline = (found[1] for found in _SET_INSIDE.finditer(after[0] if after else ""))
    named = (*(found["name"] for found in beside if len(found["level"]) == level), *inline)
    return any(is_for(name, Role.REFERENCE) for name in named)


def _is_outside(text: str, match: re.Match[str], quoted: str) -> bool:
    """Return whether the quoted text lies between two strings of a program, the first of which names a secret."""
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.end()]
    sign = '"' if match["double"] else "'"
    return line.replace(f"\\{sign}", "").count(sign) % 2 == 1 and _JOINED.match(quoted) is not None


def _is_value(text: str, match: re.Match[str], value: str) -> bool:
    """Return whether an unquoted word is a value, and not a call, a name in a program or a word of prose."""
    after = text[match.end() + len(value) : match.end() + len(value) + 200]
    subscript = value[-1:] in ("[", "{") and after[:1] in ('"', "'")
    if after[:1] in ("(", "[") or value[:1] in ("[", "{") or subscript or _READ.match(value):
        return False
    if _is_called(text, match, value):
        return False
    in_shell = match["sign"] == "=" and _SHELL_BEFORE.search(text[max(0, match.start() - 20) : match.start()])
    own_name = _OWN_NAME.fullmatch(value.rstrip(")]},;:")) is not None
    if own_name and (not in_shell or "." in value) and _PROGRAM.search(text):
        return False
    if "=" not in match["sign"] and _OWN_TYPE.fullmatch(value) and _GRAPHQL.search(text):
        return False
    if "=" in match["sign"] or _AFTER.match(after) or _TO_A_FILE.match(after):
        return True
    return _ENDED.match(after) is not None and looks_secret(value)


def _is_called(text: str, match: re.Match[str], value: str) -> bool:
    """Return whether a PowerShell variable receives the result of a command whose line contains no secret."""
    if not _CALLED.fullmatch(value) or not _VARIABLE.search(text[max(0, match.start() - 10) : match.start()]):
        return False
    line = text[match.end() :].replace("`\n", " ").partition("\n")[0]
    return _HANDED.search(line) is None
