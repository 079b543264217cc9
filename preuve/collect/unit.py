"""Reads one unit: the resource types of one service in one account and region, or of one part of an organization."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from msgspec import structs

from preuve.collect.answer import GONE, Answer, NotSetError, UnreadError, cited
from preuve.collect.raw_resource import RawResource, partition_of
from preuve.collect.recorder import line_of, listing_line, unread_form
from preuve.library.company.waivers import covers
from preuve.library.validation.shapes import CONTEXT, steps
from preuve.library.validation.texts import Texts
from preuve.model.company.workspace import Waiver
from preuve.model.content import GITHUB, Call, CountCall, ProofCall, ResourceType
from preuve.model.errors import Position
from preuve.model.snapshot import GLOBAL, Unread
from preuve.redact.redactor import Redactor
from preuve.snapshot.forms import ResourceLine, UnreadForm

NOT_SHOWN, NOT_COUNTED, NOT_PROVED = Unread("not_shown"), Unread("not_counted"), Unread("not_proved")
_OLD_MODELS = Unread("old_models", "OldModels", "the models of the installed boto3 are older than this member")
_ANYWHERE = Position("")
_OWNERS = frozenset({"accountid", "awsaccountid"})  # members that say whose a finding is
Members = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Unit:
    """The extent of one task. For global resources `region` is `global`, and `home` is the region to call."""

    account: str
    region: str
    home: str
    service: str
    types: tuple[ResourceType, ...]
    members: Members
    texts: Texts | None = None

    @property
    def provider(self) -> str:
        """The name of the provider."""
        return self.types[0].provider

    @property
    def name(self) -> str:
        """The prefix of the ids of its calls."""
        return f"{self.account}/{self.region}/{self.service}"


class Caller(Protocol):
    """The provider's client for one unit."""

    records: list[dict[str, Any]]

    def make(self, call: Call, region: str, parameters: Mapping[str, Any], personal: Collection[str] = ()) -> Answer:
        """Return a call's answer. Raises NotSetError or UnreadError. `personal` are parameters that name a person."""

    def claim(self, resource: str) -> bool:
        """Return whether this is the first unit that names a resource."""

    def knows(self, call: Call) -> bool:
        """Return whether the installed models have an operation at all."""

    def known(self, call: Call, path: str) -> bool:
        """Return whether an answer, or the part of it that a call takes, has a member in the installed models."""

    @property
    def waivers(self) -> Sequence[Waiver]:
        """The waivers of the workspace."""

    def parameters(self, call: Call) -> Collection[str]:
        """Return the parameters of a call in the installed models."""

    def close(self) -> None:
        """Release the resources of the calls."""


class UnitReader:
    """Reads a unit into the lines of its file."""

    def __init__(self, unit: Unit, caller: Caller, redactor: Redactor, details: Executor) -> None:
        self._unit = unit
        self._caller = caller
        self._redactor = redactor
        self._details = details
        self._found: dict[str, list[RawResource]] = {}
        self._failed: dict[str, Unread] = {}
        self._listed: dict[str, tuple[str, ...]] = {}  # the calls that listed a type: no parents, hence no children

    @property
    def records(self) -> list[dict[str, Any]]:
        """The calls so far."""
        return self._caller.records

    @property
    def calls(self) -> int:
        """The number of calls so far."""
        return len(self.records)

    def read(self) -> Iterator[Mapping[str, Any]]:
        """Yield the lines of the unit: listings and resources type by type, then the calls."""
        try:
            for declared in _parents_first(self._unit.types):
                yield from self._type(declared)
            yield from self._caller.records
        finally:
            self._caller.close()

    def _type(self, declared: ResourceType) -> Iterator[Mapping[str, Any]]:
        resources: list[RawResource] = []
        for line, found in self._listings(declared):
            resources += found
            self._listed[declared.name] = (*self._listed.get(declared.name, ()), *line["calls"])
            yield line
        wanted = self._unit.members.get(declared.name, frozenset())
        list(self._details.map(lambda raw: self._complete(declared, raw, wanted), resources))
        resources = self._found[declared.name] = [raw for raw in resources if not raw.elsewhere]
        for number, raw in enumerate(resources, 1):
            raw.id = raw.id or f"#{number}"  # the response has no name for it; it is a resource all the same
        for raw in sorted(resources, key=lambda raw: (raw.region, raw.parent.id if raw.parent else "", raw.id)):
            yield self._resource_line(declared, raw)

    # ---- listing --------------------------------------------------------------------------------------------------

    def _listings(self, declared: ResourceType) -> Iterator[tuple[Mapping[str, Any], list[RawResource]]]:
        if declared.singleton:
            yield self._listing_line(declared, 1, ()), [self._singleton(declared)]
        made: list[Call] = []
        for call in declared.lists:
            region = call.only_in if call.only_in and self._unit.region == GLOBAL else self._unit.home
            if call.only_in and call.only_in != region:
                continue
            if not self._caller.knows(call):
                yield self._too_new(declared, call, region)
                continue
            asked = structs.replace(call, newer_const=self._known_const(call), position=_ANYWHERE)
            if asked in made:  # the installed models do not have the member in which it differs from one before
                continue
            made.append(asked)
            listed = self._children(declared, call) if call.for_each else [self._list(declared, call, region, None)]
            found = 0
            for line, resources in listed:
                found += len(resources)
                yield line, resources
            if self._exceeds_models(call):  # there may be more
                yield self._too_new(declared, call, region)
            if call.counted is not None and declared.name not in self._failed:
                yield from self._short(declared, call.counted, found)
            if call.proved is not None and declared.name not in self._failed:
                yield from self._unproved(declared, call.proved)

    def _too_new(self, declared: ResourceType, call: Call, region: str) -> tuple[Mapping[str, Any], list[RawResource]]:
        """Return the listing of a type whose call the installed models do not have."""
        reason = self._failed[declared.name] = replace(_OLD_MODELS, call=call.operation, region=region)
        return self._listing_line(declared, 0, (), reason), []

    def _short(
        self, declared: ResourceType, counted: CountCall, found: int
    ) -> Iterator[tuple[Mapping[str, Any], list[RawResource]]]:
        """Yield the listing of what the caller may not be allowed to see, if a second source counts more, or gives no
        number.
        """
        try:
            answer = self._call(declared, counted.call, self._unit.home, None)
        except UnreadError as error:
            calls, reason = [error.call], error.reason
        else:
            numbers = [answer.value.get(name) for name in counted.sum]
            whole = sum(numbers) if all(isinstance(number, int) for number in numbers) else None
            if whole is not None and found >= whole:
                return
            calls, reason = list(answer.calls), NOT_COUNTED if whole is None else Unread("not_all", f"{found}/{whole}")
        self._failed[declared.name] = reason
        yield self._listing_line(declared, 0, calls, reason), []

    def _unproved(
        self, declared: ResourceType, proved: ProofCall
    ) -> Iterator[tuple[Mapping[str, Any], list[RawResource]]]:
        """Yield the listing of what the caller may not be allowed to see, if nothing proves that it sees everything."""
        try:
            answer = self._call(declared, proved.call, self._unit.home, None)
        except UnreadError as error:
            calls, reason = [error.call], error.reason
        else:
            if all(answer.value.get(name) in values for name, values in proved.where.items()):
                return
            calls, reason = list(answer.calls), NOT_PROVED
        self._failed[declared.name] = reason
        yield self._listing_line(declared, 0, calls, reason), []

    def _known_const(self, call: Call) -> Mapping[str, Any]:
        """Return the newer literal parameters that the installed models have."""
        known = self._caller.parameters(call) if call.newer_const else ()
        return {name: value for name, value in call.newer_const.items() if name in known}

    def _unsent(self, call: Call) -> frozenset[str]:
        """Return the newer literal parameters that the installed models lack."""
        return frozenset(call.newer_const) - self._known_const(call).keys()

    def _exceeds_models(self, call: Call, lists: Sequence[Call] = ()) -> bool:
        """Return whether the installed models lack something that a call sends or takes.

        If `lists` showed everything without a parameter, AWS hides nothing without it, so the details do not need it
        either.
        """
        if not self._caller.knows(call):
            return True
        unsent = self._unsent(call)
        if unsent and not (lists and all(unsent <= self._unsent(listing) for listing in lists)):
            return True
        return not all(self._caller.known(call, path) for path in call.newer)

    def _singleton(self, declared: ResourceType) -> RawResource:
        unit = self._unit
        known = {"Id": unit.account, "Partition": partition_of(unit.home), "Name": unit.region}
        data = {name: known[name] for name in declared.declared if name in known}
        return RawResource(data, unit.region, id=unit.account if unit.region == GLOBAL else unit.region)

    def _children(self, declared: ResourceType, call: Call) -> Iterator[tuple[Mapping[str, Any], list[RawResource]]]:
        parents = self._found.get(call.for_each, [])
        failed = self._failed.get(call.for_each)
        if failed is not None:  # children of unlisted parents are unread; the others were listed
            self._failed[declared.name] = failed
        if failed is not None or not parents:
            yield self._listing_line(declared, 0, self._listed.get(call.for_each, ()), failed), []
        yield from self._details.map(lambda parent: self._list(declared, call, parent.region, parent), parents)

    def _list(
        self, declared: ResourceType, call: Call, region: str, parent: RawResource | None
    ) -> tuple[Mapping[str, Any], list[RawResource]]:
        place = self._unit.home if region == GLOBAL else region
        try:
            answer = self._call(declared, call, place, parent)
            unknown = self._unknown_members(declared, call, place)
            made = [self._raw(declared, call, item, records, parent, unknown) for item, records in answer.items()]
            made = self._hydrated(declared, made, place)
            self._unless_of_others(call, made, answer.calls)
            calls = answer.calls
        except NotSetError as absent:
            made, calls = [], (absent.call,)
        except UnreadError as error:
            self._failed[declared.name] = error.reason
            failed = (error.call,) if error.call else ()
            return self._listing_line(declared, 0, failed, error.reason, parent), []
        return self._listing_line(declared, len(made), calls, None, parent), made

    def _unless_of_others(self, call: Call, made: Sequence[RawResource], calls: Sequence[str]) -> None:
        """Raise UnreadError if a call for data of this account alone is answered with another account's: that is no
        answer, and must not be kept.
        """
        if call.const == call.const_in(self._unit.account, ""):
            return
        for raw in made:
            told = next((value for name, value in raw.data.items() if name.lower() in _OWNERS), self._unit.account)
            if told != self._unit.account:
                reason = Unread(
                    "not_aws", "OtherAccount", "it names an account that was not asked for", call=call.operation
                )
                raise UnreadError(reason, next(iter(calls), ""))

    def _unknown_members(self, declared: ResourceType, call: Call, region: str) -> dict[str, Unread]:
        """Return the members that the installed models lack: botocore drops them from AWS's answers."""
        answers = [answer for answer in (call, declared.hydrate) if answer is not None]
        return {
            steps(path)[0][0]: replace(_OLD_MODELS, call=call.operation, region=region)
            for path in declared.newer
            if not any(self._caller.known(answer, path) for answer in answers)
        }

    def _raw(
        self,
        declared: ResourceType,
        call: Call,
        item: Any,
        records: Sequence[str],
        parent: RawResource | None,
        unread: Mapping[str, Unread],
    ) -> RawResource:
        region = parent.region if parent else self._unit.region
        raw = RawResource({}, region, parent=parent, calls={"": records}, unread=dict(unread))
        raw.add(declared, item if isinstance(item, Mapping) else {call.name: item})
        return raw

    def _listing_line(
        self,
        declared: ResourceType,
        count: int,
        calls: Sequence[str],
        unread: Unread | None = None,
        parent: RawResource | None = None,
    ) -> Mapping[str, Any]:
        named = self._identified(declared, parent) if parent else ""
        form = None if unread is None else self._unread(unread)
        return listing_line(declared.name, self._unit.account, self._unit.region, count, calls, named, form)

    def _unread(self, unread: Unread) -> UnreadForm:
        return unread_form(unread, self._redactor)  # AWS names the caller whom it refuses

    def _identified(self, declared: ResourceType, parent: RawResource) -> str:
        parents = {item.name: item for item in self._unit.types}
        owner = next((parents[call.for_each] for call in declared.lists if call.for_each in parents), declared)
        return self._shown_id(owner, parent)

    # ---- completing -----------------------------------------------------------------------------------------------

    def _hydrated(self, declared: ResourceType, resources: list[RawResource], region: str) -> list[RawResource]:
        call = declared.hydrate
        if call is None or not call.batch:
            return resources
        size = call.batch_size or 1
        for start in range(0, len(resources), size):
            self._hydrate_batch(declared, call, resources[start : start + size], region)
        return resources

    def _hydrate_batch(self, declared: ResourceType, call: Call, batch: list[RawResource], region: str) -> None:
        (parameter, member), *_ = call.batch.items()
        given = {parameter: [self._value(member, region, raw, call, parameter) for raw in batch]}
        answer = self._call(declared, call, region, batch[0], given)
        (theirs, ours), *_ = call.match.items()
        by_key = {item.get(theirs): (item, records) for item, records in answer.items()}
        for raw in batch:
            found, reason = by_key.get(raw.data.get(ours)), answer.lost.get(str(raw.data.get(ours)), GONE)
            if found is None and reason is not None:
                raw.calls[""] = answer.calls
                raw.unread["*"] = reason
            else:  # or AWS states that there are no more than the listing has
                raw.fill(declared, *(found or ({}, answer.calls)))

    def _complete(self, declared: ResourceType, raw: RawResource, wanted: frozenset[str]) -> None:
        """Read everything of one resource that the selected policies refer to."""
        if declared.hydrate is not None and not declared.hydrate.batch:
            self._hydrate_one(declared, raw, declared.hydrate)
        for member, call in declared.fallback.items():
            if not raw.data.get(member):
                self._member(declared, raw, member, call)
        if declared.in_region:  # where it is not known, the resource stays where it was listed
            raw.region = str(raw.data.get(declared.in_region) or raw.region)
        raw.arn = raw.arn_at(declared, self._unit.account, self._place(raw))
        if declared.identity:  # if the response left the name out, the ARN still distinguishes the two
            raw.id = " ".join(raw.names(declared).values()) or raw.id or raw.arn
        if "{" in declared.arn and "Arn" not in raw.data:
            raw.data["Arn"] = raw.arn
        if (
            declared.in_region
            and declared.scope != GLOBAL
            and raw.arn
            and not self._caller.claim(f"{declared.name} {raw.arn}")
        ):
            raw.elsewhere = True
            return
        for member, call in declared.details.items():
            if member in wanted and not raw.decides(declared, member, call):
                self._member(declared, raw, member, call)

    def _hydrate_one(self, declared: ResourceType, raw: RawResource, call: Call) -> None:
        try:
            answer = self._call(declared, call, self._place(raw), raw)
            raw.fill(declared, answer.value or {}, answer.calls)
        except NotSetError:
            raw.unread["*"] = GONE
        except UnreadError as error:
            raw.calls[""] = (error.call,) if error.call else raw.calls[""]
            raw.unread["*"] = error.reason

    def _member(self, declared: ResourceType, raw: RawResource, member: str, call: Call) -> None:
        try:
            place = call.only_in or self._place(raw)
            if self._exceeds_models(call, declared.lists):
                raise UnreadError(replace(_OLD_MODELS, call=call.operation, region=place), "")
            answer = self._call(declared, call, place, raw)
            raw.calls[member] = answer.calls
            if answer.value is None:
                raw.absent.add(member)
            else:
                raw.add(declared, {member: answer.value})
        except NotSetError as absent:
            raw.calls[member] = (absent.call,)
            raw.absent.add(member)
        except UnreadError as error:
            raw.calls[member] = (error.call,)
            raw.unread[member] = error.reason

    def _place(self, raw: RawResource) -> str:
        return self._unit.home if raw.region == GLOBAL else raw.region

    def _call(
        self,
        declared: ResourceType,
        call: Call,
        region: str,
        raw: RawResource | None,
        given: Mapping[str, Any] | None = None,
    ) -> Answer:
        place = call.only_in or region
        parameters = {**call.const_in(self._unit.account, place), **self._known_const(call), **(given or {})}
        for name, days in call.ago.items():
            parameters[name] = datetime.now(UTC) - timedelta(days=days)
        personal = [name for name, path in call.with_.items() if self._is_personal(declared, call, path)]
        for name, path in call.with_.items():
            parameters[name] = self._value(path, region, raw, call, name)
        return self._caller.make(call, place, parameters, personal)

    def _is_personal(self, declared: ResourceType, call: Call, path: str) -> bool:
        owner = next((item for item in self._unit.types if item.name == call.for_each), declared)
        return path in owner.personal or path.removeprefix("Parent.") in owner.personal

    def _value(self, path: str, region: str, raw: RawResource | None, call: Call, name: str) -> Any:
        context = {"Account": self._unit.account, "Region": region, "Partition": partition_of(region)}
        if path in CONTEXT:
            return context[path]
        value = raw.value(path) if raw else None
        if value is None:
            raise UnreadError(
                Unread("no_parameter", "NoParameter", f"{path} is missing, so {call.operation} has no {name}"), ""
            )
        return value

    # ---- writing --------------------------------------------------------------------------------------------------

    def _shown_id(self, declared: ResourceType, raw: RawResource) -> str:
        names = raw.names(declared) or {"": raw.id}
        shown = {True: self._redactor.person, False: self._redactor.text}
        return " ".join(shown[path in declared.personal](name) for path, name in names.items())

    def _resource_line(self, declared: ResourceType, raw: RawResource) -> Mapping[str, Any]:
        unread, wanted = dict(raw.unread), self._unit.members.get(declared.name, frozenset())
        whole = unread.pop("*", None)
        if whole is not None:
            unread.update({member: whole for member in wanted if member not in raw.data})
        unread.update(self._not_shown(declared, raw, unread))
        kept = {name: raw.data[name] for name in sorted(raw.data) if name in wanted and name not in unread}
        if self._unit.texts:
            kept = self._unit.texts.kept(declared.name, kept)
        listed = {name: raw.listed[name] for name in kept if name in raw.listed}
        shown = self._shown_id(declared, raw)  # a waiver may name what a report shows
        return line_of(
            ResourceLine(
                type=declared.name,
                id=shown,
                account=self._unit.account,
                region=raw.region,
                arn=self._redactor.text(raw.arn),
                data=self._redactor.data(kept, declared.personal),
                absent=tuple(sorted((raw.absent & wanted) - set(kept) - set(unread))),  # each member in one place
                unread={member: self._unread(reason) for member, reason in sorted(unread.items())},
                calls={name: cited(calls) for name, calls in sorted({**listed, **raw.calls}.items())},
                parent=self._identified(declared, raw.parent) if raw.parent else "",
                waivers=tuple(
                    item.id for item in self._caller.waivers if covers(item.resource, raw.id, raw.arn, shown)
                ),
            )
        )

    def _not_shown(
        self, declared: ResourceType, raw: RawResource, unread: Mapping[str, Unread]
    ) -> Iterator[tuple[str, Unread]]:
        """Yield the members that GitHub left out. GitHub writes empty members, so a missing one was withheld."""
        if declared.provider != GITHUB:
            return
        own = self._unit.members.get(declared.name, frozenset()) - set(declared.relations) - {"Parent", "Arn"}
        for name in own - set(raw.data) - raw.absent - set(unread):
            yield name, NOT_SHOWN


def _parents_first(types: Sequence[ResourceType]) -> list[ResourceType]:
    """Return types in an order in which every parent comes before its children."""
    by_name = {declared.name: declared for declared in types}
    ordered: dict[str, ResourceType] = {}

    def place(declared: ResourceType) -> None:
        for call in declared.lists:
            if call.for_each in by_name:
                place(by_name[call.for_each])
        ordered.setdefault(declared.name, declared)

    for declared in types:
        place(declared)
    return list(ordered.values())
