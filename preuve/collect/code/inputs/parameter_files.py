"""Files of parameters beside templates: what one of them would change in a template is not known, since nobody says
which of them a stack is made with. Knows nothing of Checkov.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from preuve.collect.code.files.sources import Sources
from preuve.collect.code.inputs.values_files import is_shown, parameters_in, values_files
from preuve.collect.code.language.templates.source import Block
from preuve.collect.code.language.values.value import Unknown


@dataclass(frozen=True)
class ParameterFile:
    """The parameters that a file gives; whether CloudFormation refuses it for a template that lacks one of them."""

    values: Mapping[str, str]
    is_of_one: bool


def parameter_files(sources: Sources, root: Path) -> tuple[ParameterFile, ...]:
    """The files of parameters below a folder."""
    files = values_files(sources, sources.folders(root, []))
    found = ((file, parameters_in(sources, file)) for file in files if not is_shown(file.name))
    return tuple(ParameterFile(values, not file.name.startswith("samconfig")) for file, values in found if values)


def doubtful(template: Block, files: Iterable[ParameterFile]) -> dict[str, Unknown]:
    """The parameters of a template that have another value than their default in some file that may be meant for it."""
    parameters = template.get("Parameters")
    declared = parameters if isinstance(parameters, Block) else {}
    found: dict[str, Unknown] = {}
    for file in files:
        if file.is_of_one and not file.values.keys() <= declared.keys():
            continue
        changed = (
            name for name, value in file.values.items() if name in declared and value != _default(declared[name])
        )
        found.update({name: Unknown((f"Ref {name}",)) for name in changed})
    return found


def _default(body: object) -> str | None:
    default = body.get("Default") if isinstance(body, Mapping) else None
    return str(default).lower() if isinstance(default, bool) else None if default is None else str(default)
