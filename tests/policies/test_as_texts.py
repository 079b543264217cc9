"""The fixtures of all policies give the same results with every boolean and number written as a text."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from content_copy import bundled
from policies.test_traps import ARGUMENT, as_texts, rules_of
from preuve.collect.code import IacJob, look
from preuve.library.validation.code.code_rules import TERRAFORM, examples_of
from preuve.library.yaml.place import content_root
from preuve.model.company.code import IacRoot
from tools.proofs import code_proofs, provider_of

FOLDERS = sorted(
    {
        folder
        for policy in bundled().policies.values()
        for folder in code_proofs(content_root(), policy)
        if provider_of(folder) == TERRAFORM
    }
)
FILES = [folder / name for folder in FOLDERS for name in examples_of(TERRAFORM)]
# In JSON, and for a module, a text is another value.
MEANT = [file for file in FILES if ARGUMENT.search(text := file.read_text("utf-8")) and "jsonencode" not in text]


def test_json_texts_of_documents_give_the_same_results(tmp_path: Path) -> None:
    roots = []
    for number, file in enumerate(MEANT):
        for way, text in (("written", file.read_text("utf-8")), ("texts", as_texts(file))):
            (tmp_path / f"{number}+{way}").mkdir()
            (tmp_path / f"{number}+{way}" / "main.tf").write_text(text, encoding="utf-8")
            roots.append(IacRoot(f"{number}+{way}", "terraform"))
    checks = frozenset(check for policy in bundled().policies.values() if policy.iac for check in policy.iac.checkov)
    said: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for line in look(IacJob(tmp_path, tuple(roots), checks, rules_of(checks))):
        if line["kind"] == "record":
            said[line["root"]].add((line["address"], line["check"], line["result"]))
    differ = {
        str(file): said[f"{number}+written"] ^ said[f"{number}+texts"]
        for number, file in enumerate(MEANT)
        if said[f"{number}+written"] != said[f"{number}+texts"]
    }
    assert said
    assert not differ
