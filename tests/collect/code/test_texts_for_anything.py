"""Texts that nearly every repository has, and that speak of secrets, hold none; the same places with one have one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect.code.test_values_files import results_of
from preuve.collect.code.checkov.kinds.values_files import pieces_of
from preuve.collect.code.files.kinds import is_of_tests, is_only_listed
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.inputs.values_files import is_values_file, text_of
from preuve.collect.code.job import Gap
from preuve.collect.code.language.templates.source import TooLargeError
from preuve.collect.code.secrets.search import secrets_of
from preuve.collect.code.secrets.terraform_files import SecretRules, lines_of
from preuve.redact.notations.values import without_documented

SECRET = "Zk9vQ2pLm4Zt"
BODY = "MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\nQIDAQAB\n"
WHAT = st.sampled_from(["CERTIFICATE", "PUBLIC KEY", "RSA PUBLIC KEY", "TRUSTED CERTIFICATE"])
KEPT = [f"DB_PASSWORD={SECRET}", "A=AKIAZ5XQTR7WPL3MNB6K", "T=ghp_16C7e42F292c6912E7710c838347Ae178B4a"]


@given(
    what=WHAT, line=st.sampled_from(KEPT), end=st.sampled_from(["", "-----END CERTIFICATE-----x", "-----END X-----"])
)
def test_the_beginning_of_a_certificate_hides_nothing(what: str, line: str, end: str) -> None:
    begin = f"-----BEGIN {what}-----"
    whole = f"{begin}\n{BODY}-----END {what}-----\n"
    for text in (
        f"# {begin} goes to CERT below\n{line}\n{end}\n",
        f"{whole}{line}\n{whole}",
        f"{begin}\n{BODY}{line}\n{end}\n",
    ):
        assert results_of("prod.env", text) == {"FAILED"}
        script = f"#!/bin/sh\n{text.replace(line, f'export {line}')}"
        assert secrets_of("aws_instance", {"user_data": [script]}).found
    assert BODY[:20] not in without_documented(whole)
    assert begin in without_documented(whole)
    assert results_of("x.tfvars", f"public_encryption_key = <<-EOT\n{whole}EOT\n") == set()


@pytest.mark.parametrize(
    "form",
    ["[" + ",".join("*" * 9) + "]", "{" + ",".join(f"k{n}: *" for n in range(9)) + "}", "{secret: *, b: [*,*,*]}"],
)
def test_data_that_repeats_itself_is_searched_once_and_no_more_of_it_than_people_write(form: str) -> None:
    lines = ["a: &a [x1, x2, {db_password: @}]"]
    lines += [
        f"{name}: &{name} {form.replace('*', f'*{before}')}"
        for before, name in zip("abcdefghijkl", "bcdefghijklm", strict=True)
    ]
    began = time.process_time()
    for few in (lines[:4], lines[:5]):
        assert results_of("labels.yaml", "\n".join(few).replace("@", "x")) == set()
        assert results_of("labels.yaml", "\n".join(few).replace("@", SECRET)) == {"FAILED"}
    with pytest.raises(TooLargeError):  # the file is a gap
        results_of("labels.yaml", "\n".join(lines).replace("@", SECRET))
    assert time.process_time() - began < 10


@given(user=st.sampled_from([SECRET, "a!b", "x9"]), signs=st.integers(2, 3))
def test_only_names_stand_in_brackets_and_only_a_user_before_a_reference(user: str, signs: int) -> None:
    if len(user) > len("a!b"):
        assert results_of("a.yaml", f"db_password: '{user}:${{x}}'\n") == {"FAILED"}
    for text, expected in ((SECRET, {"FAILED"}), ("DB_PASSWORD", set()), ("your name", set())):
        assert results_of("a.env", f"API_KEY={'<' * signs}{text}{'>' * signs}\n") == expected
    assert results_of("a.yaml", "http_auth: app:$PASSWORD\n") == set()


ENCODINGS = {"latin-1": "mot=\u00e9\n", "utf-16": "", "utf-8": "mot=\u00e9\n"}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["settings", "u16.txt", "u16settings.ini", "prod.env"])
def test_a_text_is_read_in_any_encoding(tmp_path: Path, name: str, encoding: str) -> None:
    file = tmp_path / name
    file.write_bytes(f"{ENCODINGS[encoding]}DB_PASSWORD={SECRET}\n".encode(encoding))
    sources = Sources(tmp_path)
    assert is_values_file(sources, file)
    text = text_of(sources, file)
    assert isinstance(text, str)
    assert results_of(name, text) == {"FAILED"}


@pytest.mark.parametrize("name", ["big", "m.json", "m.ini", "big.env"])
def test_a_text_that_is_too_long_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x = 1\n" * 1_000_000)
    assert is_values_file(Sources(tmp_path), tmp_path / name)
    assert isinstance(text_of(Sources(tmp_path), tmp_path / name), Gap)
    (tmp_path / name).write_bytes(b"\0\1\2\3" * 1_500_000)  # no text
    assert is_values_file(Sources(tmp_path), tmp_path / name) == name.endswith(".env")


NORMAL = {
    "package-lock.json": '{"js-tokens": {"integrity": "sha1-mGbfOVECEw449/mWvOtlRDIJwls="}}',
    "npm.json": '{"js-tokens": {"integrity": "sha1-mGbfOVECEw449/mWvOtlRDIJwls="}}',
    "a.sql": "SELECT 1 FROM a JOIN b ON a.token = b.token2;\nIF NEW.password1 = OLD.password1 THEN\n",
    "b.sql": "SET password = excluded.password1\nWHERE secret = :secret1 AND api_key = p_api_key2\n",
    "c.sql": "ALTER USER x WITH PASSWORD :'pw12345';\npassword varchar2(255),\nsecret nvarchar2 not null\n",
    ".eslintrc": '{"rules":{"no-secrets/no-secrets":"error"}}',
    ".stylelintrc": '{"scss/at-mixin-token":"always"}',
    ".babelrc": '{"token":"x1y2z3"}',
    "NOTES": "export GITHUB_TOKEN=your_github_token_here\n- api_key=REQUIRED1 is now an error\n",
    "USAGE": "* --password VALUE1 takes precedence\n--api-key KEY1          key to use\n",
    ".travis.yml": 'deploy: {api_key: {secure: "aGVsbG8xMjM0NTY3ODkwYWJjZGVmZ2hpams="}}',
    "appveyor.yml": "api_token: {secure: eYKZKFkkEvFYWX6NfjZIVw==}",
    "Pulumi.prod.yaml": "config:\n  x:token: {secure: v1:AbCdEfGhIjKlMnOp:abcdefgh1234567890abcd==}\n",
    "docker-compose.yml": "services: {a: {environment: {DB_PASSWORD: '${DB_PASSWORD:?err}', B_TOKEN: '${T:?}'}}}",
    "compose.yaml": "services: {a: {environment: {DB_PASSWORD: '${DB_PASSWORD:?DB_PASSWORD is required}'}}}",
    "api.yaml": "openapi: 3.0.0\nx: {credentials: {Fn::GetAtt: [AuthInternalApiRole2, Arn]}}",
    ".gitlab-ci.yml": "a: {secrets: {DB_PASSWORD: {vault: production/db1/password@ops}}}",
    "hashing.yaml": "password: {cost: m=65536}",
    "devise.yaml": 'passwords: {edit: "Changer!"}',
    "nl.json": '{"login": {"token": "Sleutel"}, "mot de passe": "obligatoire"}',
    "model.json": '{"unk_token": "unk1", "input_token": "NextToken"}',
    "external.yaml": "spec: {data: [{secretKey: password}]}",
    "filter.yml": "secrets:\n  - env/common/**\n",
    "credentialSubject.json": '{"drivingPermit": [{"personalNumber": "DECER607085K9123"}]}',
    "node.json": '{"node_id": "MDQ6QmxvYjE2NDQ2MjE2MDoyZTZiNWZhNDU0NjI1MTBkNTU0OWI2YmNmMmJiYzhiNTNhZTA4YWVk"}',
    "Makefile": "TOKEN=dummy\nU = 'https://test.idp.idm.cms.gov/oauth2/aus2r7y3gdaFMKBol297/v1/token'\n",
    "sealed.yaml": "# ENC[AES256_GCM,data:7gTigBAtf3FKYWqZV+OIqV48nZ/8cCUFQIpTSeGW,iv:PZO=,tag:PAZ=,type:comment]\n",
    "db.env.template": "DB_PASSWORD=map\n",
    "app-config.rb": "system(\"zip -P '#{random_password}' x\")\n",
}


@pytest.mark.parametrize("name", NORMAL)
def test_a_normal_text_says_nothing(name: str) -> None:
    assert results_of(name, NORMAL[name]) == set()


@pytest.mark.parametrize("name", ["README", "CHANGELOG", "INSTALL", "CONTRIBUTING", "NEWS", "my-settings.test.ts"])
def test_prose_without_an_ending_and_tests_are_not_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("export TOKEN='Zk9vQ2pLm4Zt'\n")
    assert not is_values_file(Sources(tmp_path), tmp_path / name)


def test_files_of_others_and_of_tests_are_known_by_their_folder() -> None:
    assert is_only_listed("a/node_modules/b/c.json")
    assert is_only_listed("app/i18n/fr.json")
    assert is_only_listed("a/testdata/subject_token.txt")
    assert is_of_tests("a/src/test/resources/x.conf")
    for path in ("a/test/token.txt", "live/test/x.conf", "a/testdata/prod.env", "a/b.json"):
        assert not is_only_listed(path)
    assert not is_of_tests("live/test/x.conf")


HELD = {
    "a.sql": "SET PASSWORD FOR 'x'@'y' = PASSWORD('@');",
    "b.sql": 'CREATE USER a IDENTIFIED BY "@";',
    "c.sql": "INSERT INTO users(email,password) VALUES('a','@');",
    "d.sql": "ALTER USER x WITH PASSWORD '@';",
    "compose.yaml": "services: {a: {environment: {DB_PASSWORD: @}}}",
    "fstab": "//h/s /mnt cifs username=u,password=@ 0 0\n",
    "curlrc": 'user = "a:@"\n',
    "ipsec.secrets": 'h1 h2 : PSK "@"\n',
    "chap-secrets": "user * @ *\n",
    "two_password.txt": "@\n@\n",
    "root.pw": "@\n",
    "mysql.password": "@\n",
    "twice.json": '{"password":"@","password":"x"}',
    "samples.env": "DB_PASSWORD=@\n",
    "prod-sample-data.env": "DB_PASSWORD=@\n",
    "deploy": "#!/bin/bash\nexport DB_PASSWORD=@\n",
    ".dockercfg": '{"r.io": {"password": "@"}}',
    ".travis.yml": "deploy: {api_key: {secure: '@!'}}",
}


@pytest.mark.parametrize("name", HELD)
@given(secret=st.from_regex(r"[a-z]{3,8}[0-9]{2,4}[A-Z]{2,6}[0-9]{1,3}", fullmatch=True))
def test_a_secret_in_such_a_place_is_found(name: str, secret: str) -> None:
    assert results_of(name, HELD[name].replace("@", secret)) == {"FAILED"}


def test_what_is_not_decided_is_told_at_its_line() -> None:
    text = '{\n"a": 1,\n"b": {\n"db_password": "dummy"}}\n'
    asked = SecretRules({"others": ("C",)})
    line = next(iter(lines_of(asked, "infra", "settings.json", text, pieces_of("settings.json", text))))
    assert (line["result"], line["decided_at"]) == ("UNKNOWN", [4, 4])
