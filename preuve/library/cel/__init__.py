"""The one package that knows CEL: types from `shapes`, conditions in, verdicts and references out."""

from preuve.library.cel.conditions import CelError, CheckedCondition, Outcome, Program, Typing, compile_program

__all__ = ["CelError", "CheckedCondition", "Outcome", "Program", "Typing", "compile_program"]
