"""Recognises code and its kind by the name of a file, or by its contents if the name does not say.

Does not know Checkov. A kind that can be examined is a value of `scope.iac`; any other is the name of a tool
(`other_tools.py`). A file is skipped unread only if it ends as pictures, archives and compiled programs do (`UNREAD`);
one that ends as programs, prose and data do (`HARMLESS`) is a template if all of it is one.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path, PurePath

from preuve.collect.code.files.other_tools import tool_by_content, tool_by_imports, tool_by_name, tool_by_path
from preuve.collect.code.files.programs import is_action, is_program, pipeline_by_path
from preuve.collect.code.files.templates import TEMPLATE_ENDINGS, holds_resources, looks_like_one, reads_as_one
from preuve.collect.code.files.tools import ENDINGS
from preuve.library.yaml.word_lists import words_in

TERRAFORM, CLOUDFORMATION, DOCKERFILE, WORKFLOW = "terraform", "cloudformation", "dockerfile", "github_actions"
EXAMINED = frozenset({TERRAFORM, CLOUDFORMATION, DOCKERFILE, WORKFLOW})

_TERRAFORM = (*ENDINGS, *(f"{ending}.json" for ending in ENDINGS))
# HCL takes labels without quotes, too.
_LABELLED = rb"resource[ \t]+(?:\"[a-z]\w*\"|[a-z][a-z0-9]*_\w+)[ \t]+\"?[\w-]+\"?"
_RESOURCE = re.compile(rb"(?m)^[ \t]*(?:" + _LABELLED + rb"|(?:module|data[ \t]+\"[a-z]\w*\")[ \t]+\"[\w-]+\")[ \t]*\{")
_RESOURCE_JSON = re.compile(rb"\"resource\"\s*:\s*[\[{][\s{]*\"[a-z0-9]+_\w+\"\s*:\s*[\[{]")
# The same in a text of a script.
_WRITTEN = re.compile(rb"\b(?:" + _LABELLED + rb"|module[ \t]+\"[\w-]+\")[ \t]*\{")
_TEMPLATED = re.compile(r"\.(j2|jinja2?|erb|tmpl|tpl|tftpl|gotmpl|hbs|in)$")
_OF_HTML = re.compile(rf"\.html?(\.(md|markdown))?{_TEMPLATED.pattern}")
_MAY_BE_TERRAFORM = re.compile(r".+\.(hcl|(tf|tofu)(\.json)?\.[^.]+|j2|jinja2?|erb|tmpl|tpl|tftpl|gotmpl|hbs|in)")
_BEGINS = re.compile(
    rb"\s*((#|//).*\n\s*|/\*[^*]*\*/\s*)*\w+([ \t]+\"[^\"\n]*\")*[ \t]*[{=]"
)  # the beginning of HCL in a file without an ending
_LARGEST = 1_000_000  # AWS's limit for a template, in bytes
_LONGEST_SCRIPT = 10_000_000
_DOCKERFILE = re.compile(r"(?i)(.+\.)?dockerfile|dockerfile\.(?!(md|txt|dockerignore)$).+|containerfile")
_MAY_BE_DOCKERFILE = re.compile(r"(?i).*(docker|container)file.*(?<!\.md)(?<!\.txt)(?<!ignore)")
_FROM = re.compile(rb"(?im)^[ \t]*FROM[ \t]+[^\s=({\"';,]+[ \t]*(as[ \t]+\S+[ \t]*)?\r?$")
_BEGINNING = 100_000  # bytes that are read of a possible Dockerfile
_IMAGE = re.compile(
    rb"(?i)(?:[ \t]*+(?:#.*+|ARG[ \t]++\S.*+|\r?)\n)*+[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?"
    rb"[\w$][^\s=({\"';,]*[ \t]*(?:as[ \t]+\S+[ \t]*)?\r?\n"
)
_INSTRUCTION = re.compile(rb"(?im)^[ \t]*(?:RUN|COPY|ADD|ENTRYPOINT|CMD|USER|WORKDIR|ENV|EXPOSE)[ \t]+\S")
_MOST_READ = 50_000_000  # bytes of comments that are skipped at most
_LINE = 1_000_000
_REMARKS = (b"#", b"//", b"--")
_AROUND = {b"/*": b"*/", b'"""': b'"""', b"'''": b"'''", b"<!--": b"-->"}  # comments of several lines

_OF_BUILDS = frozenset({"gradle", "ipynb", "kts"})  # programs among them
# Names of files that give code its values: `values_files.py` reads them.
_OF_TERRAFORM = re.compile(
    r".+\.tfvars(\.json)?|.+\.tfbackend|.*\.tfstate(\.backup|\.\d+)?|.+\.(tftest|tofutest|tfmock|tfquery)\.hcl(\.json)?"
    r"|\.?(terraformrc|tofurc)|terraform\.rc|tofu\.rc"
)
_OF_MODULES = re.compile(r".+\.(tftest|tofutest|tfmock)\.hcl(\.json)?")  # tests of a module
_OF_SAM = re.compile(r"samconfig(\.[\w-]+)?\.(toml|ya?ml)")
_OF_PROGRAMS = re.compile(r"(.+)?\.env(\.[\w.-]+)?|\.envrc")
# Names of files with keys and logins.
_OF_SECRETS = re.compile(
    r".+\.(pem|key|ppk|p8|kubeconfig)|id_(rsa|dsa|ecdsa|ed25519)|kubeconfig|credentials|[._]netrc|\.(npmrc|pypirc|pgpass)"
)
# Names of files with settings of programs, builds or tasks, and of scripts.
_CALLED_SETTINGS = (
    r"(.*[._-])?(config|configuration|settings|secrets?|credentials?|application|appsettings|parameters)([._-][\w-]++)*"
)
_SETTINGS = re.compile(
    rf"{_CALLED_SETTINGS}\.(json|json5|jsonc|ya?ml|toml|ini|properties|cfg|conf|xml)"
    r"|.+\.(ini|properties|cfg|conf|cnf)|.*buildspec.*\.(ya?ml|json)|.*task[._-]?def(inition)?s?([._-][\w-]++)*\.(ya?ml|json)"
    r"|\.?taskcat\.ya?ml|config|\.?(boto|condarc|s3cfg|curlrc|wgetrc|my\.cnf)|fstab|.*-secrets|ipsec\.secrets|hosts|inventory"
)
# Prose, which has no ending by custom, and what tools write to know what they have installed.
_PROSE = re.compile(
    r"readme|install|contributing|change(s|log)|news|licen[cs]e|copying|authors|notice|todo|history|codeowners|maintainers"
    r"|security|upgrading|thanks|credits"
)
_OF_INSTALLED = re.compile(
    r"(package-lock|npm-shrinkwrap|packages\.lock|project\.assets)\.json|pnpm-lock\.ya?ml|composer\.lock"
    r"|\.?(eslintrc|stylelintrc|prettierrc|babelrc|markdownlint|commitlintrc|htmlhintrc)(\.(json|ya?ml|toml))?|tokenizer(_config)?\.json|special_tokens_map\.json"
)
# Folders of what others wrote, and of the texts of pages in several languages.
_OF_DATA = (".json", ".yaml", ".yml", ".toml")
# No folder called `test`: that is an environment, too.
_IN_TESTS = frozenset({"tests", "testdata", "test_data", "test-data", "test_documents", "fixtures", "__fixtures__"})
_OF_OTHERS = frozenset({"node_modules", "vendor", "third_party", "i18n", "locale", "locales", "lang", "translations"})
_SCRIPT = re.compile(r".+\.(sh|bash|zsh|fish|ksh|ps1|psm1|bat|cmd)")
_OF_COMMANDS = re.compile(r"(gnu)?makefile|.+\.mk|\.?justfile|taskfile\.ya?ml|(action|buildspec)([._-][\w.-]*)?\.ya?ml")
UNREAD, _PROGRAMS = words_in("files", "pictures_and_archives"), words_in("files", "programs")
IDLE = UNREAD | words_in("files", "idle")
_OF_TESTS = re.compile(r"^test_|[._-](?:test|spec)\.\w+$")  # what they are given is no secret of anything that runs
_PROGRAM_OF_SETTINGS = re.compile(rf"{_CALLED_SETTINGS}\.({'|'.join(sorted(_PROGRAMS))})")
_UNSEARCHED = IDLE | _PROGRAMS
HARMLESS = _UNSEARCHED | words_in("files", "other_text")  # no tool for infrastructure applies such a file as it is
_OTHERS = ("tf", "tofu", "json", "yaml", "yml", "template", "j2", "jinja", "jinja2", "erb", "tmpl", "tpl", "tftpl")


def is_dockerfile(path: Path) -> bool:
    """Return whether a file is a Dockerfile: by its name, or a similar name and an instruction that begins an image."""
    if _DOCKERFILE.fullmatch(path.name):
        return True
    if _MAY_BE_DOCKERFILE.fullmatch(path.name):
        return _holds(path, _FROM, _BEGINNING)
    return may_be_dockerfile(path.name) and _begins_an_image(_code(path, _BEGINNING) or b"")


def may_be_dockerfile(name: str) -> bool:
    """Return whether a file of this name is a Dockerfile if it begins like one: `app.docker`, `build`."""
    last = name.casefold()
    ending = PurePath(last).suffix.removeprefix(".")
    known = (*HARMLESS, *_OTHERS, "hcl", "txt", "w", "pp", "sls")
    return not last.startswith(".") and ending not in known and not gives_values(last)


def _begins_an_image(content: bytes) -> bool:
    """Return whether the first instruction begins an image, after arguments for it, and others follow."""
    return _IMAGE.match(content) is not None and _INSTRUCTION.search(content) is not None


def kind_of(path: Path, target: Path | None = None) -> str:
    """Return the kind of code of a file, ignoring the case of its name; "" if it is not code. Of a link, what it leads
    to, its `target`, is read.
    """
    name = path.name.casefold()
    if tool := tool_by_name(name) or tool_by_path(path) or pipeline_by_path(path):
        return tool
    if name.endswith(_TERRAFORM):
        return "" if name.startswith(".") else TERRAFORM  # no tool reads a hidden one
    if _is_workflow(path, name):
        return WORKFLOW
    if is_dockerfile(path):
        return DOCKERFILE
    ending = PurePath(_TEMPLATED.sub("", name)).suffix.removeprefix(".")
    if ending in UNREAD:
        return ""
    return _by_reading(target or path, name) if ending in HARMLESS else _by_content(target or path, name)


def _by_reading(path: Path, name: str) -> str:
    """Return the kind of a file that ends as programs, prose or data do."""
    content = _code(path, _LARGEST + 1) or b""
    if len(content) <= _LARGEST and reads_as_one(content):
        return CLOUDFORMATION
    return tool_by_imports(content) if is_program(name) else ""


def _by_content(path: Path, name: str) -> str:
    content = _code(path, _LARGEST + 1)
    if content is None:  # its reader reports why it cannot be read
        return CLOUDFORMATION if name.endswith(TEMPLATE_ENDINGS) else ""
    if len(content) <= _LARGEST and looks_like_one(content):
        return CLOUDFORMATION
    hcl = _MAY_BE_TERRAFORM.fullmatch(name) or ("." not in name and _BEGINS.match(content))
    if (hcl and _RESOURCE.search(content)) or _is_terraform_json(name, content):
        return TERRAFORM
    return "composite_action" if is_action(path, content) else tool_by_content(name, content)


def _is_terraform_json(name: str, content: bytes) -> bool:
    return name.endswith(".json") and b'"resource"' in content and _RESOURCE_JSON.search(content) is not None


def gives_values(name: str) -> bool:
    """Return whether a file of this name says what code is given."""
    return any(form.fullmatch(name.casefold()) for form in (_OF_TERRAFORM, _OF_SAM, _OF_PROGRAMS, _OF_SECRETS))


def is_for_root(name: str) -> bool:
    """Return whether a file of this name is one that a root module of Terraform alone has: values, states, settings of
    a backend, queries.
    """
    return _OF_TERRAFORM.fullmatch(name.casefold()) is not None and not is_test_of_modules(name)


def is_test_of_modules(name: str) -> bool:
    """Return whether a file of this name holds tests of a module: what they apply, Terraform destroys at their end."""
    return _OF_MODULES.fullmatch(name.casefold()) is not None


def is_environment(name: str) -> bool:
    """Return whether a file of this name holds variables of a program, one on each line."""
    return _OF_PROGRAMS.fullmatch(name.casefold()) is not None


def holds_settings(name: str) -> bool:
    """Return whether a file of this name holds settings, if it is no code of a kind that is examined."""
    return _SETTINGS.fullmatch(name.casefold()) is not None


def is_searched(name: str) -> bool:
    """Return whether a file of this name is searched for secrets if nothing else examines it: all text is, but for
    programs that are not called settings, prose, and data that nobody gives as values.
    """
    ending = PurePath(name.casefold()).suffix.removeprefix(".")
    if is_prose(name):
        return False
    return ending not in _UNSEARCHED or is_program_of_settings(name)


def is_prose(name: str) -> bool:
    """Return whether a file without an ending is prose by custom."""
    return _PROSE.fullmatch(name.casefold()) is not None


def lists_files(name: str) -> bool:
    """Return whether a file of this name lists what a tool passes over or only reads, or how git or an editor keeps
    it.
    """
    return name.casefold().endswith(("ignore", ".gitattributes", ".editorconfig", ".tflint.hcl"))


def is_for_people(name: str) -> bool:
    """Return whether a file holds words that may be meant for people: prose, data in words, the notes of a build; any
    other text sets something.
    """
    ending = PurePath(name.casefold()).suffix.removeprefix(".")
    other = ending in _UNSEARCHED or ending in _OF_BUILDS or name.casefold().endswith(_OF_DATA)
    return other or (ending == "" and not name.startswith("."))


def is_only_listed(path: str) -> bool:
    """Return whether a file below a place holds nothing that anybody sets: what is installed, rules of linters, texts
    of pages. Secrets that show by their form alone count there.
    """
    *above, name = PurePath(path.casefold()).parts
    if _OF_INSTALLED.fullmatch(name) or not _OF_OTHERS.isdisjoint(above):
        return True
    return is_of_tests(path) and not (is_telling(name) or name.endswith(_OF_DATA))


def is_of_tests(path: str) -> bool:
    """Return whether a file stands below a folder of what tests are given."""
    return "src/test/" in path.casefold() or not _IN_TESTS.isdisjoint(PurePath(path.casefold()).parts[:-1])


def is_telling(name: str) -> bool:
    """Return whether the name of a file says that it sets something."""
    return gives_values(name) or holds_settings(name) or is_script(name)


def is_program_of_settings(name: str) -> bool:
    """Return whether a file of this name is a program that is called settings: `settings.py`, `wp-config.php`."""
    return _PROGRAM_OF_SETTINGS.fullmatch(name.casefold()) is not None and not _OF_TESTS.search(name.casefold())


def is_source(name: str) -> bool:
    """Return whether a file of this name is a program of a language other than those of shells, and no settings."""
    return PurePath(name.casefold()).suffix.removeprefix(".") in _PROGRAMS and not is_program_of_settings(name)


def is_schema(name: str) -> bool:
    """Return whether a file of this name holds types of GraphQL: what stands beside a name there is its type."""
    return name.casefold().endswith((".graphql", ".graphqls", ".gql"))


def is_script(name: str) -> bool:
    """Return whether a file of this name is a script of a shell."""
    return _SCRIPT.fullmatch(name.casefold()) is not None


def writes_code(path: Path) -> bool:
    """Return whether a file with commands (a script, a workflow, a pipeline, a makefile) has Terraform or a template in
    it, which it writes where nobody examines it.
    """
    name = path.name.casefold()
    known = is_script(name) or _OF_COMMANDS.fullmatch(name) or pipeline_by_path(path) or _is_workflow(path, name)
    if not known and ("." in name or _beginning(path, 2) != b"#!"):
        return False
    content = (_beginning(path, _LONGEST_SCRIPT) or b"").replace(b'\\"', b'"')  # in a text of the script
    return any(form.search(content) for form in (_WRITTEN, _RESOURCE_JSON)) or holds_resources(content)


def _is_workflow(path: Path, name: str) -> bool:
    above = [part.casefold() for part in path.parts[-3:-1]]
    return name.endswith((".yml", ".yaml")) and above == [".github", "workflows"]


def may_be_variables(name: str) -> bool:
    """Return whether a file of this name may hold values of variables, although its name does not end as theirs do."""
    ending = PurePath(name.casefold()).suffix.removeprefix(".")
    others = (*HARMLESS, *_OTHERS, "hcl")
    return bool(ending) and ending not in others and not gives_values(name)


def may_give(name: str) -> bool:
    """Return whether a file of this name may be a program, a pipeline, an environment or values: all that is text is
    one, except what is known to be none.
    """
    return PurePath(name.casefold()).suffix.removeprefix(".") not in IDLE


def is_page(name: str) -> bool:
    """Return whether a file is a template of HTML: files that its words name are named for people."""
    return _OF_HTML.search(name.casefold()) is not None


def given_to(name: str) -> str:
    """Return the kind of code to which a file of this name gives something; "" for any other name."""
    if _OF_TERRAFORM.fullmatch(name.casefold()):
        return TERRAFORM
    return CLOUDFORMATION if _OF_SAM.fullmatch(name.casefold()) else ""


def is_read(kind: str, name: str) -> bool:
    """Return whether what examines a kind of code reads a file of this name: the others have names in other letters."""
    endings = {TERRAFORM: _TERRAFORM, CLOUDFORMATION: TEMPLATE_ENDINGS, WORKFLOW: (".yml", ".yaml")}
    return kind == DOCKERFILE or gives_values(name) or name.endswith(endings.get(kind, ()))


def _holds(path: Path, what: re.Pattern[bytes], read: int) -> bool:
    """Return whether the beginning of a file matches a pattern. An unreadable file counts as a match, so that a later
    reader reports the cause.
    """
    content = _beginning(path, read)
    return content is None or what.search(content) is not None


def _beginning(path: Path, read: int) -> bytes | None:
    """Return the first bytes of a file, none if it is not a regular file; None if it cannot be read."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # O_NONBLOCK: it may be a pipe
        with os.fdopen(opened, "rb") as file:
            return file.read(read) if stat.S_ISREG(os.fstat(opened).st_mode) else b""
    except OSError:
        return None


def _code(path: Path, read: int) -> bytes | None:
    """Return the first bytes of a file, of a long one without blank lines and remarks: however many of them stand
    before it, what a file is shows. None if it cannot be read.
    """
    begins = _beginning(path, read)
    if begins is None or len(begins) < read:
        return begins
    kept, passed, end = bytearray(), 0, b""
    with path.open("rb") as file:
        while len(kept) < read and passed < _MOST_READ and (line := file.readline(_LINE)):
            passed += len(line)
            text = line.strip()
            if end:
                end = b"" if end in text else end
            elif around := next((sign for sign in _AROUND if text.startswith(sign)), b""):
                end = b"" if _AROUND[around] in text[len(around) :] else _AROUND[around]
            elif text and not text.startswith(_REMARKS):
                kept += line
    return bytes(kept[:read])
