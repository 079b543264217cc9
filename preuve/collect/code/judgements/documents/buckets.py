"""The resources in the policy of a bucket: they are the bucket and what is in it, by whatever name the code has for it.
Where the code tells the name, an ARN with another one is not that of the bucket.

S3 refuses a policy that names another bucket: docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
"""

from __future__ import annotations

import re
from dataclasses import replace

from preuve.collect.code.judgements.bodies import Body, argument, not_known
from preuve.collect.code.judgements.neighbours import KEY
from preuve.documents.document import Document, Items, Statement, Text, Unknown

_PREFIX = "arn:aws:s3:::"
ANY = f"{_PREFIX}bucket"  # stands for a bucket of unknown name

_GAP = "\0"
_BUCKETS = (("bucket", "aws_s3_bucket"), ("Bucket", "AWS::S3::Bucket"))
_NAMES = ("bucket", "Bucket", "BucketName")
_ARN = re.compile(r"^arn:[^:]*:s3:::[^/*?]+", re.DOTALL)
_PARTITION = re.compile(r"^arn:[^:]*:s3:::")
_MADE = re.compile(rf"(?:arn:[^:]*:s3:::[^/*?]*)?{_GAP}[^/*?{_GAP}]*", re.DOTALL)


def arn_of(body: Body) -> str:
    """Return the ARN of the bucket that a block with a policy is about; `ANY` if the code does not tell its name."""
    beside = body.get(KEY)
    named = [one for argument_, type_ in _BUCKETS if beside for one in beside.each_named(argument_, type_)[0]]
    found = [argument(one, name) for one in (body, *named) for name in _NAMES]
    return next((_PREFIX + name for name in found if isinstance(name, str) and name and not not_known(name)), ANY)


def of_one_bucket(document: Document, arn: str) -> Document:
    """Return the document with one ARN for its bucket, whatever the code calls it."""
    return replace(document, statements=tuple(_statement(one, arn) for one in document.statements))


def _statement(statement: Statement, arn: str) -> Statement:
    resources, others = _items(statement.resources, arn), _items(statement.not_resources, arn)
    return replace(statement, resources=resources, not_resources=others)


def _items(items: Items, arn: str) -> Items:
    return tuple(_named(text, arn) for text in items) if isinstance(items, tuple) else items


def _named(text: Text, arn: str) -> Text:
    if isinstance(text, str):
        return _ARN.sub(ANY, text, count=1) if arn == ANY else _PARTITION.sub(_PREFIX, text)
    joined = _GAP.join(text.known)
    match = _MADE.match(joined) if text.plain else None
    rest = joined[match.end() :] if match else _GAP
    return Unknown(text.cause, text.known, text.many, text.plain) if _GAP in rest else arn + rest
