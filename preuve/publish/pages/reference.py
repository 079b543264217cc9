"""The pages on the standards that the evidence was judged by: catalogues, Statement of Applicability, crosswalk,
guides.
"""

from __future__ import annotations

from collections.abc import Iterator

from preuve.model.layout import REFERENCE
from preuve.publish.pages.context import Context, Leaf
from preuve.publish.site.paths import CROSSWALK, ISO_FRAMEWORK, REFERENCE_PAGE, SOA, guide_page
from preuve.publish.tables.soa import attested, soa_rows
from preuve.publish.words.names import THEME


def reference_pages(context: Context) -> Iterator[Leaf]:
    """Yield the editions that were used, and how they relate to each other and to the guides of others."""
    library = context.site.library
    yield Leaf("reference", REFERENCE_PAGE, REFERENCE_PAGE, {"theme": THEME, "files": context.files.get(REFERENCE, ())})
    if library.crosswalk.links:
        yield Leaf("crosswalk", CROSSWALK, REFERENCE_PAGE)
    for guide in library.crosswalk.guides:
        yield Leaf("guide", guide_page(guide.id), REFERENCE_PAGE, {"guide": guide})


def soa_page(context: Context) -> Iterator[Leaf]:
    """Yield the Statement of Applicability, if the framework was assessed."""
    rows = soa_rows(context.site, context.locale)
    if rows:
        values = {
            "rows": rows,
            "framework": context.site.library.frameworks[ISO_FRAMEWORK],
            "attested": attested(context.site, context.locale),
            "files": [name for name in context.files.get(REFERENCE, ()) if name.startswith("soa.")],
        }
        yield Leaf("soa", SOA, SOA, values)
