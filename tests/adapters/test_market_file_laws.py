"""Every market that the file can say is read as it was said, and every misspelt key is found."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import market_file
from adapters.market_file import MarketSettings, read_market
from gateway.identifiers import AreaId, PartyId, check_character
from gateway.market import Area, Border, CapacityFallback, Gates, MarketDefinition, Pricing
from gateway.model import Activation, Party, Reserve, Role
from gateway.time import Resolution
from profiles.markets import AcknowledgementStyle

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def eic(kind: str) -> st.SearchStrategy[str]:
    """Return codes of one type with their check characters; one that ends in a hyphen is never issued."""
    bodies = st.text(LETTERS, min_size=12, max_size=12).map(lambda rest: f"10{kind}{rest}")
    return bodies.map(lambda body: body + check_character(body)).filter(lambda code: not code.endswith("-"))


parties = eic("X").map(lambda code: PartyId(code, "A01")) | st.just(PartyId("5790000432752", "A10"))
areas = eic("Y").map(lambda code: AreaId(code, "A01"))
amounts = st.decimals(Decimal("0.001"), 99_999, places=3)
powers = st.decimals(0, 99_999, places=2)
names = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
lengths = st.integers(0, 7_200).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def markets(draw: st.DrawFn) -> MarketSettings:
    """Draw a market with areas, borders between them, gates in order and every other key."""
    known = draw(st.lists(areas, min_size=2, max_size=5, unique=True))
    joined = draw(st.lists(st.tuples(*[st.sampled_from(known)] * 2).filter(lambda two: two[0] != two[1]), max_size=4))
    gates = sorted(draw(st.lists(lengths, min_size=4, max_size=4)), reverse=True)
    return MarketSettings(
        market=MarketDefinition(
            operator=Party(draw(parties), draw(st.sampled_from(Role))),
            reserve=draw(st.sampled_from(Reserve)),
            activation=draw(st.sampled_from(Activation)),
            resolution=Resolution(seconds=Decimal(draw(st.integers(1, 7_200)))),
            currency=draw(st.text("ABCXYZ", min_size=3, max_size=3)),
            domain=draw(st.none() | areas),
            areas=tuple(Area(id=area, name=draw(names), operator=draw(st.none() | parties)) for area in known),
            borders=tuple(
                Border(
                    from_area=one,
                    to_area=other,
                    forward_mw=draw(powers),
                    backward_mw=draw(powers),
                    loss_factor=draw(st.decimals(0, Decimal("0.99"), places=2)),
                )
                for one, other in joined
            ),
            closed=draw(st.booleans()),
            fallback=draw(st.sampled_from(CapacityFallback)),
            gates=Gates(bids=gates[0], needs=gates[1], clearing=gates[2], orders=gates[3]),
            pricing=draw(st.sampled_from(Pricing)),
            price_cap=draw(amounts),
            price_step=draw(amounts),
            quantity_step=draw(amounts),
        ),
        profile=draw(st.sampled_from(["project", "nordic_no"])),
        overlay=draw(st.none() | st.just("nbm")),
        quirks=draw(st.sampled_from([(), ("nbm_inclusive_anywhere",)])),
        style=draw(st.none() | st.sampled_from(AcknowledgementStyle)),
        zone=draw(st.sampled_from([ZoneInfo("Europe/Oslo"), ZoneInfo("UTC"), ZoneInfo("Europe/Helsinki")])),
    )


def quoted(text: str) -> str:
    """Return *text* as a basic string of TOML."""
    return '"' + "".join(f"\\U{ord(letter):08x}" if letter in '"\\\x7f' else letter for letter in text) + '"'


def said(value: object) -> str:
    """Return *value* as a person would write it in TOML."""
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value:f}"
        case tuple():
            return "[" + ", ".join(map(said, value)) + "]"
        case _:
            return quoted(worded(value))


def worded(value: object) -> str:
    """Return the words for a value that TOML has no form of its own for."""
    match value:
        case timedelta():
            return f"PT{int(value.total_seconds())}S"
        case PartyId() | AreaId():
            return value.value if value.scheme == "A01" else str(value)
        case ZoneInfo():
            return value.key
        case _:
            return str(value)


def table(head: str, **keys: object) -> str:
    rows = "".join(f"{key.rstrip('_')} = {said(value)}\n" for key, value in keys.items() if value is not None)
    return f"{head}\n{rows}"


def written(of: MarketSettings) -> str:
    """Return the file that says *of*."""
    market = of.market
    return "".join(
        (
            table("[operator]", id=market.operator.id, role=market.operator.role),
            table(
                "[market]",
                profile=of.profile,
                overlay=of.overlay,
                quirks=of.quirks,
                acknowledgement_style=of.style,
                reserve=market.reserve,
                activation=market.activation,
                resolution=market.resolution,
                currency=market.currency,
                domain=market.domain,
                closed=market.closed,
                capacity_fallback=market.fallback,
                pricing=market.pricing,
                price_cap=market.price_cap,
                price_step=market.price_step,
                quantity_step=market.quantity_step,
                time_zone=of.zone,
            ),
            table(
                "[gates]",
                bids=market.gates.bids,
                needs=market.gates.needs,
                clearing=market.gates.clearing,
                orders=market.gates.orders,
            ),
            *(table("[[areas]]", id=area.id, name=area.name, operator=area.operator) for area in market.areas),
            *(
                table(
                    "[[borders]]",
                    from_=border.from_area,
                    to=border.to_area,
                    forward_mw=border.forward_mw,
                    backward_mw=border.backward_mw,
                    loss_factor=border.loss_factor,
                )
                for border in market.borders
            ),
        )
    )


@settings(max_examples=max(12, settings().max_examples))
@given(markets())
def test_what_is_written_is_what_is_read(of: MarketSettings) -> None:
    assert read_market(written(of)) == of


KEYS = [
    (section, field.alias or name)
    for section, model in market_file._TABLES.items()
    for name, field in model.model_fields.items()
]


@pytest.mark.parametrize(("section", "key"), KEYS, ids=[".".join(filter(None, pair)) for pair in KEYS])
def test_a_key_with_a_letter_too_many_is_told_with_the_right_one(section: str, key: str) -> None:
    misspelt = f"{key}x"
    arrays = {"areas", "borders", "guaranteed", "cobas", "memberships", "outages"}
    head = f"[[{section}]]" if section in arrays else f"[{section}]" if section else ""
    with pytest.raises(ExceptionGroup) as caught:
        read_market(f"{head}\n{misspelt} = 1\n")
    complaints = [str(error) for error in caught.value.exceptions]
    assert any(f"{misspelt}: expected '{key}', found an unknown key" in complaint for complaint in complaints)


def complaints(text: str) -> list[str]:
    """Return what is wrong with *text*; nothing where it is a market."""
    try:
        read_market(text)
    except ExceptionGroup as group:
        return [str(error) for error in group.exceptions]
    return []


@settings(max_examples=max(12, settings().max_examples))
@given(st.text(max_size=200))
def test_any_text_is_told_to_be_no_market(text: str) -> None:
    # Without an operator no text is a market.
    assert complaints(text)
    assert all(complaint.startswith("market.toml") for complaint in complaints(text))
