"""From the configuration of an installation to its architecture model."""

from datetime import timedelta

import pytest

from gateway import schemes
from gateway.canonical_json import read, write
from gateway.errors import Misconfigured
from gateway.model import Role
from gateway.sgam.checks import Check, completeness, gaps
from gateway.sgam.model import Architecture, Domain, End, Function, Information, Kind, Link, Relates, Zone
from profiles.registry import BY_NAMESPACE
from tests.adapters.sgam.installation import BOOK, ENDPOINT, MARKET, SELLER, TRANSMISSION, installation, model
from tests.security.books import AGGREGATOR, HEAD, NEIGHBOUR, OURS, pin

MODEL = model()


def link(name: str, found: Architecture = MODEL) -> Link:
    return next(each for each in found.links if each.id == name)


def step(number: int, found: Architecture = MODEL) -> Function:
    return found.functions[number - 1]


def item(name: str, found: Architecture = MODEL) -> Information:
    return next(each for each in found.information if each.id == name)


# ---- components


def test_the_components_lie_where_their_roles_put_them() -> None:
    assert {each.id: (each.kind, each.place.domain, each.place.zone) for each in MODEL.components} == {
        "gateway": (Kind.GATEWAY, Domain.TRANSMISSION, Zone.MARKET),
        "peer:agg-c": (Kind.PEER, Domain.DER, Zone.ENTERPRISE),
        "peer:dso-b": (Kind.PEER, Domain.DISTRIBUTION, Zone.ENTERPRISE),
        "peer:tso-a": (Kind.PEER, Domain.TRANSMISSION, Zone.ENTERPRISE),
        f"server:dso-b:{ENDPOINT}": (Kind.SERVER, Domain.DISTRIBUTION, Zone.ENTERPRISE),
    }


def test_a_gateway_lies_in_the_domain_of_its_operator() -> None:
    distribution = MARKET.replace("\n\n", '\nrole = "distribution system operator"\n\n', 1)
    own = model(None, market=distribution).components[0]
    assert (own.id, own.place.domain, own.place.zone) == ("gateway", Domain.DISTRIBUTION, Zone.MARKET)


def test_a_server_is_part_of_its_peer() -> None:
    server = MODEL.components[-1]
    assert (server.part_of, server.party.value) == ("peer:dso-b", NEIGHBOUR)


# ---- links


def test_a_link_over_https_has_the_tls_of_this_gateway_and_what_the_book_says() -> None:
    found = link("link:agg-c:https")
    assert (found.ends, found.protocol, found.port) == (("gateway", "peer:agg-c"), "HTTPS", 8443)
    assert str(found.cadence) == "PT15M"
    assert (found.security.tls, found.security.client_certificate) == ("1.3", True)
    assert found.security.keys == (pin("agg-c"),)
    assert found.security.entries == ("agg-c.in", "agg-c.out")
    assert found.security.signature == "detached"


def test_a_link_over_an_endpoint_ends_at_its_server() -> None:
    found = link(f"link:dso-b:ecp-amqp:{ENDPOINT}")
    assert found.ends == ("gateway", f"server:dso-b:{ENDPOINT}")
    assert (found.protocol, found.port, found.security.tls) == ("AMQP", 5671, "1.2")
    assert "ECDHE-ECDSA-AES128-GCM-SHA256" in found.security.suites


def test_a_transport_by_endpoints_without_any_ends_at_the_peer() -> None:
    bare = BOOK.replace(f'endpoints = ["{ENDPOINT}"]', "")
    assert link("link:dso-b:ecp-amqp", model(bare)).ends == ("gateway", "peer:dso-b")


def test_only_transports_by_endpoints_end_at_servers() -> None:
    both = model(BOOK.replace('["ecp-amqp"]', '["ecp-amqp", "mades", "https", "as4"]'))
    assert {each.protocol: each.ends[1] for each in both.links if "dso-b" in each.id} == {
        "AMQP": f"server:dso-b:{ENDPOINT}",
        "MADES": f"server:dso-b:{ENDPOINT}",
        "HTTPS": "peer:dso-b",
        "AS4": "peer:dso-b",
    }


def test_the_port_is_that_on_which_the_gateway_listens() -> None:
    found = installation(port=443).architecture()
    assert {each.protocol: each.port for each in found.links} == {"HTTPS": 443, "AMQP": 5671}


def test_a_link_by_files_has_no_tls_and_is_told() -> None:
    found = model(BOOK.replace('transports = ["https"]', 'transports = ["file", "https"]', 1))
    assert link("link:agg-c:file", found).security.tls is None
    assert link("link:agg-c:file", found).security.keys == ()
    assert [gap.entry for gap in gaps(found) if gap.check is Check.TLS] == ["link:agg-c:file"]


def test_the_cadence_is_the_market_time_unit() -> None:
    assert {str(each.cadence) for each in model(market=MARKET.replace("PT15M", "PT60M")).links} == {"PT60M"}


# ---- functions


def test_every_step_of_the_scheme_is_a_function() -> None:
    assert [each.step for each in MODEL.functions] == list(range(1, 14))
    assert step(5).id == "step:centralised:05"
    assert step(5).origin == End(actor="MO (TSO)", components=("gateway",))
    assert step(5).recipients == (End(actor="SO (DSO)", components=("peer:dso-b",)),)


def test_a_function_takes_in_what_the_steps_before_it_tell() -> None:
    assert step(5).inputs == ("ReserveNeed", "BidSet", "GridConstraints")
    assert step(7).inputs == ("Allocation", "Blocking")
    assert step(7).outputs == ("ActivationOrders", "ClearingPrices")


def test_a_function_says_when_its_gate_closes() -> None:
    assert {each.step: each.due_before for each in MODEL.functions if each.due_before} == {
        2: timedelta(minutes=15),
        3: timedelta(minutes=45),
        4: timedelta(minutes=15),
        5: timedelta(minutes=14),
        6: timedelta(minutes=7, seconds=30),
        7: timedelta(minutes=7, seconds=30),
    }


# ---- information


def test_information_is_a_document_in_its_first_edition() -> None:
    bids = item("document:reserve_bid:BidSet:in")
    assert (bids.document, bids.edition) == ("ReserveBid_MarketDocument", "7.4")
    assert BY_NAMESPACE[bids.namespace].name == "7.4"
    assert (bids.types, bids.processes) == (("A24", "A37", "B40"), ("A47",))


def test_what_the_gateway_says_goes_out_and_what_it_hears_comes_in() -> None:
    ways = {(each.message, each.travel.value) for each in MODEL.information}
    assert ways == {
        ("ReserveNeed", "in"),
        ("BidSet", "in"),
        ("GridConstraints", "in"),
        ("Allocation", "out"),
        ("Blocking", "in"),
        ("ActivationOrders", "out"),
        ("ClearingPrices", "out"),
        ("Readings", "in"),
        ("Readings", "out"),
        ("Settlement", "out"),
    }


def test_what_one_peer_tells_another_comes_in_and_goes_out() -> None:
    shared = model(scheme="shared")
    schedules = [each.travel.value for each in shared.information if each.message == "ExchangeSchedules"]
    assert schedules == ["in", "out"]


def test_information_travels_where_the_book_lets_it_through() -> None:
    assert MODEL.related("document:reserve_bid:BidSet:in", Relates.TRAVELS_ON) == ("link:agg-c:https",)
    assert MODEL.related("document:activation:ActivationOrders:out", Relates.TRAVELS_ON) == (
        "link:agg-c:https",
        "link:tso-a:https",
    )


def test_needs_do_not_travel_from_a_seller_although_their_type_is_that_of_bids() -> None:
    assert MODEL.related("document:reserve_bid:ReserveNeed:in", Relates.TRAVELS_ON) == ("link:tso-a:https",)


SHUT: dict[str, tuple[str, str]] = {
    "another type": ('document = ["A37"]', 'document = ["A45"]'),
    "another direction": ('direction = "in"', 'direction = "out"'),
    "another process": ('process = ["*"]', 'process = ["A51"]'),
    "another scheme": ('scheme = ["*"]', 'scheme = ["local"]'),
}


@pytest.mark.parametrize("case", SHUT)
def test_what_the_book_does_not_let_through_is_a_gap(case: str) -> None:
    found = model(HEAD + SELLER.replace(*SHUT[case], 1) + BOOK.removeprefix(HEAD + SELLER))
    assert found.related("document:reserve_bid:BidSet:in", Relates.TRAVELS_ON) == ()
    told = [gap.expected for gap in gaps(found) if gap.entry == "step:centralised:03"]
    assert told == ["a link that carries BidSet in for Seller (CMP)"]


# ---- business


def test_each_party_has_its_roles_with_their_regulation() -> None:
    assert [(each.party.value, each.role, each.regulation) for each in MODEL.businesses] == [
        (AGGREGATOR, Role.BALANCING_SERVICE_PROVIDER, "Regulation (EU) 2017/2195, Article 16"),
        (NEIGHBOUR, Role.DISTRIBUTION_SYSTEM_OPERATOR, "Regulation (EU) 2017/2195, Article 15"),
        (OURS, Role.MARKET_OPERATOR, "Regulation (EU) 2017/2195, Article 31"),
        ("10X-TSO-A------1", Role.TRANSMISSION_SYSTEM_OPERATOR, "Regulation (EU) 2017/2195, Article 14"),
    ]


def test_a_business_uses_the_steps_at_either_end_of_which_it_is() -> None:
    used = MODEL.related(f"business:{AGGREGATOR}:balancing service provider", Relates.USES)
    assert [int(name[-2:]) for name in used] == [3, 7, 8, 13]


def test_a_peer_whose_roles_mean_nothing_here_is_told() -> None:
    found = model(BOOK.replace('roles = ["A46"]', 'roles = ["Z99"]'))
    assert [gap.entry for gap in gaps(found) if gap.check is Check.ROLE] == ["peer:agg-c"]


# ---- the whole


def test_all_but_the_setpoint_is_mapped() -> None:
    assert [str(gap) for gap in gaps(MODEL)] == [
        "step mapped: step:centralised:08: expected a document that carries Setpoint in, found none",
        "step mapped: step:centralised:08: expected a component that plays DER, found none",
    ]
    assert str(completeness(MODEL)) == "12 of 13 steps mapped, completeness 0.923"


def test_without_a_book_only_the_gateway_is_there() -> None:
    alone = model(None)
    assert [each.id for each in alone.components] == ["gateway"]
    assert (alone.links, completeness(alone).mapped) == ((), 0)


@pytest.mark.parametrize("scheme", schemes.names())
def test_under_every_scheme_the_model_is_read_as_it_was_written(scheme: str) -> None:
    found = model(scheme=scheme)
    assert len(found.functions) == len(schemes.named(scheme).steps)
    assert read(Architecture, write(found)) == found


@pytest.mark.parametrize("scheme", schemes.names())
def test_the_order_of_the_book_does_not_matter(scheme: str) -> None:
    others = BOOK.removeprefix(HEAD + SELLER)
    assert write(model(HEAD + others + SELLER, scheme=scheme)) == write(model(scheme=scheme))


def test_the_book_of_another_operator_is_refused() -> None:
    with pytest.raises(Misconfigured) as caught:
        installation(HEAD.replace(OURS, AGGREGATOR) + TRANSMISSION)
    assert (caught.value.path, caught.value.found) == ("peer book.own_eic", AGGREGATOR)
