"""Changes to Checkov for correctness: no result is dropped, and only marked texts depend on a variable.

`speed_patches.py` has those for speed.
"""

from __future__ import annotations

from typing import Any

import checkov.cloudformation.checks.resource.base_resource_value_check as template_value_check
import checkov.terraform.checks.resource.base_resource_check as resource_check
import checkov.terraform.checks.resource.base_resource_negative_value_check as negative_value_check
import checkov.terraform.checks.resource.base_resource_value_check as value_check
from checkov.common.checks_infra.solvers.attribute_solvers.base_attribute_solver import (
    SUPPORTED_BLOCK_TYPES,
    BaseAttributeSolver,
)
from checkov.common.checks_infra.solvers.complex_solvers.base_complex_solver import BaseComplexSolver

from preuve.collect.code.verdict.marks import is_marked

FAILURE = "preuve_failure"  # on a block: the exception with which a check ended on it


def say_everything() -> None:
    """Replace the parts of Checkov that drop a result."""
    # A plain text may look like a variable; only marked texts depend on one.
    template_value_check.BaseResourceValueCheck._is_variable_dependant = staticmethod(lambda _: False)
    resource_check.BaseResourceCheck._is_variable_dependant = staticmethod(is_marked)
    for module in (resource_check, value_check, negative_value_check):
        module.handle_dynamic_values = lambda _: False  # dynamic blocks are expanded already
    BaseAttributeSolver.run = BaseComplexSolver.run = _each_block


def _each_block(solver: Any, graph_connector: Any) -> tuple[list[Any], list[Any], list[Any]]:
    """Return the blocks that pass, that fail and that are undecided, one after the other: Checkov's own threads change
    attributes that they share. A block on which the check raises an error is undecided, with the cause; in Checkov
    such an error drops the block, or ends the check for all blocks.
    """
    passed: list[Any] = []
    failed: list[Any] = []
    unknown: list[Any] = []
    of_attributes = isinstance(solver, BaseAttributeSolver)
    for _, block in graph_connector.nodes():
        supported = not of_attributes or block.get("block_type_") in SUPPORTED_BLOCK_TYPES
        if supported and solver.resource_type_pred(block, solver.resource_types):
            try:
                result = solver.get_operation(block)
            except Exception as error:  # noqa: BLE001 - boundary, as in `graph_outcomes`
                block[FAILURE] = type(error).__name__
                result = None
            (unknown if result is None else passed if result else failed).append(block)
    return passed, failed, unknown
