"""What is taken where nothing is set, and what an earlier line gives a variable, are literals like any other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.checkov.kinds.values_files import pieces_of
from preuve.collect.code.secrets.forms import kinds
from preuve.collect.code.secrets.search import Secrets, secrets_of
from preuve.collect.code.secrets.terraform_files import Piece
from preuve.collect.code.secrets.workflows_and_images import of_dockerfile, of_workflow
from preuve.redact.notations.assignments import with_assignments

SECRET = "Zx9kQpw27lsTr4"
SECRETS = (SECRET, "Zx9!kQpw27lsTr4", "soleil2024")
# How a shell is told what to take, each as the value of a variable.
IN_SHELL = (
    "${{X:-{}}}",
    '"${{DB_PASSWORD:-{}}}"',
    "${{X-{}}}",
    "${{X:={}}}",
    "${{1-{}}}",
    "${{X:+{}}}",
    "${{X:-${{Y:-{}}}}}",
    '${{X:-"{}"}}',
    "$(echo {})",
    "$(echo -n '{}')",
    "`printf '%s' {}`",
)
# Lines that another value may be given in, or not; and lines in which surely is.
PERHAPS = (
    "if a; then A=$(get); fi",
    "if a; then\n  A=$(get)\nfi",
    "case $x in\n  b)\n    A=$(get)\n    ;;\nesac",
    "for i in a b; do\n  A=$(get)\ndone",
    "f() {{\n  A=$(get)\n}}",
    "[ a ] && A=$(get)",
    "[ a ] || A=$(get)",
    "A=$(get) run",
    "cat > a <<X\nA=$Y\nX",
)
SURELY = ("A=$(get)", 'export A="$(get $X)"', "A=$(get \\\n --a b)", "if a; then\n  b\nfi\nA=`get`", "A=$B; b")
# What a shell, or a command, makes of a line before.
IN_STEPS = (
    "A={}\nexport DB_PASSWORD=$A",
    "A='{}'; B=$A\nDB_PASSWORD=\"${{B}}\"",
    "A={}\nmysql -uroot -p$A",
    *(f"A={{}}\n{perhaps}\nDB_PASSWORD=${{{{A%x}}}}" for perhaps in PERHAPS),
    ': "${{A:={}}}"\nDB_PASSWORD=$A',
    'read -r DB_PASSWORD <<< "{}"',
    "aws cloudformation create-stack --parameters ParameterKey=DbPassword,ParameterValue={}",
    "DB_PASSWORD=$(echo {} | base64 -d)",
    "DB_PASSWORD=$(echo {} | rev | cut -c2-)",
    '$A = "{}"\n$env:DB_PASSWORD = $A',
    "cat > /etc/app.env <<X\nDB_PASSWORD=${{DB_PASSWORD:-{}}}\nX",
)
IN_PROGRAMS = (
    'PASSWORD = os.environ.get("X") or "{}"',
    'P = os.environ.get("DB_PASSWORD") or "{}"',
    'password = os.getenv("X", "{}")',
    'connect(password=os.getenv("X", "{}"))',
    "ENV.fetch('DB_PASSWORD') {{ '{}' }}",
    "const password = process.env.X || \"{}\"",
)  # fmt: skip


def of_image(text: str) -> bool:
    from preuve.collect.code.checkov.kinds.dockerfile import _instructions  # loads Checkov

    return any(piece.secrets.found for piece in of_dockerfile(text, "Dockerfile", _instructions(text)))


def of_file(name: str, text: str) -> bool:
    return any(piece.secrets.found for piece in pieces_of(name, text))


@pytest.mark.parametrize("form", [*(f"DB_PASSWORD={value}" for value in IN_SHELL), *IN_STEPS])
@pytest.mark.parametrize("secret", SECRETS)
def test_what_a_script_takes_is_a_literal(form: str, secret: str) -> None:
    text = f"#!/bin/sh\n{form.format(secret)}\n"
    assert secrets_of("aws_instance", {"user_data": [text]}).found
    command = {"container_definitions": [[{"name": "a", "command": ["sh", "-c", text]}]]}
    assert secrets_of("aws_ecs_task_definition", command).found
    assert of_file("a.sh", text)


@pytest.mark.parametrize("form", IN_PROGRAMS)
@pytest.mark.parametrize("secret", SECRETS)
def test_what_a_program_takes_is_a_literal(form: str, secret: str) -> None:
    assert list(kinds(form.format(secret)))


@pytest.mark.parametrize("value", ["${{X:-{}}}", "${{X-{}}}", "${{X:+{}}}"])
@pytest.mark.parametrize("set_by", ["ENV DB_PASSWORD={}", "ARG DB_PASSWORD={}", "ENV DB_PASSWORD {}"])
def test_what_an_image_takes_is_a_literal(value: str, set_by: str) -> None:
    assert of_image(f"FROM a:1\n{set_by.format(value.format(SECRET))}\n")


@pytest.mark.parametrize(
    "steps",
    [
        "FROM a:1\nENV A={}\nENV DB_PASSWORD=$A\n",
        "FROM a:1\nENV A {}\nENV DB_PASSWORD $A\n",
        "FROM a:1\nARG A={}\nENV DB_PASSWORD=${{A}}\n",
        "ARG A={}\nFROM a:1\nARG A\nENV DB_PASSWORD=${{A}}\n",
        'FROM a:1\nARG A="{}"\nRUN mysql -uroot -p$A\n',
    ],
)
def test_what_an_instruction_before_sets_is_a_literal(steps: str) -> None:
    assert of_image(steps.format(SECRET))
    assert not of_image(steps.format("$(get)"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".env", "DB_PASSWORD=${{X:-{}}}\n"),
        (".env", "A={}\nDB_PASSWORD=$A\n"),
        ("application.properties", "spring.datasource.password=${{DB_PASSWORD:{}}}\n"),
        ("application-prod.yml", "spring:\n  datasource:\n    password: ${{DB_PASSWORD:{}}}\n"),
        ("docker-compose.yml", "services:\n  db:\n    environment:\n      DB_PASSWORD: ${{DB_PASSWORD:-{}}}\n"),
    ],
)
def test_what_settings_take_is_a_literal(name: str, text: str) -> None:
    assert of_file(name, text.format(SECRET))
    assert not of_file(name, text.format(""))


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        (f"github.ref == 'x' && '{SECRET}' || ''", True),
        (f"format('{{0}}', '{SECRET}')", True),
        (f"secrets.DB_PASSWORD || '{SECRET}'", True),
        (f"github.ref == '{SECRET}' && secrets.A || secrets.B", False),
        (f"secrets['{SECRET}']", False),
        (f"hashFiles('{SECRET}')", False),
    ],
)
def test_what_an_expression_of_a_workflow_gives_is_a_literal(expression: str, found: bool) -> None:
    text = f'on: push\nenv:\n  DB_PASSWORD: "${{{{ {expression} }}}}"\njobs: {{}}\n'
    assert any(piece.secrets.found for piece in of_workflow(text, "a.yml")) is found


@pytest.mark.parametrize("text", ["DB_PASSWORD='$uperS3cret2024'", "DB_PASSWORD=\\$uperS3cret2024"])
def test_a_shell_fills_in_nothing_between_single_quotes_or_behind_a_backslash(text: str) -> None:
    assert list(kinds(text))


@pytest.mark.parametrize(
    "text",
    [
        "DB_PASSWORD=${DB_PASSWORD:-}",
        "DB_PASSWORD=${DB_PASSWORD:?must be set}",
        "DB_PASSWORD=${DB_PASSWORD:0:12}",
        "DB_PASSWORD=${X:-$(aws ssm get-parameter --name /a/b1)}",
        "A=$(get the-secret)\nDB_PASSWORD=$A",
        "TOKEN=$(echo $RANDOM | md5sum)",
        *(f"A={SECRET}\n{line}\nDB_PASSWORD=$A" for line in SURELY),
        *(
            f"P=prod\nA=shop\n{name}={value}"
            for name in ("SECRET", "API_TOKEN")
            for value in ("${P}-app-secret", "$P-token", "$P-$A-token", '"$P/$A/secret"')
        ),
        *(f"TOKEN=$(echo {SECRET} | {to})" for to in ("xargs vault read", "base64 -d | xargs get", "md5sum")),
        "password='$DB_PASSWORD'",
        "secret=${db-password}",
        "password: ${self:custom.password1}",
        "password: ${env:DB_PASSWORD}",
        "password: ${spring.datasource.password}",
        "token: ${cf.eu-west-1:stack1.output}",
        "secret: arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:db",
        "SECRET_NAME=prod/db\nsecret=$(aws secretsmanager get-secret-value --secret-id $SECRET_NAME)",
    ],
)
def test_what_is_taken_from_elsewhere_is_no_literal(text: str) -> None:
    assert not list(kinds(text))
    assert not secrets_of("aws_lambda_function", {"environment": [{"variables": [{"DB_PASSWORD": text}]}]}).hidden


WORDS = st.sampled_from(["dummy", "test", "fake", "unused", "placeholder", "CHANGE_ME", "REPLACED1_BY_PIPELINE"])
SAID = st.sampled_from(
    [
        "TOKEN={}",
        "TOKEN=${{TOKEN:-{}}}",
        'export DB_PASSWORD="${{DB_PASSWORD:-{}}}"',
        "mysql -uroot --password ${{X:-{}}}",
        "curl -H 'Authorization: Bearer {}' https://x",
        'curl -H "Authorization: Bearer ${{X:-{}}}" https://x',
        "TOKEN=$(cat <<EOF\n{}\nEOF\n)",
    ]
)
PLACES: dict[str, Callable[[str], Secrets]] = {
    "a script": lambda text: one_of(pieces_of("a.sh", text)),
    "a resource": lambda text: secrets_of("aws_instance", {"user_data": [text]}),
    "a workflow": lambda text: one_of(of_workflow(WORKFLOW.format(text=json.dumps(text)), "a.yml")),
}
WORKFLOW = "on: push\njobs: {{a: {{steps: [{{run: {text}}}]}}}}\n"


def one_of(pieces: Iterable[Piece]) -> Secrets:
    """Return what all parts of a file hold."""
    told = [piece.secrets for piece in pieces]
    return Secrets(
        tuple(one for each in told for one in each.found), tuple(one for each in told for one in each.hidden)
    )


@pytest.mark.parametrize("place", PLACES)
@given(said=SAID, word=WORDS)
def test_a_word_that_stands_in_for_a_secret_is_not_decided_anywhere(place: str, said: str, word: str) -> None:
    told = PLACES[place](said.format(word))
    assert not told.found
    assert told.hidden
    assert "placeholder" in told.hidden[0]


HERE = st.builds(
    "{before}{form}".format,
    before=st.sampled_from(["", "set -e\n", "echo a\n"]),
    form=st.sampled_from(
        [
            "TOKEN=$(cat <<EOF\n{}\nEOF\n)\n",
            "export DB_PASSWORD=\"$(cat <<-'END'\n\t{}\n\tEND\n)\"\n",
            "TOKEN=$(tr -d x <<EOF\n{}\nEOF\n)\n",
            "read -r -d '' TOKEN <<EOF\n{}\nEOF\n",
            "read TOKEN <<'X'\n{}\nX\n",
            "OUT=$(vault login - <<EOF\n{}\nEOF\n)\n",
            "OUT=$(sudo su app <<'EOF'\n{}\nEOF\n)\n",
            "OUT=`sudo su app <<EOF\n{}\nEOF\n`\n",
            "X=$(cat <<EOF\na\npassword={}\nEOF\n)\n",
        ]
    ),
)


@given(form=HERE, secret=st.sampled_from(SECRETS[:2]))
def test_a_here_document_within_another_command_is_read(form: str, secret: str) -> None:
    assert of_file("a.sh", form.format(secret))
    assert secrets_of("aws_instance", {"user_data": [form.format(secret)]}).found
    assert not of_file("a.sh", form.format("$SECRET"))
    assert with_assignments(form.format(secret)).count("\n") == form.format(secret).count("\n")


def test_an_empty_variable_takes_nothing_from_the_next_line() -> None:
    assert not list(kinds("TOKEN=\nNAME=soleil\n"))


def test_a_script_may_be_empty() -> None:
    assert not list(pieces_of("a.sh", ""))


def test_a_text_has_as_many_lines_and_no_line_grows_without_end() -> None:
    doubled = "A=xxxxxxxxxxxx\n" + "A=$A$A\n" * 100 + "$A" * 300_000
    taken = with_assignments(doubled)
    assert taken.count("\n") == doubled.count("\n")
    assert len(taken) < 3_000_000
