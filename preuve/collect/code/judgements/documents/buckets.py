"""The resources in the policy of a bucket: they are the bucket and what is in it, by whatever name the code has for it.
Where the code tells the name, an ARN with another one is not that of the bucket. A name that it does not tell is the
same wherever it is written in the same words; in other words it may be the same.

S3 refuses a policy that names another bucket: docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from preuve.collect.code.judgements.bodies import Body, argument, not_known
from preuve.collect.code.judgements.documents.block_documents import BlockDocument
from preuve.collect.code.judgements.documents.values import document_of
from preuve.collect.code.judgements.relations.neighbourhood import KEY
from preuve.collect.code.judgements.relations.unknown_values import is_input
from preuve.collect.code.language.values.value import PartText, Value, worked_out
from preuve.collect.code.verdict.marks import MADE, marked
from preuve.documents.document import Document, Items, Statement, Text, Unknown

_PREFIX = "arn:aws:s3:::"
ANY = f"{_PREFIX}bucket"  # stands for a bucket of unknown name

_GAP = "\0"
_BUCKETS = (("bucket", "aws_s3_bucket"), ("Bucket", "AWS::S3::Bucket"))
_NAMES = ("bucket", "Bucket", "BucketName")
_CALLED = {"aws_s3_bucket": "bucket", "AWS::S3::Bucket": "BucketName"}
_ENDS = ("", "/", "*", "?")  # what may follow the name
_RESOURCES = frozenset({"resource", "notresource"})
_ARN = re.compile(r"^arn:[^:]*:s3:::[^/*?]+", re.DOTALL)
_PARTITION = re.compile(r"^arn:[^:]*:s3:::")
_OF_MADE = re.compile(rf"^arn:{MADE}\$\{{[^{{}}]*\}}:s3:::")  # an ARN whose partition is looked up
_MADE = re.compile(rf"(?:arn:[^:]*:s3:::[^/*?]*)?{_GAP}[^/*?{_GAP}]*", re.DOTALL)


@dataclass(frozen=True)
class Bucket:
    """The bucket of a policy: its ARN, with `ANY` for a name that the code does not show. `words` are the marked texts
    by which the code writes such a name.
    """

    arn: str
    words: tuple[str, ...] = ()


def bucket_of(body: Body) -> Bucket:
    """Return the bucket that a block with a policy belongs to."""
    beside = body.get(KEY)
    named = [one for argument_, type_ in _BUCKETS if beside for one in beside.each_named(argument_, type_)[0]]
    found = [argument(one, name) for one in (body, *named) for name in _NAMES]
    known = next((name for name in found if isinstance(name, str) and name and not not_known(name)), None)
    return Bucket(ANY, tuple(_words(beside))) if known is None else Bucket(_PREFIX + known)


def _words(beside: Any) -> Iterator[str]:
    """Yield the marked texts for the name of a bucket. Leave out an input that an expression changes elsewhere in the
    block: the changed value is shown by the same mark.
    """
    if beside is None:
        return
    changed = frozenset(cause for one in worked_out(beside.written) for cause in one.causes)
    values = [name.value for argument_, type_ in _BUCKETS for name in beside.names(argument_, type_, _CALLED[type_])]
    for value in (*values, *(beside.own(name).value for name in _CALLED.values())):
        if _is_inputs(value) and not changed.intersection(value.causes):
            yield marked(value)


def _is_inputs(value: Value) -> bool:
    """Return whether a text is unknown only because of inputs, which it contains unchanged."""
    parts = value.parts if isinstance(value, PartText) else (value,)
    asked = [part for part in parts if not isinstance(part, str)]
    return bool(asked) and all(map(is_input, asked))


def of_one_bucket(held: BlockDocument, bucket: Bucket) -> Document:
    """Return the document of a bucket's policy with one ARN in place of every name for the bucket."""
    document = document_of(_in_place(held.written, bucket, asked=False))
    return replace(document, statements=tuple(_statement(one, bucket.arn) for one in document.statements))


def _in_place(written: Any, bucket: Bucket, *, asked: bool) -> Any:
    """Return a document with the ARN in its resources in place of the marked name of the bucket."""
    if isinstance(written, Mapping):
        return {
            key: _in_place(item, bucket, asked=asked or str(key).lower() in _RESOURCES) for key, item in written.items()
        }
    if isinstance(written, list | tuple):
        return [_in_place(item, bucket, asked=asked) for item in written]
    if not asked or not isinstance(written, str):
        return written
    text = _OF_MADE.sub(_PREFIX, written, count=1)
    after = (text.removeprefix(_PREFIX + one) for one in bucket.words if text.startswith(_PREFIX + one))
    return next((bucket.arn + rest for rest in after if rest[:1] in _ENDS), text)


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
    return _of_any(text, arn) if _GAP in rest else arn + rest


def _of_any(text: Unknown, arn: str) -> Unknown:
    """Return an unknown resource; if neither its bucket nor this one has a known name, the two may be the same."""
    if arn != ANY or not text.known[0].startswith(_PREFIX) or "/" in text.known[0]:
        return text
    after = _GAP.join(text.known[1:]).partition("/")
    return replace(text, known=(_PREFIX, *f"{after[1]}{after[2]}".split(_GAP)))
