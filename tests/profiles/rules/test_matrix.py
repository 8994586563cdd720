"""Which rows of a market's table of flows a document is measured by: those that allow all its business types."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from profiles.markets import load
from profiles.reading import parse
from profiles.rules.context import Context
from profiles.rules.engine import View
from profiles.rules.matrix import allowed_business_types, business_types, fitting, rows, typed
from tests.profiles.rules.cases import source

MARKET = load("project")


def view(*types: str, kind: str = "A37", process: str = "A47") -> View[Any]:
    """Return a bid document whose series are of *types*, one each."""
    parsed = parse(source("bids"))
    first = parsed.document.series[0]
    series = tuple(replace(first, business_type=one) for one in types)
    document = replace(parsed.document, series=series, type=kind, process=process)
    return View(document, parsed.edition, MARKET, Context())


def told(found: Iterable[Any]) -> list[list[str]]:
    return [sorted(row.business_types) for row in found]


BIDS, NEEDS = ["B74"], ["B75", "B90"]


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (["B74"], [BIDS, BIDS]),
        (["B75"], [NEEDS]),
        (["B90", "B75", "B90"], [NEEDS]),
        (["B74", "B75"], [BIDS, BIDS, NEEDS]),
        (["A01"], [BIDS, BIDS, NEEDS]),
        ([], [BIDS, BIDS, NEEDS]),
    ],
    ids=["bids", "one kind of need", "both kinds", "bids and needs", "another kind", "nothing"],
)
def test_the_rows_that_allow_all_are_taken_and_where_there_is_none_every_row(
    types: list[str], expected: list[list[str]]
) -> None:
    assert told(fitting(view(*types))) == expected


def test_a_row_is_of_its_document_type_and_process() -> None:
    assert told(typed(view("B74", kind="B40"))) == [BIDS, BIDS]
    assert told(typed(view("B74", kind="B21"))) == [NEEDS]
    assert told(typed(view("B74", kind="A38"))) == []
    assert told(typed(view("B74", process="A15"))) == [BIDS, BIDS, NEEDS]
    assert told(rows(view("B74", process="A15"))) == []


def test_business_types_are_those_of_all_series_and_of_all_rows() -> None:
    assert business_types(view("B74", "B75", "B74")) == {"B74", "B75"}
    assert allowed_business_types(view("A01")) == {"B74", "B75", "B90"}
    assert allowed_business_types(view("A01", process="A15")) == set()
