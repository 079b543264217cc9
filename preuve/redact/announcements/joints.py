"""The text between a name for a secret and its value: a sign, a word, an option, the end of a line."""

from __future__ import annotations

import re

from preuve.redact.announcements.values import KEY
from preuve.redact.lists.harmless import PROGRAMS, SHORT_OPTIONS

BLANK = r"[ \t\u00a0\u202f]"
# Between the id of an AWS access key and the key, which is recognised by its form.
BESIDE_ID = (
    r"(?:\\?[\"'`])?(?:\s|\\[nrt]|\u00a0){0,4}(?:[,;:/|+=]|[-=]>|→|(?i:et|and)\s)?(?:\s|\\[nrt]){0,4}(?:\\?[\"'`])?"
)
# The id as AWS writes it, and after redaction: a pseudonym, or a word with or without its detector.
IDS = ("[AS][KS]IA[0-9A-Z]{16}", "key-[a-z2-7]{12}", r"\[removed: aws_access_key\]", r"\[removed: secret\]")
_CLOSE = r"(?:\\{0,2}[\"'`]\]?|[ \u00a0]?»|\])?"
_TIGHT = "|".join(f"(?<={name})" for name in ("password", "passwd", "pwd", "mdp", "passphrase", "motdepasse"))
_ACCOUNTS = "|".join(f"(?<={name})" for name in ("dentifiants", "dentifiant", "redentials", "ccès", "ogin", "ogins"))
_READS = r"(?:sudo\b[^\n|]{0,60}\s-[A-Za-z]{0,3}S\b|[\w-]{2,20}\b[^\n|]{0,60}\s--(?:password-)?stdin\b)"  # a password
# A word that begins a joint, or a sign: most letters are neither.
JOINT = re.compile(
    r"(?:(?<![A-Za-z])(?=[BEIPRSWbeiprsw])(?:"
    r"(?P<export>(?:export|set|setenv|setx|env)[ \t]{1,2}(?P<exported>[A-Za-z_]\w{2,80})[ \t]{1,4}(?![=:\s]))"
    r"|(?P<sql>(?i:IDENTIFIED\s{1,4}(?:WITH\s{1,4}\S{1,40}\s{1,4})?(?:BY|AS|USING)"
    r"\s{1,4}(?:(?:PASSWORD|VALUES)\s{1,4})?(?=['\"])"
    r"|(?:WITH|ENCRYPTED|SET)\s{1,4}PASSWORD\s{1,4}(?=['\"])))"
    r"|(?P<statement>(?i:PASSWORD)\s{1,4}(?=')|(?i:IDENTIFIED\s{1,4}BY)\s{1,4}(?!(?i:VALUES|PASSWORD)\s)(?=\w))"
    r"|(?P<replace>(?i:REPLACE)\s{1,4}(?=['\"\w]))"
    r"|(?P<bearer>(?i:bearer)[ \t]{1,2}(?=[\w.~+/=-]{20})))"
    r"|(?=[\s\"'`\\\[\]»«→:=+?|!<(,;/-])(?:"
    r"(?P<left>\[removed: \w+\])|"
    rf"(?P<beside>(?:{'|'.join(f'(?<={one})' for one in IDS)}){BESIDE_ID}(?={KEY}))|"
    rf"(?P<login>[\s\"'][\w.-]{{1,32}}:(?=[^\n|]{{1,100}}\|{BLANK}{{0,3}}(?:sudo{BLANK}{{1,3}})?chpasswd\b))|"
    r"(?P<account>[\s\"'`«(][\w.-]{1,32}:(?=[^\s:/|]{8}))|"
    r"(?P<windows>[ \t](?<=\b[nN][eE][tT][ \t])(?i:user[ \t]{1,2}[^\s/*]{1,64}"
    r"|use[ \t]{1,2}(?:[a-z]:[ \t]{1,2})?[\\/]{1,4}\S{1,200})[ \t]{1,2}(?=[^\s/*]))|"
    rf"(?P<piped>[ \t](?:(?<=\becho[ \t])(?:-n[ \t])?|(?<=\bprintf[ \t]))(?=[^\n|]{{1,100}}\|{BLANK}{{0,3}}{_READS}))|"
    r"(?P<oracle>(?::(?<=jdbc:oracle:)(?:thin|oci8?):|[ ](?<=\bsqlplus[ ]))[\w.$#-]{1,60}/(?=[^\s/@][^\s@]{0,100}@))|"
    rf"(?P<slash>(?i:{_ACCOUNTS}){BLANK}{{0,2}}:{BLANK}{{0,2}}[\w.@-]{{1,40}}"
    rf"(?:{BLANK}{{1,2}}/{BLANK}{{1,2}}|(?P<joined>/))(?=\S))|"
    rf"(?P<cell>(?<=\w){BLANK}{{0,3}}\|{BLANK}{{0,3}}(?=[^\s|]{{1,200}}{BLANK}{{0,3}}\|))|"
    r"(?P<field>(?<=\w)[,;](?=[^\s,;]{6,200}(?:[,;\s]|\Z)))|"
    r"(?P<call>\(\s{0,3}(?=[\"'][^\"'\n]{1,200}[\"']\s{0,3}\)))|"
    r"(?P<openssl>(?<=\s)-pass(?:in|out)?[ \t]{1,3}pass:(?=\S))|"
    r"(?P<pair>[\"']\s{0,3},?\s{0,40}[\"']?\b[vV]alue[\"']?\s{0,3}[:=]\s{0,3})"
    r"|(?P<argument>[\"']\s{0,3},\s{0,3}(?=[\"']))"
    rf"|(?P<equals>{_CLOSE}{BLANK}{{0,8}}(?:[:+?|!]?={{1,3}}>?){BLANK}{{0,3}})"
    rf"|(?P<colon>{_CLOSE}{BLANK}{{0,3}}:(?=[\s\"'`«]|\\[\"nrt])\s{{0,80}}(?:[|>][-+]?\s{{1,80}})?)"
    rf"|(?P<tight>(?i:{_TIGHT}):(?=\S))"
    r"|(?P<says>\s{1,2}(?i:is|was|est|était|sera|vaut)\s{1,2}(?![:=]))"
    r"|(?P<role>\s{1,2}(?i:as|comme)\s{1,2})"
    rf"|(?P<below>{BLANK}{{0,3}}\n{BLANK}{{0,8}}(?=\S{{8,100}}{BLANK}{{0,3}}(?:\n|\Z)))"
    r"|(?P<tag><(?P<tagged>[A-Za-z][\w:.-]{0,80})(?=(?:\s[^<>]{0,200})?(?<!/)>))"
    rf"|(?P<short>(?<=\s)(?!-(?:{'|'.join(SHORT_OPTIONS)})\b)(?P<letter>{'|'.join(sorted(PROGRAMS))})"
    r"(?:[ \t]{1,2}|(?<!-[kK]))(?!(?:pass(?:word|wd)?|file)\b)(?=[^\s-]))"
    rf"|(?P<option>(?<![\w/}}-])(?:--|-(?=[A-Za-z]*(?:{'|'.join(SHORT_OPTIONS)})\b))(?P<optional>[A-Za-z][\w-]{{1,60}})"
    r"[ \t]{1,4}(?![\s|&;-]|(?:env|file|fd):|stdin\b))"
    rf"|(?P<apart>{BLANK}?[«→]{BLANK}?|{BLANK}[-–]{BLANK}(?=\S{{8}})"
    rf"|{BLANK}(?=\S{{8}})(?=\S{{0,40}}[0-9])(?=\S{{0,40}}[A-Za-z])(?=\S{{0,40}}(?:[!@#$%^&*?+]|[A-Z]))"
    r"(?!\S{0,40}://))))"
)
