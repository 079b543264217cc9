"""The resources in the policy of a bucket: they are the bucket and what is in it, by whatever name the code has for it.

S3 refuses a policy that names another bucket: docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
"""

from __future__ import annotations

import re
from dataclasses import replace

from preuve.documents.document import Document, Items, Statement, Text, Unknown

BUCKET = "arn:aws:s3:::bucket"  # by which each of them is named here

_GAP = "\0"
_ARN = re.compile(r"arn:[^:]*:s3:::[^/*?]+", re.DOTALL)
_MADE = re.compile(rf"(?:arn:[^:]*:s3:::[^/*?]*)?{_GAP}[^/*?{_GAP}]*", re.DOTALL)


def of_one_bucket(document: Document) -> Document:
    """The document with one name for its bucket."""
    return replace(document, statements=tuple(map(_statement, document.statements)))


def _statement(statement: Statement) -> Statement:
    return replace(statement, resources=_items(statement.resources), not_resources=_items(statement.not_resources))


def _items(items: Items) -> Items:
    return tuple(map(_named, items)) if isinstance(items, tuple) else items


def _named(text: Text) -> Text:
    if isinstance(text, str):
        return _ARN.sub(BUCKET, text, count=1) if _ARN.match(text) else text
    joined = _GAP.join(text.known)
    match = _MADE.match(joined) if text.plain else None
    rest = joined[match.end() :] if match else _GAP
    return Unknown(text.cause, text.known, text.many, text.plain) if _GAP in rest else BUCKET + rest
