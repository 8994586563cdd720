"""The page is one whole file, can be read by everybody, and lets nothing that a document says become markup."""

import re
from base64 import b64encode
from dataclasses import replace
from datetime import date
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest

from adapters.report_html import DocumentRow, MarketReport, render
from gateway.market import Area
from gateway.model import ReserveNeed
from gateway.report import Report
from gateway.results import Verdict
from gateway.time import QUARTER_HOUR, Interval, market_day
from tests.adapters.example import (
    BUYER,
    DOMAIN,
    HOUR,
    MARKET,
    NORTH,
    PROVIDER,
    SOUTH,
    bid,
    bids,
    blocking,
    envelope,
    envelopes,
    need,
    with_bids,
)
from tests.adapters.report_html.pages import Page, an_hour, refusal, report


@pytest.fixture(scope="module")
def text() -> str:
    return render(an_hour())


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_every_element_is_closed(page: Page) -> None:
    assert page.faults == []
    assert page.open == []


def test_it_has_a_language_one_heading_and_landmarks(page: Page) -> None:
    assert page.all("html") == [{"lang": "en"}]
    assert [page.count(tag) for tag in ("h1", "header", "nav", "main", "footer")] == [1, 1, 1, 1, 1]
    assert page.words["title"][0] == page.words["h1"][0] == "mFRR market result, 2027-01-14 08:00\u201309:00 CET"


def test_every_link_leads_somewhere_on_the_page(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {link["href"] for link in page.all("a")}
    assert all(target.startswith("#") for target in targets)
    assert {target[1:] for target in targets} <= set(ids)
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}


def test_sections_and_scrolling_regions_have_names(page: Page) -> None:
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert all(section["aria-labelledby"] in ids for section in page.all("section"))
    regions = [attributes for _, attributes in page.elements if attributes.get("role") == "region"]
    assert regions
    assert all(region["tabindex"] == "0" and region["aria-label"] for region in regions)


def test_every_table_has_a_caption_and_every_head_its_scope(page: Page) -> None:
    assert page.count("table") == page.count("caption") >= 5
    assert all(head.get("scope") in {"col", "row", "colgroup"} for head in page.all("th"))


def test_every_picture_has_words_and_a_table_beside_it(text: str, page: Page) -> None:
    pictures = re.findall(r'<svg role="img".*?</svg>', text, re.DOTALL)
    assert len(pictures) >= 12
    assert all(re.match(r"<svg [^>]*><title>[^<]+</title><desc>[^<]+</desc>", picture) for picture in pictures)
    others = [svg for svg in page.all("svg") if svg.get("role") != "img"]
    assert all(svg["aria-hidden"] == "true" for svg in others)
    figures = re.findall(r"<figure.*?</figure>", text, re.DOTALL)
    assert all("<table>" in figure for figure in figures if "Merit order" in figure or "Exchange" in figure)


def test_nothing_is_fetched_and_nothing_runs_but_our_own(text: str, page: Page) -> None:
    assert not re.findall(r"(?:src|srcset|data|action|formaction|poster)=", text.split("<script>", maxsplit=1)[0])
    assert not any(name.startswith("on") or name == "style" for _, attributes in page.elements for name in attributes)
    assert re.findall(r"url\((?!#)", text) == []
    (policy,) = (meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert f"{tag}-src 'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'" in policy


def test_the_same_report_is_the_same_bytes(text: str) -> None:
    assert render(an_hour()) == text


HOSTILE = "<script>alert(1)</script>\"'&<!--]]>{{ 7 * 7 }}"


def hostile() -> MarketReport:
    """Return a report in which every text that comes from outside is hostile."""
    letters = envelopes()
    wicked = replace(bid("N1", NORTH, 50, 40), id=HOSTILE, provider=replace(PROVIDER.id, value=HOSTILE))
    letters["bids.xml"] = with_bids(letters["bids.xml"], wicked, *bids()[1:])
    market = replace(MARKET, areas=(Area(id=NORTH, name=HOSTILE), Area(id=SOUTH, name="South")))
    row = DocumentRow(
        file=HOSTILE,
        verdict=Verdict.REFUSED,
        report=Report(findings=(refusal(HOSTILE),), assumptions=(HOSTILE,), losses=(HOSTILE,)),
        document=HOSTILE,
        edition=HOSTILE,
        document_id=HOSTILE,
        sender=HOSTILE,
        sent=HOSTILE,
    )
    return replace(report(letters.values(), (row,), market), ignored=((HOSTILE, HOSTILE),), received=HOSTILE)


def test_hostile_names_stay_words() -> None:
    text = render(hostile())
    page = Page(text)
    assert page.faults == []
    assert page.count("script") == 1
    assert "alert(1)</script>" not in text
    assert sum(HOSTILE in word for words in page.words.values() for word in words) > 20
    assert "49" not in page.words["h1"][0]


def words(of: MarketReport) -> str:
    """Return all text of the page."""
    return " ".join(
        word for tag, found in Page(render(of)).words.items() if tag not in {"style", "script"} for word in found
    )


def test_a_calm_result_says_so() -> None:
    said = words(report())
    assert "Nothing abnormal" in said
    assert "32.5 of 32.5 MWh" in said


def test_the_figures_of_the_example_are_told() -> None:
    said = words(report())
    assert "60.00 to 90.00 EUR/MWh" in said
    assert "2 areas, median 75.00" in said
    assert "4 of 5" in said
    # 75 MW at 60 and 55 MW at 90, for a quarter of an hour.
    assert "2\u202f362 EUR" in said


def test_every_interval_tells_what_set_its_prices(text: str, page: Page) -> None:
    assert page.words["summary"].count("What set the prices") == 4
    assert text.count("<li>60.00 EUR/MWh in North: set by ") == 4
    assert "Binding borders: North to South (45 of 45 MW; 30.00 more at the end)." in text


def test_refusals_stand_first_among_what_is_abnormal(page: Page) -> None:
    kinds = [word.removeprefix("\u25b2 ") for word in page.words["span"] if "efused" in word]
    assert kinds[:2] == ["Document refused", "Series refused"]
    assert "1 refused, 1 in part" in page.words["dd"]


def test_an_unserved_need_is_an_alarm() -> None:
    letters = envelopes()
    letters["bids.xml"] = with_bids(letters["bids.xml"], *bids()[:4])
    said = words(report(letters.values()))
    assert "South, 2027-01-14 08:00\u201308:15 CET: 25 of 100 MW up are missing" in said
    assert "25 MW unserved" in said
    assert "6.2 MWh unserved" in said


def test_a_long_list_of_alarms_is_cut_and_says_so() -> None:
    rows = tuple(
        DocumentRow(file=f"{at}.xml", verdict=Verdict.REFUSED, report=Report(findings=(refusal(),))) for at in range(30)
    )
    said = words(report(documents=rows))
    assert "18 more of this kind" in said


def test_a_blocked_bid_is_told_with_its_fate_and_two_rounds() -> None:
    letters = [*envelopes().values(), blocking(bids()[0])]
    said = words(report(letters))
    assert "1 blocked by a system operator" in said
    assert "not usable" in said
    assert "done, 2 times" in said
    assert "result revision 2 after 2 rounds" in said


def test_every_bid_has_its_row(text: str) -> None:
    table = text[text.index('<table id="bid-table"') : text.index('<section id="needs"')]
    assert table.count("<tr>") - 1 == 20
    assert table.count("not accepted") >= 4


def test_few_intervals_are_unfolded_and_many_are_not() -> None:
    long = QUARTER_HOUR.slots(Interval(HOUR.start, HOUR.start.replace(hour=10)))
    folded = render(report(envelopes(long).values()))
    assert folded.count('<details class="interval"') == len(long) == 12
    assert '" open>' not in folded.split('id="intervals"')[1].split('id="bids"')[0]
    assert "Prices of 2027-01-14" in folded
    unfolded = render(report())
    assert re.search(r'<details class="interval" id="[^"]+" open>', unfolded)
    assert "Prices of 2027-01-14" not in unfolded


def test_a_folder_of_nothing_still_has_a_page() -> None:
    said = words(report([]))
    assert "No interval was cleared." in said
    assert "No bid counted." in said
    assert "no price was formed" in said


def test_a_whole_day_is_named_as_such() -> None:
    day = market_day(date(2026, 3, 29), ZoneInfo("Europe/Oslo"))
    letter = envelope("day", BUYER, 60, ReserveNeed(needs=(need(NORTH, 30, day),)), day)
    assert "mFRR market result, 2026-03-29, whole day of 23 hours" in words(report([letter]))


def test_remarks_are_told_once_with_their_documents() -> None:
    rows = tuple(
        DocumentRow(file=f"{at}.xml", verdict=Verdict.ACCEPTED, report=Report(assumptions=("the moon is full",)))
        for at in range(5)
    )
    said = words(report(documents=rows))
    assert said.count("the moon is full") == 1
    assert "5 documents" in said
    assert DOMAIN.value not in said
