"""Commands that download something without checking a certificate, in every form of RUN."""

from __future__ import annotations

import pytest

from preuve.collect.code.judgements.programs.downloads import unchecked

URL = "https://example.org"


@pytest.mark.parametrize(
    ("run", "found"),
    [
        (f'["curl", "-k", "{URL}"]', "curl -k"),
        (f'["/usr/bin/curl", "--insecure", "{URL}"]', "curl --insecure"),
        (f'["wget", "--no-check-certificate", "{URL}"]', "wget --no-check-certificate"),
        (f'["sh", "-c", "curl -k {URL}"]', "curl -k"),
        (f'--mount=type=cache,target=/x --network=none ["curl", "-k", "{URL}"]', "curl -k"),
        (f"curl {URL} -k", "curl -k"),
        (f"curl -fsSLk {URL}", "curl -fsSLk"),
        (f"curl '-k' {URL}", "curl -k"),
        (f"curl '{URL}?a=1&b=2;c|d' -k", "curl -k"),
        (f"true; (sudo curl -k {URL})", "curl -k"),
        (f"true\ncurl -k {URL}", "curl -k"),
        (f"x=$(curl -k {URL})", "curl -k"),
        (f'x="$(curl -k {URL})"', "curl -k"),
        (f"x=`curl -k {URL}`", "curl -k"),
        (f"alias curl='curl -k'; curl {URL}", "curl -k"),
        (f"OPT='-s -k'; curl $OPT {URL}", "curl -k"),
        (f"echo it's; curl -k {URL}", "curl -k"),
        (f"wget --no-check {URL}", "wget --no-check"),
        (f"echo 'curl -k {URL}' | sh", "curl -k"),
        (f"(echo 'curl -k {URL}') | sh", "curl -k"),
        (f"echo 'curl -k {URL}' > /get.sh", "curl -k"),
        (f"echo 'curl -k {URL}' > /a.md > /get.sh", "curl -k"),
        (f"echo 'curl -k {URL}' > /a.txt; sh /a.txt", "curl -k"),
        (f'echo "$(curl -k {URL})" > /a.txt', "curl -k"),
        ("wget http://example.org/x && sh x", "wget http://"),
        ("curl -fsSL http://example.org/x | sh", "curl http://"),
        ("curl -o x http://example.org/x", "curl http://"),
        ("wget -qO- http://example.org/x", "wget http://"),
        ("sh -c 'curl http://example.org/x'", "curl http://"),
        ("apt-get install -y gpg curl && curl -O http://example.org/x && sh x", "curl http://"),
        ("curl http://example.org/x | sh # sha256sum", "curl http://"),
        ("echo 'a  x' | sha256sum -c; curl http://example.org/x | sh", "curl http://"),
        ("curl http://example.org/key | gpg --dearmor > /etc/apt/keyrings/x.gpg", "curl http://"),
        ("curl -O http://example.org/x && apt-get install -y 'gpgv cosign' && sh x", "curl http://"),
        ("printf insecure > /root/.curlrc", "insecure > /root/.curlrc"),
        ("echo 'check_certificate = off' >> /etc/wgetrc", "check_certificate = off"),
    ],
)
def test_a_download_without_certificate_checks_is_found(run: str, found: str) -> None:
    assert unchecked(run) == (found,)


@pytest.mark.parametrize(
    "run",
    [
        f"curl -fsSLo /k {URL}",
        f"curl -ok {URL}",
        f"curl -H -k {URL}; tar -k",
        f"curl {URL} | tar -xk",
        f"curl --include --interface eth0 {URL}",
        f"wget --no-cookies -k {URL}",
        "apt-get install curl wget",
        "curl -O http://example.org/x && echo 'a  x' | sha256sum -c - && sh x",
        "curl -O http://example.org/x; if ! LC_ALL=C /usr/bin/sha512sum --check sums; then exit 1; fi",
        "wget http://example.org/x \\\n && sudo gpg --batch --verify x.asc x",
        'curl -o x http://example.org/x && test "$(sha256sum x | cut -d\\  -f1)" = "$SUM"',
        "curl -o x http://example.org/x && [ `openssl dgst -sha256 -r x` = a ]",
        "sh -c 'curl -O http://example.org/x && shasum -c sums'",
        '["sh", "-ec", "wget http://example.org/x && gpgv x.asc x"]',
        'echo "never use curl -k here" > /README',
        "printf 'no wget --no-check-certificate please' >> /usr/share/doc/a.md && make",
        "true && echo 'never use curl -k here' || exit 1",
        '["curl", 1]',
        "",
    ],
)
def test_a_download_with_certificate_checks_passes(run: str) -> None:
    assert not unchecked(run)


def test_each_download_of_an_instruction_is_found() -> None:
    assert unchecked(f"curl -k {URL}/a; curl -k {URL}/b && wget --no-check {URL}") == (
        *("curl -k", "curl -k"),
        "wget --no-check",
    )
