"""A page of a bundle made small: what HTML lets one leave out is left out, and a browser reads the same.

Left out are quotation marks around a plain value, the end of a cell, a row, an item or a paragraph that the next tag
ends anyway, the scope of heads in a table's head, and line ends between blocks. Code and scripts stay as they are.
"""

from __future__ import annotations

import re

_AS_IT_IS = re.compile(r"(<(pre|script|style|svg)\b.*?</\2>)", re.DOTALL)
_TAG = re.compile(r"<[a-z][^<>]*>")
_QUOTED = re.compile(r'="([^"\s\'=<>`]*[^"\s\'=<>`/])"(?=[\s>])')
_BLOCKS = (
    "aside|body|caption|details|div|figure|footer|h[1-6]|header|li|main|nav|ol|p|pre|section|t[dhr]|table|t?head|ul"
)
_BETWEEN = re.compile(rf"\s*\n\s*(?=</?(?:{_BLOCKS}|tbody|link|meta|title)\b)")
_ENDS = re.compile(r"</(?:li|t[dhr]|tbody|thead)>\s*(?=<)")
_HEADS = re.compile(r"<thead>.*?</thead>", re.DOTALL)  # where each cell is the head of its column, said or not
_PARAGRAPH = (
    re.compile(  # whose end the next tag says: not the end of an element that may leave none open, such as a link
        r"</p>\s*(?=<(?:details|div|h[1-6]|nav|ol|p|pre|section|table|ul|/(?:details|div|li|section|t[dh]))\b)"
    )
)


def small(page: str) -> str:
    """The page, smaller."""
    parts = _AS_IT_IS.split(page)  # text, what stays, its tag, text, ...
    return "".join(part if number % 3 else _small(part) for number, part in enumerate(parts) if number % 3 != 2)


def _small(part: str) -> str:
    part = _HEADS.sub(lambda found: found[0].replace(' scope="col"', ""), part)
    text = _TAG.sub(lambda found: _QUOTED.sub(r"=\1", found[0]), part)
    return _ENDS.sub("", _PARAGRAPH.sub("", _BETWEEN.sub("", text)))
