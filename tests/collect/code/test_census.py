"""Code in a workspace outside its scope is examined or reported."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code import IacJob, scan
from preuve.collect.code.files.folders import Reader
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.job import Gap, Surroundings
from preuve.collect.code.run import census as module
from preuve.collect.code.run.census import Census, CoveredFolders, not_examined
from preuve.collect.code.run.units import make_plan, walk
from preuve.model.company.code import IacRoot, Omission, TerraformRun

from .conftest import CHECKS, Scan, volume, write

NOTHING = Surroundings()
TEMPLATE = "Resources:\n  Disk:\n    Type: AWS::EC2::Volume\n"
CODE = {
    "main.tf": volume(),
    "x.tofu": volume(),
    "main.tf.json": "{}",
    "MAIN.TF": volume(),
    "stack.yaml": TEMPLATE,
    "stack.template": TEMPLATE,
    "stack.JSON": '{"Resources": {"Disk": {"Type": "AWS::EC2::Volume"}}}',
    "Dockerfile": "FROM scratch\n",
    "DOCKERFILE": "FROM scratch\n",
    "dockerfile-prod": "FROM debian:12\nUSER root\n",
    "app.Containerfile": "ARG V=1\nFROM scratch AS made\n",
}
OTHER = {
    "README.md": f"# A stack\n\n```yaml\n{TEMPLATE}```\n",
    "values.yaml": "a: 1\n",
    "docker_file.py": "from x import y\n",
    "notes.tf.txt": "",
    ".x.tf": "",
}
FOLDERS = (
    "infra",
    "legacy",
    "node_modules",
    "cdk.out",
    ".venv",
    ".terraform",
    ".hidden",
    ".github",
    "workflows",
    "Infra",
    "vendor",
)


def told(base: Path, *roots: IacRoot, around: Surroundings = NOTHING, only: frozenset[str] | None = None) -> list[Gap]:
    """Return the gaps outside the roots."""
    folders = Reader(Sources(base, (item.path for item in around.left_out)))
    walked = walk(IacJob(base, roots, CHECKS), folders)
    covered = CoveredFolders.by(walked, make_plan(walked, folders))
    return [gap for found in not_examined(folders.sources, around, covered, only).values() for gap in found]


def files(gaps: list[Gap], *causes: str) -> set[str]:
    return {gap.file for gap in gaps if gap.cause in (causes or ("not_examined", "not_read"))}


_TREES = st.dictionaries(
    st.tuples(st.lists(st.sampled_from(FOLDERS), max_size=3).map(tuple), st.sampled_from(sorted({**CODE, **OTHER}))),
    st.none(),
    max_size=8,
)


@given(
    _TREES,
    st.sets(st.sampled_from([".", "infra", "legacy", "infra/node_modules"]), max_size=2),
    st.sampled_from(["terraform", "dockerfile", "cloudformation"]),
)
def test_every_file_of_code_is_examined_or_reported(
    tree: dict[tuple[tuple[str, ...], str], None], starts: set[str], kind: str
) -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name).resolve()
        write(base, [("/".join((*folders, file)), {**CODE, **OTHER}[file]) for folders, file in tree])
        scopes = [IacRoot(start, kind) for start in sorted(starts)]
        found = _examined(base, scopes, kind)
        gaps = told(base, *scopes)
        named = {gap.file for gap in gaps}
        for folders, file in tree:
            path = base.joinpath(*folders, file)
            first = min(
                (
                    other
                    for others, other in tree
                    if others == folders and other in CODE and _kind(other) == _kind(file)
                ),
                default="",
            )
            if file in CODE and not (
                path in found or named & {"/".join((*folders, file)), "/".join((*folders, first))}
            ):
                raise AssertionError((path, found, gaps))
        assert not named & {"/".join((*folders, file)) for folders, file in tree if file in OTHER}


def _kind(name: str) -> str:
    lower = name.lower()
    return "d" if "file" in lower else "t" if ".tf" in lower or ".tofu" in lower else "c"


def _examined(base: Path, roots: list[IacRoot], kind: str) -> set[Path]:
    """Return the files that a scan of these roots reads or reports, by the rules of the tools themselves."""
    endings = {"terraform": (".tf", ".tofu", ".tf.json", ".tofu.json"), "cloudformation": (".yaml", ".template")}
    found = set()
    for root in roots:
        for here, names, there in os.walk(base / root.path):
            names[:] = [name for name in names if name not in ("node_modules", "cdk.out", ".venv", ".terraform")]
            found |= {
                Path(here, name)
                for name in there
                if name.endswith(endings.get(kind, ())) or (kind == "dockerfile" and _kind(name) == "d")
            }
    return found


def test_code_outside_all_roots_makes_a_scan_incomplete_and_module_files_are_not_repeated(tmp_path: Path) -> None:
    write(
        tmp_path,
        [
            ("infra/main.tf", 'module "m" {\n  source = "../modules/m"\n}\n'),
            ("modules/m/main.tf", volume()),
            ("modules/n/main.tf", volume()),
            ("legacy/a.tf", volume()),
            ("legacy/b.tf", volume()),
            (".github/workflows/ci.yml", "on: push\njobs: {}\n"),
            ("deploy/serverless.yml", TEMPLATE),
        ],
    )
    job = IacJob(tmp_path, (IacRoot("infra", "terraform"),), CHECKS, around=Surroundings())
    gaps = Scan(tmp_path, scan(job, tmp_path / "snapshot")).of("gap", ".")
    assert [(gap["file"], gap["cause"], gap["framework"], gap["detail"]) for gap in gaps] == [
        (".github/workflows/ci.yml", "not_examined", "github_actions", "scope.iac does not name it"),
        ("legacy/a.tf", "not_examined", "terraform", "scope.iac does not name it, 1 more in its folder"),
        ("modules/n/main.tf", "not_examined", "terraform", "scope.iac does not name it"),
        (
            "deploy/serverless.yml",
            "not_examined",
            "serverless",
            "code of Serverless Framework, which is not read, while scope.iac can name what it writes: .serverless",
        ),
    ]


def test_many_folders_are_reported_as_a_number(tmp_path: Path) -> None:
    write(tmp_path, [(f"legacy/{number:02}/{name}.tf", "") for number in range(30) for name in "ab"])
    gaps = told(tmp_path)
    assert len(gaps) == module.MOST_TOLD + 1
    assert gaps[-1] == Gap("", "not_examined", "scope.iac does not name it; 20 more in 10 folders")


def test_an_endless_walk_is_cut_and_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, [(f"{number}/x", "") for number in range(20)])
    monkeypatch.setattr(module, "MOST_ENTRIES", 10)
    assert [gap.cause for gap in told(tmp_path)] == ["not_examined"]


# ---- links --------------------------------------------------------------------------------------------------------


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    base = tmp_path / "w"
    write(tmp_path, [("elsewhere/main.tf", volume()), ("w/infra/a/main.tf", volume()), ("w/legacy/main.tf", volume())])
    write(base, [("node_modules/evil/main.tf", volume()), ("shared.tf", volume())])
    return base


@pytest.mark.parametrize(
    ("link", "target", "named"),
    [
        ("infra/prod", "../legacy", "legacy/main.tf"),  # reported at its own place
        ("prod", "../elsewhere", "prod"),
        ("prod", "nowhere/../../elsewhere", "prod"),
        ("prod", "node_modules/evil", "prod"),
        ("other/main.tf", "../shared.tf", "other/main.tf"),
        ("other/main.tf", "../../elsewhere/main.tf", "other/main.tf"),
        ("other/Dockerfile", "/nowhere/at/all", "other/Dockerfile"),
    ],
)
def test_the_target_of_a_link_is_examined_or_reported(linked: Path, link: str, target: str, named: str) -> None:
    (linked / link).parent.mkdir(exist_ok=True)
    (linked / "nowhere").mkdir()
    (linked / link).symlink_to(target)
    around = Surroundings(ignored=frozenset({"node_modules"}))
    gaps = told(linked, IacRoot("infra", "terraform"), around=around)
    assert named in files(gaps)
    assert "node_modules" in files(gaps, "left_out")


@pytest.mark.parametrize("name", [name for name in (*CODE, *OTHER) if not name.casefold().endswith("tf")])
@pytest.mark.parametrize("to", [".yaml", ".png", ".txt", ""])
def test_a_link_is_code_if_what_it_leads_to_would_be_under_its_name(tmp_path: Path, name: str, to: str) -> None:
    content = (CODE | OTHER)[name]
    write(tmp_path, [(f"data/content{to}", content), (f"as_file/{name}", content), ("linked/x", "")])
    (tmp_path / "linked" / name).symlink_to(f"../data/content{to}")
    found = files(told(tmp_path))
    assert (f"linked/{name}" in found) == (f"as_file/{name}" in found)


def test_dangling_and_circular_links_are_no_code(linked: Path) -> None:
    before = told(linked)
    (linked / "circle").symlink_to("circle")
    (linked / "up").symlink_to(".")
    (linked / "gone").symlink_to("not/there")
    assert told(linked) == before


# ---- what is left out ---------------------------------------------------------------------------------------------


def test_excluded_code_is_reported_with_its_reason_and_not_examined(tmp_path: Path) -> None:
    write(
        tmp_path,
        [("infra/main.tf", volume()), ("infra/vendor/main.tf", volume("evil")), ("docker/Dockerfile", "FROM a\n")],
    )
    left_out = (Omission("infra/vendor", "examples of a supplier"), Omission("docker/Dockerfile", "a test fixture"))
    roots = (IacRoot("infra", "terraform"), IacRoot(".", "dockerfile"))
    job = IacJob(tmp_path, roots, CHECKS, around=Surroundings(left_out))
    found = Scan(tmp_path, scan(job, tmp_path / "snapshot"))
    assert {line["address"] for line in found.lines if line["kind"] == "record"} == {"aws_ebs_volume.plain"}
    assert {(gap["file"], gap["cause"], gap["detail"]) for gap in found.of("gap", ".")} == {
        ("infra/vendor", "left_out", "examples of a supplier"),
        ("docker/Dockerfile", "left_out", "a test fixture"),
        ("", "not_covered", "no Dockerfile in this folder"),
    }


def test_an_excluded_folder_replaced_by_a_link_hides_nothing(tmp_path: Path) -> None:
    write(tmp_path, [("infra/main.tf", volume()), ("legacy/main.tf", volume())])
    (tmp_path / "vendor").symlink_to("legacy")
    gaps = told(tmp_path, IacRoot("infra", "terraform"), around=Surroundings((Omission("vendor", "of a supplier"),)))
    assert files(gaps) == {"legacy/main.tf"}


@pytest.mark.parametrize(("called", "kinds"), [(True, ["terraform"]), (False, ["terraform"]), (False, [])])
def test_ignored_dependencies_that_are_examined_are_not_told_as_left_out_as_a_whole(
    tmp_path: Path, called: bool, kinds: list[str]
) -> None:
    main = 'module "m" {\n  source = "./vendor/m"\n}\n' if called else volume()
    write(tmp_path, [("infra/main.tf", main), ("infra/vendor/m/main.tf", volume())])
    around = Surroundings(ignored=frozenset({"infra/vendor"}))
    gaps = told(tmp_path, *(IacRoot("infra", kind) for kind in kinds), around=around)
    (left,) = [gap for gap in gaps if gap.cause == "left_out"]
    assert (left.file, "only what scope.iac names" in left.detail) == ("infra/vendor", bool(kinds))


@pytest.mark.parametrize("ignored", ["node_modules", "app/node_modules", "app", "."])
def test_ignored_dependencies_are_skipped_and_reported(tmp_path: Path, ignored: str) -> None:
    write(tmp_path, [("app/node_modules/x/Dockerfile", "FROM a\n"), ("app/build/main.tf", volume())])
    sources = Sources(tmp_path)
    census = Census(sources, Surroundings(ignored=frozenset({ignored})))
    paths = {sources.relative(code.path) for code in census.code()}
    covers = ignored != "node_modules"
    assert paths == {"app/build/main.tf"} | (set() if covers else {"app/node_modules/x/Dockerfile"})
    assert files(census.gaps, "left_out") == ({"app/node_modules"} if covers else set())


def test_with_a_selection_only_changed_code_and_targets_of_changed_links_are_reported(tmp_path: Path) -> None:
    write(tmp_path, [("legacy/main.tf", volume()), ("old/main.tf", volume()), ("new/main.tf", volume())])
    (tmp_path / "infra").symlink_to("legacy")
    assert files(told(tmp_path, only=frozenset({"new/main.tf", "infra"}))) == {"new/main.tf", "legacy/main.tf"}


def test_a_missing_part_of_the_repository_is_reported(tmp_path: Path) -> None:
    assert files(told(tmp_path, around=Surroundings(absent=("infra/prod",)))) == {"infra/prod"}


def test_at_most_so_many_files_that_are_not_checked_out_are_named(tmp_path: Path) -> None:
    gaps = told(tmp_path, around=Surroundings(hidden=tuple(f"old/{number}.tf" for number in range(30))))
    assert files(gaps) == {"", *(f"old/{number}.tf" for number in range(20))}
    assert [gap.detail for gap in gaps if not gap.file] == [
        "git tracks it and was told not to check it out; 10 more in 1 folders"
    ]


def test_values_outside_all_roots_are_reported_unless_a_run_names_them(tmp_path: Path) -> None:
    values = ("live/prod.tfvars", "live/test.tfvars", "live/state.tfbackend", "sam/samconfig.toml", "app/.env")
    write(tmp_path, [("infra/main.tf", volume()), *((name, "") for name in values)])
    runs = (TerraformRun(variables=("live/prod.tfvars",)),)
    folders = Reader(Sources(tmp_path))
    walked = walk(IacJob(tmp_path, (IacRoot("infra", "terraform", runs=runs),), CHECKS), folders)
    covered = CoveredFolders.by(walked, make_plan(walked, folders), base=tmp_path)
    gaps = [gap for found in not_examined(folders.sources, NOTHING, covered, None).values() for gap in found]
    assert files(gaps) == {"live/state.tfbackend", "sam/samconfig.toml"}
    assert next(gap for gap in gaps if gap.file == "live/state.tfbackend").detail.endswith("1 more in its folder")


def test_without_a_scope_all_code_is_searched_and_no_code_writes_nothing(tmp_path: Path) -> None:
    base, snapshot = tmp_path / "shop", tmp_path / "snapshot"
    write(base, [("README.md", "no code\n"), ("old/main.tf", volume())])
    job = IacJob(base, (), frozenset(), around=Surroundings((Omission("old", "evidence"),)))
    assert scan(job, snapshot).gaps == 0
    assert not snapshot.exists()
    write(base, [("infra/main.tf", volume())])
    scan(job, snapshot)
    lines = [line for path in (snapshot / "iac").iterdir() for line in path.read_text().splitlines()]
    assert [line for line in lines if '"infra/main.tf"' in line and '"not_examined"' in line]


@pytest.mark.parametrize("is_made", [True, False])
def test_a_module_elsewhere_is_examined_where_a_root_makes_something_of_it(tmp_path: Path, is_made: bool) -> None:
    write(tmp_path, [("live/main.tf", 'module "m" {\n  source = "../m"\n}\n'), ("m/main.tf", volume())])
    folders = Reader(Sources(tmp_path))
    walked = walk(IacJob(tmp_path, (IacRoot("live", "terraform"),), CHECKS), folders)
    covered = CoveredFolders.by(walked, make_plan(walked, folders), [folders.sources.base / "m"] if is_made else ())
    gaps = [gap for found in not_examined(folders.sources, NOTHING, covered, None).values() for gap in found]
    assert files(gaps) == (set() if is_made else {"m/main.tf"})
