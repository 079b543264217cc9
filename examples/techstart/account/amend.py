"""Corrects the few answers in which moto differs from AWS in a way that a policy would notice."""

from __future__ import annotations

from datetime import datetime

from .answers import Answer
from .identify import Asked
from .saved import SavedResponses


def amend(asked: Asked, answer: Answer, saved: SavedResponses, now: datetime) -> Answer:
    """`answer` as AWS would have given it."""
    return answer
