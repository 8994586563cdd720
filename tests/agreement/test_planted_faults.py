"""The comparison can fail: faults planted in the reader are found."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pytest

from profiles import codes, lexical, registry, stray
from profiles.edition import Edition
from tests.agreement.comparison import dispute_over, random_samples
from tests.agreement.dispute import Dispute
from tests.agreement.editions import edition, oracle_of
from tests.agreement.known_exceptions import recognise
from tests.agreement.systematic import systematic_samples

BID = edition("ReserveBid_MarketDocument", "7.4")
Planted = Callable[[pytest.MonkeyPatch], None]


def defects(reference_data: Path, overlay: str | None = None) -> Iterator[Dispute]:
    """Yield the disagreements that are no known exceptions, among the systematic documents and some random ones."""
    oracle = oracle_of(BID, reference_data)
    for sample in chain(systematic_samples(oracle), islice(random_samples(oracle, "planted faults"), 300)):
        dispute = dispute_over(sample.data, oracle, overlay)
        if dispute is not None and recognise(dispute) is None:
            yield dispute


def with_edition(faulty: Edition) -> Planted:
    return lambda monkeypatch: monkeypatch.setitem(registry.BY_NAMESPACE, BID.namespace, faulty)


def with_kind(name: str, kind: lexical.Simple[Any]) -> Planted:
    return with_edition(replace(BID, kinds={name: kind}))


def with_codes_not_collapsed() -> Planted:
    return with_edition(
        replace(BID, kinds={name: replace(lexical.code(name), collapse=False) for name in codes.names()})
    )


def with_stray(function: str) -> Planted:
    def accept(*_: object) -> None:
        """Accept everything."""

    return lambda monkeypatch: monkeypatch.setattr(stray, function, accept)


def lenient_decimal(text: str) -> Decimal:
    """Read whatever Python takes for a number."""
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise lexical.NotLexical("a number") from error


def not_a02(value: str) -> str | None:
    return "another code" if value == "A02" else None


pytestmark = pytest.mark.slow

FAULTS: dict[str, Planted] = {
    "an element is missing": with_edition(replace(BID, without=frozenset({"priority"}))),
    "a deep element is missing": with_edition(replace(BID, without=frozenset({"BiddingZoneDomain/name"}))),
    "an element too many": with_edition(replace(BID, added=frozenset({"curveType"}))),
    "an element has another name": with_edition(replace(BID, rename={"divisible": "Divisible"})),
    "an element stands elsewhere": with_edition(replace(BID, last=("inclusiveBidsIdentification",))),
    "an optional element is required": with_edition(replace(BID, least={"process.processType": 1})),
    "a required element is optional": with_edition(replace(BID, least={"domain.mRID": 0})),
    "an identifier has no bound": with_kind("ID_String", lexical.text("ID_String")),
    "an identifier is too short": with_kind("ID_String", lexical.text("ID_String", 59)),
    "an identifier of a party may be longer": with_kind("PartyID_String", lexical.coded("PartyID_String", 17)),
    "an amount has no greatest number of digits": with_kind("Amount_Decimal", lexical.DECIMAL),
    "a position has no bounds": with_kind("Position_Integer", lexical.INTEGER),
    "a revision is any text": with_kind("ESMPVersion_String", lexical.STRING),
    "the end of an interval is stripped": with_kind("YMDHM_DateTime", replace(lexical.MINUTE, collapse=True)),
    "an instant may have an offset": with_kind("ESMP_DateTime", lexical.DATE_TIME),
    "a duration is any text": with_kind("duration", lexical.STRING),
    "a number may have an exponent": with_kind("decimal", replace(lexical.DECIMAL, read=lenient_decimal)),
    "a code is not collapsed": with_codes_not_collapsed(),
    "a code belongs to another list": with_kind("BusinessTypeList", lexical.code("MessageTypeList")),
    "a code is unknown": with_kind("IndicatorTypeList", replace(lexical.code("IndicatorTypeList"), facet=not_a02)),
    "unknown attributes are accepted": with_stray("_refuse_attributes"),
    "text between elements is accepted": with_stray("_refuse_text"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, reference_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[fault](monkeypatch)
    assert next(defects(reference_data), None) is not None


def test_codes_of_another_market_are_found(reference_data: Path) -> None:
    assert next(defects(reference_data, "nbm"), None) is not None


def test_without_a_fault_none_is_found(reference_data: Path) -> None:
    assert list(defects(reference_data)) == []
