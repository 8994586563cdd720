"""One assumption moves, everything else stays: what each change makes of a case, and of the answer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gateway.coordination.comparison import compared
from gateway.coordination.sensitivity import (
    SENSITIVITIES,
    SweepPoint,
    swept,
    with_der_share,
    with_forecast_error,
    with_interface_price,
)
from gateway.schemes import named
from tests.gateway.coordination.test_comparison import case

D = Decimal
LOCAL, COMMON = named("local"), named("common_centralised")


def costs(points: tuple[SweepPoint, ...], scheme: str) -> list[Decimal]:
    """Return the cost per hour of *scheme* at each value: the small system lasts a quarter."""
    return [4 * each.cost for point in points for each in point.figures if each.scheme.name == scheme]


def test_a_priced_interface_leads_the_local_scheme_to_the_common_optimum() -> None:
    for price, expected in ((0, 716), (50, 668)):
        (found,) = compared([with_interface_price(case(), D(price))], [LOCAL])
        assert found.cost * 4 == expected


def test_the_share_of_resources_changes_bids_in_feeders_alone() -> None:
    given, half = case(), with_der_share(case(), D(50))
    offered = {bid.id: bid.quantity_mw for bid in half.system.market.bids}
    assert (offered["E1"], offered["H1u"], offered["G1"]) == (D("2.5"), D(3), D(20))
    assert half.system.market.injections_mw == given.system.market.injections_mw


def test_the_forecast_error_changes_what_was_not_scheduled_alone() -> None:
    """T1 has a schedule of 4 and lacks 10: -6 in all; twice the error makes -16."""
    double = with_forecast_error(case(), D(200))
    assert double.system.market.injections_mw == {"T1": D(-16), "D1": D(-3), "D2": D(7), "H1": D(-12)}
    assert double.deviations_mw == {"T1": D(-20), "D2": D(4), "H1": D(-8)}


@pytest.mark.parametrize("change", [with_der_share, with_forecast_error])
def test_all_of_it_is_the_case_itself(change: object) -> None:
    assert callable(change)
    assert change(case(), D(100)) == case()


def test_without_a_forecast_error_no_limit_is_broken_and_only_what_pays_is_traded() -> None:
    """E2 may deliver 1 MW at 20 before the voltage at D2 is full; G1d takes it back at 30: 10 per hour are won."""
    quiet = with_forecast_error(case(), D(0))
    for found in compared([quiet], [LOCAL, COMMON]):
        assert found.cost * 4 == -10
        assert found.violations_before == 0


def test_the_cost_of_a_message_turns_the_order() -> None:
    """167 with more messages against 179 with fewer: what a message costs decides."""
    points = swept(SENSITIVITIES["message-cost"], [case()], [LOCAL, COMMON], D(9))
    assert costs(points, "local") == [716] * 6
    first, last = points[0], points[-1]
    assert [each.scheme.name for each in first.cheapest] == ["common_centralised"]
    fewest = min(last.figures, key=lambda each: each.messages)
    assert last.cheapest == (fewest,)
    assert fewest.scheme.name == "local"


def test_a_sweep_clears_every_value_anew() -> None:
    points = swept(SENSITIVITIES["interface-price"], [case()], [LOCAL, COMMON], D(1))
    assert [point.value for point in points] == [0, 20, 40, 60, 80, 100]
    assert costs(points, "common_centralised") == [668] * 6
    assert costs(points, "local")[0] == 716
    assert {each.message_cost for point in points for each in point.figures} == {D(1)}
