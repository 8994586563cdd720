"""RB-024 and RB-036 to RB-041: national attributes of offers, at each bound, in the markets that know them or not."""

from __future__ import annotations

import pytest

from tests.profiles.rules.cases import Step, broken, market, only, said

FIRST = "Bid_TimeSeries[1]"
PRODUCT = f"{FIRST}/standard_MarketProduct.marketProductType"
NORDIC = 'overlay = "nbm"'


def before_product(tag: str, text: str, series: int = 1) -> Step:
    place = f"Bid_TimeSeries[{series}]/standard_MarketProduct.marketProductType"
    return ("before", place, f"<{tag}>{text}</{tag}>")


def activation(text: str) -> Step:
    return before_product("activation_ConstraintDuration.duration", text)


def resting(text: str, series: int = 1) -> Step:
    return before_product("resting_ConstraintDuration.duration", text, series)


def maximum(text: str, series: int = 1) -> Step:
    return before_product("maximum_ConstraintDuration.duration", text, series)


def chain(*series: int) -> list[Step]:
    element = "<linkedBidsIdentification>unit</linkedBidsIdentification>"
    return [("after", f"Bid_TimeSeries[{n}]/divisible", element) for n in series]


def reason(code: str, text: str | None = None) -> Step:
    words = "" if text is None else f"<text>{text}</text>"
    return ("after", f"{FIRST}/Period", f"<Reason><code>{code}</code>{words}</Reason>")


# ------------------------------------------------------------------------------------------------------------ RB-024
@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("a", True),
        ("unit-1/(north),_+", True),
        ("x" * 100, True),
        ("x" * 101, False),
        ("unit 1", False),
        ("unit.1", False),
        ("unit:1", False),
        ("unit&amp;1", False),
        (" ", False),
    ],
)
def test_a_voluntary_id_is_plain(text: str, *, sound: bool) -> None:
    found = said("bids", reason("A95", text))
    place, expected = f"/{FIRST}/Reason[1]/text", "1 to 100 letters, digits and / ( ) + , - _"
    told = ("RB-024", "A59", place, expected, text.replace("&amp;", "&"))
    assert found == ([] if sound else [told])


def test_a_voluntary_id_without_a_text_is_none() -> None:
    ((rule, _, place, _, found),) = said("bids", reason("A95"))
    assert (rule, place, found) == ("RB-024", f"/{FIRST}/Reason[1]/text", "nothing")


def test_the_text_of_another_reason_is_free() -> None:
    assert broken("bids", reason("999", "as agreed by phone, 14:05")) == []
    assert broken("bids", reason("A95", "not plain"), terms='weights.RB-024 = "off"') == []


# ------------------------------------------------------------------------------------------------------------ RB-036
@pytest.mark.parametrize(
    ("duration", "product", "wrong"),
    [
        ("PT12M30S", "A05", False),
        ("PT750S", "A05", False),
        ("PT12M29S", "A07", False),
        ("PT12M29S", "A05", True),
        ("PT5M", "A05", True),
        ("PT5M", "A07", False),
    ],
)
def test_what_is_faster_than_the_standard_can_be_activated_directly(
    duration: str, product: str, *, wrong: bool
) -> None:
    found = said("bids", activation(duration), ("set", PRODUCT, product))
    assert found == ([("RB-036", "A59", f"/{PRODUCT}", "A07", product)] if wrong else [])


def test_a_fast_offer_without_product_lacks_it() -> None:
    found = said("bids", activation("PT5M"), ("drop", PRODUCT), terms="bids.products = []")
    assert found == [("RB-036", "A59", f"/{PRODUCT}", "A07", "nothing")]


@pytest.mark.parametrize(
    ("full_time", "duration", "fast"), [("PT5M", "PT5M", False), ("PT5M", "PT4M59S", True), ("PT15M", "PT12M30S", True)]
)
def test_what_is_fast_is_a_matter_of_the_standard_product(full_time: str, duration: str, *, fast: bool) -> None:
    found = broken(
        "bids", activation(duration), ("set", PRODUCT, "A05"), terms=f'bids.full_activation_time = "{full_time}"'
    )
    assert ("RB-036" in found) == fast


# ------------------------------------------------------------------------------------------------------------ RB-037
@pytest.mark.parametrize("tag", ["resting", "maximum"])
@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("PT15M", True),
        ("PT30M", True),
        ("PT1H", True),
        ("PT900S", True),
        ("PT10M", False),
        ("PT14M59S", False),
        ("PT20M", False),
        ("P1M", False),
        ("PT0S", False),
    ],
)
def test_times_of_a_chain_are_quarter_hours(tag: str, text: str, *, sound: bool) -> None:
    step = resting(text) if tag == "resting" else maximum(text)
    found = said("bids", step, *chain(1))
    place = f"/{FIRST}/{tag}_ConstraintDuration.duration"
    assert found == ([] if sound else [("RB-037", "A59", place, "a multiple of 15 minutes", text)])


@pytest.mark.parametrize("step", [resting("PT15M"), maximum("PT45M")])
def test_times_of_a_chain_need_a_chain(step: Step) -> None:
    told = ("RB-037", "A59", f"/{FIRST}/linkedBidsIdentification", "a technical link", "nothing")
    assert said("bids", step) == [told]


@pytest.mark.parametrize(
    ("first", "third", "told"),
    [
        ("PT30M", "PT30M", None),
        ("PT60M", "PT1H", None),
        ("PT30M", "PT45M", ("PT30M, as the first of the chain", "PT45M")),
        ("PT30M", None, ("PT30M, as the first of the chain", "nothing")),
        (None, "PT30M", ("nothing, as the first of the chain", "PT30M")),
    ],
)
def test_times_are_equal_along_the_chain(first: str | None, third: str | None, told: tuple[str, str] | None) -> None:
    steps = [resting(text, series) for series, text in ((1, first), (3, third)) if text is not None]
    found = only("RB-037", said("bids", *steps, *chain(1, 3)))
    place = "/Bid_TimeSeries[3]/resting_ConstraintDuration.duration"
    assert found == ([("A59", place, *told)] if told else [])


# --------------------------------------------------------------------------------------------------- RB-038 and RB-039
@pytest.mark.parametrize("code", ["Z64", "Z65"])
@pytest.mark.parametrize(
    ("product", "wrong"), [("A05", False), ("A07", False), ("Z01", False), ("A06", True), (None, True)]
)
def test_a_period_shift_goes_with_scheduled_activation(code: str, product: str | None, *, wrong: bool) -> None:
    kind: Step = ("drop", PRODUCT) if product is None else ("set", PRODUCT, product)
    terms = NORDIC + '\n[bids]\nproducts = []\nnational = ["period_shift"]'
    found = said("bids", reason(code), kind, terms=terms)
    told = ("RB-038", "A59", f"/{PRODUCT}", "A05, A07 or Z01", product or "nothing")
    assert found == ([told] if wrong else [])


@pytest.mark.parametrize(("weight", "number"), [("off", 0), ("warn", 3), ("reject", 3)])
def test_the_production_type_is_wanted_in_denmark_alone(weight: str, number: int) -> None:
    found = said("bids", terms=f'weights.RB-039 = "{weight}"')
    assert found == [
        ("RB-039", "A69", f"/Bid_TimeSeries[{n}]/mktPSRType.psrType", "a production type", "nothing")
        for n in range(1, number + 1)
    ]
    given = [
        ("before", f"Bid_TimeSeries[{n}]/Period", "<mktPSRType.psrType>B04</mktPSRType.psrType>") for n in (1, 2, 3)
    ]
    assert broken("bids", *given, terms=f'weights.RB-039 = "{weight}"') == []


# ------------------------------------------------------------------------------------------------------------ RB-040
ATTRIBUTES: dict[str, tuple[list[Step], str]] = {
    "faster activation": ([activation("PT5M")], "activation_ConstraintDuration.duration"),
    "slower activation": ([activation("PT15M")], "activation_ConstraintDuration.duration"),
    "maximum duration": ([maximum("PT30M"), *chain(1)], "maximum_ConstraintDuration.duration"),
    "resting time": ([resting("PT30M"), *chain(1)], "resting_ConstraintDuration.duration"),
    "inclusive bids": (
        [("before", f"{FIRST}/Period", "<inclusiveBidsIdentification>all</inclusiveBidsIdentification>")],
        "inclusiveBidsIdentification",
    ),
    "period shift": ([reason("Z64")], "Reason[1]"),
    "production type": (
        [("before", f"{FIRST}/Period", "<mktPSRType.psrType>B04</mktPSRType.psrType>")],
        "mktPSRType.psrType",
    ),
    "voluntary bid id": ([reason("A95", "own-1")], "Reason[1]"),
}
"""What is national, the steps that give it to an offer, and where it stands."""

KNOWN_IN = {
    "dk": ["maximum duration", "resting time", "slower activation", "production type"],
    "fi": ["inclusive bids", "voluntary bid id"],
    "no": ["maximum duration", "resting time", "inclusive bids", "faster activation", "period shift"],
    "se": ["maximum duration", "resting time", "inclusive bids", "slower activation", "period shift"],
}
"""The table of the Nordic guide: which country knows which attribute."""


@pytest.mark.parametrize("country", KNOWN_IN)
@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_an_attribute_is_refused_where_the_country_does_not_know_it(country: str, attribute: str) -> None:
    steps, place = ATTRIBUTES[attribute]
    names = ", ".join(f'"{name.replace(" ", "_")}"' for name in KNOWN_IN[country])
    found = said("bids", *steps, terms=f"{NORDIC}\nbids.national = [{names}]")
    told = ("RB-040", "A59", f"/{FIRST}/{place}", "no such attribute in this market", attribute)
    assert found == ([] if attribute in KNOWN_IN[country] else [told])


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_norway_and_finland_are_told_in_their_market_files(attribute: str) -> None:
    steps = ATTRIBUTES[attribute][0]
    norway, finland = (
        said("bids", *steps, over="nordic_no"),
        said("bids", *steps, over="nordic_fi"),
    )
    assert bool(only("RB-040", norway)) == (attribute not in KNOWN_IN["no"])
    assert bool(only("RB-040", finland)) == (attribute not in KNOWN_IN["fi"])


def test_an_offer_of_plain_standard_has_nothing_national() -> None:
    assert broken("bids", activation("PT12M30S"), reason("999"), terms="bids.national = []") == []


def test_several_attributes_are_told_one_by_one() -> None:
    steps = [activation("PT5M"), reason("A95", "own-1")]
    found = only("RB-040", said("bids", *steps, terms="bids.national = []"))
    assert [text for *_, text in found] == ["faster activation", "voluntary bid id"]


# ------------------------------------------------------------------------------------------------------------ RB-041
@pytest.mark.parametrize(
    ("process", "business", "link", "wrong"),
    [
        ("A52", "C26", "1", False),
        ("A52", "C26", "10", False),
        ("A52", "C26", "0", True),
        ("A52", "C26", "11", True),
        ("A52", "C26", "01", True),
        ("A52", "C26", "unit", True),
        ("A52", "C27", "1", True),
        ("A47", "B74", "unit", False),
        ("A47", "C27", "unit", False),
    ],
)
def test_links_of_containment_reserve_are_small_numbers(process: str, business: str, link: str, *, wrong: bool) -> None:
    element = f"<linkedBidsIdentification>{link}</linkedBidsIdentification>"
    steps: list[Step] = [
        ("set", "process.processType", process),
        ("set", f"{FIRST}/businessType", business),
        ("after", f"{FIRST}/divisible", element),
    ]
    found = only("RB-041", said("bids", *steps, **market("fi_fcr_n")))
    place = f"/{FIRST}/linkedBidsIdentification"
    assert found == ([("A59", place, "1 to 10, for FCR-N only", link)] if wrong else [])


@pytest.mark.parametrize(("process", "wrong"), [("A52", True), ("A47", False)])
def test_containment_reserve_has_no_price_steps(process: str, *, wrong: bool) -> None:
    element = "<multipartBidIdentification>steps</multipartBidIdentification>"
    steps = [("set", "process.processType", process), ("after", f"{FIRST}/divisible", element)]
    found = only("RB-041", said("bids", *steps, **market("fi_fcr_n")))
    assert found == ([("A59", f"/{FIRST}/multipartBidIdentification", "no multipart offer", "steps")] if wrong else [])
