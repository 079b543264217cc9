"""The files of a run that machines read: their words are in the language of the workspace, as those of pages are."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from preuve.pipeline.run.outcome import write_machine_files
from preuve.publish.words.locale import load_locale
from publish import factory


@pytest.mark.parametrize("bundle", [True, False])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_junit_is_in_the_language_of_the_workspace(tmp_path: Path, language: str, *, bundle: bool) -> None:
    site = factory.site(language)
    prepared: Any = SimpleNamespace(workspace=site.workspace, library=site.library)
    write_machine_files(tmp_path, site.assessment, prepared, bundle=bundle)
    for path in tmp_path.glob("junit*.xml"):
        suite = next(one for one in ET.parse(path).getroot() if one.get("name") == "findings")
        said = [found.get("message", "") for found in suite.iter("failure")]
        heads = {f"[{load_locale(language).word('severity', item.severity)}]" for item in site.assessment.findings}
        assert said and [line for line in said if line.partition(" ")[0] not in heads] == []
