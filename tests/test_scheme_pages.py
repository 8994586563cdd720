"""The pages of the coordination schemes: every row is in the table and in the picture, every document is linked."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from docs.generate import write
from docs.schemes import documents_of, explained, scheme_page, scheme_pages
from docs.sequence import COLUMN, LEFT, column, columns, sequence
from gateway.flow import Actor
from gateway.schemes import named, names
from profiles.registry import DOCUMENTS

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", name="pages")
def made() -> dict[str, str]:
    return scheme_pages()


def texts(picture: str) -> list[str]:
    return ["".join(each.itertext()) for each in ET.fromstring(picture).iter(f"{SVG}text")]  # noqa: S314 - our own


@pytest.mark.parametrize("name", names())
def test_a_page_has_every_row_of_the_table(name: str, pages: dict[str, str]) -> None:
    rows = re.findall(r"^\| (\d+) \| \w+ \| ([^|]+) \| ([^|]+) \|", pages[f"schemes/{name}.md"], re.MULTILINE)
    assert rows == [(str(step.number), str(step.origin), step.action) for step in named(name).steps]


@pytest.mark.parametrize("name", names())
def test_a_page_tells_mathematics_example_and_source(name: str, pages: dict[str, str]) -> None:
    page = pages[f"schemes/{name}.md"]
    assert "Mathematics" in page
    assert "~~~python\n>>> " in page
    assert "\nSource: SmartNet project" in page
    assert [line for line in page.splitlines() if line.startswith("#")] == [
        f"# {named(name).title}",
        *("## Sequence", "## Roles", "## Steps", "## Clearings"),
    ]


@pytest.mark.parametrize("name", names())
def test_a_page_tells_each_clearing_with_its_switches(name: str, pages: dict[str, str]) -> None:
    section = pages[f"schemes/{name}.md"].partition("## Clearings")[2]
    assert [int(found) for found in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)] == [
        each.step for each in named(name).clearings
    ]


@pytest.mark.parametrize("name", names())
def test_a_picture_has_every_step_once_and_every_column(name: str, pages: dict[str, str]) -> None:
    told = texts(pages[f"schemes/{name}.svg"])
    scheme = named(name)
    assert [each for each in told if each[0].isdigit()] == [f"{s.number} {s.message}".strip() for s in scheme.steps]
    assert set(columns(scheme)) <= set(told)


@pytest.mark.parametrize("name", names())
def test_a_picture_fits_its_frame(name: str, pages: dict[str, str]) -> None:
    root = ET.fromstring(pages[f"schemes/{name}.svg"])  # noqa: S314 - our own
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    assert width == LEFT + COLUMN * len(columns(named(name)))
    for each in root.iter(f"{SVG}text"):
        half = 3 * len(each.text or "") if each.get("text-anchor") == "middle" else 0  # 6 px a letter
        assert half <= float(each.get("x", -1)) <= width - half
        assert 0 <= float(each.get("y", -1)) <= height


def test_an_arrow_goes_from_the_origin_to_each_other_party() -> None:
    # Step 7 of the centralised scheme goes from the market operator to the buyer (TSO) and the seller (CMP).
    picture = str(sequence(named("centralised")))
    tips = re.findall(r'<path d="M([\d.]+) ([\d.]+)L[^"]+" class="tip"', picture)
    rows = sorted(float(y) for _, y in tips)
    at_step_7 = 56 + 30 * 6.75
    ends = {float(x) for x, y in tips if float(y) == at_step_7}
    names_of = columns(named("centralised"))
    assert ends == {LEFT + COLUMN * (names_of.index(each) + 0.5) for each in ("TSO", "CMP")}
    assert rows[0] >= 56


@pytest.mark.parametrize(
    ("actor", "name"),
    [
        ("RA (TSO)", "TSO"),
        ("MO (TSO&DSO)", "MO (TSO&DSO)"),
        ("MO_T/FD (TSO)", "MO_T (TSO)"),
        ("Buyer (CMP as BRP)", "CMP"),
        ("Aggregator/FD (CMP)", "CMP"),
        ("DER", "DER"),
    ],
)
def test_the_column_of_an_actor(actor: str, name: str) -> None:
    assert column(Actor.read(actor)) == name


def test_the_list_leads_to_every_page(pages: dict[str, str]) -> None:
    linked = re.findall(r"\]\((schemes/\w+\.md)\)", pages["schemes.md"])
    assert linked == [f"schemes/{name}.md" for name in names()]
    assert set(linked) <= set(pages)


def test_every_document_that_a_page_links_is_one() -> None:
    linked = set(re.findall(r"\.\./documents/(\w+)\.md", scheme_page(named("shared"))))
    assert linked <= set(DOCUMENTS)
    assert {"reserve_bid", "schedule"} & linked


def test_messages_know_the_documents_that_carry_them() -> None:
    assert list(documents_of("Blocking")) == ["[BidAvailability](../documents/bid_availability.md)"]
    assert list(documents_of("Setpoint")) == []


@pytest.mark.parametrize(
    ("docstring", "page"),
    [
        ("One.\n\nTwo ``x``.", "One.\n\nTwo `x`."),
        (">>> 1\n1", "~~~python\n>>> 1\n1\n~~~"),
        ("Head:\n  a = 1\n  b = 2", "Head:\n\n~~~text\n  a = 1\n  b = 2\n~~~"),
        ("  a = 1", "~~~text\n  a = 1\n~~~"),
    ],
    ids=["words", "example", "formulas under a line", "formulas alone"],
)
def test_a_docstring_becomes_markdown(docstring: str, page: str) -> None:
    assert explained(docstring) == page


@pytest.mark.slow  # makes every page of the project
def test_pages_of_schemes_are_written_with_the_others(tmp_path: Path) -> None:
    write(tmp_path)
    assert (tmp_path / "schemes" / "local.svg").read_text(encoding="utf-8").startswith("<svg xmlns=")
    (tmp_path / "schemes" / "gone.svg").write_text("<svg/>", encoding="utf-8")
    write(tmp_path)
    assert not (tmp_path / "schemes" / "gone.svg").exists()
