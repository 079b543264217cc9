"""Tasks of a test's workers in place of reading an account: its name selects the task."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Late(str):
    """An answer whose worker is killed when the answer is asked for."""

    __slots__ = ()

    def __reduce__(self) -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return ""


def task(sent: Mapping[str, Any]) -> str:
    """Note that it was begun; die once, always, after its answer or not; fail; or wait until a file is there."""
    account, notes = sent["account"], Path(sent["place"])
    times = len(list(notes.glob(f"{account}.*")))
    (notes / f"{account}.{times}").write_text(str(os.getpid()))
    if account == "dies" or (account == "once" and not times) or (account == "late" and times in (1, 2)):
        os.kill(os.getpid(), signal.SIGKILL)
    while account == "waits" and not (notes / "go").exists():
        time.sleep(0.05)
    if account == "late" and not times:
        return Late()
    return "the disk is full" if account == "fails" else ""
