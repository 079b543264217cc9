"""The parts that both OSCAL documents share: identifiers, texts, properties, metadata, subjects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from preuve.model.results import Finding, Place, by_resource
from preuve.publish.site.facts import Site
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import place_name, relative_file
from preuve.publish.words.text import one_line

VERSION = "1.2.1"
NAMESPACE = "urn:preuve:oscal"
RECORDS = "../records"  # from the folder of the OSCAL files
LONGEST = 500  # characters of a value
_ROOT = uuid5(NAMESPACE_URL, NAMESPACE)
_MARKUP = re.compile(r"([\\`*_<>\[\]&])")

Part = dict[str, Any]


def uid(*names: str) -> str:
    """Return a UUID (version 5) that is the same for these names in every run."""
    return str(uuid5(_ROOT, json.dumps(names)))


def markup(text: str) -> str:
    """Return a text from outside as one line of Markdown in which nothing is markup."""
    return _MARKUP.sub(r"\\\1", one_line(text)) or "-"


def props(**values: str | int) -> list[Part]:
    """Return properties in preuve's namespace; an empty value is left out, `_` in a name becomes `-`."""
    named = ((name.replace("_", "-"), one_line(str(value), LONGEST)) for name, value in values.items())
    return [{"name": name, "ns": NAMESPACE, "value": value} for name, value in named if value]


def without_empty(part: Mapping[str, Any]) -> Part:
    """Return a part without its empty members, which the schema forbids."""
    return {name: value for name, value in part.items() if value not in (None, "", [], {})}


def metadata(site: Site, title: str) -> Part:
    """Return the metadata: party, date, edition; the date is the audit's."""
    organisation = one_line(site.workspace.organisation) or "-"
    party = uid("organisation", organisation)
    marks = props(demonstration="true") if site.demonstration else []
    return without_empty(
        {
            "title": title,
            "last-modified": site.assessment.now,
            "version": site.assessment.now,
            "oscal-version": VERSION,
            "props": marks,
            "roles": [{"id": "owner", "title": organisation}],
            "parties": [{"uuid": party, "type": "organization", "name": organisation}],
            "responsible-parties": [{"role-id": "owner", "party-uuids": [party]}],
        }
    )


def tool(site: Site) -> Part:
    """Return preuve as a component that assessed."""
    version = site.meta.preuve
    return {
        "uuid": tool_id(),
        "type": "software",
        "title": "preuve",
        "description": "preuve",
        "status": {"state": "operational"},
        **({"props": props(version=version)} if version else {}),
    }


def tool_id() -> str:
    """Return the identifier of preuve in both documents."""
    return uid("tool", "preuve")


def origins() -> list[Part]:
    """Return preuve as the origin of a part."""
    return [{"actors": [{"type": "tool", "actor-uuid": tool_id()}]}]


# ---- subjects -----------------------------------------------------------------------------------------------------


def place_id(place: Place) -> str:
    """Return the identifier of a resource, the same in every run and every policy."""
    return uid("place", place.type, place.account, place.region, place.root, place.id, place.arn, place.file)


def subjects(findings: Iterable[Finding]) -> list[Part]:
    """Return references to the resources of these findings, each once; the inventory names them."""
    places = dict.fromkeys(place_id(one.place) for one in by_resource(findings))
    return [{"subject-uuid": name, "type": "inventory-item"} for name in places]


def inventory(findings: Iterable[Finding]) -> list[Part]:
    """Return the resources that subjects refer to, each once, in the order of the findings."""
    places = {place_id(one.place): one.place for one in by_resource(findings)}
    return [_item(name, place) for name, place in places.items()]


def _item(name: str, place: Place) -> Part:
    line = f":{place.line}" if place.line else ""
    about = props(
        type=place.type,
        id=place.id,
        arn=place.arn,
        account=place.account,
        region=place.region,
        root=place.root,
        file=f"{relative_file(place.file)}{line}" if place.file else "",
    )
    return without_empty({"uuid": name, "description": markup(place_name(place)), "props": about})


def evidence(policy: str, locale: Locale) -> list[Part]:
    """Return the links to a policy's record."""
    return [{"href": f"{RECORDS}/{policy}.json", "description": locale("oscal.record")}]


def write(path: Path, document: Mapping[str, Any]) -> None:
    """Write a document; the same document gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A lone surrogate in a name is escaped, which is valid JSON; all other characters stay.
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.write(
            json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        )  # writing in parts takes four times as long
        file.write("\n")
