"""The pages of recorded API calls."""

from __future__ import annotations

from collections.abc import Iterator

from preuve.model.content import AWS, GITHUB
from preuve.publish.pages.context import Context, Leaf
from preuve.publish.site.calls import CALLS_PER_PAGE
from preuve.publish.site.paths import ACCOUNTS, account_page, call_page
from preuve.publish.site.views import cut


def call_pages(context: Context) -> Iterator[Leaf]:
    """Yield the calls of each account and region."""
    calls = context.facts.calls
    for (account, region), names in calls.places.items():
        parts = cut(names, CALLS_PER_PAGE)
        pages = [call_page(account, region, number) for number in range(1, len(parts) + 1)]
        for number, part in enumerate(parts, start=1):
            values = {
                "account": account,
                "account_page": account_page(account),
                "region": region,
                "source": GITHUB if account in context.site.workspace.holders(GITHUB) else AWS,
                "calls": [calls.recorded(name) for name in part],
                "total": len(names),
                "number": number,
                "pages": pages,
            }
            yield Leaf("calls", pages[number - 1], ACCOUNTS, values)
