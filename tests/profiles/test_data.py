"""The files in ``tests/data/<document>/<edition>``: good ones are read and mapped, ``.fail`` ones refused as they say."""

import re
from pathlib import Path

import pytest

from gateway.errors import Malformed, Unmappable
from profiles import parse, to_canonical, write
from profiles.registry import DOCUMENTS

DATA = Path(__file__).parents[1] / "data"
FILES = sorted(path for name in DOCUMENTS for path in DATA.glob(f"{name}/*/*.xml"))
GOOD = [path for path in FILES if not path.name.endswith(".fail.xml")]
BAD = [path for path in FILES if path.name.endswith(".fail.xml")]
EXPECTED = re.compile(r"<!-- refused: (?P<rule>\S+) (?P<code>\S+) (?P<path>\S+) -->")


def label(path: Path) -> str:
    return str(path.relative_to(DATA))


@pytest.mark.parametrize("path", GOOD, ids=label)
def test_a_good_file_is_of_its_edition_and_has_a_meaning(path: Path) -> None:
    parsed = parse(path.read_bytes())
    assert parsed.report.clean
    assert parsed.edition.name == path.parent.name
    assert parsed.edition in DOCUMENTS[path.parent.parent.name].EDITIONS
    to_canonical(parsed)
    assert parse(write(parsed.document, parsed.edition)).document == parsed.document


@pytest.mark.parametrize("path", BAD, ids=label)
def test_a_bad_file_is_refused_as_it_says(path: Path) -> None:
    expected = EXPECTED.search(path.read_text("utf-8"))
    assert expected, "a .fail file says what it breaks"
    assert refusal(path.read_bytes()) == expected.groups()


def refusal(data: bytes) -> tuple[str, str, str]:
    """Return rule, code and path of the first thing that is wrong with *data*."""
    try:
        parsed = parse(data)
        if parsed.report.findings:
            finding = parsed.report.findings[0]
            return finding.rule, finding.code, finding.path
        to_canonical(parsed)
    except Malformed as error:
        return error.rule, error.code, error.path
    except Unmappable as error:
        return "MAP", error.code, error.path
    return "", "", ""


@pytest.mark.parametrize(
    "name",
    [
        "acknowledgement",
        "activation",
        "balancing",
        "bid_availability",
        "capacity",
        "reserve_allocation_result",
        "reserve_bid",
    ],
)
def test_every_document_has_a_good_and_a_bad_file(name: str) -> None:
    folders = {path.parent.parent.name for path in GOOD} & {path.parent.parent.name for path in BAD}
    assert name in folders
