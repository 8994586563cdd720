"""Case files are read as data, never run: what they may say, what is reported, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import Malformed
from profiles.grid.matpower import MOST_BYTES, Bus, Cost, read_case

HEAD = "function mpc = small\nmpc.version = '2';\nmpc.baseMVA = 100.0;\n"
BUSES = "mpc.bus = [\n\t1\t3\t0\t0\t0\t0\t1\t1\t0\t110\t1\t1.1\t0.9;\n\t2 1 50 10 0.5 0 1 1 0 110 1 1.1 0.9;\n];\n"
GENERATORS = "mpc.gen = [1 0 0 0 0 1 100 1 80 5];\n"
BRANCHES = "mpc.branch = [1, 2, 1e-2, .1, 0, 60, 0, 0, 0, 0, 1, -30, 30]; % two buses\n"
PLAIN = HEAD + BUSES + GENERATORS + BRANCHES


def refusal(text: str) -> str:
    """Return how *text* is refused."""
    with pytest.raises(Malformed) as refused:
        read_case(text.encode())
    return str(refused.value)


def test_the_columns_of_a_bus() -> None:
    case, report = read_case(PLAIN.encode())

    assert case.base_mva == 100
    second = ("2", "1", "50", "10", "0.5", "0", "1", "1", "0", "110", "1", "1.1", "0.9")
    assert case.buses[1] == Bus(*map(Decimal, second))
    assert (case.generators[0].most_mw, case.generators[0].least_mw) == (Decimal(80), Decimal(5))
    assert (case.branches[0].r_pu, case.branches[0].x_pu) == (Decimal("0.01"), Decimal("0.1"))
    assert report.clean
    assert report.losses == ()


def test_line_ends_comments_and_continued_lines_do_not_matter() -> None:
    dressed = PLAIN.replace("\n", "\r\n").replace("mpc.gen = [", "% mpc.gen = [];\r\nmpc.gen = [ ... the only one\r\n")

    assert read_case(dressed.encode()) == read_case(PLAIN.encode())


def test_more_columns_than_the_format_has_are_results_and_left_out() -> None:
    solved = PLAIN.replace("-30, 30]", "-30, 30, 49.9, 0, -50, 0]")

    assert read_case(solved.encode())[0] == read_case(PLAIN.encode())[0]


def test_costs_are_polynomials_from_the_highest_power_down() -> None:
    text = PLAIN + "mpc.gencost = [2 0 0 3 0.5 14 7];"

    assert read_case(text.encode())[0].costs == (Cost((Decimal(7), Decimal(14), Decimal("0.5"))),)


def test_padding_of_costs_is_left_out() -> None:
    text = PLAIN + "mpc.gencost = [2 0 0 2 14 7 0 0];"

    assert read_case(text.encode())[0].costs == (Cost((Decimal(7), Decimal(14))),)


def test_costs_of_reactive_power_are_reported_as_lost() -> None:
    case, report = read_case((PLAIN + "mpc.gencost = [2 0 0 2 14 7; 2 0 0 1 3];").encode())

    assert len(case.costs) == 1
    assert report.losses == ("costs of reactive power are not read",)


@pytest.mark.parametrize(("rows", "losses"), [(2, 0), (4, 1)])
def test_costs_have_one_row_or_two_for_each_generator(rows: int, losses: int) -> None:
    two = PLAIN.replace("80 5];", "80 5; 2 0 0 0 0 1 100 1 40 0];")
    case, report = read_case((two + f"mpc.gencost = [{'2 0 0 1 3;' * rows}];").encode())
    assert (len(case.costs), len(report.losses)) == (2, losses)


@pytest.mark.parametrize("rows", [1, 3, 5])
def test_costs_of_some_generators_are_refused(rows: int) -> None:
    two = PLAIN.replace("80 5];", "80 5; 2 0 0 0 0 1 100 1 40 0];")
    told = refusal(two + f"mpc.gencost = [{'2 0 0 1 3;' * rows}];")
    assert told.startswith(f"/mpc.gencost: expected 2 or 4 rows, found {rows}")


def test_other_fields_are_reported_as_lost() -> None:
    text = PLAIN + "mpc.areas = [1 4];\nmpc.bus_name = {\n\t'one';\n\t'two';\n};\nmpc.comment = 'a text';"

    assert read_case(text.encode())[1].losses == tuple(
        f"mpc.{name} is not read" for name in ("areas", "bus_name", "comment")
    )


def test_direct_current_lines_are_read() -> None:
    line = "mpc.dcline = [1 2 1 10 9 0 0 1 1 -20 20 0 0 0 0 1 0.05];"

    (found,) = read_case((PLAIN + line).encode())[0].direct_current_lines
    assert (found.most_mw, found.loss_mw, found.loss_share) == (Decimal(20), Decimal(1), Decimal("0.05"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "/mpc.version: expected '2', found None"),
        (PLAIN.replace("'2'", "'1'"), "/mpc.version: expected '2', found '1'"),
        (PLAIN.replace("100.0", "0"), "/mpc.baseMVA: expected a number above 0, found 0"),
        (PLAIN.replace("100.0", "Inf"), "/mpc.baseMVA: expected a number above 0, found Infinity"),
        (HEAD + BUSES + BRANCHES, "/mpc.gen: expected a matrix, found none"),
        (PLAIN.replace(" 0.9;", ";"), "/mpc.bus/row[2]: expected at least 13 columns, found 12"),
        (PLAIN.replace(".1, 0", "NaN, 0"), "/mpc.branch/row[1]: expected a number such as -1.5e-3, found 'NaN'"),
        (PLAIN.replace(".1, 0", "1_0, 0"), "/mpc.branch/row[1]: expected a number such as -1.5e-3, found '1_0'"),
        (PLAIN.replace(".1, 0", "1/3, 0"), "/mpc.branch/row[1]: expected a number such as -1.5e-3, found '1/3'"),
        (PLAIN.replace(".1, 0", "\u0661, 0"), "/mpc.branch/row[1]: expected a number such as -1.5e-3, found '\u0661'"),
        (PLAIN.replace(".1, 0", "1e9999, 0"), "/mpc.branch/row[1]: expected a number such as -1.5e-3, found '1e9999'"),
        (PLAIN + "mpc.gen = [];", "/mpc.gen: expected one assignment, found a second one"),
        (PLAIN + "system('x');", "/: expected an assignment to a field of mpc, found \"system('x');\""),
        (PLAIN + "mpc.bus(1, 3) = 5;", "/: expected an assignment to a field of mpc, found 'mpc.bus(1, 3) = 5;'"),
        (PLAIN + "mpc.areas = [1 2", "/mpc.areas: expected a number, a text, or a matrix of numbers, found '[1 2'"),
        (PLAIN + "mpc.x = zeros(3);", "/mpc.x: expected a number such as -1.5e-3, found 'zeros(3)'"),
        (PLAIN + "mpc.gencost = [1 0 0 2 0 0 1 1];", "/mpc.gencost/row[1]: expected a polynomial cost (model 2)"),
        (PLAIN + "mpc.gencost = [2 0 0 3 1 1];", "/mpc.gencost/row[1]: expected as many coefficients as are announced"),
        (PLAIN + "mpc.gencost = [2 0 0 1.5 1 1];", "/mpc.gencost/row[1]: expected as many coefficients"),
        (PLAIN + "mpc.gencost = [2 0 0 1 1; 2 0 0 1 1; 2 0 0 1 1];", "/mpc.gencost: expected 1 or 2 rows, found 3"),
    ],
)
def test_what_is_no_case_is_refused_with_the_place(text: str, told: str) -> None:
    assert refusal(text).startswith(told)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Malformed, match="a text in UTF-8"):
        read_case(b"mpc.version = '\xff';")


def test_a_file_beyond_the_bound_is_refused() -> None:
    with pytest.raises(Malformed, match=f"at most {MOST_BYTES} bytes"):
        read_case(b" " * (MOST_BYTES + 1))


@given(st.text(alphabet="mpc.bus=[]{}';% \n0123456789.eE+-,", max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(Malformed):
        read_case((HEAD + text).encode())


@given(st.integers(0, len(PLAIN)))
def test_a_file_that_ends_early_is_refused_or_complete(end: int) -> None:
    try:
        case, _ = read_case(PLAIN[:end].encode())
    except Malformed:
        return
    assert case.branches[0].most_angle_deg == 30


@pytest.mark.slow
def test_all_published_files_are_read(reference_data: Path) -> None:
    for path in sorted((reference_data / "clearing/samples/pglib").rglob("*.m")):
        case, report = read_case(path.read_bytes())
        assert len(case.costs) == len(case.generators)
        assert set(report.losses) <= {"mpc.areas is not read"}
