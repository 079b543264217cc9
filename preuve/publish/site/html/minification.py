"""Makes a page of a bundle smaller: it drops whatever HTML allows one to leave out, and a browser shows the same page.

It drops the escapes of quotation marks between tags, those of an ampersand that begins no entity, the quotes around a
plain value (except ids and options, which people search for), the end tags of a cell, a row, an item, or of a paragraph
before the next block, the tags that HTML supplies itself, and line ends between blocks. It also drops the label that a
narrow screen shows before a cell, if the cell is empty: the sheets hide it there. Code and scripts stay unchanged.
"""

from __future__ import annotations

import re
from functools import lru_cache

_TEXT = re.compile(r">(?>[^<>]*?&#3[49];)[^<>]*+<")
_AMPERSAND = re.compile(r"&amp;(?=[\s&<])")  # as in `a && b`
_AS_IT_IS = re.compile(r"(<(pre|script|style|svg)\b.*?</\2>)", re.DOTALL)
_TAG = re.compile(r'<[a-z](?>[^<>]*?=")[^<>]*+>')
_QUOTED = re.compile(r' (?!(?:id|value)=)([a-z-]+)="([^"\s\'=<>`]*[^"\s\'=<>`/])"(?=[\s>])')
_BLOCKS = (
    "aside|body|caption|details|div|d[dlt]|figure|footer|h[1-6]|head|header|html|li|link|main|meta|nav|ol|p|pre|script"
    "|section|t[dhr]|table|tbody|thead|title|ul"
)
_UNSEEN = re.compile(r' data-th=(?:"[^"<>]*"|[^\s"<>]++)(?=(?: [^<>]*+)?></td>)')
_ENDS = re.compile(r"</(?:li|t[dhr])>(?=<)")
_SUPPLIED = re.compile(
    r"<head>(?=<meta)|</head><body>\s*(?=<(?:a|aside|div|header|main|nav)\b)|</body></html>\s*\Z"
    r"|</thead>(?=<tbody>)|</tbody>(?=</table>)"
    r"|</p>(?=<(?:aside|details|div|dl|footer|h[1-6]|ol|p|section|table|ul)[ >]|</(?:section|div|main|footer)>)"
)
_BETWEEN = re.compile(rf"\n\s*(?=</?(?:{_BLOCKS})\b)")


def small(page: str) -> str:
    """Return the page, smaller."""
    page = _TEXT.sub(lambda found: found[0].replace("&#34;", '"').replace("&#39;", "'"), page)
    page = _AMPERSAND.sub("&", page)
    parts = _AS_IT_IS.split(page)  # text, a part that stays unchanged, its tag, text, ...
    return "".join(part if number % 3 else _small(part) for number, part in enumerate(parts) if number % 3 != 2)


def _small(part: str) -> str:
    text = _TAG.sub(lambda found: _tag(found[0]), part)
    *lines, last = _BETWEEN.split(text)
    joined = _UNSEEN.sub("", "".join([*map(str.rstrip, lines), last]))
    return _SUPPLIED.sub("", _ENDS.sub("", joined))


@lru_cache(maxsize=1 << 14)  # most tags recur on many pages
def _tag(tag: str) -> str:
    return _QUOTED.sub(r" \1=\2", tag)
