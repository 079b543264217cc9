"""Finds what stands beside a name for a secret, in one pass: a name that tells, a joint, and a value.

The names are those of tags and variables, too (`preuve/library/words.py`). Beside one, only a value that is known to be
harmless stays (`preuve/redact/announcements/values.py`). Every search before and after a joint has a bound, or ends
what is searched next, so that hostile text takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from preuve.library.words import is_secret, tells_secret, without_which_one, words_of
from preuve.redact.announcements.values import PSEUDONYM, Proof, goes, is_known
from preuve.redact.lists.harmless import ABOUT, OTHERS, PROGRAMS, SHORT_OPTIONS, SIGNING_IN

ASSIGNMENT, PHRASE = "assignment", "announced"  # a name in one word announces it; a phrase
_REACH = 100  # characters of a name or of a phrase
_COMMAND = 200  # characters between a program and its option
_BETWEEN, _WORDS = 5, 12  # words between a phrase and a joint, and words of a sentence that are read

_CLOSE = r"(?:\\{0,2}[\"'`]\]?|[ \u00a0]?»|\])?"
_BLANK = r"[ \t\u00a0\u202f]"
_TIGHT = "|".join(f"(?<={name})" for name in ("password", "passwd", "pwd", "mdp", "passphrase"))
_ACCOUNTS = "|".join(f"(?<={name})" for name in ("dentifiants", "dentifiant", "redentials", "ccès", "ogin", "ogins"))
_READS = r"(?:sudo\b[^\n|]{0,60}\s-[A-Za-z]{0,3}S\b|[\w-]{2,20}\b[^\n|]{0,60}\s--(?:password-)?stdin\b)"  # a password
# A word that begins a joint, or a sign: most letters are neither.
_JOINT = re.compile(
    r"(?:(?<![A-Za-z])(?=[BEIPSWbeipsw])(?:"
    r"(?P<export>(?:export|set|setenv|setx|env)[ \t]{1,2}(?P<exported>[A-Za-z_]\w{2,80})[ \t]{1,4}(?![=:\s]))"
    r"|(?P<sql>(?i:IDENTIFIED\s{1,4}(?:WITH\s{1,4}\S{1,40}\s{1,4})?(?:BY|AS|USING)\s{1,4}(?:PASSWORD\s{1,4})?(?=['\"])"
    r"|(?:WITH|ENCRYPTED|SET)\s{1,4}PASSWORD\s{1,4}(?=['\"])))"
    r"|(?P<statement>(?i:PASSWORD)\s{1,4}(?='))"
    r"|(?P<bearer>(?i:bearer)[ \t]{1,2}(?=[\w.~+/=-]{20})))"
    r"|(?=[\s\"'`\\\[\]»«→:=+?|!<(,;-])(?:"
    r"(?P<left>\[removed: \w+\])|"
    rf"(?P<login>[\s\"'][\w.-]{{1,32}}:(?=[^\n|]{{1,100}}\|{_BLANK}{{0,3}}(?:sudo{_BLANK}{{1,3}})?chpasswd\b))|"
    r"(?P<account>[\s\"'`«(][\w.-]{1,32}:(?=[^\s:/|]{8}))|"
    r"(?P<windows>[ \t](?<=\b[nN][eE][tT][ \t])(?i:user[ \t]{1,2}[^\s/*]{1,64}"
    r"|use[ \t]{1,2}(?:[a-z]:[ \t]{1,2})?[\\/]{1,4}\S{1,200})[ \t]{1,2}(?=[^\s/*]))|"
    rf"(?P<piped>[ \t](?:(?<=\becho[ \t])(?:-n[ \t])?|(?<=\bprintf[ \t]))(?=[^\n|]{{1,100}}\|{_BLANK}{{0,3}}{_READS}))|"
    r"(?P<oracle>(?::(?<=jdbc:oracle:)(?:thin|oci8?):|[ ](?<=\bsqlplus[ ]))[\w.$#-]{1,60}/(?=[^\s/@][^\s@]{0,100}@))|"
    rf"(?P<slash>(?i:{_ACCOUNTS}){_BLANK}{{0,2}}:{_BLANK}{{0,2}}[\w.@-]{{1,40}}{_BLANK}{{1,2}}/{_BLANK}{{1,2}}(?=\S))|"
    rf"(?P<cell>(?<=\w){_BLANK}{{0,3}}\|{_BLANK}{{0,3}}(?=[^\s|]{{1,200}}{_BLANK}{{0,3}}\|))|"
    r"(?P<field>(?<=\w)[,;](?=[^\s,;]{6,200}(?:[,;\s]|\Z)))|"
    r"(?P<call>\(\s{0,3}(?=[\"'][^\"'\n]{1,200}[\"']\s{0,3}\)))|"
    r"(?P<openssl>(?<=\s)-pass(?:in|out)?[ \t]{1,3}pass:(?=\S))|"
    r"(?P<pair>[\"']\s{0,3},?\s{0,40}[\"']?\b[vV]alue[\"']?\s{0,3}[:=]\s{0,3})"
    r"|(?P<argument>[\"']\s{0,3},\s{0,3}(?=[\"']))"
    rf"|(?P<equals>{_CLOSE}{_BLANK}{{0,8}}(?:[:+?|!]?={{1,3}}>?){_BLANK}{{0,3}})"
    rf"|(?P<colon>{_CLOSE}{_BLANK}{{0,3}}:(?=[\s\"'`«]|\\[\"nrt])\s{{0,80}}(?:[|>][-+]?\s{{1,80}})?)"
    rf"|(?P<tight>(?i:{_TIGHT}):(?=\S))"
    r"|(?P<says>\s{1,2}(?i:is|was|est|était|sera|vaut)\s{1,2}(?![:=]))"
    r"|(?P<role>\s{1,2}(?i:as|comme)\s{1,2})"
    rf"|(?P<below>{_BLANK}{{0,3}}\n{_BLANK}{{0,8}}(?=\S{{8,100}}{_BLANK}{{0,3}}(?:\n|\Z)))"
    r"|(?P<tag><(?P<tagged>[A-Za-z][\w:.-]{0,80})(?=(?:\s[^<>]{0,200})?(?<!/)>))"
    rf"|(?P<short>(?<=\s)(?!-(?:{'|'.join(SHORT_OPTIONS)})\b)(?P<letter>{'|'.join(sorted(PROGRAMS))})"
    r"(?:[ \t]{1,2}|(?<!-[kK]))(?!(?:pass(?:word|wd)?|file)\b)(?=[^\s-]))"
    rf"|(?P<option>(?<![\w-])(?:--|-(?=[A-Za-z]*(?:{'|'.join(SHORT_OPTIONS)})\b))(?P<optional>[A-Za-z][\w-]{{1,60}})"
    r"[ \t]{1,4}(?![\s|&;-]|(?:env|file|fd):|stdin\b))"
    rf"|(?P<apart>{_BLANK}?[«→]{_BLANK}?|{_BLANK}[-–]{_BLANK}(?=\S{{8}})"
    rf"|{_BLANK}(?=\S{{8}})(?=\S{{0,40}}[0-9])(?=\S{{0,40}}[A-Za-z])(?=\S{{0,40}}(?:[!@#$%^&*?+]|[A-Z]))"
    r"(?!\S{0,40}://))))"
)
_PROGRAM = {
    letter: re.compile(rf"\b(?:{'|'.join(name.replace(' ', '[^|;]*[ ]') for name in names)})\b")
    for letter, names in PROGRAMS.items()
}
_AFTER_USER = frozenset({"-u", "-U"})  # options whose value is a user, a sign and a password
_USER = re.compile(r"[^:%]*[:%]?")
_SWITCH = re.compile(r"\S+[ \t]{1,2}/[A-Za-z]")
_SPLIT = re.compile(r"[\n|;&(`]")
# Read backwards, from a joint.
_IDENTIFIER = re.compile(r"[\w.-]+")
_LETTERS = re.compile(r"\w+")
_CLAUSE = re.compile(r"[^\n.;:,()<>\"«»{}\[\]=|!?]*")
_ASIDE = re.compile(r"(?<=\w)[ \u00a0]{1,2}(?:\([^()\n]{1,60}\)|\[[^\[\]\n\"'`]{1,60})\Z")  # a joint begins with ]
_SETS = re.compile(r"\b(?:define|(?:set|put|add)\w{0,20}|getenv|environ\.get)\(\s{0,3}[\"'](?P<name>[\w.-]{1,80})\Z")
_USERS = re.compile(r"(?i:\b(?:alter|create)\s{1,4}(?:user|role|login)\b)")
_OTHER = re.compile(OTHERS)
_VAGUE = frozenset({"pass", "passes", "salt", "salts"})  # in a sentence: a verdict, and no secret
_ASSIGNED = re.compile(r"[\w-]=\S{1,60} \Z")
_TOKEN = re.compile(r"\S{1,100}\Z")
_QUOTED = "\"'`«»“”()[]<>,;:"
_GOING = re.compile(r"[^\W\d_] \Z")
_OF = frozenset({"de", "du", "des", "d", "of", "for", "pour", "al", "del", "von"})
_PROPER = re.compile(r"(?<=[^\W\d_])[ \u00a0](?:[A-Z][\w-]+[ \u00a0]?){1,2}\Z")  # a name at the end
_OF_WIFI = re.compile(r"(?i)\b(?:wi-?fi|wpa[23]?|ssid|wlan|hotspot)\b[^\n]*\b(?:cl[ée]|clef|key)\Z")
_VERBS = frozenset({"is", "was", "are", "est", "etait", "sera", "vaut"})

_SCHEME = re.compile(r"(?i:bearer|basic|digest|token|apikey|negotiate)[ \t]{1,2}(?!\[removed: )(?=\S)")
_HEADER = re.compile(rf"(?:\\\\{{0,2}}[\"'`])?{_SCHEME.pattern}")
_OPENING = re.compile(r"\\{1,2}[\"'`]|[\"'`]|«[ \u00a0]?")
_CLOSING = {
    '"': re.compile(r"(?:\\.|[^\"\\\n]){1,1000}(?=\")"),
    "'": re.compile(r"(?:\\.|[^'\\\n]){1,1000}(?=')"),
    "`": re.compile(r"[^`\n]{1,1000}(?=`)"),
    "«": re.compile(r"[^»\n]{1,1000}?(?=[ \u00a0]?»)"),
    "\\": re.compile(r"(?:(?!\\{1,2}[\"'`])[^\n]){1,1000}(?=\\{1,2}[\"'`])"),
}
_ENDS_OF = {"oracle": re.compile("@(?=[^@]*$)"), "cell": re.compile(r"\|"), "field": re.compile("[,;]")}
_NEXT = r"[,;&](?=\s{0,2}[\"']?[\w.-]{1,40}[\"']?\s?[=:])"  # another name begins
_BARE = re.compile(
    rf"(?:\[removed: \w+\]|\$\([^()\n]{{0,200}}\)|\$?\{{\{{[^{{}}\n]{{0,200}}\}}\}}|\$\{{[^{{}}\n]{{0,200}}\}}"
    rf"|<[\w -]{{1,60}}>(?!\S)|(?!{_NEXT}|</)[^\s\"'`«»]|[\"'`](?=[\w!@#$%*+]))+"
)
_STRUCTURE = re.compile(r"[\[{]{1,3}\s{0,3}(?:[\"']|[\w.-]{1,80}(?:[,\]]|:\s))|\{\}|\[\]")
_LIST = re.compile(r"\[\s{0,3}(?=[\"'])")
_ELEMENT = re.compile(r"[^<]{1,1000}(?=</)")
_LEFT = re.compile(rf"(?:\[removed: [a-z0-9_]+\]|{PSEUDONYM})")
# Between two of several secrets.
_ALSO = re.compile(
    rf"(?:\\?[\"'`]|{_BLANK}?»)?(?:{_BLANK}{{0,2}}(?:[,;/+|]|[-=]>|→){_BLANK}{{0,2}}"
    rf"|{_BLANK}(?i:to|into|and|or|then|et|ou|puis|à|en|par){_BLANK})(?:\\?[\"'`]|«{_BLANK}?)?"
)
_TOKEN_OF_MANY = re.compile(r"[^\s\"'`«»,;|<>]{8,100}")
_SIGN_OF_WORD = re.compile(r"[^\W_]")
_ASSIGNS = re.compile(r"[=:]\S")
_END = re.compile(r"[,;.:)\]}\\>]+\Z")
_KEY = re.compile(r"[\w.-]+:(?!\S)|-(?!\S)")  # on the next line: a member, an item
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_SPOKEN = frozenset({"colon", "equals", "says"})
_MORE = re.compile(r"(?:[ \u00a0]+[^\W\d_][\w'’.-]*)*")  # words of a passphrase or of a name


@dataclass(frozen=True)
class Announced:
    """A secret in a text: where its value stands, and whether a name in one word or a phrase announces it."""

    start: int
    end: int
    kind: str


def announced(text: str) -> Iterator[Announced]:
    """Yield the secrets that a name announces, in the order of the text."""
    done = place = 0
    while joint := _JOINT.search(text, place):
        found = _beside(text, joint)
        for one in _several(text, found) if found and found.start >= done else ():
            yield one
            done = one.end
        # What only looks like a joint may hold one: nothing of it is passed over, but for what was removed earlier.
        place = max(done, joint.end() if joint["left"] else joint.start() + 1)


def _several(text: str, found: Announced) -> Iterator[Announced]:
    """Yield a secret, and those that follow if they are built like one: `A1b2C3d4, E5f6G7h8`, `from … to …`."""
    one: Announced | None = found
    while one:
        yield one
        one = _next(text, one)


def _next(text: str, found: Announced) -> Announced | None:
    also = _ALSO.match(text, found.end)
    value = _TOKEN_OF_MANY.match(text, also.end()) if also else None
    if value is None:
        return None
    said = _END.sub("", value[0])
    proof = Proof.WEAK if _shape(said) == _shape(text[found.start : found.end]) else Proof.FAR
    if _ASSIGNS.search(said) or not goes(said, text[value.end() : value.end() + _BETWEEN], proof):
        return None
    return Announced(value.start(), value.start() + len(said), found.kind)


def _beside(text: str, joint: re.Match[str]) -> Announced | None:
    """Return the secret beside a joint, if what stands on the other side announces one."""
    return _after(text, joint) or (_before(text, joint) if joint.lastgroup in ("says", "role") else None)


def _before(text: str, joint: re.Match[str]) -> Announced | None:
    """Return the secret before a joint: `… is the password`, `… as password`; if it is built like one."""
    clause = _CLAUSE.match(text, joint.end(), joint.end() + _REACH)
    token = _TOKEN.search(text, max(0, joint.start() - _REACH), joint.start())
    if clause is None or token is None or not _begins_with_secret(clause[0]):
        return None
    value = token[0].strip(_QUOTED)
    start = token.start() + token[0].index(value)
    return Announced(start, start + len(value), PHRASE) if value and goes(value, "", Proof.FAR) else None


def _after(text: str, joint: re.Match[str]) -> Announced | None:
    proof, kind = _JOINTS[joint.lastgroup or ""](text, joint)
    place = _value(text, joint) if proof else None
    if place is None:
        return None
    start, end = place
    value = text[start:end]
    if "\n" in joint[0]:
        proof = Proof.NONE if _KEY.match(text, start) else min(proof, Proof.WEAK)
    if not proof or not goes(value, text[end : end + _BETWEEN], proof):
        return None
    if proof is Proof.SURE and joint.lastgroup in _SPOKEN and joint[0][-1:].isspace() and _WORD.fullmatch(value):
        more = _MORE.match(text, end)
        end = more.end() if more else end
    return Announced(start, end, kind)


def _shape(value: str) -> str:
    """Return the places of letters and digits, and of the signs between them."""
    return _SIGN_OF_WORD.sub("x", value)


# ---- what stands before a joint -----------------------------------------------------------------------------------


def _named(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge a name in one word before a joint, or a phrase."""
    before = text[max(0, joint.start() - _REACH) : joint.start()]
    name = _last(_IDENTIFIER, before)
    if _OTHER.fullmatch(name):
        return Proof.NONE, ASSIGNMENT
    proof = max(_of_name(name), _of_end(before) if name == "PIN" else Proof.NONE)
    if not proof:
        return _of_end(before), PHRASE
    if name.lower() in _VAGUE and joint["equals"] and _ASSIGNED.search(before[: -len(name)]):
        return Proof.SURE, ASSIGNMENT
    if name.lower() in _VAGUE and _GOING.search(before[: -len(name)]):
        return Proof.WEAK, PHRASE
    if name.lower().endswith("authorization"):
        return (Proof.SURE if _HEADER.match(text, joint.end()) else proof), PHRASE
    return (Proof.FAR if name == "PASS" and joint["colon"] else proof), ASSIGNMENT


def _said(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    return _of_end(text[max(0, joint.start() - _REACH) : joint.start()]), PHRASE


def _of_end(before: str) -> Proof:
    """Judge the phrase at the end of a text; brackets after it, as in "Password (temporary)", make it vaguer."""
    aside = _ASIDE.search(before) if before[-1:] == ")" or "[" in before else None
    if aside:
        return min(_of_phrase(_last(_CLAUSE, before[: aside.start()])), Proof.WEAK)
    return max(_of_phrase(_last(_CLAUSE, before)), Proof.FAR if _OF_WIFI.search(before) else Proof.NONE)


def _apart(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    return min(_said(text, joint)[0], Proof.FAR), PHRASE


def _in_row(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge the cell before a cell of a table: in the row of titles a word follows, which stays."""
    row = text[max(0, joint.start() - _REACH) : joint.start()].rpartition("\n")[2]
    sign = joint[0].strip()
    _, begins, name = row.rpartition(sign)
    is_row = row.lstrip().startswith("|") if sign == "|" else not begins
    tells = is_row and len(name.split()) <= _BETWEEN and is_secret(without_which_one(words_of(name)))
    return (Proof.WEAK if tells else Proof.NONE), ASSIGNMENT


def _below(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    return min(_said(text, joint)[0], Proof.FAR), PHRASE


def _tight(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge a colon without a blank: it also joins the parts of ARNs, tags of images and actions."""
    before = text[max(0, joint.start() - _REACH) : joint.start()]
    name = _last(_LETTERS, before)
    sign = before[: -len(name)][-1:]
    tells = sign not in ("-", ".") and ("_" in name or sign not in (":", "/")) and "arn:" not in before.split()[-1]
    return (Proof.SURE if tells else Proof.NONE), ASSIGNMENT


def _last(form: re.Pattern[str], before: str) -> str:
    """Return what of a form a text ends with."""
    found = form.match(before[::-1])
    return found[0][::-1] if found else ""


def _tagged(_text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    return _of_name(joint["tagged"].rpartition(":")[2]), ASSIGNMENT


def _option(_text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    words = without_which_one(words_of(joint["optional"]))
    ends = is_secret(words[:-1] if words[-1:] == ["hash"] else words)
    return (Proof.SURE if ends else Proof.NONE), ASSIGNMENT


def _exported(_text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    return _of_name(joint["exported"]), ASSIGNMENT


def _call(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge a call that sets a secret: `setPassword("…")`."""
    name = _last(_LETTERS, text[max(0, joint.start() - _REACH) : joint.start()])
    words = words_of(name)
    return (Proof.SURE if words[:1] == ["set"] and is_secret(words[1:]) else Proof.NONE), ASSIGNMENT


def _argument(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge a call that sets a name to a value: `define('DB_PASSWORD', '…')`."""
    named = _SETS.search(text[max(0, joint.start() - _REACH) : joint.start()])
    return (_of_name(named["name"]) if named else Proof.NONE), ASSIGNMENT


def _statement(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge a statement of SQL about a user: `ALTER USER app PASSWORD '…'`."""
    before = text[max(0, joint.start() - _REACH) : joint.start()].rpartition(";")[2]
    return (Proof.SURE if _USERS.search(before) else Proof.NONE), PHRASE


def _short(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    command = _SPLIT.split(text[max(0, joint.start() - _COMMAND) : joint.start()])[-1]
    return (Proof.SURE if _PROGRAM[joint["letter"]].search(command) else Proof.NONE), PHRASE


def _account(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge a user and a colon in a sentence about signing in: `connexion avec admin:…`."""
    clause = _last(_CLAUSE, text[max(0, joint.start() - _REACH) : joint.start()])
    tells = not SIGNING_IN.isdisjoint(words_of(clause)[-_BETWEEN:])
    return (Proof.FAR if tells else Proof.NONE), PHRASE


def _windows(text: str, joint: re.Match[str]) -> tuple[Proof, str]:
    """Judge what stands after a user or a share: in a command an option follows, in a sentence a word."""
    option = _SWITCH.match(text, joint.end(), joint.end() + _REACH)
    return (Proof.SURE if option else Proof.WEAK), PHRASE


def _surely(_text: str, _joint: re.Match[str]) -> tuple[Proof, str]:
    return Proof.SURE, PHRASE


def _nothing(_text: str, _joint: re.Match[str]) -> tuple[Proof, str]:
    return Proof.NONE, PHRASE


def _bearer(_text: str, _joint: re.Match[str]) -> tuple[Proof, str]:
    return Proof.WEAK, PHRASE


_JOINTS: Mapping[str, Callable[[str, re.Match[str]], tuple[Proof, str]]] = {
    "left": _nothing,  # of an earlier redaction
    "pair": _named,
    "equals": _named,
    "colon": _named,
    "tight": _tight,
    "says": _said,
    "tag": _tagged,
    "option": _option,
    "short": _short,
    "export": _exported,
    "sql": _surely,
    "statement": _statement,
    "call": _call,
    "argument": _argument,
    "login": _surely,
    "account": _account,
    "windows": _windows,
    "openssl": _surely,
    "piped": _surely,
    "oracle": _surely,
    "slash": lambda *_: (Proof.WEAK, PHRASE),
    "cell": _in_row,
    "field": _in_row,
    "role": _nothing,
    "below": _below,
    "apart": _apart,
    "bearer": _bearer,
}


@lru_cache(maxsize=1 << 13)
def _of_name(name: str) -> Proof:
    own = _OTHER.sub("", name)
    words = words_of(own)
    if words[-1:] == ["authorization"]:
        return Proof.WEAK
    if own == "PIN":  # in small letters it is a pin of a board, or a version that is held
        return Proof.WEAK
    if not tells_secret(own):
        return Proof.NONE
    return Proof.WEAK if words and words[-1] in ABOUT else Proof.SURE


@lru_cache(maxsize=1 << 13)
def _of_phrase(clause: str) -> Proof:
    """Judge the end of a sentence; other words between a phrase and a joint make it vaguer: less, if they name what it
    belongs to, as `the password of the vault` and `recovery codes GitHub` do.
    """
    words = words_of(clause)[-_WORDS:]
    while words and words[-1] in _VERBS:
        words.pop()
    if words and words[-1] in _VAGUE:
        return Proof.NONE
    if is_secret(without_which_one(words)):
        return Proof.SURE
    for number in range(1, min(_BETWEEN, len(words))):
        phrase = words[:-number]
        if is_secret(phrase) and phrase[-1] not in _VAGUE:
            owned = words[-number] in _OF or _PROPER.search(clause) is not None
            return Proof.WEAK if owned else Proof.FAR
    return Proof.NONE


@lru_cache(maxsize=1 << 13)
def _begins_with_secret(clause: str) -> bool:
    """Return whether a clause begins with words for a secret, and not for what is set about one."""
    words = words_of(clause)[:_WORDS]
    number = next((number for number in range(1, _BETWEEN + 1) if is_secret(words[:number])), 0)
    return number > 0 and ABOUT.isdisjoint(words[number : number + 1])


# ---- what stands after it -----------------------------------------------------------------------------------------


def _value(text: str, joint: re.Match[str]) -> tuple[int, int] | None:
    """Return the place of a value; None where there is none."""
    place = joint.end()
    if joint["tag"]:
        element = _ELEMENT.match(text, text.index(">", place) + 1)
        return element.span() if element else None
    if several := _LIST.match(text, place):
        place = several.end()
    if opening := _OPENING.match(text, place):
        place = _after_scheme(text, opening.end())
        if closed := _CLOSING[opening[0][0]].match(text, place):
            return closed.span()
    place = _after_scheme(text, place)
    if _STRUCTURE.match(text, place):
        return None
    bare = _BARE.match(text, place)
    if bare is None:
        return None
    value = bare[0]
    if end := _ENDS_OF.get(joint.lastgroup or ""):
        value = end.split(value)[0]
    if joint["letter"] in _AFTER_USER:
        user = _USER.match(value)
        skipped = user.end() if user else 0
        place, value = place + skipped, value[skipped:]
    if not is_known(value):
        left = _LEFT.match(value)
        kept = left.end() if left else 0
        value = value[:kept] + _END.sub("", value[kept:])
    return (place, place + len(value)) if value else None


def _after_scheme(text: str, place: int) -> int:
    scheme = _SCHEME.match(text, place)
    return scheme.end() if scheme else place
