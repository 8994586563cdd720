"""What changed between two exports."""

from dataclasses import replace

import pytest

from gateway.flow import Phase
from gateway.sgam.difference import Change, Difference, differences, flat_fields
from gateway.sgam.model import Architecture, End
from gateway.time import Resolution
from tests.gateway.sgam.small import ACTS, ASKS, BIDS, CLEARS, LINK, PEER, SMALL, TRAVELS, without

SECOND = replace(PEER, id="second")
OPEN = replace(LINK, security=replace(LINK.security, tls=None))
SLOW = replace(LINK, port=443, cadence=Resolution.parse("PT60M"))


def changed(where: str, entry: str, field: str, first: str | None, second: str | None) -> Difference:
    return Difference(where=where, entry=entry, change=Change.CHANGED, field=field, first=first, second=second)


CASES: dict[str, tuple[Architecture, list[Difference]]] = {
    "nothing": (SMALL, []),
    "a peer more": (
        replace(SMALL, components=(*SMALL.components, SECOND)),
        [Difference(where="component", entry="second", change=Change.ADDED)],
    ),
    "a relation less": (
        without(TRAVELS),
        [Difference(where="relation", entry="bids in travels on link", change=Change.REMOVED)],
    ),
    "TLS less": (replace(SMALL, links=(OPEN,)), [changed("communication", "link", "security.tls", "1.3", None)]),
    "two fields of one link": (
        replace(SMALL, links=(SLOW,)),
        [
            changed("communication", "link", "port", "8443", "443"),
            changed("communication", "link", "cadence", "PT15M", "PT60M"),
        ],
    ),
    "an edition": (
        replace(SMALL, information=(replace(BIDS, edition="7.2"),)),
        [changed("information", "bids in", "edition", "7.4", "7.2")],
    ),
    "a list": (
        replace(SMALL, information=(replace(BIDS, types=("A37", "B40")),)),
        [changed("information", "bids in", "types", '["A37"]', '["A37", "B40"]')],
    ),
    "who performs a step": (
        replace(SMALL, functions=(replace(ASKS, origin=End(actor="Seller (CMP)", components=())), CLEARS)),
        [changed("function", "step 1", "origin.components", '["peer"]', "[]")],
    ),
    "a step that is another": (
        replace(SMALL, functions=(ASKS, replace(CLEARS, phase=Phase.SETTLEMENT))),
        [changed("function", "step 2", "phase", "procurement", "settlement")],
    ),
    "the scheme": (replace(SMALL, scheme="other"), [changed("model", "gateway-sgam/1", "scheme", "planted", "other")]),
}


@pytest.mark.parametrize("case", CASES)
def test_what_changed_is_told(case: str) -> None:
    second, expected = CASES[case]
    assert list(differences(SMALL, second)) == expected


OPPOSITE = {Change.ADDED: Change.REMOVED, Change.REMOVED: Change.ADDED, Change.CHANGED: Change.CHANGED}


@pytest.mark.parametrize("case", CASES)
def test_the_other_way_round_it_is_told_the_other_way_round(case: str) -> None:
    second, expected = CASES[case]
    turned = [replace(each, change=OPPOSITE[each.change], first=each.second, second=each.first) for each in expected]
    assert list(differences(second, SMALL)) == turned


def test_changes_stand_in_the_order_of_the_layers() -> None:
    second = replace(without(ACTS), links=(OPEN,), components=(*SMALL.components, SECOND), profile="nordic_no")
    assert [each.where for each in differences(SMALL, second)] == ["model", "component", "communication", "relation"]


def test_the_fields_of_an_entry_are_named_by_their_paths() -> None:
    assert list(flat_fields(PEER)) == ["id", "kind", "party", "place.domain", "place.zone", "part_of"]
    assert flat_fields(PEER)["place.zone"] == "enterprise"
