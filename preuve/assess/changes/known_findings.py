"""Tells new findings from known ones, by policy, place and failing checks, never by line."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product, zip_longest
from pathlib import PurePosixPath

from preuve.model.company.baseline import ANY_POLICY, Baseline, Mark
from preuve.model.company.code import address_before, is_there
from preuve.model.company.grounds import is_known, is_open_in_more
from preuve.model.grouping import grouped
from preuve.model.results import Assessment, Finding, FindingStatus, Place, by_resource
from preuve.model.snapshot import NOT_JUDGED, NOT_LOADED, NOT_READ, PARSE_ERROR, IacBlock

_ID_LENGTH = 12
# The key of one instance among several: a number, or a text of any characters.
_KEY = re.compile(r'(?s)\[(?:(\d+)|".*?")\](?=[.\[]|\Z)')
_LOOPED = re.compile(r"[$&]\{\w+\}")  # the variable of a template's loop in the name of a resource
_GAP = re.compile(r"…\{([^{}]*)\}")  # an unknown part of a name, with its input if it is exactly one
_UNDECIDED = "iac_unknown"
_LEFT_ASIDE = "outside_condition"  # the tags of a resource exclude it from a policy
_HELD = "partial_check"  # the code passed, which alone proves nothing about the account
DECIDED = frozenset({FindingStatus.PASS, FindingStatus.FAIL})
_OPEN = frozenset({FindingStatus.WAIVED, FindingStatus.NOT_EVALUATED})  # neither a failure nor corrected
_LASTING = frozenset({PARSE_ERROR, NOT_LOADED, NOT_READ, NOT_JUDGED})  # permanent until somebody changes the code


def mark(finding: Finding) -> Mark:
    """Return the parts of a finding that do not change when its lines move."""
    unread = _cause(finding) if finding.incomplete else ""
    policy = ANY_POLICY if unread and finding.source == "iac" else finding.policy
    at = _at(finding).encode("utf-8", "backslashreplace").decode()  # a name from AWS may contain half a surrogate pair
    return Mark(finding.source, policy, at, unread)


def _cause(finding: Finding) -> str:
    return finding.reason.values.get("cause") or finding.reason.code


def _at(finding: Finding) -> str:
    place = finding.place
    if finding.source == "aws":
        return "/".join((place.account, place.region, place.type, place.own_name))
    if finding.incomplete:
        subject = finding.reason.values.get("subject")
        file = "" if _cause(finding) == NOT_LOADED else place.file  # a call is known by its address, wherever it stands
        return f"{place.root}:{subject}" if subject else file or place.root
    return ":".join(block_of(place))


def _in_template(place: Place | IacBlock) -> bool:
    """Return whether a place is in a template: only a Terraform address is unique in its root without the file."""
    return "::" in place.type


def finding_id(finding: Finding) -> str:
    """Return a short id of a finding that does not change from run to run."""
    found = mark(finding)
    text = "\0".join((found.source, found.policy, found.at, found.unread))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:_ID_LENGTH]


def counted(finding: Finding) -> bool:
    """Return whether a gate may stop at a finding."""
    return finding.status is FindingStatus.FAIL or finding.incomplete


def baseline_of(findings: Iterable[Finding]) -> Baseline:
    """Return every failure in these findings, of any severity (the gate may change), and code that cannot be read.

    A temporary failure to read (access denied, a stopped worker) is never known: it must be seen each time.
    """
    marks: dict[Mark, frozenset[str]] = defaultdict(frozenset)
    grounds: dict[Mark, frozenset[str]] = defaultdict(frozenset)
    for finding in findings:
        if finding.status is FindingStatus.FAIL or (finding.incomplete and _cause(finding) in _LASTING):
            marks[mark(finding)] |= frozenset(finding.checks)
            if finding.grounds and _cause(finding) != NOT_LOADED:  # the gate compares the calls themselves one by one
                grounds[mark(finding)] |= frozenset(finding.grounds)
    return Baseline(dict(marks), dict(grounds))


def kept_open(findings: Iterable[Finding], before: Baseline) -> Baseline:
    """Return the part of a baseline whose findings are waived or undecided now: it stays known, also after the waiver
    ends.
    """
    still = {mark(one) for one in by_resource(findings) if one.status in _OPEN}
    return before.without(before.marks.keys() - still)


@dataclass(frozen=True)
class Names:
    """The names that the code gives its objects before and after a push, by the place of their block; "" if unknown,
    and the pattern of a name that is known in part.
    """

    then: Mapping[str, str] = field(default_factory=dict)
    now: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(then: Iterable[IacBlock], now: Iterable[IacBlock]) -> Names:
        """Return the names of blocks."""
        return Names(*({":".join(block_of(one)): _called(one) for one in blocks} for blocks in (then, now)))

    def pairs(self, new: Iterable[Mark], old: Iterable[Mark]) -> dict[Mark, Mark]:
        """Return the old place for each new place of an object: the place of the same name, otherwise any that may have
        it.
        """
        found: dict[Mark, Mark] = {}
        left = dict.fromkeys(old)
        for may_be in (self.tell, self._may_be):
            for each in (one for one in new if one not in found):
                other = next((one for one in left if may_be(each, one)), None)
                if other is not None:
                    found[each] = other
                    del left[other]
        return found

    def tell(self, new: Mark, old: Mark) -> bool:
        """Return whether two places have the same name."""
        return self.now.get(new.at, "") == self.then.get(old.at, "") != ""

    def _may_be(self, new: Mark, old: Mark) -> bool:
        name, earlier = self.now.get(new.at, ""), self.then.get(old.at, "")
        if name and earlier:
            return _may_be_one(name, earlier)
        return not name or name not in self._of_blocks[_KEY.sub("", old.at)]

    @cached_property
    def _of_blocks(self) -> Mapping[str, set[str]]:
        """The earlier names of the instances of each block."""
        found: dict[str, set[str]] = defaultdict(set)
        for at, name in self.then.items():
            found[_KEY.sub("", at)].add(name)
        return found


def _called(block: IacBlock) -> str:
    return block.name or block.arn or block.words


def _may_be_one(name: str, other: str) -> bool:
    """Return whether two partly unknown names may be equal: their beginnings and their ends agree."""
    ours, theirs = _GAP.split(name), _GAP.split(other)
    return _begin_alike(ours, theirs) and _begin_alike(_backwards(ours), _backwards(theirs))


def _backwards(pieces: Iterable[str]) -> list[str]:
    return [piece[::-1] for piece in pieces][::-1]


def _begin_alike(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Return whether the beginnings of two names may agree, as far as both have the same inputs. Literals and inputs
    alternate.
    """
    pairs = zip_longest(ours[::2], ours[1::2]), zip_longest(theirs[::2], theirs[1::2])
    for one, another in zip(*pairs, strict=False):
        (short, after), (long, _) = sorted((one, another), key=lambda piece: len(piece[0]))
        if short != long:
            return long.startswith(short) and after is not None
        if one[1] != another[1] or not one[1]:
            return True
    return True


def compare(assessment: Assessment, before: Baseline, names: Names | None = None) -> Assessment:
    """Return the assessment with known findings marked. A further failing check is new, and so is a further part of a
    block that makes a check fail. `names` are those that the code gives, if code is compared.
    """
    known = _counted_anew(assessment, before, names or Names())
    return replace(assessment, findings=tuple(_compared(finding, known) for finding in assessment.findings))


def _compared(finding: Finding, before: Baseline) -> Finding:
    if not counted(finding):
        return finding
    of = mark(finding)
    there = of in before.marks and before.marks[of].issuperset(finding.checks)
    known = there and is_known(finding.grounds, before.grounds.get(of, finding.grounds))
    return finding if finding.known is known else replace(finding, known=known)


def _counted_anew(assessment: Assessment, before: Baseline, names: Names) -> Baseline:
    """Return the baseline with new marks for blocks whose instances got another kind of key (`count` became
    `for_each`).

    As many instances are known as failed before, by any of their causes, but none whose name shows that it is another
    object. Between keys of one kind nothing is transferred, because such a key identifies its instance.
    """
    now = {mark(each): each.grounds for each in assessment.findings if counted(each) and each.source == "iac"}
    new, old = _by_block(now.keys() - before.marks.keys()), _by_block(before.marks.keys() - now.keys())
    places: dict[Mark, Mark] = {}
    grounds: dict[Mark, frozenset[str]] = {}
    for block in new.keys() & old.keys():
        if {_kinds(each) for each in new[block]}.isdisjoint(_kinds(each) for each in old[block]):
            found = names.pairs(new[block], old[block])
            every = [before.grounds[each] for each in old[block] if each in before.grounds]
            places |= found
            grounds |= {
                one: next((of for of in every if is_known(now[one], of)), before.grounds[other])
                for one, other in found.items()
                if other in before.grounds and not names.tell(one, other)
            }
    known = before.also(places)
    return replace(known, grounds={**known.grounds, **grounds})


def _by_block(marks: Iterable[Mark]) -> Mapping[Mark, list[Mark]]:
    return grouped((replace(each, at=_KEY.sub("", each.at)), each) for each in sorted(marks))


def _kinds(of: Mark) -> tuple[bool, ...]:
    """Return, for each key in an address, whether it is a number."""
    return tuple(bool(key[1]) for key in _KEY.finditer(of.at))


@dataclass(frozen=True)
class Renames:
    """The earlier names of code."""

    files: Mapping[str, str] = field(default_factory=dict)  # of renamed files
    addresses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by root: what `moved` blocks name

    def place(self, place: Place) -> Place:
        """Return the earlier place. A root module moves with the file that contains or calls a block."""
        file = self.files.get(place.file, place.file)
        address = address_before(place.id, self.addresses.get(place.root, {}))
        if address.startswith(f"{place.file}:"):  # parts of a Dockerfile or a workflow are identified by their file
            address = file + address.removeprefix(place.file)
        root = self.root(place.root, place.called_from[0][1] if place.called_from else place.file)
        return replace(place, root=root, file=file, id=address)

    def root(self, root: str, file: str) -> str:
        """Return the earlier root module, found by one of its files."""
        return _folder(self.files[file]) if file in self.files and _folder(file) == root else root

    def taking(self, there: Iterable[Place]) -> Renames:
        """Return the names with only those moves that Terraform performs: the new address did not exist before
        (`there`). Otherwise the object there stays and keeps its known findings.
        """
        before: dict[str, set[str]] = defaultdict(set)
        for place in there:
            before[place.root].add(place.id)
        earlier: dict[str, set[str]] = defaultdict(set)
        for now, then in self.files.items():
            earlier[_folder(now)].add(_folder(then))
        found = {}
        for root, moves in self.addresses.items():
            taken = before[root].union(*(before[name] for name in earlier[root]))
            found[root] = {now: then for now, then in moves.items() if not is_there(now, taken, then)}
        return replace(self, addresses=found)


def moved(assessment: Assessment, before: Baseline, renames: Renames) -> Baseline:
    """Return the baseline with the current places of its findings."""
    places: dict[Mark, Mark] = {}
    for finding in filter(counted, assessment.findings):
        earlier = mark(renamed(finding, renames))
        if earlier in before.marks and mark(finding) not in before.marks:
            places[mark(finding)] = earlier
    claims = Counter(places.values())  # if several blocks were one block before, none is known
    places = {now: earlier for now, earlier in places.items() if claims[earlier] == 1}
    return before.also(places).without(frozenset(places.values()))


def is_held(finding: Finding) -> bool:
    """Return whether the code passed a partial check: that is all that code can show for such a policy."""
    return finding.status is FindingStatus.PASS or finding.reason.code == _HELD


def opened(
    assessment: Assessment,
    before: Iterable[Finding],
    renames: Renames,
    were: Collection[FindingStatus] = DECIDED,
    there: Iterable[Place] = (),
    here: Iterable[Place] = (),
) -> tuple[Finding, ...]:
    """Return the findings that had a verdict before and have none now, because a literal value became unknown.

    These also count as an earlier verdict: a pass of a partial check, which is all that code can show for such a
    policy; a run of the root that decided and did not fail, where another run failed or was undecided; a policy that
    asked nothing of an existing block (`there`), or excluded it by tags. One instance, or a block with an unknown
    number of instances, represents the instances that have no answer now or are not `here`. A finding that was
    undecided before for the same cause in the same file is not new, even if something else at its address had a
    verdict: a variable passes, and its value in a variable file is undecided.
    """
    before, now = list(by_resource(before)), list(by_resource(assessment.findings))
    undecided = [(one, renamed(one, renames)) for one in now if one.reason.code == _UNDECIDED]
    decided = {mark(one) for one in before if one.status in were or is_held(one)}
    open_before = Counter(_doubt(one) for one in before if one.reason.code == _UNDECIDED)
    open_now = Counter(_doubt(was) for _, was in undecided)
    weak = {mark(one): one.grounds for one in before if one.grounds}
    asked = {mark(one) for one in before if one.status is not FindingStatus.NOT_APPLICABLE}
    blocks = {block_of(place) for place in there}
    policies = {one.policy for one, _ in undecided}
    answered = {mark(each) for one in now if one.policy in policies for each in (one, renamed(one, renames))}
    kept = {block_of(each) for place in here for each in (place, renames.place(place))}
    without = _Instances((of.policy, of.at) for of in decided - answered if of.policy in policies)
    away = _Instances(_unasked({":".join(block) for block in blocks - kept}, policies, asked))

    def was_there(was: Finding) -> bool:
        block = block_of(was.place)
        return block in blocks or without.some_of(was.policy, _at(was)) or away.some_of(was.policy, ":".join(block))

    def was_decided(one: Finding, was: Mark) -> bool:
        return was in decided or (was in weak and is_open_in_more(one.grounds, weak[was]))

    def was_open(one: Finding, was: Finding) -> bool:
        return not one.grounds and open_now[_doubt(was)] <= open_before[_doubt(was)]

    def is_opened(one: Finding, was: Finding) -> bool:
        if was_open(one, was):
            return False
        return was_decided(one, mark(was)) or (mark(was) not in asked and was_there(was))

    return tuple(one for one, was in undecided if is_opened(one, was))


def _doubt(finding: Finding) -> tuple[Mark, str, tuple[tuple[str, str], ...]]:
    """Return what is undecided, where, and why."""
    return mark(finding), finding.place.file, tuple(sorted(finding.reason.values.items()))


def left_aside(assessment: Assessment, before: Iterable[Finding], renames: Renames) -> tuple[Finding, ...]:
    """Return the findings that passed before and that the tags of their resource now exclude from the policy."""
    held = {mark(one) for one in by_resource(before) if is_held(one)}
    now = (one for one in by_resource(assessment.findings) if one.reason.code == _LEFT_ASIDE)
    return tuple(one for one in now if mark(renamed(one, renames)) in held)


def _unasked(addresses: Iterable[str], policies: Iterable[str], asked: Iterable[Mark]) -> Iterator[tuple[str, str]]:
    """Yield, for each policy, the addresses of which it asked nothing: the policy has no finding there."""
    there = {(of.policy, of.at) for of in asked}
    return (pair for pair in product(policies, sorted(addresses)) if pair not in there)


class _Instances:
    """Addresses by their block: without keys, and in a template without the parts of a name that loops add."""

    def __init__(self, addresses: Iterable[tuple[str, str]]) -> None:
        self._of: dict[str, set[str]] = defaultdict(set)
        for asked, address in addresses:
            self._of[asked].add(_KEY.sub("", address))

    def some_of(self, asked: str, address: str) -> bool:
        """Return whether an address that meets a condition is an instance of the same block."""
        there, block = self._of.get(asked, set()), _KEY.sub("", address)
        if block in there:
            return True
        looped = _named_by_loop(block)
        return any(looped.fullmatch(one) or _named_by_loop(one).fullmatch(block) for one in there if "{" in one + block)


def _named_by_loop(block: str) -> re.Pattern[str]:
    """Return the pattern of the addresses that the loops of a template make from one."""
    return re.compile(".*".join(map(re.escape, _LOOPED.split(block))), re.DOTALL)


def renamed(finding: Finding, renames: Renames) -> Finding:
    """Return the finding at its earlier place."""
    return replace(finding, place=renames.place(finding.place))


def block_of(place: Place | IacBlock) -> tuple[str, str]:
    """Return the key of a block: a Terraform address is unique in its root, a template's in its file."""
    address = place.address if isinstance(place, IacBlock) else place.id
    return (place.file if _in_template(place) else place.root, address)


def _folder(file: str) -> str:
    return PurePosixPath(file).parent.as_posix()


def gone(assessment: Assessment, before: Baseline, policies: Iterable[str]) -> int:
    """Count the known findings of these policies that no longer exist in the examined account or code.

    A finding that is waived or undecided now still exists. If a part of the code was not read, none of its findings
    counts as gone.
    """
    looked_at = {finding.source for finding in assessment.findings}
    wanted = {*policies, ANY_POLICY}
    unread = {("iac", name) for name, result in assessment.policies.items() if result.unread}
    there = [found for found in before.marks if found.source in looked_at and found.policy in wanted]
    there_now = (finding for finding in assessment.findings if counted(finding) or finding.status in _OPEN)
    now = {mark(one) for one in by_resource(there_now)} if there else frozenset[Mark]()
    return sum(1 for found in there if found not in now and (found.source, found.policy) not in unread)
