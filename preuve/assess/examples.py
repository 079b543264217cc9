"""Runs the examples that policies carry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from preuve.assess.judge import Context, Judge, Verdict
from preuve.assess.view import ListingSource
from preuve.library.iam.policy_documents import iam_document
from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.validation.members import Shapes
from preuve.library.validation.shapes import ACCOUNT, POLICY, REGION, ListOf, MapOf, RelatedType, Scalar, Shape, Struct
from preuve.model.content import Example, Library
from preuve.model.errors import Position, Problem
from preuve.model.snapshot import GLOBAL, UNKNOWN_VALUE, Resource, Unread

DEFAULT_NOW = "2026-11-24T12:00:00Z"
_ACCOUNT, _REGION = "123456789012", "eu-west-3"


@dataclass(frozen=True)
class ExampleResult:
    """The result of one example. The explanation is computed on demand."""

    policy: str
    name: str
    position: Position
    expected: str
    actual: str
    explain: Callable[[], Explanation]

    @property
    def passed(self) -> bool:
        """Whether the verdict is the expected one."""
        return self.expected == self.actual


@dataclass(frozen=True)
class Explanation:
    """The reason of a verdict, and the parts of the conditions, each with its value."""

    reason: str
    parts: tuple[str, ...]


class ExampleRunner:
    """Builds a small snapshot from each example and judges it as an audit would."""

    def __init__(self, library: Library, shapes: Shapes) -> None:
        self.library = library
        self.shapes = shapes
        self.problems: list[Problem] = []
        self._inlines: dict[Position, ExampleResources] = {}

    def run(self, rules: Iterable[CheckedRule]) -> Iterator[ExampleResult]:
        """Yield the result of every example of these rules."""
        for rule, example, number in _examples(rules):
            yield self.result(rule, example, number)

    def check(self, rules: Iterable[CheckedRule]) -> list[Problem]:
        """Return the values in examples that AWS would not return; no verdict is computed."""
        for _, example, _ in _examples(rules):
            ExampleResources(self, example)
        return self.problems

    def result(self, rule: CheckedRule, example: Example, number: int = 0) -> ExampleResult:
        """Return the result of one example of a rule."""
        if example.position not in self._inlines:
            self._inlines[example.position] = ExampleResources(self, example)
        inline = self._inlines[example.position]
        context = self.context(example)
        verdict = Judge(rule, inline, self.shapes, context, explains=False).judge(inline.subject)
        return ExampleResult(
            rule.policy.id,
            example.name or f"{example.expected} {number}",
            example.position,
            example.expected,
            example.expected if example.newer and _not_known_here(verdict) else verdict.status.value.lower(),
            partial(self._explanation, rule, inline, context),
        )

    def _explanation(self, rule: CheckedRule, inline: ExampleResources, context: Context) -> Explanation:
        judge = Judge(rule, inline, self.shapes, context)
        reason = judge.judge(inline.subject).reason
        return Explanation(" ".join([reason.code, *reason.values.values()]), tuple(judge.explain(inline.subject)))

    def context(self, example: Example) -> Context:
        """Return the context of a condition beside the resources of an example."""
        params = {name: item.value for name, item in self.library.parameters.items()}
        org = {"accounts": [_ACCOUNT], "regions": [_REGION], "country": "FR"}
        now = (example.now or DEFAULT_NOW).replace("Z", "+00:00")
        return Context(
            params={**params, **example.params},
            org={**org, **example.org},
            reference={name: item["data"] for name, item in self.library.reference.items()},
            now=datetime.fromisoformat(now).astimezone(UTC),
            environments={_ACCOUNT: example.environment},
        )


def _not_known_here(verdict: Verdict) -> bool:
    """Return whether a verdict is missing because the installed models do not know a value."""
    return verdict.reason.values.get("cause") == UNKNOWN_VALUE


def _examples(rules: Iterable[CheckedRule]) -> Iterator[tuple[CheckedRule, Example, int]]:
    for rule in rules:
        for number, example in enumerate(rule.policy.examples, 1):
            if example.type == rule.rule.resource:
                yield rule, example, number


class ExampleResources:
    """The resources of one example, with its inline relations."""

    def __init__(self, runner: ExampleRunner, example: Example) -> None:
        self._runner = runner
        self._example = example
        self._relations: dict[tuple[str, str], list[Resource]] = {}
        self._count = 0
        self._singletons = {
            name: self._resource(name, data)
            for name, data in (
                (ACCOUNT, {"Id": _ACCOUNT, "Partition": "aws", **example.account}),
                (REGION, {"Name": _REGION, **example.region}),
            )
            if name in runner.library.types
        }
        self.subject = self._resource(example.type, example.resource, example.unread)

    def singleton(self, type_name: str, account: str, region: str) -> Resource | None:
        """Return the account or region of the example."""
        return self._singletons.get(type_name)

    def listed(self, resource: Resource, member: str) -> ListingSource:
        """Return nothing: an example has no calls and no snapshot."""
        return ListingSource()

    def doubted(self, resource: Resource, member: str) -> frozenset[str]:
        """Return nothing: an example has no snapshot."""
        return frozenset()

    def related(self, resource: Resource, member: str) -> list[Resource]:
        """Return the related resources that the example gives inline; none if it gives none."""
        return self._relations.get((resource.id, member), [])

    def perhaps(self, resource: Resource, member: str) -> list[Resource] | None:
        """Return None: an unread part of an example may be anything."""
        return None

    def unread(self, resource: Resource, member: str) -> tuple[Unread, ...]:
        """Return the cause if the example says that a member is unread."""
        return (resource.unread[member],) if member in resource.unread else ()

    def unlisted(self, resource: Resource, type_name: str) -> tuple[Unread, ...]:
        """Return nothing: an example has no listings."""
        return ()

    def join_keys(self, resource: Resource, member: str) -> list[str]:
        """Return nothing: inline relations join on nothing."""
        return []

    def uncollected(self, type_name: str, member: str) -> Unread | None:
        """Return None: an example is complete."""
        return None

    def _resource(self, type_name: str, data: Mapping[str, Any], unread: Collection[str] = ()) -> Resource:
        self._count += 1
        name = f"example-{self._count}"
        members = self._runner.shapes.members(type_name)
        for path in unread:
            head, _, below = path.partition(".")
            if head not in members or (below and not (isinstance(members[head], RelatedType) and data.get(head))):
                place = f"{type_name}.{path}"
                self._refuse(f"the example leaves {place} unread, but gives no such member")
        own: dict[str, Any] = {}
        for member, value in data.items():
            shape = members.get(member)
            if isinstance(shape, RelatedType):
                items = value if isinstance(value, list) else [value]
                inner = [path.removeprefix(f"{member}.") for path in unread if path.startswith(f"{member}.")]
                self._relations[(name, member)] = [self._resource(shape.type, item, inner) for item in items]
            else:
                own[member] = self._value(value, shape, f"{type_name}.{member}")
        missing = {name for name in self._runner.library.types[type_name].details if name not in own}
        return Resource(
            type=type_name,
            id=name,
            account=_ACCOUNT,
            region=GLOBAL if type_name == ACCOUNT else _REGION,
            data=own,
            absent=frozenset(missing - set(unread)),
            unread={member: Unread("access_denied", "AccessDenied") for member in unread if "." not in member},
        )

    def _value(self, value: Any, shape: Shape | None, path: str) -> Any:
        if shape is None:
            self._refuse(f"the example has {path}, which AWS does not return")
            return value
        if isinstance(shape, ListOf):
            return [self._value(item, shape.item, f"{path}[]") for item in self._expect(value, list, path)]
        if isinstance(shape, MapOf):
            return {key: self._value(item, shape.value, path) for key, item in self._expect(value, dict, path).items()}
        if isinstance(shape, Struct):
            members = self._expect(value, dict, path)
            if shape.name == POLICY.name:
                return iam_document(members)
            return {key: self._value(item, shape.fields.get(key), f"{path}.{key}") for key, item in members.items()}
        if isinstance(shape, Scalar) and not isinstance(value, _PYTHON[shape.kind]):
            self._refuse(f"the example gives {value!r} for {path}, which is a {shape.kind}")
        return value

    def _expect(self, value: Any, kind: type, path: str) -> Any:
        if not isinstance(value, kind):
            self._refuse(f"the example gives {value!r} for {path}, which is a {kind.__name__}")
            return kind()
        return value

    def _refuse(self, message: str) -> None:
        self._runner.problems.append(Problem(self._example.position, message))


_PYTHON: Mapping[str, Any] = {"string": str, "boolean": bool, "integer": int, "double": (float, int), "bytes": str}
