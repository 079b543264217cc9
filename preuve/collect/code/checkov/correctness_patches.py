"""Changes to Checkov for correctness: no result is dropped, and only marked texts depend on a variable.

`speed_patches.py` has those for speed.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import checkov.cloudformation.checks.resource.base_resource_value_check as template_value_check
import checkov.terraform.checks.resource.base_resource_check as resource_check
import checkov.terraform.checks.resource.base_resource_negative_value_check as negative_value_check
import checkov.terraform.checks.resource.base_resource_value_check as value_check
from checkov.common.checks_infra.solvers.attribute_solvers import base_attribute_solver
from checkov.common.checks_infra.solvers.complex_solvers.base_complex_solver import BaseComplexSolver
from checkov.common.checks_infra.solvers.resource_solvers import base_resource_solver

from preuve.collect.code.verdict.marks import is_marked

FAILURE = "preuve_failure"  # on a block: the exception with which a check ended on it


def say_everything() -> None:
    """Replace the parts of Checkov that drop a result."""
    # A plain text may look like a variable; only marked texts depend on one.
    template_value_check.BaseResourceValueCheck._is_variable_dependant = staticmethod(lambda _: False)
    resource_check.BaseResourceCheck._is_variable_dependant = staticmethod(is_marked)
    for module in (resource_check, value_check, negative_value_check):
        module.handle_dynamic_values = lambda _: False  # dynamic blocks are expanded already
    for module in (base_attribute_solver, base_resource_solver):
        module.ThreadPoolExecutor = SerialPool
    BaseComplexSolver.run = _each_block


def _each_block(solver: Any, graph_connector: Any) -> tuple[list[Any], list[Any], list[Any]]:
    """Return the blocks that pass, that fail and that are undecided. A block on which the check raises an error is
    undecided, with the cause, as in `SerialPool`; in Checkov such an error ends the check for all blocks.
    """
    passed: list[Any] = []
    failed: list[Any] = []
    unknown: list[Any] = []
    for _, block in graph_connector.nodes():
        if solver.resource_type_pred(block, solver.resource_types):
            try:
                result = solver.get_operation(block)
            except Exception as error:  # noqa: BLE001 - boundary, as in `graph_outcomes`
                block[FAILURE] = type(error).__name__
                result = None
            (unknown if result is None else passed if result else failed).append(block)
    return passed, failed, unknown


class SerialPool:
    """Replaces a thread pool: one call after the other, in stable order, and no exception is lost.

    Checkov's graph checks change the attributes that they share, so that with threads their results would depend on
    chance; and they drop a resource on which a check raises.
    """

    def __enter__(self) -> SerialPool:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Call at once. On an exception the current resource is among the unknown ones, with the cause."""
        done: Future[Any] = Future()
        try:
            done.set_result(function(*arguments))
        except Exception as error:  # boundary, as in `graph_outcomes`
            if len(arguments) != 4:  # not `_process_node(data, passed, failed, unknown)`
                raise
            arguments[0][FAILURE] = type(error).__name__
            arguments[3].append(arguments[0])
            done.set_result(None)
        return done
