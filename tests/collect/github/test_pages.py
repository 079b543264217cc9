"""Lists that change while they are read: the answer has all that was there throughout, each once, or it is unread."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from collect.github.fake import acme
from collect.github.kit import scan
from examples.techstart.account.github.organization import GitHub
from examples.techstart.account.github.replies import JSON, repository, user
from preuve.collect.answer import UnreadError
from preuve.collect.github.calls import Access, GitHubCaller
from preuve.collect.github.wire import Response
from preuve.model.content import GITHUB, Call
from preuve.model.errors import Position
from preuve.model.snapshot import GLOBAL
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor

API = "https://github.example/api"
NAMES = [f"{letter}{number}" for letter in "abcdefgh" for number in range(9)]


@dataclass
class Moving:
    """A list of repositories of which some are made or removed before a page is sent."""

    random: Random
    github: GitHub = field(default_factory=acme)
    asked: int = 0

    def __post_init__(self) -> None:
        self.github.url, self.github.token, self.github.size = API, "", self.random.randint(1, 3)
        self.unused = self.random.sample(NAMES, len(NAMES))
        self.listed = [self._new() for _ in range(self.random.randint(0, 7))]
        self.always = {item["name"] for item in self.listed}
        self.changes = self.random.choice([0, 2, 6, 99])  # the requests before which something changes
        self.often = self.random.choice([0.2, 0.6])

    def __call__(self, url: str) -> Response:
        if self.asked and self.asked <= self.changes and self.random.random() < self.often:
            self._change()
        self.asked += 1
        self.github.at["/orgs/acme/repos"] = list(self.listed)
        reply = self.github.answer(url.removeprefix(API), {"authorization": "Bearer x"})
        headers = {name.lower(): value for name, value in {**JSON, **reply.headers}.items()}
        return Response(reply.status, headers, json.dumps(reply.body).encode())

    def _new(self) -> dict[str, object]:
        return repository("acme", self.unused.pop(), API)

    def _change(self) -> None:
        for _ in range(self.random.randint(1, 2)):
            if self.listed and self.random.random() < 0.5:
                gone = self.listed.pop(self.random.randrange(len(self.listed)))
                self.always.discard(str(gone["name"]))
            else:
                self.listed.insert(self.random.choice([0, 0, len(self.listed)]), self._new())


def read(wire: Moving) -> list[str]:
    """The names that one listing gives."""
    caller = GitHubCaller(Access(API, wire), Redactor(Pseudonyms(b"k" * 32)), "acme/global/x", time.monotonic() + 60)
    call = Call(GITHUB, "GET /orgs/{org}/repos", Position(""), with_={"org": "Account"})
    return [item["name"] for item in caller.make(call, GLOBAL, {"org": "acme", "type": "all"}).value]


@pytest.mark.parametrize("part", range(4))
def test_a_list_that_moves_is_whole_or_unread(part: int) -> None:
    outcomes = []
    for seed in range(part, 600, 4):
        wire = Moving(Random(seed))
        try:
            found = read(wire)
        except UnreadError as error:
            outcomes.append(error.reason.cause)
            continue
        outcomes.append("read")
        assert len(found) == len(set(found)), seed
        assert wire.always <= set(found), seed
    assert outcomes.count("read") > len(outcomes) / 2  # a change is no reason to give up
    assert "listing_moved" in outcomes


@pytest.mark.parametrize(("items", "asked"), [(0, 1), (3, 1), (4, 4), (7, 6)])
def test_a_list_that_stays_is_read_twice_only_if_it_has_several_pages(items: int, asked: int) -> None:
    wire = Moving(Random(0))
    wire.changes, wire.github.size, wire.listed = 0, 3, [wire._new() for _ in range(items)]
    assert len(read(wire)) == items
    assert wire.asked == asked


@pytest.mark.parametrize(
    ("path", "kind", "doubled"),
    [
        ("/orgs/acme/repos", "GitHub::Repository", repository("acme", "app", "https://github.com")),
        ("/orgs/acme/members", "GitHub::Member", user("alice")),
        ("/orgs/acme/outside_collaborators", "GitHub::OutsideCollaborator", user("alice")),
        ("/repos/acme/app/keys", "GitHub::DeployKey", {"id": 4, "title": "a", "read_only": True, "key": "ssh-rsa AA"}),
        ("/repos/acme/app/rulesets", "GitHub::Ruleset", {"id": 7, "name": "main", "enforcement": "active"}),
    ],
)
def test_what_is_listed_twice_hides_something_else(
    github: GitHub, tmp_path: Path, path: str, kind: str, doubled: dict[str, object]
) -> None:
    """Also on one page, and if the organization counts as many."""
    github.at[path] = [doubled, doubled]
    github.at["/orgs/acme"]["total_private_repos"] = 2
    found = scan(github, tmp_path)
    assert {line["unread"]["cause"] for line in found.lines("listing", kind) if line["unread"]} >= {"listing_moved"}
    assert not found.lines("resource", kind)
