"""What the shared parts of documents mean: code tables, heads, parties, and what is said where something is wrong."""

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.envelope import Envelope
from gateway.errors import InvalidValue, Unmappable, Unwritable
from gateway.identifiers import AreaId, MeteringPointId, PartyId, ResourceId
from gateway.inquiries import Informative
from gateway.model import Direction, Party, Reserve, Role
from gateway.results import Reason
from gateway.time import Interval
from profiles import canonical, parts
from profiles.canonical import CodeTable
from profiles.lexical import IDENTIFIER, Coded
from profiles.parts import TimeInterval
from profiles.wire import element, many, one, opt
from tests.market_values import DSO, EIGHT, QUARTER, SELLER, TSO, WEST, quarter

COLOURS = CodeTable("colour", {"A01": "red", "A02": "green", "A03": "red"}, "A55")


# --------------------------------------------------------------------------------------------------------- code tables
def test_a_code_means_one_thing_and_the_first_of_two_is_written() -> None:
    assert [COLOURS.meaning(code) for code in ("A01", "A02", "A03")] == ["red", "green", "red"]
    assert [COLOURS.code(value) for value in ("red", "green")] == ["A01", "A02"]
    assert ["A03" in COLOURS, "A04" in COLOURS, None in COLOURS] == [True, False, False]


def test_a_code_without_meaning_is_refused_with_the_reason_of_the_table() -> None:
    with pytest.raises(Unmappable) as caught:
        COLOURS.meaning("A04")
    assert caught.value.args == ("colour", "one of A01, A02, A03", "'A04'", "A55")


def test_a_value_without_code_is_not_written() -> None:
    with pytest.raises(Unwritable) as caught:
        COLOURS.code("blue")
    assert caught.value.args[:3] == ("colour", "one of red, green", "'blue'")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SCHEDULING_AGENT])
def test_every_role_is_written_and_read_again(role: Role) -> None:
    assert canonical.ROLES.meaning(canonical.ROLES.code(role)) is role


def test_a_role_without_a_code_is_not_written() -> None:
    with pytest.raises(Unwritable, match=r"marketRole\.type: expected one of .*, found <Role\.SCHEDULING_AGENT"):
        canonical.ROLES.code(Role.SCHEDULING_AGENT)


@pytest.mark.parametrize(
    ("process", "reserve"),
    [
        ("A47", Reserve.MFRR),
        ("A60", Reserve.MFRR),
        ("A61", Reserve.MFRR),
        ("A51", Reserve.AFRR),
        ("A67", Reserve.AFRR),
        ("A68", Reserve.AFRR),
        ("A46", Reserve.RR),
        ("A52", Reserve.FCR),
    ],
)
def test_a_process_of_a_reserve_means_that_reserve(process: str, reserve: Reserve) -> None:
    assert canonical.RESERVES.meaning(process) is reserve


@pytest.mark.parametrize(
    ("reserve", "process", "business"),
    [
        (Reserve.MFRR, "A47", "A97"),
        (Reserve.AFRR, "A51", "A96"),
        (Reserve.RR, "A46", "A98"),
        (Reserve.FCR, "A52", "A95"),
    ],
)
def test_a_reserve_has_one_process_and_one_kind_of_business(reserve: Reserve, process: str, business: str) -> None:
    assert (canonical.RESERVES.code(reserve), canonical.RESERVE_BUSINESS.code(reserve)) == (process, business)
    assert canonical.RESERVE_BUSINESS.meaning(business) is reserve


def test_directions_are_up_down_and_both() -> None:
    assert [canonical.DIRECTIONS.meaning(code) for code in ("A01", "A02", "A03")] == [
        Direction.UP,
        Direction.DOWN,
        Direction.BOTH,
    ]


# ---------------------------------------------------------------------------------------------- items, losses, demands
def test_each_item_is_converted_in_its_order() -> None:
    assert canonical.each("Series", [1, 2, 3], str) == ("1", "2", "3")
    assert canonical.each("Series", [], str) == ()


def test_an_item_that_cannot_be_held_is_named_by_its_number() -> None:
    def refuse(item: int) -> str:
        if item == 2:
            raise Unmappable("Period/resolution", "a whole number", "a remainder", "A41")
        if item == 3:
            raise InvalidValue("Bid.quantity_mw", "a positive one", "0", "A42")
        return str(item)

    with pytest.raises(Unmappable) as caught:
        canonical.each("Series", [1, 2], refuse)
    assert caught.value.args == ("Series[2]/Period/resolution", "a whole number", "a remainder", "A41")
    with pytest.raises(Unmappable) as caught:
        canonical.each("Series", [3], refuse)
    assert caught.value.args == ("Series[1]", "Bid.quantity_mw: a positive one", "0", "A42")


@element
class Leaf:
    """A record with what may be lost."""

    id: str = one("mRID", IDENTIFIER)
    colour: str | None = opt("colour.code", IDENTIFIER)
    names: tuple[str, ...] = many("name", IDENTIFIER)


def test_losses_are_counted_by_the_tag_of_each_field() -> None:
    leaves = [Leaf(id="a", colour="red", names=("x", "y")), Leaf(id="b", colour="red"), Leaf(id="c")]
    assert canonical.losses(leaves, "colour", "names") == ("colour.code: dropped 2 times", "name: dropped 1 times")
    assert canonical.losses(leaves, "names") == ("name: dropped 1 times",)
    assert canonical.losses(leaves[2:], "colour", "names") == ()
    assert canonical.losses([], "colour") == ()


def test_absent_values_are_counted() -> None:
    assert canonical.absent([Leaf(id="a", colour="red"), Leaf(id="b"), Leaf(id="c")], "colour") == 2
    assert canonical.absent([], "colour") == 0


def test_what_is_demanded_may_be_left_out_and_be_nothing_else() -> None:
    canonical.require("product", "A", "A")
    canonical.require("product", "A", None)
    canonical.require("product", "A-1", "-".join("A1"))  # equal, though another object
    for other in ("", "0", "B"):
        with pytest.raises(Unmappable) as caught:
            canonical.require("product", "A", other)
        assert caught.value.args == ("product", "A", repr(other), "999")


# ---------------------------------------------------------------------------------------------------------- identifiers
def test_identifiers_are_the_same_on_both_sides() -> None:
    wire = Coded("x-1", "NNO")
    assert canonical.party_id(wire) == PartyId("x-1", "NNO")
    assert canonical.area_id(wire) == AreaId("x-1", "NNO")
    assert canonical.resource_id(wire) == ResourceId("x-1", "NNO")
    assert canonical.metering_point_id(wire) == MeteringPointId("x-1", "NNO")
    assert canonical.coded(PartyId("x-1", "NNO")) == wire
    assert canonical.coded_or_none(AreaId("x-1", "NNO")) == wire
    assert canonical.coded_or_none(None) is None


def test_reasons_are_the_same_on_both_sides() -> None:
    wire = parts.Reason(code="A95", text="full")
    assert canonical.reason(wire) == Reason(code="A95", text="full")
    assert canonical.wire_reason(Reason(code="A95", text="full")) == wire
    assert canonical.wire_reason(Reason(code="A95")) == parts.Reason(code="A95")


def test_a_party_has_an_identifier_and_a_role() -> None:
    wire = Coded(DSO.id.value, DSO.id.scheme)
    assert canonical.party(wire, "A50", "sender") == DSO
    with pytest.raises(Unmappable) as caught:
        canonical.party(Coded(" ", "A10"), "A50", "receiver")
    assert caught.value.args == (
        "receiver_MarketParticipant.mRID",
        "a value and a coding scheme",
        "(' ', 'A10')",
        "A78",
    )
    with pytest.raises(Unmappable) as caught:
        canonical.party(wire, "A41", "subject")
    assert caught.value.path == "subject_MarketParticipant.marketRole.type"
    assert (caught.value.found, caught.value.code) == ("'A41'", "A78")


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("12", 12), ("999", 999), ("007", 7)])
def test_a_revision_is_a_number(text: str, number: int) -> None:
    assert canonical.revision(text) == number


@pytest.mark.parametrize("text", ["0", "000", "1000", "0001", "", "-1", "1.0", "+1", " 1", "\u0661", "x"])
def test_a_revision_outside_1_to_999_is_refused(text: str) -> None:
    with pytest.raises(Unmappable) as caught:
        canonical.revision(text)
    assert caught.value.args == ("revisionNumber", "1 to 999", repr(text), "999")


# ------------------------------------------------------------------------------------------------------------- the head
HOUR = Interval(EIGHT, EIGHT + 4 * QUARTER)
MESSAGE = Informative(document="x")
FULL: dict[str, Any] = {
    "id": "d-1",
    "revision": "2",
    "type": "A37",
    "process": "A47",
    "sender": Coded(TSO.id.value, TSO.id.scheme),
    "sender_role": "A49",
    "receiver": Coded(DSO.id.value, DSO.id.scheme),
    "receiver_role": "A50",
    "created": EIGHT,
    "period": TimeInterval(start=HOUR.start, end=HOUR.end),
    "domain": Coded(WEST.value, WEST.scheme),
    "subject": Coded(SELLER.id.value, SELLER.id.scheme),
    "subject_role": "A46",
}
LETTER = Envelope(
    id="d-1",
    revision=2,
    document_type="A37",
    process="A47",
    reserve=Reserve.MFRR,
    sender=TSO,
    receiver=DSO,
    created=EIGHT,
    period=HOUR,
    domain=WEST,
    subject=SELLER,
    message=MESSAGE,
)


def head(**changes: object) -> SimpleNamespace:
    """Return a document with the full head but for the changes."""
    return SimpleNamespace(**(FULL | changes))


def test_a_full_head_is_an_envelope() -> None:
    assert canonical.envelope(head(), MESSAGE) == LETTER


HEADS: list[tuple[str, dict[str, object], dict[str, Any]]] = [
    ("no revision", {"revision": None}, {"revision": 1}),
    ("no type", {"type": None}, {"document_type": None}),
    ("no process", {"process": None}, {"process": None, "reserve": None}),
    ("a process of no reserve", {"process": "A01"}, {"process": "A01", "reserve": None}),
    ("no period", {"period": None}, {"period": None}),
    ("no domain", {"domain": None}, {"domain": None}),
    ("no subject", {"subject": None, "subject_role": None}, {"subject": None}),
    ("a subject in the role of the sender", {"subject_role": None}, {"subject": Party(SELLER.id, TSO.role)}),
]


@pytest.mark.parametrize(("changes", "expected"), [row[1:] for row in HEADS], ids=[row[0] for row in HEADS])
def test_a_head_with_less_is_an_envelope_with_less(changes: dict[str, object], expected: dict[str, Any]) -> None:
    assert canonical.envelope(head(**changes), MESSAGE) == replace(LETTER, **expected)


def test_a_document_without_some_fields_of_the_head_has_none_of_them() -> None:
    @dataclass
    class Short:
        id: str = "d-1"
        sender: Coded = FULL["sender"]
        sender_role: str = "A49"
        receiver: Coded = FULL["receiver"]
        receiver_role: str = "A50"

    envelope = canonical.envelope(Short(), MESSAGE, created=EIGHT)
    assert envelope == Envelope(id="d-1", sender=TSO, receiver=DSO, created=EIGHT, message=MESSAGE)


def test_what_is_given_beside_the_head_holds() -> None:
    given = canonical.envelope(head(), MESSAGE, domain=None, reserve=Reserve.RR, created=EIGHT + QUARTER)
    assert given == replace(LETTER, domain=None, reserve=Reserve.RR, created=EIGHT + QUARTER)


WRITTEN: dict[str, object] = {name: FULL[name] for name in FULL if name not in {"domain", "subject", "subject_role"}}


def test_the_head_is_written_as_it_was_read() -> None:
    assert canonical.head(LETTER, "A44", quarter(7)) == WRITTEN


def test_type_period_and_process_stand_in_where_the_letter_has_none() -> None:
    bare = replace(LETTER, document_type=None, period=None, process=None, reserve=None)
    on = quarter(1)
    expected = {"type": "A44", "process": "A16", "period": TimeInterval(start=on.start, end=on.end)}
    assert canonical.head(bare, "A44", on, "A16") == WRITTEN | expected


@pytest.mark.parametrize("reserve", Reserve)
def test_a_reserve_has_its_process(reserve: Reserve) -> None:
    bare = replace(LETTER, process=None, reserve=reserve)
    assert canonical.head(bare, "A44", HOUR)["process"] == canonical.RESERVES.code(reserve)


def test_without_process_and_reserve_nothing_is_made_up() -> None:
    bare = replace(LETTER, process=None, reserve=None)
    with pytest.raises(Unwritable) as caught:
        canonical.head(bare, "A44", HOUR)
    assert caught.value.args[:3] == ("process.processType", "a process or a reserve", "neither")
    without = canonical.head(bare, "A44", HOUR, without=("process", "type"))
    assert without == {name: value for name, value in WRITTEN.items() if name not in {"process", "type"}}


def test_a_subject_is_written_where_there_is_one() -> None:
    assert canonical.subject(LETTER) == {"subject": FULL["subject"], "subject_role": "A46"}
    assert canonical.subject(replace(LETTER, subject=None)) == {}
