"""No function fails on any kind of value: an error of ours in one expression would leave a whole root undecided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product

import pytest

from collect.code.language.hosts import Folder
from preuve.collect.code.language.hcl import expressions
from preuve.collect.code.language.hcl.functions import TABLE, call
from preuve.collect.code.language.hcl.functions.signature import Function
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.values.steps import BlockValue
from preuve.collect.code.language.values.value import (
    Alternatives,
    Base64Text,
    FilteredValue,
    JsonText,
    LoopKey,
    Map,
    NamedText,
    OneOf,
    PartialList,
    PartialMap,
    PartText,
    ProviderValue,
    RefusedError,
    Set,
    Unknown,
    Value,
    is_known,
)


class Readable(Folder):
    def render(self, template: str, variables: Mapping[str, Value]) -> Value:
        return OPEN


HOST = Readable({"f": b"a: b"})
OF = frozenset({"aws_s3_bucket.b"})
OPEN = Unknown(("var.x",))
TEXTS = ("", "a", "1", "f", "2020-01-01T00:00:00Z", "10.0.0.0/8", "%s", '{"a": [1]}', "a: [b, 1]", "YQ==", "(a)", "é")
KNOWN: tuple[Value, ...] = (None, True, 0, 2, -1, Decimal("0.5"), (), (1, "a"), ["a"], {}, {"a": 1}, Map(a="b"), Set())
ORIGINS = tuple(NamedText(text, OF, "aws_s3_bucket.b") for text in TEXTS)
NESTED: tuple[Value, ...] = ((ORIGINS[1],), [ORIGINS[1]], {"a": ORIGINS[1]}, Map(a=ORIGINS[1]), Set((ORIGINS[1],)))
UNKNOWN: tuple[Value, ...] = (
    OPEN,
    ProviderValue(("aws_s3_bucket.b.x",), made=True, sources=OF),
    LoopKey(("each.key",)),
    PartText(("var.x",), parts=("a", OPEN)),
    JsonText(("var.x",), value={"a": OPEN}),
    Base64Text(("var.x",), value=PartText(("var.x",), parts=("a", OPEN))),
    PartialList(("var.x",), held=("a",)),
    PartialMap(("var.x",), members=(("a", "b"),)),
    OneOf(("var.x",), values=("a", None, 1)),
    Alternatives(("var.x",), values=("a", {"a": 1})),
    FilteredValue(("var.x",), value={"a": OPEN}),
    BlockValue(("aws_s3_bucket.b",), sources=OF, read=lambda _: OPEN),
    (OPEN,),
    [OPEN],
    {"a": OPEN},
    Set((OPEN, "a")),
)
VALUES = (*TEXTS, *KNOWN, *ORIGINS, *NESTED, *UNKNOWN)
FEW = ("a", "1", 1, None, ("a",), Map(a="b"), ORIGINS[1], NESTED[0], OPEN, UNKNOWN[3], UNKNOWN[4], UNKNOWN[8])


def given(function: Function) -> Iterator[tuple[Value, ...]]:
    """Every one and every pair of values; of more arguments some of each kind."""
    least = len(function.parameters)
    most = least + 2 if function.rest else least
    for number in range(least, most + 1):
        yield from product(*([VALUES] * number if number <= 2 else [FEW] * number))


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_function_returns_or_refuses(name: str) -> None:
    for arguments in given(TABLE[name]):
        try:
            call(name, arguments, HOST)
        except RefusedError:
            continue
        except Exception as error:
            raise AssertionError(f"{name}{arguments!r}") from error


def test_an_error_of_ours_makes_one_value_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Value) -> Value:
        raise TypeError

    monkeypatch.setitem(expressions._KINDS, syntax.Call, fails)
    faulty = syntax.Call("upper", (), spread=False)
    found = expressions.evaluate(
        syntax.TupleOf((faulty, syntax.Literal("b")), (1, 1)), expressions.Environment(Scope())
    )
    assert [is_known(item) for item in found] == [False, True]


class Scope:
    host = HOST

    def spend(self, work: int) -> None:
        """Count nothing."""

    def root(self, name: str) -> Value:
        return Unknown((name,))
