"""Secrets in a text: by their form wherever they stand, and what a script or a configuration sets or sends."""

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
from preuve.redact.notations.names import Telling, tells
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
    # What a template puts in is a part of the value, with its blanks.
    r"|(?=[^\s\"'<>,;|&)(=\\]{4}|\{\{)(?P<plain>(?:[^\s\"'<>,;|&)(=\\{]{1,400}+|\{\{[^{}\n]{0,200}+\}\}|\{){1,9}+)))"
)
# A quote with this after it ends a text and does not begin one: `"password=" + word`.
_JOINED = re.compile(r"\s*[+.,%&)\]|]|\s")
# As in `redact/secrets.py`. Of a longer scheme its end counts: each letter of a text may begin one.
_URL = re.compile(r"[a-z][a-z0-9+.-]{0,20}://[^/\s:@\"<>\\^`{|}]*:(?P<value>[^/\s@\"<>\\^`{|}]+)@")
# A host that is reserved for examples (RFC 2606).
_RESERVED = re.compile(r"(?:[\w-]+\.){0,9}(?:example\.(?:com|net|org)|(?<=\.)(?:example|invalid))(?=[:/?#\"'\s]|$)")
_OTHER_HOST = re.compile(r"[^\s\"'/?#]*[,@]")
# A token in place of a user, with no password: what people chose changes less often between letters and digits.
_TOKEN_IN_URL = re.compile(r"[a-z][a-z0-9+.-]{0,20}://(?P<value>[\w.~%+-]{20,200}):?@")
_CHANGES_OF_TOKEN = 5
# As Gitea has them, and GitHub had; 32 are no secret to Sentry.
_HEX_TOKEN = re.compile(r"(?!(?P<sign>.)(?P=sign){39})[0-9a-f]{40}")
# Words for user and password in the form of a URL, and the beginnings of comments.
_USERS = frozenset({"user", "username", "usr", "login", "name"})
_PASSWORDS = frozenset({"pass", "password", "passwd", "pwd", "pw", "secret", "token"})
_REMARK = re.compile(r"(?:^|\s)(?:#|//|;|--|\*|<!--)")
# A host that is no more than a word for one, and words around an address, as a sentence has them.
_REACH = 100  # signs before an address
_HOSTS = re.compile(r"(?:host(?:name)?|server|domain|example|endpoint|address)(?![\w.-]*\.[a-z])")
_SENTENCE = re.compile(r"[^\W\d_]{2,}[ ]+(?:[^\W\d_]{2,}[ ]+){0,9}\(?[\"'`]?\Z")
# Logins without a scheme: of Go's drivers (`app:x@tcp(db:3306)/shop`), of Oracle (`thin:app/x@db`), before a host with
# a port. An image is none (`shop:1.2@sha256:…`).
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
_RANDOM = 4.25  # entropy in bits per sign: about 4.7 for 40 random signs, less for words
_CHANGES = 15  # changes between small letters, capitals and digits in 40 signs: about 24 if random, few in words
_CLASSES = re.compile(r"[a-z]+|[A-Z]+|[0-9]+|[/+]+")
# How tools name what a template makes: words in capitals, and the beginning of a hash that tells one from another.
_LOGICAL_ID = re.compile(r"(?:[A-Z][a-z]*[0-9]*)+[0-9A-F]{8}")
# The path of a construct of CDK: names in words, with a number at their end.
_OF_CONSTRUCTS = re.compile(r"(?:[A-Z][a-z]+){1,9}[0-9]{0,2}(?:/(?:[A-Z][a-z]+){1,9}[0-9]{0,2})+")
# Words of four letters or more: in letters and digits alone, one key in several thousands has as many.
_OF_WORDS = re.compile(r"[A-Za-z][a-z]{3,}")
_IN_WORDS = 24  # of 40 signs, those in such words, in a name that people made
# What stands before a name in a sentence: a word. Before a setting stand the beginning of a line, a quote or a sign.
_IN_SENTENCE = re.compile(r"[^\W\d_]{2,} $")
# A private key that is there, not the line that one begins with.
_KEY_BODY = re.compile(r"PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,300}?[A-Za-z0-9+/=]{40}")
_KEY = 1_000  # characters that are searched for a key
# The text of a program: values without quotes are its own names.
_PROGRAM = re.compile(
    r"(?m)^\s*(?:import \w|from [\w.]+ import|def \w+\(|class \w+|const \w+|let \w+|var \w+|(?:async )?function\b"
    r"|local \w+|exports\.|module\.exports|package \w+$|using [\w.]+;)|=>|\brequire\("
)
# That of types of GraphQL.
_GRAPHQL = re.compile(r"(?m)^[ \t]*(?:extend )?(?:type|input|interface) [A-Z]\w*[^{}\n]{0,200}\{")
# The type between a name and what it is given: `token: str = "…"`.
_OF_A_TYPE = re.compile(r":\s{0,3}\[{0,2}[\w.]{1,60}[!?\]]{0,3}\s{0,3}(?==\s{0,3}[\"'])")
# What a program reads from its environment.
_READ = re.compile(r"(?:[a-z]+\.)?(?:environ|env|ENV|getenv|Environment|System)\b\W")
_OWN_NAME = re.compile(r"[A-Za-z_]\w*(?:[.\[][\w.\[\]]*)?")
_OWN_TYPE = re.compile(r"\[*[A-Z][A-Za-z_]*[!\]]*")
_SHELL_BEFORE = re.compile(r"(?:^|[\n;&|]|\b(?:export|local|readonly|declare) |\benv |-e |\bset |\bENV |\bARG )\s*$")
# What is set on a line, and how deep; what is set inside of a line.
_SET_AT = re.compile(r"(?P<level>[ \t]*(?:- +)?)[\"']?(?P<name>[A-Za-z_][\w-]*)[\"']?\s*[:=]")
_SET_INSIDE = re.compile(r"[{,]\s*[\"']?([A-Za-z_][\w-]*)[\"']?\s*[:=]")
_OF_USERS = "chpasswd"  # of cloud-init: what is below it is read line by line
_ALONE = re.compile(r"\s*+(?:- )?[\"']?[\w.-]++[\"']?\s*+:\s++\S++\s*+")
_NUMBERED_WORD = re.compile(r"[A-Za-z_.-]+[0-9]{0,2}")
_OF_STATEMENT = re.compile(
    r"(?i)\b(?:identified\s{1,9}(?:with\s{1,9}\S{1,60}\s{1,9})?(?:by|as)\s{1,9}(?:password\s{1,9})?"
    r"|(?:encrypted\s{1,9})?password\s{1,9}(?:=\s{0,9})?|password\s{0,9}\(\s{0,9})"
    r"(?P<sign>[\"'])(?P<value>[^\"'\n]{4,400})(?P=sign)"
)
_INSERT = re.compile(
    r"(?i)\binsert\s{1,9}into\s{1,9}[^\s(]{1,100}\s{0,9}\((?P<columns>[^()]{1,1000})\)\s{0,9}values\s{0,9}\((?P<row>[^()]{1,4000})\)"
)
_FIELD = re.compile(r"\s*+('[^']*'|\"[^\"]*\"|[^,'\"]+)")
_in_text = partial(ValuePlace, Column.TEXT)
_BESIDE = 3  # lines to look at beside an assignment
STAND_IN, WORD, NEAR_NAME, UNOPENED = "stand_in", "word", "beside", "unopened"
_BETWEEN_PARTS = ('""', "''", "\\\n")
_PARTS = re.compile(r"(?<=\w)(?:\"\"|''|\\\n)(?=\w)")
_ESCAPED = re.compile(r"\\x([2-7][0-9A-Fa-f])")
_DOUBTFUL = frozenset({STAND_IN, WORD, NEAR_NAME, UNOPENED})
# What a client sends to sign in, before it is encoded.
_USER_AND_PASSWORD = re.compile(r"(?![0-9]+:)[\w.@-]{1,64}:(?P<value>\S{6,200})\s*+")
_SAYS = re.compile(r"[ \n=:<]")  # what stands between a name and its value
# What ends a value in YAML or a file of settings.
_AFTER = re.compile(r"[ \t]*+(?:#[^\n]*+|[,}\]]|;|\\)?[ \t]*+(?:\r?\n|$)|[ \t]*[,}\]]")

# What ends it in a text that a command writes: a line that is written with `\n`, the end of a text in quotes; and
# where the command writes it to: a file, but no device and no log, whose lines are messages.
_ENDED = re.compile(r"\\+[nrt]|\\*[\"']")
_TO_A_FILE = re.compile(
    r"(?:\\+[nrt])*(?:\\*[\"'])?[ \t]*(?:\d?>{1,2}[ \t]*(?![&> \t]|/dev/|/var/log/|\S+\.log\b)\S"
    r"|\|[ \t]*(?:sudo[ \t]+)?tee\b(?![^\n|;&]*(?:/dev/|/var/log/|\.log\b)))"
)

# A command of PowerShell, of which a variable takes the result; and what has a secret in its words nevertheless.
_CALLED = re.compile(
    r"(?i:Get|New|Invoke|Read|Convert|ConvertTo|ConvertFrom|Import|Unprotect|Request|Receive|Resolve|Select|Find|Join)"
    r"-(?![A-Za-z]*[0-9]{3})[A-Za-z][A-Za-z0-9]+"
)
_VARIABLE = re.compile(r"\$(?:(?:env|global|script|local|private|using):)?$")
_HANDED = re.compile(r"[\"']\s*,\s*[\"'][^$%\"']|SecureString\s+(?:-\w+\s+)*[^\s$(-]")


def kinds_by_form(text: str) -> Iterator[str]:
    """Return the kinds of what is a secret in any text."""
    return iter(_short_forms(text) if len(text) <= SHORT else _forms(text))


def _forms(text: str) -> Iterable[str]:
    return dict.fromkeys(kind for kind, _ in places_by_form(text))


_short_forms = lru_cache(maxsize=1 << 13)(_forms)


def places_by_form(text: str) -> Iterator[tuple[str, int]]:
    """Yield each secret that a text contains by its form, or that is encoded in it: its kind, and its position."""
    yield from _places_as_written(text)
    yield from ((kind, start) for kind, start in _encoded(text) if kind not in _DOUBTFUL)


def _encoded(text: str, *, all_of_it: bool = False) -> Iterator[tuple[str, int]]:
    """Yield the kinds of secrets, and of doubts, in what is encoded in a text, each with the position of that part."""
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
    if "@" in text:
        urls = (at for at in _URL.finditer(text) if not is_filled_in(at["value"]) and not _is_shown(text, at))
        yield from (("url_password", at.start()) for at in urls)
        yield from (("url_password", at.start()) for at in _TOKEN_IN_URL.finditer(text) if _is_token(at["value"]))
        yield from (("connection_password", at.start()) for at in _CONNECTION.finditer(text) if _has_login(at))
    yield from (("basic_login", start) for start in basic_at(text))
    if len(text) >= _KEY_LENGTH and any(map(_is_key, _BETWEEN.split(text))):
        runs = (match for match in _RUN.finditer(text) if _is_key(match[0]))
        yield from (("aws_secret_key", run.start()) for run in runs if not _is_of_a_place(text, run))


def _is_of_a_place(text: str, run: re.Match[str]) -> bool:
    """Return whether a run of signs is a part of an address behind a dot, or ends what is wrapped."""
    before = text[max(0, run.start() - 100) : run.start()]
    return (before.endswith(".") and "://" in before.split()[-1]) or _ends_wrapped(text, run.start())


def _ends_wrapped(text: str, start: int) -> bool:
    """Return whether a line is the last one of base64 that tools have broken into lines."""
    return _LINE_ABOVE.search(text, max(0, start - 200), start) is not None


def _is_token(user: str) -> bool:
    return _HEX_TOKEN.fullmatch(user) is not None or (
        looks_secret(user) and len(_CLASSES.findall(user)) > _CHANGES_OF_TOKEN
    )


def _is_shown(text: str, url: re.Match[str]) -> bool:
    """Return whether a URL shows a form: one of examples with a word for a password, or in a comment or a sentence
    words for a user and a password in their places.
    """
    reserved = _RESERVED.match(text, url.end()) and not _OTHER_HOST.match(text, url.end())
    if reserved and not looks_secret(url["value"]):
        return True
    user = url[0].rpartition("@")[0].partition("://")[2].partition(":")[0]
    if user.lower() not in _USERS or url["value"].lower() not in _PASSWORDS:
        return False
    before = text[text.rfind("\n", 0, url.start()) + 1 : url.start()]
    said = _SENTENCE.search(before[-_REACH:]) and _HOSTS.match(text, url.end())
    return bool(said) or _REMARK.search(before) is not None


def kinds(text: str) -> Iterator[str]:
    """Yield the kinds of secrets in a text by their form: what is one anywhere, and what a script sets or sends, as it
    is written and with what its variables come to.
    """
    return (kind for kind in kinds_and_doubts(text) if kind not in _DOUBTFUL)


def kinds_and_doubts(text: str, *, all_of_it: bool = False) -> Iterator[str]:
    """Yield the kinds of secrets in a text and in what is encoded in it, `STAND_IN` if it sets or sends a word that
    stands in for one, `WORD` if a word stands beside a name that announces one, with no sign between them, `BESIDE` if
    what is built like one stands there in whatever way, and
    `UNOPENED` if what is encoded cannot be read, which nothing beside it need say of what is encoded as a whole
    (`all_of_it`).
    """
    return iter(_short(text, all_of_it) if len(text) <= SHORT else _all_kinds(text, all_of_it))


def _all_kinds(text: str, all_of_it: bool) -> Iterable[str]:
    encoded = (kind for kind, _ in _encoded(text, all_of_it=all_of_it))
    return dict.fromkeys(chain(_with_variables(text), encoded))


_short = lru_cache(maxsize=1 << 13)(_all_kinds)  # code repeats its names and values


def _with_variables(text: str) -> Iterator[str]:
    """Yield the kinds in a text as it is written, and with what its variables come to."""
    text = without_documented(text)
    found = [kind for one in dict.fromkeys((text, with_assignments(text), _joined(text))) for kind in _kinds(one)]
    yield from found
    if not found and _SAYS.search(text) and has_secret_near_name(text):
        yield NEAR_NAME


def _joined(text: str) -> str:
    """Return a text as a shell reads it, where it is written in parts: `"gh""p_…"`, or with a line that goes on."""
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
        if verdict or is_mask(text[start:end]):  # nobody fills in what a command is handed
            yield ARGUMENT if verdict == SECRET else STAND_IN
    if sends_stand_in(text):
        yield STAND_IN
    if has_word_beside(text):
        yield WORD


def written_out(text: str) -> bool:
    """Return whether a program gives what looks like a secret, in quotes, to a name that surely announces one."""
    quoted = any(looks_secret(value) for value, _ in _surely(_OF_A_TYPE.sub("", text), quoted=True))
    return quoted or any(handed(text, of_a_program=False))


def set_in(line: str) -> bool:
    """Return whether a line of a text that may be for people gives a name that surely announces a secret what looks
    like one: in quotes, after the sign that assigns, or alone after a colon.
    """
    alone = _ALONE.fullmatch(line) is not None
    plain = [value for value, sign in _surely(line, quoted=False) if alone or "=" in sign]
    plain += [line[start:end] for start, end in handed(line, of_a_program=False)]
    # A word with a number is how programs call things.
    named = any(looks_secret(value) and _NUMBERED_WORD.fullmatch(value) is None for value in plain)
    return named or any(looks_secret(value) for value, _ in _surely(line, quoted=True))


def written_in(line: str) -> bool:
    """Return whether a statement of a database sets a password that looks like one: it stands in quotes."""
    stated = any(looks_secret(found["value"]) for found in _OF_STATEMENT.finditer(line))
    quoted = any(looks_secret(value) for value, sign in _surely(line, quoted=True) if "=" in sign)
    return stated or quoted or _inserts_one(line)


def _surely(text: str, *, quoted: bool) -> Iterator[tuple[str, str]]:
    """Yield what a text gives names that surely announce a secret, in quotes or without, and the sign before it."""
    for found in _ASSIGNED.finditer(text):
        if (found["plain"] is None) is quoted and tells(found["name"], free=True) is Telling.SURELY:
            yield _assigned(text, found), found["sign"]


def _inserts_one(line: str) -> bool:
    """Return whether a row is put into a column whose name surely announces a secret, with what looks like one."""
    found = _INSERT.search(line)
    if found is None:
        return False
    columns = [column.strip(' "`[]') for column in found["columns"].split(",")]
    row = [value.strip() for value in _FIELD.findall(found["row"])]
    return any(
        tells(column, free=True) is Telling.SURELY and value[:1] in "\"'" and looks_secret(value.strip("\"'"))
        for column, value in zip(columns, row, strict=False)
    )


def _has_login(match: re.Match[str]) -> bool:
    """Return whether a connection has a password that is written out."""
    password = match["driver"] or match["host"] or match["oracle"] or ""
    return HOLE not in password and "{" not in password and is_literal(password, free=True)


def _is_key(text: str) -> bool:
    """Return whether a run of signs has the length and the signs of a secret access key of AWS, and is no words."""
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
    if match["plain"] and text.startswith("=", match.end("plain")):  # one that ends what is written
        value += "="
    if not is_whole(value) or not judged(value, _in_text(match["name"])):
        return ""
    if (quoted and _is_outside(text, match, quoted)) or _is_said(text, match, value):
        return ""
    if is_for(match["name"], Role.KEY) and is_name_of_key(value) and _is_referred(text, match):
        return ""
    if telling is Telling.PERHAPS and not looks_secret(value):
        return ""
    return value if quoted is not None or _is_value(text, match, value) else ""


def _is_said(text: str, match: re.Match[str], value: str) -> bool:
    """Return whether a value is words in a sentence: a name and a colon follow a word, as in `the token: x`."""
    if "=" in match["sign"] or match["plain"] is None or not is_words(value):
        return False
    if _TO_A_FILE.match(text, match.end() + len(value)):
        return False
    return _IN_SENTENCE.search(text, max(0, match.start() - 20), match.start()) is not None


def _is_referred(text: str, match: re.Match[str]) -> bool:
    """Return whether something beside an assignment, as deep as it is, names the secret: `secretRef: db`."""
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
    """Return whether what stands without quotes is a value, not a call, a name in a program or a word in prose."""
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
    """Return whether a variable of PowerShell takes what a command gives, to which no secret is handed in its line."""
    if not _CALLED.fullmatch(value) or not _VARIABLE.search(text[max(0, match.start() - 10) : match.start()]):
        return False
    line = text[match.end() :].replace("`\n", " ").partition("\n")[0]
    return _HANDED.search(line) is None
