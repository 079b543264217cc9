"""Takes addresses of blocks apart, such as `module.logs[0].aws_s3_bucket.this`."""

from __future__ import annotations

import re

# The module calls in an address.
MODULES = re.compile(r'^(module\.[^.\[\]]+(?>\["[^"]*"\]|\[[^\]]*\])?\.)*+')


def resource_type(address: str) -> str:
    """Return the type in an address: `aws_s3_bucket` of `module.logs[0].aws_s3_bucket.this`."""
    return MODULES.sub("", address).removeprefix("data.").split(".", 1)[0]
