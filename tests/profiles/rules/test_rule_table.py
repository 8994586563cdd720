"""The table of rules as a whole: ids, words, sources, codes, and how a market may weigh a rule."""

from __future__ import annotations

import dataclasses
import importlib.util
import re
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.errors import Misconfigured
from gateway.report import Level, Severity
from profiles import codes, markets
from profiles.markets import Weight
from profiles.reading import parse
from profiles.reserve_bid import EDITIONS
from profiles.rules import engine
from profiles.rules.context import WORDS, Context
from profiles.rules.engine import NOBODY_YET, Rule, View, Violation, check, rule, rules
from profiles.rules.place import locate
from profiles.rules.shape import ALL, SENT
from tests.profiles.rules.cases import source

TABLE = list(rules().values())
SOURCES = {
    "ENTSO-E code list",
    "ENTSO-E document schemas",
    "ENTSO-E EIC Reference Manual",
    "GS1 General Specifications",
    "Fingrid market guide",
    "Nordic mFRR EAM guide",
    "Nordic balancing message guides",
    "Statnett examples",
    "project decision",
    "public balancing data",
    "European balancing platforms",
    "public clients of the Transparency Platform",
    "public documentation of German redispatch",
}
FAMILIES = (
    "GEN",
    "TS",
    "RB",
    "RN",
    "AR",
    "AC",
    "BA",
    "MO",
    "PS",
    "CA",
    "OE",
    "CR",
    "SC",
    "ME",
    "EA",
    "FS",
    "BP",
    "AK",
    "ST",
    "TR",
)


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.id)
def test_a_rule_says_what_it_is(entry: Rule) -> None:
    assert re.fullmatch(rf"(?:{'|'.join(FAMILIES)})-[0-9]{{3}}", entry.id)
    assert entry.statement.endswith(".")
    assert entry.statement[0].isupper()
    named = [re.sub(r", (where|published).*", "", part) for part in entry.source.split("; ")]
    assert set(named) <= SOURCES, entry.source


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.id)
def test_a_rule_is_checked_or_kept_elsewhere(entry: Rule) -> None:
    if entry.check is None:
        assert entry.kept_by
        assert entry.why.endswith(".")
        assert not entry.documents
    else:
        assert not entry.kept_by
        assert not entry.why
        assert entry.documents
        assert entry.codes
        assert set(entry.documents) <= set(SENT)
    assert set(entry.needs) <= set(WORDS)


@pytest.mark.parametrize("entry", [entry for entry in TABLE if entry.kept_by], ids=lambda entry: entry.id)
def test_who_keeps_a_rule_is_a_part_of_the_gateway_or_nobody_yet(entry: Rule) -> None:
    assert entry.kept_by == NOBODY_YET or importlib.util.find_spec(entry.kept_by) is not None


def test_every_reason_code_is_known_to_peers_on_the_older_release() -> None:
    known = codes.lookup("ReasonCodeTypeList", release=91)
    assert {code for entry in TABLE for code in entry.codes} <= known.values


def test_every_reason_code_has_a_meaning() -> None:
    known = codes.lookup("ReasonCodeTypeList")
    assert all(known.meaning(code) for entry in TABLE for code in entry.codes)


def test_rules_are_in_the_order_of_their_ids() -> None:
    assert list(rules()) == sorted(rules())


def test_every_part_of_the_context_has_words() -> None:
    assert {field.name for field in dataclasses.fields(Context)} == set(WORDS)


def test_numbers_of_a_family_are_given_once() -> None:
    numbers = [entry.id for entry in TABLE]
    assert len(numbers) == len(set(numbers))


# ------------------------------------------------------------------------------------------------------------- weights
DOCUMENT = parse(source("bids"))


def findings(terms: str) -> list[tuple[str, Severity]]:
    market = markets.read(f'based_on = "project"\n{terms}', "weighed")
    report = check(DOCUMENT.document, DOCUMENT.edition, market)
    return [(finding.rule, finding.severity) for finding in report.findings]


def test_a_market_weighs_an_optional_rule() -> None:
    limit = "[header]\nmax_series = 2\n[weights]\nGEN-022 = "
    assert findings(f'{limit}"reject"') == [("GEN-022", Severity.REJECT)]
    assert findings(f'{limit}"warn"') == [("GEN-022", Severity.WARN)]
    assert findings(f'{limit}"off"') == []


@pytest.mark.parametrize(
    ("name", "hint"), [("RB-006", ""), ("RB-999", ""), ("GEN-22", "did you mean GEN-022"), ("GEN-001", "")]
)
def test_a_market_cannot_weigh_what_is_not_optional_or_does_not_exist(name: str, hint: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        findings(f'[weights]\n"{name}" = "off"')
    assert refusal.value.path == f"weighed.weights.{name}"
    assert hint in refusal.value.expected


def test_the_markets_weigh_only_rules_that_allow_it() -> None:
    for name in markets.names():
        assert all(rules()[entry].optional for entry in markets.load(name).weights)


def test_warnings_are_not_optional_by_accident() -> None:
    off = {entry.id for entry in TABLE if entry.weight is Weight.OFF}
    assert off == {"GEN-014", "PS-001", "RB-039"}
    assert all(rules()[name].optional for name in off)


# --------------------------------------------------------------------------------------------------- engine by itself
def test_a_declared_rule_takes_its_statement_from_its_docstring() -> None:
    @rule("RB-998", Level.SERIES, "A59", "A62", on=ALL, source="project decision", needs=("now",))
    def example(view: View[Any]) -> Iterator[Violation]:
        """A sentence that states what a document must do.

        And what is not part of it.
        """
        yield Violation(("id",), "another", view.document.id)

    assert example.statement == "A sentence that states what a document must do."
    assert example.codes == ("A59", "A62")
    assert example.needs == ("now",)
    assert "RB-998" not in rules()


def test_two_rules_of_one_id_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from profiles.rules import series  # noqa: PLC0415 - the module to tamper with

    monkeypatch.setattr(series, "TS_999", dataclasses.replace(rules()["RB-001"], source="elsewhere"), raising=False)
    rules.cache_clear()
    try:
        with pytest.raises(Misconfigured, match="RB-001"):
            rules()
    finally:
        monkeypatch.undo()
        rules.cache_clear()
    assert rules()["RB-001"].source != "elsewhere"


def test_what_is_derived_from_a_view_is_derived_once() -> None:
    made: list[int] = []

    def derive(view: View[Any]) -> int:
        made.append(len(view.document.series))
        return made[-1]

    view = View(DOCUMENT.document, DOCUMENT.edition, markets.load("project"), Context())
    assert view.recall(derive) == view.recall(derive) == 3
    assert made == [3]


def test_an_assumption_is_noted_once() -> None:
    view = View(DOCUMENT.document, DOCUMENT.edition, markets.load("project"), Context())
    view.assume("so it is")
    view.assume("so it is")
    assert view.assumptions == ["so it is"]


@pytest.mark.parametrize(
    ("edition", "at", "path"),
    [
        ("7.4", (), "/ReserveBid_MarketDocument"),
        ("7.4", ("sender",), "/ReserveBid_MarketDocument/sender_MarketParticipant.mRID"),
        (
            "7.2",
            ("series", 2, "quantity_unit"),
            "/ReserveBid_MarketDocument/Bid_TimeSeries[2]/quantity_Measure_Unit.name",
        ),
        (
            "7.1",
            ("series", 1, "bidding_zones", 1, "id"),
            "/ReserveBid_MarketDocument/Bid_TimeSeries[1]/AvailableMBA_Domain[1]/mRID",
        ),
        (
            "7.2",  # an element that this edition lacks keeps the name it has elsewhere
            ("series", 1, "psr_type"),
            "/ReserveBid_MarketDocument/Bid_TimeSeries[1]/mktPSRType.psrType",
        ),
    ],
)
def test_a_place_has_the_names_of_the_edition(edition: str, at: tuple[str | int, ...], path: str) -> None:
    assert locate(next(entry for entry in EDITIONS if entry.name == edition), at) == path


def test_the_plan_of_a_market_is_made_once() -> None:
    market = markets.load("project")
    assert engine._plan(DOCUMENT.edition, market) is engine._plan(DOCUMENT.edition, market)
