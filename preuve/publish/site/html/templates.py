"""The templates of pages and papers: every value is escaped, and a missing value is an error."""

from __future__ import annotations

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from preuve.library.yaml.place import content_root


def templates() -> Environment:
    """Return the environment that renders `reports/templates/`."""
    return Environment(
        loader=FileSystemLoader(content_root() / "reports" / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,  # Jinja's optimisation takes longer than it saves
        auto_reload=False,  # no template changes during a run: their files are not looked at for each page
    )
