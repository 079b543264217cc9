"""Names that several outputs share: the resource of a finding, the folder of its policy, its controls."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from preuve.model.company.workspace import Workspace
from preuve.model.content import Control, Library, Severity, title_of
from preuve.model.grouping import grouped
from preuve.model.results import Assessment, ControlResult, Finding, FindingStatus, Place
from preuve.model.snapshot import NOT_MADE, IacGap
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import compact, one_line

MAX_NAME = 300
THEME = "theme"  # the group of themes, which bring articles together and are no articles
CLAUSE = "clause"  # the group of requirements on the management system
_OF_CLAUSES = "C."  # how their ids begin
_LEFT = re.compile(r"… (\d+) bytes, in the snapshot")  # how results.jsonl marks a value that it leaves out
_ARTICLE = re.compile(r"Art\. (\d+)((?:\(\w+\))*)")
# These checks prove only breaches: red would blame a resource in which none was found.
UNPROVABLE = frozenset({"breach_only", "partial_check"})


def place_name(place: Place) -> str:
    """Return a resource by its usual name: its id in the account, `root:address` in code; its type without an id."""
    name = one_line(place.id or place.arn, MAX_NAME)
    root = one_line(place.root, MAX_NAME)
    if root and not name.startswith(f"{root}:"):
        return f"{root}:{name or one_line(place.type)}"
    return name or one_line(place.type, MAX_NAME) or "account"


def recorded(value: object, t: Locale) -> str:
    """Return an observed value as short JSON; for a value that is too long, its length and where to find it."""
    left = _LEFT.fullmatch(value) if isinstance(value, str) else None
    return t("site.api.left", n=t.number(int(left[1]))) if left else compact(value)


def place_scope(place: Place) -> str:
    """Return account and region, as `123456789012/eu-west-3`; empty in code."""
    return "/".join(one_line(part, MAX_NAME) for part in (place.account, place.region) if part)


def relative_file(file: str) -> str:
    """Return a path as pull requests name it: relative, with forward slashes and no way up."""
    parts = [part for part in one_line(file.replace("\\", "/")).split("/") if part not in ("", ".", "..")]
    return "/".join(parts)


def file_line(place: Place) -> str:
    """Return file and line in code; "" in an account."""
    file = relative_file(place.file)
    return f"{file}:{place.line}" if file and place.line else file


def policy_title(policy: str, library: Library, t: Locale) -> str:
    """Return the title of a policy, or its id."""
    return one_line(library.title(policy, t.language))


def titles(library: Library, language: str) -> dict[str, str]:
    """Return the titles of policies, planned ones included, and of manual evidence, by id."""
    texts = {
        **library.planned_policies,
        **{name: policy.title for name, policy in library.policies.items()},
        **{name: item.title for name, item in library.evidence.items()},
    }
    return {name: one_line(text.in_language(language)) for name, text in texts.items()}


def cited(control: Control, t: Locale) -> str:
    """Return a control as its readers cite it: an article as lawyers write it in the language; "" for a theme."""
    article = citation(control, t)
    key = f"cite.law.{control.framework}"
    return t(key, article=article) if article and t.has(key) else article


def cite(controls: Iterable[str], library: Library, t: Locale) -> list[str]:
    """Return the citations of controls: a theme by its title; a control that the content does not have by its id, or by
    the number of a clause.
    """
    known = [(name, library.control(name)) for name in controls]
    return [_cite(found, t) if found else name.removeprefix(_OF_CLAUSES) for name, found in known]


def _cite(control: Control, t: Locale) -> str:
    if control.group == THEME:
        return t.title(one_line(control.title.in_language(t.language)))
    return cited(control, t)


def joined(controls: Iterable[str], library: Library, t: Locale) -> str:
    """Return the citations of controls as one list; a citation may contain commas."""
    return t("list.between").join(cite(controls, library, t))


def called(controls: Iterable[str], library: Library, t: Locale) -> list[str]:
    """Return the names of controls for a place that does not show their framework: a clause includes the word
    clause.
    """
    known = [(name, library.control(name)) for name in controls]
    return [_called(found, t) if found else name for name, found in known]


def _called(control: Control, t: Locale) -> str:
    return t("cite.clause", number=control.ref) if control.group == CLAUSE else _cite(control, t)


def citation(control: Control, t: Locale) -> str:
    """Return a control as readers cite it next to the name of the law."""
    found = numbered(control, t)
    return t("cite.article", number=found) if found and _ARTICLE.fullmatch(control.ref) else found


def numbered(control: Control, t: Locale) -> str:
    """Return the number of a control alone; "" for a theme."""
    if control.group == THEME:
        return ""
    found = _ARTICLE.fullmatch(control.ref)
    parts = "".join(t("cite.part", part=part) for part in re.findall(r"\w+", found[2])) if found else ""
    return f"{found[1]}{parts}" if found else control.ref or control.id


def purpose(workspace: Workspace, t: Locale) -> str:
    """Return the purpose of a workspace's bundle: its own words, or the requirements of the frameworks that it
    judges.
    """
    named_ = {name for name in workspace.frameworks if t.has(f"bundle.purpose.{name}")}
    return workspace.purpose or t.word(
        "bundle.purpose", named_.pop() if len(named_) == 1 else "all" if named_ else "none"
    )


@dataclass(frozen=True)
class FailingPolicy:
    """A policy, and the number of findings that it fails."""

    policy: str
    severity: Severity
    count: int


def failing_policies(findings: Iterable[Finding]) -> list[FailingPolicy]:
    """Return the policies that fail among these findings, by severity, then by number."""
    failing = Counter((item.policy, item.severity) for item in findings if item.status is FindingStatus.FAIL)
    found = [FailingPolicy(*of, count) for of, count in failing.items()]
    return sorted(found, key=lambda item: (item.severity.rank, -item.count, item.policy))


@dataclass(frozen=True)
class CountGroup:
    """Results that are counted together: the items of one framework, or its themes, which each bring articles
    together.
    """

    framework: str
    themes: bool
    title: str
    short: str
    results: tuple[ControlResult, ...]


def standings(assessment: Assessment, library: Library, t: Locale) -> list[CountGroup]:
    """Return the groups of each framework; its themes come after it, outside the total of its items."""
    found = grouped(((result.framework, is_theme(result, library)), result) for result in assessment.controls)
    order = list(dict.fromkeys(name for name, _ in found))
    return [
        CountGroup(name, themes, *_standing_titles(name, library, t, themes=themes), tuple(found[name, themes]))
        for name in order
        for themes in (False, True)
        if (name, themes) in found
    ]


def is_theme(result: ControlResult, library: Library) -> bool:
    """Return whether a result is that of a theme."""
    control = library.control(result.control)
    return control is not None and control.group == THEME


def _standing_titles(framework: str, library: Library, t: Locale, *, themes: bool) -> tuple[str, str]:
    found = library.frameworks.get(framework)
    title = one_line(title_of(found, t.language, framework))
    if themes:
        return t("groups.themes_of", framework=title), t("groups.theme")
    return title, t.word("push.framework", framework)


def policy_folder(library: Library, policy: str) -> str:
    """Return the folder of a policy's file (`s3`), which is the service for bundled ones."""
    found = library.policies.get(policy)
    folder = PurePosixPath(found.position.file.replace("\\", "/")).parent.name if found else ""
    return folder or "policies"


# The reasons for which a failure of a policy that tests a control does not contradict it.
ONE_SIDED = ("means", "elsewhere", "unset")


def strengths_of(control: Control | None, result: ControlResult | None) -> dict[str, str]:
    """Return the strength of each link of a control. It does not depend on what a policy found: one whose failure would
    contradict nothing is called so if it passes too.
    """
    links = {link.policy: link.strength for link in control.policies} if control else {}
    reasons = result.reasons if result else ()
    told = (reason.values["policies"].split(", ") for reason in reasons if reason.code in ONE_SIDED)
    in_favour = dict.fromkeys((name for names in told for name in names), "in_favour")
    return {**links, **dict.fromkeys(result.supporting if result else (), "supporting"), **in_favour}


Links = Mapping[str, tuple[str, ...]]  # controls by policy


@dataclass(frozen=True)
class LinkedControls:
    """The controls that findings decide, and those that they only support; cached."""

    assessment: Assessment
    _known: dict[tuple[str, ...], tuple[Links, Links]] = field(default_factory=dict)

    def by_policy(self, outside: tuple[str, ...]) -> tuple[Links, Links]:
        """Return the controls of each policy, decided and supported, for findings `outside` of some frameworks."""
        if outside not in self._known:
            decided, supported = (_by_policy(self.assessment, outside, supporting=only) for only in (False, True))
            self._known[outside] = decided, supported
        return self._known[outside]

    def of(self, findings: Sequence[Finding]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the controls of findings of one policy, decided and supported."""
        decided, supported = self.by_policy(outside_of(findings))
        return decided.get(findings[0].policy, ()), supported.get(findings[0].policy, ())


def outside_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return the frameworks that every one of some findings is outside of."""
    found = [set(finding.outside) for finding in findings]
    return tuple(sorted(set.intersection(*found))) if found else ()


def _by_policy(assessment: Assessment, outside: Collection[str], *, supporting: bool) -> dict[str, tuple[str, ...]]:
    found = grouped(
        (policy, control.control)
        for control in assessment.controls
        for policy in control.policies
        if (policy in control.supporting or control.framework in outside) is supporting
    )
    return {policy: tuple(controls) for policy, controls in found.items()}


def unique_names(findings: Sequence[Finding]) -> list[str]:
    """Return a name per finding, unique among them: account and region, the type, then a number tell equals apart."""
    names = [place_name(finding.place) for finding in findings]
    for tell in (_with_scope, _with_type):
        twice = {name for name, count in Counter(names).items() if count > 1}
        names = [tell(name, finding) if name in twice else name for name, finding in zip(names, findings, strict=True)]
    return _numbered(names)


def _with_scope(name: str, finding: Finding) -> str:
    scope = place_scope(finding.place)
    return f"{name} ({scope})" if scope else name


def _with_type(name: str, finding: Finding) -> str:
    kind = one_line(finding.place.type, MAX_NAME)
    return f"{name} [{kind}]" if kind else name


def _numbered(names: Iterable[str]) -> list[str]:
    taken: set[str] = set()
    result = []
    for name in names:
        number, unique = 1, name
        while unique in taken:
            number += 1
            unique = f"{name} #{number}"
        taken.add(unique)
        result.append(unique)
    return result


_WHY = " is not created: "


def not_made(gaps: Iterable[IacGap], locale: Locale) -> tuple[int, list[str]]:
    """Return the number of blocks that the code leaves out, and the conditions that do so, the most frequent first."""
    blocks = {(gap.file, gap.line): gap for gap in gaps if gap.cause == NOT_MADE}
    whys = Counter(gap.detail.partition(_WHY)[2] for gap in blocks.values())
    return len(blocks), [f"{one_line(why, 80)} ({locale.number(n)})" for why, n in whys.most_common()]
