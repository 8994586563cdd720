"""The page in a real browser: it asks the network for nothing, raises no error, sorts, filters, and works by keyboard.

Needs Chromium (``GATEWAY_CHROMIUM`` or on the path) and the extra ``ui-test``; skipped with the reason otherwise. Where
``GATEWAY_AXE`` names the file ``axe.min.js`` of axe-core, its rules are applied as well.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.report_html import render
from tests.adapters.report_html.pages import an_hour

pytestmark = [pytest.mark.ui, pytest.mark.slow]

Browser = Any
"""A browser of playwright, which need not be installed."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = (os.environ.get("GATEWAY_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    binary = next((found for name in names if name and (found := shutil.which(name))), None)
    if binary is None:
        pytest.skip("no Chromium: install it or set GATEWAY_CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api", reason="the extra ui-test is not installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=binary)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(an_hour()), encoding="utf-8")
    return path


class Visit:
    """A page that is open, and everything that it asked for or complained of."""

    def __init__(self, browser: Browser, file: Path, **context: object) -> None:
        self.context = browser.new_context(viewport={"width": 1440, "height": 900}, **context)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(file.as_uri())


@pytest.fixture
def visit(browser: Browser, file: Path) -> Iterator[Visit]:
    opened = Visit(browser, file)
    yield opened
    opened.context.close()


def test_it_asks_for_itself_alone_and_complains_of_nothing(visit: Visit, file: Path) -> None:
    visit.page.get_by_label("Find").fill("x")
    assert visit.requests == [file.as_uri()]
    assert visit.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 400])
def test_it_is_no_wider_than_the_window(browser: Browser, file: Path, scheme: str, width: int) -> None:
    opened = Visit(browser, file, color_scheme=scheme)
    opened.page.set_viewport_size({"width": width, "height": 900})
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    ground = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(236, 238, 240)", "dark": "rgb(27, 31, 35)"}[scheme]
    opened.context.close()


def column(visit: Visit, number: int) -> list[str]:
    """Return what is shown in a column of the table of bids."""
    rows = visit.page.locator("#bid-table tbody tr:visible")
    return [row.locator(":scope > *").nth(number).inner_text() for row in rows.all()]


def test_a_column_can_be_sorted_both_ways_by_keyboard(visit: Visit) -> None:
    button = visit.page.get_by_role("button", name="Bid price")
    button.focus()
    visit.page.keyboard.press("Enter")
    rising = [float(price) for price in column(visit, 6)]
    assert rising == sorted(rising)
    head = visit.page.locator("#bid-table th", has=button)
    assert head.get_attribute("aria-sort") == "ascending"
    visit.page.keyboard.press("Enter")
    assert [float(price) for price in column(visit, 6)] == rising[::-1]
    assert head.get_attribute("aria-sort") == "descending"


def test_bids_can_be_filtered_and_the_number_is_told(visit: Visit) -> None:
    visit.page.locator("[data-filter=area]").select_option("South")
    visit.page.locator("#bids output", has_text="8 of 20 shown").wait_for()
    assert set(column(visit, 1)) == {"South"}
    visit.page.locator("[data-filter=fate]").select_option("accepted in part")
    visit.page.locator("#bids output", has_text="4 of 20 shown").wait_for()


def test_a_link_to_an_interval_opens_it(visit: Visit) -> None:
    target = visit.page.locator("details.interval").nth(2)
    target.evaluate("details => details.open = false")
    visit.page.evaluate("anchor => { location.hash = anchor }", target.get_attribute("id"))
    visit.page.wait_for_function("id => document.getElementById(id).open", arg=target.get_attribute("id"))


def test_the_first_stop_of_the_keyboard_skips_to_the_content(visit: Visit) -> None:
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_without_its_script_everything_is_still_there(browser: Browser, file: Path) -> None:
    opened = Visit(browser, file, java_script_enabled=False)
    assert opened.page.locator("#bid-table tbody tr").count() == 20
    assert not opened.page.get_by_label("Find").is_visible()
    opened.context.close()


def test_the_pictures_are_drawn(visit: Visit) -> None:
    shot = visit.page.locator("details.interval").first.screenshot()
    assert len(shot) > 20_000
    fills = visit.page.evaluate(
        "[...document.querySelectorAll('svg .bid.accepted')].map(path => getComputedStyle(path).fill)"
    )
    assert set(fills) == {"rgb(68, 87, 107)"}


def test_axe_finds_nothing(browser: Browser, file: Path) -> None:
    axe = os.environ.get("GATEWAY_AXE")
    if not axe:
        pytest.skip("no axe-core: set GATEWAY_AXE to its axe.min.js")
    opened = Visit(browser, file, bypass_csp=True)
    opened.page.add_script_tag(path=axe)
    found = opened.page.evaluate("axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] })")
    assert [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found["violations"]] == []
    opened.context.close()
