"""Writes a workspace. Existing files stay unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from preuve.collect.code.files.kinds import WORKFLOW
from preuve.library.company.names import refuse_part
from preuve.library.company.settings import SCHEMA
from preuve.library.company.templates import FALLBACK
from preuve.library.company.workspace import FILE
from preuve.library.yaml.documents import parse
from preuve.library.yaml.place import content_root, languages
from preuve.library.yaml.scalars import quoted
from preuve.library.yaml.schema import problems as schema_problems
from preuve.model.company.code import REGION, IacRoot
from preuve.model.errors import PreuveError, UsageError, raise_for
from preuve.pipeline.push import code_owners
from preuve.pipeline.push.git import Repository
from preuve.pipeline.workspace.init_code import found_code, other_tools
from preuve.publish.words.errors import texts
from preuve.publish.words.locale import Locale, load_locale
from preuve.system.causes import cause, to_do
from preuve.system.files import write_new

_ACCOUNT = re.compile(r"[0-9]{12}")
_REGION = re.compile(REGION)
_OWNER = re.compile(r"@[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)?|[^\s@#]+@[^\s@#]+")
_PIPELINES = Path("ci/templates")
_COMMENTS = "reports/pipelines"
_COMMENT = re.compile(r"(?:(?:^| )#|^ +(?:- )?name:) +(\S.*)$", re.MULTILINE)  # a line of a comment, a step's name
_FLEET = "fleet"  # templates for many accounts: copied by hand (docs/fleet.md)
_TEXTS = Path("reports/workspace")
_PARAMETERS = "policies/params.yaml"
_IGNORED = ".gitignore"
_MAKEFILE = "Makefile"
_AUDIT = re.compile(r"^audit\s*:", re.MULTILINE)
_NAMES = {"gitignore": _IGNORED}  # under its real name it would apply to this repository
_MAIN = re.compile(r"\bmain\b")  # the branch, as the pipelines in `ci/templates` have it
_REGION_OF_CI = re.compile(r"\beu-west-3\b")  # the region in which pipelines sign in
_CHAIN_REMOTE = "origin"  # as in `reports/workspace`
_BRANCH = re.compile(r"\w[\w.,@/-]*")  # safe in quoted YAML, and no pattern in GitHub's globs
_SCHEMAS = ("workspace", "waivers", "attestation")


@dataclass(frozen=True)
class Answers:
    """The answers to the questions; empty ones become TO COMPLETE."""

    organisation: str
    frameworks: tuple[str, ...]
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    language: str = "en"
    owner: str = ""
    ci: tuple[str, ...] = ()  # the CI systems whose pipelines are written too
    branch: str = "main"  # the main branch in these pipelines


@dataclass
class InitResult:
    """The files written, those that existed, and the remaining steps."""

    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    code: tuple[IacRoot, ...] = ()
    to_do: list[str] = field(default_factory=list)


def frameworks() -> tuple[str, ...]:
    """Return the frameworks that can be chosen, ISO first."""
    found = sorted(path.parent.name for path in (content_root() / "controls").glob("*/framework.yaml"))
    return tuple(sorted(found, key=lambda name: not name.startswith("iso")))


def pipelines() -> tuple[str, ...]:
    """Return the CI systems for which preuve has pipelines."""
    folders = (path for path in (content_root() / _PIPELINES).iterdir() if path.is_dir())
    return tuple(sorted(path.name for path in folders if path.name != _FLEET))


def found_place() -> tuple[str, str]:
    """Return account and region of the AWS credentials in use, "" if there are none."""
    from preuve.collect.aws.caller_identity import caller_identity  # noqa: PLC0415 - slow, and not needed where both were given

    found = caller_identity()
    return found.account, found.region


def found_branch(folder: Path) -> str:
    """Return the default branch of a folder's repository, or the current one; main if neither is known."""
    repository = Repository.around(folder) if folder.is_dir() else None
    found = repository.default_branch() if repository else ""
    return found if _BRANCH.fullmatch(found) else "main"


def chain_is_reached(folder: Path, answers: Answers) -> bool:
    """Return whether the remote that keeps the chain of runs exists, for a workspace with pipelines."""
    if not answers.ci:
        return True
    repository = Repository.around(folder) if folder.is_dir() else None
    return repository is not None and repository.has_remote(_CHAIN_REMOTE)


def check_new(folder: Path) -> None:
    """Raise UsageError if a workspace, or something that is no folder, is in the way."""
    if (folder / FILE).exists():
        raise UsageError(f"{folder / FILE} exists", "edit it; preuve doctor tells what is missing")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", "name another one")
    refuse_part(folder)


def account_id(value: str) -> str:
    """Check an account id. Raises UsageError if it has not twelve digits."""
    return _checked(_ACCOUNT, value, f"{value!r} is not an account: it has twelve digits, such as 123456789012")


def region_name(value: str) -> str:
    """Check the name of a region. Raises UsageError if it has not the form of one."""
    return _checked(_REGION, value, f"{value!r} is not a region such as eu-west-3")


def framework_name(value: str) -> str:
    """Check the name of a framework. Raises UsageError, which lists the existing ones."""
    if value not in frameworks():
        raise UsageError(f"there is no framework {value}", f"one of {', '.join(frameworks())}")
    return value


def language_name(value: str) -> str:
    """Check a language of the reports. Raises UsageError, which lists the existing ones."""
    if value not in languages():
        raise UsageError(f"there are no reports in the language {value}", f"one of {', '.join(languages())}")
    return value


def pipeline_name(value: str) -> str:
    """Check the name of a CI system. Raises UsageError, which lists the existing ones."""
    if value not in pipelines():
        raise UsageError(f"there are no pipelines for {value}", f"one of {', '.join(pipelines())}")
    return value


def owner_name(value: str) -> str:
    """Check the name of a code owner. Raises UsageError if it has not the form of one."""
    return _checked(_OWNER, value, f"{value!r} is not a code owner such as @acme/security")


def _checked(pattern: re.Pattern[str], value: str, wrong: str) -> str:
    if pattern.fullmatch(value) is None:
        raise UsageError(wrong)
    return value


# ---- writing ------------------------------------------------------------------------------------------------------


def write_workspace(folder: Path, answers: Answers) -> InitResult:
    """Write the files of a new workspace, `preuve.yaml` last; existing files stay unchanged.

    Raises UsageError if `folder` has a workspace or is no folder, ContentError if the `answers` make no valid one.
    """
    check_new(folder)
    written = InitResult(code=_code(folder, answers))
    owned = _owned(folder)
    files = {owned if name == code_owners.NAME else name: text for name, text in _files(answers, written.code)}
    files[owned] = files[owned].replace(f"/{code_owners.NAME} ", f"/{owned} ")
    _refuse_invalid(files[FILE], answers)
    for name in sorted(files, key=lambda name: name == FILE):
        _write(folder, name, files[name], written)
    written.to_do += _left(folder, answers, files, written, owned)
    return written


def _owned(folder: Path) -> str:
    """Return the CODEOWNERS that the forge reads, from the top: with it, a new one would be ignored, or replace it."""
    repository = Repository.around(folder) if folder.is_dir() else None
    if repository is None or repository.prefix(folder):
        return code_owners.NAME
    found = [path.relative_to(repository.top).as_posix() for path in code_owners.in_force(repository)]
    return next(iter(found), code_owners.NAME)


def _code(folder: Path, answers: Answers) -> tuple[IacRoot, ...]:
    """Return the existing code, and the pipelines that will be written."""
    found = found_code(folder) if folder.is_dir() else ()
    written = "github" in answers.ci and all(root.kind != WORKFLOW for root in found)
    return (*found, IacRoot(".", WORKFLOW)) if written else found


def _files(answers: Answers, code: Iterable[IacRoot]) -> Iterator[tuple[str, str]]:
    schemas = content_root() / "reports" / "schemas"
    for name in _SCHEMAS:
        yield f".preuve/{name}.schema.json", (schemas / f"{name}.schema.json").read_text(encoding="utf-8")
    yield from _texts(answers, code)
    comments = texts(answers.language, _COMMENTS)
    for system in answers.ci:
        for name, path in _below(content_root() / _PIPELINES / system):
            told = _COMMENT.sub(lambda found: _in(comments, found), path.read_text(encoding="utf-8"))
            text = _MAIN.sub(answers.branch, told)
            yield name, _REGION_OF_CI.sub(answers.regions[0], text) if answers.regions else text


def _in(comments: Mapping[str, str], found: re.Match[str]) -> str:
    return found[0].replace(found[1], comments.get(found[1], found[1]))


def _texts(answers: Answers, code: Iterable[IacRoot]) -> Iterator[tuple[str, str]]:
    """Yield the files that a person reads and fills in, in the language of the workspace or else in English."""
    folders = [content_root() / _TEXTS / language for language in (answers.language, FALLBACK)]
    environment = Environment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - YAML, where names are quoted by the filter
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["quoted"] = quoted
    given = {**vars(answers), "code": tuple(code), "known": frameworks(), "figures": _figures()}
    for name, _ in _below(folders[-1]):
        yield _NAMES.get(name, name), environment.get_template(name).render(given)


def _figures() -> list[tuple[str, Any]]:
    """Return the thresholds that the company must set."""
    known = parse((content_root() / _PARAMETERS).read_text(encoding="utf-8"), _PARAMETERS).data
    return [(name, item) for name, item in known.items() if item.get("own")]


def _below(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield path.relative_to(folder).as_posix(), path


def _write(folder: Path, name: str, content: str, written: InitResult) -> None:
    path = folder / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new(path, content.encode())
    except FileExistsError:
        written.kept.append(name)
    except OSError as error:
        hint = to_do(error, "choose a folder that you own")
        raise PreuveError(f"cannot write {path}: {cause(error)}", hint) from error
    else:
        written.made.append(name)


def _refuse_invalid(text: str, answers: Answers) -> None:
    """Check that the written text parses to the intended values, whatever the name of the organisation or of a
    folder.
    """
    document = parse(text, FILE)
    problems = schema_problems(document, SCHEMA)
    raise_for(problems)
    if document.data["organisation"]["name"] != answers.organisation:
        raise UsageError("the name of the organisation cannot be written", "give it without control characters")


def _left(folder: Path, answers: Answers, files: Mapping[str, str], written: InitResult, owned: str) -> Iterator[str]:
    locale = load_locale(answers.language)
    for name in (_IGNORED, owned):
        lines = [line for line in files[name].splitlines() if not line.startswith("#")]
        missing = [line for line in lines if not _holds(folder / name, line)]
        if name in written.kept and missing:
            yield locale("init.add", file=name, lines="; ".join(" ".join(line.split()) for line in missing))
    if _MAKEFILE in written.kept and not _AUDIT.search(
        (folder / _MAKEFILE).read_text(encoding="utf-8", errors="replace")
    ):
        yield locale("init.add", file=_MAKEFILE, lines="audit:; preuve audit")
    if not answers.owner:
        yield locale("init.owner")
    if _repository_above(folder):
        yield locale("init.not_root")
    if answers.ci:
        yield locale("init.pipelines")
    if not chain_is_reached(folder, answers):
        yield locale("init.remote", remote=_CHAIN_REMOTE)
    if not (answers.accounts and answers.regions):
        yield locale("init.accounts")
    yield from _code_left(folder, written, locale)


def _code_left(folder: Path, written: InitResult, locale: Locale) -> Iterator[str]:
    if not written.code:
        yield locale("init.code")
    if tools := other_tools(folder):
        yield locale("init.tools", tools=", ".join(tools))


def _holds(path: Path, line: str) -> bool:
    try:
        return line.split() in [found.split() for found in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError):
        return False


def _repository_above(folder: Path) -> bool:
    folder = folder.resolve()
    return not (folder / ".git").exists() and any((above / ".git").exists() for above in folder.parents)
