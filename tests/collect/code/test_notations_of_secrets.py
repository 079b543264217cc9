"""Secrets as SQL, XML and Java write them, and names that only stand where a value would."""

from __future__ import annotations

import plistlib
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.checkov.kinds.values_files import pieces_of
from preuve.collect.code.inputs.values_files import _decoded
from preuve.collect.code.secrets.contents.xml_values import values_of
from preuve.collect.code.secrets.search import secrets_of
from preuve.redact.forms import certain

SECRETS = st.sampled_from(["Sommer2024!", "Kq9vTz4LmX2wRb7n"])


def found(name: str, text: str) -> list[int]:
    return [piece.lines[0] for piece in pieces_of(name, text) if piece.secrets.found]


def is_told(name: str, text: str) -> bool:
    return any(piece.secrets.found or piece.secrets.hidden for piece in pieces_of(name, text))


@given(
    st.sampled_from(
        [
            "CREATE LOGIN bob WITH PASSWORD = {};",
            "ALTER ROLE bob PASSWORD {};",
            "CREATE USER bob IDENTIFIED BY {};",
            "CREATE CREDENTIAL c WITH IDENTITY = 'x', SECRET = {};",
            "EXEC sp_addlogin 'bob', {}",
            "EXEC sp_addlogin @loginame = N'bob', @passwd = {}",
            "DECLARE @password NVARCHAR(20) = {}",
            "SET PASSWORD FOR 'bob'@'%' = {}",
        ]
    ),
    st.sampled_from(["'{}'", "N'{}'", "E'{}'", "U&'{}'", "$${}$$", "$x${}$x$"]),
    SECRETS,
    st.booleans(),
)
def test_a_password_in_sql_is_found_in_each_dialect(form: str, quoted: str, secret: str, lines: bool) -> None:
    text = form.format(quoted.format(secret))
    assert found("t.sql", f"-- as before\n{text}\n") == [2]
    if lines and "=" not in text and "sp_" not in text:
        assert found("t.sql", text.replace(" ", "\n")) == [1 + text.count(" ")]


@given(st.lists(st.tuples(st.sampled_from(["'bob'", "NULL", "7"]), st.one_of(SECRETS, st.none())), min_size=1))
def test_each_row_that_is_inserted_tells_of_its_password(rows: list[tuple[str, str | None]]) -> None:
    values = ",\n".join("  ({}, {})".format(name, f"'{secret}'" if secret else ":password") for name, secret in rows)
    lines = [at for at, (_, secret) in enumerate(rows, start=3) if secret]
    assert found("t.sql", f"INSERT INTO users (name, password)\nVALUES\n{values};\n") == lines


@given(
    st.sampled_from(
        [
            "UPDATE users SET login = 'x', password = crypt({}, gen_salt('bf'));",
            "INSERT INTO users (login, passwd, mail) SELECT 'bob', {}, 'x' FROM dual;",
            "INSERT INTO users (login, passwd) VALUES ('bob', encode(digest({}, 'sha1'), 'hex'));",
            "REPLACE INTO users (login, passwd) VALUES ('bob', {});",
            "PRAGMA key = {};",
            "ATTACH DATABASE 'x.db' AS y KEY {};",
            "CREATE USER bob IDENTIFIED BY {};",
            "ALTER USER bob IDENTIFIED BY VALUES {};",
            "/*!50001 CREATE USER bob IDENTIFIED BY {} */;",
        ]
    ),
    st.sampled_from(["", "/* x */ ", "-- x\n", "/* it's; */"]),
    SECRETS,
)
def test_calls_and_comments_hide_no_password_in_sql(form: str, comment: str, secret: str) -> None:
    assert found("t.sql", form.format(f"{comment}'{secret}'")) == [1 + comment.count("\n")]


@given(
    st.sampled_from(
        [
            "MERGE INTO u USING (VALUES ({})) AS s(password) ON 1=1;",
            "SELECT set_password('bob', {});",
            "WITH s AS (SELECT {} AS password) INSERT INTO u SELECT * FROM s;",
            "CREATE TABLE t (a int, password varchar(20) NOT NULL DEFAULT {});",
            "INSERT INTO u SET a = 'b', passwd = lower({});",
        ]
    ),
    SECRETS,
)
def test_a_text_in_a_statement_that_speaks_of_a_password_is_told(form: str, secret: str) -> None:
    assert is_told("t.sql", f"SELECT 1;\n{form.format(repr(secret))}\n")
    assert not is_told("t.sql", form.format("'x'")) and not is_told("t.sql", f"SELECT 1; SELECT f('{secret}');")


@given(st.lists(st.tuples(st.sampled_from(["bob", "\\N"]), st.one_of(SECRETS, st.none())), min_size=1))
def test_each_line_of_a_dump_tells_of_its_password(rows: list[tuple[str, str | None]]) -> None:
    data = "".join(f"{name}\t{secret or chr(92) + 'N'}\n" for name, secret in rows)
    lines = [at for at, (_, secret) in enumerate(rows, start=2) if secret]
    text = f"COPY public.users (login, password) FROM stdin;\n{data}\\.\nCOPY t (a, b) FROM stdin;\nx\tAbc1234!\n\\.\n"
    assert found("t.sql", text) == lines


@pytest.mark.parametrize(
    "text",
    [
        "--liquibase formatted sql\n--rollback INSERT INTO users (login, password) VALUES ('bob','{}');",
        "-- ALTER USER bob IDENTIFIED BY '{}';",
        "/*M!100401 CREATE USER bob IDENTIFIED BY '{}' */",
        "COPY users (login, bio, password) FROM stdin;\nbob\tadmin -- since 2019\t{}\n\\.\n",
        "COPY a (x) FROM stdin;\r\n1\r\n\\.\r\nCOPY users (login, password) FROM stdin;\r\nbob\t{}\r\n\\.\r\n",
        "COPY users (login, password) FROM stdin WITH (FORMAT csv);\nbob,{}\n\\.\n",
        "SELECT 5--1; CREATE USER bob IDENTIFIED BY '{}';",
        "SELECT `a--b` FROM t; CREATE USER bob IDENTIFIED BY '{}';",
        "/* CREATE USER bob IDENTIFIED BY '{}';",
        "CREATE TABLE `users` (`id` int(11), `login` char(3), `password` char(9), PRIMARY KEY (`id`));\n"
        "INSERT INTO `users` VALUES (1,'bob','{}');",
    ],
)
def test_sql_is_read_as_it_stands_and_without_its_comments(text: str) -> None:
    for secret in ("Sommer2024!", "Kq9vTz4LmX2wRb7n"):
        at = text.format(secret).replace("\r\n", "\n")
        assert found("t.sql", text.format(secret)) == [1 + at[: at.index(secret)].count("\n")]


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO users (login, password) VALUES ('al', a(b(c(d('x'))))), ('bob', '{}');",
        "INSERT INTO users (login, password) VALUES ('bob', a(b(c(d('{}')))));",
        "INSERT INTO users (login, password) SELECT 'bob', 'x' UNION ALL SELECT 'al', '{}';",
        "INSERT INTO users (name, password) VALUES ('it\\'s','{}');",
        "CREATE TABLE users (name text, password text);\nINSERT INTO users VALUES ('it\\'s','{}'),('it\\'s','x');",
        "INSERT INTO log (a) SELECT set_password('bob','{}');",
        "INSERT INTO log (a) VALUES ('x')\nGO\nEXEC dbo.set_password 'bob', '{}'\nGO\n",
    ],
)
def test_what_was_not_read_of_rows_leaves_a_doubt(text: str) -> None:
    assert is_told("t.sql", text.format("Sommer2024!"))
    assert not is_told("t.sql", text.format("x"))


def test_words_beside_a_column_of_passwords_are_none() -> None:
    for text in (
        "SELECT password FROM t WHERE x = N'Abc1234!';",
        "ALTER ROLE bob PASSWORD :new_password;",
        "ALTER TABLE users ADD password varchar(60) COLLATE 'utf8mb4_unicode_ci1';",
        "COMMENT ON COLUMN users.password IS 'Bcrypt2b-hash';",
        "ALTER TABLE users ADD CHECK (password ~ '^[A-Za-z0-9]{8,}$');",
        "SELECT * FROM users WHERE password = crypt($1, password) AND email LIKE 'John.Doe1%';",
        'CREATE TABLE "User1X" (password TEXT, "emailVerified2" TEXT, CONSTRAINT "User_pkey1Xy" PRIMARY KEY (id));',
    ):
        assert not is_told("t.sql", text), text


@given(
    SECRETS,
    st.permutations(["<name>db.password</name>", "<value>{}</value>", "<description>given to all</description>"]),
)
def test_the_members_of_an_element_have_no_order(secret: str, members: list[str]) -> None:
    text = "<c>\n<property>\n{}\n</property>\n</c>\n".format("\n".join(members)).format(secret)
    assert len(found("core-site.xml", text)) == 1


@pytest.mark.parametrize("order", [*permutations(['name="db.password"', 'value="Sommer2024!"', 'type="x"'])])
def test_the_attributes_of_an_element_have_no_order(order: tuple[str, ...]) -> None:
    assert found("beans.xml", f"<beans>\n<property {' '.join(order)}/>\n</beans>\n") == [2]


@pytest.mark.parametrize(
    "text",
    [
        '<a:password xmlns:a="x">{}</a:password>',
        "<w><context-param><param-name>db.password</param-name>\n<param-value>{}</param-value></context-param></w>",
        "<plist><dict><key>a</key><true/><key>password</key><data>{}</data></dict></plist>",
        '<properties><entry key="db.password">{}</entry></properties>',
        '<c><setting name="DbPassword" serializeAs="String">\n<value>{}</value>\n</setting></c>',
        '<c><entry key="db.password"><description>a</description><value>{}</value></entry></c>',
        "<c><password>\n<value>{}</value></password></c>",
        "<c><passwords><item>{0}</item>\n<item>{0}</item></passwords></c>",
        "<plist><dict><key>passwords</key><array>\n<string>{}</string></array></dict></plist>",
        "<plist><dict><key>ProgramArguments</key><array><string>x</string><string>--password</string>"
        "<string>{}</string></array></dict></plist>",
        "<!DOCTYPE c [<!ENTITY p '{}'>]>\n<c><password>&p;</password></c>",
        "<!DOCTYPE c [<!ENTITY u 'https://x/?a=1&amp;b'><!ENTITY p '{}'>]>\n<c><password>&p;</password></c>",
        "<!DOCTYPE c [<!ENTITY db.password '{}'>]>\n<c><p>&db.password;</p></c>",
        '<mxfile/>\n<beans><property name="db.password" value="{}"/></beans>',
    ],
)
def test_a_value_in_xml_has_the_name_beside_it(text: str) -> None:
    assert is_told("web.xml", text.format("Kq9vTz4LmX2wRb7n"))
    assert found("web.xml", text.format("Sommer2024!x")) or "<data>" in text
    assert not is_told("web.xml", text.format("${db.password}"))


def test_xml_whose_entities_are_files_or_name_each_other_is_searched_as_a_text() -> None:
    for entities in ('<!ENTITY x SYSTEM "y">', '<!ENTITY y "y"><!ENTITY x "&y;&y;">'):
        text = f"<!DOCTYPE a [{entities}]>\n<a><b>&x;</b></a>"
        assert values_of(text) is None and values_of("<a><b>") is None
        assert is_told("a.xml", text + "<password>Kq9vTz4LmX2wRb7n</password>")


def test_a_document_does_not_grow_by_its_entities() -> None:
    text = f'<!DOCTYPE a [<!ENTITY x "{"y" * 1000}">]><a>{"&x;" * 1000}</a>'
    assert values_of(text) is None
    assert values_of(text.replace("&x;" * 1000, "&x;" * 2)) is not None


def test_a_binary_property_list_is_read_as_the_one_in_xml() -> None:
    value = {"password": "Sommer2024!", "ProgramArguments": ["x", "--password", "Kq9vTz4LmX2wRb7n"], "d": b"\0"}
    text = _decoded(plistlib.dumps(value, fmt=plistlib.FMT_BINARY))
    assert text and [len(piece.secrets.found) for piece in pieces_of("x.plist", text)] == [2]
    deep: list[object] = []
    for _ in range(60):
        deep = [deep, deep]
    assert _decoded(plistlib.dumps(deep, fmt=plistlib.FMT_BINARY)) is None, "its parts would never end"
    assert _decoded(b"bplist00\0") is None


def test_java_reads_a_name_with_escapes() -> None:
    assert found("a.properties", "db.passw\\u006frd=Sommer2024!\n") == [1]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".drone.yml", "steps:\n- environment: {VAULT_TOKEN: {from_secret: VAULT_TOKEN_SIT}}\n"),
        ("p.yml", "- a: \"{{ lookup('aws_ssm', p, aws_secret_key=aws_secret_access_key, region=r) }}\"\n"),
        ("x.sh", "aws dynamodb update-item --condition-expression 'OwnerToken = :owner_token'\n"),
        ("x.sh", 'psql -c "UPDATE users SET password=:new_password WHERE id = :id"\n'),
        ("x.sh", "grep -qE 'postgres://.*:.*@' main.tf\n"),
        ("x.sh", "grep -qE 'postgres://[^:]+:[^@]+@' main.tf\n"),
        ("grafana.ini", "# e.g. `user:password@tcp(127.0.0.1:3306)/database_name`\n"),
        ("x.json", '{"access_token_lifespan": "10h0m0s"}'),
    ],
)
def test_what_names_a_value_is_none(name: str, text: str) -> None:
    assert not is_told(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".drone.yml", "steps:\n- environment: {VAULT_TOKEN: {from_secret: Sommer2024!}}\n"),
        ("p.yml", "- a: \"{{ lookup('aws_ssm', p, aws_secret_key='Sommer2024!') }}\"\n"),
        ("x.sh", "export DB_PASSWORD=:sommer\n"),
        ("x.sh", "psql postgres://app:.So.mmer*1@db/x\n"),
        ("grafana.ini", "url = app:password@tcp(127.0.0.1:3306)/database_name\n"),
        ("x.json", '{"access_token": "10h0m0s!"}'),
    ],
)
def test_a_value_in_such_a_place_is_told(name: str, text: str) -> None:
    assert is_told(name, text)


@pytest.mark.parametrize("value", [{"metrics": {"namespace": "Example/App", "unit": "Bytes"}}, "debug"])
def test_a_setting_that_is_stored_encrypted_is_not_decided(value: object) -> None:
    body = {"name": ["/app/log_level"], "type": ["SecureString"], "value": [value]}
    secrets = secrets_of("aws_ssm_parameter", body)
    assert secrets.hidden and not secrets.found
    other = secrets_of("aws_ssm_parameter", {**body, "name": ["/app/x"], "value": ["sommer"]})
    assert other.found


@pytest.mark.parametrize(("member", "found"), [("unit", False), ("sink", False), ("db_password", True)])
def test_in_a_configuration_that_is_stored_encrypted_names_tell_of_secrets(member: str, found: bool) -> None:
    body = {"name": ["/app/agent-config"], "type": ["SecureString"], "value": [{"a": {member: "sommer"}}]}
    assert bool(secrets_of("aws_ssm_parameter", body).found) is found
    assert secrets_of("aws_ssm_parameter", {**body, "name": ["/app/agent"], "value": ["sommer"]}).found


@pytest.mark.parametrize("path", ["sys/unseal", "auth/token/create", "auth/x/config", "secret/x"])
def test_a_key_that_is_written_to_vault_is_a_secret_wherever_and_under_any_name(path: str) -> None:
    for name in ("client", "key"):
        body = {"path": [path], "data_json": [{name: "Kq9vTz4LmX2wRb7nPq3sDf8gTT"}]}
        assert secrets_of("vault_generic_secret", body).found


@pytest.mark.parametrize("name", ["COMMIT", "BUILD", "APP_REVISION", "SCRIPT_INTEGRITY", "ETAG", "IMAGE", "SECRET_KEY"])
def test_the_hash_of_a_release_is_none_but_under_a_name_for_a_secret(name: str) -> None:
    body = {
        "environment": [{"variables": [{name: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}]}]
    }
    secrets = secrets_of("aws_lambda_function", body)
    assert bool(secrets.found or secrets.hidden) == (name == "SECRET_KEY")


@pytest.mark.parametrize("name", ["HMAC_V2", "KEY1", "KEY_A", "KEK", "AZURE_SAS", "CONNSTR", "SIG", "FOO"])
@pytest.mark.parametrize(
    "key",
    [
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "pUqJrVyVRj5jsiYEkM+tFQYfWyJIv4s3XkvDwy7Cu5s=",
    ],
)
def test_32_bytes_are_not_passed_under_a_name_that_people_chose(name: str, key: str) -> None:
    body = {"environment": [{"variables": [{name: key}]}]}
    assert secrets_of("aws_lambda_function", body).hidden
    for other in ("IMAGE_SHA256", "CONFIG_HASH", "PUBLIC_KEY"):
        assert not secrets_of("aws_lambda_function", {"environment": [{"variables": [{other: key}]}]}).hidden


@pytest.mark.parametrize("name", ["SECRETO", "SEGRETO", "GEHEIM", "CODE_ACCES", "PASWORD", "PASSW"])
def test_a_word_for_a_secret_counts_in_each_language_and_as_people_mistype_it(name: str) -> None:
    assert secrets_of("aws_lambda_function", {"environment": [{"variables": [{name: "Sommer2024!"}]}]}).found


def test_keys_of_wallets_have_a_form() -> None:
    assert certain("xprv" + "9s21ZrQH143K" * 8 + "9s21ZrQH143") and certain("nsec1" + "qpzry9x8" * 7 + "gf")


@given(
    st.sampled_from(["jwt", "Jwt", "encryption", "hmac", "api", "s3", "cache", "sort"]),
    st.sampled_from(["key", "Key"]),
    st.one_of(SECRETS, st.sampled_from(["files/x", "a", "us-east-1"])),
    st.sampled_from(["json", "toml", "yml"]),
)
def test_a_key_inside_of_what_it_opens_is_judged_as_one_name(above: str, name: str, value: str, ending: str) -> None:
    nested = {"json": f'{{"{above}": {{"{name}": "{value}", "a": "x"}}}}', "toml": f'[{above}]\n{name} = "{value}"\n'}
    flat = {"json": f'{{"{above}_{name}": "{value}"}}', "toml": f'{above}_{name} = "{value}"\n'}
    nested["yml"], flat["yml"] = f"{above}:\n  {name}: {value}\n", f"{above}_{name}: {value}\n"
    file = f"settings.{ending}"
    assert bool(found(file, nested[ending])) == bool(found(file, flat[ending]))


def test_a_file_called_after_a_key_is_that_key() -> None:
    for name in ("master.key", "production.key", "MASTER.KEY"):
        assert found(name, "0123456789abcdef0123456789abcdef\n") == [1]
    assert not is_told("master.key", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
