"""Decides which accounts of an organization are in scope: yes, no, or unknown with a cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from preuve.collect.aws.organization import MemberAccount, Tree
from preuve.model.company.organization import KeptOut, Organization, Unit
from preuve.model.errors import Problem
from preuve.model.snapshot import Discovery, Member, Unread

_NOT_ASKED = {
    "SUSPENDED": "account_suspended",
    "PENDING_CLOSURE": "account_pending_closure",
    "CLOSED": "account_closed",
    "PENDING_ACTIVATION": "account_pending_activation",
}
Known = bool | Unread


def discovery_of(organization: Organization, tree: Tree) -> Discovery:
    """Return the decision on each account."""
    members = tuple(_Choice(organization, tree).member(listed) for listed in tree.accounts)
    unread = tree.unread or (tree.units.unread if _may_not_exist(organization, tree) else None)
    return Discovery(members, unread, tree.units.unread, tree.calls)


def closed_by(state: str) -> Unread | None:
    """Return why an account in this state is not read; None if it is."""
    return Unread(_NOT_ASKED[state], state) if state in _NOT_ASKED else None


def _may_not_exist(organization: Organization, tree: Tree) -> bool:
    """Return whether a unit is named by an id that no unit has, so that no account is doubtful because of it."""
    placed = not any(isinstance(listed.above, Unread) for listed in tree.accounts)
    return placed and any(not unit.name.startswith("/") and not _named(unit, tree) for unit in organization.units)


def problems(organization: Organization, tree: Tree) -> Iterator[Problem]:
    """Yield a problem for each id in the workspace that the organization does not have; none if that is unknown."""
    if tree.unread is not None:
        return
    if tree.units.unread is None:
        yield from (problem for unit in organization.named_units for problem in _unit_problems(unit, tree))
    known = {listed.id for listed in tree.accounts}
    for item in organization.kept_out:
        if item.account and item.account not in known:
            message = f"there is no account {item.account} in the organization"
            yield Problem(item.position, message, "correct the number, or remove the entry")


def _unit_problems(unit: Unit, tree: Tree) -> Iterator[Problem]:
    found = _named(unit, tree)
    if not found:
        hint = "write its id (ou-…), or its path from the root as AWS Organizations shows it"
        yield Problem(unit.position, f"there is no unit {unit.name} in the organization", hint)
    elif len(found) > 1:
        yield Problem(unit.position, f"{unit.name} names several units: {', '.join(found)}", "write the id of one")


def _named(unit: Unit, tree: Tree) -> list[str]:
    path = unit.name if unit.name == "/" else unit.name.rstrip("/")
    return sorted(number for number, name in tree.units.names.items() if unit.name == number or path == name)


class _Choice:
    def __init__(self, organization: Organization, tree: Tree) -> None:
        self._organization = organization
        self._tree = tree

    def member(self, listed: MemberAccount) -> Member:
        decision, reason, unread = self._decided(listed)
        environment = self._environment(listed)
        if isinstance(environment, Unread):
            if decision in ("read", "closed"):
                decision, unread = "unknown", environment
            environment = ""
        return Member(listed.id, listed.name, listed.state, self._path(listed), decision, reason, environment, unread)

    def _decided(self, listed: MemberAccount) -> tuple[str, str, Unread | None]:
        kept_out = [(item, self._kept_out(item, listed)) for item in self._organization.kept_out]
        for item, value in kept_out:
            if value is True:
                return "excluded", item.reason, None
        wanted = _all((self._in_units(listed), self._has_tags(listed)))
        if wanted is False:
            return "outside", "", None
        doubt = _all((wanted, *(_not(value) for _, value in kept_out)))
        if isinstance(doubt, Unread):
            return "unknown", "", doubt
        closed = closed_by(listed.state)
        if closed:
            return "closed", "", closed
        return "read", "", None

    def _kept_out(self, item: KeptOut, listed: MemberAccount) -> Known:
        return item.account == listed.id if item.unit is None else self._inside(item.unit, listed)

    def _in_units(self, listed: MemberAccount) -> Known:
        units = self._organization.units
        return _any(self._inside(unit, listed) for unit in units) if units else True

    def _has_tags(self, listed: MemberAccount) -> Known:
        wanted, tags = self._organization.tags, listed.tags
        if isinstance(tags, Unread):
            return tags if wanted else True
        return all(name in tags and _plain(tags[name]) in map(_plain, values) for name, values in wanted.items())

    def _inside(self, unit: Unit, listed: MemberAccount) -> Known:
        """Return whether an account lies in a unit or below it."""
        if unit.name == "/":
            return True
        if isinstance(listed.above, Unread):
            return listed.above
        if unit.name in listed.above or set(_named(unit, self._tree)) & set(listed.above):
            return True
        by_path = unit.name.startswith("/")
        return self._tree.units.unread if by_path and self._tree.units.unread is not None else False

    def _environment(self, listed: MemberAccount) -> str | Unread:
        """Return the environment of the first matching rule; "" if none matches."""
        for rule in self._organization.environments:
            if rule.unit is not None:
                fits, said = self._inside(rule.unit, listed), rule.environment
            elif isinstance(listed.tags, Unread):
                return listed.tags
            else:
                said = _plain(listed.tags.get(rule.tag, ""))
                fits = bool(said)
            if isinstance(fits, Unread):
                return fits
            if fits:
                return said
        return ""

    def _path(self, listed: MemberAccount) -> str:
        if isinstance(listed.above, Unread):
            return ""
        return self._tree.units.names.get(listed.above[-1], "/".join(listed.above))


def _any(values: Iterable[Known]) -> Known:
    """Return true if one is true; otherwise unknown, unless all are false."""
    return _not(_all(_not(value) for value in values))


def _all(values: Iterable[Known]) -> Known:
    """Return false if one is false; otherwise unknown, unless all are true."""
    found = list(values)
    if any(value is False for value in found):
        return False
    return next((value for value in found if isinstance(value, Unread)), True)


def _not(value: Known) -> Known:
    return value if isinstance(value, Unread) else not value


def _plain(value: str) -> str:
    """Return the value of a tag for comparison: case and surrounding blanks do not distinguish values."""
    return value.strip().lower()
