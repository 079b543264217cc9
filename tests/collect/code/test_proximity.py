"""What is built like a secret beside a word that tells of one is never passed, however a language writes it there, and
the same place with what is no secret is.
"""

from __future__ import annotations

import re
from typing import Any
from unittest.mock import Mock, patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.checkov.kinds.values_files import pieces_of
from preuve.collect.code.language.hcl.syntax.parser import parse_file
from preuve.collect.code.secrets import proximity
from preuve.collect.code.secrets.forms import kinds, kinds_and_doubts
from preuve.collect.code.secrets.proximity import has_unexplained_key
from preuve.collect.code.secrets.search import Secrets, secrets_in_data, secrets_of
from preuve.collect.code.secrets.terraform_files import of_file
from preuve.redact.notations.names import Telling
from preuve.redact.notations.values import is_built_like_key

SECRET = "Kq9vTz4LmX2wRb7n"
NAMES = ["password", "DB_PASSWORD", "AdministratorPassword", "apiToken", "X-Api-Key", "client_secret"]
# How notations write a value under a name, many of which no grammar of ours knows.
UNDER_NAME = [
    "{}: |\n    {}",
    "<{}><Value>{}</Value>",
    "<{}>\n  <Value>\n    {}\n  </Value>",
    "<{}><![CDATA[{}]]>",
    "<key>{}</key>\n<string>{}</string>",
    'proxy_set_header {} "{}";',
    "jq '.{}=\"{}\"' x",
    "{}=({})",
    "my ${} = q({});",
    '{} = """{}"""',
    '{} = (\n    "{}"\n)',
    '{}="\n{}\n"',
    '${} = @"\n{}\n"@',
    "({} . {})",
    "{} -> {}",
    "{} => [{}]",
    "{}|{}",
    "config set //r.io/:{} {}",
]
HANDED = [
    "curl -U bob:{} -x p h",
    "bcp x out y -U b -P {}",
    "twine upload -u b -p {}",
    "ipmitool -U b -P '{}'",
    "java -jar cli.jar -auth admin:{}",
    "vault login {}",
    "dotnet nuget push -k {} x",
    "gem push --key {}",
    "consul agent -encrypt {}",
    "impdp system/{} directory=x",
    "export DB=bob/{}@h:1521/x",
    "git clone https://{}@github.com/a/b",
    "CREATE USER bob IDENTIFIED BY {};",
    "  stats auth bob:{}",
    "user bob on >{} ~* +@all",
    'createUser bob SHA "{}" AES',
    "[smtp.x.io]:587 bob:{}",
    '<credential-reference clear-text="{}"/>',
    "mysql -e \"SET PASSWORD FOR root = PASSWORD('{}')\"",
    """aws ssm put-parameter --cli-input-json '{{"Type":"SecureString","Value":"{}"}}'""",
]
# The same text says the same in any file that is no prose.
ENDINGS = ["persistence.xml", "x.plist", "t.sql", ".msmtprc", ".fetchmailrc", "x.conf", "x.unknown", "d.sh"]
ALIKE = [
    '<property name="javax.persistence.jdbc.password" value="{}"/>',
    '<property name="hibernate.connection.password">{}</property>',
    "<property><name>fs.s3a.secret.key</name><value>{}</value></property>",
    "CONNECT bob/{}@x",
    "user bob\npassword {}",
]
NONE = ["$X", "$(get x)", "{{ x }}", "changes", "eu-west-3", "/app/db/x", "true"]


def state(found: Secrets) -> str:
    """Return what is said of a block."""
    return "FAIL" if found.found else "UNKNOWN" if found.hidden else "PASS"


@given(
    form=st.sampled_from(UNDER_NAME), name=st.sampled_from(NAMES), above=st.sampled_from(["", "#!/bin/sh\nset -e\n"])
)
def test_a_value_under_a_name_is_not_passed_however_it_is_written(form: str, name: str, above: str) -> None:
    text = f"{above}{form.format(name, SECRET)}\n"
    assert [*kinds_and_doubts(text)], text
    assert state(secrets_of("aws_instance", {"user_data": [text]})) != "PASS"


PUT = [
    "echo {} > /run/secrets/{}",
    "cat > /etc/{1} <<X\n{0}\nX",
    "#cloud-config\nwrite_files:\n  - path: /run/{1}\n    content: {0}",
    "#cloud-config\nwrite_files:\n  - content: {0}\n    path: /run/{1}",
    "echo {} | docker secret create {} -",
    "kubectl create secret generic {1} --from-literal=a={0}",
    'expect "{1}: "\nsend "{0}\\r"',
    "install {1} <(echo {0})",
    "<{1}>\nbob\n{0}\n</{1}>",
]


@given(form=st.sampled_from(PUT), name=st.sampled_from(["db_password", "api-token", "private-key", "chap-secrets"]))
def test_a_value_that_is_put_where_a_name_tells_of_a_secret_is_not_passed(form: str, name: str) -> None:
    text = f"#!/bin/sh\n{form.format(SECRET, name)}\n"
    assert state(secrets_of("aws_instance", {"user_data": [text]})) != "PASS"
    other = f"#!/bin/sh\n{form.format(SECRET, 'motd').replace('secret', 'config')}\n"
    assert state(secrets_of("aws_instance", {"user_data": [other]})) == "UNKNOWN", "nothing tells what it is"


@given(form=st.sampled_from(HANDED), secret=st.sampled_from([SECRET, "pUqJrVyVRj5jsiYEkM+tFQYfWyJIv4s3XkvDwy7Cu5"]))
def test_a_value_that_an_option_or_a_login_hands_over_is_not_passed(form: str, secret: str) -> None:
    assert [*kinds_and_doubts(form.format(secret))]


@given(form=st.sampled_from([*UNDER_NAME, *HANDED]), name=st.sampled_from(NAMES), value=st.sampled_from(NONE))
def test_what_is_no_secret_is_no_doubt_there(form: str, name: str, value: str) -> None:
    parts = (name, value) if form in UNDER_NAME else (value,)
    assert "beside" not in [*kinds_and_doubts(form.format(*parts))]


@pytest.mark.parametrize("form", ["TOKEN=$(echo {} | md5sum)", "password=$(vault read {} | head)", "tokens of shop {}"])
def test_what_stands_later_on_a_line_is_no_doubt(form: str) -> None:
    assert "beside" not in [*kinds_and_doubts(form.format(SECRET))]


@pytest.mark.parametrize(
    "text",
    [
        'export X="ghp_Zk3Rq8Lm2Xw""9Tn5Vb7Yc1Pd4Hs6Jf0Ga2Ke8"',
        r"X=$'\x67hp_Zk3Rq8Lm2Xw9Tn5Vb7Yc1Pd4Hs6Jf0Ga2Ke8'",
        "X=ghp_Zk3Rq8Lm\\\n2Xw9Tn5Vb7Yc1Pd4Hs6Jf0Ga2Ke8",
        "git clone https://0123456789abcdef0123456789abcdef01234567@github.com/a/b",
    ],
)
def test_a_token_that_a_shell_puts_together_is_one(text: str) -> None:
    assert [*kinds(text)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config.py", f'PASSWORD = (\n    "{SECRET}"\n)\n'),
        (".env", f'DB_PASSWORD="\n{SECRET}\n"\n'),
        ("d.ps1", f'$Password = @"\n{SECRET}\n"@\n'),
    ],
)
def test_a_file_with_one_on_another_line_is_not_passed_over(name: str, text: str) -> None:
    assert any(state(piece.secrets) != "PASS" for piece in pieces_of(name, text))
    assert all(state(piece.secrets) == "PASS" for piece in pieces_of(name, text.replace(SECRET, "$X")))


def in_environment(value: str) -> dict[str, Any]:
    """Return settings of the Serverless Framework."""
    return {"provider": {"environment": {"DB_PASSWORD": value}}}


@given(
    outer=st.sampled_from(
        ["ssm:/app/{}/db-password", "ssm:{}ssmSecretAccessKey", "self:custom.tokens.{}", "cf:{}.Token"]
    ),
    inner=st.sampled_from(["${opt:stage}", "${env:APP_ID}", "${self:custom.p}"]),
)
def test_a_reference_within_a_reference_is_none(outer: str, inner: str) -> None:
    found = secrets_in_data(in_environment(f"${{{outer.format(inner)}}}"), most=Telling.SURELY)
    assert state(found) == "PASS"
    for one in (f"${{self:{SECRET}}}", "${opt:Sommer2024!}"):
        assert state(secrets_in_data(in_environment(one), most=Telling.SURELY)) == "FAIL"


def test_the_path_of_a_construct_is_no_key() -> None:
    for path in ("TheEventbridgeEtlStack/Vpc/PublicSubnet1", "TheEventbridgeEtlStack/Vpc/PublicSubnet2"):
        assert state(secrets_of("AWS::EC2::Subnet", {"Tags": [{"Key": "Name", "Value": path}]})) == "PASS"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("parser=json", "PASS"),
        ("Tag=kube.*", "PASS"),
        ("path=/var/log/x1.log", "PASS"),
        (SECRET, "FAIL"),
        (f"a={SECRET}", "FAIL"),
    ],
)
def test_a_property_after_an_option_is_no_password(value: str, said: str) -> None:
    container = {"name": "a", "command": ["-i", "tail", "-p", value]}
    assert state(secrets_of("aws_ecs_task_definition", {"container_definitions": [[container]]})) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Credentials may be embedded (https://user:pass@host/path).", "PASS"),
        ("Credentials may be embedded (https://user:Kq9vTz4L@host/path).", "FAIL"),
        ("Credentials may be embedded (https://user:pass@host.prod.io/path).", "FAIL"),
        ("https://user:pass@host/path", "FAIL"),
    ],
)
def test_a_sentence_that_shows_the_form_of_an_address_holds_no_password(text: str, said: str) -> None:
    (piece,) = of_file(parse_file(f'variable "endpoint" {{\n  description = "{text}"\n}}\n'))
    assert state(piece.secrets) == said


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ("random_password.p[u].result", "PASS"),
        ("local.method", "PASS"),
        ("u", "FAIL"),
        ('"x${u}"', "FAIL"),
        (f'"{SECRET}"', "FAIL"),
    ],
)
def test_what_a_loop_goes_over_is_a_value_only_if_it_gives_it(result: str, said: str) -> None:
    code = f'locals {{\n  user_password = {{ for u in ["alice77", "robert4"] : u => {result} }}\n}}\n'
    (piece,) = of_file(parse_file(code))
    assert state(piece.secrets) == said


KEYS = st.text(
    st.sampled_from("ABCDEFGHKLMNPQRSTUVWXYZabcdefghkmnpqrstuvwxyz23456789"), min_size=16, max_size=24
).filter(is_built_like_key)
COMMANDS = (
    'echo "cache_peer p parent 3128 0 login=bob:@k" >> /etc/squid/squid.conf',
    'curl "http://x/?login=@k"',
    "echo @k > /etc/rsyncd.conf",
    "echo me:@k > /etc/passwd-s3fs",
    """echo '"bob" "@k"' > /etc/userlist.txt""",
    "ldap_default_authtok = @k",
    "rocommunity @k",
    "$USER5$=@k",
    "mc alias set m http://x admin @k",
    "expect -c 'send \"@k\\r\"'",
    "mytool login bob/@k",
    "tool @k/aws",
    "tool @k/abc/@k",
)
EXPLAINED = (
    "curl https://bucket.s3.amazonaws.com/releases/@k.zip",
    "aws s3 cp s3://bucket/@k /tmp",
    "cp /opt/app/@k /tmp",
    "cp opt/app/@k tmp",
    "echo ssh-rsa AAAAB3@k me",
    "x=arn:aws:iam::123456789012:role/@k",
    "echo $@k",
    "@k() { true; }",
    "echo sha256-@k",
    "-----BEGIN CERTIFICATE-----\n@k\n-----END CERTIFICATE-----",
)


@pytest.mark.parametrize("command", COMMANDS)
@given(key=KEYS)
def test_what_is_built_like_a_key_never_passes_in_what_a_machine_runs(command: str, key: str) -> None:
    """Whatever stands around it: what is known to be something else is named, and not what tells of a secret."""
    found = secrets_of("aws_instance", {"user_data": [f"#!/bin/bash\n{command.replace('@k', key)}\n"]})
    assert found.found or found.hidden


@pytest.mark.parametrize("command", EXPLAINED)
@given(key=KEYS)
def test_what_says_that_it_is_something_else_is_no_doubt(command: str, key: str) -> None:
    assert not has_unexplained_key(f"#!/bin/bash\n{command.replace('@k', key)}\n")


@given(st.text("ab+/ \n", max_size=40), st.lists(st.integers(0, 40)), st.lists(st.integers(0, 40)))
def test_what_is_in_an_encoded_word_is_found_with_one_look_at_each_word(
    text: str, starts: list[int], opened: list[int]
) -> None:
    starts, opened = ([place for place in places if place <= len(text)] for places in (starts, opened))
    ends = [(begin, begin + len(text[begin:]) - len(re.sub(r"\A[\w+/-]*", "", text[begin:]))) for begin in opened]
    inside = {place for begin, end in ends for place in range(begin, end + 1)}
    looks = Mock(wraps=proximity._ENCODED)
    with patch.object(proximity, "_ENCODED", looks):
        assert [*proximity._outside(text, starts, opened)] == [start for start in starts if start not in inside]
    assert looks.match.call_count <= len(set(opened))
