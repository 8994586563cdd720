"""Known deviations of producers: which editions they reach, what they mend, and what they say they did."""

import importlib
import pkgutil

import pytest
from lxml import etree

from gateway.errors import Misconfigured
from profiles import quirks
from profiles.registry import BY_NAMESPACE

NORDIC = "urn:iec62325:ediel:nbm:reservebiddocument:7:2"
NAME = "nbm_inclusive_anywhere"


def bids(*series: str, namespace: str = NORDIC) -> etree._Element:
    """Return a tree with the children of some bids."""
    inner = "".join(f"<Bid_TimeSeries>{one}</Bid_TimeSeries>" for one in series)
    return etree.fromstring(
        f'<ReserveBid_MarketDocument xmlns="{namespace}"><mRID>d</mRID>{inner}</ReserveBid_MarketDocument>'
    )


def order(root: etree._Element) -> list[list[str]]:
    """Return the tags of the children of each bid."""
    return [[etree.QName(child).localname for child in one] for one in root.iterchildren("{*}Bid_TimeSeries")]


WRONG = "<mRID>a</mRID><divisible>A01</divisible><inclusiveBidsIdentification>g</inclusiveBidsIdentification><status/>"
RIGHT = "<mRID>a</mRID><divisible>A01</divisible><status/><inclusiveBidsIdentification>g</inclusiveBidsIdentification>"
MENDED = ["mRID", "divisible", "status", "inclusiveBidsIdentification"]


def test_every_quirk_is_a_module_with_its_parts() -> None:
    found = tuple(sorted(module.name for module in pkgutil.iter_modules(quirks.__path__)))
    assert quirks.names() == found == (NAME,)
    for name in found:
        module = quirks.load(name)
        assert module is importlib.import_module(f"profiles.quirks.{name}")
        assert BY_NAMESPACE.keys() >= module.NAMESPACES
        assert callable(module.repair)


def test_an_unknown_quirk_is_a_fault_of_the_settings() -> None:
    with pytest.raises(Misconfigured) as caught:
        quirks.load("everything_anywhere")
    assert caught.value.args[:3] == ("quirks", f"one of {NAME}", "everything_anywhere")
    with pytest.raises(Misconfigured):
        quirks.repair(bids(WRONG), [NAME, "everything_anywhere"])


def test_an_element_is_moved_to_the_end_of_its_bid() -> None:
    root = bids(WRONG)
    assert quirks.repair(root, [NAME]) == (f"{NAME}: inclusiveBidsIdentification of Bid_TimeSeries[1] moved last",)
    assert order(root) == [MENDED]
    assert root.findtext("{*}Bid_TimeSeries/{*}inclusiveBidsIdentification") == "g"


def test_only_bids_that_need_it_are_mended_and_named_by_their_number() -> None:
    root = bids(RIGHT, "<mRID>b</mRID><status/>", WRONG, WRONG)
    assert quirks.repair(root, [NAME]) == tuple(
        f"{NAME}: inclusiveBidsIdentification of Bid_TimeSeries[{at}] moved last" for at in (3, 4)
    )
    assert order(root) == [MENDED, ["mRID", "status"], MENDED, MENDED]


def test_what_is_mended_needs_no_mending() -> None:
    root = bids(WRONG)
    quirks.repair(root, [NAME])
    assert quirks.repair(root, [NAME]) == ()


@pytest.mark.parametrize(
    "namespace",
    [
        "urn:iec62325.351:tc57wg16:451-7:reservebiddocument:7:2",
        "urn:iec62325.351:tc57wg16:451-7:reservebiddocument:7:4",
        NORDIC + ":",
    ],
)
def test_other_editions_are_left_alone(namespace: str) -> None:
    root = bids(WRONG, namespace=namespace)
    assert quirks.repair(root, [NAME]) == ()
    assert order(root) == [["mRID", "divisible", "inclusiveBidsIdentification", "status"]]


def test_without_a_quirk_nothing_is_mended() -> None:
    root = bids(WRONG)
    assert quirks.repair(root, []) == ()
    assert order(root)[0] != MENDED
