"""The CEL project's own binding, loaded when it is first needed: a run on code alone evaluates no condition."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def cel() -> Any:
    """Return the binding."""
    from cel_expr_python import cel as binding  # noqa: PLC0415 - 8 MB

    return binding
