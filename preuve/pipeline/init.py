"""Writes a workspace. What exists is left as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from preuve.library.content import content_root
from preuve.library.schema import problems as schema_problems
from preuve.library.workspace import FILE
from preuve.library.yaml_file import parse
from preuve.library.yaml_text import quoted
from preuve.model.errors import ContentError, PreuveError, UsageError
from preuve.model.workspace import IacRoot
from preuve.pipeline import init_texts as texts
from preuve.pipeline.init_code import found_code
from preuve.publish.locale import languages, load_locale

_ACCOUNT = re.compile(r"[0-9]{12}")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]+")
_OWNER = re.compile(r"@[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)?|[^\s@#]+@[^\s@#]+")
_PIPELINES = Path("ci/templates")
_SCHEMAS = ("workspace", "waivers", "attestation")


@dataclass(frozen=True)
class Answers:
    """What the questions gave; what is empty is TO COMPLETE."""

    organisation: str
    frameworks: tuple[str, ...]
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    language: str = "en"
    owner: str = ""
    ci: str = ""  # the CI whose pipelines are written too


@dataclass
class Written:
    """What was made, what was there already, and what is left to do."""

    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    code: tuple[IacRoot, ...] = ()
    to_do: list[str] = field(default_factory=list)


def frameworks() -> tuple[str, ...]:
    """The frameworks that can be chosen, ISO first."""
    found = sorted(path.parent.name for path in (content_root() / "controls").glob("*/framework.yaml"))
    return tuple(sorted(found, key=lambda name: not name.startswith("iso")))


def pipelines() -> tuple[str, ...]:
    """The CI systems that there are pipelines for."""
    return tuple(sorted(path.name for path in (content_root() / _PIPELINES).iterdir() if path.is_dir()))


def found_place() -> tuple[str, str]:
    """Account and region of the AWS credentials in use, "" where there are none."""
    from preuve.collect.aws.current import current  # noqa: PLC0415 - slow, and not needed where both were given

    found = current()
    return found.account, found.region


def check_new(folder: Path) -> None:
    """UsageError where a workspace, or something that is no folder, is in the way."""
    if (folder / FILE).exists():
        raise UsageError(f"{folder / FILE} exists", "edit it; preuve doctor tells what is missing")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", "name another one")


def account_id(value: str) -> str:
    """An account id, checked."""
    return _checked(_ACCOUNT, value, "is not an account: it has twelve digits, such as 123456789012")


def region_name(value: str) -> str:
    """A region, checked."""
    return _checked(_REGION, value, "is not a region such as eu-west-3")


def framework_name(value: str) -> str:
    """A framework, checked."""
    if value not in frameworks():
        raise UsageError(f"there is no framework {value}", f"one of {', '.join(frameworks())}")
    return value


def language_name(value: str) -> str:
    """A language of the reports, checked."""
    if value not in languages():
        raise UsageError(f"there are no reports in the language {value}", f"one of {', '.join(languages())}")
    return value


def pipeline_name(value: str) -> str:
    """A CI system, checked."""
    if value not in pipelines():
        raise UsageError(f"there are no pipelines for {value}", f"one of {', '.join(pipelines())}")
    return value


def owner_name(value: str) -> str:
    """A code owner, checked."""
    return _checked(_OWNER, value, "is not a code owner such as @acme/security")


def _checked(pattern: re.Pattern[str], value: str, wrong: str) -> str:
    if pattern.fullmatch(value) is None:
        raise UsageError(f"{value!r} {wrong}")
    return value


# ---- writing ------------------------------------------------------------------------------------------------------


def write_workspace(folder: Path, answers: Answers) -> Written:
    """Write the files of a new workspace, `preuve.yaml` last."""
    check_new(folder)
    written = Written(code=found_code(folder) if folder.is_dir() else ())
    preuve = workspace_text(answers, written.code)
    _refuse_invalid(preuve, answers)
    for name, content in _files(answers):
        _write(folder, name, content, written)
    _write(folder, FILE, preuve, written)
    written.to_do += _left(folder, answers, written)
    return written


def _files(answers: Answers) -> Iterator[tuple[str, str]]:
    schemas = content_root() / "reports" / "schemas"
    for name in _SCHEMAS:
        yield f".preuve/{name}.schema.json", (schemas / f"{name}.schema.json").read_text(encoding="utf-8")
    yield "waivers.yaml", texts.WAIVERS
    yield "attestations/README.md", texts.ATTESTATIONS
    yield ".gitignore", "\n".join(texts.IGNORED) + "\n"
    yield "CODEOWNERS", texts.OWNERS_ABOUT + "\n".join(owner_lines(answers.owner)) + "\n"
    if answers.ci:
        folder = content_root() / _PIPELINES / answers.ci
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")


def owner_lines(owner: str) -> list[str]:
    """Lines for CODEOWNERS; commented out while nobody is named, because GitHub skips a line whose owner is unknown."""
    lines = [f"{path:<22} {owner or '@ORG/TEAM'}" for path in texts.OWNED]
    return lines if owner else [f"# TO COMPLETE: {line}" for line in lines]


def _write(folder: Path, name: str, content: str, written: Written) -> None:
    path = folder / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(content)
    except FileExistsError:
        written.kept.append(name)
    except OSError as error:
        raise PreuveError(f"cannot write {path}: {error.strerror}", "choose a folder that you own") from error
    else:
        written.made.append(name)


def _refuse_invalid(text: str, answers: Answers) -> None:
    """What is written must read back as what was meant, whatever the name of the organisation or a folder."""
    document = parse(text, FILE)
    problems = schema_problems(document, "reports/schemas/workspace.schema.json")
    if problems:
        raise ContentError(problems)
    if document.data["organisation"]["name"] != answers.organisation:
        raise UsageError("the name of the organisation cannot be written", "give it without control characters")


def _left(folder: Path, answers: Answers, written: Written) -> Iterator[str]:
    locale = load_locale(answers.language)
    for name, lines in ((".gitignore", texts.IGNORED), ("CODEOWNERS", tuple(owner_lines(answers.owner)))):
        missing = [line for line in lines if not line.startswith("# ") and not _holds(folder / name, line)]
        if name in written.kept and missing:
            yield locale("init.add", file=name, lines="; ".join(" ".join(line.split()) for line in missing))
    if not answers.owner:
        yield locale("init.owner")
    if _repository_above(folder):
        yield locale("init.not_root")
    if answers.ci:
        yield locale("init.pipelines")
    if not (answers.accounts and answers.regions):
        yield locale("init.accounts")
    if not written.code:
        yield locale("init.code")


def _holds(path: Path, line: str) -> bool:
    try:
        return line.split() in [found.split() for found in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError):
        return False


def _repository_above(folder: Path) -> bool:
    folder = folder.resolve()
    return not (folder / ".git").exists() and any((above / ".git").exists() for above in folder.parents)


# ---- preuve.yaml --------------------------------------------------------------------------------------------------


def workspace_text(answers: Answers, code: Iterable[IacRoot]) -> str:
    """The text of `preuve.yaml`."""
    return texts.WORKSPACE.format(
        name=quoted(answers.organisation),
        language=answers.language,
        known=", ".join(frameworks()),
        frameworks=", ".join(answers.frameworks),
        scope=_scope(answers, tuple(code)),
    )


def _scope(answers: Answers, code: tuple[IacRoot, ...]) -> str:
    accounts = [f'{{id: "{account}"}}' for account in answers.accounts]
    folders = [f"{{path: {quoted(root.path)}, kind: {root.kind}}}" for root in code]
    if not answers.regions:  # accounts without a region cannot be examined
        listed = _list("accounts", [], ", ".join(accounts) or _ACCOUNT_EXAMPLE)
    else:
        listed = _list("accounts", accounts, _ACCOUNT_EXAMPLE)
    regions = f"regions: [{', '.join(answers.regions)}]" if answers.regions else "# TO COMPLETE: regions: [eu-west-3]"
    iac = _list("iac", folders, '{path: "infra", kind: terraform}')
    return f"scope:\n{texts.ABOUT_ACCOUNTS}\n{listed}\n{texts.ABOUT_REGIONS}\n  {regions}\n{texts.ABOUT_CODE}\n{iac}"


_ACCOUNT_EXAMPLE = '{id: "123456789012", name: production}'


def _list(key: str, items: list[str], example: str) -> str:
    if not items:
        return f"  {key}: []  # TO COMPLETE, as in [{example}]"
    return "\n".join([f"  {key}:", *(f"    - {item}" for item in items)])
