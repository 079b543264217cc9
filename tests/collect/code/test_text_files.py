"""Any text beside code is searched for secrets, whatever it is called: file format × name × form of the secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collect.code.test_values_files import results_of
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.inputs.values_files import is_values_file
from preuve.redact.notations.names import may_name_key
from preuve.redact.notations.values import is_key

# A file that holds a value under a name: `@n` and `@v`.
NAMED = {
    "Makefile": "all:\n\t@n=@v ./run\n",
    "GNUmakefile": "@n ?= @v\nall:\n\ttrue\n",
    "justfile": '@n := "@v"\nrun:\n  true\n',
    "Jenkinsfile": "pipeline {\n  environment {\n    @n = '@v'\n  }\n}\n",
    "Vagrantfile": "config.ssh.@n = '@v'\nx\n",
    "Procfile": "web: @n=@v ./x\nworker: ./y\n",
    "run": "#!/bin/sh\nexport @n=@v\n",
    "crontab": "0 1 * * * @n=@v /x\n",
    "hosts": "[db]\nh1 ansible_user=a @n=@v\n",
    "inventory": "[db:vars]\n@n=@v\n",
    "inventory.ini": "[db:vars]\n@n=@v\n",
    "all": "---\n@n: @v\nother: x\n",
    "main.yml": "---\n@n: @v\nother: x\n",
    "config": "[default]\n@n = @v\n",
    ".boto": "[Credentials]\n@n = @v\n",
    "my.cnf": "[client]\n@n=@v\n",
    "ansible.cfg": "[defaults]\n@n=@v\n",
    "application.properties": "spring.datasource.@n=@v\n",
    "gradle.properties": "@n=@v\n",
    "build.gradle": "signing {\n  @n '@v'\n}\n",
    "build.gradle.kts": 'signing {\n  @n = "@v"\n}\n',
    "docker-compose.yml": "services:\n  d:\n    environment:\n      @n: @v\n",
    "compose.yaml": "services:\n  d:\n    environment:\n      - @n=@v\n",
    "pod.yaml": "kind: Pod\nspec:\n  containers:\n  - env:\n    - name: @n\n      value: @v\n",
    "values.yaml": "db:\n  @n: @v\n",
    "top.yaml": "@n: @v\n",
    "top.json": '{"@n": "@v"}',
    "list.json": '[{"@n": "@v"}]',
    "appsettings.json": '{"Db": {"@n": "@v"}}',
    "run.toml": "@n = '@v'\n",
    "app.service": "[Service]\nEnvironment=@n=@v\nExecStart=/x\n",
    "n.ipynb": '{"cells": [{"source": ["@n = \\"@v\\"\\n"]}]}',
    "settings.xml": "<s>\n<@n>@v</@n>\n</s>\n",
    "seed.sql": "SET @n = '@v';\n",
    "terraform.tfstate": '{"resources": [{"type": "x", "instances": [{"attributes": {"@n": "@v"}}]}]}',
    "main.bicep": "var @n = '@v'\noutput x string = @n\n",
    "params.auto.tfvars": '@n = "@v"\n',
    "terragrunt.hcl": 'inputs = {\n  @n = "@v"\n}\n',
    "site.conf.j2": "[db]\nuser = {{ u }}\n@n = @v\n",
}
# A file that holds a value by its format.
FORMED = {
    ".pgpass": "db:5432:app:bob:@v\ndb:5432:app:eve:@v\n",
    ".netrc": "machine h\n  login u\n  password @v\n",
    "_netrc": "machine h login u password @v\n",
    ".npmrc": "//registry.npmjs.org/:_authToken=@v\n",
    ".pypirc": "[pypi]\nusername = u\npassword = @v\n",
    ".git-credentials": "https://u:@v@github.com\nhttps://u:@v@gitlab.com\n",
    "config.json": '{"auths": {"r.io": {"username": "u", "password": "@v"}}}',
    "kubeconfig": "apiVersion: v1\nusers:\n- name: a\n  user:\n    token: @v\n",
    "config.yaml": "apiVersion: v1\nusers:\n- name: a\n  user:\n    token: @v\n",
    "db_password.txt": "@v\n",
    ".vault-token": "@v",
    "requirements.txt": "--index-url https://u:@v@pypi.io/simple\nx==1\n",
}
# Texts that may be for anything: only what looks like a secret, under a name that surely announces one, is one there.
FOR_ANYTHING = {"Makefile", "GNUmakefile", "justfile", "Jenkinsfile", "Vagrantfile", "Procfile", "crontab", "all",
                "build.gradle", "build.gradle.kts", "n.ipynb", "seed.sql", "site.conf.j2"}  # fmt: skip
# Data of no known purpose: a word in it decides nothing, and is not told.
DATA = {"main.yml", "values.yaml", "top.yaml", "top.json", "list.json", "run.toml"}
# An ending of its own: what is set there is set, and what is doubtful is not told.
OF_A_FORMAT = {"app.service", "main.bicep", "terragrunt.hcl"}
SURE_NAMES = ["DB_PASSWORD", "api_token", "secretKey", "mot_de_passe", "dbPasswort", "CLIENT_SECRET"]
SURE = st.sampled_from(SURE_NAMES)
PERHAPS = st.sampled_from(["HTTP_AUTH", "SSH_KEY", "BASIC_AUTH", "JWT", "PROXY_AUTHORIZATION"])
OTHERS = st.sampled_from(
    ["DB_HOST", "region", "token_ttl", "secret_name", "PASSWORD_FILE", "tokens_per_minute", "Author"]
)
SECRET = st.from_regex(r"[a-z]{3,8}[0-9]{2,4}[A-Z]{2,6}[0-9]{1,3}", fullmatch=True)
WORD = st.sampled_from(["soleil", "changeme", "admin", "correcthorse"])
ELSEWHERE = st.sampled_from(["$DB_SECRET", "${DB_SECRET}", "<your-value>", "xxxxxxxx", "/prod/db/x"])


def read(folder: Path, name: str, text: str) -> set[str]:
    """Return the results for a file that is searched."""
    (folder / name).write_text(text)
    assert is_values_file(Sources(folder), folder / name)
    return results_of(name, text)


def written(name: str, called: str, value: str) -> str:
    return NAMED[name].replace("@n", called).replace("@v", value)


@pytest.mark.parametrize("file", NAMED)
@settings(max_examples=15)  # of each format
@given(called=st.one_of(SURE, PERHAPS), secret=SECRET, other=OTHERS)
def test_a_value_that_looks_like_a_secret_is_one_under_a_name_that_may_announce_it(
    tmp_path_factory: pytest.TempPathFactory, file: str, called: str, secret: str, other: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    if file in FOR_ANYTHING and called not in SURE_NAMES:
        assert read(folder, file, written(file, called, secret)) <= {"FAILED", "UNKNOWN"}
        return
    doubt = {"UNKNOWN"} if file not in OF_A_FORMAT else set()
    unsure = called == "SSH_KEY" and file.endswith((".hcl", ".tfvars"))  # it may be the name of a pair of keys
    assert read(folder, file, written(file, called, secret)) == (doubt if unsure else {"FAILED"})
    about = {"UNKNOWN"} if may_name_key(other) and is_key(secret) else set()  # `token_ttl`: built like a key, undecided
    about |= {"UNKNOWN"} if file == "run" else set()  # in a script what is built like a key is undecided
    about |= {"UNKNOWN"} if file == ".boto" else set()  # its section is called Credentials
    assert read(folder, file, written(file, other, secret)) <= about


@pytest.mark.parametrize("file", NAMED)
@settings(max_examples=15)  # of each format
@given(called=SURE, word=WORD, elsewhere=ELSEWHERE)
def test_a_word_under_the_name_of_a_secret_is_told_where_the_file_says_that_it_sets_something(
    tmp_path_factory: pytest.TempPathFactory, file: str, called: str, word: str, elsewhere: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    telling = file not in FOR_ANYTHING | DATA
    assert read(folder, file, written(file, called, word)) in (({"FAILED"}, {"UNKNOWN"}) if telling else (set(),))
    doubts = telling and file not in OF_A_FORMAT and file != "run"  # a script by its first line alone is no setting
    assert read(folder, file, written(file, called, "dummy")) == ({"UNKNOWN"} if doubts else set())
    assert read(folder, file, written(file, called, elsewhere)) == set()


@pytest.mark.parametrize("file", FORMED)
@given(value=st.one_of(SECRET, WORD))
def test_a_file_that_holds_credentials_by_its_format_is_heard(
    tmp_path_factory: pytest.TempPathFactory, file: str, value: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    assert read(folder, file, FORMED[file].replace("@v", value)) == {"FAILED"}


@given(
    stem=st.from_regex(r"[a-z][a-z-]{1,12}", fullmatch=True),
    ending=st.sampled_from(["", ".x", ".9", ".conf.d", ".old"]),
)
def test_a_text_of_any_name_is_searched(tmp_path_factory: pytest.TempPathFactory, stem: str, ending: str) -> None:
    assert read(tmp_path_factory.getbasetemp(), f"{stem}{ending}", "x y\nDB_PASSWORD=Sup3rS3cret2024\n") == {"FAILED"}


ANY_NOTATION = (
    "password @v\n",
    "password = @v\n",
    'poll mail user "bob" pass "@v"\n',
    "Environment=API_TOKEN=@v\n",
    "[smtp.example.com]:587 bob:@v\n",
    "#cloud-config\nchpasswd:\n  list: |\n    root:@v\n",
    "all the words of a text\n",
)


@pytest.mark.parametrize("text", ANY_NOTATION)
@given(stem=st.from_regex(r"[a-z][a-z-]{3,12}", fullmatch=True))
def test_a_file_without_an_ending_is_read_as_one_of_an_unknown_ending(
    tmp_path_factory: pytest.TempPathFactory, text: str, stem: str
) -> None:
    folder, written_ = tmp_path_factory.getbasetemp(), text.replace("@v", "Xk9vTq2LmZ7wRb4N")
    assert read(folder, f"x-{stem}", written_) == read(folder, f"x-{stem}.unheard", written_)
    assert bool(read(folder, f"x-{stem}", written_)) is ("@v" in text)


SHOWN = {
    "an example": "paths: {/a: {post: {requestBody: {content: {j: {example: {@n: @v}}}}}}}\n",
    "examples": "paths: {/a: {post: {examples: [{value: {@n: @v}}]}}}\n",
    "an example of a property": "components: {schemas: {U: {properties: {@n: {type: string, example: @v}}}}}\n",
    "a default": "components: {schemas: {U: {properties: {@n: {type: string, default: @v}}}}}\n",
    "a description": "info: {description: 'send @n=@v with it'}\n",
}


@pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN)
@pytest.mark.parametrize("begins", ["openapi: 3.0.0\n", "swagger: '2.0'\n"])
@given(called=SURE, secret=SECRET)
def test_what_the_description_of_an_interface_shows_is_not_decided(
    begins: str, shown: str, called: str, secret: str
) -> None:
    text = shown.replace("@n", called)
    assert results_of("api.yaml", begins + text.replace("@v", secret)) == {"UNKNOWN"}
    assert results_of("api.yaml", begins + text.replace("@v", "string")) <= {"UNKNOWN"}
    token = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
    assert results_of("api.yaml", begins + text.replace("@v", token)) == {"FAILED"}
    value = f"x-amazon-apigateway-integration: {{requestParameters: {{{called}: {secret}}}}}\n"
    assert results_of("api.yaml", begins + value) == {"FAILED"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package-lock.json", '{"node_modules/js-tokens": {"integrity": "sha512-'
         'RdJUflcE3cUzKiMqQgsCu06FPu9UdIJO0beYbPhHN4k6apgJtifcoCtT9bcxOpYBtpD2kCM6Sbzg4CausW/PKQ=="}}'),
        ("schema.json", '{"$defs": {"Secret": {"properties": {"file": {"pattern": "^[A-Z0-9]{8,}$"}}}}}'),
        ("fr.json", '{"login": {"password": "Password", "token": "Jeton", "secret": "Secret de passe"}}'),
        ("types.yaml", "password: string\ntoken: integer\n"),
        ("values.sops.yaml", "db_password: ENC[AES256_GCM,data:sDe93urx,iv:8qkbek/z=,tag:PAZ+lTN=,type:str]\n"),
        ("vault.yml", "db_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6231643963\n  3864\n"),
        ("Makefile", "SECRET=$$(terraform output -raw secret)\nTOKEN := $(shell cat token)\n"),
        ("auth.yaml", "HTTP_AUTH: app:$PASSWORD\n"),
        ("x.service", "ExecStart=/x --password-file=/run/secrets/db\nEnvironmentFile=/etc/x.env\n"),
        ("app.template", 'password="<<DB_PASSWORD>>"\n'),
        ("ca.txt", "-----BEGIN CERTIFICATE-----\nk9vLq2Zt11wPzXb7Yc3Nd5Me6Qf8Gh0Ju4Ti2Os1\n-----END CERTIFICATE-----"),
    ],
)  # fmt: skip
def test_texts_without_a_secret_say_nothing(tmp_path: Path, name: str, text: str) -> None:
    assert read(tmp_path, name, text) == set()


@pytest.mark.parametrize("ending", ["py", "js", "php", "go", "md", "html", "csv", "png", "lock"])
def test_programs_prose_and_what_is_no_text_are_for_others(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"x.{ending}").write_text("DB_PASSWORD=Sup3rS3cret2024\n")
    assert not is_values_file(Sources(tmp_path), tmp_path / f"x.{ending}")


PROGRAMS = {
    "wp-config.php": "<?php\ndefine('@n', '@v');\n",
    "settings.py": "@n = '@v'\n",
    "config.js": "module.exports = {@n: '@v'}\n",
    "db_credentials.rb": '@n = "@v"\n',
    "app-config.ts": "export const @n = '@v'\n",
}


@pytest.mark.parametrize("file", PROGRAMS)
@given(called=SURE, secret=SECRET, other=st.sampled_from(["soleil", "REMOVED", "test-password"]))
def test_a_program_that_is_called_settings_is_searched_for_what_looks_like_a_secret(
    tmp_path_factory: pytest.TempPathFactory, file: str, called: str, secret: str, other: str
) -> None:
    folder, text = tmp_path_factory.getbasetemp(), PROGRAMS[file].replace("@n", called)
    assert read(folder, file, text.replace("@v", secret)) == {"FAILED"}
    assert read(folder, file, text.replace("@v", other)) == set()
    assert read(folder, file, text.replace("'@v'", f"env.{secret}").replace('"@v"', f"env.{secret}")) == set()


def test_what_stands_below_a_name_that_may_announce_a_secret_is_not_decided() -> None:
    for text in ("secrets:\n  db: Sup3rS3cret2024\n", "auth: {a: b, c: Sup3rS3cret2024}\n"):
        assert results_of("values.yaml", text) == {"UNKNOWN"}
    assert results_of("db-secrets.yaml", "db: Sup3rS3cret2024\n") == {"UNKNOWN"}
    assert results_of("values.yaml", "db_password:\n  prod: Sup3rS3cret2024\n") == {"FAILED"}
