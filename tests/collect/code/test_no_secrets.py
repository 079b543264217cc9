"""What only names a secret, masks it or shows its form is none; the same places with a secret in them are one."""

from __future__ import annotations

from time import process_time

import pytest

from collect.code.conftest import Scanner
from content_copy import bundled
from preuve.collect.code.checkov.kinds.values_files import pieces_of
from preuve.collect.code.inputs.values_files import is_shown
from preuve.collect.code.secrets.forms import kinds, kinds_by_form
from preuve.collect.code.secrets.search import secrets_of, secrets_under
from preuve.library.validation.code.code_rules import rendered

SECRET = "Kx9vLq2Zt11wPz"
CHECK = "CKV2_PREUVE_CODE_SECRETS"
RULE = rendered(bundled().code_rules[CHECK], {})


def in_secret(text: str) -> bool:
    return bool(secrets_of("kubernetes_secret", {"data": [{"settings": text}]}).found)


def in_file(name: str, text: str) -> bool:
    return any(piece.secrets.found for piece in pieces_of(name, text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("infrastructure/account terraform secret: dockerhub_credentials", False),
        ("Teleport join token: node", False),
        ("result_token = 'No token found.'", False),
        (f"the token of the build: {SECRET}", True),
        ("Initial Root Token: cb076fc1-cc1f-6766-795f-b3822ba1ac57", True),
        ("token: dockerhub_credentials", True),
        ("- secret: dockerhub_credentials", True),
        ("the db password = dockerhub", True),
        ("result_token = 'soleil'", True),
    ],
)
def test_words_in_a_sentence_are_no_secret(text: str, found: bool) -> None:
    assert bool(list(kinds(text))) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NetworkEndpointsVpcFlowLogsGroupB21A3331", False),
        ("NetworkEndpointsVpcFlowLogsGroupB21A333z", False),  # words begin it, and no more follows than a number
        ("NetworkEndpointsVpq7KzR9B2xT5wL8mQ4vN1pZ", True),
        ("kR9vLq2Zt11wPzXb7Yc3Nd5Me6Qf8Gh0Ju4Ti2Os", True),
        ("kR9vLq2Zt11wPzXb7Yc3Nd5Me6Qf8Gh0B21A3331", True),  # no word begins it
    ],
)
def test_the_id_that_a_tool_gives_to_what_a_template_makes_is_no_key(text: str, found: bool) -> None:
    assert ("aws_secret_key" in kinds_by_form(text)) is found


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("openssl.conf", "private_key = $base_dir/private/ca.pem    # The CA private key", False),
        ("network.yaml", "certificates: [{privKey: cert1/privKey.key, cert: cert1/cert.crt}]", False),
        ("network.yaml", f"certificates: [{{privKey: cert1/{SECRET}+}}]", True),
        ("devenv.nix", "  detect-secrets = {", False),
        ("devenv.nix", f'  db-secret = "{SECRET}";', True),
        ("config.json", '{"properties": {"privKey": {"$ref": "#/definitions/NonEmptyString"}}}', False),
        ("config.json", f'{{"properties": {{"privKey": {{"default": "#{SECRET}"}}}}}}', True),
        (".secrets.baseline", '{"hashed_secret": "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8"}', False),
        (".secrets.baseline", f'{{"hashed_secret": "{SECRET}"}}', True),
        ("config.yml", 'variables: {SECRET_DETECTION_LOG_OPTIONS: "a1..HEAD1"}', False),
        ("a.tfvars", 'ssm_path_format_api_key = "/grafana/%s/api_key"', False),
        ("a.tfvars", f'grafana_api_key = "/grafana/%s/{SECRET}+"', True),
        ("a.tfvars", f'ssm_path_api_key = "{SECRET}"', True),
        ("a.tfvars", 'provisioner-secret-namespace = "csi.storage.k8s.io/provisioner-secret-namespace"', False),
        ("a.tfvars", 'kube_secret = "tailscale"', False),
        ("a.tfvars", f'kube_secret = "{SECRET}"', True),
        ("a.tfvars", 'client_secret = "tailscale"', True),
    ],
)
def test_where_a_secret_is_and_what_is_said_of_it_is_none_in_a_file(name: str, text: str, found: bool) -> None:
    assert in_file(name, f"{text}\n") is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pod_identity:\n  conn_type: aws\n  description: 'uses Pod Identity from the service account'\n", False),
        ("[databases]\n* = host=db port=5432\n[pgbouncer]\nauth_type = md5\nauth_file = /etc/users.txt\n", False),
        ("# of the pool\npool_mode = session\nmax_client_conn = 100\n", False),
        (f"pod_identity:\n  conn_type: aws\n  password: {SECRET}\n", True),
        (f"connection:\n  conn_type: aws\n  extra: {SECRET}\n", True),
        ("connection:\n  conn_type: aws\n  password: soleil\n", True),
        (f"auth_type = md5\nauth = {SECRET}\n", True),
        (f"a: b # postgres://app:{SECRET}@db/app\nc: d\n", True),
        (SECRET, True),
        ("soleil", True),
        ('"app" "soleil"\n"admin" "lune"\n', True),  # users and their passwords
        ("first line\nsecond line\n", True),
    ],
)
def test_settings_in_a_secret_say_themselves_which_of_them_are_secret(text: str, found: bool) -> None:
    assert in_secret(text) is found


REFERENCE = "password:\n  secretRef: postgresql-secrets\n  secretKey: {}\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (REFERENCE.format("password"), False),
        (REFERENCE.format("postgres-password"), False),
        ("auth:\n    secretKey: db-password\n    secretName: db\n", False),
        ("- secretName: db\n  secretKey: password\n", False),
        ("secretName: db\nauth:\n  secretKey: password\n", True),  # not as deep: it is another's
        ('{"secretRef": "db", "secretKey": "password"}', False),
        ('secret_name = "login"\nsecret_key  = "API_KEY"\n', False),
        (REFERENCE.format(SECRET), True),
        (f"secretName: db\npassword: {SECRET}\n", True),
        ("secretName: db\npassword: soleil\n", True),
        ("accessKey: minio\nsecretKey: minio123\n", True),
        ("accessKey: admin\nsecretKey: password\n", True),  # nothing names another secret
    ],
)
def test_the_name_of_a_key_of_another_secret_is_none(text: str, found: bool) -> None:
    assert bool(list(kinds(text))) is found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"secret_name": "login-monitor", "secret_key": "API_KEY"}, False),
        ({"secretRef": "db", "secretKey": "password"}, False),
        ({"secret_name": "login-monitor", "secret_key": SECRET}, True),
        ({"secret_name": "login-monitor", "password": "soleil"}, True),
        ({"name": "login-monitor", "secret_key": "soleil"}, True),
    ],
)
def test_a_member_that_names_a_key_of_another_secret_is_none(body: dict[str, str], found: bool) -> None:
    assert bool(secrets_of("aws_x", {"settings": [body]}).found) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("name: airflow # postgresql://user:pass@pgbouncer.deployment:6543/airflow", False),
        ("# e.g. mysql://username:password@host:3306/db", False),
        ("// redis://user:secret@cache", False),
        ("url: postgresql://user:pass@pgbouncer.deployment:6543/airflow", True),  # what is deployed counts
        (f"# postgresql://user:{SECRET}@db/app", True),
        ("# postgresql://admin:soleil@db/app", True),
        ("# postgresql://app:password@db/app", True),
    ],
)
def test_the_form_of_a_url_in_a_comment_is_no_login(text: str, found: bool) -> None:
    assert ("url_password" in list(kinds_by_form(text))) is found


@pytest.mark.parametrize("mask", ["xxx", "yyy", "zzzzzzzz", "****", "0000", "AAAAAAAAAAAAAAAA", "...", "---", "x"])
def test_one_sign_again_and_again_is_a_mask(mask: str) -> None:
    settings = f'export AWS_SECRET_ACCESS_KEY="{mask}"\n'
    assert not list(kinds(settings))
    assert not [piece for piece in pieces_of("settings.env", settings) if piece.secrets.found]
    assert not secrets_of("aws_x", {"password": mask}).found


@pytest.mark.parametrize("value", ["yyyz", "aab", "xy", "111111", "123456", "abcabc", SECRET])
def test_what_is_no_mask_is_a_secret(value: str) -> None:
    assert secrets_of("aws_x", {"password": value}).found


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("example-config.txt", True),
        ("sample.env", True),
        ("config.example.yaml", True),
        ("examples_of_use.ini", True),
        (".env.example", True),
        ("config.txt", False),
        ("counterexample.ini", False),
        ("resample-settings.ini", False),
    ],
)
def test_a_file_that_shows_what_may_be_written_is_searched_for_forms(name: str, shown: bool) -> None:
    assert is_shown(name) is shown
    pieces = list(pieces_of(name, 'DB_PASSWORD="soleil2024"\n'))
    assert bool([piece for piece in pieces if piece.secrets.found]) is not shown


def test_the_origin_of_a_secret_is_what_holds_it(scan_files: Scanner) -> None:
    code = f"""
variable "region" {{
  default = "eu-west-3"
}}
variable "db_password" {{
  default = "{SECRET}"
}}
locals {{
  settings = "region: ${{var.region}}\\npassword: {SECRET}\\n"
}}
resource "kubectl_manifest" "text" {{
  yaml_body = local.settings
}}
resource "kubectl_manifest" "two" {{
  yaml_body = "region: ${{var.region}}\\npassword: ${{var.db_password}}\\n"
}}
variable "address" {{}}
variable "password" {{}}
resource "kubectl_manifest" "filled_in" {{
  yaml_body = templatefile("values.json", {{ a = var.address, p = var.password }})
}}
"""
    files = {"infra/main.tf": code, "infra/values.json": '{"url": "${a}", "password": "${p}"}'}
    found = scan_files(files, checks=frozenset({CHECK}), rules=(RULE,))
    origins = {
        name: found.record("infra", f"kubectl_manifest.{name}", CHECK).get("origins")
        for name in ("text", "two", "filled_in")
    }
    assert origins == {
        "text": {"yaml_body": "local.settings"},
        "two": {"yaml_body": "var.db_password"},
        "filled_in": {"yaml_body.password": "var.password"},
    }


@pytest.mark.parametrize(
    ("value", "found", "hidden"),
    [
        ("$uperS3cret2024", True, False),
        ("/Sup3rS3cret2024", True, False),
        ("$oleil", False, True),  # a password, or a variable of that name
        ("$DB_PASSWORD", False, False),
        ("<change-me>", False, False),
        ("/prod/db/password", False, True),
        ("{{ user }}-{{ password }}", False, False),
        ("{{ x }}Sup3rS3cret2024{{ y }}", True, False),
        ("$(x)Sup3rS3cret2024$(y)", True, False),
        # RDS looks up nothing, and of Terraform's arguments CloudFormation sees none.
        ("{{resolve:ssm:/prod/db1}}", True, False),
        ("vault:S3cr3tV4lue9xQz7", True, False),
        ("arn:S3cr3tV4lue9xQz7", True, False),
    ],
)
def test_a_place_to_be_filled_in_says_what_belongs_there_where_nobody_fills_in(
    value: str, found: bool, hidden: bool
) -> None:
    told = secrets_of("aws_db_instance", {"password": [value]})
    assert (bool(told.found), bool(told.hidden)) == (found, hidden)
    if value.startswith("$"):  # a variable of the script
        assert not in_file("script.sh", f"export DB_PASSWORD={value}")


@pytest.mark.parametrize(
    ("value", "found", "hidden"),
    [
        ("arn:S3cr3tV4lue9xQz7", True, False),
        *((form.format("S3cr3tV4lue9xQz7"), False, True) for form in
          ("vault:{}", "op://prod/{}", "file:{}", "#/{}", "alias/{}", "@Microsoft.KeyVault({})",
           "{{{{resolve:ssm:{}}}}}")),
        ("vault:secret/data/db#password", False, False),
        ("op://prod/db/password", False, False),
        ("arn:aws:secretsmanager:eu-west-3:123456789012:secret:db-AbC12d", False, False),
        ("arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:db", False, False),
    ],
)  # fmt: skip
def test_a_program_may_look_up_what_names_a_place_and_no_secret(value: str, found: bool, hidden: bool) -> None:
    told = secrets_of("aws_lambda_function", {"environment": [{"variables": [{"DB_PASSWORD": value}]}]})
    assert (bool(told.found), bool(told.hidden)) == (found, hidden)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f'echo "token: {SECRET}"', True),
        ('echo "token: soleil" > /etc/shop.yml', True),
        ("echo token: soleil | sudo tee /etc/shop.yml", True),
        ("echo 'token: soleil' >/etc/shop.yml", True),
        ("echo 'token: soleil' > \"$FILE\"", True),
        ('echo "token: soleil"', False),  # it may say that there is none
        ("echo 'secret: failed' > /dev/stderr", False),
        ("echo 'secret: failed' >/dev/null", False),
        ('echo "Waiting for token: retry" >> /var/log/boot.log', False),
        ('echo "Reading secret: myapp" >> /dev/console', False),
        ("echo 'Rotating password: done' | tee -a /var/log/rotate.log", False),
        ("echo 'Rotating password: done' | tee -a boot.log", False),
        (f"echo 'password: {SECRET}' >> /var/log/boot.log", True),
        ('echo "token: $TOKEN" > /etc/shop.yml', False),
        ("chpasswd:\n  list: |\n    root:soleil\n", True),
        ("chpasswd:\n  list:\n    - root:soleil\n", True),
        ("chpasswd:\n  list:\n    - root:RANDOM\n    - app:$6$c2Fs$aGFzaA\n    - bob:{{ pw }}\n", False),
        ("chpasswd:\n  list: |\n    root:RANDOM\n    app:$6$c2Fs$aGFzaA\nruncmd: [run:soleil]\n", False),
    ],
)
def test_what_a_script_writes_is_a_setting_and_what_it_says_is_none(text: str, found: bool) -> None:
    assert bool(secrets_of("aws_instance", {"user_data": [text]}).found) is found


@pytest.mark.parametrize(
    ("name", "value", "found", "hidden"),
    [
        ("X-Origin-Verify", "canary2024", True, False),
        ("X-Custom-Header", "canary2024", True, False),
        ("X-Api-Key", "canary2024", True, False),
        ("X-Canary", "canary2024", False, True),
        ("X-Tenant", "Acme2024Prod", False, True),
        ("X-Env", "prod", False, False),
        ("X-Forwarded-For", "canary2024", False, False),
    ],
)
def test_a_header_that_says_who_sends_a_request_holds_a_secret_and_one_that_may_route_it_perhaps(
    name: str, value: str, found: bool, hidden: bool
) -> None:
    rule = {"condition": [{"http_header": [{"http_header_name": [name], "values": [[value]]}]}]}
    match = {"search_string": [value], "field_to_match": [{"single_header": [{"name": [name.lower()]}]}]}
    for told in (secrets_of("aws_lb_listener_rule", rule), secrets_of("aws_wafv2_web_acl", {"rule": [match]})):
        assert (bool(told.found), bool(told.hidden)) == (found, hidden)


def test_an_argument_of_an_address_is_no_header() -> None:
    match = {"search_string": ["canary2024"], "field_to_match": [{"single_query_argument": [{"name": ["xid"]}]}]}
    told = secrets_of("aws_wafv2_web_acl", {"rule": [match]})
    assert not told.found
    assert not told.hidden


@pytest.mark.parametrize(
    ("kind", "hidden"), [("aws_ssm_document", False), ("AWS::SSM::Document", False), ("awscc_rds_db_instance", True)]
)
def test_only_a_document_of_systems_manager_is_filled_in_by_aws(kind: str, hidden: bool) -> None:
    told = secrets_of(kind, {"token": "{{soleil}}"})
    assert (bool(told.found), bool(told.hidden)) == (False, hidden)


def test_a_type_of_aws_is_not_of_another_provider() -> None:
    assert not secrets_of("awscc_secretsmanager_secret", {"text": "soleil"}).found


def test_an_ephemeral_variable_is_from_outside_only_where_nothing_gives_it_a_value(scan_files: Scanner) -> None:
    """What reaches a write-only argument stands in the code if a default, a file or a caller writes it."""

    def parameter(name: str) -> str:
        return f"""
variable "{name}" {{
  type      = string
  ephemeral = true
  @default
}}
resource "aws_ssm_parameter" "{name}" {{
  name             = "{name}"
  type             = "SecureString"
  value_wo         = var.{name}
  value_wo_version = 1
}}
"""

    written = f'default = "{SECRET}"'
    root = parameter("a").replace("@default", written) + "".join(
        parameter(name).replace("@default", "") for name in "bc"
    )
    call = f'module "m" {{\n  source = "./m"\n  d = "{SECRET}"\n}}\n'
    files = {
        "infra/main.tf": root + call,
        "infra/terraform.tfvars": f'b = "{SECRET}"\n',
        "infra/m/main.tf": parameter("d").replace("@default", ""),
    }
    found = scan_files(files, checks=frozenset({CHECK}), rules=(RULE,))
    results = {
        name: found.record("infra", f"{where}aws_ssm_parameter.{name}", CHECK)["result"]
        for name, where in {"a": "", "b": "", "c": "", "d": "module.m."}.items()
    }
    assert results == {"a": "FAILED", "b": "FAILED", "c": "PASSED", "d": "FAILED"}


JOHN_DOE = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
    ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(
            (f"curl -H 'Authorization: {scheme} {word}' https://x", True)
            for scheme in ("Bearer", "Token")
            for word in ("my-secret-token", "admin-token", "staging-api-key", "the-password", "sunshine-secret")
        ),
        ("A valid access_token (e.g.: authorization: Bearer access-token-value).", False),
        ("Authorization: Bearer replace-me-later", False),
        (f"authorization: Bearer {SECRET}", True),
        ("authorization: Bearer sunshinesunshine", True),
        (JOHN_DOE, False),
        (f"Authorization: Bearer {JOHN_DOE}", False),
        (JOHN_DOE.replace("iOiIxMjM0NTY3ODkwI", "iOiIxMjM0NTY3ODkxI"), True),
        (JOHN_DOE.replace("SflKxw", "SflKxx"), True),
        (JOHN_DOE.replace("WF0IjoxNTE2MjM5MDIyfQ", "XVkIjoiYXBpLnByb2QifQ"), True),
        *(
            (f"export DB_PASSWORD={beside.format('{{resolve:ssm:/x}}')}", True)
            for beside in ("admin{}", "hunter2-{}", "a{}b")
        ),
        ('TOKEN="Bearer {{resolve:ssm:/x}}"', False),
        ('#set($apiKey = "?key={{resolve:ssm:/location/key:1}}")', False),
        ('#set($apiKey = "?key={{resolve:secretsmanager:db:SecretString:Key}}&v=1")', False),
        (f'#set($apiKey = "{SECRET}{{{{resolve:ssm:/location/key:1}}}}")', True),
        (f'#set($apiKey = "?key={SECRET}")', True),
    ],
)
def test_what_documents_show_and_what_is_put_in_at_deployment_is_none(text: str, found: bool) -> None:
    assert bool(list(kinds(text))) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"git clone https://{SECRET}{SECRET}@github.com/o/r", True),
        (f"pip install -i https://{SECRET}{SECRET}:@pkgs.example.org/simple x", True),
        ("https://0f1e2d3c4b5a69788796a5b4c3d2e1f0@o1.ingest.sentry.io/2", False),
        ("https://organisation-build-user-2024@github.com/o/r", False),
        ("ssh://application_deployer1@example.org/r", False),
    ],
)
def test_a_token_may_stand_in_place_of_a_user(text: str, found: bool) -> None:
    assert bool(list(kinds(text))) is found


@pytest.mark.parametrize(("value", "sure"), [("location-key", False), (SECRET, True), ("soleil", True)])
def test_a_parameter_for_a_secret_may_have_the_name_of_one(value: str, sure: bool) -> None:
    told = secrets_under("Secret", value, path="Default")
    assert (bool(told.found), bool(told.hidden)) == (sure, not sure)
    assert secrets_under("Password", value, path="Default").found
    assert secrets_under("CLIENT_SECRET", value, path="Default").found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sshpass -e ssh Ec2Host9x uptime", False),
        ("/usr/bin/sshpass -f /k ssh Abc9xYz3Qw", False),
        ("docker run --name mypass -e X img9Xq3Z", False),
        (f"sshpass -p {SECRET} ssh h", True),
        (f"run --dbpass {SECRET}", True),
        (f"config set requirepass {SECRET}", True),
    ],
)
def test_a_program_is_no_name_of_a_value(text: str, found: bool) -> None:
    assert bool(list(kinds(text))) is found


@pytest.mark.parametrize(
    "text", [" " * 100_000, "A=$(" + " " * 50_000 + "((", "a" * 100_000 + "://@", "${{" * 33_000, "a://" * 25_000 + "@"]
)
def test_the_search_takes_as_long_as_a_text_is(text: str) -> None:
    since = process_time()
    assert not list(kinds(text))
    assert process_time() - since < 2
