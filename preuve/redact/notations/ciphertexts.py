"""Recognises encrypted values by the format of the tool that encrypted them: they reveal nothing without the tool's
key.

Such a format has fixed words, followed by base64 or hex that is neither words nor text, so that no password has it by
chance.
"""

from __future__ import annotations

import base64
import binascii
import re

_SIGNS = "[A-Za-z0-9+/]"
_AT_LEAST = _SIGNS + "{{{}}}" + _SIGNS + "*+={{0,2}}"  # base64 of a length
_ENDED = r"(?:[ \t]*+(?:\\[nr]|\r?\n))++[ \t]*+"
_HEADS = rf"(?:(?:Version|Comment|Hash|Charset|MessageID): [^\n\\]{{0,80}}{_ENDED})*+"
# Lines of base64, of which the last may be short, and the sum of PGP.
_LINES = (
    rf"(?:[A-Za-z0-9+/]{{60,80}}={{0,2}}{_ENDED})++(?:[A-Za-z0-9+/]{{1,80}}={{0,2}}{_ENDED})?"
    rf"(?:=[A-Za-z0-9+/]{{4}}{_ENDED})?"
)
_OF_PGP, _OF_AGE = rf"{_ENDED}{_HEADS}(?=[g-z0-9+/]){_LINES}", rf"{_ENDED}(?=YWdlLWVuY3J5cHRpb24ub3JnL3Yx){_LINES}"

# Each with a part that any text with one has.
_FORMS = (  # SOPS comes first
    ("ENC[AES256_GCM", r"ENC\[AES256_GCM,data:[A-Za-z0-9+/=]*,iv:[A-Za-z0-9+/=]+,tag:[A-Za-z0-9+/=]+,type:\w+\]"),
    ("ENC[", r"ENC\[(?:PKCS7|GPG|KMS|GKMS|TPM),[A-Za-z0-9+/=\s]{16,}+\]"),  # eyaml
    ("AQICA", rf"(?<![\w+/])AQICA[A-H]{_AT_LEAST.format(60)}"),  # KMS of AWS
    ("CiQA", rf"(?<![\w+/])CiQA{_AT_LEAST.format(80)}"),  # that of Google
    ("-----BEGIN PGP M", rf"-----BEGIN PGP MESSAGE-----{_OF_PGP}-----END PGP MESSAGE-----"),
    ("-----BEGIN AGE ", rf"-----BEGIN AGE ENCRYPTED FILE-----{_OF_AGE}-----END AGE ENCRYPTED FILE-----"),
    ("$ANSIBLE_VAULT", r"(?:!vault\s+\|\s+)?\$ANSIBLE_VAULT;1\.[0-9];AES256(?:;[\w-]++)?\s[\s0-9a-f]++"),
    ("v1:", rf"(?<![\w+/:])v1:{_SIGNS}{{16}}:{_AT_LEAST.format(16)}"),  # Pulumi
    ("vault:v", rf"vault:v[0-9]{{1,6}}:{_AT_LEAST.format(16)}"),  # the transit engine of Vault
    ("ENC(", rf"ENC\({_AT_LEAST.format(20)}\)"),  # jasypt
    ("{cipher}", r"\{cipher\}(?:\{[\w:.-]+\})*+[A-Za-z0-9+/]{22,}+={0,2}"),  # Spring
    ("encrypted:B", rf"encrypted:B{_AT_LEAST.format(120)}"),  # dotenvx
    ("EJ[1:", r"EJ\[1:[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{32}:[A-Za-z0-9+/=]{20,}+\]"),
    ("ES}", rf"\{{(?:AES(?:256)?|3DES)\}}{_AT_LEAST.format(20)}"),  # WebLogic
    ("![", rf"!\[{_AT_LEAST.format(20)}\]"),  # Mule
    ("01000000d08c9ddf", r"(?i:01000000d08c9ddf0115d1118c7a00c04fc297eb[0-9a-f]{64,}+)"),  # Windows
    ("U2FsdGVkX1", rf"U2FsdGVkX1{_AT_LEAST.format(20)}"),  # openssl
)
# Of a value as a whole: the lengths and the first bytes of what SealedSecrets and GnuPG write; Maven, Jenkins.
_OF_VALUES = (
    rf"A[gQ][A-D]{_AT_LEAST.format(340)}",
    rf"(?:wc[BF]MA|hQ[EI]MA){_AT_LEAST.format(200)}",
    r"\{[A-Za-z0-9+/]{42,}+={1,2}\}",
    rf"{_AT_LEAST.format(20)}--{_SIGNS}{{16}}--{_SIGNS}{{22}}==",  # Rails
)
_MARKS = tuple(mark for mark, _ in _FORMS)
_IN_TEXT = re.compile("|".join(f"(?:{form})" for _, form in _FORMS))
_VALUE = re.compile("|".join(f"(?:{form})" for form in (*(form for _, form in _FORMS), *_OF_VALUES)))
_OF_NAMES = frozenset({"encrypted", "ciphertext", "sealed", "chiffre", "chiffree", "verschlusselt"})
_SHORTEST = 24  # signs
_ENCODED = re.compile(r"(?:\{[\w-]+\})?[A-Za-z0-9+/]+={0,2}")
_LINE_END = re.compile(r"\\[nr]")
_RUN = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_IN_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_OF_BLOCKS, _BLOCK = re.compile(r"\{(?:AES|3DES)|!\[|U2FsdGVkX1"), 8  # bytes at a time
_OF_WORDS = re.compile(r"[A-Za-z][a-z]{4,}")  # as signs that stand there by chance are seldom
_MOST_IN_WORDS = 0.4  # of the signs
_FERNET = re.compile(r"gAAAAA[\w-]{93,}={0,2}")


def is_ciphertext(text: str) -> bool:
    """Return whether a text is an encrypted value."""
    return len(text) >= _SHORTEST and _VALUE.fullmatch(text) is not None and _is_sealed(text)


def may_be_ciphertext(words: list[str], text: str) -> bool:
    """Return whether a text may be encrypted, given the words of its name: the name says so and the characters fit, or
    it is a Fernet token, which some use as a credential.
    """
    said = not _OF_NAMES.isdisjoint(words) and len(text) >= _SHORTEST and _ENCODED.fullmatch(text) is not None
    return (said and _is_sealed(text)) or _FERNET.fullmatch(text) is not None


def is_encoded_ciphertext(text: str) -> bool:
    """Return whether a text is base64 of bytes that are no text, as encrypted values are."""
    return len(text) >= _SHORTEST and re.fullmatch(_SIGNS + "+={0,2}", text) is not None and _is_sealed(text)


def without_ciphertexts(text: str) -> str:
    """Return a text with a mask of the same length in place of each encrypted value."""
    if len(text) < _SHORTEST or not any(map(text.__contains__, _MARKS)):
        return text
    return _IN_TEXT.sub(lambda found: re.sub(r"\S", "x", found[0]) if _is_sealed(found[0]) else found[0], text)


def _is_sealed(text: str) -> bool:
    """Return whether the encoded part of a match is complete, and neither words nor text."""
    runs = _RUN.findall(_LINE_END.sub(" ", text))
    return all(_IN_HEX.fullmatch(run) or _is_by_chance(run, text) for run in runs)


def _is_by_chance(run: str, text: str) -> bool:
    if sum(map(len, _OF_WORDS.findall(run))) > _MOST_IN_WORDS * len(run):
        return False
    try:
        data = base64.b64decode(run, validate=True)
    except binascii.Error:
        return False
    return not data.isascii() and not (_OF_BLOCKS.match(text) and len(data) % _BLOCK)
