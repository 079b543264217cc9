"""What stands beside a name for a secret goes, whatever the joint; what is known to be harmless stays."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.plugins.keyword import KeywordDetector
from hypothesis import assume, given
from hypothesis import strategies as st

from preuve.collect.code.secrets.forms import kinds_by_form
from preuve.library.words import tells_secret
from preuve.redact.announcements.secrets import announced
from preuve.redact.announcements.values import is_known
from preuve.redact.forms import certain, is_masked, without_certain
from preuve.redact.lists.harmless import OF_AWS
from preuve.redact.lists.tokens import TOKENS
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor, nameless, settled
from preuve.redact.secrets import detectors, without_secrets

ROOT = Path(__file__).parents[2]
NAMES = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "DB_PASSWORD",
    "db_password_hash",
    "AWS_SECRET_ACCESS_KEY",
    "apiKey",
]
NAMES += ["client-secret", "auth_token", "MOT_DE_PASSE", "motDePasse", "jeton", "mdp"]
PHRASES = ["mot de passe", "Mot de passe de la base", "clé d'accès", "clé d’API", "clé de chiffrement", "code secret"]
PHRASES += ["the password", "encryption key", "secret access key", "private key", "phrase secrète", "the passphrase"]
PHRASES += ["codes de secours", "code de récupération", "clé de récupération", "recovery key", "graine TOTP"]
PHRASES += ["clé TOTP", "clé 2FA", "2FA key", "clé WireGuard", "WireGuard key"]
PHRASES += ["clé wifi", "clé WPA2", "WPA2 key", "psk", "the wifi key"]
OF_NAMES = [
    "{}={}",
    "{} = {}",
    "{}: {}",
    '{}="{}"',
    "{}='{}'",
    '"{}": "{}"',
    '"{}":"{}"',
    '\\"{}\\": \\"{}\\"',
    "{} := {}",
]
OF_NAMES += [
    "{} => '{}'",
    "--{} {}",
    "--{}={}",
    "<{0}>{1}</{0}>",
    '<{0} kind="x">{1}</{0}>',
    "export {}={}",
    "{}: '{}'",
]
OF_NAMES += ['{{"name": "{}", "value": "{}"}}', "https://api.example/?{}={}&page=1", "`{}`: `{}`", '["{}"] = "{}"']
OF_NAMES += ['<add key="{}" value="{}"/>', '<param name="{}" value="{}">', '<user id="1" {}="{}"/>']
OF_PHRASES = ["{} : {}", "{}: {}", "{} = {}", "{} est {}", "{} is {}", "{} is: {}", "« {} » : « {} »", "{}\u00a0: {}"]
OF_PHRASES += ["{} (provisoire) : {}", "{} (temporary): {}", "{} [prod]: {}", "{} (wifi) est {}"]
COMMANDS = [
    "sshpass -p {} ssh root@host",
    "mysql -p{} crm",
    "mysql -h db -u root -p {}",
    "curl -u user:{} https://x.fr",
]
COMMANDS += [
    "psql postgres://u:{}@h/db",
    "-postgres://u:{}@h",
    "1.postgres://u:{}@h",
    "docker login -u me -p {} r.example",
]
COMMANDS += ["ALTER USER me IDENTIFIED BY '{}'", "CREATE ROLE me WITH PASSWORD '{}'", "redis-cli -h db -a {} PING"]
COMMANDS += ["Authorization: Bearer {}", "authorization = Basic {}", '-H "Authorization: Token {}"', "password:{}"]
COMMANDS += ["export AWS_SECRET_ACCESS_KEY {}", "setenv DB_PASSWORD {}", "password:\n  {}9!x"]
COMMANDS += [
    "define('DB_PASSWORD', '{}');",
    'ds.setPassword("{}");',
    "user.set_password( '{}' )",
    "putenv('API_KEY', '{}')",
]
COMMANDS += ["ALTER USER app PASSWORD '{}'", "create role app login password '{}'", "openssl enc -pass pass:{} -in x"]
COMMANDS += [
    "openssl rsa -passin pass:{}",
    "echo 'root:{}' | chpasswd",
    "echo app:{} | sudo chpasswd",
    "tool -password {}",
]
COMMANDS += [
    "CREATE USER app IDENTIFIED BY {}9;",
    "alter user app identified by x1 replace {}9",
    "GRANT CONNECT TO app IDENTIFIED BY {}9",
]
COMMANDS += ["PIN: {}9!x", "PIN = {}9!x"]
COMMANDS += [
    "smbclient //nas/x -U bob%{}",
    "rpcclient -U DOM\\\\bob%{} srv",
    "net user bob {} /add",
    r"net use Z: \\nas\part {} /user:bob",
]
# Only what is built like a password goes here: letters and digits, and a sign or capitals.
BUILT = ["| password | {} |", "|mot de passe|{}|", "| user | x |\n| --- | --- |\n| Mot de passe | {} |", "password,{}"]
BUILT += ["user,app\nmot de passe;{}", "root password\n{}", "mot de passe\n{}\n", "{} est le mot de passe"]
BUILT += ["{} is the password", "use {} as password", "utiliser {} comme mot de passe", "`{}` is the root password"]
BUILT += ["identifiants : admin / {}", "accès : admin / {}", "Login : me@acme / {}", "credentials: admin / {}"]
BUILT += ["identifiants : admin/{}", "creds admin:{}", "mot de passe : <{}>"]
BUILT += ["Wi-Fi invités, clef {}", "Guest wifi, key: {}", "connexion avec admin:{}", "se connecter (compte bob:{})"]
BUILT += ["mot de passe du coffre : {}", "codes de secours GitHub : {}", "7z a -p{} a.7z a"]
ALWAYS = [
    "jdbc:oracle:thin:app/{}@db:1521",
    "jdbc:oracle:oci:app/{}@//db/x",
    "sqlplus app/{}@db",
    "-p 1 user=me pass={}",
]
ALWAYS += ["echo {} | sudo -S ls", "echo '{}' | sudo -kS ls", "echo -n {} | docker login -u x --password-stdin"]
ALWAYS += ["echo {} | passwd --stdin root", "openssl enc -k {} -in f", "openssl enc -aes-256-cbc -pass pass:{}"]
LETTERS = st.from_regex(r"[b-y]{4}[aeiou][bcfkmpvxz]{2,6}", fullmatch=True)
EDGES = st.sampled_from(["", " ", "SG ", "(", "- ", "\n", "log: ", "{ ", "; ", "a, "])
ENDS = st.sampled_from(["", " ", "\n", " (prod)", " ; exit", "\nUSER=me"])
VALUE = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9!#%*+^_.-]{3,20}[A-Za-z0-9!#%*+^]", fullmatch=True)


def redacted(text: str) -> str:
    return without_secrets(text, lambda kind, _: f"[removed: {kind}]")


def secret(value: str) -> str:
    assume(
        not is_known(value) and not is_known(value.rstrip(".,;:!?)]")) and value.casefold() not in "removed: announced"
    )
    assume(re.search("ed$|ing$|é$", value) is None)
    return value


@given(st.data(), EDGES, ENDS, VALUE)
def test_no_value_beside_a_name_survives(data: st.DataObject, before: str, after: str, value: str) -> None:
    form = data.draw(
        st.sampled_from(OF_NAMES).flatmap(lambda form: st.sampled_from(NAMES).map(lambda name: (form, name)))
        | st.sampled_from(OF_PHRASES).flatmap(lambda form: st.sampled_from(PHRASES).map(lambda name: (form, name)))
        | st.sampled_from(COMMANDS).map(lambda form: (form, ""))
    )
    assume(secret(value) not in form[0] + form[1] + before + after)
    if form[1] == "Mot de passe de la base" or re.search(r"[(\[](?!\")", form[0]):
        value += "aA7!"  # words and brackets between make it vaguer
    told = form[0].format(form[1], value) if form[1] else form[0].format(value)
    kept = redacted(f"{before}{told}{after}")
    assert value not in kept
    assert kept.startswith(before) and kept.endswith(after.strip())
    assert redacted(kept) == kept


@given(st.sampled_from(BUILT), LETTERS, st.from_regex(r"[A-Z][0-9][!#%*+]", fullmatch=True))
def test_a_value_built_like_a_password_goes_from_tables_lines_and_sentences(form: str, word: str, more: str) -> None:
    kept = redacted(form.format(word + more))
    assert word not in kept
    assert redacted(kept) == kept


@given(st.sampled_from(ALWAYS), LETTERS)
def test_a_word_goes_where_only_a_password_stands(form: str, word: str) -> None:
    secret(word)
    kept = redacted(form.format(word))
    assert kept == form.format(kept[kept.index("[removed: ") :].partition("]")[0] + "]")
    assert redacted(kept) == kept


CODE = st.from_regex(r"[0-9][g-z][0-9][a-z][0-9]-[0-9][a-z]{2}[0-9][a-z]", fullmatch=True)


@given(
    st.sampled_from(["codes de secours : {}", "codes de secours GitHub : {}", "recovery codes: {}", "mdp = {}"]),
    st.lists(CODE, min_size=1, max_size=5, unique=True),
    st.sampled_from([", ", " ; ", " to ", " puis ", " / ", " et ", ","]),
)
def test_each_of_several_secrets_goes_and_what_follows_stays(said: str, codes: list[str], between: str) -> None:
    kept = redacted(f"{said.format(between.join(codes))}, voir la fiche 12 et srv-db01")
    assert not any(code in kept for code in codes)
    assert kept.endswith(", voir la fiche 12 et srv-db01")
    assert redacted(kept) == kept


@given(st.from_regex(r"[A-Z][a-z]{4}[0-9][!#%]x", fullmatch=True), st.sampled_from(["from {} to {}", "de {} à {}"]))
def test_the_old_and_the_new_password_go(value: str, form: str) -> None:
    kept = redacted("password changed " + form.format(value, value.swapcase()))
    assert value.lower() not in kept.lower() and kept.count("[removed: announced]") == 2


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("bob:$2y$10$" + "abcdefgh.J" * 5 + "abc", "bob:[removed: password_hash]"),
        ("root:$6$saltsalt$" + "aB3./" * 17 + "a:19000:", "root:[removed: password_hash]:19000:"),
        ("x $argon2id$v=19$m=65536,t=3$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA", "x [removed: password_hash]"),
        ("https://x/c?sv=20&sig=Zm9vYmFyYmF6cXV4MTIz%3D&a=1", "https://x/c?sv=20&sig=[removed: url_signature]&a=1"),
        (
            "https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=" + "0a" * 32,
            "https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=[removed: url_signature]",
        ),
        (
            r"https://h/p?Expires=1\u0026Signature=AbCd3fGh1jKlMn0p",
            r"https://h/p?Expires=1\u0026Signature=[removed: url_signature]",
        ),
        (
            r"?sv\u003d1\u0026sig\u003dAbCd3fGh1jKlMn0p\u0026x",
            r"?sv\u003d1\u0026sig\u003d[removed: url_signature]\u0026x",
        ),
        (
            "u=h%2Fp%3FExpires%3D1%26Signature%3DAbCd3fGh1jKlMn0p",
            "u=h%2Fp%3FExpires%3D1%26Signature%3D[removed: url_signature]",
        ),
        ("h/p?X-Amz-Signature%3D" + "0a" * 32, "h/p?X-Amz-Signature%3D[removed: url_signature]"),
        ("BitLocker " + "-".join(["123456"] * 8) + ".", "BitLocker [removed: recovery_key]."),
        ("code PIN : 4417", "code PIN : [removed: assignment]"),
        ("code d'accès du coffre : 48A7-92B1-Z", "code d'accès du coffre : [removed: announced]"),
        ("graine TOTP JBSWY3DPEHPK3PXQ", "graine TOTP [removed: announced]"),
        (
            "nouveau mot de passe « Azerty12! » (ancien « Qwerty34! »)",
            "nouveau mot de passe « [removed: announced] » (ancien « [removed: announced] »)",
        ),
        (
            "ALTER USER app IDENTIFIED BY VALUES 'S:AB12CD34EF';",
            "ALTER USER app IDENTIFIED BY VALUES '[removed: announced]';",
        ),
    ],
)
def test_credentials_of_a_form_of_their_own_go(text: str, kept: str) -> None:
    assert redacted(text) == kept
    assert redacted(kept) == kept


ID, OF_ID = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # of AWS's documentation


@given(
    st.sampled_from(
        [":", " : ", "/", " / ", ",", ", ", " | ", " ; ", " et ", " and ", " ", "\n", "\\n", '","', " -> "]
    ),
    st.sampled_from([".", "", " (prod)", '"']),
)
def test_the_secret_key_beside_its_id_goes_and_the_last_check_finds_it(joint: str, after: str) -> None:
    told = f"Clés {ID}{joint}{OF_ID}{after}"
    kept = Redactor(Pseudonyms(b"k" * 32)).text(told)
    assert re.fullmatch(rf"Clés key-[a-z2-7]{{12}}{re.escape(joint)}\[removed: announced\]{re.escape(after)}", kept)
    assert "aws_key_pair" in certain(told) and "aws_key_pair" in certain(kept.replace("[removed: announced]", OF_ID))
    assert certain(kept) == [] and OF_ID not in without_certain(told)
    for found in (nameless(told), settled(told)):  # in which a word stands for the id
        assert OF_ID not in found and found.count("[removed: ") == 2
        assert "aws_key_pair" in certain(re.sub(r"\[removed: \w+\](?!.*\[removed)", OF_ID, found, flags=re.DOTALL))


@pytest.mark.parametrize("after", ["0123456789abcdef" * 4, "a" * 40, "Q" * 20, f"{OF_ID}more"])
def test_what_is_not_built_like_a_secret_key_stays_beside_an_id(after: str) -> None:
    assert redacted(f"{ID} {after}").endswith(f" {after}") and "aws_key_pair" not in certain(f"{ID} {after}")


FORMS = [
    *(("service_token", form) for _, form in TOKENS),
    ("github_token", "gh[pousr]_[A-Za-z0-9]{36}"),
    ("gitlab_token", "glpat-[A-Za-z0-9]{20}"),
    ("slack_token", "xoxb-[0-9]{12}-[A-Za-z0-9]{24}"),
    ("stripe_key", "[rs]k_live_[A-Za-z0-9]{24}"),
    ("aws_access_key", "A[KS]IA[0-9A-Z]{16}"),
    ("json_web_token", r"eyJ[A-Za-z0-9]{20}\.eyJ[A-Za-z0-9]{20}\.[A-Za-z0-9]{20}"),
    ("twilio_key", "SK[0-9a-f]{32}"),
]
BEFORE = [
    *(
        " ",
        "X=",
        "export X=",
        "--build-arg X=",
        "-e X=",
        "-Dx=",
        "--x=",
        "?name=",
        "&name=",
        "https://host/",
        "s3://b/",
    ),
    *(
        "a.",
        "a-",
        "a_",
        "a+",
        "a:",
        "x: ",
        "'",
        '"',
        "(",
        "#!/bin/sh\n",
        r"#!/bin/sh\n",
        r"\t",
        *(r"\b", r"\f", r"\v", r"\x3d", r"\042", "%2522", "-p", "docker login -p"),
        "%3D",
        "%2f",
        r"\u003d",
    ),
]


@given(
    st.sampled_from(FORMS).flatmap(
        lambda form: st.tuples(
            st.just(form[0]), st.from_regex(form[1], fullmatch=True, alphabet=st.characters(codec="ascii"))
        )
    ),
    st.sampled_from(BEFORE),
)
def test_nothing_before_a_token_hides_it(token: tuple[str, str], before: str) -> None:
    kind, value = token
    assume(not is_masked(value))
    text = f"{before}{value} puis"
    assert kind in detectors(text) and kind in certain(text) and kind in kinds_by_form(text)
    assert value not in nameless(text)


_ONE_OF_FEW = re.compile(r"(?<!!)\[(0-9|[a-z]{2,9})\]")


@pytest.mark.parametrize("form", sorted({form for _, form in TOKENS}))
def test_each_way_to_write_a_token_has_a_part_by_which_it_is_looked_for(form: str) -> None:
    """A text without any is not searched: each sign that the form lets choose from a few is one with a part."""
    parts = [part for part, other in TOKENS if other == form]
    chosen = [
        f"{form[: few.start()]}{sign}{form[few.end() :]}"
        for few in _ONE_OF_FEW.finditer(form)
        for sign in few[1].replace("0-9", "0123456789")
    ]
    for way in (form, *chosen) if len(parts) == 1 else chosen:
        assert any(part in re.sub(r"\\(.)", r"\1", way).lower() for part in parts), way


@pytest.mark.parametrize("sign", ["x", "X", "0", "a"])
@pytest.mark.parametrize(
    "form",
    [
        *("sk_test_{24}", "sk_live_{24}", "ghp_{36}", "AKIA{16}", "xoxb-{12}-{12}-{24}", "SG.{22}.{43}", "glpat-{20}"),
        *(
            "sk-ant-api03-{80}",
            "AIza{35}",
            "npm_{36}",
            "sq0csp-{43}",
            "hvs.{24}",
            "sk-{20}T3BlbkFJ{20}",
            "sk-proj-{48}",
            "hf_{34}",
        ),
        *("hooks.slack.com/services/T00000000/B00000000/{24}", "https://discord.com/api/webhooks/{18}/{68}"),
    ],
)
def test_a_mask_in_place_of_a_token_is_none(form: str, sign: str) -> None:
    shown = re.sub(r"\{(\d+)\}", lambda count: sign * int(count[1]), form)
    shown = shown.upper() if form.startswith("AKIA") else shown
    for text in (shown, f"X={shown}", f"see {shown}."):
        assert not detectors(text) and not certain(text) and not [*kinds_by_form(text)]
        assert nameless(text) == text


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("glpat-8dKxQ2mZ4vRt7YpLw9Bs", "gitlab_token"),
        ("xoxb-8dKxQ2mZ4vRt7YpLw9Bs", "slack_token"),
        ("npm_8dKxQ2mZ4vRt7YpLw9Bs8dKxQ2mZ4vRt7YpL", "service_token"),
        ("https://hooks.slack.com/services/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/", "webhook"),
        ("https://a.webhook.office.com/webhookb2/8d@2m/IncomingWebhook/8d4e1f0a9b8c7d6e5f4a3b2c1d0e9f8a/", "webhook"),
        ("mailgun key-" + "x" * 32 + " and key-8dkxq2mz4vrt7yplw9bs8dkxq2mz4vrt ", "mailgun_key"),
    ],
)
@pytest.mark.parametrize("sign", ["x", "0", "A"])
def test_a_run_of_one_sign_beside_a_token_makes_it_no_mask(token: str, kind: str, sign: str) -> None:
    text = token + sign * 60
    assert kind in certain(text) and kind in detectors(text)
    assert "8d" not in without_certain(text) and "8d" not in nameless(text)


def test_the_names_under_which_aws_pages_its_lists_announce_nothing() -> None:
    session = botocore.session.get_session()
    named = {"NextToken", "nextToken", "ContinuationToken", "NextContinuationToken", "NextPageToken", "nextPageToken"}
    models = (session.get_service_model(service) for service in ("s3", "ec2", "iam", "logs", "cloudtrail", "ecs"))
    members = {name for model in models for shape in model.shape_names
               for name in getattr(model.shape_for(shape), "members", {}) if name in named}  # fmt: skip
    assert len(members) > 3
    for name in sorted(named):
        for text in (f"{name}: AQICAHh123", f'{{"{name}": "AQICAHh123"}}', f"{name}=AQICAHh123"):
            assert redacted(text) == text
    assert "AQICAHh123" not in redacted("NextAuthToken: AQICAHh123")


WORDS = st.lists(st.from_regex(r"[b-y]{3}[aeiou][bcfkmpvxz]", fullmatch=True), min_size=2, max_size=5)


@given(st.sampled_from(["secret : ", "mot de passe: ", "the password is ", "passphrase = "]), WORDS, st.booleans())
def test_no_half_of_a_passphrase_or_of_a_name_stays(said: str, words: list[str], capitals: bool) -> None:
    value = " ".join(word.capitalize() if capitals else word for word in words)
    kept = redacted(f"{said}{value}, and more")
    assert not any(re.search(rf"\b{word}\b", kept, re.IGNORECASE) for word in words)
    assert kept.endswith(", and more")


PARTS = [
    *NAMES,
    *PHRASES,
    *("=", ":", " : ", ": ", " is ", " est ", " ", '"', "'", "«", "»", "\\", "\n", "<", ">", "{", "["),
]
PARTS += [
    "[removed: announced]",
    "person-t2imifins5u3",
    "hunter2",
    "Azerty2024!",
    "/",
    ",",
    ";",
    "-p ",
    "mysql ",
    "}",
    "]",
    "@",
]


@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
def test_redacting_any_text_twice_changes_nothing_more(text: str) -> None:
    kept = nameless(text)
    assert nameless(kept) == kept


@pytest.mark.parametrize(
    "text",
    [
        "password_file: /run/secrets/x",
        "token_endpoint: https://login.example.com/oauth2/token",
        "PASS: s3-encrypted",
        "it is not a pass: the control rests on others",
        "credential_source = Ec2InstanceMetadata",
        "@pytest.mark is no address",
        '{"PasswordPolicy": {"MinimumPasswordLength": 14}}',
        "PasswordPolicy: MinimumPasswordLength",
        "secretsmanager:GetSecretValue",
        "password: none",
        "password: required",
        "password: rotated every 90 days",
        "mot de passe : 14 caractères au moins, changé tous les 90 jours",
        "aws iam update-account-password-policy --minimum-password-length 14 --require-symbols --hard-expiry",
        "aws secretsmanager rotate-secret --secret-id prod/db --rotation-rules AutomaticallyAfterDays=30",
        "docker run -p 8080:80 web; mkdir -p /srv/www",
        "db_password = var.db_password",
        'password = "${random_password.db.result}"',
        "TOKEN=$(aws ecr get-login-password)",
        "password: {{resolve:secretsmanager:prod/db}}",
        "password=$DB_PASSWORD docker login -p $DB_PASSWORD",
        "secretary: Pierre; tokenization: Stripe",
        "HttpTokens: required",
        "password_hash_algorithm=argon2id",
        "Token: expires after 15 minutes",
        "| user | password | role |",
        "| Mot de passe | obligatoire |",
        "user,password,role,email",
        "echo hello9X | sudo tee x",
        "openssl req -newkey rsa:2048 -keyout k9X.pem; openssl rsa -kfile x9X",
        "accès : lecture / écriture",
        "Ec2Metadata9X is the password policy",
        "jdbc:oracle:thin:@db9X:1521/x",
        "Authorization: AWS_IAM",
        "Password (temporary): see the vault",
        "PIN: aucun, pin: v1.2.3, Pin: GPIO17x",
        "wifi: WPA2-Enterprise",
        "openssl enc -pass env:PASS9X -in x",
        "openssl rsa -passin file:/run/secrets/x",
        "setPassword(password1X) and setSecretName('prod-db9X') and set_secret('prod-db9X', value)",
        "['password', 'field9X'] and render('password', 'field9X')",
        "define('DB_PASSWORD', getenv('DB_PASSWORD'))",
        "the field password 'field9X' is a text",
        "the user is identified by Azerty124, replace Old1234x",
        "create user app identified by the directory",
        "accès : lecture/Ecriture2026, password: <your-password1>",
        "mot de passe : <à compléter>",
        "net user growth in Q3-2026, net use of memory, net user bob /add",
        "la clé de la salle serveur B12, wifi ouvert au public",
        "compte db-01:5432, connexion à redis:6379/0",
        "codes de secours : imprimés, dans le coffre",
        "mot de passe du domaine : 12 caractères, changé tous les 90 jours",
        "code PIN : 6 chiffres",
        "Signature: valid, signature=yes, X-Amz-Signature",
        "-".join(["123456"] * 4),
        "Mot de passe (annuaire) : 12 caractères",
        "mot de passe (PSSI) : politique approuvée",
        '<password type="x"/> and <a href="y2026-z">more</a>',
    ],
)
def test_what_is_known_to_be_harmless_stays(text: str) -> None:
    assert redacted(text) == text


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from (str(key), *strings(item))
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def test_no_text_of_the_catalogue_is_destroyed() -> None:
    folders = ("controls", "policies", "scanners", "indicators", "inlets", "reports/locales", "reports/errors")
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.yaml"))]
    texts = {text for path in paths for text in strings(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))}
    assert len(texts) > 10_000
    destroyed = {text[found.start : found.end] for text in texts for found in announced(text)}
    assert destroyed == set()


def test_no_value_of_the_interfaces_of_aws_is_destroyed() -> None:
    session = botocore.session.get_session()
    values: set[str] = set()
    beside: set[tuple[str, str]] = set()
    for service in session.get_available_services():
        model = session.get_service_model(service)
        for name in model.shape_names:
            shape = model.shape_for(name)
            values.update(getattr(shape, "enum", ()))
            for member, kept in getattr(shape, "members", {}).items():
                one = kept.member if kept.type_name == "list" else kept
                beside.update((member, value) for value in getattr(one, "enum", ()))
    assert len(values) > 10_000
    assert {value for value in values if redacted(value) != value} == set()
    told = [f'{{"{member}": "{value}"}}' for member, value in beside]
    assert [text for text in told if redacted(text) != text] == []
    assert {value for member, value in beside if tells_secret(member)} <= OF_AWS


def test_no_arn_of_the_examples_of_aws_is_destroyed() -> None:
    folder = Path(botocore.__file__).parent / "data"
    told = " ".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("examples-1.json")))
    arns = sorted(set(re.findall(r"arn:aws[\w-]*:[\w-]+:[\w-]*:[0-9]*:[\w/:.*+=@-]*[\w/*]", told)))
    assert len(arns) > 300
    for arn in arns:
        for text in (arn, f"password: {arn}", json.dumps({"SecretId": arn}), f"Le secret est {arn}, et le reste"):
            assert redacted(text) == text


LINES = [
    'password = "{}"',
    "DB_PASSWORD: '{}'",
    '{{"secret": "{}"}}',
    "export API_KEY={}",
    "client_secret := '{}'",
    "https://u:{}@host",
]


@given(st.sampled_from(LINES), VALUE)
def test_another_scanner_finds_nothing_in_what_is_left(line: str, value: str) -> None:
    told = line.format(secret(value))
    found = [KeywordDetector(), BasicAuthDetector()]
    secrets = [one.secret_value or "" for each in found for one in each.analyze_line("a.yaml", told, 1)]
    kept = redacted(told)
    assert not any(one in kept for one in secrets if not is_known(one))
    left = [one.secret_value or "" for each in found for one in each.analyze_line("a.yaml", kept, 1)]
    assert [one for one in left if "removed" not in one] == []
