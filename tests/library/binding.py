"""The CEL project's own evaluation of a condition: what ours is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from preuve.library.cel import Outcome, conditions
from preuve.library.cel.binding import cel


def by_binding(condition: str, variables: Mapping[str, Any]) -> Outcome:
    """Evaluate by the binding. Where a loop comes before a `cel.bind`, it may return another result than CEL defines:
    the name of the bind is then that of another slot.
    """
    environment = conditions._dynamic()
    made = environment.deserialize(environment.compile(condition).serialize().replace(b"#unused", b"@unused"))
    try:
        result = made.eval(data=dict(variables))
    except RuntimeError as error:  # past the iteration limit the binding raises instead of answering ERROR
        return Outcome(None, str(error).splitlines()[0])
    if result.type() == cel().Type.BOOL:
        return Outcome(bool(result.value()))
    return Outcome(None, str(result.value()).splitlines()[0])
