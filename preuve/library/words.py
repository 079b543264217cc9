"""Words for a secret in the languages in which people name things, and the names that they make, in any spelling.

A phrase counts however its words are joined (`MOT_DE_PASSE`, `motDePasse`, `mot-de-passe`), accents or none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import product

_SAID = re.compile(r"(?i)password|passwd|pwd|secret|token|api_?key|private_?key|credential")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")

# With any prefix, joined or not: no other word ends in the same way.
_ENDINGS: Mapping[str, str] = {
    "en": """password, passwd, passphrase, pwd, secret, token, credential, creds, pepper, requirepass, storepass,
        keypass, masterauth, api key, private key, secret key, access key, auth key, master key""",
    "fr": "mot de passe, mots de passe, mot passe, mdp, phrase de passe, phrase secrete, jeton",
    "de": "passwort, kennwort, zugangsdaten, anmeldedaten",
    "es": "contraseña, contrasenia, credenciales, palabra de paso",
    "pt": "senha, palavra passe, credenciais",
    "it": "parola d'ordine, parola chiave, credenziali",
    "nl": "wachtwoord, inloggegevens, toegangscode",
    "north": "losenord, passord, adgangskode, salasana",
    "east": "heslo, haslo, parola, jelszo, sifre",
}
# Only as whole words: other words end in the same way (`compass`, `basalt`).
_WHOLE: Mapping[str, str] = {
    "en": """pass, pw, psw, psk, passcode, auth token, cred, salt, pin code, otp seed, totp seed, hotp seed, mfa seed,
        wallet seed, master seed, seed phrase, recovery phrase, mnemonic phrase, recovery code, backup code""",
    "fr": """code pin, code d'acces, code confidentiel, sel de session, code de secours, code de recuperation,
        codes de secours, codes de recuperation, graine totp, graine otp, graine hotp, graine mfa""",
    "de": "geheimnis",
    "es": "codigo pin",
    "pt": "codigo pin",
    "it": "codice pin",
}
# Ambiguous words, so that the value decides: keys, and ids of several kinds.
_PERHAPS = """identifiants, identifiant, clave, seed, pin, passe, jwt, bearer,
    app key, redis auth, basic auth, proxy auth, registry auth, ftp auth, smtp auth, api auth, authorization,
    authorisation"""
# Beside a word for a key these make it one that opens something.
_OF_KEYS: Mapping[str, str] = {
    "en": """access account admin aes api application auth bot client consumer cookie crypt database db decryption
        deploy enc encryption hmac host integration jwt license master preshared priv private recaptcha recovery secret
        service session shared signature signing totp hotp otp 2fa unseal webhook wifi
        wireguard wpa wpa2 wpa3""",
    "fr": """api secrete privee acces chiffrement chiffrage cryptage maitre maitresse partagee prepartagee licence
        compte session signature authentification application service client administrateur deploiement hmac jwt
        recuperation secours totp hotp otp 2fa wifi wireguard wpa wpa2 wpa3""",
    "de": """api geheimer privater zugriffs zugangs haupt lizenz sitzungs signatur verschlusselungs
        verschluesselungs privat""",
    "es": "api secreta privada acceso maestra cifrado licencia sesion firma compartida",
    "pt": "api secreta privada acesso mestra mestre criptografia licenca sessao assinatura",
    "it": "api segreta privata accesso principale cifratura licenza sessione firma condivisa",
    "nl": "api geheime prive toegangs hoofd licentie sessie",
}
_KEY: Mapping[str, str] = {
    "en": "key",
    "fr": "cle clef cles clefs",
    "de": "schlussel schluessel",
    "es": "clave llave",
    "pt": "chave",
    "it": "chiave",
    "nl": "sleutel",
}
_BETWEEN = ("", "de", "d", "du", "des", "da", "do", "di", "del", "della")
_FIRST_OF_TWO = frozenset({"fr", "es", "pt", "it"})  # languages in which the word for a key comes first
# Words that may follow: which one it is, or how it is written.
_BESIDE = frozenset(
    """
    value string text plaintext plain raw wo base64 b64 json hex binary prod production dev development staging
    stage test live old new current previous primary secondary default main backup literal base
    valeur ancien ancienne nouveau nouvelle actuel actuelle recette preprod defaut
    """.split()  # noqa: SIM905
)
# Words in those languages that name the owner after it: `MOT_DE_PASSE_BDD`.
_OWNERS = frozenset(
    """
    de du d des la le l acces admin administrateur api app appli application base bd bdd client compte connexion donnees
    ldap maitre mysql postgres postgresql principal production redis root serveur service session smtp utilisateur
    administrador usuario servicio servico banco dados datos amministratore utente
    """.split()  # noqa: SIM905
)


def words_of(name: str) -> list[str]:
    """Return the words of a name in lower case, without accents: of `dbPassword_2` db, password, 2."""
    return [word.lower() for word in _WORD.findall(_plain(name))]


def without_which_one(words: Sequence[str]) -> list[str]:
    """Return words without those at their end that say which one it is, or how it is written."""
    last = len(words)
    while last and (words[last - 1] in _BESIDE or words[last - 1].isdigit()):
        last -= 1
    return list(words[:last])


def is_secret(words: Sequence[str]) -> bool:
    """Return whether words end in one for a secret."""
    if not words:
        return False
    joined = "".join(words)
    if joined.endswith(_ALL_ENDINGS) or (joined[-1] == "s" and joined[:-1].endswith(_ALL_ENDINGS)):
        return True
    return _ends_in(words, _ALL_WHOLE) or _is_owned(words)


@lru_cache(maxsize=1 << 13)
def tells_secret(name: str) -> bool:
    """Return whether a name holds a word for a secret, or ends in one of any language."""
    return _SAID.search(name) is not None or is_secret(without_which_one(words_of(name)))


def is_perhaps_secret(words: Sequence[str]) -> bool:
    """Return whether words end in one that may mean a secret or something else, its owner after it or not."""
    return _ends_in(words, _ALL_PERHAPS) or _ends_in(_without_owner(words), _ALL_PERHAPS)


def _ends_in(words: Sequence[str], phrases: frozenset[str]) -> bool:
    ends = ("".join(words[start:]) for start in range(len(words)))
    return any(
        end in phrases or (end.endswith("s") and not end.endswith("pass") and end[:-1] in phrases) for end in ends
    )


def _is_owned(words: Sequence[str]) -> bool:
    """Return whether words are a phrase with its owner after it, as some languages write "the key of …"."""
    before = _without_owner(words)
    return 0 < len(before) < len(words) and "".join(before).endswith(_OWNED)


def _without_owner(words: Sequence[str]) -> Sequence[str]:
    last = len(words)
    while last and words[last - 1] in _OWNERS:
        last -= 1
    return words[:last]


def _plain(text: str) -> str:
    """Return a text without accents; letters with a ring or a line become plain ones."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).replace("ß", "ss").replace("ł", "l")


def _phrases(lists: Iterable[str]) -> frozenset[str]:
    return frozenset("".join(words_of(phrase)) for words in lists for phrase in words.split(","))


def _keys(language: str) -> Iterable[str]:
    """Return the words of a language for a key, as a secret, in one word."""
    first = language in _FIRST_OF_TWO
    for noun, of in product(_KEY[language].split(), _OF_KEYS[language].split()):
        yield of + noun
        yield from (noun + between + of for between in _BETWEEN if first)


_ALL_ENDINGS = tuple(_phrases(_ENDINGS.values()))
_OWNED = tuple(_phrases(_ENDINGS[language] for language in sorted(_FIRST_OF_TWO)))
_ALL_WHOLE = _phrases(_WHOLE.values()) | {key for language in _KEY for key in _keys(language)}
_ALL_PERHAPS = _phrases([_PERHAPS])
