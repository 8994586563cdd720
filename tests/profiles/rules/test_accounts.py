"""EA-001 and EA-002: states, revisions and directions of energy accounts; who keeps the sums of EA and FS."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from gateway.model import Direction
from gateway.settlement.ledger import Ledger, posting
from gateway.settlement.payments import Delivery
from gateway.settlement.perimeter import adjustments
from profiles.financial_settlement_report import Point
from profiles.rules.engine import rules
from profiles.wire import places
from tests.profiles.rules.cases import broken, judged, said

NORTH = "A01:10XTSO-NORTH---B"
FIRST, SECOND = "TimeSeries[1]", "TimeSeries[2]"


def came(**terms: Any) -> dict[str, Any]:  # noqa: ANN401 - TOML
    """Return an account that came earlier; unless told otherwise other bytes of this one."""
    return {"sender": NORTH, "id": "corrected-at-noon", "digest": "another", "revision": 1, **terms}


# ------------------------------------------------------------------------------------------------------------ EA-001
@pytest.mark.parametrize(
    ("status", "wrong"), [("A01", False), ("A02", False), ("A05", True), ("A06", True), ("A13", True)]
)
def test_an_account_is_intermediate_or_final(status: str, *, wrong: bool) -> None:
    found = said("account", ("set", "docStatus/value", status))
    assert found == ([("EA-001", "A51", "/docStatus/value", "A01 or A02", status)] if wrong else [])


@pytest.mark.parametrize("status", ["A01", "A02"])
@pytest.mark.parametrize(
    ("before", "now", "wrong"),
    [(1, 1, True), (1, 2, False), (1, 7, False), (3, 2, True), (3, 3, True), (3, 4, False)],
)
def test_an_account_changes_by_a_higher_revision(status: str, before: int, now: int, *, wrong: bool) -> None:
    steps = [("set", "docStatus/value", status), ("set", "revisionNumber", str(now))]
    found = said("account", *steps, seen=[came(revision=before)])
    assert found == ([("EA-001", "A51", "/revisionNumber", f"more than {before}", str(now))] if wrong else [])


@pytest.mark.parametrize(
    "other",
    [{"id": "another"}, {"sender": "A01:10XDSO-RIVER---L"}, {"digest": "digest of what arrived"}],
    ids=["another mRID", "another sender", "the same bytes"],
)
def test_what_is_no_change_needs_no_revision(other: dict[str, str]) -> None:
    assert broken("account", seen=[came(**other)]) == []


@pytest.mark.parametrize("part", ["seen", "digest"])
def test_without_a_memory_the_state_is_judged_and_the_revision_taken_for_granted(part: str) -> None:
    known: dict[str, Any] = {"seen": [came()], part: "unknown"}
    report = judged("account", ("set", "docStatus/value", "A05"), **known)
    assert [finding.found for finding in report.findings] == ["A05"]
    assert "EA-001: the account changes none that came earlier" in report.assumptions


def test_with_a_memory_nothing_is_taken_for_granted() -> None:
    assert judged("account").assumptions == ()


# ------------------------------------------------------------------------------------------------------------ EA-002
AMOUNTS = ["0", "0.000", "0.5", "-0.5"]


@pytest.mark.parametrize(("into", "out"), list(product(AMOUNTS, AMOUNTS)))
def test_energy_goes_into_the_area_or_out_of_it(into: str, out: str) -> None:
    point = f"{SECOND}/Period/Point[3]"
    steps = [("set", f"{point}/in_Quantity.quantity", into), ("set", f"{point}/out_Quantity.quantity", out)]
    told = ("EA-002", "A42", f"/{SECOND}/Period[1]/Point[3]", "0 in or 0 out", f"{into} in, {out} out")
    assert said("account", *steps) == ([told] if {into, out}.isdisjoint({"0", "0.000"}) else [])


def test_every_slot_with_two_directions_is_told_with_its_time() -> None:
    steps = [("set", f"{SECOND}/Period/Point[{number}]/in_Quantity.quantity", "2.50") for number in (1, 4)]
    report = judged("account", *steps)
    assert [(str(found.interval), found.found, found.subject) for found in report.findings] == [
        ("2026-06-14T10:00Z/2026-06-14T10:15Z", "2.5 in, 1 out", "imbalance"),
        ("2026-06-14T10:45Z/2026-06-14T11:00Z", "2.5 in, 1 out", "imbalance"),
    ]


def test_both_quantities_of_a_slot_are_there() -> None:
    """The reader refuses the document, so that the rule need not."""
    place = "Period[1]/Point[1]/in_Quantity.quantity"
    ((rule, code, path, _, _),) = said("account", ("drop", f"{FIRST}/{place}"))
    assert (rule, code, path) == ("GEN-004", "A69", f"/{FIRST}/{place}")


# ------------------------------------------------------------------------------------ EA-003, FS-001, FS-002: who and why
def test_corrections_of_one_bid_add_up_to_what_was_requested() -> None:
    delivery = Delivery(
        bid_id="a bid",
        provider="provider",
        operator="operator",
        direction=Direction.UP,
        requested_mwh=Decimal("2.5"),
        delivered_mwh=Decimal("2.1"),
        price=Decimal(60),
    )
    corrections = adjustments(delivery, supplier="supplier", provider_responsible="provider's")
    assert [correction.energy_mwh for correction in corrections] == [Decimal("2.1"), Decimal("0.4")]
    assert sum(correction.energy_mwh for correction in corrections) == delivery.requested_mwh
    assert rules()["EA-003"].kept_by == "gateway.settlement.perimeter"


def test_the_money_of_a_ledger_adds_up_to_nothing() -> None:
    ledger = Ledger((posting("operator", "one", Decimal("10.005"), "energy"), posting("two", "one", Decimal(3), "fee")))
    assert ledger.balances() == {"one": Decimal("13.00"), "operator": Decimal("-10.00"), "two": Decimal(-3)}
    assert rules()["FS-001"].kept_by == "gateway.settlement.ledger"


def test_a_report_has_no_price_to_multiply_by() -> None:
    assert {name for name, _ in places(Point)} == {"position", "quantity", "monetary_value", "reasons"}
    assert rules()["FS-002"].kept_by == "gateway.settlement.payments"
