"""Addresses of blocks, such as `module.logs[0].aws_s3_bucket.this`, taken apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

# The module calls in an address.
MODULES = re.compile(r'^(module\.[^.\[\]]+(\["[^"]*"\]|\[[^\]]*\])?\.)*')


def resource_type(address: str) -> str:
    """The type in an address: `aws_s3_bucket` of `module.logs[0].aws_s3_bucket.this`."""
    return MODULES.sub("", address).removeprefix("data.").split(".", 1)[0]


def resource_types(vertices: Iterable[Any]) -> Counter[str]:
    """How many resources of each type a graph holds. Checkov names a vertex `type.name`."""
    return Counter(resource_type(str(vertex.name)) for vertex in vertices if vertex.block_type == "resource")
