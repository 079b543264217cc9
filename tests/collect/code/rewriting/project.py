"""A root module that is rewritten: its blocks, its other files, and which blocks must not pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from collect.code.rewriting.syntax import Block, read, show_all

Files = Mapping[str, str]


@dataclass(frozen=True)
class Example:
    """One file of examples of a policy: those that fail, or those that pass."""

    policy: str
    folder: str
    fails: bool
    blocks: tuple[Block, ...]
    right: tuple[Block, ...] = ()  # of the file with examples that pass

    @property
    def name(self) -> str:
        """Return its name in tests."""
        return f"{self.policy}/{self.folder}/{'fail' if self.fails else 'pass'}"

    @property
    def subjects(self) -> tuple[Block, ...]:
        """Return the blocks whose results are compared: those that fail, or all that pass.

        Variables are left out: their defaults are reported at their place, and rewriting moves them. So are passing
        blocks that ignore changes: a placeholder in them counts only at its place, not inside an expression.
        """
        own = (block for block in self.blocks if block.kind != "variable" and (self.fails or not _ignores(block)))
        return tuple(block for block in own if block.failed or not self.fails)


def _ignores(block: Block) -> bool:
    return any("ignore_changes" in inner.attributes for inner in block.blocks)


@dataclass(frozen=True)
class Project:
    """The rewritten form of an example.

    `root` is the applied folder. `moved` has the new places of a block's settings: one of these addresses must then
    fail, others may pass.
    """

    blocks: tuple[Block, ...]
    extra: str = ""  # added to the text of the blocks
    files: Files = field(default_factory=dict)
    main: str = "main.tf"
    root: str = ""
    moved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def adding(self, extra: str = "", files: Files | None = None) -> Project:
        """The same with more text and more files."""
        return replace(self, extra=self.extra + extra, files={**self.files, **(files or {})})

    def written(self) -> Files:
        """All files by their paths."""
        text = show_all(self.blocks) if self.blocks else ""
        main = {self.main: text + ("\n" + self.extra if self.extra else "")} if text or self.extra else {}
        return {**main, **self.files}


def load(policy: str, folder: Path) -> tuple[Example, Example]:
    """The examples of a folder that fail and that pass."""
    wrong, right = (read((folder / name).read_text(encoding="utf-8")) for name in ("fail.tf", "pass.tf"))
    place = folder.name if folder.parent.name == "iac" else f"rule-{folder.name}"
    return Example(policy, place, True, wrong, right), Example(policy, place, False, right)
