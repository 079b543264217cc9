"""The code that a company has in scope: its folders, how each is applied, and what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from preuve.model.forms import Name, Reason, items, keywords, text, words

# The form of all regions, so that new ones are accepted. A misspelt region would look like an empty one.
REGION = "[a-z]{2,4}(-[a-z]+)?-(central|(north|south)(east|west)?|east|west)-[0-9]+"


@dataclass(frozen=True)
class TerraformRun:
    """One way in which a Terraform root module is applied: in this workspace of Terraform, with these variables."""

    workspace: Annotated[str, text("Terraform's workspace.", pattern="^[A-Za-z0-9$&+=:@._~-]{1,90}$")] = "default"
    variables: Annotated[
        tuple[Name, ...], items("Files of variables in the order of -var-file; relative to the workspace.")
    ] = ()


@dataclass(frozen=True)
class IacRoot:
    """A folder of code, relative to the workspace."""

    path: Annotated[str, text("Folder, relative to the workspace.")]
    kind: Annotated[
        str,
        words(
            "Dockerfiles are looked for in all folders below; workflows in .github/workflows of the folder.",
            "terraform",
            "cloudformation",
            "dockerfile",
            "github_actions",
        ),
    ]
    plan: Annotated[
        str, text("What terraform show -json wrote for the root module at path; relative to the workspace.")
    ] = ""
    state: Annotated[
        str,
        text(
            "The state of the root module at path, as terraform show -json or terraform state pull wrote it; relative "
            "to the workspace. Only ids and ARNs of it are kept."
        ),
    ] = ""
    runs: Annotated[
        tuple[Annotated[TerraformRun, keywords(minProperties=1)], ...],
        items("Each way in which the root module at path is applied. Every one is judged.", once=True),
    ] = ()  # empty: one run without workspace and variables
    tags: Annotated[
        Mapping[str, Annotated[str, text(least=0, most=256)]] | None,
        keywords(
            "All tags that whoever deploys the code in the folder adds from outside, {} for none: those of "
            "the stack of a template, those of a provider that no block of the code configures. Without the "
            "key, they are unknown. The nearest folder with the key counts.",
            maxProperties=50,
            propertyNames={"minLength": 1, "maxLength": 128},
        ),
    ] = None
    region: Annotated[
        str,
        text(
            "The region of a Terraform provider of the folder, if the code names none or has no block for it. "
            "The nearest folder with the key counts.",
            pattern=f"^{REGION}$",
        ),
    ] = ""

    merged: Annotated[
        bool,
        keywords(
            "Whether the templates in the folder are parts of one, which the build merges before "
            "CloudFormation gets it (rain merge). They are judged together. No two parts may define the same "
            "name. A folder in it with its own entry is not a part."
        ),
    ] = False


@dataclass(frozen=True)
class OutsideValues:
    """What a company says is given to code from outside it; None and "" where it says nothing."""

    tags: Mapping[str, str] | None = None
    region: str = ""


NOTHING_SAID = OutsideValues()


@dataclass(frozen=True)
class Omission:
    """A file or folder that is not examined, relative to the workspace, and why."""

    path: Annotated[str, text("File or folder, relative to the workspace.")]
    reason: Reason


def is_there(address: str, addresses: Iterable[str], other: str) -> bool:
    """Return whether the address in a `moved` block is among `addresses`. If it or the `other` address of that block
    names one instance, only that instance counts, otherwise any instance.
    """
    one = address.endswith("]") or other.endswith("]")
    inside = (f"{address}.",) if one else (f"{address}.", f"{address}[")
    return any(name == address or name.startswith(inside) for name in addresses)


def address_before(address: str, moves: Mapping[str, str]) -> str:
    """Return the first address that a block had. `moves` maps an address to the earlier one in a `moved` block of
    Terraform; a chain of moves is followed.
    """
    for _ in moves:  # each move counts once, so that a circle of moves ends
        ends = (now for now in moves if address == now or address.startswith((f"{now}.", f"{now}[")))
        if (now := max(ends, key=len, default=None)) is None:
            break
        address = moves[now] + address.removeprefix(now)
    return address
