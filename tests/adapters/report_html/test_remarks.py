"""What was noted, assumed and lost is told once, with the documents it was said of."""

from dataclasses import replace
from decimal import Decimal

from adapters.report_html import DocumentRow, MarketReport
from adapters.report_html.remarks import Remark, remark_lists
from gateway.report import Report
from gateway.results import Method, Rung, Verdict
from tests.adapters.example import NORTH, QUARTER
from tests.adapters.report_html.results import figures_of, report_of


def lists(of: MarketReport) -> dict[str, tuple[Remark, ...]]:
    return {entry.title: entry.remarks for entry in remark_lists(of, figures_of())}


def documents(*sentences: str) -> tuple[DocumentRow, ...]:
    return tuple(
        DocumentRow(file=f"{at}.xml", verdict=Verdict.ACCEPTED, report=Report(assumptions=(words,)))
        for at, words in enumerate(sentences)
    )


def test_nothing_is_no_list() -> None:
    assert lists(report_of()) == {}


def test_notes_of_the_clearing_are_not_repeated_as_assumptions() -> None:
    of = report_of()
    noted = replace(of.procurement.result, notes=("a note", "a note"))
    procured = replace(of.procurement, rounds=(noted,), report=Report(assumptions=("a note", "a guess")))
    assert lists(replace(of, procurement=procured)) == {
        "Notes of the clearing": (Remark("a note"),),
        "Assumed by the procurement": (Remark("a guess"),),
    }


def test_how_intervals_were_cleared_is_told_once_for_each_way() -> None:
    of = report_of()
    ways = ((Rung.FIXING, Decimal(0)), (Rung.FIXING, Decimal(0)), (Rung.FIXING, Decimal(7)), (Rung.TWO_PROGRAMS, None))
    methods = tuple(Method(interval=QUARTER, rung=rung, gap=gap) for rung, gap in ways)
    cleared = replace(of.procurement.result, methods=methods)
    assert lists(replace(of, procurement=replace(of.procurement, rounds=(cleared,)))) == {
        "How the volumes were found": (
            Remark("Search by fixing: proven to be the best", "2 intervals"),
            Remark("Search by fixing: not proven to be the best", "1 interval"),
            Remark(
                "Two linear programs, because a limit ended the search: not proven to be the best",
                "1 interval",
            ),
        )
    }


def test_areas_are_named() -> None:
    of = report_of()
    noted = replace(of.procurement.result, notes=(f"Border of {NORTH.value}",))
    assert lists(replace(of, procurement=replace(of.procurement, rounds=(noted,)))) == {
        "Notes of the clearing": (Remark("Border of North"),)
    }


def test_few_documents_are_named_and_many_are_counted() -> None:
    few = lists(replace(report_of(), documents=documents("x", "x", "y")))
    assert few["Assumed in documents"] == (Remark("x", "0.xml, 1.xml"), Remark("y", "2.xml"))
    many = lists(replace(report_of(), documents=documents(*"xxxx")))
    assert many["Assumed in documents"] == (Remark("x", "4 documents"),)


def test_losses_are_told_too() -> None:
    row = DocumentRow(file="a.xml", verdict=Verdict.ACCEPTED, report=Report(losses=("a colour",)))
    of = report_of()
    of = replace(of, documents=(row,), procurement=replace(of.procurement, report=Report(losses=("a hat",))))
    assert lists(of) == {
        "Lost by the procurement": (Remark("a hat"),),
        "Lost in documents": (Remark("a colour", "a.xml"),),
    }
