"""Records as a table and as JSON: the same cells either way, and nothing of a value is lost."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.cli.shell.tables import Form, Record, show
from gateway.canonical_json import Json
from tests.adapters.cli.commands import Capture


def shown(capture: Capture, records: Sequence[Record], form: Form, columns: Sequence[str] = ()) -> str:
    capture.readouterr()
    show(records, form, columns)
    written = capture.readouterr()
    assert written.err == b""
    return written.out.decode()


def cells(capture: Capture, records: Sequence[Record], columns: Sequence[str] = ()) -> list[list[str]]:
    """Return head and rows of the table; cells of these tests hold single blanks at most."""
    lines = shown(capture, records, Form.TABLE, columns).splitlines()
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]


RECORDS: list[Record] = [
    {"rule": "RB-1", "line": 3, "codes": ["A42", "A51"], "right": True, "note": None},
    {"rule": "RB-22", "line": None, "codes": [], "right": False, "note": "said"},
]


def test_a_table_has_a_head_and_a_row_for_each_record(capsysbinary: Capture) -> None:
    text = shown(capsysbinary, RECORDS, Form.TABLE)
    assert [line.rstrip() for line in text.splitlines()] == [
        "rule   line  codes     right  note",
        "RB-1   3     A42, A51  yes",
        "RB-22                  no     said",
    ]


def test_columns_may_be_chosen_and_put_in_order(capsysbinary: Capture) -> None:
    assert cells(capsysbinary, RECORDS, ["right", "rule"]) == [["right", "rule"], ["yes", "RB-1"], ["no", "RB-22"]]
    assert cells(capsysbinary, RECORDS[:1], ["rule", "unknown"]) == [["rule", "unknown"], ["RB-1"]]


def test_a_column_that_only_a_later_record_has_is_shown(capsysbinary: Capture) -> None:
    assert cells(capsysbinary, [{"a": "1"}, {"b": "2"}]) == [["a", "b"], ["1"], ["2"]]


def test_the_name_of_a_column_is_words(capsysbinary: Capture) -> None:
    assert cells(capsysbinary, [{"start_utc": "x"}])[0] == ["start utc"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (1.5, "1.5"),
        ("", ""),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
        (":smile:", ":smile:"),
        (["a", None, True], "a, , yes"),
        ({"k": "v", "n": [1, 2]}, "k: v, n: 1, 2"),
    ],
    ids=repr,
)
def test_a_value_is_one_cell(capsysbinary: Capture, value: Json, cell: str) -> None:
    lines = shown(capsysbinary, [{"name": value, "end": "|"}], Form.TABLE).splitlines()
    assert lines[1].rstrip().removesuffix("|").strip() == cell


def test_json_holds_the_values_themselves(capsysbinary: Capture) -> None:
    text = shown(capsysbinary, RECORDS, Form.JSON, ["rule"])
    assert json.loads(text) == RECORDS
    assert text.startswith('[\n  {\n    "rule": "RB-1",\n')
    assert text.endswith("\n]\n")


def test_letters_of_all_languages_stay_letters(capsysbinary: Capture) -> None:
    text = shown(capsysbinary, [{"name": "\u00c5s \u2013 \u03a9"}], Form.JSON)
    assert "\u00c5s \u2013 \u03a9" in text
    assert cells(capsysbinary, [{"name": "\u00c5s \u2013 \u03a9"}])[1] == ["\u00c5s \u2013 \u03a9"]


def test_no_records_are_an_empty_list_and_an_empty_table(capsysbinary: Capture) -> None:
    assert shown(capsysbinary, [], Form.JSON) == "[]\n"
    assert shown(capsysbinary, [], Form.TABLE).strip() == ""
    assert cells(capsysbinary, [], ["rule"]) == [["rule"]]


def test_a_long_cell_is_folded_and_not_cut(capsysbinary: Capture) -> None:
    text = shown(capsysbinary, [{"name": "x" * 450}], Form.TABLE)
    assert text.count("x") == 450
    assert max(map(len, text.splitlines())) == 200


words = st.text("abc ABC-123", min_size=1, max_size=8)
records = st.lists(st.dictionaries(words, st.none() | st.booleans() | st.integers() | words, max_size=4), max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # what was written is read anew each time
@given(drawn=records)
def test_any_records_are_read_back_from_json(capsysbinary: Capture, drawn: list[Record]) -> None:
    assert json.loads(shown(capsysbinary, drawn, Form.JSON)) == drawn
