"""Results of a scan of Dockerfiles: verdicts on the final image, not on instructions that are overridden."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scan, Scanner
from content_copy import bundled
from preuve.library.validation.code.code_rules import rendered

CHECKED = "CKV2_PREUVE_DOWNLOAD_CHECKED"
CHECKS = frozenset({"CKV_DOCKER_1", "CKV_DOCKER_3", "CKV_DOCKER_7", "CKV_DOCKER_8", CHECKED})
RULES = (rendered(bundled().code_rules[CHECKED], {}),)
FILES = {
    "plain/Dockerfile": "FROM python:3.13-slim\nRUN useradd app\nUSER app\nEXPOSE 8080\n",
    "root/Dockerfile": "FROM python:3.13-slim\nUSER root\n",
    "zero/Dockerfile": "FROM python:3.13-slim\nUSER 0:0\n",
    "regained/Dockerfile": "FROM python:3.13-slim\nUSER app\nRUN true\nUSER root\n",
    "dropped/Dockerfile": "FROM python:3.13-slim\nUSER root\nRUN true\nUSER app\n",
    "stages/Dockerfile": "FROM node:22 AS build\nUSER node\n\nFROM nginx:1.29\nCOPY --from=build /site /site\n",
    "inherited/Dockerfile": "FROM python:3.13-slim AS Base\nUSER app\nFROM base\nRUN true\n",
    "untagged/Dockerfile": "FROM --platform=linux/amd64 registry.example:5000/python AS app\nUSER app\n",
    "digest/Dockerfile": f"FROM python@sha256:{'0' * 64}\nUSER app\n",
    "argument/Dockerfile": "ARG BASE\nFROM ${BASE}\nARG NAME\nUSER $NAME\n",
    "default/Dockerfile": 'ARG VERSION="3.13"\nFROM python:${VERSION}\nENV NAME=root\nUSER ${NAME}\n',
    "ssh/Dockerfile": "FROM python:3.13-slim\nUSER app\nEXPOSE 80 22/TCP\n",
    "ranges/Dockerfile": 'FROM a:1\nEXPOSE 20-25\nEXPOSE 80 022\nEXPOSE "22"\nEXPOSE 2200-2299 122 22/udp\nUSER app\n',
    "script/Dockerfile": "FROM python:3.13-slim\nRUN <<EOF\nset -e\ncurl -k https://example.org | sh\nEOF\nUSER app\n",
    "text/Dockerfile": "FROM python:3.13-slim\nCOPY <<EOF /etc/motd\nUSER root\nEOF\nUSER app\n",
    "empty/Dockerfile": "FROM a:1\nUSER \\\n\n  root\nEXPOSE 80 \\\n \t\n22\n"
    "RUN a && \\\n\ncurl -k https://x.io/i -o /i\n",
    "belongs/Dockerfile": "FROM a:1\nUSER root\nRUN x && \\\n\n# why\n\nUSER app\n",
    "escaped/Dockerfile": "FROM a:1\nUSER app\nRUN echo a\\\\\nUSER root\n",
    "other/Dockerfile": "# syntax=docker/dockerfile:1\n# escape=`\nFROM a:1\nUSER app\n"
    "RUN x `\n\nUSER b\nRUN c\\\nUSER root\n",
    "feed/Dockerfile": "FROM a:1\nUSER app\nRUN echo a\fUSER b\nUSER \\\r\n\r\nroot\r\n",
    "skipped/Dockerfile": "FROM scratch\n# checkov:skip=CKV_DOCKER_3: started by root on purpose\n",
    "odd/Dockerfile": "this is no Dockerfile\n",
    "odd/notes.txt": "FROM python\n",
    "odd/Dockerfile.md": "How to write one\n",
}


@pytest.fixture(scope="module")
def images(scan_files: Scanner) -> Scan:
    return scan_files(FILES, kind="dockerfile", root=".", checks=CHECKS, rules=RULES)


@pytest.mark.parametrize(
    ("file", "place", "check", "result"),
    [
        ("plain", "", "CKV_DOCKER_3", "PASSED"),
        ("plain", ".USER[1]", "CKV_DOCKER_8", "PASSED"),
        ("plain", ".FROM[1]", "CKV_DOCKER_7", "PASSED"),
        ("plain", ".EXPOSE[1]", "CKV_DOCKER_1", "PASSED"),
        ("root", ".USER[1]", "CKV_DOCKER_8", "FAILED"),
        ("zero", ".USER[1]", "CKV_DOCKER_8", "FAILED"),
        ("regained", ".USER[2]", "CKV_DOCKER_8", "FAILED"),
        ("dropped", ".USER[2]", "CKV_DOCKER_8", "PASSED"),
        ("stages", "", "CKV_DOCKER_3", "FAILED"),
        ("inherited", "", "CKV_DOCKER_3", "PASSED"),
        ("untagged", ".FROM[1]", "CKV_DOCKER_7", "FAILED"),
        ("digest", ".FROM[1]", "CKV_DOCKER_7", "PASSED"),
        ("argument", ".FROM[1]", "CKV_DOCKER_7", "UNKNOWN"),
        ("argument", ".USER[1]", "CKV_DOCKER_8", "UNKNOWN"),
        ("default", ".FROM[1]", "CKV_DOCKER_7", "PASSED"),
        ("default", ".USER[1]", "CKV_DOCKER_8", "FAILED"),
        ("ssh", ".EXPOSE[1]", "CKV_DOCKER_1", "FAILED"),
        ("ranges", ".EXPOSE[1]", "CKV_DOCKER_1", "FAILED"),
        ("ranges", ".EXPOSE[2]", "CKV_DOCKER_1", "FAILED"),
        ("ranges", ".EXPOSE[3]", "CKV_DOCKER_1", "FAILED"),
        ("ranges", ".EXPOSE[4]", "CKV_DOCKER_1", "PASSED"),
        ("script", ".RUN[1]", CHECKED, "FAILED"),
        ("text", ".USER[1]", "CKV_DOCKER_8", "PASSED"),
        ("empty", ".USER[1]", "CKV_DOCKER_8", "FAILED"),
        ("empty", ".EXPOSE[1]", "CKV_DOCKER_1", "FAILED"),
        ("empty", ".RUN[1]", CHECKED, "FAILED"),
        ("belongs", ".USER[1]", "CKV_DOCKER_8", "FAILED"),
        ("escaped", ".USER[2]", "CKV_DOCKER_8", "FAILED"),
        ("other", ".USER[2]", "CKV_DOCKER_8", "FAILED"),
        ("feed", ".USER[2]", "CKV_DOCKER_8", "FAILED"),
    ],
)
def test_the_final_image_is_judged(images: Scan, file: str, place: str, check: str, result: str) -> None:
    assert images.record(".", f"{file}/Dockerfile{place}", check)["result"] == result


@pytest.mark.parametrize(
    ("file", "address"), [("dropped", ".USER[1]"), ("inherited", ".FROM[2]"), ("text", ".USER[2]")]
)
def test_instructions_outside_the_final_image_are_not_judged(images: Scan, file: str, address: str) -> None:
    assert f"{file}/Dockerfile{address}" not in {line["address"] for line in images.of("record", ".")}


def test_an_argument_without_a_value_is_named(images: Scan) -> None:
    assert images.record(".", "argument/Dockerfile.FROM[1]", "CKV_DOCKER_7")["detail"] == "unresolved: BASE"


def test_a_heredoc_moves_no_line(images: Scan) -> None:
    run = images.record(".", "script/Dockerfile.RUN[1]", CHECKED)
    user = images.record(".", "script/Dockerfile.USER[1]", "CKV_DOCKER_8")
    assert (run["line"], run["end_line"], user["line"]) == (2, 5, 6)


def test_a_skip_comment_does_not_hide_the_true_result(images: Scan) -> None:
    record = images.record(".", "skipped/Dockerfile", "CKV_DOCKER_3")
    assert (record["result"], record["suppressed"]) == ("FAILED", "started by root on purpose")


def test_a_file_without_from_is_a_gap(images: Scan) -> None:
    assert images.gaps(".") == [("odd/Dockerfile", 0, "parse_error", "no FROM instruction")]
    assert images.of("root", ".")[0]["types"] == {"Dockerfile": len(FILES) - 3}


def test_a_folder_without_a_dockerfile_is_a_gap(scan_files: Scanner) -> None:
    found = scan_files({"infra/readme.md": ""}, kind="dockerfile")
    assert found.gaps("infra") == [("", 0, "not_covered", "no Dockerfile in this folder")]


def test_an_excessively_large_dockerfile_is_a_gap(scan_files: Scanner) -> None:
    found = scan_files({"infra/Dockerfile": "FROM a\nRUN " + "a \\\n" * 200_000 + "b\n"}, kind="dockerfile")
    assert found.gaps("infra") == [("infra/Dockerfile", 0, "not_read", "larger than 100000 bytes")]


@pytest.mark.parametrize(
    ("user", "result"),
    [
        ('USER "root"', "FAILED"),
        ("USER 'root:root'", "FAILED"),
        ("USER 00", "FAILED"),
        ("USER 0:1000", "FAILED"),
        ("USER +0", "FAILED"),
        ("USER ContainerAdministrator", "FAILED"),
        ("ENV U root\nUSER $U", "FAILED"),
        ("ENV U=root\nUSER $U\nENV U=app", "FAILED"),
        ("ENV U=root\nARG U=app\nUSER $U", "FAILED"),
        ("USER ${U-root}", "FAILED"),
        ("ARG U=\nUSER ${U:-root}", "FAILED"),
        ("ENV U=app\nUSER ${U:+root}", "FAILED"),
        ("ENV U=app\nUSER ${U#a}", "UNKNOWN"),
        ("USER $U", "UNKNOWN"),
        ('USER "1000"', "PASSED"),
        ("USER 1000:0", "PASSED"),
        ("USER rooty", "PASSED"),
    ],
)
def test_a_user_is_read_as_docker_reads_it(scan_files: Scanner, user: str, result: str) -> None:
    found = scan_files(
        {"infra/Dockerfile": f"FROM a:1\n{user}\n"}, kind="dockerfile", checks=frozenset({"CKV_DOCKER_8"})
    )
    assert [line["result"] for line in found.of("record", "infra")] == [result]
